"""The words of reports that claims cite: read where they lie sealed, by who may open the report."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from tocsin.accounts.actor import Actor, may
from tocsin.core.errors import Locked, NotAllowed
from tocsin.core.records import Citation, Evidence
from tocsin.intake.actions import open_report
from tocsin.intake.opened import OpenReport
from tocsin.intake.pages import mark_at

Reports = Mapping[UUID, OpenReport]


def open_cited(actor: Actor, evidence: Iterable[Evidence], *, now: datetime) -> Reports:
    """Open those reports that pieces of evidence are and that a person may open; that she read them is journalled."""
    opened: dict[UUID, OpenReport] = {}
    for report in dict.fromkeys(found for each in evidence if (found := report_of(each))):
        if not may(actor, "report.read", report, now=now):
            continue
        try:
            opened[report] = open_report(actor, report, now=now)
        except (NotAllowed, Locked):
            # It was erased, she holds no key of it, or somebody tampered with it: its own page says which.
            continue
    return opened


def report_of(evidence: Evidence | None) -> UUID | None:
    """Give the report that a piece of evidence is: its address inside the site."""
    address = (evidence.original_url or "") if evidence else ""
    try:
        return UUID(address.removeprefix("urn:uuid:")) if address.startswith("urn:uuid:") else None
    except ValueError:
        return None


def quoted(citation: Citation, opened: OpenReport | None) -> tuple[str, str]:
    """Give the words that a claim cites, and the place on the page of the report where they stand."""
    if opened is None or citation.start is None or citation.end is None:
        return "", ""
    span = citation.start, citation.end
    return " ".join(opened.text[slice(*span)].split()), mark_at(opened, span)
