"""Room on the disk that is kept back, so that on a full one the journal can still be told what was done."""

import os
import shutil
from pathlib import Path

BYTES = 8 * 1024 * 1024
_LITTLE = 2 * 1024 * 1024
_PLENTY = 4 * BYTES


def keep(directory: Path) -> None:
    """Keep room back, unless it is kept already or the disk has little of it."""
    path = directory / "ballast"
    if path.exists() or shutil.disk_usage(directory).free < _PLENTY:
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0) as file:
        # Written, not only claimed, and nothing that a file system could press together.
        for _ in range(BYTES >> 20):
            file.write(os.urandom(1 << 20))
        os.fsync(file.fileno())


def is_kept(directory: Path) -> bool:
    """Tell whether room is kept back."""
    return (directory / "ballast").exists()


def free_if_full(directory: Path) -> bool:
    """Give the room back where the disk is full; tell whether there was any."""
    path = directory / "ballast"
    if not path.exists() or shutil.disk_usage(directory).free >= _LITTLE:
        return False
    path.unlink()
    return True
