"""Files of this machine: there whole and durably, or as they were before."""

import errno
import os
import re
from pathlib import Path

LONGEST_NAME = 200


def shown_name(given: str) -> str:
    """Give the name of a file as it is kept and shown: no path, no sign that hides others or turns them around.

    U+202E before "gnp.exe" shows it as "exe.png" (Unicode Technical Standard 55). The ending stays, however long the
    name is; nothing is left of a name that is only a path.
    """
    name = "".join(sign for sign in re.split(r"[/\\]", given)[-1] if sign.isprintable()).strip()
    ending = Path(name).suffix[:LONGEST_NAME]
    stem = name.removesuffix(ending)
    return "" if name in {".", ".."} else stem[: LONGEST_NAME - len(ending)] + ending


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, whole or not at all.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make durable which files a directory has.

    Raises:
        OSError: The disk failed.
    """
    try:
        number = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as error:
        # What cannot be synced (some network file systems) or looked into makes a rename as safe as it can.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EACCES}:
            raise
