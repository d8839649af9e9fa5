"""No word of a case, of a person or of a question stands in anything that a site writes, nor in its backups."""

import base64
import gzip
import io
import logging
import random
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.test import Client, override_settings
from own_server import own_server
from PIL import Image
from pytest_django.plugin import DjangoDbBlocker
from site_at_work import close

from canaries import STEM, Cage, case_with, count_new, fields_of, found_in, pages, scan
from desk import signed_in
from desk_of_appeals import open_office
from mailing_site import MAILINGS
from people import LATER, NOW, PASSPHRASE, believe_the_clock, just_confirmed
from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration, door
from tocsin.accounts.actor import PASSKEY, Actor
from tocsin.adapters.lmtp import Delivered
from tocsin.appeals import actions as appeals
from tocsin.appeals import clearing, disavowing, recalling, stating, waivers
from tocsin.appeals.tables import gates
from tocsin.authorities import actions as authorities
from tocsin.casework import actions, barring, charge, duplicates
from tocsin.casework.ending import reasons_to_end
from tocsin.casework.models import EvidenceFile
from tocsin.casework.search import export_keys
from tocsin.casework.together import remarks
from tocsin.core.publication import Words
from tocsin.core.records import Case, from_yaml
from tocsin.intake import actions as intake
from tocsin.intake import letterbox
from tocsin.letterbox import actions as public_form
from tocsin.letterbox.letter import Written
from tocsin.operations import archive, backup
from tocsin.replies import actions as inbox
from tocsin.replies import answering, receiving, sorting
from tocsin.replies.models import RawMessage
from tocsin.vault import queries
from tocsin.vault.letters import new_receipt_code, read_receipt
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place, seal_file
from two_databases import PostgreSQL, SQLite, make_tables, point_at

ROOT = Path(__file__).parent.parent.parent
CASES = [ROOT / "examples/case.yaml", *sorted((ROOT / "tests/cases").glob("*.yaml"))]
# Fields that no example fills, put into one; an anchor, a subdivision and what stood on a day.
REST = {
    "footnotes": ("anchored_at", {"line": "L1", "after": "words"}),
    "places": ("iso3166_2", {"value": "XZ-KA", "valid_in_list_of": "2020-11-24"}),
    "claims": ("statuses", [{"value": "corroborated", "as_of": "2021-10-14"}]),
    "consents": ("statuses", [{"value": "given", "as_of": "2021-10-14"}]),
}
# The name of an office, which a State publishes itself.
OFFICE = "Mayor of Karvel-on-the-Lake"
# Sealed fields that this work does not come by, and where they are looked at instead.
NOT_WALKED = {
    "Account": {"totp_offered"},  # a secret that was drawn: tests/rooms/accounts/test_factors.py
    "Subscriber": {"address", "openpgp"},  # sealed to the mailer, of whom a site that serves pages has no key
    "Ask": {"address", "openpgp"},  # the same: tests/rooms/dispatch/test_readers_pages.py
    "Acknowledgement": {"sealed"},  # the same: tests/rooms/replies/test_acknowledging.py
    "Trial": {"address"},  # of a colleague, sealed to the mailer: tests/rooms/dispatch/test_trials.py
    "Link": {"sealed"},  # a token that was drawn, sealed to the mailer
    "CopyRequest": {"sealed"},  # of what two took back, which waits here: tests/rooms/appeals/test_pages_of_appeals.py
}
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


def test_the_search_finds_a_word_that_postgresql_compressed() -> None:
    """Behind every eight letters stands a byte that says how the next eight are to be read."""
    text = STEM.encode() + b"00001"
    for start in range(8):
        assert found_in(_noise + re.sub(rb"(?s).{8}", lambda eight: eight[0] + b"\0", b"x" * start + text) + _noise)


