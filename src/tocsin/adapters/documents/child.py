"""The last step inside the child process: open what stands on standard input, answer in JSON on standard output."""

import json
import sys
from dataclasses import asdict
from typing import Any

from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.opened import Format
from tocsin.adapters.documents.openers import open_document
from tocsin.core.errors import BadInput, RefusedFile


def main(kind: Format, limits: Limits) -> None:
    """Answer with the opened document, or with the error that says why not."""
    answer: dict[str, Any]
    try:
        answer = asdict(open_document(kind, sys.stdin.buffer.read(), limits))
    except BadInput as error:
        answer = {"code": error.code, "what": error.what, "hint": error.hint}
    except MemoryError:
        what = f"opening it took more than {limits.memory_bytes // 1024**2} MB of memory"
        answer = {"code": RefusedFile.code, "what": what, "hint": None}
    except RecursionError:
        answer = {"code": RefusedFile.code, "what": "it is nested too deeply", "hint": None}
    json.dump(answer, sys.stdout)
