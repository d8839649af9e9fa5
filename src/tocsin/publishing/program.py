"""Which program this is: another version may write another page or file of the same appeal."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

# What sets a page and is no file of ours; the faces are, or come with it.
_TYPESETTER = "typst"


@cache
def digest() -> str:
    """Give the digest of all files of this program, and of which typesetter it uses."""
    found = sha256(version(_TYPESETTER).encode())
    for path, each in sorted(_walked(files("tocsin"), "")):
        found.update(path.encode() + b"\0" + each.read_bytes())
    return found.hexdigest()


def _walked(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found = []
    for each in folder.iterdir():
        if each.is_file() and not each.name.endswith(".pyc"):
            found.append((f"{path}/{each.name}", each))
        elif each.is_dir():
            found += _walked(each, f"{path}/{each.name}")
    return found