@dataclass(frozen=True)
class Ground:
    """Where a site writes: its own folder and that of its database server, with what lay there before it worked."""

    site: Path
    server: Path
    before: frozenset[bytes] = frozenset()
    stop: Callable[[], None] = close

    def hits(self) -> dict[str, set[str]]:
        """Search everything that was written since."""
        return scan(self.site) | (scan(self.server, self.before) if self.server != self.site else {})

    def size(self) -> int:
        """Count the bytes that are searched."""
        return count_new(self.site, ()) + (count_new(self.server, self.before) if self.server != self.site else 0)


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Ground]:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    believe_the_clock(monkeypatch)
    folder = tmp_path / "var"
    folder.mkdir()
    with django_db_blocker.unblock(), ExitStack() as stack:
        if request.param == "sqlite":
            point_at(SQLite(folder).template())
            make_tables()
            ground = Ground(folder, folder)
        else:
            server = own_server("canaries")
            stack.callback(server.cleanup)
            databases = PostgreSQL(server, "canaries", durable=True).template()
            point_at(databases)
            make_tables()
            directory = Path(databases["default"]["HOST"])
            ground = Ground(folder, directory, frozenset(pages(directory)), server.stop)
        stack.callback(close)
        yield ground


def examples() -> Iterator[Case]:
    """Give the examples, and the first of them once more with what none of them has."""
    first = yaml.safe_load(CASES[0].read_text("utf-8"))
    for section, (field, value) in REST.items():
        (first["appeal"] if section == "footnotes" else first)[section][0][field] = value
    first["statuses"] = [{"value": "active", "as_of": "2021-10-14"}]
    yield from_yaml(yaml.safe_dump(first, allow_unicode=True, sort_keys=False))
    yield from (from_yaml(path.read_text("utf-8")) for path in CASES)


def work(folder: Path, cage: Cage) -> list[UUID]:
    """Do everything that a site can do today, with canaries in all that people type; errors included."""
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
    for whole in examples():
        opened = actions.open_new_case(lead.actor, whole, reason=cage.canary("reason"), now=NOW)
        actions.save_case(lead.actor, opened, case_with(cage, whole), now=NOW)
        cases.append(opened.id)
    given = actions.give_access(
        lead.actor, cases[0], "facts", colleague.actor.id, reason=cage.canary("reason"), ends_at=LATER, now=NOW
    )
    export_keys.add(just_confirmed(lead.actor, NOW), cage.canary("name of a key"), archive.new_key()[1], now=NOW)
    _browse(lead, colleague, cases, cage)
    _work_together(lead.actor, colleague.actor, cases, cage)
    _publish_an_appeal(first, root, cage)
    _take_in_a_report(lead.actor, cage)
    _exchange_letters(lead.actor, cage)
    _take_in_mail(lead.actor, cage)
    _keep_the_directory(lead.actor)
    # Whatever is written for a moment only has to be found as well.
    with _temporary_files_in(folder):
        _put_in_evidence(lead, cases[0], cage)
    keys = queries.open_case(lead.actor.ring, cases[0], NOW)["evidence"].newest
    file = (cage.canary("file") * 20_000).encode()
    (folder / "sealed.bin").write_bytes(b"".join(seal_file(keys, [file], Place("file", cases[0], "content"))))
    actions.end_access(lead.actor, given.id, reason=next(iter(reasons_to_end())), now=NOW)
    actions.shred_case(lead.actor, cases[-1], now=NOW)
    return cases


def _work_together(lead: Actor, colleague: Actor, cases: list[UUID], cage: Cage) -> None:
    remarks.set_task(lead, cases[0], cage.canary("task"), to=colleague.id, until=None, now=NOW)
    remarks.comment(lead, cases[0], cage.canary("comment"), now=NOW)
    charge.offer(lead, cases[0], colleague.id, reason=cage.canary("reason of a hand-over"), now=NOW)
    duplicates.merge(lead, cases[0], cases[1], reason=cage.canary("reason of a merge"), now=NOW)
    appeals.open_draft(lead, cases[0], now=NOW)
    barring.ask(lead, cases[0], cage.canary("reason of a sealing"), now=NOW)


