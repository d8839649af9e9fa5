"""A case fit to be published, and a desk with enough people to publish it."""

import os
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from people import LATER, NOW, Hire, just_confirmed
from remembering import Given, Remembering
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import PASSKEY, Actor
from tocsin.appeals import actions, clearing, releasing, waivers
from tocsin.appeals.store import AppealKey, get_row
from tocsin.appeals.tables import gates
from tocsin.appeals.waivers import Named
from tocsin.casework import actions as casework
from tocsin.core.records import Case, from_yaml
from tocsin.dispatch import actions as dispatch
from tocsin.dispatch.actions import Asked
from tocsin.dispatch.models import Mailing, Subscriber
from tocsin.publishing import signatories
from tocsin.publishing.models import Publication

EXAMPLE = Path(__file__).parents[2] / "examples/case.yaml"
TODAY = NOW.date()


@cache
def recent_case() -> Case:
    """Give the case of the examples as if it had happened last month, and without the code that it was given then."""
    text = EXAMPLE.read_text("utf-8").replace("October 12, 2021", "November 12, 2026")
    text = re.sub(r"\b2021-(\d\d)\b", lambda found: f"2026-{int(found[1]) + 1:02}", text)
    text = re.sub(r"\b2022-10-14\b", "2027-11-14", text)
    text = re.sub(r"^  code: .*\n|^  status: .*\n", "", text, flags=re.MULTILINE)
    return from_yaml(text)


@dataclass(frozen=True)
class Office:
    """A case with everybody who is needed for its appeal; each holds the facts of the case.

    What a test begins with, an appeal that is drafted, cleared, approved, is remembered (`remembering.py`).
    """

    case: UUID
    lead: Actor
    reviewer: Actor
    lawyer: Actor
    translator: Actor
    first: Actor
    second: Actor
    accounts: dict[str, NewAccount]
    remember: Remembering | None = None

    def draft(self, *, now: datetime = NOW, days: int = 30) -> AppealKey:
        """Draft an appeal, with its two warnings waived for some days."""
        return self._begun(("drafted", now, days), lambda: self._draft(now, days))

    def _draft(self, now: datetime, days: int) -> AppealKey:
        key = AppealKey(self.case, actions.open_draft(self.lead, self.case, now=now))
        until = now.date() + timedelta(days=days)
        for named in self.standing(key, "ADR-05", "ADR-08", now=now):
            waivers.waive(self.lawyer, key, named, reason="there is no other", until=until, now=now)
        return key

    def standing(self, key: AppealKey, *rules: str, now: datetime = NOW) -> list[Named]:
        """Name the findings of some rules that stand."""
        draft, _ = actions.read_appeal(self.lead, key, now=now)
        found = [one for each in actions.checked_now(self.lead, draft, now=now) for one in each.standing]
        return [Named(one.rule, one.cause) for one in found if one.rule in rules]

    def version(self, key: AppealKey) -> int:
        """Give the version that is the newest now."""
        return get_row(key).version

    def cleared(self, *, now: datetime = NOW) -> AppealKey:
        """Draft an appeal and take it through its gates."""
        key = self.draft(now=now)
        self._begun(("cleared", now), lambda: self.submit_and_clear(key, now=now))
        return key

    def submit_and_clear(self, key: AppealKey, *, now: datetime = NOW) -> None:
        actions.submit(self.lead, key, seen=self.version(key), now=now)
        for gate in gates():
            by = self.lawyer if gate == "law" else self.reviewer
            clearing.clear(by, key, gate, seen=self.version(key), now=now)

    def approved(self, *, now: datetime = NOW) -> AppealKey:
        """Let two people approve an appeal."""
        key = self.cleared(now=now)
        self._begun(("approved", now), lambda: self.approve(key, now=now))
        return key

    def _begun(self, what: Hashable, act: Callable[[], Given]) -> Given:
        return act() if self.remember is None else self.remember(what, act)

    def approve(self, key: AppealKey, *, now: datetime = NOW) -> None:
        for approver in self.approvers(now):
            releasing.approve(approver, key, seen=self.version(key), now=now)

    def approvers(self, now: datetime = NOW) -> Iterator[Actor]:
        """Give the two approvers, each having shown her passkey just now."""
        yield just_confirmed(self.first, now)
        yield just_confirmed(self.second, now)

    def release(self, key: AppealKey, *, now: datetime = NOW) -> str:
        return releasing.release(just_confirmed(self.first, now), key, seen=self.version(key), now=now)


def open_office(hire: Hire, administrator: NewAccount, case: Case | None = None) -> Office:
    """Open a case and give its facts to everybody who is needed for its appeal."""
    lead = hire("tomas", "case_lead")
    opened = casework.open_new_case(lead.actor, case or recent_case(), reason="a report", now=NOW)
    accounts = {
        "lead": lead,
        "reviewer": hire("ines", "case_lead"),
        "lawyer": hire("noor", "legal"),
        "translator": hire("luc", "translator"),
        "first": hire("ada", "approver"),
        "second": hire("bo", "approver"),
    }
    confirmed = just_confirmed(lead.actor, NOW)
    for account in list(accounts.values())[1:]:
        end = LATER + timedelta(days=30)
        casework.give_access(confirmed, opened.id, "facts", account.actor.id, reason="r", ends_at=end, now=NOW)
    actors = {name: account.actor for name, account in accounts.items()}
    for name in ("first", "second"):
        actors[name] = Actor(actors[name].id, actors[name].roles, actors[name].ring, PASSKEY)
        signatories.admit(administrator.actor.ring, actors[name].id, now=NOW)
    return Office(opened.id, **actors, accounts=accounts)


@contextmanager
def undone() -> Iterator[None]:
    """Try something, and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def consent_withdrawn(office: Office, *, now: datetime = NOW) -> None:
    """Let one of those who are named take her consent back."""
    opened = casework.read_case(office.lead, office.case, now=now)
    consents = tuple(
        replace(each, state="withdrawn") if each.person == "person:tosk" else each for each in opened.case.consents
    )
    casework.save_case(office.lead, opened, replace(opened.case, consents=consents), now=now)


def on_its_way(office: Office, code: str) -> Mailing:
    """Have what is published under a code sent to a reader."""
    publication = Publication.objects.filter(code=code).latest("version")
    reader = {"id": uuid4(), "fingerprint": os.urandom(32), "languages": " en ", "state": "active"}
    Subscriber.objects.create(**reader, asked_at=NOW, confirmed_at=NOW, address=b"")
    asked = Asked(uuid4(), publication.slug, publication.version)
    dispatch.open_mailing(asked, next(office.approvers()).ring, now=NOW)
    return dispatch.send(asked.id, now=NOW)


def waiting(office: Office, day: date, hour: time) -> AppealKey:
    """Publish an appeal ahead of its hour."""
    key = office.draft()
    actions.set_day(office.lead, key, day, hour, seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    office.release(key)
    return key
