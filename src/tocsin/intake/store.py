"""The sealed parts of reports in the database."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from tocsin.core.errors import CannotOpen, Locked
from tocsin.intake.models import Report, ReportPart
from tocsin.intake.opened import Answered, Arrival, OpenReport, Ruled, Ruling, Said, Understood
from tocsin.intake.tables import URGENT
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

COMPARTMENT = "report"
ORIGINAL, ARRIVAL, UNDERSTOOD, RULING, SAID = "original", "arrival", "understood", "ruling", "said"

_Written = TypeVar("_Written", Arrival, Understood, Ruling, Said)


def put(
    keys: CompartmentKeys, report: UUID, kind: str, version: int, value: bytes, *, by: UUID | None, now: datetime
) -> None:
    """Seal a part for its place and store it."""
    sealed = keys.seal(value, _place(report, kind, version))
    ReportPart.objects.create(report_id=report, kind=kind, version=version, sealed=sealed, saved_by=by, saved_at=now)


def opened(keys: CompartmentKeys, report: Report) -> OpenReport:
    """Open all of a report but the file as it came.

    Raises:
        CannotOpen: if a part was removed, changed or moved.
    """
    return _opened(keys, report, _parts([report])[report.id])


def opened_all(keys: Mapping[UUID, CompartmentKeys], reports: Iterable[Report]) -> Iterator[OpenReport | None]:
    """Open several reports with one question to the database; nothing in the place of one that does not open."""
    wanted = list(reports)
    parts = _parts(wanted)
    for report in wanted:
        try:
            yield _opened(keys[report.id], report, parts[report.id]) if report.id in keys else None
        except Locked:
            yield None


def urgent_among(keys: Mapping[UUID, CompartmentKeys], reports: Iterable[Report]) -> frozenset[UUID]:
    """Give those reports of which somebody said that one has to act today; nothing but what was decided is opened."""
    decided = [report.id for report in reports if report.version and report.id in keys]
    answers: dict[UUID, str] = {}
    for part in ReportPart.objects.filter(report__in=decided, kind=RULING).order_by("version"):
        try:
            ruling = _open(keys[part.report_id], part, Ruling)
        except Locked:
            continue
        if ruling.question == URGENT:
            answers[part.report_id] = ruling.answer
    return frozenset(report for report, answer in answers.items() if answer == "yes")


def _parts(reports: list[Report]) -> dict[UUID, list[ReportPart]]:
    parts: dict[UUID, list[ReportPart]] = {report.id: [] for report in reports}
    for part in ReportPart.objects.filter(report__in=reports).exclude(kind=ORIGINAL).order_by("version"):
        parts[part.report_id].append(part)
    return parts


def _opened(keys: CompartmentKeys, report: Report, parts: list[ReportPart]) -> OpenReport:
    arrivals = [each for each in parts if each.kind == ARRIVAL]
    rulings = [each for each in parts if each.kind == RULING]
    if len(arrivals) != 1 or [each.version for each in rulings] != list(range(1, report.version + 1)):
        raise CannotOpen("a part of this report is missing")
    read = next((each for each in reversed(parts) if each.kind == UNDERSTOOD), None)
    return OpenReport(
        report=report,
        arrival=_open(keys, arrivals[0], Arrival),
        understood=_open(keys, read, Understood) if read else None,
        rulings=tuple(Ruled(each.version, _open(keys, each, Ruling), each.saved_by, each.saved_at) for each in rulings),
        said=tuple(
            Answered(_open(keys, each, Said).text, each.saved_by, each.saved_at) for each in parts if each.kind == SAID
        ),
    )


def _open(keys: CompartmentKeys, part: ReportPart, kind: type[_Written]) -> _Written:
    value = keys.open(bytes(part.sealed), _place(part.report_id, part.kind, part.version))
    try:
        return msgspec.json.decode(value, type=kind)
    except msgspec.ValidationError as error:
        raise CannotOpen("this part of a report was written by another version") from error


def original(keys: CompartmentKeys, report: UUID) -> bytes:
    """Open the file as it came."""
    part = ReportPart.objects.filter(report_id=report, kind=ORIGINAL).first()
    if part is None:
        raise CannotOpen("the file of this report is missing")
    return keys.open(bytes(part.sealed), _place(report, ORIGINAL, 1))


def _place(report: UUID, kind: str, version: int) -> Place:
    return Place("report_part", report, kind, version)
