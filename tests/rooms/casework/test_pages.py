"""What the page of a case says: words for codes, local times, honest dates, in the language of the page."""

import datetime as dt

import pytest
from django.utils import translation

from command_line import ROOT
from tocsin.casework.pages import CasePage, case_page, dates, story
from tocsin.core.records import Case, from_yaml

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
