"""Other languages of an appeal: begun from the phrasebook or from the words of the source, and kept up with it."""

from dataclasses import replace
from datetime import datetime

import msgspec

from tocsin.accounts.actor import Actor
from tocsin.appeals import store
from tocsin.appeals.actions import save
from tocsin.appeals.following import compose_for
from tocsin.appeals.store import AppealKey, Edition, OpenDraft
from tocsin.casework.actions import read_case
from tocsin.core import vocab
from tocsin.core.compose import Composition
from tocsin.core.errors import BadRequest
from tocsin.core.phrasebook import languages

TRANSLATE = "appeal.translate"


def add_edition(actor: Actor, key: AppealKey, language: str, *, seen: int, now: datetime) -> None:
    """Begin an edition in another language.

    Where there are formulae in it, it is composed from the case as the first one was; else every text stands in the
    words of the source until somebody translates it.

    Raises:
        BadRequest: if there is one already, or there is no such language.
    """
    if language not in vocab.load("languages"):
        raise BadRequest("there is no such language")
    with store.hold(actor, TRANSLATE, key, seen=seen, now=now) as draft:
        if language in {each.language for each in draft.content.editions}:
            raise BadRequest("there is an edition in this language already")
        composition = _begun(actor, draft, language, now)
        edition = Edition(composition, translates=draft.content.source_since)
        save(actor, draft, draft.content.with_edition(edition), now)


def _begun(actor: Actor, draft: OpenDraft, language: str, now: datetime) -> Composition:
    source = draft.content.source.composition
    if language not in languages():
        return replace(source, document=replace(source.document, language=language), gaps=())
    opened = read_case(actor, draft.row.case_id, now=now)
    before, closes = draft.content.follows, source.document.kind == "closure"
    composed = compose_for(actor, opened, draft.row.follows, language, before=before, closes=closes, now=now)
    return replace(composed, document=replace(composed.document, issued_on=source.document.issued_on))


def take_out_edition(actor: Actor, key: AppealKey, language: str, *, seen: int, now: datetime) -> None:
    """Take an edition out of an appeal; the source stays."""
    with store.hold(actor, TRANSLATE, key, seen=seen, now=now) as draft:
        gone = draft.content.edition(language)
        if gone.is_source:
            raise BadRequest("the edition that the others translate stays")
        editions = tuple(each for each in draft.content.editions if each is not gone)
        save(actor, draft, msgspec.structs.replace(draft.content, editions=editions), now)


def say_same(actor: Actor, key: AppealKey, language: str, *, seen: int, now: datetime) -> None:
    """Say that an edition says what the source says now, after it was looked through."""
    with store.hold(actor, TRANSLATE, key, seen=seen, now=now) as draft:
        edition = draft.content.edition(language)
        if edition.is_source:
            raise BadRequest("this is the source itself")
        said = msgspec.structs.replace(edition, translates=draft.content.source_since)
        save(actor, draft, draft.content.with_edition(said), now)
