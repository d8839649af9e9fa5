"""What a command writes: a file is there whole, or as it was before."""

import os
from pathlib import Path

from tocsin.core.errors import BadOutput


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all; its folder is made where missing.

    Raises:
        BadOutput: It cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BadOutput("cannot be written", where=str(path), hint=error.strerror) from error
    return path
