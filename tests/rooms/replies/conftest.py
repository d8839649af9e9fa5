"""The site whose inbox is worked: open for mail, and with an appeal that somebody answers."""

import pytest

from invented_appeals import SPANISH
from people import NOW, Hire
from public_site import Press
from tocsin.accounts.actions import NewAccount
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import signatories
from tocsin.replies import actions


@pytest.fixture
def lead(hire: Hire) -> NewAccount:
    lead = hire("tomas", "case_lead")
    actions.open_inbox(lead.actor, now=NOW)
    return lead


@pytest.fixture
def press(hire: Hire, administrator: NewAccount) -> Press:
    press = Press(hire("ana", "approver"), hire("boris", "approver"))
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW)
    return press


@pytest.fixture
def published(press: Press) -> PublicAppeal:
    return press.publish([SPANISH], now=NOW)
