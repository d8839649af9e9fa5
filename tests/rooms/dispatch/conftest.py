"""A published appeal, readers who asked for it, and a mailer that can be let to work."""

from pathlib import Path

import pytest
from django.utils import timezone
from mailroom import MAILINGS, Mailroom
from pytest_django import Settings

from invented_appeals import ARABIC, ENGLISH
from people import Hire
from public_site import Press
from tocsin.accounts.actions import NewAccount
from tocsin.publishing import signatories


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
