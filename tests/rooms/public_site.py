"""The public site as a browser sees it, with appeals that two people of the site signed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from people import NOW
from signing import appeal
from tocsin.accounts.actions import NewAccount
from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import Disavowal, PublicAppeal, Retraction
from tocsin.publishing import actions, codes, signatories

S = TypeVar("S", PublicAppeal, Retraction, Disavowal)
# What a process has once, or the test has set: the rest of the settings changes.
_SHARED = {"ALLOWED_HOSTS", "DATABASES", "INSTALLED_APPS", "LOGGING", "SITE", "TOCSIN_ROOTS"}
TODAY = date(2026, 11, 25)


def publishing_process() -> override_settings:
    """Answer as the process of the public site does."""
    from tocsin.config import settings_publishing

    names = {name for name in vars(settings_publishing) if name.isupper() and not name.startswith("_")}
    return override_settings(**{name: getattr(settings_publishing, name) for name in names - _SHARED})


class Clock:
    """The time at which every request comes."""

    def __init__(self) -> None:
        self.now, self.seconds = NOW, 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Press:
    """Two people who may publish."""

    ana: NewAccount
    boris: NewAccount

    def sign(self, statement: S, *by: NewAccount) -> S:
        for each in by or (self.ana, self.boris):
            statement = signatories.sign(statement, each.actor.ring)
        return statement

    def publish(self, documents: Iterable[AppealDocument], *, now: datetime, **words: Any) -> PublicAppeal:
        code = codes.give_code("XZV", TODAY, now=now)
        statement = self.sign(appeal(code, tuple(documents), **words))
        actions.publish(statement, now=now)
        return statement

    def follow_up(self, first: PublicAppeal, documents: Iterable[AppealDocument], *, now: datetime) -> PublicAppeal:
        code = codes.give_follow_up(first.code, TODAY, now=now)
        statement = self.sign(appeal(code, tuple(documents), follows=first.code))
        actions.publish(statement, now=now)
        return statement

    def retract(self, published: PublicAppeal, *, now: datetime) -> None:
        actions.retract(self.sign(Retraction(published.code, now.astimezone(UTC))), now=now)


def slug_of(statement: PublicAppeal) -> str:
    return statement.code.lower().replace(" / ", "-").replace(" ", "-").replace(".", "-")


def plans_of(ask: Callable[[], object]) -> list[str]:
    """List how SQLite comes to the rows of each statement by which something is answered."""
    with CaptureQueriesContext(connection) as made:
        ask()
    plans = []
    for each in made.captured_queries:
        if each["sql"].startswith(("SELECT", "WITH")):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + each["sql"])
                plans += [row[3] for row in cursor.fetchall()]
    assert plans, "nothing was asked"
    return plans
