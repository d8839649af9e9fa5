"""The last step inside the child process that reads a report: open it, read it, answer in JSON on standard output.

Strangers' text goes through openers and grammars here, in a process without keys, network or files, and not in the one
that holds the opened keys of people who have signed in.
"""

import json
import select
import sys
from dataclasses import asdict
from typing import Any

from tocsin.adapters.collecting import collect_seldom
from tocsin.adapters.documents.child import answer_with
from tocsin.adapters.documents.formats import check_name, sniff
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.openers import open_document, open_text
from tocsin.core import reader
from tocsin.core.appeal import to_json

# Enough to load the words of each language that is read well.
_EACH_LANGUAGE = (
    "The police arrested the defender on 3 May 2021 and beat her.",
    "La police a arrêté la défenseure le 3 mai 2021 et l'a frappée.",
    "La policía detuvo a la defensora el 3 de mayo de 2021 y la golpeó.",
)


def main(limits: Limits) -> None:
    """Answer with what a report says, or with the error that says why it could not be read.

    The first line of the input is the extension of the file's name as JSON, all behind it the file.
    """
    collect_seldom()
    answer_with(lambda: _answer(limits), limits)


def _answer(limits: Limits) -> dict[str, Any]:
    for line in _EACH_LANGUAGE:
        if not select.select([sys.stdin.buffer], [], [], 0)[0]:
            reader.read(line)
    extension, _, written = sys.stdin.buffer.read().partition(b"\n")
    return _read(written, json.loads(extension), limits)


def _read(written: bytes, extension: str, limits: Limits) -> dict[str, Any]:
    kind = sniff(written, extension)
    check_name(kind, extension)
    opened = open_text(written, limits) if kind == "text" else open_document(kind, written, limits)
    documents = [to_json(each.document, indent=None) for each in reader.read(opened.text)]
    return {**asdict(opened), "text": "", "documents": documents}
