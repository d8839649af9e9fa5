"""A worker cannot open what it sealed: a process with all that the machine of a site has opens nothing of it (SQLite).

`FAULT_TRIES` says how often it tries (250,000, which take a quarter of a minute).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from machine_secrets import from_bech32
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import DEEDS, World, close, found

from child import run_child
from people import NOW
from tocsin.accounts import actions as accounts
from tocsin.accounts.models import Account
from tocsin.casework.search import actions as searching
from tocsin.operations import archive
from tocsin.vault import queries
from two_databases import SQLite, point_at

HERE = Path(__file__).parent
TRIES = int(os.environ.get("FAULT_TRIES", "250000"))
KINDS = {"record", "summary", "link", "reason", "box", "name", "totp", "session", "passphrase", "recovery"}
_WORK = """
import json, sys
from dataclasses import asdict
sys.path.append(sys.argv[1])
from machine_secrets import attack, everything_sealed
made = attack(int(sys.argv[2]), map(bytes.fromhex, sys.argv[3:]))
print(json.dumps({**asdict(made), "kinds": sorted({kind for kind, _ in everything_sealed()})}))
"""


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[SQLite]:
    with django_db_blocker.unblock():
        yield SQLite(tmp_path_factory.mktemp("machine"))
        close()


@pytest.fixture(scope="module")
def world(maker: SQLite) -> World:
    world = found(maker.template())
    for deed in ("end", "give", "save"):
        DEEDS[deed](world)
    # Her boxes are sealed again by this, so that both kinds lie there.
    searching.search(world.colleague, "marosh", now=NOW)
    return world


def attacked(maker: SQLite, tries: int, *more: bytes) -> dict[str, Any]:
    point_at(maker.template())
    words = (str(HERE), str(tries), *(each.hex() for each in more))
    ended = run_child(_WORK, *words, roots=settings.TOCSIN_ROOTS)
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_a_quarter_of_a_million_tries_with_all_that_the_machine_has_open_nothing(maker: SQLite, world: World) -> None:
    lead = Account.objects.get(id=world.lead.id)
    cookie = accounts.open_session(lead, world.lead.ring, now=NOW)
    made = attacked(maker, TRIES)
    assert set(made["kinds"]) == KINDS
    assert (made["opened"], made["private"]) == ([], 0)
    assert made["tries"] >= TRIES
    print(f"{made['tries']} tries on {', '.join(made['kinds'])}: nothing opened")
    # The control: with one secret that only a person has the same attack opens.
    assert attacked(maker, 1, cookie)["opened"] == ["session"]
    ring = attacked(maker, 1, world.lead.ring.box)
    assert set(ring["opened"]) == {"box", "totp"}
    assert ring["private"] == 1
    key = queries.open_case(world.lead.ring, world.case, NOW)["facts"].newest.secret
    assert set(attacked(maker, 1, key)["opened"]) == {"record", "summary", "link", "reason"}


def test_the_control_a_private_key_for_backups_is_known_by_its_public_half() -> None:
    from machine_secrets import halves

    secret, public = archive.new_key()
    assert from_bech32(public.removeprefix("age1")) in halves(
        from_bech32(secret.lower().removeprefix("age-secret-key-1"))
    )
