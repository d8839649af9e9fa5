"""Anchors leave the machine: into directories on other media and to mailboxes of people outside, or on paper.

Each place gets the newest anchor, which covers all before it. One that cannot be reached keeps no other from getting
it, and gets the newest when it is back.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db.models import F

from tocsin.config.anchoring import Anchoring
from tocsin.core.errors import BadOutput
from tocsin.journal import anchors
from tocsin.journal.models import Anchor
from tocsin.operations import mailing
from tocsin.operations.models import Keeper

PAPER = "paper"
# How long an anchor may wait before somebody has to look, beyond the time for which a place rests.
_PATIENCE = timedelta(hours=2)
_PAPER_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """A place outside: what people call it, the name of its row, how long it rests, and how an anchor gets there."""

    called: str
    name: str
    rests: timedelta
    give: Callable[[Anchor, datetime], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place that has not got an anchor in time; `since` when that anchor waits."""

    called: str
    since: datetime


def leave(anchoring: Anchoring, *, now: datetime) -> int:
    """Give the newest anchor to every place that does not have it and does not rest; tell how many got it.

    Raises:
        BadOutput: if some place could not be reached; the others have got it.
    """
    last = anchors.last_signed()
    if last is None:
        return 0
    gave, failed = 0, []
    for place in _places(anchoring):
        if not _wants(place, last, now):
            continue
        try:
            place.give(last, now)
        except OSError as error:
            failed.append(f"{place.called} ({type(error).__name__})")
            Keeper.objects.filter(name=place.name).update(failures=F("failures") + 1)
        else:
            gave += 1
            Keeper.objects.filter(name=place.name).update(step=last.step, left_at=now, failures=0)
    if failed:
        raise BadOutput(f"no anchor could leave to {', '.join(failed)}", hint="tocsin site doctor")
    return gave


def printed(anchor: Anchor, *, now: datetime) -> None:
    """Write down that an anchor was printed."""
    Keeper.objects.update_or_create(name=PAPER, defaults={"step": anchor.step, "left_at": now})


def list_waiting(anchoring: Anchoring, *, now: datetime) -> list[Waiting]:
    """List the places for which an anchor waits longer than it may; paper counts where there is no other place."""
    places = [(place.called, place.name, place.rests + _PATIENCE) for place in _places(anchoring)]
    found = []
    for called, name, longest in places or [(PAPER, PAPER, _PAPER_EVERY)]:
        got = Keeper.objects.filter(name=name).values_list("step", flat=True).first() or 0
        first = Anchor.objects.exclude(signature=b"").filter(step__gt=got).order_by("step").first()
        if first is not None and first.at + longest < now:
            found.append(Waiting(called, first.at))
    return found


def _wants(place: Place, last: Anchor, now: datetime) -> bool:
    keeper, _ = Keeper.objects.get_or_create(name=place.name)
    # A time in the future was written while the clock was wrong.
    rests = keeper.left_at is not None and keeper.left_at <= now < keeper.left_at + place.rests
    return keeper.step < last.step and not rests


def _places(anchoring: Anchoring) -> Iterator[Place]:
    for number, directory in enumerate(anchoring.directories, 1):
        yield Place(f"directory {number}", _name("directory", str(directory)), timedelta(0), partial(_put, directory))
    for number, mailbox in enumerate(anchoring.mailboxes, 1):
        give = partial(_mail, anchoring, mailbox)
        yield Place(f"mailbox {number}", _name("mailbox", mailbox), anchoring.mail_every, give)


def _name(kind: str, where: str) -> str:
    return f"{kind} {hashlib.blake2b(where.encode(), digest_size=8).hexdigest()}"


def _put(directory: Path, anchor: Anchor, _now: datetime) -> None:
    """Add the line to a file of its own for each first key; a line that a crash or a full medium tore is removed."""
    path = directory / f"anchors-{anchors.first_key_of(anchor).hex()[:16]}.txt"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        file.seek(file.read().rfind(b"\n") + 1)
        file.truncate()
        line = f"{anchors.line_of(anchor)}\n".encode()
        if file.write(line) != len(line):
            raise OSError(28, os.strerror(28))
        os.fsync(file.fileno())


def _mail(anchoring: Anchoring, mailbox: str, anchor: Anchor, now: datetime) -> None:
    if anchoring.server is None:
        raise OSError("no mail server")
    mail = mailing.compose(anchors.line_of(anchor), sender=anchoring.sender, mailbox=mailbox, now=now)
    mailing.send(mail, server=anchoring.server, sender=anchoring.sender, mailbox=mailbox)
