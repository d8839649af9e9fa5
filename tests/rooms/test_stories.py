"""Stories told at the desk, each in a file of `stories/`: what people do on the pages, and what each of them may see.

A step has `who` acts and, in this order, `goes` (an address, or a place that was kept), `follows` (the words of a
link), `fills` (labels of fields with what is written or chosen), `presses` (the words of a button), each as it stands
on the page or begins; `near` names words beside the link or button where there are several. Then `sees`, `sees_not` and
`holds` (what stands in a field), `refused` where the page says no, `closed` where there is no page for her, `keeps` (a
name for the place), and `why`. With `day` time goes on; with `clock_ahead` the clock of the machine is set wrong by so
many days, 0 for right. After both everybody signs in anew. What somebody `writes` comes by the public form.

A story with `begins` has "a draft" or "an approved appeal" of the example case, whose places are kept as "the case",
"the appeals" and "the appeal". `signs` are those whose keys count for what is published, `directory` holds authorities
as a file of them does. `published` is the codes that the public site shows at its end, and the steps under `reader` are
taken there then, by somebody who only reads.

At the end of each story a stranger, and who reads the journal, look for its secrets at every address that anybody in
it was offered, in every list and by every search.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from desk import client_of
from desk_of_appeals import Office
from people import NOW, Hire
from public_pages import public_process, sent
from public_site import publishing_process
from screen import Screen
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import DEMONSTRATION, TOTP
from tocsin.appeals.store import AppealKey
from tocsin.authorities import actions as authorities
from tocsin.core.journal import Reading
from tocsin.journal import clocks
from tocsin.publishing import queries, signatories

# Told at every run; the others take minutes together, and are told with what takes long.
OFTEN = {
    "an_approver_leaves",
    "a_source_who_stays_hidden",
    "from_arrest_to_release",
}
STORIES = [
    pytest.param(path, id=path.stem, marks=() if path.stem in OFTEN else pytest.mark.long)
    for path in sorted(Path(__file__).with_name("stories").glob("*.toml"))
]
CAST = {
    "tomas": ["case_lead"],
    "ines": ["case_lead"],
    "amina": ["verifier"],
    "sefa": ["source_handler"],
    "jon": ["auditor"],
    "noor": ["legal"],
    "ada": ["approver"],
    "bo": ["approver"],
    "eve": ["case_lead", "source_handler"],
}
# Who sits where in the office of the example case.
SEATS = {"tomas": "lead", "ines": "reviewer", "noor": "lawyer", "luc": "translator", "ada": "first", "bo": "second"}
MACHINE = str(UUID(int=1))
PASSKEYED = {"approver", "administrator"}
STEPS = set(
    "who why day clock_ahead writes goes follows near fills presses refused closed sees sees_not holds keeps".split()
)
# Pages of the desk that belong to nobody in particular: a list or a search names nothing that is somebody else's.
LISTS = [
    f"/{each.pattern}"
    for each in get_resolver().url_patterns
    if isinstance(each, URLPattern) and not each.pattern.converters and each.name != "lock"
]
# What no page calls a record by: the ids that records name each other with.
RAW = re.compile(r"\b(?:appeal|org|person|group|place|event|det|pr|demand|source|claim|ev):\w+")
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Clock:
    """What time it is for the desk; a story lets days go by, and sets the clock of the machine wrong while it runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._really, self._wrong = NOW, timedelta()
        monkeypatch.setattr(door.timezone, "now", self.now)
        monkeypatch.setattr(clocks, "read", self.read)

    def now(self) -> datetime:
        return self._really + self._wrong

    def read(self, now: datetime) -> Reading:
        """Read it as `clocks.read` does: the seconds since the start are right whatever the clock shows."""
        return Reading(now, MACHINE, self._really.timestamp())

    def move_to(self, day: date) -> None:
        assert day > self._really.date(), "no day comes twice"
        self._really = datetime.combine(day, NOW.timetz())

    def set_ahead(self, days: int) -> None:
        self._wrong = timedelta(days=days)


