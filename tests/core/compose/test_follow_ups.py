"""Follow-ups put their news first, say what is known once, and ask for nothing that has come."""

from dataclasses import replace

import pytest
from follow_ups import CHAINS

from tocsin.core.compose import Composition, LastTold, compose
from tocsin.core.records import Translation, Wording
from tocsin.core.render import render


def printed(composition: Composition) -> str:
    return render(composition.document, "txt")


def sentences(composition: Composition) -> list[str]:
    """Give the sentences of the story and the position."""
    texts = {
        f"sections[{number}].paragraphs[{at}]": paragraph.text
        for number, section in enumerate(composition.document.sections)
        for at, paragraph in enumerate(section.paragraphs)
    }
    return [texts[each.path][each.start : each.end] for each in composition.grounds if each.path in texts]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_golden_of_follow_ups(golden, language: str) -> None:
    texts = [
        f"{name}.{number}\n\n{printed(each)}"
        for name, chain in CHAINS.items()
        for number, each in enumerate(chain.appeals(language))
        if number
    ]
    golden(f"compose/follow-ups.{language}.txt", "\n\n".join(texts))


# What a follow-up says of itself: its title and its line of violations.
HEADS = {
    "suspects-on-trial": [
        ("Belmara: Opening of an investigation into what was done to Ixtal Moreda", ["killing"]),
        ("Belmara: Trial over what was done to Ixtal Moreda", ["killing"]),
    ],
    "disappeared-and-found": [
        ("Zarvania: Charges against Jorun Halvek", ["enforced_disappearance"]),
        ("Zarvania: Release of Jorun Halvek", ["release", "enforced_disappearance"]),
    ],
    "banned-then-arrested": [
        ("Ostrevia: Arbitrary arrest of Aveline Sturm", ["arbitrary_arrest", "travel_ban"]),
        ("Ostrevia: Ill-treatment of Aveline Sturm", ["ill_treatment", "travel_ban"]),
    ],
    "sentenced-then-acquitted": [
        (
            "Zarvania: Denial of medical care to Ysolde Varn",
            ["denial_medical_care", "sentencing", "unfair_trial", "arbitrary_detention"],
        ),
        (
            "Zarvania: Release of Ysolde Varn and acquittal of Ysolde Varn and Bram Otteken",
            ["release", "acquittal", "sentencing", "unfair_trial"],
        ),
    ],
}


@pytest.mark.parametrize("name", HEADS)
def test_title_violation_line_and_first_sentence_tell_the_news(name: str) -> None:
    _, *made = CHAINS[name].appeals("en")
    for each, (title, violations) in zip(made, HEADS[name], strict=True):
        document = each.document
        assert document.title is not None
        assert (document.title.text, [line.code for line in document.violations]) == (title, violations)
        news = title.partition(": ")[2].partition(" ")[2]
        assert news.split(" and ")[0] in document.sections[0].paragraphs[0].text.partition(". ")[0]


# Of each chain, what its appeals ask: the first one and two follow-ups.
ASKED = {
    "disappeared-and-found": [
        [("disclose_whereabouts",), ("release", "guarantee_integrity"), ("investigate", "prosecute", "sanction")],
        [("release", "guarantee_integrity"), ("investigate", "prosecute", "sanction")],
        [("guarantee_integrity",), ("investigate", "prosecute", "sanction")],
    ],
    "banned-then-arrested": [
        [("lift_restrictions", "return_property")],
        [("release",), ("lift_restrictions", "return_property")],
        [("release",), ("lift_restrictions", "return_property"), ("investigate", "prosecute", "sanction")],
    ],
    "sentenced-then-acquitted": [
        [("release", "quash_conviction"), ("quash_conviction",), ("fair_trial",)],
        [("release", "quash_conviction"), ("quash_conviction",), ("fair_trial",)],
        [],
    ],
}


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_asked_that_has_come_and_what_is_new_is_asked_for(name: str) -> None:
    asked = [[demand.types for demand in each.document.demands] for each in CHAINS[name].appeals("en")]
    assert asked == ASKED[name]


def test_a_demand_in_words_that_ask_for_the_release_of_who_is_free_is_composed_anew() -> None:
    *_, before, case = CHAINS["disappeared-and-found"].states()
    plain = case.by_id["d2"]
    words = Wording((Translation("en", "Release Jorun Halvek and keep him safe"),))
    worded = replace(case, demands=tuple(replace(each, text=words) if each is plain else each for each in case.demands))
    made = compose(worded, kind="new_information", language="en", last=LastTold(before))
    assert not [each for each in made.document.demands if "elease" in each.text]
    assert ("d2", "text_en", "it asks for what has come: it was composed") in [
        (gap.record, gap.field, gap.reason) for gap in made.gaps
    ]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_no_state_is_said_twice_and_an_old_one_is_asked_about(language: str) -> None:
    for name, chain in CHAINS.items():
        for made in chain.appeals(language):
            said = sentences(made)
            assert len(said) == len(set(said)), name
    last = list(CHAINS["banned-then-arrested"].appeals(language))[-1]
    asked = {gap.record for gap in last.gaps if gap.field == "status"}
    assert asked == {"det9", "pr1"}


def test_what_acts_aim_at_are_those_to_whom_they_were_done() -> None:
    _, first, second = CHAINS["one-of-two-threatened"].appeals("en")
    assert "to punish her for her" in " ".join(printed(first).split())
    assert "to punish her for her" in " ".join(printed(second).split())
