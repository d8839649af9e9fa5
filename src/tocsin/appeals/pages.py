"""What the page of an appeal shows: each text with its facts and findings beside it, the gates, and what is next."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.accounts.actor import Actor, may
from tocsin.accounts.queries import verbs_of_workers
from tocsin.appeals import clearing, hatch
from tocsin.appeals.actions import untranslated
from tocsin.appeals.checking import Checked
from tocsin.appeals.clearing import OpenClearance
from tocsin.appeals.following import find_news
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import Content, Edition, OpenDraft
from tocsin.appeals.tables import Gate, gates, verbs
from tocsin.appeals.weighing import Heavy
from tocsin.casework.actions import OpenCase
from tocsin.casework.pages import Words
from tocsin.casework.pages.naming import record_name
from tocsin.casework.pages.wording import label
from tocsin.core import vocab
from tocsin.core.drafting import Passage, passages
from tocsin.core.preflight import Finding, load_rules
from tocsin.core.records import Case, Claim
from tocsin.vault.queries import list_grants

ROLES = {
    "title": _("Title of the appeal"),
    "opening": _("Opening"),
    "heading": _("Heading"),
    "situation": _("What happened"),
    "new_information": _("New information"),
    "background": _("What happened before"),
    "position": _("Our position"),
    "actions": _("What readers are asked to do"),
    "demand": _("Demand"),
    "request": _("Closing request"),
    "about": _("About us"),
    "note": _("Note"),
    "day": _("Day of issue"),
    "hour": _("Hour of that day before which nobody sees it"),
    "correction": _("What readers are told that it changes"),
    "embassy": _("Embassy"),
    "letter_languages": _("Languages of letters"),
    "salutation": _("Salutation of letters"),
}


TELLING = frozenset({"situation", "new_information", "background"})
# What a sentence may rest on: not what the appeal says of itself, and nothing that is never published.
GROUNDS = frozenset(
    "events statements detentions proceedings persons organisations groups demands law_cited positions".split()
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as a page shows it: where its places are, whether it may be waived, and whether after asking others."""

    finding: Finding
    anchors: tuple[str, ...]
    waivable: bool
    consults: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the appeal: its place on the page, its words, what they rest on, and what is wrong with them."""

    passage: Passage
    anchor: str
    role: str
    facts: tuple[tuple[str, Words | None], ...]
    findings: tuple[Finding, ...]
    takes_more: bool
    heads_addressees: bool
    source: str = ""
    is_untranslated: bool = False

    @property
    def tells(self) -> bool:
        """Tell whether it says what happened, and has to rest on something."""
        return self.passage.role in TELLING


@dataclass(frozen=True, slots=True)
class GateShown:
    """A gate: what was said at it, and whether the person who looks may answer it now."""

    gate: Gate
    said: OpenClearance | None
    is_cleared: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What the person who looks may do with the appeal where it stands."""

    writes: bool = False
    translates: bool = False
    submits: bool = False
    waives: bool = False
    approves: bool = False
    has_approved: bool = False
    releases: bool = False
    corrects: bool = False
    retracts: bool = False
    gives_up: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an appeal waits for where it stands, and who may do it: the names of those others who hold its case."""

    what: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppealPage:
    """One edition of an appeal, as its page shows it."""

    edition: Edition
    lines: tuple[Line, ...]
    findings: tuple[Shown, ...]
    checked: Checked
    gates: tuple[GateShown, ...]
    next: Next
    names: Mapping[UUID, str] = field(repr=False)
    waits: tuple[Waiting, ...] = field(default=(), repr=False)
    is_stale: bool = False
    no_pdf: str | None = None
    heavy: Heavy | None = None

    @property
    def is_source(self) -> bool:
        """Tell whether it is the edition that the others translate."""
        return self.edition.is_source

    @property
    def may_write(self) -> bool:
        """Tell whether the person who looks may write its texts."""
        return self.next.writes if self.is_source else self.next.translates

    @property
    def open_gates(self) -> tuple[Gate, ...]:
        """The gates that wait for the person who looks."""
        return tuple(each.gate for each in self.gates if each.is_mine)

    @property
    def lists_addressees(self) -> bool:
        """Tell whether a heading stands over those to whom it writes."""
        return any(each.heads_addressees for each in self.lines)

    @property
    def count_untranslated(self) -> int:
        """Count the texts that still stand in the words of the source."""
        return sum(each.is_untranslated for each in self.lines)


@dataclass(frozen=True, slots=True)
class NewsShown:
    """What a follow-up would be: the appeal that it follows, and what is new since, or was only changed."""

    last: Appeal
    standing: str
    records: tuple[tuple[str, Words], ...]


def news_of(actor: Actor, opened: OpenCase, language: str, *, now: datetime) -> NewsShown | None:
    """Tell somebody what the next appeal of a case could tell, before she drafts it; nothing for a first one."""
    found = find_news(actor, opened, now=now)
    if found is None:
        return None
    last, news = found
    named = ((each, record_name(opened.case, each, language)) for each in news.fresh or news.others)
    return NewsShown(last, news.standing, tuple((each, words) for each, words in named if words))


def anchor_of(path: str) -> str:
    """Name the place of a text on the page."""
    return "t-" + re.sub(r"\W+", "-", path).strip("-")


def lines(content: Content, edition: Edition, case: Case, checked: Checked, language: str) -> tuple[Line, ...]:
    """Give the texts of an edition, each with the names of the records that it rests on.

    A text of a translation has that of the source beside it, where the source has one at its place.
    """
    sources = {} if edition.is_source else {each.path: each.words for each in passages(content.source.composition)}
    waiting = untranslated(content, edition)
    sections = edition.composition.document.sections
    addressees = {f"sections[{at}].heading" for at, each in enumerate(sections) if each.role == "addressees"}
    # Most records are told of in several texts.
    name = cache(partial(_fact_name, case, language=language))
    by_path: dict[str, list[Finding]] = {}
    for finding in checked.standing:
        for path in dict.fromkeys(place.path for place in finding.places):
            by_path.setdefault(path, []).append(finding)
    return tuple(
        Line(
            passage=each,
            anchor=anchor_of(each.path),
            role=str(ROLES[each.role]),
            facts=tuple((record, name(record)) for record in each.records),
            findings=tuple(by_path.get(each.path, ())),
            takes_more=".paragraphs[" in each.path,
            heads_addressees=each.path in addressees,
            source=sources.get(each.path, ""),
            is_untranslated=each.path in waiting,
        )
        for each in passages(edition.composition)
    )


def _fact_name(case: Case, record: str, language: str) -> Words | None:
    """Name a record beside a text. A claim bears the words of what it says, which often stands beside the same text."""
    words = record_name(case, record, language)
    is_claim = isinstance(case.by_id.get(record), Claim)
    kind = gettext("Claim")
    return Words(f"{kind}: {words.text}") if words and is_claim else words


def new_languages(content: Content, language: str) -> tuple[tuple[str, str], ...]:
    """Give the languages of the list in which there is no edition yet, each with its name."""
    there = {each.language for each in content.editions}
    return tuple(
        (tag, str(label("languages", tag, language) or tag)) for tag in vocab.load("languages") if tag not in there
    )


def shown(findings: Iterable[Finding], edition: Edition, texts: Iterable[Line]) -> tuple[Shown, ...]:
    """Give findings with their places on the page: not all that is checked is printed, nor has a place there."""
    rules = load_rules()
    addressees = [f"addressees[{at}]" for at, _ in enumerate(edition.composition.document.addressees)]
    written_to = ["addressees", *addressees] if addressees else []
    printed = {each.anchor for each in texts} | {anchor_of(each) for each in written_to}
    return tuple(
        Shown(
            each,
            tuple(at for at in dict.fromkeys(anchor_of(place.path) for place in each.places) if at in printed),
            rules[each.rule].waivable and each.severity != "information",
            rules[each.rule].consults,
        )
        for each in findings
    )


def gates_of(actor: Actor, draft: OpenDraft, *, now: datetime) -> tuple[GateShown, ...]:
    """Give the gates of a version, and which of them a person may answer."""
    said, passed = clearing.list_clearances(draft), clearing.cleared(draft)
    in_review = draft.row.state in verbs()["clear"].states and draft.version == draft.row.version
    outside = actor.id not in draft.writers
    return tuple(
        GateShown(
            gate,
            said.get(code),
            passed[code],
            in_review and outside and code not in said and may(actor, gate.verb, draft.row.case_id, now=now),
        )
        for code, gate in gates().items()
    )


def next_of(actor: Actor, draft: OpenDraft, *, now: datetime) -> Next:
    """Tell what a person may do with an appeal where it stands; an older version is only looked at."""
    if draft.version != draft.row.version:
        return Next()

    def can(verb: str, step: str) -> bool:
        return draft.row.state in verbs()[step].states and may(actor, verb, draft.row.case_id, now=now)

    outside = actor.id not in draft.writers
    return Next(
        writes=can("appeal.draft", "write"),
        translates=can("appeal.translate", "write"),
        submits=can("appeal.draft", "submit"),
        waives=can("appeal.waive", "waive"),
        approves=outside and can("appeal.approve", "approve"),
        has_approved=draft.row.approval_set.filter(version=draft.version, by=actor.id).exists(),
        releases=can("appeal.release", "release"),
        corrects=can("appeal.draft", "correct"),
        retracts=draft.row.is_public and can("appeal.retract", "retract"),
        gives_up=can("appeal.draft", "abandon"),
    )


def waits_of(
    actor: Actor, draft: OpenDraft, shown: Iterable[GateShown], names: Mapping[UUID, str], *, now: datetime
) -> tuple[Waiting, ...]:
    """Tell what an appeal waits for that is for others to do: its gates, its approvals, or to be published."""
    state, outside = draft.row.state, set(draft.writers)
    if draft.version != draft.row.version:
        return ()
    asked: list[tuple[str, str, set[UUID]]] = []
    if state in verbs()["clear"].states:
        open_to_others = (each.gate for each in shown if each.said is None and not each.is_mine)
        asked = [(gettext(gate.name), gate.verb, outside) for gate in open_to_others]
    elif state in verbs()["approve"].states:
        signed = set(draft.row.approval_set.filter(version=draft.version).values_list("by", flat=True))
        is_mine = actor.id not in outside | signed and may(actor, "appeal.approve", draft.row.case_id, now=now)
        is_enough = len(signed) + is_mine >= hatch.NEEDED
        asked = [] if is_enough else [(gettext("approval"), "appeal.approve", outside | signed)]
    elif state in verbs()["release"].states and not may(actor, "appeal.release", draft.row.case_id, now=now):
        asked = [(gettext("to be published"), "appeal.release", set())]
    if not asked:
        return ()
    able = verbs_of_workers(list_grants(now, case=draft.row.case_id).values_list("holder", flat=True))
    others = {each: names[each] for each in able if each in names and each != actor.id}
    return tuple(
        Waiting(
            what, tuple(sorted(name for each, name in others.items() if verb in able[each] and each not in without))
        )
        for what, verb, without in asked
    )
