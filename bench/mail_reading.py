"""How many mails a second one core takes in: kept, opened, told what they are, parsed, matched, written.

Usage: `python bench/mail_reading.py [--mails N] [--codes N]`. Every mail of `tests/mailbox` is read again and again in the
sandbox, as the inbox does it, and matched against that many published codes. Times are seconds of the processor, of
this process and of all in the sandbox (read in /proc, since bubblewrap does not tell what its children spent). Sealing
and opening are measured beside them, and what the same mails cost without any sandbox. What a database takes is the
business of `tests/faults`. Exit code 1 below the figure that is wanted.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nacl.public import PrivateKey

from tocsin.adapters.documents import Limits, MailReader, ReadMail, sandbox
from tocsin.adapters.documents.mails_child import read_mail
from tocsin.core.codes import Code, Entry, Registry
from tocsin.core.matching import match
from tocsin.vault import letters

ROOT = Path(__file__).resolve().parent.parent
WANTED = 150
"""Mails a second on one core, parsed and matched through the sandbox."""
_LIMITS = Limits(cpu_seconds=5, wall_seconds=60)
_TICKS = os.sysconf("SC_CLK_TCK")


def load_mails(least: int) -> list[bytes]:
    """Give mails, those of the mailbox again and again until there are enough; each says that it was delivered."""
    files = sorted((ROOT / "tests/mailbox").glob("*.eml")) + sorted((ROOT / "tests/mailbox/bounces").glob("*.eml"))
    mails = [b"Return-Path: <group@letters.example>\r\n" + each.read_bytes() for each in files]
    return (mails * (least // len(mails) + 1))[:least]


def registry_of(codes: int) -> Registry:
    """Publish appeals under so many codes."""
    return Registry(
        [
            Entry(Code("OBS", "XZV", 1 + number % 900, 1 + number % 12, 2001 + number // 1000, 1 + number % 1000))
            for number in range(codes)
        ]
    )


def spent_by(process: int) -> float:
    """Give the seconds of the processor that a process and all below it have spent, those that ended included."""
    rows: dict[int, tuple[int, int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            rows[int(folder.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    family = {process}
    while more := {one for one, (parent, _) in rows.items() if parent in family} - family:
        family |= more
    return sum(rows[one][1] for one in family if one in rows) / _TICKS


def _timed(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun
