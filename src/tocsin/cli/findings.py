"""The findings of a check, for a person at a terminal and as plain values for a program."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tocsin.cli.terminal import calm, one_line
from tocsin.core.appeal import AppealDocument
from tocsin.core.preflight import Finding, Report, Unchecked

SCHEMA = "tocsin/findings/1"
_WIDTH = 100
_QUOTED = 100
_MOST_SHOWN = 4
_PATH = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+)(?:\[(\d+)\])?)?")
_HEADS = {"error": "ERROR", "warning": "warning", "information": "note"}
_WHOLES = {
    "addressees": "the list of addressees",
    "demands": "the list of demands",
    "issued_on": "the date of issue",
    "language": "the edition as a whole",
    "reference": "the code",
    "sections": "the text as a whole",
    "violations": "the violation line",
}
_MARKS_OF_DIRECTION = dict.fromkeys(range(0x2066, 0x206A))
_FIELDS = {
    "addressees": "addressee",
    "contacts": "contact",
    "demands": "demand",
    "notes": "note",
    "requests": "closing request",
    "violations": "violation line, entry",
}


def described(document: AppealDocument, report: Report) -> dict[str, Any]:
    """Give a report as plain values."""
    return {
        "schema": SCHEMA,
        "code": document.reference.canonical if document.reference else None,
        "language": document.language,
        "on": report.on.isoformat(),
        "blocked": report.blocked,
        "findings": [_plain(asdict(finding)) for finding in report.findings],
        "checked": list(report.checked),
        "unchecked": [asdict(each) for each in report.unchecked],
        "idle_waivers": [_plain(asdict(waiver)) for waiver in report.idle],
    }


def _plain(value: Any) -> Any:
    """Give dates as ISO 8601."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def printed(document: AppealDocument, report: Report) -> str:
    """Print a report: what stands first, errors before warnings, then what was waived and what was not checked."""
    return "\n".join(_lines(document, report))


def _lines(document: AppealDocument, report: Report) -> Iterator[str]:
    code = document.reference.canonical if document.reference else "no code"
    yield calm(f"{one_line(code)} · checked for {report.on.isoformat()} · {_verdict(report)}")
    standing = [finding for finding in report.findings if finding.stands]
    waived = [finding for finding in report.findings if not finding.stands]
    for finding in standing:
        yield ""
        yield from _finding(document, finding)
    if waived:
        yield "\nWaived"
        for finding in waived:
            yield from _waived(finding)
    for waiver in report.idle:
        yield f"\nThe waiver for {waiver.rule} is not needed: the rule found nothing, or did not run."
    if report.unchecked:
        missing = sum(not each.partly for each in report.unchecked)
        yield f"\nNot checked: {missing} of {missing + len(report.checked)} rules"
        yield from _unchecked(report.unchecked)


def _verdict(report: Report) -> str:
    standing = [finding.severity for finding in report.findings if finding.stands]
    errors, warnings = standing.count("error"), standing.count("warning")
    if errors:
        return f"cannot be approved: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
    return f"no error; {_counted(warnings, 'warning')} to mend or to waive" if warnings else "nothing stands in the way"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _finding(document: AppealDocument, finding: Finding) -> Iterator[str]:
    yield from _wrapped(f"{_HEADS[finding.severity]} {finding.rule}  {_unmarked(finding.says)}", "", "    ")
    for place in finding.places[:_MOST_SHOWN]:
        quoted = _quoted(place.words)
        yield from _wrapped(": ".join(filter(None, (_spoken(document, place.path), quoted))), "    ", "      ")
    if len(finding.places) > _MOST_SHOWN:
        yield f"    … and in {len(finding.places) - _MOST_SHOWN} more places"
    yield from _wrapped(f"→ {_unmarked(finding.fix)}", "    ", "      ")
    if finding.waiver is not None:
        yield from _wrapped(f"! the waiver ran out on {finding.waiver.until.isoformat()}", "    ", "      ")


def _waived(finding: Finding) -> Iterator[str]:
    waiver = finding.waiver
    decided = f" (waived until {waiver.until.isoformat()}: {waiver.reason})" if waiver else ""
    yield from _wrapped(f"{finding.rule}  {_unmarked(finding.says)}{decided}", "  ", "    ")


def _unmarked(sentence: str) -> str:
    """Take the marks of direction out of a sentence: a terminal that obeys them can be lied to, and shows them here."""
    return sentence.translate(_MARKS_OF_DIRECTION)


def _unchecked(unchecked: tuple[Unchecked, ...]) -> Iterator[str]:
    by_lack: dict[str, list[str]] = defaultdict(list)
    for each in unchecked:
        if each.lacks != "later":
            by_lack[_unmarked(each.says)].append(each.rule)
    for says, rules in by_lack.items():
        yield from _wrapped(f"{says}: {', '.join(rules)}", "  ", "    ")
    if later := [each.rule for each in unchecked if each.lacks == "later"]:
        yield from _wrapped(f"decided elsewhere or later, see docs/preflight.md: {', '.join(later)}", "  ", "    ")


def _spoken(document: AppealDocument, path: str) -> str:
    """Say a path as a person would: `sections[0].paragraphs[3]` is paragraph 4 of the situation."""
    match = _PATH.fullmatch(path)
    if match is None:
        return path
    field, number, inner, position = match.groups()
    if field == "sections" and number is not None and int(number) < len(document.sections):
        role = document.sections[int(number)].role.replace("_", " ")
        return f"{role}, {inner.removesuffix('s')} {int(position) + 1}" if position else f"{role}, {inner or 'section'}"
    if field == "demands" and number is not None and int(number) < len(document.demands):
        return f"demand {document.demands[int(number)].ordinal or int(number) + 1}"
    if number is None and inner is None:
        return _WHOLES.get(field, field)
    if number is not None and inner is None:
        return f"{_FIELDS.get(field, field)} {int(number) + 1}"
    return path.replace("_", " ")


def _quoted(words: str) -> str:
    """Quote words; those with quotation marks of their own stand as they are."""
    line = one_line(words)
    if len(line) > _QUOTED:
        line = line[: _QUOTED - 1].rstrip() + "…"
    return f"“{line}”" if line and not set(line) & set('“”"«»') else line


def _wrapped(text: str, first: str, rest: str) -> Iterator[str]:
    yield from textwrap.wrap(
        one_line(text), _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
