"""The public site with appeals that two people signed, at a time that the test sets."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from invented_appeals import ARABIC, ENGLISH
from people import NOW, Hire
from public_site import Clock, Press, publishing_process
from tocsin.accounts.actions import NewAccount
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import answers, signatories


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    monkeypatch.setattr(answers, "kept", answers.Kept(clock))
    return clock


@pytest.fixture
def press(administrator: NewAccount, hire: Hire) -> Press:
    press = Press(hire("ana", "case_lead"), hire("boris", "case_lead"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, label="Approver", now=NOW)
    return press


@pytest.fixture
def site(press: Press, clock: Clock) -> Iterator[Client]:
    with publishing_process():
        yield Client()


@pytest.fixture
def lawyer(press: Press) -> PublicAppeal:
    """Give an appeal that is published in English and Arabic."""
    return press.publish([ENGLISH, ARABIC], now=NOW)
