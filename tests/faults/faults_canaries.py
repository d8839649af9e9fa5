"""No word of a case, of a person or of a question stands in anything that a site writes (SQLite)."""

import base64
import gzip
import io
import logging
import random
import zlib
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from canaries import STEM, Cage, case_with, fields_of, found_in, scan
from django.conf import settings
from django.db import connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import close

from desk import signed_in
from people import LATER, NOW, PASSPHRASE
from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration, door
from tocsin.accounts.actor import PASSKEY
from tocsin.casework import actions
from tocsin.casework.ending import reasons_to_end
from tocsin.core.records import Case, from_yaml
from tocsin.vault import queries
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place, seal_file
from two_databases import ALIASES, SQLite, make_tables, point_at

ROOT = Path(__file__).parent.parent.parent
CASES = [ROOT / "examples/case.yaml", *sorted((ROOT / "tests/cases").glob("*.yaml"))]
# Lists that no example fills, and an anchor in time, which is rather a date. They take the way of all other fields.
UNFILLED = {"Anchor.after", "BodyCall.rights", "LawCited.candidate_articles", "Subdivision.valid_in_list_of"}
_noise = random.Random(7).randbytes(300)
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "raw": bytes,
    "capitals": bytes.upper,
    "UTF-16LE": lambda word: word.decode().encode("utf-16-le"),
    "UTF-16BE": lambda word: word.decode().encode("utf-16-be"),
    "base64 at 0": base64.b64encode,
    "base64 at 1": lambda word: base64.b64encode(b"x" + word),
    "base64 at 2": lambda word: base64.b64encode(b"xy" + word),
    "hex": lambda word: word.hex().encode(),
    "zlib": zlib.compress,
    "zlib, fast": lambda word: zlib.compress(word, 1),
    "deflate": lambda word: zlib.compress(word)[2:-4],
    "gzip": gzip.compress,
    "base64 in zlib": lambda word: zlib.compress(base64.b64encode(word)),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_search_finds_a_word_however_it_is_written(way: str) -> None:
    text = b"before it " + STEM.encode() + b"00001 and what stands behind it " * 5
    assert found_in(_noise + WAYS[way](text) + _noise)
    assert not found_in(_noise * 3)


@pytest.fixture
def maker(tmp_path: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[SQLite]:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    with django_db_blocker.unblock():
        folder = tmp_path / "var"
        folder.mkdir()
        maker = SQLite(folder)
        point_at(maker.template())
        yield maker
        close()


def work(folder: Path, cage: Cage) -> list[UUID]:
    """Do everything that a site can do today, with canaries in all that people type; errors included."""
    make_tables()
    first = accounts.create_first_account(
        cage.canary("login"), cage.canary("name"), PASSPHRASE, ["administrator"], now=NOW
    )
    settings.TOCSIN_ROOTS = (first.actor.ring.public().sign.hex(),)
    root = replace(first.actor, proof=PASSKEY)
    lead, colleague = (
        demonstration.settle(root, cage.canary("login"), cage.canary("name"), PASSPHRASE, [role], now=NOW)
        for role in ("case_lead", "case_lead")
    )
    cases = []
    for path in CASES:
        whole = from_yaml(path.read_text("utf-8"))
        opened = actions.open_new_case(lead.actor, whole, reason=cage.canary("reason"), now=NOW)
        actions.save_case(lead.actor, opened, case_with(cage, whole), now=NOW)
        cases.append(opened.id)
    given = actions.give_access(
        lead.actor, cases[0], "facts", colleague.actor.id, reason=cage.canary("reason"), ends_at=LATER, now=NOW
    )
    _browse(lead, colleague, cases, cage)
    keys = queries.open_case(lead.actor.ring, cases[0], NOW)["evidence"].newest
    file = (cage.canary("file") * 20_000).encode()
    (folder / "sealed.bin").write_bytes(b"".join(seal_file(keys, [file], Place("file", cases[0], "content"))))
    actions.end_access(lead.actor, given.id, reason=next(iter(reasons_to_end())), now=NOW)
    actions.shred_case(lead.actor, cases[-1], now=NOW)
    return cases


def _browse(lead: accounts.NewAccount, colleague: accounts.NewAccount, cases: list[UUID], cage: Cage) -> None:
    Client().post("/sign-in", {"login": cage.canary("typed"), "passphrase": cage.canary("typed"), "code": "1"})
    for account in (lead, colleague):
        client = signed_in(account)
        client.raise_request_exception = False
        for address in ["/", "/journal", "/search", *(f"/cases/{case}" for case in cases)]:
            assert client.get(address).status_code in {200, 404}
        assert STEM in client.post("/search", {"question": STEM}).content.decode()
        client.post("/search", {"question": cage.canary("question")})
        client.post(f"/cases/{cases[0]}/access", {"reason": cage.canary("reason"), "holder": cage.canary("typed")})
        client.post(f"/cases/{cases[0]}", {"x": cage.canary("typed")})
        client.get(f"/nowhere/{cage.canary('address')}")
        client.post("/language", {"language": cage.canary("typed"), "next": cage.canary("address")})


def _written_while_working(folder: Path, cage: Cage) -> bytes:
    """Work, and give what went to the terminal and to the logs."""
    said, heard = io.StringIO(), logging.StreamHandler(io.StringIO())
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.security", "tocsin")]
    for logger in loggers:
        logger.addHandler(heard)
    try:
        with redirect_stdout(said), redirect_stderr(said):
            work(folder, cage)
    finally:
        for logger in loggers:
            logger.removeHandler(heard)
    return (said.getvalue() + heard.stream.getvalue()).encode()


def test_no_word_stands_in_any_byte_that_a_site_writes(maker: SQLite, tmp_path: Path) -> None:
    folder, cage = tmp_path / "var", Cage()
    said = _written_while_working(folder, cage)
    # While the connections are open the write-ahead log is there, too.
    names = {each.name for each in folder.iterdir()}
    assert {"template-data.db", "template-data.db-wal", "template-keys.db", "template-keys.db-journal"} <= names
    assert scan(folder) == {}
    close()
    assert scan(folder) == {}
    assert found_in(said) == set()
    fields, filled = set(fields_of(Case)), set(cage.places.values())
    size = sum(each.stat().st_size for each in folder.iterdir())
    print(f"{len(cage.places)} words in {len(fields & filled)} of {len(fields)} fields; {size} bytes searched")
    assert fields - filled == UNFILLED


@pytest.mark.parametrize("how", ["raw", "zlib", "UTF-16LE"])
def test_the_control_one_field_that_is_not_sealed_is_found(
    maker: SQLite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    sealed = CompartmentKeys.seal

    def seal(keys: CompartmentKeys, value: bytes, place: Place) -> bytes:
        plain = place.table == "grant" and place.field == "reason"
        return WAYS[how](value) if plain else sealed(keys, value, place)

    monkeypatch.setattr(CompartmentKeys, "seal", seal)
    make_tables()
    cage = Cage()
    first = accounts.create_first_account("vera", "Vera", PASSPHRASE, ["case_lead"], now=NOW)
    case = from_yaml(CASES[0].read_text("utf-8"))
    actions.open_new_case(
        replace(first.actor, proof=PASSKEY), case, reason=f"because {cage.canary('reason')} asked for it twice", now=NOW
    )
    assert "template-data.db-wal" in scan(tmp_path / "var")
    for alias in ALIASES:
        connections[alias].close()
    assert set(scan(tmp_path / "var")) == {"template-data.db"}