def _publish_an_appeal(first: accounts.NewAccount, root: Actor, cage: Cage) -> None:
    """Take an appeal to the public, with words wherever somebody says why; ask for its withdrawal, which waits."""

    def hire(login: str, *roles: str) -> accounts.NewAccount:
        return demonstration.settle(root, login, cage.canary("name"), PASSPHRASE, roles, now=NOW)

    office = open_office(hire, first)
    key = office.draft()
    named = waivers.Named("DEM-08", "0" * 16)
    waivers.waive(office.lawyer, key, named, reason=cage.canary("reason of a waiver"), until=NOW.date(), now=NOW)
    appeals.submit(office.lead, key, seen=office.version(key), now=NOW)
    said = cage.canary("what is to be changed")
    clearing.send_back(office.reviewer, key, "facts", seen=office.version(key), words=said, now=NOW)
    appeals.submit(office.lead, key, seen=office.version(key), now=NOW)
    for gate in gates():
        by, said = office.lawyer if gate == "law" else office.reviewer, cage.canary("said at a gate")
        clearing.clear(by, key, gate, seen=office.version(key), words=said, now=NOW)
    office.approve(key)
    office.release(key)
    said_of_a_key = Words("en", cage.canary("what readers would be told of a key"))
    disavowal = disavowing.prepare(office.second.id, NOW, said_of_a_key, now=NOW).disavowal
    stating.ask(just_confirmed(office.first, NOW), disavowal, now=NOW)
    recalling.ask(just_confirmed(office.first, NOW), key, cage.canary("what readers would be told"), now=NOW)


def _take_in_a_report(lead: Actor, cage: Cage) -> None:
    """Put one in with a canary in all that is said of it, have it read, and decide about it."""
    text = f"{cage.canary('report')} was arrested on 3 November 2026. {cage.canary('report')} was beaten."
    incoming = intake.Incoming(
        text.encode(), source_type="lawyer", told_by=cage.canary("told by"), file_name=f"{cage.canary('file name')}.txt"
    )
    report = intake.receive(lead, incoming, now=NOW)
    intake.understand(lead, report, now=NOW)
    seen = intake.open_report(lead, report, now=NOW).report.version
    added = intake.NewFact("person", (0, 5), {"name": cage.canary("name of who was passed over")})
    intake.add_fact(lead, report, added, seen=seen, now=NOW)
    intake.decline(lead, report, "no_report", now=NOW)


def _exchange_letters(lead: Actor, cage: Cage) -> None:
    """Let somebody write by the public form, collect it and answer; a second letter goes on waiting."""
    letterbox.open_letterbox(lead, now=NOW)
    receipt = read_receipt(new_receipt_code())
    for place in ("a letter", "a letter that waits"):
        if place != "a letter":
            (report,) = letterbox.collect(lead, now=NOW)
            letterbox.answer_sender(lead, report, cage.canary("an answer"), now=NOW)
        written = Written(
            cage.canary(place), cage.canary("file of a letter").encode(), f"{cage.canary('its name')}.txt"
        )
        public_form.post(receipt, written, now=NOW)


def _take_in_mail(lead: Actor, cage: Cage) -> None:
    """Let mail come, and have one opened, sorted, put aside and answered; another goes on waiting."""
    inbox.open_inbox(lead, now=NOW)
    for place in ("a mail", "a mail that waits"):
        sender = f"{cage.canary('its sender')} <{cage.canary('its address')}@letters.example>"
        lines = [f"From: {sender}", f"Subject: {cage.canary('its subject')}", "", cage.canary(place)]
        return_path = f"{cage.canary('its return path')}@letters.example"
        content = "\r\n".join(lines).encode()
        receiving.keep(Delivered(return_path, ("us@observers.example",), content), now=NOW)
        if place == "a mail":
            sorting.sort(lead, now=NOW)
            mail = RawMessage.objects.get().id
            inbox.read_mail(lead, mail, now=NOW)
            said = inbox.Said("authority_reply", "token", cage.canary("how somebody knows"))
            inbox.set_aside(lead, mail, said, seen=0, now=NOW)
            words = cage.canary("subject of an answer"), cage.canary("an answer to a mail")
            with override_settings(TOCSIN_MAILINGS=MAILINGS):
                answering.answer(lead, mail, *words, seen=1, now=NOW)


def _keep_the_directory(lead: Actor) -> None:
    """Enter an office. It is public, and the one thing that stands in clear: its words are no canaries."""
    post = {"what": "post", "key": "xzv-mayor", "country": "XZV", "code": "mayor", "name_en": OFFICE}
    authorities.put(lead, [post], why="new", now=NOW)


