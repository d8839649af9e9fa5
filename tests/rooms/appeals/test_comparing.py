"""Whatever becomes public and is not the same in two versions of an appeal is said where they are compared."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from desk_of_appeals import recent_case
from tocsin.appeals.comparing import Differs, compare
from tocsin.appeals.store import Content, Edition
from tocsin.core.compose import compose
from tocsin.core.drafting import with_text
from tocsin.core.publication import LetterLanguages, Mission, Salutation, Way

NO_DATABASE = True

Change = Callable[[Content], Content]


@pytest.fixture(scope="module")
def content() -> Content:
    case = recent_case()
    french = Edition(compose(case, language="fr"), translates=1)
    return Content((Edition(compose(case, language="en")), french), 1)


def written(content: Content, language: str) -> Content:
    edition = content.edition(language)
    made = with_text(edition.composition, "title", "Zarvania: two")
    return content.with_edition(msgspec.structs.replace(edition, composition=made))


def issued(content: Content) -> Content:
    def later(edition: Edition) -> Edition:
        document = replace(edition.composition.document, issued_on=dt.date(2026, 12, 1))
        return msgspec.structs.replace(edition, composition=replace(edition.composition, document=document))

    return msgspec.structs.replace(content, editions=tuple(map(later, content.editions)))


def under_embargo(content: Content) -> Content:
    return msgspec.structs.replace(content, not_before=dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC))


def corrected(content: Content) -> Content:
    return msgspec.structs.replace(content, note="A slip.")


def with_an_embassy(content: Content) -> Content:
    way = Way("email", "mission@xzv.example", "mission@xzv.example")
    return msgspec.structs.replace(content, missions=(Mission("XOS", "embassy", (("en", "Embassy"),), "Orta", (way,)),))


def read_in_french(content: Content) -> Content:
    said = (LetterLanguages("email", "mission@xzv.example", ("fr",)),)
    return msgspec.structs.replace(content, letter_languages=said)


def addressed(content: Content) -> Content:
    own = (Salutation("email", "mission@xzv.example", "fr", "Madame,", "Salut,"),)
    return msgspec.structs.replace(content, salutations=own)


def with_arabic(content: Content) -> Content:
    source = content.source.composition
    arabic = replace(source, document=replace(source.document, language="ar"))
    return content.with_edition(Edition(arabic, translates=1))


def without_french(content: Content) -> Content:
    return msgspec.structs.replace(content, editions=content.editions[:1])


def as_it_was(content: Content) -> Content:
    return content


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (as_it_was, set()),
        (lambda content: written(content, "en"), {"en title"}),
        (lambda content: written(content, "fr"), {"fr title"}),
        (issued, {"day"}),
        (under_embargo, {"hour"}),
        (corrected, {"correction"}),
        (with_an_embassy, {"embassy"}),
        (read_in_french, {"letter_languages"}),
        (addressed, {"salutation"}),
        (with_arabic, {"ar came"}),
        (without_french, {"fr went"}),
    ],
)
def test_what_is_not_the_same_is_said(content: Content, change: Change, said: set[str]) -> None:
    assert set(told(compare(content, change(content), "en"))) == said


def told(found: Differs) -> list[str]:
    whole = [each.role for each in found.whole]
    texts = [f"{one.language} {each.role}" for one in found.editions for each in one.differs]
    moves = [f"{one.language} {move}" for one in found.editions for move in ("came", "went") if getattr(one, move)]
    return [*whole, *texts, *moves]
