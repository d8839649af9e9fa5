"""What a follow-up may say of what is new: new developments, no change that is known, or neither."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from command_line import ROOT
from tocsin.core.appeal import Text
from tocsin.core.compose import LastTold, compose, news_since
from tocsin.core.records import Case, Event, TemporalExpression, Translation, Wording, from_yaml
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
    "new": ("has received new information", "New information:"),
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


def freed_by_status() -> Case:
    """Give a case in which he is free, and no event tells it."""
    status = CASE.detentions[0].status
    assert status is not None
    return changed("detentions", status=dataclasses.replace(status, value="released_expiry", since=None, as_of=ISSUED))


TITLES: list[tuple[Callable[[], Case], str, str]] = [
    (with_event, "en", "Ostrevia: Attack against Kasimir Leuwen"),
    (lambda: with_event(act_type="killing", mode="risk"), "en", "Ostrevia: Threatened killing of Kasimir Leuwen"),
    (lambda: with_event(kind="procedure", act_type=None, procedure="transfer", concerns=("person:leuwen",), victims=()),
     "en", "Ostrevia: Transfer of Kasimir Leuwen"),
    (freed_by_status, "en", "Ostrevia: Release of Kasimir Leuwen"),
    (freed_by_status, "fr", "Ostrevia\N{NO-BREAK SPACE}: Libération de Kasimir Leuwen"),
    (freed_by_status, "es", "Ostrevia: Puesta en libertad de Kasimir Leuwen"),
    # What may not be told has no title, nor has what is only foreseen, or a step that nobody of the plan took.
    (lambda: with_event(rc="N"), "en", "Ostrevia: As before"),
    (lambda: with_event(kind="plan", procedure="hearing", recorded_on=None), "en", "Ostrevia: As before"),
    (lambda: with_event(kind="context", act_type=None), "en", "Ostrevia: As before"),
    (lambda: CASE, "en", "Ostrevia: As before"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "language", "title"), TITLES)
def test_the_title_of_a_follow_up_tells_its_news(change: Callable[[], Case], language: str, title: str) -> None:
    before = Wording((Translation("en", "Ostrevia: As before"),))
    last = CASE.with_plan(dataclasses.replace(CASE.appeal, title=before))
    case = change().with_plan(last.appeal)
    assert compose(case, since=ISSUED, last=LastTold(last), language=language).document.title == Text(title)
    own = case.with_plan(dataclasses.replace(CASE.appeal, title=Wording((Translation(language, "Ours"),))))
    assert compose(own, since=ISSUED, last=LastTold(last), language=language).document.title == Text("Ours")
