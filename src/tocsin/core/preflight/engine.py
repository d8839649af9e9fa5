"""Run all rules over one document."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import Registry
from tocsin.core.errors import BadWaiver
from tocsin.core.preflight.catalogue import load_rules
from tocsin.core.preflight.findings import SEVERITIES, Finding, Lack, Report, Unchecked, Waiver
from tocsin.core.preflight.rule import Hit, Need, Rule
from tocsin.core.preflight.sentences import Sentences
from tocsin.core.preflight.sentences import load as load_sentences
from tocsin.core.preflight.subject import Grounded, Subject
from tocsin.core.preflight.wording import Phrase, Value
from tocsin.core.records import Case
from tocsin.core.treaties import TreatyTable
from tocsin.core.vocab import SOURCE_LANGUAGE

_MOST_PLACES = 50


def check(  # noqa: PLR0913 - what a check may look at is given one by one, and may be missing
    document: AppealDocument,
    *,
    on: dt.date,
    case: Case | None = None,
    grounds: Sequence[Grounded] | None = None,
    registry: Registry | None = None,
    treaties: TreatyTable | None = None,
    waivers: Sequence[Waiver] = (),
    beside: Sequence[AppealDocument] | None = None,
    before: AppealDocument | None = None,
    language: str = SOURCE_LANGUAGE,
) -> Report:
    """Check a document against all rules.

    Args:
        document: An appeal or report, as read or composed.
        on: The day for which it is checked; usually the date of issue. Waivers are judged on this day.
        case: The case that the document was made of, where it is at hand.
        grounds: Which stretches of the document rest on which records, as composing gives them.
        registry: The list of published codes, where it is at hand.
        treaties: Which State is bound by which treaty, where a table is at hand.
        waivers: Decisions to let findings stand.
        beside: The editions that the document has to say the same as, where they are at hand.
        before: The appeal that the document follows, in the same language, where it is at hand.
        language: In which the findings are said, one of `languages()`; what is found is the same in all.

    Returns:
        The findings, which rules ran, and which did not for want of what. Never an error because of what a document
        says.

    Raises:
        BadWaiver: A waiver for a rule that does not exist or may not be waived, or without a reason.
    """
    subject = Subject(document, on, case, grounds, registry, treaties, beside, before)
    given = _by_rule(waivers)
    sentences = load_sentences(language)
    findings: list[Finding] = []
    checked: list[str] = []
    unchecked: list[Unchecked] = []
    for rule in load_rules().values():
        unchecked += _unchecked(rule, subject, sentences)
        if rule.find is None or _lack(rule, subject) is not None:
            continue
        checked.append(rule.id)
        said = (_finding(rule, hit, given.get(rule.id, ()), on, sentences) for hit in _merged(rule.find(subject)))
        findings += said
    found = [(finding.rule, finding.cause) for finding in findings]
    idle = tuple(
        each for each in waivers if not any(each.rule == rule and each.is_about(cause) for rule, cause in found)
    )
    return Report(on, tuple(sorted(findings, key=_order(subject))), tuple(checked), tuple(unchecked), idle)


def _by_rule(waivers: Iterable[Waiver]) -> dict[str, list[Waiver]]:
    """Give the waivers by rule, those that hold longest last."""
    rules, found = load_rules(), dict[str, list[Waiver]]()
    for waiver in waivers:
        if waiver.rule not in rules:
            raise BadWaiver("no rule has the id of this waiver", where=waiver.rule, hint="see docs/preflight.md")
        if not rules[waiver.rule].waivable:
            raise BadWaiver("this error protects a person and cannot be waived", where=waiver.rule, hint="mend it")
        if not waiver.reason.strip():
            raise BadWaiver("a waiver needs a reason", where=waiver.rule)
    for waiver in sorted(waivers, key=lambda waiver: waiver.until):
        found.setdefault(waiver.rule, []).append(waiver)
    return found


def _unchecked(rule: Rule, subject: Subject, sentences: Sentences) -> Iterator[Unchecked]:
    """Say why a rule does not run, or runs in part only."""
    if rule.find is None:
        yield Unchecked(rule.id, rule.severity, "later", sentences.say(rule.id, "later"))
    elif (lack := _lack(rule, subject)) is not None:
        yield Unchecked(rule.id, rule.severity, lack, sentences.say("lacks", lack))
    else:
        for need in rule.partly:
            if not _has(subject, need):
                says = sentences.say("lacks", "partly", {"lack": Phrase(need)})
                yield Unchecked(rule.id, rule.severity, need, says, partly=True)


def _lack(rule: Rule, subject: Subject) -> Lack | None:
    """Say what a rule lacks to run."""
    if rule.kinds and subject.document.kind not in rule.kinds:
        return "kind"
    for need in rule.needs:
        if not _has(subject, need):
            return need
    return None if all(map(subject.knows, rule.words)) else "words"


def _has(subject: Subject, need: Need) -> bool:
    given: dict[Need, object] = {
        "case": subject.case,
        "registry": subject.registry,
        "treaties": subject.treaties,
        "facts": subject.reads_facts or None,
        "editions": subject.beside,
        "before": subject.before,
    }
    return given[need] is not None


def _merged(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Make one hit of those that have one cause; the first says the sentence."""
    by_cause: dict[str, list[Hit]] = {}
    for hit in hits:
        first = hit.places[0]
        by_cause.setdefault(hit.cause or first.words.casefold() or first.path, []).append(hit)
    for cause, same in by_cause.items():
        places = dict.fromkeys(place for hit in same for place in hit.places)
        yield Hit(tuple(places)[:_MOST_PLACES], same[0].values, cause, same[0].severity)


def _finding(rule: Rule, hit: Hit, waivers: Iterable[Waiver], on: dt.date, sentences: Sentences) -> Finding:
    severity = hit.severity or rule.severity
    cause = sha256((hit.cause or "").encode("utf-8", "surrogatepass")).hexdigest()[:16]
    waiver = next((each for each in reversed(tuple(waivers)) if each.is_about(cause)), None)
    values: dict[str, Value] = {"words": _shortened(hit.places[0].words), **hit.values}
    return Finding(
        rule=rule.id,
        severity=severity,
        says=sentences.say(rule.id, "says", values),
        fix=sentences.say(rule.id, "fix", values),
        places=hit.places,
        waiver=waiver,
        stands=waiver is None or not waiver.holds(on),
        cause=cause,
    )


def _shortened(words: str, width: int = 120) -> str:
    """Put words on one line that a sentence can quote."""
    line = " ".join(words.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _order(subject: Subject) -> Callable[[Finding], tuple[int, int, int, str]]:
    """Give the order of findings: by severity, then as the document goes."""
    paths = {passage.path: number for number, passage in enumerate(subject.passages)}

    def key(finding: Finding) -> tuple[int, int, int, str]:
        place = finding.places[0]
        start = place.span[0] if place.span else 0
        return SEVERITIES.index(finding.severity), paths.get(place.path, -1), start, finding.rule

    return key
