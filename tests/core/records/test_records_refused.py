"""What is no case is refused in one line that names the record and the key, and never shows what somebody wrote."""

import datetime as dt
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import PLAIN, Plain, changed, one
from drawing import examples
from tocsin.core import records
from tocsin.core.errors import (
    BadCase,
    ContradictoryChronology,
    DanglingReference,
    NewerCase,
    UnknownCode,
)
from tocsin.core.records import Case, Translation, ViolationHeading, Wording


def put(record_id: str, **keys: Any) -> Callable[[Plain], None]:
    return lambda plain: one(plain, record_id).update(keys)


def lose(record_id: str, key: str) -> Callable[[Plain], object]:
    return lambda plain: one(plain, record_id).pop(key)


def timed(**times: dict[str, Any]) -> Callable[[Plain], None]:
    """Replace what events say of their time, and what else orders them."""

    def change(plain: Plain) -> None:
        for event_id, time in times.items():
            one(plain, event_id)["t"] = time

    return change


def twice(plain: Plain) -> None:
    plain["events"].append(deepcopy(plain["events"][0]))


REFUSED = [
    # --- keys and values
    (put("person:tosk", nmaes=[]), BadCase, "person:tosk: unknown key `nmaes` (did you mean `names`?)"),
    (put("e08", what="beaten"), BadCase, "e08: unknown key `what` (did you mean `what_en`?)"),
    (put("e08", what_english="beaten"), BadCase, "e08: unknown key `what_english`"),
    (put("e08", **{"a name, and more": 1}), BadCase, "e08: a key that is no plain word"),
    (lose("e08", "kind"), BadCase, "e08: `kind` is missing"),
    (lambda plain: plain.pop("appeal"), BadCase, "`appeal` is missing"),
    (lambda plain: plain.update(persns=[]), BadCase, "unknown key `persns` (did you mean `persons`?)"),
    (lambda plain: one(plain, "det1")["status"].pop("as_of"), BadCase, "det1.status: `as_of` is missing"),
    (put("e08", kind="deed"), BadCase, "e08.kind: the value is none of context, plan, act"),
    (put("e08", victims="person:anhalt"), BadCase, "e08.victims: one value where a list is expected"),
    (put("e08", victims=[{}]), BadCase, "e08.victims[0]: the value is not a text"),
    (put("e08", text_en="\ud83d"), BadCase, "e08.text_en: half a character (a lone surrogate)"),
    (put("grp:masked-men", size="four"), BadCase, "grp:masked-men.size.exact: the value is not a whole number"),
    (put("grp:masked-men", size={"min": 7, "max": 5}), BadCase, "grp:masked-men.size: `min` is more than `max`"),
    (put("appeal:xzv-003-1021-obs-091", issued_on="15 October"), BadCase, "issued_on: the value is not a date"),
    (put("s4", verbatim="perhaps"), BadCase, "s4.verbatim: the value is not a true or false"),
    (put("pr1", charges=["theft"]), BadCase, "pr1.charges[0]: not a record with keys and values"),
    (put("place:karvel", name={"english": "Karvel"}), BadCase, "place:karvel.name: unknown key `english`"),
    (put("person:tosk", names=[]), BadCase, "person:tosk: `names` is missing"),
    (put("det1", persons=[]), BadCase, "det1: `persons` is missing"),
    # --- forms
    (put("e08", t={"date": "2021-02-30"}), BadCase, "e08.t.date: the value is no date or time"),
    (put("e08", t={"start": "2021-10-12T24:10"}), BadCase, "e08.t.start: the value is no date or time"),
    (put("org:river", country="ZZQ"), BadCase, "org:river.country: the value is no ISO 3166-1 alpha-3 code"),
    (put("org:river", country="IRA"), BadCase, "org:river.country: the value is no ISO 3166-1 alpha-3 code"),
    (put("e08", src="page 3"), BadCase, "e08.src: the value is no number of a line (L12)"),
    (lambda plain: plain.update(timezone_default="GMT plus 3"), BadCase, "timezone_default: the value is no name of"),
    # --- ids
    (twice, BadCase, "e01: the id stands twice"),
    (lambda plain: plain["persons"][0].update(id="org:anhalt"), BadCase, "persons[0].id: the id is not of the form"),
    (lambda plain: plain["events"][3].update(id="Tuesday"), BadCase, "events[3].id: the id is not of the form e1"),
    # --- references
    (put("e08", victims=["person:anhald"]), DanglingReference, "e08.victims: names person:anhald, which is not in the"),
    (put("e08", victims=["person:anhald"]), DanglingReference, "(did you mean person:anhalt?)"),
    (
        put("e08", victims=["place:karvel"]),
        DanglingReference,
        "names place:karvel, where person:… or org:… or grp",
    ),
    (put("e08", victims=["the librarian"]), DanglingReference, "e08.victims: is no id, where person:…"),
    (put("e08", t={"after": "e99"}), DanglingReference, "e08.t.after: names e99, which is not in the case"),
    (put("det1", custody=[{"from": "e98"}]), DanglingReference, "det1.custody.from: names e98"),
    (put("a2", body="org:none"), DanglingReference, "a2.body: names org:none"),
    (put("person:tosk", consent="consent:anhalt"), BadCase, "person:tosk.consent: consent:anhalt is the consent of"),
    (put("place:karvel", **{"in": "place:library"}), BadCase, "it would be a part of itself"),
    (put("source2", heard_from="source3"), BadCase, "source2 → source3 → source2: it would be a part"),
    # --- codes
    (put("e08", act_type="physical_atack"), UnknownCode, "e08.act_type: no code of `violation_types`"),
    (put("e08", act_type="physical_atack"), UnknownCode, "(did you mean `physical_attack`?)"),
    (put("d1", types=["do_something"]), UnknownCode, "d1.types: no code of `demand_types`"),
    (put("d1", beneficiaries=["class:everybody"]), UnknownCode, "d1.beneficiaries: the class is not known"),
    (put("e08", rc="X"), UnknownCode, "e08.rc: no code of `release_class`"),
    (lambda plain: plain["law_cited"].append({"instrument": "xzv_cookbook"}), BadCase, "law_cited[3].instrument"),
    # --- what a kind of event needs
    (lose("e08", "act_type"), BadCase, "e08: an event of the kind act needs an `act_type`"),
    (lose("e08", "victims"), BadCase, "e08: there is an `act_type`, but no victim"),
    (lose("e10", "statement"), BadCase, "e10: an event of the kind statement needs a `statement`"),
    (put("e08", threat={"seriousness": "high"}), BadCase, "e08.act_type: there is a `threat`, but the act is none"),
    (put("e09", threat={"seriousness": "grave"}), BadCase, "e09.threat.seriousness: the value is none of low, medium"),
    # --- chronology
    (timed(e01={"after": "e02"}), ContradictoryChronology, "e01 → e02 → e01: these events precede one another"),
    (timed(e01={"after": "e01"}), ContradictoryChronology, "e01 → e01: these events precede one another"),
    (
        timed(e02={"earliest": "2021-10-04", "latest": "2021-10-03"}),
        ContradictoryChronology,
        "e02: its latest time is before its earliest",
    ),
    (timed(e02={"date": "2021-10-04", "latest": "2021-10-04", "precision": "before"}), ContradictoryChronology, "e02"),
    (timed(e12={"start": "2021-10-12T18:10", "after": "e07"}), ContradictoryChronology, "e07, e12: e12 cannot have"),
    # The release before the arrest, through the detention alone; then the custody by its own dates.
    (timed(e20={"date": "2021-10-11"}, e19={"date": "2021-10-13"}), ContradictoryChronology, "e14, e20"),
    (put("det1", custody=[{"to": "2021-10-11"}]), ContradictoryChronology, "det1: custody ends before it begins"),
    (put("det1", custody=[{"from": "e20", "to": "2021-10-12"}]), ContradictoryChronology, "det1: custody ends before"),
    # The hearing before the charge, through the history of the proceeding.
    (timed(e21={"start": "2021-10-02T10:00"}), ContradictoryChronology, "e19, e21"),
]


