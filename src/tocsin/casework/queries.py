"""Reading what says nothing of a case, and what a page shows of an opened one."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.accounts.actor import Actor
from tocsin.casework.models import CaseFile
from tocsin.core.records import Case, Event, chronology
from tocsin.vault import queries as vault


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of the chronology: when, what, and which kind of act it is."""

    id: str
    when: str
    words_for_time: str
    what: str
    act_type: str
    release_class: str


def list_case_files(actor: Actor, *, now: datetime) -> list[CaseFile]:
    """List the case files that a person holds a grant on, the newest first."""
    held = vault.list_grants(now, holder=actor.id).values_list("case", flat=True)
    return list(CaseFile.objects.filter(id__in=set(held), shredded_at=None).order_by("-opened_at"))


def story(case: Case, language: str) -> tuple[StoryLine, ...]:
    """Give the chronology of a case as lines, in a language or in English where the words are not there."""
    return tuple(_line(event, language) for event in chronology(case))


def _line(event: Event, language: str) -> StoryLine:
    words = event.what
    what = (words.text(language) or words.text("en") or words.texts[0].text) if words and words.texts else ""
    time = event.t
    when = (time.start or time.date or time.earliest or "") if time else ""
    return StoryLine(
        id=event.id,
        when=str(when or event.as_of or ""),
        words_for_time=(time.words or "") if time else "",
        what=what or event.words or "",
        act_type=event.act_type or event.procedure or event.kind,
        release_class=event.rc or "",
    )


def title_of(case: Case) -> str:
    """Name a case by its protagonists, for the eyes of who has it open."""
    return ", ".join(person.preferred.full for person in case.persons if person.defender and person.defender.is_hrd)
