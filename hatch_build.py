"""Compiles the catalogues of the desk's pages when Tocsin is installed or packed; gettext's own tools are not needed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = "src/tocsin/config/locale"


class Catalogues(BuildHookInterface[Any]):
    """Writes a `.mo` beside each `.po`, and has it packed although it is not kept in the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Compile them before anything is packed."""
        for path in Path(self.root, LOCALE).glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as written, path.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(written))
        build_data["artifacts"].append(f"{LOCALE}/*/LC_MESSAGES/*.mo")