@pytest.mark.parametrize(("change", "error", "message"), REFUSED, ids=[row[2][:48] for row in REFUSED])
def test_a_case_that_breaks_a_rule_is_refused_by_record_and_key(
    change: Callable[[Plain], object], error: type[BadCase], message: str
) -> None:
    with pytest.raises(BadCase) as refused:
        records.from_plain(changed(change), where="case.yaml")
    assert message in str(refused.value)
    assert str(refused.value).startswith("case.yaml: ")
    assert type(refused.value) is error


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", BadCase, "case.yaml: not a case"),
        ("- a list", BadCase, "case.yaml: not a case"),
        ("appeal: {}", BadCase, "case.yaml: no case: the key `schema` is missing or strange"),
        ("schema: tocsin/case/one", BadCase, "the key `schema` is missing or strange"),
        ("schema: tocsin/case/2", NewerCase, "written by a later version (tocsin/case/2) (update tocsin to read it)"),
        ("schema: urgent-appeal/0.2", BadCase, "the key `schema` is missing or strange"),
        ("schema: tocsin/case/1\nschema: tocsin/case/1", BadCase, "case.yaml, line 2: the same key twice"),
        ("schema: &a tocsin/case/1", BadCase, "case.yaml, line 1: a tag or an anchor"),
        ("schema: !!python/name:os.system", BadCase, "line 1: a tag or an anchor"),
        ("a: 1\nb: *a", BadCase, "case.yaml, line 2: an alias"),
        ("a: 1\n---\nb: 2", BadCase, "line 2: a second document"),
        ("? [a, b]\n: 1", BadCase, "line 1: a list or table as a key"),
        ("a: {b: 1", BadCase, "not YAML"),
        ("a:\n\t- b", BadCase, "case.yaml, line 2: not YAML"),
        ("a: \x00", BadCase, "not YAML"),
        ("[" * 100_000, BadCase, "line 1: so deep a nesting"),
        ("a: " * 500, BadCase, "not YAML"),
    ],
)
def test_what_is_no_yaml_of_a_case_is_refused_by_line(text: str, error: type[BadCase], message: str) -> None:
    with pytest.raises(BadCase) as refused:
        records.from_yaml(text, where="case.yaml")
    assert message in str(refused.value)
    assert type(refused.value) is error


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "{}", b"\xff\xfe", "[" * 100_000, '{"schema": 1}'])
def test_what_is_no_json_of_a_case_is_refused_in_one_line(text: str | bytes) -> None:
    with pytest.raises(BadCase) as refused:
        records.from_json(text)
    assert len(str(refused.value).splitlines()) == 1


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    for read in (records.from_yaml, records.from_json):
        with pytest.raises(BadCase):
            read(text)


