"""The last step inside the child process that reads mails: what sort each is, and its text unless it is a report.

A child reads several, one after the other, as long as nothing but Python and what all mails take has seen one of them.
Before a page goes to its parser, and before anything more is loaded (a parser of documents, an encoding of many bytes),
the way is shut by which the next mail would come: whatever takes the process over then speaks of its own mail alone.
"""

import codecs
import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any

import msgspec

from tocsin.adapters.collecting import collect_seldom
from tocsin.adapters.documents import alone
from tocsin.adapters.documents.child import answer_with
from tocsin.adapters.documents.forking_child import serve
from tocsin.adapters.documents.limits import SIZE, Limits
from tocsin.adapters.documents.openers import open_document
from tocsin.core import bounces
from tocsin.core.bounces import REPORTS, read_heading

_WARM_UP = 20
# What a child forgets of time and memory by ending, as a share of what one mail may take.
_LEAST_LEFT = 10
MOST_MAILS = 16
"""So many a child reads at most."""
# Tables and no more: a child that meets one of these has loaded no program for it.
_ENCODINGS = "ascii latin-1 cp1250 cp1251 cp1252 cp1254 cp1256 koi8-r koi8-u iso8859-2 iso8859-5 iso8859-6 iso8859-15"
# A mail of our own, with what real ones have: opened once, it loads all that opening others takes.
_OURS = """From: =?utf-8?q?A?= <a@letters.example>
Subject: =?utf-8?b?w6k=?=
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: base64

w6k=
--c
Content-Type: text/html; charset=windows-1251
Content-Transfer-Encoding: quoted-printable

<p>=E9
--c--
--b
Content-Type: text/html; charset=utf-8

<html><body><p>a</p></body></html>
--b--
""".replace("\n", "\r\n").encode()


def main(limits: Limits) -> None:
    """Have children read mails, as often as asked."""
    collect_seldom()
    # Python rewrites code that has run some times: done here, no child has to, and none copies the memory of it.
    for _ in range(_WARM_UP):
        read_heading(_OURS)
        read_mail(_OURS, limits)
    for name in _ENCODINGS.split():
        codecs.lookup(name)
    serve(lambda: _read_several(limits), limits)


def _read_several(limits: Limits) -> None:
    """Read one mail after the other and answer each by two lines, until none comes or the way is shut."""
    way = _Way()
    alone.shut_by(way.shut)
    sys.meta_path.insert(0, _Loading())
    for left in reversed(range(MOST_MAILS)):
        raw = way.take()
        if raw is None:
            return
        if not left:
            way.shut()
        answer_with(lambda given=raw: _read(given, limits), limits)  # type: ignore[misc]
        if _is_spent(limits):
            way.shut()
        sys.stdout.write("\n")
        sys.stdout.flush()


class _Way:
    """Standard input, by which mails come, each behind its length."""

    def __init__(self) -> None:
        self._is_shut = False

    def take(self) -> bytes | None:
        if self._is_shut or len(size := sys.stdin.buffer.read(SIZE.size)) < SIZE.size:
            return None
        return sys.stdin.buffer.read(SIZE.unpack(size)[0])

    def shut(self) -> None:
        if not self._is_shut:
            self._is_shut = True
            os.close(sys.stdin.fileno())


class _Loading(MetaPathFinder):
    """Whatever is loaded beyond what all mails take may have been written in C."""

    def find_spec(self, _name: str, _path: Sequence[str] | None, _target: object = None) -> None:
        alone.stay()


def _is_spent(limits: Limits) -> bool:
    """Tell whether too little is left of what a mail may take."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return time.process_time() * _LEAST_LEFT > limits.cpu_seconds or memory * 4 > limits.memory_bytes


def _read(raw: bytes, limits: Limits) -> dict[str, Any]:
    """Say what the head says before anything is opened: a file that takes this process over changes no word of it."""
    head: object = ()
    try:
        head = read_heading(raw)
    finally:
        sys.stdout.write(json.dumps(head) + "\n")
        sys.stdout.flush()
    return read_mail(raw, limits)


def read_mail(raw: bytes, limits: Limits) -> dict[str, Any]:
    """Say of a mail what the parent is told.

    Raises:
        BadInput: It cannot be taken.
    """
    returned = bounces.read(raw)
    told: dict[str, Any] = {"returned": msgspec.to_builtins(returned)}
    # What mail servers report is told by its form; nobody opens a hundred thousand of them for their words.
    if returned.sort in REPORTS:
        return told
    opened: dict[str, Any] = msgspec.to_builtins(open_document("eml", raw, limits, may_be_empty=True))
    return told | opened
