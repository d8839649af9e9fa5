"""What a formula says of an act is read as this act: its type, its method, who did it and to whom, on the same day."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from one_act import GROUP, HOUSE, OF_ORGANISATIONS, VICTIM, case_of_one_act

from tocsin.core import reader
from tocsin.core.appeal import Act
from tocsin.core.compose import compose
from tocsin.core.phrasebook import languages, open_phrasebook
from tocsin.core.render import render
from tocsin.core.vocab import load

MISSES = tomllib.loads(Path(__file__).with_name("read_back_misses.toml").read_text("utf-8"))


def formulae(language: str) -> Iterator[tuple[str, str | None]]:
    """Give each type of act, and each method that has words of its own for it."""
    book = open_phrasebook(language)
    for act in load("violation_types"):
        yield act, None
        for method in load("act_methods"):
            named = (f"method-{method}-{act}.of", f"method-{method}.of")
            if any(book.has(each) and act in book.say(each).split() for each in named):
                yield act, method


def read_back(act: str, method: str | None, language: str, *, by_somebody: bool) -> list[Act]:
    """Compose an appeal of one act, and give what the reader finds of the day on which it was done."""
    case = case_of_one_act(act, method=method, by_somebody=by_somebody, language=language)
    text = render(compose(case, language=language).document, "txt")
    return [found for event in reader.read(text)[0].document.facts.events if event.date for found in event.acts]


def is_read(act: str, method: str | None, language: str, *, by_somebody: bool) -> bool:
    victim = HOUSE[language] if act in OF_ORGANISATIONS else VICTIM
    return any(
        found.type == act
        and method in {None, found.method}
        and victim in found.victims
        and (not by_somebody or found.actors == (GROUP[language],))
        for found in read_back(act, method, language, by_somebody=by_somebody)
    )


@pytest.mark.parametrize("language", languages())
def test_every_formula_of_an_act_is_read_as_what_it_says(language: str) -> None:
    missed = {
        " ".join(filter(None, (act, method, "by somebody" if by_somebody else None)))
        for act, method in formulae(language)
        for by_somebody in (True, False)
        if not is_read(act, method, language, by_somebody=by_somebody)
    }
    listed = set(MISSES[language])
    assert (sorted(missed - listed), sorted(listed - missed)) == ([], []), "no longer read; now read, take off the list"


@pytest.mark.parametrize("language", languages())
def test_every_formula_that_is_not_read_has_a_reason(language: str) -> None:
    assert all(len(reason.split()) > 3 for reason in MISSES[language].values())
