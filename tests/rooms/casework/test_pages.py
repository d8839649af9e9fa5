"""What the page of a case says: words for codes, local times, honest dates, in the language of the page."""

import datetime as dt

import pytest
from django.utils import translation

from command_line import ROOT
from tocsin.casework.editing.fields import Around
from tocsin.casework.editing.record_forms import RecordForm
from tocsin.casework.pages import CasePage, case_page, dates, story
from tocsin.casework.pages.wording import provision_words
from tocsin.core.records import Case, Proceeding, Provision, from_plain, from_yaml, to_plain

NO_DATABASE = True
CASE = from_yaml((ROOT / "examples/case.yaml").read_text("utf-8"))
TODAY = dt.date(2021, 10, 20)


def page(language: str = "en", today: dt.date = TODAY) -> CasePage:
    with translation.override(language):
        return case_page(CASE, language, today)


def with_event(time: str) -> Case:
    return from_yaml(
        f"""
schema: tocsin/case/1
appeal: {{id: "appeal:a", type: urgent_appeal, language: en, publisher: "org:a"}}
organisations: [{{id: "org:a", name: {{en: Watch}}, kind: ngo_local}}]
events: [{{id: e01, kind: context, what_en: Something, t: {time}}}]
"""
    )


@pytest.mark.parametrize(
    ("time", "heading", "clock", "far"),
    [
        ('{date: "2021-10-19", precision: day}', "Tue, 19 Oct 2021", "", "yesterday"),
        ('{start: "2021-10-20T08:05", precision: minute}', "Wed, 20 Oct 2021", "08:05", "today"),
        ('{start: "2021-10-21T08:05", precision: approx_minute}', "Thu, 21 Oct 2021", "about 08:05", "tomorrow"),
        ('{date: "2021-09", precision: month}', "September 2021", "", ""),
        ('{date: "2019", precision: year}', "2019", "", ""),
        ('{latest: "2021-10-01", precision: before}', "Before Fri, 1 Oct 2021", "", ""),
        ('{earliest: "2021-10-01", precision: after}', "After Fri, 1 Oct 2021", "", ""),
        (
            '{earliest: "2021-10-01", latest: "2021-10-03"}',
            "Between Fri, 1 Oct 2021 and Sun, 3 Oct 2021",
            "",
            "",
        ),
        (
            '{earliest: "2021-10-12T21:00", latest: "2021-10-13T05:00"}',
            "Tue, 12 Oct 2021",
            "between 21:00 and 05:00 of the next day",
            "8 days ago",
        ),
        (
            '{latest_start: "2021-10-06", ongoing_as_of: "2021-10-15"}',
            "Since before Wed, 6 Oct 2021",
            "still on Fri, 15 Oct 2021",
            "",
        ),
        ("{words: some day}", "Day not known", "", ""),
    ],
)
def test_a_time_is_said_as_exactly_as_it_is_known(time: str, heading: str, clock: str, far: str) -> None:
    (day,) = story(with_event(time), "en", TODAY)
    assert (day.heading, day.lines[0].clock, day.how_long) == (heading, clock, far)


