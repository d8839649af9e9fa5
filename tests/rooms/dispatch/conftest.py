"""A published appeal, readers who asked for it, and a mailer that can be let to work."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from mailroom import MAILINGS, Mailroom, reader
from pytest_django import Settings

from desk import client_of
from invented_appeals import ARABIC, ENGLISH
from people import NOW, Hire
from public_site import Press
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import PASSKEY
from tocsin.accounts.models import Session
from tocsin.dispatch.models import Subscriber
from tocsin.publishing import signatories
from tocsin.publishing.models import Publication


@pytest.fixture
def press(committed: None, administrator: NewAccount, hire: Hire) -> Press:
    press = Press(hire("ana", "case_lead"), hire("boris", "case_lead"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, label="Approver", now=timezone.now())
    return press


@pytest.fixture
def mailroom(press: Press, settings: Settings, tmp_path: Path) -> Mailroom:
    """Give an appeal in English and Arabic, published just now, that nobody has been sent."""
    settings.TOCSIN_MAILINGS = MAILINGS
    return Mailroom(press, press.publish([ENGLISH, ARABIC], now=timezone.now()), tmp_path)


@pytest.fixture
def ada(hire: Hire) -> NewAccount:
    return hire("ada", "approver")


@pytest.fixture
def approvers(ada: NewAccount, hire: Hire, administrator: NewAccount) -> Press:
    press = Press(ada, hire("bo", "approver"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW)
    return press


@pytest.fixture
def address(frozen: None, approvers: Press, settings: Settings) -> str:
    """Publish an appeal in two languages, for which five readers have asked, and give the page of its mailing."""
    settings.TOCSIN_MAILINGS = MAILINGS
    approvers.publish([ENGLISH, ARABIC], now=NOW)
    Subscriber.objects.bulk_create([reader(number, languages=" ar " if number < 2 else " en ") for number in range(5)])
    return f"/mailings/{Publication.objects.get().id}"


@pytest.fixture
def officer(address: str, ada: NewAccount) -> Client:
    """Give an approver who showed her passkey just now."""
    client = client_of(ada.actor, PASSKEY)
    Session.objects.update(confirmed_at=NOW)
    return client