SECRET = "the words of a witness"


def places(plain: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Name the place of each single value."""
    if isinstance(plain, dict):
        return [each for key, value in plain.items() for each in places(value, (*path, key))]
    if isinstance(plain, list):
        return [each for number, value in enumerate(plain) for each in places(value, (*path, number))]
    return [path]


PLACES = places(PLAIN)
STRANGE = st.sampled_from([SECRET, None, [], {}, [SECRET], {"id": SECRET}, {SECRET: 1}, 7, -1.5, True, "e01", "e99"])


@pytest.mark.parametrize(
    ("record_id", "parts", "message"),
    [
        ("person:tosk", {"names": ()}, "person:tosk.names: there is none, but one is needed"),
        ("e08", {"what": Wording()}, "e08.what: words without a language"),
        ("e08", {"what": Wording((Translation("en", "beaten"),), src=("L1",))}, "e08.what: words without a language"),
        (
            "e08",
            {"what": Wording((Translation("English", "beaten"),))},
            "e08.what.texts.language: the value is no language",
        ),
        ("e08", {"victims": ("person:nobody",)}, "e08.victims: names person:nobody"),
    ],
)
def test_a_case_made_in_a_program_is_checked_like_one_from_a_file(
    record_id: str, parts: dict[str, Any], message: str
) -> None:
    case = records.from_plain(PLAIN)
    section = "persons" if record_id.startswith("person:") else "events"
    made = tuple(replace(record, **parts) if record.id == record_id else record for record in getattr(case, section))
    with pytest.raises(BadCase) as refused:
        replace(case, **{section: made})
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "parts",
    [
        {"addressees": ("adr:nobody",)},
        {"demands": ("e08",)},
        {"publisher": "org:nobody"},
        {"type": "leaflet"},
        {"countries": ("ZZQ",)},
        {"violation_headings": (ViolationHeading(code="rudeness"),)},
        {"title": Wording((Translation("English", "beaten"),))},
    ],
)
def test_a_case_with_another_plan_is_refused_as_if_it_were_made_anew(parts: dict[str, Any]) -> None:
    case = records.from_plain(PLAIN)
    plan = replace(case.appeal, **parts)
    with pytest.raises(BadCase) as whole:
        replace(case, appeal=plan)
    with pytest.raises(type(whole.value)) as alone:
        case.with_plan(plan)
    assert str(alone.value) == str(whole.value)


def test_a_case_with_another_plan_is_what_it_would_be_made_anew_and_the_first_stays() -> None:
    case = records.from_plain(PLAIN)
    before = case.appeal
    plan = replace(before, issued_on=dt.date(2031, 1, 2), code=None)
    made = case.with_plan(plan)
    assert made == replace(case, appeal=plan)
    assert (made.appeal, made.by_id[plan.id], case.appeal, case.by_id[plan.id]) == (plan, plan, before, before)
    assert (records.chronology(made), records.event_bounds(made)) == (
        records.chronology(case),
        records.event_bounds(case),
    )
    with pytest.raises(BadCase, match="another appeal"):
        case.with_plan(replace(plan, id="appeal:another"))


KINDS_OF_PLACE = list({tuple(step for step in place if isinstance(step, str)): place for place in PLACES}.values())


def test_no_message_shows_what_somebody_wrote_whatever_field_it_stands_in() -> None:
    refused = [refusal for place in KINDS_OF_PLACE if (refusal := loaded(put_at(place, SECRET))[1])]
    assert len(refused) > 80
    assert [refusal for refusal in refused if SECRET in refusal] == []


def put_at(place: tuple[Any, ...], value: Any) -> Plain:
    plain = deepcopy(PLAIN)
    at: Any = plain
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return plain


@given(place=st.sampled_from(PLACES), value=STRANGE)
@settings(max_examples=examples(400))
def test_whatever_stands_in_a_field_it_is_taken_whole_or_refused_without_showing_it(
    place: tuple[Any, ...], value: Any
) -> None:
    case, refusal = loaded(put_at(place, value))
    assert SECRET not in refusal
    assert len(refusal.splitlines()) <= 1
    if case is not None:
        assert records.from_plain(records.to_plain(case)) == case
        if value == SECRET:
            assert SECRET in json.dumps(records.to_plain(case))


def loaded(plain: Plain) -> tuple[Case | None, str]:
    """Give the case, or why it is none."""
    try:
        return records.from_plain(plain), ""
    except BadCase as refused:
        return None, str(refused)
