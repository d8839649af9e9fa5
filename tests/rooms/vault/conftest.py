"""Whom the tests of the vault begin with: the first of an organisation, and a case of hers."""

from uuid import UUID, uuid4

import pytest
from holders import person
from pytest_django import Settings

from people import LATER, NOW
from tocsin.vault import actions
from tocsin.vault.keyring import Keyring


@pytest.fixture
def root(settings: Settings) -> Keyring:
    ring = person()
    settings.TOCSIN_ROOTS = (ring.public().sign.hex(),)
    return ring


@pytest.fixture
def case(root: Keyring) -> UUID:
    case = uuid4()
    actions.found(root, case, ["facts", "sources"], reason="opened it", ends_at=LATER, now=NOW)
    return case
