"""Preflight of all editions of a draft, with the case as it is now: what stands in the way of approval and release."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from tocsin.appeals.hatch import documents
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import OpenDraft, open_draft
from tocsin.appeals.waivers import as_waived, list_waivers
from tocsin.core import treaties
from tocsin.core.appeal import AppealDocument, to_json
from tocsin.core.compose import names_somebody_hidden
from tocsin.core.errors import BadRequest
from tocsin.core.preflight import (
    Finding,
    NamedPerson,
    Report,
    check,
    consent_of,
    has_ended,
    people_named,
    tells_a_secret,
)
from tocsin.core.records import Case
from tocsin.core.vocab import SOURCE_LANGUAGE
from tocsin.vault.opened import CompartmentKeys

# What is missing as long as no code was given out.
_AWAITS_CODE = frozenset({"COD-01", "COD-03"})
# Families of rules whose errors hold back what waits for its hour.
_OF_SAFETY = ("CON-", "SEC-")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of one edition found.

    Attributes:
        language: Which edition.
        report: The findings of all rules.
        names_hidden: Whether it names, in its text, its data or its note, somebody who may not be named so.
    """

    language: str
    report: Report
    names_hidden: bool

    @property
    def standing(self) -> tuple[Finding, ...]:
        """Give the findings that no waiver covers."""
        return tuple(each for each in self.report.findings if each.stands)

    @property
    def in_the_way(self) -> int:
        """Tell how many findings an approval waits for: hints are none of them."""
        return sum(each.severity != "information" for each in self.standing)

    @property
    def is_unsafe(self) -> bool:
        """Tell whether it names somebody who is hidden, or an error on consent or safety stands."""
        errors = (each for each in self.standing if each.severity == "error")
        return self.names_hidden or any(each.rule.startswith(_OF_SAFETY) for each in errors)

    @property
    def blocked(self) -> bool:
        """Tell whether it may not be approved: an error stands, a warning that nobody waived, or a hidden name."""
        return self.names_hidden or self.in_the_way > 0


def check_draft(
    draft: OpenDraft, case: Case, code: str, *, on: dt.date, language: str = SOURCE_LANGUAGE
) -> tuple[Checked, ...]:
    """Check every edition for a day, with the case as it is given; findings are said in the language of a reader."""
    waived = as_waived(list_waivers(draft.keys, draft.row.id))
    made, before = documents(draft, code), _before(draft)
    check_one = partial(check, on=on, case=case, treaties=treaties.bundled(), waivers=waived, language=language)
    tells = _tells(case, draft.content.note)
    return tuple(
        _checked(
            document,
            case,
            check_one(
                document,
                grounds=each.composition.grounds,
                beside=made[:1] if number else (),
                before=before.get(document.language),
            ),
            note_tells=tells,
        )
        for number, (each, document) in enumerate(zip(draft.content.editions, made, strict=True))
    )


def _before(draft: OpenDraft) -> dict[str | None, AppealDocument]:
    """Give what is public of the appeal that a draft follows, by language; nothing where none was published here."""
    follows = draft.row.follows
    if follows is None or not follows.is_public:
        return {}
    public = open_draft(draft.keys, follows, follows.published)
    return {each.language: each for each in documents(public, follows.code)}


def _checked(document: AppealDocument, case: Case, report: Report, *, note_tells: bool) -> Checked:
    if document.reference is None:
        kept = tuple(each for each in report.findings if each.rule not in _AWAITS_CODE)
        report = Report(report.on, kept, report.checked, report.unchecked, report.idle)
    names_hidden = note_tells or names_somebody_hidden(case, to_json(document))
    return Checked(document.language or "", report, names_hidden)


def demand_hides(case: Case, note: str) -> None:
    """Refuse a note to readers that tells what the case hides: a name, a source, a place, a number.

    What lies in compartments that the writer does not hold is not in the case as she opens it, and not looked for.

    Raises:
        BadRequest: if it does; the error does not say what.
    """
    if _tells(case, note):
        raise BadRequest("this note names somebody or something that the case keeps hidden: say it without")


def _tells(case: Case, note: str) -> bool:
    return names_somebody_hidden(case, note) or tells_a_secret(case, note)


def consents_ended(keys: CompartmentKeys, row: Appeal, case: Case, *, on: dt.date) -> tuple[str, ...]:
    """Name the people for whom an appeal is, whom what is public of it names, and whose consent has ended since."""
    if not row.is_public:
        return ()
    ended = names_withdrawn(open_draft(keys, row, row.published), case, on=on)
    return tuple(dict.fromkeys(each.person.preferred.full for each in ended))


def names_withdrawn(draft: OpenDraft, case: Case, *, on: dt.date) -> list[NamedPerson]:
    """Give the people for whom an appeal is, whom a version of it names, and whose consent has ended."""
    if not any(has_ended(consent_of(case, person), on) for person in case.persons):
        return []
    named = (one for each in draft.content.editions for one in people_named(each.composition.document, case, on))
    return [each for each in named if each.is_defended and each.has_ended]


def tells_hidden(draft: OpenDraft, case: Case) -> bool:
    """Tell whether a version says what a case hides, in a text, in its data or in its note to readers."""
    said = (to_json(each.composition.document) for each in draft.content.editions)
    return any(_tells(case, each) for each in (*said, draft.content.note))


def may_not_show(draft: OpenDraft, case: Case, *, on: dt.date) -> bool:
    """Tell whether a version that was released may not show by the case as it is now, for somebody's safety.

    At the release no error stood that nobody waived: one that stands now on consent or safety came up since. What came
    up about dates or law keeps nothing from its hour.
    """
    if tells_hidden(draft, case):
        return True
    return any(each.is_unsafe for each in check_draft(draft, case, draft.row.code, on=on))


def demand_clean(checked: Iterable[Checked]) -> None:
    """Refuse what may not be approved or released.

    Raises:
        BadRequest: if something stands in the way in an edition.
    """
    if any(each.blocked for each in checked):
        raise BadRequest("findings stand in the way: mend them, or let somebody waive them", hint="see the draft")
