"""Files of this machine: there whole and durably, or as they were before."""

import errno
import os
from pathlib import Path


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