def unfilled() -> dict[str, set[str]]:
    """Give of each table the sealed fields in which nothing was ever put."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field, kind in model.sensitivity.items():  # type: ignore[attr-defined]
            if kind == "sealed" and not any(model._default_manager.values_list(field, flat=True)):
                found.setdefault(model.__name__, set()).add(field)
    return found


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    # A temporary file that is removed again would leave nothing to be found.
    kept = tempfile._TemporaryFileWrapper.close  # type: ignore[attr-defined]
    tempfile._TemporaryFileWrapper.close = lambda self: self.file.flush()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        tempfile._TemporaryFileWrapper.close = kept  # type: ignore[attr-defined]
        tempfile.tempdir = before


def _put_in_evidence(lead: accounts.NewAccount, case: UUID, cage: Cage) -> None:
    """Put in a text of several pieces and a picture, with words in all that is said and hidden, and use both."""
    client = signed_in(lead)
    picture = io.BytesIO()
    Image.effect_noise((80, 60), 90).save(picture, "JPEG", comment=cage.canary("comment of a picture").encode())
    text = io.BytesIO((cage.canary("text of evidence") + " and more of it\n").encode() * 60_000)
    text.name, picture.name = f"{cage.canary('file name')}.txt", f"{cage.canary('file name')}.jpg"
    picture.seek(0)
    said = {name: cage.canary(f"evidence {name}") for name in ("what", "came")}
    assert client.post(f"/cases/{case}/evidence/new", {**said, "upload": [text, picture]}).status_code == 302
    for file in EvidenceFile.objects.filter(case=case):
        address = f"/cases/{case}/evidence/{file.id}"
        client.raise_request_exception = False
        for page in ("", "/look", "/page/1"):
            assert client.get(address + page).status_code in {200, 404}
        client.post(f"{address}/describe", {"what": cage.canary("evidence what")})
        client.post(f"{address}/hand-over", {"hand-words": cage.canary("handed over")})
        client.post(f"{address}/copy", {"areas": "A1:B2"})
        client.post(f"{address}/check")
        client.post(f"{address}/cite", {"cite-about": "e1", "cite-words": cage.canary("cited")})
        out = client.post(f"{address}/take-out", {"take-words": cage.canary("taken out")})
        assert out.status_code == 200
        assert b"".join(out.streaming_content)  # type: ignore[attr-defined]


def _browse(lead: accounts.NewAccount, colleague: accounts.NewAccount, cases: list[UUID], cage: Cage) -> None:
    Client().post("/sign-in", {"login": cage.canary("typed"), "passphrase": cage.canary("typed"), "code": "1"})
    for account in (lead, colleague):
        client = signed_in(account)
        client.raise_request_exception = False
        for address in ["/", "/journal", "/search", *(f"/cases/{case}" for case in cases)]:
            assert client.get(address).status_code in {200, 404}
        assert STEM in client.post("/search", {"question": STEM}).content.decode()
        client.post("/search", {"question": cage.canary("question")})
        client.post(f"/cases/{cases[0]}/access", {"reason": cage.canary("reason"), "colleague": cage.canary("typed")})
        client.post(f"/cases/{cases[0]}", {"x": cage.canary("typed")})
        mailbox = {"mailbox": f"{cage.canary('mailbox')}@mail.example"}
        assert client.post("/account/notices", mailbox).status_code == 302
        kept = {"question": cage.canary("question"), "save": "yes", "name": cage.canary("name of a search")}
        assert STEM in client.post("/cases", kept).content.decode()
        client.post(f"/cases/{cases[0]}/access", {cage.canary("typed"): cage.canary("typed")})
        said = {"text": cage.canary("remark"), "to": str(account.actor.id), "reason": cage.canary("reason")}
        client.post(f"/cases/{cases[0]}/tasks", said)
        client.post(f"/cases/{cases[0]}/comments", said | {"to": "", "compartment": "facts"})
        client.post(f"/cases/{cases[0]}/merge", said | {"other": str(cases[1])})
        client.post(f"/cases/{cases[0]}/hand-over", said | {"to": str(colleague.actor.id)})
        assert STEM in client.get(f"/cases/{cases[0]}/together").content.decode()
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


def test_no_word_stands_in_any_byte_that_a_site_writes(ground: Ground) -> None:
    cage = Cage()
    said = _written_while_working(ground.site, cage)
    assert unfilled() == NOT_WALKED, "every sealed field holds something that was looked for, or says here why not"
    if ground.site == ground.server:
        # While the connections are open the write-ahead log is there, too.
        names = {each.name for each in ground.site.iterdir()}
        assert {"template-data.db", "template-data.db-wal", "template-keys.db", "template-keys.db-journal"} <= names
        assert ground.hits() == {}
    close()
    # What a server has only in its memory comes to its files now, and none of them goes while it is read.
    ground.stop()
    assert ground.hits() == {}
    assert any(OFFICE.encode() in each.read_bytes() for each in ground.server.rglob("*") if each.is_file()), "public"
    assert found_in(said) == set()
    fields, filled = set(fields_of(Case)), set(cage.places.values())
    print(f"{len(cage.places)} words in {len(fields & filled)} of {len(fields)} fields; {ground.size()} bytes searched")
    assert fields - filled == set()


@pytest.mark.parametrize(
    ("ground", "how"),
    [("sqlite", "raw"), ("sqlite", "zlib"), ("sqlite", "UTF-16LE"), ("postgresql", "raw"), ("postgresql", "long")],
    indirect=["ground"],
)
def test_the_control_one_field_that_is_not_sealed_is_found(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    in_clear(monkeypatch, how)
    cage = Cage()
    open_a_case(cage)
    if ground.site == ground.server:
        assert "template-data.db-wal" in ground.hits()
    close()
    ground.stop()
    if ground.site == ground.server:
        assert set(ground.hits()) == {"template-data.db"}
    else:
        table, log = sorted(ground.hits(), key=len)
        assert table.isdigit(), "the file of a table"
        assert re.fullmatch("[0-9A-F]{24}", log), "the server's write-ahead log"


def in_clear(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Let reasons be written in clear, in one way or another."""
    sealed = CompartmentKeys.seal

    def seal(keys: CompartmentKeys, value: bytes, place: Place) -> bytes:
        plain = place.table == "grant" and place.field == "reason"
        return WAYS.get(how, lambda word: word * 100)(value) if plain else sealed(keys, value, place)

    monkeypatch.setattr(CompartmentKeys, "seal", seal)