@pytest.mark.parametrize(
    ("months", "each", "begins", "starts"),
    [
        (4, 6, [], []),
        (
            *(3, 9, ["March 2020", "April 2020", "May 2020", "the latest"]),
            ["e20200301", "e20200401", "e20200501", "e20200509"],
        ),
        (
            *(26, 1, ["2020", "2021", "2022", "the latest"]),
            ["e20200301", "e20210101", "e20220101", "e20220401"],
        ),
    ],
    ids=["short", "in months", "in years"],
)
def test_a_long_story_is_passed_in_stretches(months: int, each: int, begins: list[str], starts: list[str]) -> None:
    case = to_plain(with_event("{words: some day}"))
    begun = [dt.date(2020 + (2 + at) // 12, (2 + at) % 12 + 1, 1) for at in range(months)]
    days = [first + dt.timedelta(days=at) for first in begun for at in range(each)]
    case["events"] = [
        {"id": f"e{day:%Y%m%d}", "kind": "context", "what_en": "So", "t": {"date": f"{day}", "precision": "day"}}
        for day in days
    ]
    found = case_page(from_plain(case), "en", TODAY).stretches
    assert [stretch.words for stretch in found] == begins
    # Each leads to the first line that stands in it.
    assert [stretch.at for stretch in found] == starts


def test_the_story_stands_in_the_order_in_which_it_happened_and_is_whole() -> None:
    shown = page()
    assert [line.id for day in shown.days for line in day.lines][:3] == ["e01", "e30", "e02"]
    assert shown.count == len(CASE.events)
    assert len({day.heading for day in shown.days}) >= len(shown.days) - 1


def test_a_line_says_the_act_to_whom_by_whom_and_how_sure_we_are() -> None:
    line = next(line for day in page().days for line in day.lines if line.id == "e08")
    assert [str(each) for each in line.what] == ["They beat him with sticks"]
    assert (str(line.act), str(line.method)) == ("Attack", "Beaten")
    assert [str(each) for each in (*line.victims, *line.actors)] == ["Davit Anhalt", "four masked men"]
    assert (str(line.certainty), line.sources) == ("Corroborated", 2)
    assert (line.letter, str(line.class_words)) == ("P", "Public")


def test_no_code_stands_where_a_word_could() -> None:
    # The id by which a group is linked is no word of the page.
    shown = repr(page()).replace("GroupShown(id='grp:masked-men'", "")
    assert [
        code for code in ("physical_attack", "released_pending", "drop_charges", "masked-men") if code in shown
    ] == []
    people = page().protagonists
    assert [each.name for each in people] == ["Davit Anhalt", "Mirela Tosk"]
    assert str(people[1].standing[0].words) == "Released pending investigation"
    assert people[1].standing[0].since == "Wed, 13 Oct 2021 between 11:30 and 12:30"


@pytest.mark.parametrize(
    ("said", "since", "far"),
    [
        (
            {"status": {"value": "in_police_custody", "as_of": "2021-10-13"}},
            "Tue, 12 Oct 2021 about 19:30",
            "3 days ago",
        ),
        (
            {"status": {"value": "pretrial_detention", "as_of": "2021-10-13", "since": "2021-10-13"}},
            "Wed, 13 Oct 2021",
            "2 days ago",
        ),
        # Since when she is free, or held otherwise than before, nobody said.
        ({"status": {"value": "released", "as_of": "2021-10-13"}}, "", ""),
        (
            {
                "history": [{"value": "in_police_custody", "as_of": "2021-10-12"}],
                "status": {"value": "pretrial_detention", "as_of": "2021-10-13"},
            },
            "",
            "",
        ),
    ],
)
def test_who_is_held_is_held_since_she_was_taken_unless_something_else_is_said(
    said: dict[str, object], since: str, far: str
) -> None:
    plain = to_plain(CASE)
    (detention,) = plain["detentions"]
    for key in ("status", "history"):
        detention.pop(key, None)
    detention |= said
    (told,) = case_page(from_plain(plain), "en", dt.date(2021, 10, 15)).protagonists[1].standing
    assert (told.since, told.far) == (since, far)


def test_who_says_how_she_is_held_is_told_by_what_they_are_and_who_told_them() -> None:
    plain = to_plain(CASE)
    plain["sources"] += [
        {"id": "source8", "type": "lawyer", "identity": "Elske Darrow", "heard_from": "source9"},
        {"id": "source9", "type": "family"},
        {"id": "source10", "type": "media"},
    ]
    on = {"about": ["det1"], "status": "recorded"}
    plain["claims"] += [
        {"id": "claim8", "sources": ["source8"], **on},
        {"id": "claim9", "sources": ["source10"], **on},
        {"id": "claim10", "sources": ["source9"], **on, "status": "retracted"},
    ]

    def says(**status: str) -> tuple[str, ...]:
        plain["detentions"][0]["status"] = {"value": "in_police_custody", "as_of": "2021-10-13", **status}
        return case_page(from_plain(plain), "en", dt.date(2021, 10, 15)).protagonists[1].standing[0].says

    assert says() == ("Lawyer, told by: Family", "Media")
    assert says(claim="claim9") == ("Media",)


def test_a_part_of_a_record_stands_in_one_piece_and_what_is_a_part_of_it_behind() -> None:
    form = RecordForm(None, Proceeding, {}, Around(CASE, "en", TODAY))
    legends = [(each.legend, [str(field.label) for field in each.fields]) for each in form.first() if each.legend]
    assert legends == [("Charge", ["Offence", "What kind", "How far"]), ("Charge · Law", ["Law", "Article"])]


def test_nobody_can_be_chosen_who_is_only_a_place_kept_for_the_publisher() -> None:
    plain = to_plain(CASE)
    publisher = next(each for each in plain["organisations"] if each["id"] == plain["appeal"]["publisher"])
    named = RecordForm(None, Proceeding, {}, Around(CASE, "en", TODAY)).fields["defendants"].choices
    kept = publisher["id"]
    for key in ("name", "names", "acronym", "short"):
        publisher.pop(key, None)
    unnamed = RecordForm(None, Proceeding, {}, Around(from_plain(plain), "en", TODAY)).fields["defendants"].choices
    assert kept in {code for code, _words in named}
    assert {code for code, _words in named} - {code for code, _words in unnamed} == {kept}


def test_labels_follow_the_language_and_what_has_none_is_marked_as_english() -> None:
    line = next(line for day in page("fr").days for line in day.lines if line.id == "e08")
    assert line.act is not None
    assert (line.act.text, line.act.language) == ("Agression", "fr")
    assert line.what[0].language == "en"
    assert page("ar").days[-1].heading == dates.day_words(dt.date(2021, 11, 3), "ar")
    assert "نوفمبر" in page("ar").days[-1].heading


@pytest.mark.parametrize(
    ("today", "past", "near"),
    [(dt.date(2021, 10, 20), False, True), (dt.date(2021, 11, 3), False, True), (dt.date(2021, 11, 4), True, False)],
)
def test_a_hearing_is_urgent_until_it_is_past(today: dt.date, past: bool, near: bool) -> None:
    hearing = page(today=today).proceedings[0].hearing
    assert hearing is not None
    assert (hearing.day, hearing.clock, hearing.is_past, hearing.is_soon) == (dt.date(2021, 11, 3), "10:00", past, near)


def test_the_head_names_the_kind_of_an_appeal_only_once_there_is_one() -> None:
    plain = to_plain(CASE)
    del plain["appeal"]["code"], plain["appeal"]["issued_on"]
    assert case_page(from_plain(plain), "en", dt.date(2021, 10, 15)).kind is None
    assert (found := case_page(CASE, "en", dt.date(2021, 10, 15)).kind) is not None
    assert found.text == "Urgent appeal"


def test_a_provision_is_named_with_its_paragraph_and_subparagraph() -> None:
    named = provision_words(Provision(code="Penal Code", article="174", paragraph="2", subparagraph="b"))
    assert named is not None
    assert named.text == "Penal Code, art. 174(2)(b)"
    assert provision_words(Provision(paragraph="2")) is None
