"""What is made when Tocsin is packed: the compiled catalogues of the desk's pages, and the list of its parts.

Two builds of the same files are the same bytes, so that anybody can build a release again and compare. The list is one
of CycloneDX 1.6, made of the pinned requirements; it lies in `sboms/` of the package's metadata (PEP 770).
"""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = "src/tocsin/config/locale"
PINS, PARTS = "requirements/run.txt", "tocsin.cdx.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")
# Without one of its own a catalogue says when it was compiled.
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)


class Packing(BuildHookInterface[Any]):
    """Writes a `.mo` beside each `.po`, and has it packed although it is not kept in the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Compile them, and list the parts, before anything is packed."""
        for path in Path(self.root, LOCALE).glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as written, path.with_suffix(".mo").open("wb") as compiled:
                catalogue = read_po(written)
                catalogue.creation_date = _NO_TIME
                write_mo(compiled, catalogue)
        build_data["artifacts"].append(f"{LOCALE}/*/LC_MESSAGES/*.mo")
        if self.target_name == "wheel":
            self._folder = TemporaryDirectory()
            path = Path(self._folder.name, PARTS)
            path.write_text(list_parts(Path(self.root), self.metadata.version), "utf-8")
            build_data["sbom_files"].append(str(path))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the same
        """Leave nothing behind."""
        if self.target_name == "wheel":
            self._folder.cleanup()


def list_parts(root: Path, version: str) -> str:
    """List what is installed with the program, each with the hashes of the files that are taken for it."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    pins = (root / PINS).read_text("utf-8").replace("\\\n", " ").splitlines()
    found = [(match, row) for row in pins if (match := _PIN.match(row))]
    parts = {_name(match[1]): _part(_name(match[1]), match[2], row) for match, row in found}
    asked = {_name(re.split(r"[\[<>=~! ;]", each)[0]) for each in project["dependencies"]}
    own = f"pkg:pypi/{project['name']}@{version}"
    whole = {"type": "application", "bom-ref": own, "name": project["name"], "version": version, "purl": own}
    listed = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": whole | {"licenses": [{"license": {"id": project["license"]}}]}},
        "components": [parts[name] for name in sorted(parts)],
        "dependencies": [{"ref": own, "dependsOn": sorted(parts[name]["bom-ref"] for name in asked)}],
        # Who asks for which of the others is not said by the pins.
        "compositions": [{"aggregate": "incomplete", "dependencies": [own]}],
    }
    return json.dumps(listed, indent=1) + "\n"


def _name(written: str) -> str:
    """Give the name of a package in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", written).lower()


def _part(name: str, version: str, row: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    hashes = [{"alg": "SHA-256", "content": each} for each in re.findall(r"--hash=sha256:([0-9a-f]{64})", row)]
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}
