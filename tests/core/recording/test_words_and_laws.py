"""Words that somebody said and laws that a report cites: asked about like other facts, and records of the case."""

import datetime as dt
from functools import cache

from tocsin.core import reader
from tocsin.core.recording import (
    AboutReport,
    Choices,
    Decision,
    Fact,
    Settled,
    Signed,
    beside,
    brought_in,
    case_of,
    facts_of,
    new_laws,
    settle,
    told_case,
)
from tocsin.core.records import Case, Event, from_plain, to_plain

TEXT = """\
I am writing about Lena Marosh, a lawyer in Velm, Zarvania.

On 3 November 2026 Mr. Davit Anhalt, the mayor of Velm, called Ms. Marosh "an enemy of all honest people".

A man shouted "go home".

This violates Article 19 of the International Covenant on Civil and Political Rights.
"""
ON = dt.date(2026, 11, 25)


def told(number: int) -> AboutReport:
    return AboutReport(
        language="en",
        source_type="local_partner",
        received=dt.datetime(2026, 11, 24, 9, 12, tzinfo=dt.UTC),
        sha256=str(number) * 64,
        size=1_234,
        media_type="text/plain",
        address=f"urn:uuid:5d3c4c5e-0000-4000-8000-00000000000{number}",
    )


@cache
def facts() -> tuple[Fact, ...]:
    return facts_of(tuple(each.document for each in reader.read(TEXT)), ON)


def confirmed(*left_out: str) -> tuple[Settled, ...]:
    chosen = [each.key for each in facts() if each.kind not in left_out]
    return settle(facts(), [Decision(at, key, "confirmed") for at, key in enumerate(chosen, 1)])


def case(*left_out: str) -> Case:
    return case_of(confirmed(*left_out), told(1))


def test_words_are_asked_about_with_who_said_them_and_laws_with_their_article() -> None:
    asked = {each.key: each for each in facts() if each.kind in {"quotation", "law"}}
    names = {each.key: each.values["name"] for each in facts() if "name" in each.values}
    said = asked["quotation-0"]
    assert said.values["quote"] == "an enemy of all honest people"
    assert names[said.values["speaker"]] == "Davit Anhalt"
    assert said.span is not None
    assert said.values["quote"] in TEXT[slice(*said.span)]
    law = asked["law-0"]
    assert (law.values["instrument"], law.fixed["as_printed"] != "") == ("iccpr", True)


def test_what_was_said_is_a_statement_of_the_story_with_its_claim() -> None:
    made = case()
    assert from_plain(to_plain(made)) == made
    statement = next(each for each in made.statements if each.quote and "honest" in str(each.quote))
    (speaker,) = statement.speaker
    assert (statement.verbatim, made.by_id[speaker].id, statement.rc) == (True, speaker, "C")
    (event,) = (each for each in made.events if each.statement == statement.id)
    assert (event.kind, event.rc) == ("statement", "C")
    assert event.t is not None
    assert event.t.date == "2026-11-03"
    (claim,) = (each for each in made.claims if statement.id in each.about)
    citation = claim.citations[0]
    assert "honest people" in TEXT[citation.start : citation.end]


def test_words_without_a_speaker_and_what_nobody_confirmed_are_no_record() -> None:
    assert not case("quotation").statements
    assert not [each for each in case("quotation").events if each.kind == "statement"]
    assert not case("law").law_cited
    # Who said it was not confirmed, so nobody is on record as having said it.
    keys = {each.fact.key for each in confirmed() if each.fact.kind == "quotation"}
    speakers = {each.values["speaker"] for each in confirmed() if each.fact.key in keys}
    without = [each for each in confirmed() if each.fact.key not in speakers]
    assert not case_of(without, told(1)).statements


def test_the_same_words_and_laws_come_into_a_case_once() -> None:
    ours, theirs = case(), told_case(confirmed(), told(2))
    found = {each.pairing.theirs: each for each in beside(ours, theirs)}
    said = found[theirs.statements[0].id]
    assert said.pairing.ours == ours.statements[0].id
    assert {each.predicate: each.standing for each in said.fields} == {"speaker": "agrees", "quote": "agrees"}
    assert new_laws(ours, theirs) == ()
    assert new_laws(case("law"), theirs) == theirs.law_cited
    signed = Signed("an-account", ON, "kx3", "another report says otherwise", "somebody decided for the other")
    brought = brought_in(ours, theirs, Choices(), signed)
    assert len(brought.statements) == len(ours.statements)
    assert [each for each in brought.events if isinstance(each, Event) and each.kind == "statement"] == [
        each for each in ours.events if each.kind == "statement"
    ]
    assert brought.law_cited == ours.law_cited
    (claim,) = (each for each in brought.claims if ours.statements[0].id in each.about)
    assert len(claim.sources) == 2
    new = brought_in(case("quotation", "law"), theirs, Choices(), signed)
    assert {each.quote for each in new.statements} == {each.quote for each in ours.statements}
    assert new.law_cited == ours.law_cited
