"""Anything done with an appeal in any order, before and after it is public: nothing goes out that nobody let out."""

import dataclasses
import datetime as dt
import os
from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from canaries import STEM, Cage, filled
from desk_of_appeals import TODAY, Office, consent_withdrawn, undone
from people import NOW, just_confirmed
from tocsin.accounts.models import Account
from tocsin.appeals import actions, clearing, recalling, releasing, store, waivers
from tocsin.appeals.actions import Writing
from tocsin.appeals.store import AppealKey
from tocsin.appeals.tables import gates
from tocsin.casework import actions as casework
from tocsin.core.codes import parse, slug
from tocsin.core.errors import TocsinError
from tocsin.core.records import Case, CaseStatus, Evidence, Record
from tocsin.publishing import queries
from tocsin.publishing.models import Publication, PublishedRetraction

pytestmark = pytest.mark.database("sqlite")
# Few in each run of the tests; `make fuzz` and `make long` walk hundreds.
EXAMPLES = int(os.environ.get("EXAMPLES", "6"))
FEW_OR_MANY = [pytest.param(EXAMPLES, id="few"), pytest.param(15 * EXAMPLES, id="many", marks=pytest.mark.long)]
ALWAYS = "write tell abandon withdraw_consent waive set_day embargo pass_a_day lose_an_approver".split()
BEFORE = [*ALWAYS, *"submit clear clear_law send_back first second release correct ask agree follow_up".split()]
AFTER = [*ALWAYS, *"correct correct_telling ask ask_telling agree let_stand follow_up close".split()]
# Where walks begin, each place from the one before: as drafted, with one approval, published. Then what may be done
# there, and what is done in every run.
BEGINNINGS = (
    ((), BEFORE, (["tell"], ["embargo"])),
    (("submit", "clear", "clear_law", "first"), BEFORE, (["lose_an_approver"],)),
    (("second", "release"), AFTER, (["correct", "tell"], ["correct_telling"], ["ask_telling", "agree"])),
)
# Whatever was done, everybody then tries to let it out.
WAY_OUT = ("submit", "clear", "clear_law", "first", "second", "release")
# Of what one source alone told nothing is new to an update, and it tells so.
WAIVED = ("ADR-05", "ADR-08", "FCT-11")


@dataclasses.dataclass
class Model:
    """What somebody outside would write down of the appeals of a case: who signed what of the newest text, and when.

    Each step does one thing and notes it if it was not refused.
    """

    office: Office
    key: AppealKey
    now: datetime = NOW
    gates: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    waived_until: dt.date = TODAY
    day: dt.date = TODAY
    hour: datetime | None = None
    tells: bool = False
    withdrawn: bool = False
    left: bool = False
    told: AppealKey | None = None
    asked: frozenset[AppealKey] = frozenset()
    released: tuple[tuple[str, datetime | None], ...] = ()
    retracted: frozenset[AppealKey] = frozenset()

    def take(self, step: str) -> bool:
        """Take a step, and tell whether it was refused."""
        try:
            with transaction.atomic():
                getattr(self, step)()
        except TocsinError:
            return False
        return True

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    @property
    def may_be_released(self) -> bool:
        signed = self.gates == set(gates()) and self.approved == {"first", "second"} and not self.left
        has_come = self.is_public or self.hour is not None or self.day <= self.today
        return signed and has_come and self.waived_until >= self.today and not (self.withdrawn or self.tells)

    @property
    def is_public(self) -> bool:
        return self.key == self.told

    def check(self) -> None:
        """Look whether what is public is what was let out, and no sooner."""
        assert Publication.objects.count() == len(self.released)
        assert PublishedRetraction.objects.count() == len(self.retracted)
        for name, hour in self.released:
            assert hour is None or self.now >= hour or queries.find(name, now=self.now) is None, "before its hour"

    # --- until it is public ---

    def write(self) -> None:
        self._title(f"version {self._seen}")
        self.tells = False

    def tell(self) -> None:
        """Type who told of it, as somebody does who copies from the case."""
        self._title(f"says {self._case.case.sources[0].identity}")
        self.tells = True

    def _title(self, words: str) -> None:
        writing = Writing("en", "title", f"Zarvania: Attack on Davit Anhalt and Mirela Tosk, {words}")
        actions.write_text(self.office.lead, self.key, writing, seen=self._seen, now=self.now)
        self._unsigned()

    def submit(self) -> None:
        actions.submit(self.office.lead, self.key, seen=self._seen, now=self.now)
        self._unsigned()

    def clear(self) -> None:
        for gate in set(gates()) - {"law"}:
            clearing.clear(self.office.reviewer, self.key, gate, seen=self._seen, now=self.now)
        self.gates |= set(gates()) - {"law"}

    def clear_law(self) -> None:
        clearing.clear(self.office.lawyer, self.key, "law", seen=self._seen, now=self.now)
        self.gates |= {"law"}

    def send_back(self) -> None:
        clearing.send_back(self.office.lawyer, self.key, "law", seen=self._seen, words="no", now=self.now)
        self.gates -= {"law"}

    def first(self) -> None:
        releasing.approve(just_confirmed(self.office.first, self.now), self.key, seen=self._seen, now=self.now)
        self.approved |= {"first"}

    def second(self) -> None:
        releasing.approve(just_confirmed(self.office.second, self.now), self.key, seen=self._seen, now=self.now)
        self.approved |= {"second"}

    def release(self) -> None:
        may, hour = self.may_be_released, self.hour
        code = parse(self.office.release(self.key, now=self.now)).code
        assert may, "it was released"
        self.released, self.told = (*self.released, (slug(code), hour)), self.key

    def abandon(self) -> None:
        actions.abandon(self.office.lead, self.key, reason="overtaken", seen=self._seen, now=self.now)
        self.tells = False
        self._unsigned()

    def waive(self) -> None:
        until = self.today + timedelta(days=1)
        for each in self.office.standing(self.key, *WAIVED, now=self.now):
            waivers.waive(self.office.lawyer, self.key, each, reason="no other", until=until, now=self.now)
        self.waived_until = until

    def set_day(self) -> None:
        self._set_day(None)

    def embargo(self) -> None:
        self._set_day(dt.time(9, 30))

    def _set_day(self, hour: dt.time | None) -> None:
        day = self.today + timedelta(days=1)
        actions.set_day(self.office.lead, self.key, day, hour, seen=self._seen, now=self.now)
        self.day = day
        if not self.is_public:
            self.hour = timezone.make_aware(datetime.combine(day, hour)) if hour else None
        self._unsigned()

    # --- what happens meanwhile ---

    def pass_a_day(self) -> None:
        self.now += timedelta(days=1)

    def withdraw_consent(self) -> None:
        consent_withdrawn(self.office, now=self.now)
        self.withdrawn = True

    def lose_an_approver(self) -> None:
        Account.objects.filter(id=self.office.second.id).update(disabled_at=self.now)
        self.left = True

    # --- once it is public ---

    def correct(self, words: str = "The title names both.") -> None:
        actions.correct(self.office.lead, self.key, words, seen=self._seen, now=self.now)
        self._unsigned()

    def correct_telling(self) -> None:
        self.correct(self._hidden)

    def ask(self, words: str = "Withdrawn.") -> None:
        recalling.ask(just_confirmed(self.office.first, self.now), self.told or self.key, words, now=self.now)
        self.asked |= {self.told}

    def ask_telling(self) -> None:
        self.ask(self._hidden)

    def agree(self) -> None:
        if not self.left:
            key, asked = self.told or self.key, self.asked
            recalling.agree(just_confirmed(self.office.second, self.now), key, now=self.now)
            assert key in asked, "it was taken back"
            self.retracted |= {key}

    def let_stand(self) -> None:
        recalling.leave(just_confirmed(self.office.first, self.now), self.told or self.key, now=self.now)
        self.asked -= {self.told}

    def follow_up(self, *, closes: bool = False) -> None:
        opened = actions.open_draft(self.office.lead, self.office.case, closes=closes, now=self.now)
        self.key, self.day, self.hour, self.tells = AppealKey(self.office.case, opened), self.today, None, False
        self._unsigned()
        self.waive()

    def close(self) -> None:
        ended = CaseStatus(value="closed", as_of=self.today, outcome="released")
        self._save(statuses=(*self._case.case.statuses, ended))
        self.follow_up(closes=True)

    # --- what the steps need ---

    @property
    def _seen(self) -> int:
        return store.get_row(self.key).version

    @property
    def _case(self) -> casework.OpenCase:
        return casework.read_case(self.office.lead, self.office.case, now=self.now)

    @property
    def _hidden(self) -> str:
        return next(each.preferred.full for each in self._case.case.persons if each.rc == "C")

    def _save(self, **changes: object) -> None:
        opened = self._case
        casework.save_case(self.office.lead, opened, dataclasses.replace(opened.case, **changes), now=self.now)

    def _unsigned(self) -> None:
        self.gates, self.approved = frozenset(), frozenset()


