"""What a command is given: files of any kind we open, or standard input, each as text."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from tocsin.adapters.documents import LIMITS, Format, Sandboxes, extract_path, extract_stream
from tocsin.cli.terminal import one_line
from tocsin.core.appeal import AppealDocument, from_json
from tocsin.core.errors import MissingInput, TooLarge, UndecodableInput

if TYPE_CHECKING:
    from tocsin.core.records import Case

_MANY = 3
_DAY = "%Y-%m-%d"
_LARGEST_CASE = 10_000_000


@dataclass(frozen=True, slots=True)
class Input:
    """One file: its name (`-` is standard input), its text, and its kind.

    `unread` names what in it was not read, `pictures` what of that is pictures.
    """

    name: str
    text: str
    format: Format
    unread: tuple[str, ...] = ()
    pictures: frozenset[str] = frozenset()


class _Time(click.DateTime):
    """A day, or a time of one; a mistake is said in the words of people, not in those of the formats."""

    def __init__(self, formats: Sequence[str], mistake: str) -> None:
        super().__init__(formats)
        self._mistake = mistake

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the time, which of a day alone is its midnight."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{str(value)!r} is {self._mistake}", param, ctx)


DAY = _Time([_DAY], "no day (a day looks like 2021-06-08)")
"""The type of an option that names a day."""
TIME = _Time([_DAY, f"{_DAY}T%H:%M"], "no time (a time looks like 2021-06-08T07:30, or 2021-06-08)")
"""The type of an option that names a time, or a day for its midnight."""


def read_inputs(names: Sequence[str]) -> Iterator[Input]:
    """Open the files one after the other; many of them show progress on a terminal.

    Warnings of the opener go to standard error.

    Raises:
        BadInput: A file cannot be taken; the message names it.
    """
    showing = len(names) > _MANY and sys.stderr.isatty()
    with (
        Sandboxes(LIMITS) as sandboxes,
        click.progressbar(names, file=sys.stderr, hidden=not showing, label="Reading") as bar,
    ):
        for name in bar:
            found = (
                extract_stream(sys.stdin.buffer, name="standard input", sandboxes=sandboxes)
                if name == "-"
                else extract_path(Path(name), sandboxes=sandboxes)
            )
            for warning in found.warnings:
                click.echo(f"tocsin: {one_line(name)}: {one_line(warning)}", err=True)
            yield Input(name, found.text, found.format, found.unread, found.pictures)


def documents_of(source: Input) -> list[AppealDocument]:
    """Take the documents of a JSON file: one object, or the array that `tocsin read` prints for several.

    Raises:
        BadDocument: It holds something else.
    """
    return [from_json(text, where=source.name) for text in _objects(source.text)]


def read_table(path: str, *, largest: int, what: str) -> str:
    """Read a table of our own, a text file or standard input for `-`; it is read here and not in the child process.

    Args:
        path: The file.
        largest: How many bytes are taken at most.
        what: What it should be, for messages.

    Raises:
        MissingInput: No such file, or not readable.
        TooLarge: It is larger.
        UndecodableInput: Not UTF-8.
    """
    try:
        written = sys.stdin.buffer.read(largest + 1) if path == "-" else _read_some(Path(path), largest + 1)
    except OSError as error:
        raise MissingInput("cannot be read", where=path, hint=error.strerror) from error
    if len(written) > largest:
        raise TooLarge(f"more than {largest // 1_000_000} MB for {what}", where=path)
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UndecodableInput("not UTF-8", where=path) from error


def read_case(path: str) -> "Case":
    """Read a case, YAML or JSON, from a file or from standard input for `-`.

    Raises:
        MissingInput, TooLarge, UndecodableInput: It cannot be taken.
        BadCase: It is no case, or one that contradicts itself; the message names the record.
    """
    from tocsin.core.records import from_json as case_from_json  # noqa: PLC0415 - most commands know no case
    from tocsin.core.records import from_yaml  # noqa: PLC0415

    text = read_table(path, largest=_LARGEST_CASE, what="a case")
    return case_from_json(text, where=path) if text.lstrip().startswith("{") else from_yaml(text, where=path)


def _read_some(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _objects(text: str) -> Sequence[str | bytes]:
    """Split an array; what is no array is left to `from_json` to judge."""
    if not text.lstrip().startswith("["):
        return [text]
    try:
        return [bytes(item) for item in msgspec.json.decode(text, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, RecursionError):
        return [text]
