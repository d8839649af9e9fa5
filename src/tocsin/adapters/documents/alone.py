"""Who reads several files, and is about to let a parser in C see one, lets no other file in afterwards.

Such a parser may be taken over by what it parses; then this process could say anything of the files that come after.
"""

from collections.abc import Callable


def _nothing() -> None:
    """Have nothing to shut: this process reads one file anyway, or is not in the sandbox."""


_shut: Callable[[], None] = _nothing


def shut_by(shut: Callable[[], None]) -> None:
    """Name what shuts the way by which another file would come."""
    global _shut  # noqa: PLW0603 - one process, one way in
    _shut = shut


def stay() -> None:
    """Let no other file in, whatever happens from here on."""
    _shut()
