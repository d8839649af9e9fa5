"""Facts that rest on a file: a claim of the case that cites the page, the minute or the very words of it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.adapters.documents import look_at
from tocsin.casework.actions import read_case, save_case
from tocsin.casework.evidence.actions import hold, whole
from tocsin.casework.evidence.naming import record_id
from tocsin.core.errors import BadInput, BadRequest
from tocsin.core.records import Case, Citation, Claim, Event, Evidence, Statement

_CLIP = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\s*[-–]\s*(?:\d{1,2}:)?\d{1,2}:\d{2})?")
_MOST_PAGES = 9_999


@dataclass(frozen=True, slots=True)
class Passage:
    """The part of a file that says something, as a person names it; empty where the whole file does.

    Attributes:
        page: Of a document.
        clip: Of sound or film: a minute, or from one to another ("01:20-02:05").
        words: Of a text: the words as they stand there.
    """

    page: str = ""
    clip: str = ""
    words: str = ""


def cite(actor: Actor, case: UUID, file_id: UUID, about: str, passage: Passage, *, now: datetime) -> None:
    """Let a fact of the case rest on a file, by a claim that is recorded and no more.

    Raises:
        BadRequest: if the case has no such fact, or the file no such passage.
    """
    demand(actor, "case.edit", case, now=now)
    with hold(actor, case, file_id, now=now) as held:
        pass
    # The sandbox is asked before anything is held.
    span = _span(whole(held), passage.words) if passage.words.strip() else (None, None)
    citation = Citation(
        evidence=record_id(file_id), page=_page(passage.page), clip=_clip(passage.clip), start=span[0], end=span[1]
    )
    with transaction.atomic():
        opened = read_case(actor, case, now=now)
        if about not in {each.id for each in citable(opened.case)}:
            raise BadRequest("choose what happened")
        record = opened.case.by_id[record_id(file_id)]
        source = record.source if isinstance(record, Evidence) else None
        claim = Claim(
            id=f"claim:{uuid4().hex}",
            recorded_on=timezone.localdate(now),
            about=(about,),
            sources=(source,) if source else (),
            citations=(citation,),
            status="recorded",
            analyst=str(actor.id),
        )
        save_case(actor, opened, replace(opened.case, claims=(*opened.case.claims, claim)), now=now)


def citable(case: Case) -> tuple[Event | Statement, ...]:
    """List what a file can be cited for."""
    return (*case.events, *case.statements)


def _page(written: str) -> int | None:
    if not written.strip():
        return None
    if not (written.strip().isascii() and written.strip().isdigit() and 0 < int(written[:9]) <= _MOST_PAGES):
        raise BadRequest("a page is a number")
    return int(written)


def _clip(written: str) -> str | None:
    if not written.strip():
        return None
    if not _CLIP.fullmatch(written.strip()):
        raise BadRequest("a minute is written 01:20, or 01:20-02:05")
    return written.strip()


def _span(written: bytes, words: str) -> tuple[int, int]:
    """Find words in the text of a file, however its lines are broken."""
    try:
        shown = look_at(written)
    except BadInput as error:
        raise BadRequest("only words of a text can be cited") from error
    if shown.media_type != "text/plain":
        raise BadRequest("only words of a text can be cited")
    found = list(re.finditer(r"\s+".join(map(re.escape, words.split())), shown.content.decode()))
    if len(found) != 1:
        raise BadRequest("these words stand nowhere in the text, or more than once")
    return found[0].span()
