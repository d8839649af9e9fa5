"""Adding a fact from words of a report from which nothing was read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.core.recording import FIELDS, Fact, Kind, Settled
from tocsin.intake.forms import Change
from tocsin.intake.opened import OpenReport

_RANGE = re.compile(r"([0-9]{1,7})-([0-9]{1,7})")
KINDS: Mapping[Kind, Promise] = {
    "event": _("what happened"),
    "person": _("a person"),
    "group": _("a group"),
    "organisation": _("an organisation"),
    "place": _("a place"),
    "charge": _("a charge"),
    "status": _("where somebody is held"),
    "proceeding": _("a case before an authority"),
    "quotation": _("words that somebody said"),
    "law": _("a law that is cited"),
    "act": _("an act of an event"),
}
# The field that the chosen words are filled into.
_WORDS = {"event": "what", "charge": "offence", "quotation": "quote"}


@dataclass(frozen=True, slots=True)
class Adding:
    """A fact that is about to be added: the words, what it is to be, and the form for that.

    Attributes:
        start, end: From which character to which.
        quote: The words.
        kind: What it is to be; empty while nobody has chosen.
        within: The key of the event that an act is one of.
        form: The form.
        kinds: What can be chosen.
    """

    start: int
    end: int
    quote: str
    kind: str
    within: str
    form: Change | None
    kinds: tuple[tuple[str, Promise], ...]

    @property
    def span(self) -> tuple[int, int]:
        """Give the place of the words."""
        return self.start, self.end


def adding(opened: OpenReport, asked: Mapping[str, str], posted: Mapping[str, str] | None = None) -> Adding | None:
    """Read from an address or a form which words were chosen, and for what; nothing where that makes no sense."""
    found = _RANGE.fullmatch(asked.get("add", ""))
    if found is None or not int(found[1]) < int(found[2]) <= len(opened.text):
        return None
    start, end = int(found[1]), int(found[2])
    kind, within = asked.get("kind", ""), asked.get("within", "")
    events = {each.key for each in opened.facts if each.kind == "event"}
    if kind not in FIELDS or (kind == "act") is not (within in events):
        kind, within = "", ""
    quote = " ".join(opened.text[start:end].split())
    form = Change(posted, _new(kind, (start, end), quote), opened.settled) if kind else None  # type: ignore[arg-type]
    kinds = tuple((code, words) for code, words in KINDS.items() if code != "act")
    return Adding(start, end, quote, kind, within, form, kinds)


def _new(kind: Kind, span: tuple[int, int], quote: str) -> Settled:
    values = dict.fromkeys(FIELDS[kind], "")
    field = _WORDS.get(kind, "name")
    if field in values:
        values[field] = quote
    return Settled(Fact("new", kind, span, values), "open", values, 0)