@pytest.mark.parametrize("examples", FEW_OR_MANY)
def test_no_order_of_steps_lets_out_what_was_not_approved_or_is_hidden(office: Office, examples: int) -> None:
    cage = Cage()
    opened = casework.read_case(office.lead, office.case, now=NOW)
    casework.save_case(office.lead, opened, with_canaries(opened.case, cage), now=NOW)
    assert len(cage.places) > 50
    model = Model(office, office.draft(days=1), waived_until=TODAY + timedelta(days=1))

    for beginning, among, always in BEGINNINGS:
        assert [step for step in beginning if not model.take(step)] == []
        walk(model, among, always, examples // len(BEGINNINGS))
    assert "Mirela Tosk" in all_that_is_public(), "what is looked through is there"
    # The steps lead on in their order, too.
    for step in ("correct", *WAY_OUT, "ask", "agree"):
        assert model.take(step), step
    model.check()
    assert (len(model.released), len(model.retracted)) == (2, 1)


def walk(model: Model, among: list[str], always: Iterable[list[str]], examples: int) -> None:
    """Take steps at random from where the model stands, each time to the end, and take them back."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=st.lists(st.sampled_from(among), min_size=4, max_size=10))
    def once(steps: list[str]) -> None:
        queries.forget()
        with undone():
            walker = copy(model)
            for step in (*steps, *WAY_OUT):
                note(f"{step}: {walker.take(step)}, {store.get_row(walker.key).state}")
                walker.check()
            assert STEM not in all_that_is_public()

    for steps in always:
        once = example(steps=steps)(once)
    once()


def with_canaries(case: Case, cage: Cage) -> Case:
    """Put a canary into each text of every record that is not for the public."""
    parts = {each.name: getattr(case, each.name) for each in dataclasses.fields(case) if each.init}
    changes = {
        name: tuple(filled(each, cage) if is_hidden(each) else each for each in part)
        for name, part in parts.items()
        if isinstance(part, tuple)
    }
    return dataclasses.replace(case, **changes)


def is_hidden(record: object) -> bool:
    return isinstance(record, Evidence) or (isinstance(record, Record) and record.rc in {"R", "C", "N"})


def all_that_is_public() -> str:
    """Give every row of the public house."""
    models = apps.get_app_config("publishing").get_models()
    return repr([list(each.objects.values_list()) for each in models])
