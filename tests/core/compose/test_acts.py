"""How an act is told: by whom, how surely, how far it went, together with others like it; and the facts beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from one_act import VICTIM, case_of_one_act
from test_compose import altered, case_of, record, story

from tocsin.core.compose import Composition, compose


def involved(degree: str, **more: str) -> Callable[[dict[str, Any]], None]:
    """Say of the police of the town how far they took part in the beating."""

    def change(plain: dict[str, Any]) -> None:
        record(plain, "e08")["actors"] = ["grp:masked-men", "org:karvel-police"]
        plain["involvements"].append(
            {"id": "inv9", "event": "e08", "actor": "org:karvel-police", "degree": degree, **more}
        )

    return change


@pytest.mark.parametrize(
    ("degree", "words"),
    [
        ("ordered", "on the orders of the police of Karvel"),
        ("instigated", "at the instigation of the police of Karvel"),
        ("command", "under the command of the police of Karvel"),
        ("present", "in the presence of the police of Karvel"),
        ("planned", "as planned by the police of Karvel"),
    ],
)
def test_who_gave_the_order_did_not_do_it(degree: str, words: str) -> None:
    composition = compose(altered(involved(degree)))
    (sentence,) = [event.sentence for event in composition.document.facts.events if "beat" in event.sentence]
    assert sentence.startswith("The four masked men beat Mr. Anhalt")
    assert words in sentence
    (act,) = [act for event in composition.document.facts.events for act in event.acts if act.method == "beaten"]
    assert act.actors == ("four masked men",)


def test_whom_a_record_calls_a_suspect_is_said_to_be_one() -> None:
    assert "alleged" not in story(compose(case_of("case")))
    written = story(compose(altered(involved("suspected")))).replace("It is", "it is")
    assert "it is alleged that the four masked men and the police of Karvel beat Mr. Anhalt" in written
    assert "alleged" not in story(compose(altered(involved("suspected", accountability="convicted"))))


@pytest.mark.parametrize("rc", ["R", "C", "N"])
def test_somebody_who_may_not_be_named_is_not_called_unknown(rc: str) -> None:
    def hide(plain: dict[str, Any]) -> None:
        record(plain, "grp:masked-men")["rc"] = rc

    written = story(compose(altered(hide)))
    assert "persons who have not been named beat Mr. Anhalt" in written.replace("Persons", "persons")
    assert "beaten by unknown persons" not in written


def test_what_is_contested_is_told_with_the_other_side() -> None:
    def contest(plain: dict[str, Any]) -> None:
        claim = record(plain, "claim1")
        claim.update(status="contested", value="the police say that nobody was beaten")

    written = story(compose(altered(contest)))
    assert "ccording to the information received, the four masked men beat Mr. Anhalt" in written
    assert "This is contested: the police say that nobody was beaten." in written


def sentence_with(composition: Composition, words: str) -> tuple[str, tuple[str, ...]]:
    """Give the sentence of the story that holds some words, and its records."""
    story_text = composition.document.sections[0].paragraphs
    for ground in composition.grounds:
        if ground.path.startswith("sections[0]"):
            at = int(ground.path.rpartition("[")[2].rstrip("]"))
            sentence = story_text[at].text[ground.start : ground.end]
            if words in sentence:
                return sentence, ground.records
    raise AssertionError(words)


def test_the_same_done_to_two_is_one_sentence_that_rests_on_both_records() -> None:
    sentence, records = sentence_with(compose(case_of("different-fates")), "arrested")
    assert sentence == "The National Police of Belmara arrested Ms. Ibarrol and Mr. Wendt."
    assert {"e03", "e04"} <= set(records)


@pytest.mark.parametrize(
    "difference", [{"rc": "R"}, {"attribution": "reportedly"}, {"method": "without_warrant"}, {"claims": ["claim1"]}]
)
def test_what_differs_in_anything_printed_is_told_apart(difference: dict[str, Any]) -> None:
    def differ(plain: dict[str, Any]) -> None:
        record(plain, "e04").update(difference)
        if "claims" in difference:
            claim = {"id": "claim1", "about": ["e04"], "sources": ["source1"], "status": "recorded"}
            plain["claims"] = [claim]
            plain["sources"] = [{"id": "source1", "type": "witness", "rc": "N"}]

    sentence, records = sentence_with(compose(altered(differ, "different-fates")), "arrested Ms. Ibarrol")
    assert "Wendt" not in sentence
    assert "e04" not in records


def test_a_pronoun_stands_only_for_the_subject_of_the_sentence_before() -> None:
    written = story(compose(case_of("case")))
    assert "They threatened Ms. Tosk with death" in written
    # Two women are named before it: nobody could tell which of them it would be.
    fates = story(compose(case_of("different-fates")))
    assert " She " not in fates


def test_a_sentence_in_court_says_what_each_was_sentenced_to() -> None:
    sentence, _ = sentence_with(compose(case_of("trial-and-sentence")), "sentenced")
    assert "sentenced Ms. Varn to three years in prison" in sentence
    assert "sentenced Mr. Otteken to a suspended prison term of 18 months and a fine of 40,000 zarn" in sentence


@pytest.mark.parametrize(
    ("act", "mode", "words"),
    [
        ("dissolution", "risk", "took steps that put the Open River Network at risk of dissolution"),
        ("abduction", "attempted", "made an attempt at abduction against Ms. Tosk"),
        ("harassment", "ongoing", "Ms. Tosk has been harassed by three soldiers"),
        ("torture", "ongoing", "Ms. Tosk has been facing torture by three soldiers"),
        ("death_threat", "ongoing", "Ms. Tosk has been receiving death threats from three soldiers"),
    ],
)
def test_what_is_feared_tried_or_goes_on_is_told_so(act: str, mode: str, words: str) -> None:
    assert words in story(compose(case_of_one_act(act, mode=mode)))


@pytest.mark.parametrize(
    ("act", "method", "words"),
    [
        ("killing", "shot", "shot Ms. Tosk dead"),
        ("physical_attack", "shot", "shot Ms. Tosk."),
        ("torture", "beaten", "tortured Ms. Tosk by beating her"),
        ("enforced_disappearance", "taken_to_unknown_place", "disappeared Ms. Tosk and took her to an unknown place"),
        ("threat", "followed", "threatened Ms. Tosk."),
    ],
)
def test_a_method_is_told_as_part_of_the_act_it_fits(act: str, method: str, words: str) -> None:
    assert words in story(compose(case_of_one_act(act, method=method)))


def test_a_long_title_names_the_first_acts_only() -> None:
    def many(plain: dict[str, Any]) -> None:
        plain["appeal"].pop("title")
        plain["appeal"].pop("violation_headings")

    title = compose(altered(many)).document.title
    assert title is not None
    assert len(title.text) <= 160
    assert VICTIM in title.text


def test_the_facts_of_a_trial_are_those_of_its_records() -> None:
    facts = compose(case_of("trial-and-sentence")).document.facts
    assert [(one.offence, one.person, one.law) for one in facts.charges] == [
        ("spreading false news", "Ysolde Varn", "Criminal Code of Zarvania"),
        ("spreading false news", "Bram Otteken", "Criminal Code of Zarvania"),
    ]
    assert [(one.person, one.status) for one in facts.status_as_of] == [("Ysolde Varn", "serving_sentence")]
    assert [(one.direction, one.status) for one in facts.proceedings] == [("against_defender", "on_appeal")]
    assert [one.article for one in facts.laws] == ["301", "19"]
    acts = [(event.date, act.type, act.victims) for event in facts.events for act in event.acts]
    both = ("Ysolde Varn", "Bram Otteken")
    assert ("2020-09-10", "charge", both) in acts
    assert ("2020-09-10", "judicial_harassment", both) in acts
    assert ("2020-12-14", "trial", both) in acts


def test_the_facts_of_the_example_hold_what_was_said_and_by_whom() -> None:
    facts = compose(case_of("case")).document.facts
    assert [(one.text, one.speaker) for one in facts.quotations] == [
        ("disturbed the order of a public building", "police of Karvel")
    ]
    # A charge of a proceeding that is not told is no fact of the appeal.
    assert {one.offence for one in facts.charges} == {"disorderly conduct"}
    # The record only says that it followed another one of that day.
    refused = [event for event in facts.events for act in event.acts if act.type == "denial_of_counsel"]
    assert [event.date for event in refused] == ["2021-10-12"]
