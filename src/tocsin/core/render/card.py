"""The share card: the picture that stands for a page where somebody passes its address on.

A card travels without its page. Networks and messengers show it to strangers and keep it when the page is corrected or
retracted, so it names nobody: it says kind, code, country and violations in our own words, and no text of the document.
"""

import re
from dataclasses import dataclass

from tocsin.core.appeal import AppealDocument
from tocsin.core.render.labels import Labels, labels_for
from tocsin.core.render.layout import code_of, is_public, is_urgent
from tocsin.core.vocab import Direction, country, direction_of, load

# The form of the codes of all schemes. What is none might be anything, a name too.
_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Z0-9 ./:-]{3,40}")
_MOST = 4  # violations that a card has room for


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, in the language of the labels; `more` where a document has more violations than it names."""

    language: str
    direction: Direction
    banner: str
    urgent: bool
    code: str
    countries: tuple[str, ...]
    violations: tuple[str, ...]
    more: bool
    date: str | None

    @property
    def heading(self) -> str:
        """Name the document as its title does, but without people."""
        return f"{self.banner} – {self.code}"

    @property
    def words(self) -> str:
        """Say what the card shows, for those who do not see it."""
        return " · ".join((*self.countries, *self.violations, *([self.date] if self.date else []), self.heading))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page and its card will be found on the web."""

    page: str
    card: str


def lay_out_card(document: AppealDocument) -> Card | None:
    """Lay a card out; a document that is not published or has no code has none."""
    code = code_of(document)
    if code is None or not is_code(code) or not is_public(document):
        return None
    labels = labels_for(document.language)
    named = [name for violation in document.violations if (name := _violation(violation.code, labels))]
    violations = tuple(dict.fromkeys(named))
    found = (country(each) for each in document.countries)
    return Card(
        language=labels.language,
        direction=direction_of(labels.language),
        banner=labels.kind_of(document),
        urgent=is_urgent(document),
        code=code,
        countries=tuple(each.name(labels.language) for each in found if each),
        violations=violations[:_MOST],
        more=len(violations) > _MOST,
        date=labels.day(document.issued_on) if document.issued_on else None,
    )


def is_code(text: str) -> bool:
    """Say whether a text has the form of a code, so that it may stand where other text may not."""
    return _CODE.fullmatch(text) is not None


def _violation(code: str | None, labels: Labels) -> str | None:
    """Name a violation by its entry in the vocabulary; what has none might be anything, and is left out."""
    terms = (load(name).get(code or "") for name in ("violation_types", "procedure_types"))
    return next((str(term.label(labels.language)) for term in terms if term is not None), None)
