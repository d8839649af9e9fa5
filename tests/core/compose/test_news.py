"""What a follow-up may say of what is new: new developments, no change that is known, or neither."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from command_line import ROOT
from tocsin.core.compose import LastTold, compose, news_since
from tocsin.core.records import Case, Event, TemporalExpression, from_yaml
from tocsin.core.render import render

CASE = from_yaml((ROOT / "tests/cases/follow-up-release.yaml").read_text("utf-8"))
ISSUED = dt.date(2021, 9, 20)
ATTACK = Event(
    id="e20",
    kind="act",
    act_type="physical_attack",
    victims=("person:leuwen",),
    t=TemporalExpression(date="2021-09-20", precision="day"),
    recorded_on=ISSUED,
)
SAYS = {
    "new": ("new developments", "has received new information", "New information:"),
    "unchanged": ("has learned of no change",),
    "untold": ("recalls the case of",),
}


def with_event(**fields: object) -> Case:
    return dataclasses.replace(CASE, events=(*CASE.events, dataclasses.replace(ATTACK, **fields)))


def changed(section: str, **fields: object) -> Case:
    first, *rest = getattr(CASE, section)
    return dataclasses.replace(CASE, **{section: (dataclasses.replace(first, **fields), *rest)})


def held_again() -> Case:
    status = CASE.detentions[0].status
    assert status is not None
    return changed("detentions", status=dataclasses.replace(status, value="pretrial_detention", as_of=ISSUED))


CHANGES: list[tuple[Callable[[], Case], str]] = [
    (lambda: CASE, "unchanged"),
    (with_event, "new"),
    (lambda: with_event(recorded_on=None), "new"),
    (lambda: with_event(rc="N"), "untold"),
    (held_again, "new"),
    (
        lambda: with_event(recorded_on=None, kind="plan", t=TemporalExpression(date="2021-10-20", precision="day")),
        "new",
    ),
    (lambda: changed("events", manner="at once"), "untold"),
    (lambda: changed("persons", role="relative"), "untold"),
    (lambda: dataclasses.replace(CASE, events=CASE.events[:-1]), "untold"),
    (lambda: changed("consents", recorded_on=dt.date(2021, 9, 21)), "unchanged"),
    (lambda: changed("addressees", title="Ms."), "unchanged"),
]


@pytest.mark.parametrize(("change", "standing"), CHANGES)
def test_beside_the_state_of_which_the_last_appeal_was_made(change: Callable[[], Case], standing: str) -> None:
    case = change()
    last = LastTold(CASE)
    assert news_since(case, ISSUED, last).standing == standing
    said = " ".join(render(compose(case, since=ISSUED, last=last).document, "txt").split())
    for other, phrases in SAYS.items():
        assert all((phrase in said) == (other == standing) for phrase in phrases)
    assert "attacked" not in said or standing == "new"


def test_what_whoever_composes_cannot_open_may_have_changed() -> None:
    assert news_since(CASE, ISSUED, LastTold(CASE, is_whole=False)).standing == "untold"


def test_what_the_last_appeal_told_already_is_not_new() -> None:
    told = LastTold(CASE, frozenset({ATTACK.id}))
    assert news_since(with_event(), ISSUED, told).standing == "untold"


@pytest.mark.parametrize(("on", "standing"), [(dt.date(2021, 9, 25), "unchanged"), (dt.date(2021, 10, 5), "untold")])
def test_what_was_foreseen_is_no_news_before_its_day_and_in_doubt_after_it(on: dt.date, standing: str) -> None:
    planned = with_event(kind="plan", t=TemporalExpression(date="2021-10-01", precision="day"))
    assert news_since(planned, ISSUED, LastTold(planned), on=on).standing == standing


@pytest.mark.parametrize(
    ("recorded_on", "standing"),
    [(dt.date(2021, 9, 21), "new"), (ISSUED, "untold"), (None, "untold"), (dt.date(2021, 9, 19), "unchanged")],
)
def test_by_days_alone_a_doubt_is_no_news_and_no_silence(recorded_on: dt.date | None, standing: str) -> None:
    case = with_event(recorded_on=recorded_on, t=TemporalExpression(date="2021-09-10", precision="day"))
    assert news_since(case, ISSUED).standing == standing
