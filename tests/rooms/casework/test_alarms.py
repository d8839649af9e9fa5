"""When a case asks for somebody to look: each alarm of a life cycle, on the day before it begins and on its day."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from tocsin.casework.pages import case_page
from tocsin.casework.pages.dates import lasting_words
from tocsin.casework.pages.standing import Limit, Soon
from tocsin.casework.search.alarms import begun, kinds, presses, rings
from tocsin.casework.search.facets import facets_of
from tocsin.core.records import Case, from_plain, from_yaml, to_plain

# Nothing here asks a database.
pytestmark = pytest.mark.database("sqlite")
CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))
LENA = "person:lena-marosh"


def case_with(standing: str = "active", **sections: object) -> Case:
    status = [{"value": standing, "as_of": "2026-11-03", "reason": "verified"}]
    return from_plain(to_plain(CASE) | {"statuses": status} | sections)


def held(value: str = "in_police_custody", **custody: object) -> dict[str, object]:
    status = {"value": value, "as_of": "2026-11-10"}
    return {"detentions": [{"id": "det1", "persons": [LENA], "custody": [custody or {}], "status": status}]}


def unseen(country: str = "XZV", *, zone: str = "UTC", **seen: object) -> dict[str, object]:
    """Hold her since an evening at eight, with one more event perhaps."""
    detention = {"id": "det1", "persons": [LENA], "apprehended_in": "e01"}
    detention["custody"] = [{"facility": "place:station"}]
    detention["status"] = {"value": "in_police_custody", "as_of": "2026-11-10"}
    station = {"id": "place:station", "name": {"en": "station"}, "in": "place:there"}
    there = {"id": "place:there", "name": {"en": "there"}, "country": country}
    more = [{"id": "e09", "kind": "procedure", "procedure": "before_judge", "concerns": [LENA], **seen}] if seen else []
    events = [*to_plain(CASE)["events"], *more]
    return {"detentions": [detention], "places": [station, there], "timezone_default": zone, "events": events}


def risk() -> dict[str, object]:
    return {"risks": [{"id": "risk1", "exposed": [LENA], "valid_until": "2026-11-20"}]}


def consents(*ends: str | None, state: str = "given") -> dict[str, object]:
    rows = [
        {"id": f"consent:{number}", "person": LENA, "state": state, "given_on": f"2026-11-0{number}", "expires_on": end}
        for number, end in enumerate(ends, 1)
    ]
    return {"consents": [{name: value for name, value in row.items() if value} for row in rows]}


def quiet(looks: int, recorded: str = "2026-11-03") -> dict[str, object]:
    """Look at the case each month and find nothing; what it holds was written down on a day."""
    days = ["2026-11-03", "2026-12-03", "2027-01-03", "2027-02-03"][:looks]
    rows = [{"value": "monitoring", "as_of": day, "review_on": "2027-06-01"} for day in days]
    events = [{**each, "recorded_on": recorded} for each in to_plain(CASE)["events"]]
    return {"statuses": rows, "events": events}


def demand(*values: str) -> dict[str, object]:
    statuses = [{"value": value, "as_of": "2026-11-12"} for value in values]
    asked = {"id": "d1", "types": ["release"], "deadline": "2026-11-20", "statuses": statuses}
    return {"demands": [asked]}


@pytest.mark.parametrize(
    ("code", "begins", "sections"),
    [
        ("detention_not_looked_at", "2026-11-18", held()),
        ("detention_not_looked_at", "2026-11-18", held("transferred")),
        ("incommunicado", "2026-11-13", held(incommunicado=True, **{"from": "2026-11-12"})),
        ("incommunicado", "2026-11-03", held(incommunicado=True, **{"from": "e01"})),
        ("incommunicado", "2026-11-11", held(incommunicado=True)),
        ("no_judge", "2026-11-05", unseen()),
        ("no_judge", "2026-11-04", unseen("XBM")),
        ("no_judge", "2026-11-05", unseen(t={"date": "2026-11-01"})),
        ("no_judge", "2026-11-05", unseen(kind="plan", t={"date": "2026-11-04"})),
        ("risk_out_of_date", "2026-11-21", risk()),
        ("demand_without_answer", "2026-11-21", demand()),
        ("demand_without_answer", "2026-11-21", demand("issued", "acknowledged")),
        ("consent_run_out", "2026-11-21", consents("2026-11-20")),
        ("consent_run_out", "2026-11-21", consents(None, "2026-11-20")),
        ("no_act", "2027-01-01", {}),
        ("no_news", "2027-01-03", quiet(3)),
        ("no_news", "2027-02-03", quiet(4)),
    ],
)
def test_an_alarm_begins_on_its_day_and_not_before(code: str, begins: str, sections: dict[str, object]) -> None:
    alarms = facets_of(case_with(**sections)).alarms
    day = dt.date.fromisoformat(begins)
    before = (day - dt.timedelta(days=1)).isoformat()
    assert code not in {each.code for each in begun(alarms, before)}
    assert next(each.began for each in begun(alarms, begins) if each.code == code) == day
    assert presses(alarms, begins)


@pytest.mark.parametrize(
    ("code", "standing", "sections"),
    [
        ("detention_not_looked_at", "active", held("released")),
        ("detention_not_looked_at", "monitoring", held()),
        ("incommunicado", "active", held(incommunicado=True, to="2026-11-13")),
        ("incommunicado", "active", held("released", incommunicado=True)),
        ("demand_without_answer", "active", demand("met")),
        ("demand_without_answer", "active", demand("no_response")),
        ("no_judge", "active", unseen("XOS")),
        ("no_judge", "active", unseen(t={"date": "2026-11-04"})),
        ("no_judge", "active", held("released")),
        ("whereabouts_unknown", "active", held()),
        ("whereabouts_unknown", "closed", held("unacknowledged")),
        ("whereabouts_unknown", "dormant", held("unacknowledged")),
        ("risk_out_of_date", "closed", risk()),
        ("consent_run_out", "active", consents("2026-11-20", state="expired")),
        ("consent_run_out", "active", consents("2026-11-20", None)),
        ("no_act", "monitoring", {}),
        ("no_news", "monitoring", quiet(2)),
        ("no_news", "monitoring", quiet(3, recorded="2026-11-05")),
        ("no_news", "monitoring", quiet(3) | held()),
        ("no_news", "active", {}),
        ("no_act", "closed", {}),
    ],
)
def test_what_is_over_or_answered_has_no_alarm(code: str, standing: str, sections: dict[str, object]) -> None:
    alarms = facets_of(case_with(standing, **sections)).alarms
    assert code not in {each.code for each in begun(alarms, "2099-01-01")}


def test_who_is_held_without_a_judge_is_told_with_the_hours_and_the_limit() -> None:
    """The clock is that of the place: it is eight in the evening three hours earlier there than in the office."""
    now = dt.datetime(2026, 11, 5, 12, 30, tzinfo=dt.UTC)
    for zone, time in (("UTC", "64 hours"), ("Etc/GMT-3", "67 hours")):
        (alarm,) = begun(facets_of(case_with(**unseen(zone=zone))).alarms, "2026-11-05")
        assert case_page(case_with(**unseen(zone=zone)), "en", now.date()).protagonists[0].standing[0].limit == Limit(
            "72 hours", Soon(dt.date(2026, 11, 5), "20:00", is_past=False, is_soon=True)
        )
        assert alarm.told(now) == f"Held for at least {time} without a judge; the limit is 72 hours"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, {"en": "0 hours", "ru": "0 часов", "ar": "0 ساعة"}),
        (1, {"en": "1 hour", "fr": "1 heure", "es": "1 hora", "ru": "1 час", "ar": "1 ساعة"}),
        (24, {"en": "24 hours", "fr": "24 heures", "es": "24 horas", "ar": "24 ساعة"}),
        (72, {"en": "72 hours", "ru": "72 часа", "ar": "72 ساعة"}),
        (73, {"en": "3 days", "fr": "3 jours", "ru": "3 дня", "ar": "3 أيام"}),
        (975, {"en": "40 days", "es": "40 días", "ar": "40 يومًا"}),
    ],
)
def test_how_long_somebody_is_held_is_said_in_hours_and_above_three_days_in_days(
    hours: int, said: dict[str, str]
) -> None:
    for language, words in said.items():
        with translation.override(language):
            assert lasting_words(hours) == words


def lost(*statuses: tuple[str, str], life: str = "") -> dict[str, object]:
    """Take her in the evening of 2 November; then what was known of where she is, by day."""
    rows = [{"value": value, "as_of": day} for value, day in statuses]
    # Where the law counts the hours: what keeps them from being counted is what is known of her.
    there = unseen()
    held = {"id": "det1", "persons": [LENA], "apprehended_in": "e01", "history": rows[:-1]}
    held["custody"] = [{"facility": "place:station"}]
    people = [dict(each) for each in to_plain(CASE)["persons"]]
    if life:
        people[0]["statuses"] = [{"value": life, "as_of": "2026-11-12"}]
    return there | {"persons": people, "detentions": [held | {"status": rows[-1]}] if rows else []}


@pytest.mark.parametrize(
    ("since", "sections"),
    [
        ("2026-11-02", lost(("unacknowledged", "2026-11-10"))),
        ("2026-11-02", lost(("unacknowledged", "2026-11-03"), ("unacknowledged", "2026-11-10"), life="disappeared")),
        ("2026-11-07", lost(("in_police_custody", "2026-11-02"), ("unacknowledged", "2026-11-07"))),
        ("2026-11-12", lost(life="disappeared")),
        ("2026-11-12", lost(("in_police_custody", "2026-11-02"), life="disappeared")),
    ],
)
def test_of_whom_nobody_knows_where_she_is_no_hours_are_counted_but_the_days(
    since: str, sections: dict[str, object]
) -> None:
    now = dt.datetime(2026, 12, 11, 12, 30, tzinfo=dt.UTC)
    case = case_with(**sections)
    days = (now.date() - dt.date.fromisoformat(since)).days
    alarms = [
        each for each in begun(facets_of(case).alarms, "2026-12-11") if each.code in {"no_judge", "whereabouts_unknown"}
    ]
    assert [each.told(now) for each in alarms] == [f"Whereabouts unknown for {days} days"]
    (person,) = (each for each in case_page(case, "en", now.date()).protagonists if each.id == LENA)
    assert [each.lasting for each in person.standing if each.lasting] == [f"Whereabouts unknown for {days} days"]
    assert all(each.limit is None for each in person.standing)


def test_a_day_on_which_somebody_vanished_is_told_without_a_number() -> None:
    now = dt.datetime(2026, 11, 2, 12, 30, tzinfo=dt.UTC)
    alarms = begun(facets_of(case_with(**lost(("unacknowledged", "2026-11-02")))).alarms, "2026-11-02")
    assert "Whereabouts unknown" in {each.told(now) for each in alarms}


def test_every_alarm_is_tried_and_a_code_of_another_version_is_left_out() -> None:
    assert set(kinds()) == {
        "detention_not_looked_at",
        "incommunicado",
        "no_judge",
        "whereabouts_unknown",
        "risk_out_of_date",
        "demand_without_answer",
        "consent_run_out",
        "no_act",
        "no_news",
        "appeal_tells_hidden",
        "appeal_names_withdrawn",
        "appeal_held_back",
    }
    assert begun(["2026-11-01 gone"], "2026-11-25") == ()
    assert not rings(["2026-11-01 gone", "2026-11-26 no_act"], "2026-11-25", "")
    assert not presses((), "2026-11-25")
    assert facets_of(replace(CASE, events=())).alarms == ()


def test_every_alarm_is_told_whatever_its_summary_says_that_it_is_about() -> None:
    now = dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.UTC)
    for code, kind in kinds().items():
        (alarm,) = begun([f"2026-11-20 {code}"], "2026-11-25")
        assert alarm.told(now).startswith(kind.words)
