"""How many mails a second one core takes in: kept, opened, told what they are, parsed, matched, written.

Usage: `python bench/mail_reading.py [--mails N] [--codes N]`. Every mail of `tests/mailbox` is read again and again
in the sandbox, as the inbox does it, and matched against that many published codes. Times are of the processor, of this
process and of all in the sandbox (read in /proc, since bubblewrap does not tell what its children spent). Sealing
and opening are measured beside them, and what the same mails cost without any sandbox. What a database takes is the
business of `tests/faults`. Exit code 1 below the figure that is wanted.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ["DJANGO_SETTINGS_MODULE"] = "desk_settings"

import django

django.setup()

from tocsin.adapters.documents import Limits, sandbox
from tocsin.adapters.documents.mails import MailReader, ReadMail
from tocsin.adapters.documents.mails_child import read_mail
from tocsin.core.codes import Code, Entry, Registry
from tocsin.core.matching import match
from tocsin.vault import letters

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
    return Registry([Entry(_code(number)) for number in range(codes)])


def _code(number: int) -> Code:
    return Code(
        country="XZV",
        country_number=1 + number % 900,
        month=1 + number % 12,
        year=2001 + number // 900,
        series="OBS",
        number=1 + number % 900,
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


@dataclass(frozen=True, slots=True)
class Cost:
    """What taking in one mail costs, in milliseconds of the processor.

    Attributes:
        begun: Of starting the sandbox, once for all mails.
        ours: Of handing a mail over and taking the answer.
        theirs: Of all inside the sandbox.
        matched: Of matching.
    """

    begun: float
    ours: float
    theirs: float
    matched: float

    @property
    def per_second(self) -> float:
        """How many mails one core reads and matches in a second."""
        return 1000 / (self.ours + self.theirs + self.matched)


def measure(mails: Sequence[bytes], registry: Registry) -> Cost:
    """Read mails in one sandbox and match them."""
    found: list[ReadMail] = []
    with MailReader(_LIMITS) as reader:
        reader.read(mails[0])
        child = reader.process
        begun = spent_by(child)
        ours = _seconds(lambda: found.extend(reader.read(each) for each in mails))
        theirs = spent_by(child) - begun
    texts = [each.opened.text for each in found if each.opened]
    matched = _seconds(lambda: [match(text, registry) for text in texts])
    return Cost(begun * 1000, *(1000 * each / len(mails) for each in (ours, theirs, matched)))


def beside(mails: Sequence[bytes]) -> dict[str, float]:
    """Measure, in milliseconds a mail, what is no part of the figure: keys, and the same work without a sandbox."""
    secret, public = letters.draw_letter_key()
    bound = UUID(int=1).bytes
    sealed: list[bytes] = []
    return {
        "seal": _each(mails, lambda mail: sealed.append(letters.seal_letter(public, mail, bound))),
        "open": _each(sealed, lambda value: letters.open_letter(secret, value, bound)),
        "read without a sandbox": _each(mails, lambda mail: read_mail(mail, _LIMITS)),
    }


def _each(values: Sequence[bytes], act: Callable[[bytes], object]) -> float:
    return 1000 * _seconds(lambda: [act(each) for each in values]) / len(values)


def _seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--codes", type=int, default=20_000)
    chosen = parser.parse_args(arguments)
    mails = load_mails(chosen.mails)
    cost = measure(mails, registry_of(chosen.codes))
    how = "in bubblewrap" if sandbox.bubblewrap_works() else "without bubblewrap, which does not work here"
    print(f"{chosen.mails:,} mails against {chosen.codes:,} codes, {how}; ms of the processor a mail")
    rows = {"hand over and take": cost.ours, "parse, in the sandbox": cost.theirs, "match": cost.matched}
    for name, spent in {**rows, **beside(mails)}.items():
        print(f"  {name:<24}{spent:>8.2f}")
    print(f"  starting the sandbox takes {cost.begun:.0f} ms, once a round")
    print(f"{cost.per_second:.0f} mails a second on one core, parsed and matched (wanted: {WANTED})")
    return int(cost.per_second < WANTED)


if __name__ == "__main__":
    sys.exit(main())
