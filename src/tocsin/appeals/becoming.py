"""What becomes of an appeal with its approval, shown before anybody signs: its code, who is named how, who gets it.

And who changed lately in the directory to which addresses it lets people write.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tocsin.accounts.actor import Actor, may
from tocsin.appeals import hatch, mailing
from tocsin.appeals.store import OpenDraft
from tocsin.authorities.lately import Change, changed_lately
from tocsin.core.addressing import named as post_named
from tocsin.core.appeal import AppealDocument
from tocsin.core.errors import BadCode, BadRegistry
from tocsin.core.preflight import NamedPerson, people_named
from tocsin.core.records import Case
from tocsin.core.subscribing import groups_of
from tocsin.dispatch.audience import Wanted, count, was_mailed_to_its_end
from tocsin.publishing.defenders import named_in
from tocsin.publishing.models import Publication


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom an edition names: in which form and by whose leave, if she is a person of the case.

    `has_page` tells whether the public site lists all appeals for her on a page of her own.
    """

    name: str
    has_page: bool
    known: NamedPerson | None = None


def next_code(draft: OpenDraft, *, now: datetime) -> str:
    """Give the code that an approval at this moment would give out; nothing where it could give none.

    It is given out as an approval would, and that is undone at once: no other way gives the same in every case.
    """
    try:
        with transaction.atomic():
            code = hatch.give_code(draft, now=now)
            transaction.set_rollback(True)
    except (BadCode, BadRegistry):
        return ""
    return code


def list_named(document: AppealDocument, case: Case, *, now: datetime) -> tuple[Named, ...]:
    """List whom an edition names: the people of the case, then those whom its data name besides."""
    listed = {each.name for each in named_in(document)}
    known = people_named(document, case, timezone.localdate(now))
    theirs = [{name.full for name in each.person.names} for each in known]
    own = [
        Named(each.person.preferred.full, bool(listed & names), each) for each, names in zip(known, theirs, strict=True)
    ]
    others = (each.name for each in document.facts.people if not any(each.name in names for names in theirs))
    return (*own, *(Named(name, name in listed) for name in others))


def list_changed(draft: OpenDraft, language: str, *, now: datetime) -> list[tuple[str, Change]]:
    """List the addresses to which readers would write that were changed in the directory lately, with their offices."""
    documents = (each.composition.document for each in draft.content.editions)
    channels = (one for each in documents for addressee in each.addressees for one in addressee.channels)
    ways = (way.value for mission in draft.content.missions for way in mission.ways)
    printed = {*(each.value or each.display for each in channels), *ways}
    return [(post_named(each.names, language)[0], each) for each in changed_lately(printed, now=now)]


def count_readers(actor: Actor, draft: OpenDraft, *, now: datetime) -> dict[str, int] | None:
    """Count to whom it could be mailed as it stands, by language; `None` where nothing is mailed, or it is not hers."""
    if not mailing.is_set_up() or not may(actor, mailing.READ, now=now):
        return None
    documents = [each.composition.document for each in draft.content.editions]
    # A correction goes to nobody but those who got what it corrects, if that went to its end; nobody got what was held
    # back.
    before = Publication.objects.filter(code=draft.row.code, heldback=None)
    slugs = tuple(before.values_list("slug", flat=True)[: draft.row.times])
    return count(
        Wanted(
            languages=tuple(each.language or "" for each in documents),
            countries=tuple(dict.fromkeys(code for each in documents for code in each.countries)),
            topics=sorted(groups_of(_violations(documents))),
            earlier=slugs[:1],
            only_earlier=bool(slugs) and was_mailed_to_its_end(slugs[0]),
        )
    ).by_language


def _violations(documents: Iterable[AppealDocument]) -> Iterator[str]:
    return (one.code for each in documents for one in each.violations if one.code)
