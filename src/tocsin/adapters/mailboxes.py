"""Mails out of files: one to a file, many in one (mbox, RFC 4155), or a directory of them (maildir)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from tocsin.core.errors import MissingInput

_LONGEST_LINE: Final = 1 << 20
_MAILDIR: Final = ("new", "cur")


def read_mails(path: Path, *, most: int) -> Iterator[bytes]:
    """Give the mails of a file or directory, one after the other; of each the first `most` bytes.

    Raises:
        MissingInput: It cannot be read.
    """
    try:
        if path.is_dir():
            folders = [path / name for name in _MAILDIR if (path / name).is_dir()] or [path]
            for file in sorted(each for folder in folders for each in folder.iterdir() if each.is_file()):
                with file.open("rb") as opened:
                    yield opened.read(most)
        else:
            with path.open("rb") as opened:
                yield from part_mails(opened, most=most)
    except OSError as error:
        raise MissingInput("cannot be read", where=os.fspath(path), hint=error.strerror) from error


def part_mails(stream: IO[bytes], *, most: int) -> Iterator[bytes]:
    """Give the mails of a stream: several if it begins as an mbox does, else one."""
    first = stream.readline(_LONGEST_LINE)
    if not first.startswith(b"From "):
        yield first + stream.read(max(0, most - len(first)))
        return
    lines: list[bytes] = []
    size, after_empty = 0, False
    for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
        if after_empty and line.startswith(b"From "):
            yield b"".join(lines)
            lines, size = [], 0
        elif size < most:
            lines.append(line[1:] if line.startswith(b">From ") else line)
            size += len(line)
        after_empty = line in (b"\n", b"\r\n")
    yield b"".join(lines)
