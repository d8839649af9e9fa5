"""Taking a list of readers: addresses sealed, each once, nobody who left or is suppressed; it goes on after a crash.

What was settled of a list is written in the transaction of the readers that it added, so that a list which was stopped
anywhere is gone on with as if it had not been, and its report is that of the whole list.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from tocsin.core.errors import BadRequest, BadSettings, MissingInput
from tocsin.core.subscribing import Refusal, Wish, read_list
from tocsin.dispatch.addresses import fingerprint, seal_address
from tocsin.dispatch.choices import columns_of
from tocsin.dispatch.models import Subscriber, Suppression, TakenList
from tocsin.vault.mailer_keys import Sealer
from tocsin.vault.sealing import framed

AT_ONCE: Final = 2_000
_BLOCK: Final = 1 << 18
# Somebody may subscribe herself while her address is being taken.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is to be read: what its rows do not say themselves.

    Attributes:
        languages: Of readers whose row names none.
        columns: What each column is, for a list without a header.
        html: Whether readers whose row does not say get HTML.
    """

    languages: Sequence[str]
    columns: Sequence[str] = ()
    html: bool = True


@dataclass(slots=True)
class Report:
    """What became of the addresses of a list, and of its rows without one: each is counted once.

    Attributes:
        added: New subscribers.
        known: There already, or twice in the list.
        suppressed: Those who left, and addresses to which nothing is sent.
        refused: How many were refused, by the code of why.
        gone_on: Whether an earlier taking of the same list was gone on with.
    """

    added: int = 0
    known: int = 0
    suppressed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    gone_on: bool = False

    @property
    def rows(self) -> int:
        """Tell how many there were."""
        return self.added + self.known + self.suppressed + self.refused.total()


def take_list(
    path: Path, reading: Reading, *, now: datetime, refused: Callable[[Refusal], None] = lambda _: None
) -> Report:
    """Take a list; taking it again changes nothing.

    Args:
        path: The file.
        reading: How it is to be read.
        now: When.
        refused: Told of each refusal.

    Raises:
        BadSettings: The site mails nothing.
        BadRequest: Somebody else takes the same list just now.
        MissingInput: The file cannot be read.
    """
    taking = _Taking(_digest(path, reading), now)
    report = Report(gone_on=taking.settled > 0)
    left = islice(_wishes(path, reading, report, refused), taking.settled, None)
    while some := list(islice(left, AT_ONCE)):
        taking.take(some)
    report.added, report.known, report.suppressed = taking.end()
    return report


def look_at_list(path: Path, reading: Reading, *, refused: Callable[[Refusal], None] = lambda _: None) -> Report:
    """Tell what taking a list would do, and change nothing."""
    report, seen = Report(), set[bytes]()
    wishes = _wishes(path, reading, report, refused)
    while some := list(islice(wishes, AT_ONCE)):
        fresh, counts = _sort_out(some, seen)
        seen |= fresh.keys()
        report.added += counts["added"]
        report.known += counts["known"]
        report.suppressed += counts["suppressed"]
    return report


def _wishes(path: Path, reading: Reading, report: Report, refused: Callable[[Refusal], None]) -> Iterator[Wish]:
    rows = read_list(_blocks(path), languages=reading.languages, columns=reading.columns, html=reading.html)
    for row in rows:
        if isinstance(row, Wish):
            yield row
        else:
            report.refused[row.reason] += 1
            refused(row)


class _Taking:
    """A list that is being taken, and how far that got."""

    def __init__(self, digest: bytes, now: datetime) -> None:
        self._sealer, self._now = sealer(), now
        self._rows = TakenList.objects.filter(digest=digest)
        row, _ = self._rows.get_or_create(digest=digest, defaults={"begun_at": now})
        self.settled = row.settled

    def take(self, wishes: Sequence[Wish]) -> None:
        """Settle some wishes, all in one transaction."""
        for _ in range(_TRIES - 1):
            try:
                return self._take(wishes)
            except IntegrityError:
                continue
        return self._take(wishes)

    def _take(self, wishes: Sequence[Wish]) -> None:
        with transaction.atomic():
            # The first statement writes: from here on nobody else goes on with the same list.
            if not self._rows.filter(settled=self.settled).update(settled=self.settled + len(wishes)):
                raise BadRequest("this list is being taken by somebody else just now")
            fresh, counts = _sort_out(wishes)
            Subscriber.objects.bulk_create([self._reader(each, wish) for each, wish in fresh.items()])
            self._rows.update(**{name: F(name) + counts[name] for name in ("added", "known", "suppressed")})
        self.settled += len(wishes)

    def _reader(self, known_by: bytes, wish: Wish) -> Subscriber:
        drawn = uuid4()
        return Subscriber(
            id=drawn,
            address=seal_address(wish.address, drawn, self._sealer),
            fingerprint=known_by,
            state="active",
            asked_at=self._now,
            confirmed_at=self._now,
            **columns_of(wish),
        )

    def end(self) -> tuple[int, int, int]:
        """Give how many were added, known and suppressed, and keep nothing of the list."""
        counts = self._rows.values_list("added", "known", "suppressed").get()
        self._rows.delete()
        return counts


def _sort_out(wishes: Sequence[Wish], seen: Collection[bytes] = ()) -> tuple[dict[bytes, Wish], Counter[str]]:
    """Give what is new among some wishes, by fingerprint, and how many there are of each kind."""
    key = settings.TOCSIN_FINGERPRINT_KEY
    prints = [fingerprint(wish.address, key) for wish in wishes]
    states = dict(Subscriber.objects.filter(fingerprint__in=prints).values_list("fingerprint", "state"))
    known = {bytes(each): state for each, state in states.items()}
    gone = {each for each, state in known.items() if state in ("left", "suppressed")}
    gone |= set(map(bytes, Suppression.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True)))
    fresh: dict[bytes, Wish] = {}
    counts: Counter[str] = Counter()
    for each, wish in zip(prints, wishes, strict=True):
        if each in gone:
            counts["suppressed"] += 1
        elif each in known or each in fresh or each in seen:
            counts["known"] += 1
        else:
            counts["added"] += 1
            fresh[each] = wish
    return fresh, counts


def sealer() -> Sealer:
    """Give what seals to the mailer of this site.

    Raises:
        BadSettings: The site mails nothing.
    """
    if settings.TOCSIN_MAILINGS is None:
        raise BadSettings("this site mails nothing", where="site.toml, mailings", hint="tocsin site mailer-keys")
    return Sealer(settings.TOCSIN_MAILINGS.address_key)


def _digest(path: Path, reading: Reading) -> bytes:
    """Give a digest of a list and how it is read; keyed, so that nobody can look whether a list was taken."""
    told = framed(*(",".join(each).encode() for each in (reading.languages, reading.columns)), bytes([reading.html]))
    digest = hashlib.blake2b(told, key=settings.TOCSIN_FINGERPRINT_KEY, person=b"tocsin list 1", digest_size=32)
    for block in _blocks(path):
        digest.update(block)
    return digest.digest()


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise MissingInput("cannot be read", where=path.name, hint=error.strerror) from error
