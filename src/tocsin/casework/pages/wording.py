"""Words for a page, each with the language that it is in: a page in Arabic may have to show a label in English."""

from dataclasses import dataclass

from django.utils.translation import gettext

from tocsin.core import vocab
from tocsin.core.records import (
    Case,
    Count,
    Group,
    InstrumentArticle,
    LawCited,
    Organisation,
    Person,
    Provision,
    Wording,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words and their language; none where it is not known, as with names."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        """Give the words alone."""
        return self.text


def label(vocabulary: str, code: str | None, language: str) -> Words | None:
    """Give the label of a code, in English where there is none in the language of the page."""
    term = vocab.load(vocabulary).get(code) if code else None
    if term is None:
        return Words(code) if code else None
    said = term.label(language)
    return Words(said.text, said.language)


def words_of(wording: Wording | None, language: str) -> Words | None:
    """Give a wording in a language, else in English, else in the first that it has."""
    if wording is None or not wording.texts:
        return None
    for tag in (language, "en"):
        if text := wording.text(tag):
            return Words(text, tag)
    return Words(wording.texts[0].text, wording.texts[0].language)


def count_words(count: Count) -> str:
    """Say how many, as exactly as it is known."""
    told = {"about": count.about, "least": count.min, "most": count.max}
    if count.exact is not None:
        return str(count.exact)
    if count.about is not None:
        return gettext("about %(about)s") % told
    if count.min is not None and count.max is not None:
        return gettext("%(least)s to %(most)s") % told
    if count.min is not None:
        return gettext("at least %(least)s") % told
    return gettext("at most %(most)s") % told if count.max is not None else count.words or ""


def law_words(law: LawCited | InstrumentArticle, language: str) -> Words:
    """Name a law or treaty with its article."""
    words = label("instruments", law.instrument, language) or Words(law.instrument)
    return Words(", ".join(filter(None, (words.text, _article(law.article)))), words.language)


def provision_words(law: Provision) -> Words | None:
    """Name a provision as it is printed: the law, its article; nothing where neither is known."""
    words = ", ".join(filter(None, (law.code, _article(law.number))))
    return Words(words) if words else None


def _article(number: str | None) -> str:
    return gettext("art. %(article)s") % {"article": number} if number else ""


def name(case: Case, ref: str, language: str) -> Words:
    """Name a person, an organisation or a group as a colleague knows them."""
    record = case.by_id.get(ref)
    if isinstance(record, Person):
        return Words(record.preferred.full)
    if isinstance(record, Organisation):
        # A case that was opened from a report has a publisher before anybody has said which.
        is_ours = case.appeal.publisher == ref
        unnamed = gettext("the publisher of the appeal") if is_ours else gettext("an organisation without a name")
        return Words(record.preferred_name(language) or unnamed)
    if isinstance(record, Group):
        known = words_of(record.label, language) or label("actor_types", record.actor_type, language)
        return known or Words(gettext("people not described yet"))
    return Words(ref)


def names(case: Case, refs: tuple[str, ...], language: str) -> tuple[Words, ...]:
    """Name several."""
    return tuple(name(case, ref, language) for ref in refs)
