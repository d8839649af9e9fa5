"""The last step inside the child process: open what stands on standard input, answer in JSON on standard output."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any

from tocsin.adapters.documents.forking_child import serve
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Format
from tocsin.adapters.documents.openers import load, open_document
from tocsin.core.errors import BadInput, RefusedFile


def main(kind: Format, limits: Limits) -> None:
    """Answer with the opened document, or with the error that says why not."""
    answer_with(lambda: asdict(open_document(kind, sys.stdin.buffer.read(), limits)), limits)


def open_many(kind: Format, limits: Limits) -> None:
    """Answer so for one file after the other, each in a child of its own."""
    load(kind)
    serve(lambda: main(kind, limits), limits)


def answer_with(work: Callable[[], dict[str, Any]], limits: Limits) -> None:
    """Answer with what the work gives, or with the error that says why it gives nothing."""
    sys.excepthook = _confess
    try:
        # Written in one go: `json.dump` takes the encoder that is written in Python.
        answer = json.dumps(work())
    except BadInput as error:
        answer = json.dumps({"code": error.code, "what": error.what, "hint": error.hint})
    except MemoryError:
        answer = _refuse(f"opening it took more than {limits.memory_bytes // 1024**2} MB of memory")
    except RecursionError:
        answer = _refuse("it is nested too deeply")
    sys.stdout.write(answer)


def _refuse(what: str, hint: str | None = None) -> str:
    return json.dumps({"code": RefusedFile.code, "what": what, "hint": hint})


def _confess(kind: type[BaseException], _error: BaseException, _trace: TracebackType | None) -> None:
    """Answer with no more than the class of an error that nobody foresaw: its message may quote the file."""
    sys.stdout.write(_refuse(f"the program that opens it fell over it ({kind.__name__})", "the file may be an attack"))
    sys.stdout.flush()
    os._exit(0)
