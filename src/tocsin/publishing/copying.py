"""The whole public site as files: for a disk, a mirror, an onion host, or a server that runs no program of ours.

What a copy was made of is kept in it, part by part, with a seal that only this site can make: the next one takes over
what is still made of the same and was not touched meanwhile, and makes the rest, on several cores.
"""

import fcntl
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connections
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac

from tocsin.core.errors import BadOutput
from tocsin.publishing import pages, parts
from tocsin.publishing.answers import Answer
from tocsin.publishing.parts import Part

_MARK: Final = "tocsin-public-site.txt"
_MARKED: Final = b"A copy of a public site, made by Tocsin. The next copy takes the place of this folder.\n"
_LIST: Final = "tocsin-copy.json"
_SCHEMA: Final = "tocsin/copy/2"
# So many parts a process takes at once: what stands near in the lists is read once for all of them.
_SHARE: Final = 240


class Copied(NamedTuple):
    """What a copy holds: how many appeals and files, and how many of the files were made anew."""

    appeals: int
    files: int
    anew: int


@dataclass(frozen=True, slots=True)
class _Before:
    """The copy that is there: by the key of each part, what it was made of, and its files with their digests."""

    folder: str
    parts: dict[str, tuple[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class _Done:
    key: str
    source: str | None
    files: dict[str, str]
    anew: int


@dataclass(frozen=True, slots=True)
class _Work:
    folder: str
    before: _Before
    parts: list[Part]


def copy_to(
    folder: Path, forms: Collection[str] = pages.FORMS, *, now: datetime, jobs: int = 1, whole: bool = False
) -> Copied:
    """Write the whole site into a folder, in the place of the copy that was there; whole, or the old one stays.

    Args:
        folder: Where.
        forms: Which files each edition has beside its page.
        now: What is shown at this time.
        jobs: How many processes make files.
        whole: Take nothing over from the copy that is there, and no file that is kept finished.

    Raises:
        BadOutput: The folder holds something else, or cannot be written.
    """
    fresh, old = (folder.with_name(f".{folder.name}.{name}") for name in ("new", "old"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not folder.exists() and old.exists():
                # One that was killed between its two last steps had moved it away.
                old.rename(folder)
            if folder.exists() and not _may_be_replaced(folder):
                raise BadOutput(
                    "this folder holds something else", where=folder.name, hint="name a new or empty folder"
                )
            for each in (fresh, old):
                shutil.rmtree(each, ignore_errors=True)
            copied = _write(fresh, folder, forms, now, jobs, whole=whole)
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise BadOutput("cannot be written", where=folder.name, hint=error.strerror) from error
    except BrokenExecutor as error:
        raise BadOutput(
            "a process that made files was ended", where=folder.name, hint="is there memory left?"
        ) from error
    return copied


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else copy into the same place meanwhile: an hour may be too short for a copy of each hour."""
    held = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadOutput("another copy is being written here", where=folder.name, hint="wait for its end") from error
        yield
    finally:
        os.close(held)


def _write(fresh: Path, folder: Path, forms: Collection[str], now: datetime, jobs: int, *, whole: bool) -> Copied:
    fresh.mkdir()
    (fresh / _MARK).write_bytes(_MARKED)
    stamp = parts.stamp(forms)
    before = _Before(str(folder), {}) if whole else _read(folder, stamp)
    site = parts.parts_of(forms, now=now, anew=whole)
    work = _Work(str(fresh), before, site.parts)
    done = list(_in_processes(work, jobs) if jobs > 1 else _make(work, 0, len(site.parts)))
    listed = {each.key: [each.source, each.files] for each in done if each.source}
    content = {"schema": _SCHEMA, "stamp": stamp, "parts": listed}
    (fresh / _LIST).write_text(_written({"seal": _seal(content), **content}), "utf-8")
    os.sync()
    return Copied(site.appeals, sum(len(each.files) for each in done), sum(each.anew for each in done))


def _in_processes(work: _Work, jobs: int) -> Iterator[_Done]:
    """Let several processes make shares of the parts; each opens databases of its own.

    Nothing may have been typeset before: a fork has none of the compiler's threads, and would wait for them for ever.
    """
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, forked, initializer=_take_up, initargs=(work,)) as pool:
        for share in pool.map(_share, range(0, len(work.parts), _SHARE)):
            yield from share


_taken_up: _Work


def _take_up(work: _Work) -> None:
    global _taken_up  # noqa: PLW0603 - what a process is forked with need not be sent to it
    _taken_up = work


def _share(start: int) -> list[_Done]:
    return list(_make(_taken_up, start, start + _SHARE))


def _make(work: _Work, start: int, end: int) -> Iterator[_Done]:
    put = partial(_put, work.folder, set())

    def write(name: str, content: bytes) -> str:
        put(name, content)
        return _digest(content)

    for part in work.parts[start:end]:
        kept = _kept(part, work.before, put)
        if kept is not None:
            yield _Done(part.key, part.source, kept, 0)
            continue
        made = ((name, _made(make)) for name, make in part.files())
        files = {name: write(name, content) for name, content in made if content is not None}
        yield _Done(part.key, part.source, files, len(files))


def _made(make: Callable[[], Answer]) -> bytes | None:
    """Make a file; what a row leads to that nobody signed is on no page, and on none of a copy either."""
    try:
        return make().body
    except Http404:
        return None


def _kept(part: Part, before: _Before, put: Callable[[str, bytes], None]) -> dict[str, str] | None:
    """Take over the files of a part, if they are made of the same and are as they were left."""
    source, files = before.parts.get(part.key, (None, {}))
    if source is None or source != part.source:
        return None
    try:
        contents = {name: Path(before.folder, name).read_bytes() for name in files}
    except OSError:
        return None
    if any(_digest(content) != files[name] for name, content in contents.items()):
        return None
    for name, content in contents.items():
        put(name, content)
    return files


def _put(folder: str, made: set[str], name: str, content: bytes) -> None:
    path = f"{folder}/{name}"
    parent = path.rpartition("/")[0]
    if parent not in made:
        os.makedirs(parent, exist_ok=True)  # noqa: PTH103 - a hundred thousand files, and a third of the time
        made.add(parent)
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123
        file.write(content)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":"))


def _seal(content: dict[str, Any]) -> str:
    """Seal a list, so that who can write into a copy cannot say what belongs there."""
    return salted_hmac("tocsin.publishing.copying", _written(content), algorithm="sha256").hexdigest()


def _read(folder: Path, stamp: str) -> _Before:
    """Read what the copy that is there was made of; nothing is taken over unless this site wrote that, and says so."""
    nothing = _Before(str(folder), {})
    try:
        content: Any = json.loads((folder / _LIST).read_bytes())
        seal = str(content.pop("seal"))
        if not constant_time_compare(seal, _seal(content)) or content["schema"] != _SCHEMA or content["stamp"] != stamp:
            return nothing
        return _Before(
            str(folder), {str(key): (str(source), dict(files)) for key, (source, files) in content["parts"].items()}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return nothing


def _may_be_replaced(folder: Path) -> bool:
    return folder.is_dir() and ((folder / _MARK).is_file() or not any(folder.iterdir()))
