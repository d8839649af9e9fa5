"""The page of all rules of preflight, written from their TOML files."""

from collections.abc import Iterator, Mapping

from tocsin.core.preflight import FAMILIES, Rule, load_rules
from tocsin.core.preflight.words import languages, tables
from tocsin.core.reader import FACT_LANGUAGES

_INTRODUCTION = """\
Generated from `src/tocsin/core/preflight/rules` by `make docs`; do not edit. `tocsin check FILE` runs {running} of
these {number} rules on a text or an appeal document; {waiting} wait for something that this version lacks, and say so.

- An **error** blocks approval (exit code 1). A **warning** needs mending or a waiver. **Information** needs neither.
- A **waiver** (`--waive ID=REASON@2026-12-31`) has a reason and a last day; without a day it holds for 30 days from the
  day of the check. The finding stays in the report. After the last day it stands again, and says so.
- Warnings may be waived, and errors too: appeals that everybody respects break some of these rules, and a check that
  cannot be overruled is switched off. Never waived are the errors of Consent and Safety: they protect people whose
  decision it is not to be in danger.
- A rule that lacks an input is listed as *not checked*; it never counts as passed.
- The rules judge what the reader understood of a text, and words in lists. They find much and not all, and they are
  sometimes wrong: read the words that a finding quotes before you believe it."""

_NEEDS = {"case": "the case (`--case`)", "registry": "the published codes (`--registry`)", "treaties": "", "facts": "",
          "editions": "the other editions", "before": "the appeal before it"}  # fmt: skip
_SEVERITIES = {"error": "**error**", "warning": "warning", "information": "information"}


def rules_page() -> str:
    """Write all rules, a section a family, in the order of their files."""
    rules = load_rules()
    waiting = sum(rule.find is None for rule in rules.values())
    introduction = _INTRODUCTION.format(number=len(rules), running=len(rules) - waiting, waiting=waiting)
    parts = ["# What is checked before an appeal may be approved", introduction]
    for letters, name in FAMILIES.items():
        family = [rule for id_, rule in rules.items() if id_.startswith(letters)]
        if family:
            parts.append(f"## {name.capitalize()}")
            parts += ["\n\n".join(_section(rule)) for rule in family]
    return "\n\n".join(parts) + "\n"


def _section(rule: Rule) -> Iterator[str]:
    """Write one rule: what it catches, what it needs, why, what to do, and a line that it finds."""
    yield f"### {rule.id} {rule.title}"
    yield " · ".join([_SEVERITIES[rule.severity], *_conditions(rule)])
    yield " ".join(filter(None, (rule.why, f"*{rule.fix}*" if rule.fix else "")))
    lines = [example["situation"] for example in rule.examples["bad"] if [*example] == ["situation"]]
    if lines:
        yield f"> {lines[0]}"


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.find is None:
        yield f"**not yet**: {rule.later}"
        return
    yield from (f"needs {_NEEDS[need]}" for need in rule.needs if _NEEDS[need])
    yield from (f"for a part, {_NEEDS[need]}" for need in rule.partly)
    spoken = set(FACT_LANGUAGES) if "facts" in rule.needs else set()
    by_table = _languages_by_table()
    for table in rule.words:
        spoken = spoken & by_table[table] if spoken else by_table[table]
    if spoken:
        yield f"texts in {', '.join(sorted(spoken))}"
    if rule.kinds:
        yield ", ".join(kind.replace("_", " ") for kind in rule.kinds)


def _languages_by_table() -> Mapping[str, set[str]]:
    known = {*languages(), *FACT_LANGUAGES}
    return {table: {tag for tag in known if table in tables(tag)} for tag in known for table in tables(tag)}