def open_a_case(cage: Cage) -> None:
    first = accounts.create_first_account("vera", "Vera", PASSPHRASE, ["case_lead"], now=NOW)
    case = from_yaml(CASES[0].read_text("utf-8"))
    actions.open_new_case(
        replace(first.actor, proof=PASSKEY), case, reason=f"because {cage.canary('reason')} asked for it twice", now=NOW
    )


# --- backups ---


def backed_up(ground: Ground, tmp_path: Path) -> bytes:
    """Make a backup, see that nothing stands in its files, and give all that is in it for who has its key."""
    folder, identity = tmp_path / "backups", tmp_path / "key.txt"
    folder.mkdir()
    secret, public = archive.new_key()
    identity.write_text(secret, "utf-8")
    made = backup.make(settings.SITE.directory, folder, folder, [public], now=LATER)
    assert {each.name for each in folder.glob("*.age")} == {made.data.name, made.keys.name}
    assert scan(folder) == {}
    inside: list[bytes] = []
    for path in (made.data, made.keys):
        archive.read(path, archive.identities(identity), inside.append)
    return b"".join(inside)


def test_no_word_stands_in_a_backup_not_even_for_who_has_its_key(ground: Ground, tmp_path: Path) -> None:
    work(ground.site, Cage())
    inside = backed_up(ground, tmp_path)
    assert len(inside) > 300_000
    assert b"casework.SealedRecord" in inside
    assert found_in(inside) == set()
    print(f"{len(inside)} bytes of a backup searched")


def test_the_control_a_field_that_is_not_sealed_is_found_in_a_backup(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_clear(monkeypatch, "raw")
    open_a_case(Cage())
    assert "raw" in found_in(backed_up(ground, tmp_path))
