"""The files of an archive, each opened and read: what it holds, or why it could not be opened."""

import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tocsin.adapters.documents import LIMITS, Sandboxes, extract
from tocsin.core.archive import Found, find_in
from tocsin.core.codes import OBSERVATORY, Scheme
from tocsin.core.errors import BadInput, MissingInput


@dataclass(frozen=True)
class Opened:
    """One file: its documents, or why there are none.

    Attributes:
        name: Its name as it was given, or below the folder that was.
        digest: SHA-256 of its bytes; empty where it could not be read.
        found: Its documents.
        problem: In one line, why it holds none.
    """

    name: str
    digest: str
    found: tuple[Found, ...] = ()
    problem: str = ""


def files_of(given: Iterable[Path]) -> list[Path]:
    """List the files that were named and those in the folders that were, each once, in the order of their names.

    Raises:
        MissingInput: There is no such file or folder.
    """
    files: dict[Path, None] = {}
    for path in given:
        if not path.exists():
            raise MissingInput("there is no such file or folder", where=str(path))
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        files.update(dict.fromkeys(inside))
    return list(files)


def open_all(files: Iterable[Path], scheme: Scheme = OBSERVATORY) -> Iterator[Opened]:
    """Open and read files by the codes of a scheme, in their order; several at once, each thread with its sandboxes."""
    of_thread = threading.local()
    with ExitStack() as stack:

        def begin() -> None:
            of_thread.sandboxes = stack.enter_context(Sandboxes(LIMITS))

        with ThreadPoolExecutor(os.cpu_count() or 1, initializer=begin) as pool:
            yield from pool.map(lambda path: _open(path, scheme, of_thread.sandboxes), files)


def _open(path: Path, scheme: Scheme, sandboxes: Sandboxes) -> Opened:
    name, digest = str(path), ""
    try:
        with path.open("rb") as stream:
            written = stream.read(LIMITS.input_bytes + 1)
        digest = sha256(written).hexdigest()
        opened = extract(written, name=name, sandboxes=sandboxes)
    except BadInput as error:
        return Opened(name, digest, problem=": ".join(filter(None, (error.what, error.hint))))
    except OSError as error:
        return Opened(name, digest, problem=f"cannot be read: {error.strerror}")
    if opened.format == "json":
        return Opened(name, digest, problem="this is JSON: give the file that it was read from")
    found = find_in(opened.text, file=name, digest=digest, scheme=scheme)
    return Opened(name, digest, found, "" if found else "there is no text in it")
