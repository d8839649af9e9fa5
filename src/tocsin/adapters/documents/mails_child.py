"""The last step inside the child process that reads one mail: what sort it is, and its text unless it is a report."""

import json
import sys
from typing import Any

import msgspec

from tocsin.adapters.collecting import collect_seldom
from tocsin.adapters.documents.child import answer_with
from tocsin.adapters.documents.forking_child import serve
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.openers import open_document
from tocsin.core import bounces
from tocsin.core.bounces import REPORTS, read_heading

_WARM_UP = 20
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
    """Read a mail in a child of its own, as often as asked."""
    collect_seldom()
    # Python rewrites code that has run some times: done here, no child has to, and none copies the memory of it.
    for _ in range(_WARM_UP):
        read_heading(_OURS)
        read_mail(_OURS, limits)
    serve(lambda: answer_with(lambda: _read(sys.stdin.buffer.read(), limits), limits), limits)


def _read(raw: bytes, limits: Limits) -> dict[str, Any]:
    """Say what the head says before anything is opened: a file that takes this process over changes no word of it."""
    sys.stdout.write(json.dumps(read_heading(raw)) + "\n")
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
