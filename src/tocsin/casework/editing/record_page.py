"""What stands beside the form of a record: where it stood, what it rests on, and what names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tocsin.casework.editing.actions import OpenRecord, places
from tocsin.casework.editing.fields import Around
from tocsin.casework.editing.quoting import Reports, quoted, report_of
from tocsin.casework.editing.statuses import StatusLine, account_of, history
from tocsin.casework.editing.tables import label_of
from tocsin.casework.evidence.naming import file_of
from tocsin.casework.pages.naming import called
from tocsin.casework.pages.wording import Words, label
from tocsin.core.editing import lives, named_by
from tocsin.core.recording import with_claim
from tocsin.core.records import Citation, Claim, Evidence


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim about the record: who says so, what is held of it, where it stands, who entered it, and its sealed part.

    Where it says something of one field alone, `field` is what that is called and `value` what it says there;
    `disagrees` tells that another claim says otherwise; `id` is there where the record can say this instead.
    """

    row: UUID
    field: str
    value: str
    disagrees: bool
    sources: tuple[str, ...]
    status: Words | None
    where: "tuple[Where, ...]"
    by: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a claim stands: in what, at which page, characters or minute, and the report or file that it is from.

    `quote` are the words themselves, where the reader may open the report, and `mark` is where they stand on its page.
    """

    what: str
    page: int | None
    start: int | None
    end: int | None
    report: UUID | None
    file: UUID | None = None
    clip: str = ""
    quote: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What stands beside the form."""

    history: tuple[StatusLine, ...]
    claims: tuple[ClaimLine, ...]
    named_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the reader may know beside the case: the names of colleagues, and the reports that she may open."""

    names: Mapping[Any, str]
    reports: Reports


def cited_evidence(opened: OpenRecord) -> tuple[Evidence, ...]:
    """Give the pieces of evidence that the claims about a record cite."""
    cited = [each.evidence for claim in _claims(opened) for each in claim.citations if each.evidence]
    return tuple(found for each in dict.fromkeys(cited) if (found := opened.case.find_record(each, Evidence)))


def record_page(opened: OpenRecord, around: Around, names: Mapping[Any, str], reports: Reports) -> RecordPage:
    """Give what stands beside the form of a record; `reports` are those that the reader may open."""
    life = lives().get(type(opened.record).__name__)
    record_id = getattr(opened.record, "id", "")
    rows = places(opened.opened)
    return RecordPage(
        history=history(life, opened.record, around, names) if life else (),
        claims=tuple(
            _claim(each, rows["claims", each.id], around, opened.record, _Known(names, reports))
            for each in _claims(opened)
        ),
        named_by=tuple(_name(ref, around) for ref in named_by(opened.case, record_id)) if record_id else (),
    )


def _claims(opened: OpenRecord) -> tuple[Claim, ...]:
    record_id = getattr(opened.record, "id", "")
    return tuple(each for each in opened.case.claims if record_id in each.about)


def _name(ref: str, around: Around) -> str:
    record = around.case.by_id.get(ref)
    return called(around.case, record, around.language) if record else ref


def _claim(claim: Claim, row: UUID, around: Around, record: Any, known: _Known) -> ClaimLine:
    kind = type(record).__name__
    is_other = claim.about == (getattr(record, "id", ""),) and with_claim(record, claim) is not None
    return ClaimLine(
        row=row,
        field=label_of(kind, claim.predicate) if claim.predicate else "",
        value=_value(claim, around),
        disagrees=bool(claim.disagrees_with),
        sources=tuple(_name(ref, around) for ref in claim.sources),
        status=label("claim_status", claim.status, around.language),
        where=tuple(_where(each, around, known.reports) for each in claim.citations),
        by=known.names.get(account_of(claim.analyst), ""),
        id=claim.id if is_other and claim.disagrees_with else "",
    )


def _value(claim: Claim, around: Around) -> str:
    """Say what a claim says of a field: names for records, words for codes."""
    if not claim.value:
        return ""
    parts = claim.value.split()
    if all(part in around.case.by_id for part in parts):
        return ", ".join(_name(part, around) for part in parts)
    known = label("violation_types", claim.value, around.language) if claim.predicate == "act_type" else None
    return str(known or claim.value)


def _where(citation: Citation, around: Around, reports: Reports) -> Where:
    evidence = around.case.find_record(citation.evidence or "", Evidence)
    report = report_of(evidence)
    quote, mark = quoted(citation, reports.get(report) if report else None)
    return Where(
        what=called(around.case, evidence, around.language) if evidence else citation.archive or "",
        page=citation.page,
        start=citation.start,
        end=citation.end,
        report=report,
        file=file_of(evidence.id) if evidence else None,
        clip=citation.clip or "",
        quote=quote,
        mark=mark,
    )