class Story:
    """One story: its people, each before a screen, and the places that they have kept."""

    def __init__(self, told: dict[str, Any], hire: Hire, clock: Clock, people: dict[str, NewAccount]) -> None:
        self._told, self._hire, self._clock = told, hire, clock
        self._people = people
        self._screens: dict[str, Screen] = {}
        self._kept: dict[str, str] = {}
        self.offered: set[str] = set()

    def person(self, who: str) -> NewAccount:
        """Give somebody; who did not join before joins now."""
        if who not in self._people:
            self._people[who] = self._hire(who, *CAST[who])
        return self._people[who]

    def client(self, who: str) -> Client:
        """Let somebody sign in."""
        actor = self.person(who).actor
        # Who has a passkey steps up with one click, as in a demonstration.
        proof = DEMONSTRATION if actor.roles & PASSKEYED else TOTP
        return client_of(actor, proof, now=self._clock.now())

    def begin_with(self, key: AppealKey) -> None:
        """Keep the places of an appeal and its case."""
        at = f"/cases/{key.case}"
        self._kept |= {"the case": at, "the appeals": f"{at}/appeals", "the appeal": f"{at}/appeals/{key.appeal}"}

    def play(self) -> None:
        who = ""
        for at, step in enumerate(self._told["step"], 1):
            assert set(step) <= STEPS, f"step {at}: {set(step) - STEPS} is no word of a step"
            if "day" in step:
                self._clock.move_to(step["day"])
                self._screens.clear()
            if "clock_ahead" in step:
                self._clock.set_ahead(step["clock_ahead"])
                self._screens.clear()
            if "writes" in step:
                with public_process():
                    sent(Client(), text=step["writes"])
                continue
            who = step.get("who", who)
            screen = self._screens.get(who) or self._screens.setdefault(who, Screen(self.client(who)))
            try:
                self.take(screen, step)
            except AssertionError as error:
                raise AssertionError(f"step {at}, {who}: {error}\n{step}") from error
            self.offered |= screen.offered

    def take(self, screen: Screen, step: dict[str, Any]) -> None:
        near = step.get("near", "")
        if "goes" in step:
            screen.go(self._kept.get(step["goes"], step["goes"]))
        if "follows" in step:
            screen.follow(step["follows"], near)
        if "presses" in step:
            screen.press(step["presses"], "" if "follows" in step else near, step.get("fills"))
        wanted = {400, 409} if step.get("refused") else {404} if step.get("closed") else {200}
        assert screen.status in wanted, f"{screen.address} answered {screen.status}: {screen.words}"
        assert not RAW.search(screen.words), f"a record is called by its id: {screen.words}"
        for label, value in step.get("holds", {}).items():
            assert screen.value(label) == value, f"{label!r} holds {screen.value(label)!r}"
        if "keeps" in step:
            self._kept[step["keeps"]] = screen.address.partition("?")[0]
        for words in step.get("sees", ()):
            assert words in screen.words, f"not on {screen.address}: {words!r}\n{screen.words}"
        for words in step.get("sees_not", ()):
            assert words not in screen.words, f"on {screen.address}: {words!r}\n{screen.words}"


@pytest.mark.parametrize("path", STORIES)
def test_a_story_goes_as_it_is_told_and_nobody_else_learns_of_it(
    path: Path,
    hire: Hire,
    administrator: NewAccount,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = tomllib.loads(path.read_text("utf-8"))
    clock = Clock(monkeypatch)
    story = Story(told, hire, clock, {"vera": administrator})
    if "begins" in told:
        assert told["begins"] in {"a draft", "an approved appeal"}
        office: Office = request.getfixturevalue("office")
        story = Story(
            told, hire, clock, {"vera": administrator} | {each: office.accounts[of] for each, of in SEATS.items()}
        )
        story.begin_with(office.draft() if told["begins"] == "a draft" else office.approved())
    for each in told.get("signs", ()):
        signatories.admit(administrator.actor.ring, story.person(each).actor.id, now=NOW)
    if "directory" in told:
        authorities.take_file(story.person("tomas").actor, told["directory"], now=NOW)
    story.play()
    queries.forget()
    shown = queries.list_shown(queries.Wanted(), 1, now=clock.now())
    assert [each.code for each in shown.items] == told.get("published", [])
    with publishing_process():
        reader = Screen(Client())
        for step in told.get("reader", ()):
            story.take(reader, step)
    private = {each for each in story.offered if re.match(r"/(cases|reports)/[0-9a-f-]{36}", each)}
    ids = {found for each in private for found in IDS.findall(each)}
    assert private
    assert told["secrets"]
    eve, jon = story.client("eve"), story.client("jon")
    for address in sorted(private):
        for answer in (eve.get(address), eve.post(address)):
            assert answer.status_code == 404, f"a stranger was answered at {address}"
            assert found_in(answer, told["secrets"]) == []
    for address in LISTS:
        assert found_in(eve.get(address), [*told["secrets"], *ids]) == [], f"a stranger learns of it at {address}"
        assert found_in(jon.get(address), told["secrets"]) == [], f"who reads the journal learns of it at {address}"
    for secret in told["secrets"]:
        for address in ("/search", "/cases"):
            assert found_in(eve.post(address, {"question": secret}), ids) == [], f"a stranger found {secret}"


def found_in(answer: HttpResponse, hidden: Iterable[str]) -> list[str]:
    return [each for each in hidden if each.encode() in answer.content]
