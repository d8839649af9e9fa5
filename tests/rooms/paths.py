"""The path that a request takes through the program: every function called, every statement sent, every stretching.

Two requests that take the same path do the same work, whatever the machine is busy with; a clock cannot show that.
"""

import gc
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as File
from types import FrameType
from typing import Any
from unittest.mock import patch

import argon2
import nacl
from django.db import connections

import tocsin
from tocsin.vault import secrets

# What stands in a statement for itself: ids in a list of values, and names of savepoints.
_OWN = re.compile(r"'[^']*'|\b[0-9a-f]{32}\b|\bs\d+_x\d+\b")

# By the directory of each, since that of the whole repository may be called `tocsin`, too.
_WATCHED = tuple(f"{File(each.__file__).parent}/" for each in (tocsin, nacl, argon2))


@dataclass
class Path:
    """What was done, in order."""

    calls: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    stretched: list[object] = field(default_factory=list)

    def first_difference(self, other: "Path") -> str:
        """Say where two paths part; nothing where they do not."""
        for ours, theirs in ((self.statements, other.statements), (self.stretched, other.stretched)):
            if ours != theirs:
                return f"{ours} is not {theirs}"
        if self.calls == other.calls:
            return ""
        at = next((at for at, pair in enumerate(zip(self.calls, other.calls, strict=False)) if pair[0] != pair[1]), -1)
        before = max(0, at - 3)
        return f"call {at}: {self.calls[before : at + 3]} is not {other.calls[before : at + 3]}"


@cache
def _short(path: str) -> str:
    """Give the name of a file whose calls are written down; those of other programs have none here."""
    return path.rpartition("/")[2] if path.startswith(_WATCHED) else ""


@contextmanager
def recorded() -> Iterator[Path]:
    """Write down the path of what is done inside: calls in Tocsin and cryptography, statements, stretchings."""
    path = Path()

    def called(frame: FrameType, _event: str, _of: object) -> None:
        # By its file, since a code's own hash is counted anew for each call, of which one request makes thousands.
        if file := _short(frame.f_code.co_filename):
            path.calls.append(f"{file} {frame.f_code.co_qualname}")

    def sent(execute: Callable[..., Any], sql: str, params: object, many: bool, context: Any) -> Any:
        path.statements.append(f"{context['connection'].alias}: {_OWN.sub('…', sql)}")
        return execute(sql, params, many, context)

    def stretched(passphrase: str, salt: bytes, cost: secrets.Cost) -> bytes:
        path.stretched.append(cost)
        return stretch(passphrase, salt, cost)

    stretch = secrets.stretch
    with ExitStack() as stack:
        for alias in ("default", "keys"):
            stack.enter_context(connections[alias].execute_wrapper(sent))
        stack.enter_context(patch.object(secrets, "stretch", stretched))
        # What earlier tests left half done (a page that nobody read to its end) is ended by the collector, whenever it
        # runs: those calls are no part of this path.
        if gc.isenabled():
            gc.disable()
            stack.callback(gc.enable)
        # A tracer that gives none back is asked once a call; a profiler would hear of every return and built-in too.
        stack.callback(sys.settrace, sys.gettrace())
        sys.settrace(called)
        yield path
