"""What a thief gets who has everything but the victim's own secrets: both databases, the keys of the site, all others.

The attacks use the code of the site itself, on every combination that a thief could try; each has a control, which
shows that the same attack succeeds with the one secret that is missing.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings

from people import LATER, NOW, PASSPHRASE, Hire
from tocsin.accounts import actions as accounts
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.models import Account, Session
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, name_place
from tocsin.casework import actions, store
from tocsin.casework.actions import OpenCase
from tocsin.casework.evidence import actions as evidence
from tocsin.casework.evidence import custody, files
from tocsin.casework.models import CaseFile, CaseSummary, CustodyLine, EvidenceFile, EvidencePiece, SealedRecord
from tocsin.casework.outline import Outline
from tocsin.casework.parts import compartments
from tocsin.casework.search import actions as searching
from tocsin.casework.search.summary import open_summary
from tocsin.core.errors import Locked, WrongSecret
from tocsin.core.records import from_yaml
from tocsin.vault import boxes, queries, slots
from tocsin.vault.keyring import Keyring
from tocsin.vault.models import Grant, Holder, Slot
from tocsin.vault.sealing import open_file

CASE = from_yaml((Path(__file__).parent / "casework/case.yaml").read_text("utf-8"))
SWAPS = 10_000


@pytest.fixture
def victim(hire: Hire) -> NewAccount:
    return hire("tomas", "case_lead")


@pytest.fixture
def opened(victim: NewAccount) -> OpenCase:
    return actions.open_new_case(victim.actor, CASE, reason="a report came in", now=NOW)


def rings_of_others(victim: NewAccount) -> list[Keyring]:
    """Sign in, as far as keys go, as everybody but the victim: their passphrases were taken."""
    return [
        queries.unlock(each, PASSPHRASE)
        for each in Account.objects.exclude(id=victim.actor.id).values_list("id", flat=True)
    ]


def opens_with(rings: list[Keyring], case: OpenCase) -> Iterator[object]:
    """Try every payload of the key store on the terms of every grant of a case, with every ring."""
    payloads = slots.read(Slot.objects.values_list("number", flat=True)).values()
    for ring in rings:
        for grant in Grant.objects.filter(case=case.id):
            for payload in payloads:
                try:
                    yield queries.Opener(ring).open(payload, queries.terms_of(grant))
                except Locked:
                    continue


def test_everybody_elses_passphrases_open_no_case(
    hire: Hire, administrator: NewAccount, victim: NewAccount, opened: OpenCase
) -> None:
    colleague = hire("amina", "case_lead")
    hire("sami", "verifier")
    others = rings_of_others(victim)
    assert len(others) == 3
    assert list(opens_with(others, opened)) == []
    # Her passphrase is not one of theirs, and nothing that lies in a row is it either.
    for guess in [*everything_written(), settings.SECRET_KEY, settings.TOCSIN_INDEX_KEY.hex()]:
        with pytest.raises(Locked):
            queries.unlock_by_recovery(victim.actor.id, str(guess)[:200])
    # The control: with the victim's ring the attack opens all three compartments.
    assert len(list(opens_with([victim.actor.ring], opened))) == len(compartments().words)
    # And with a grant the colleague opens what was granted, until it ends.
    given = actions.give_access(
        victim.actor, opened.id, "facts", colleague.actor.id, reason="verifies", ends_at=LATER, now=NOW
    )
    assert len(list(opens_with(others, opened))) == 1
    kept = next(opens_with(others, opened))
    actions.end_access(victim.actor, given.id, reason="done", now=NOW)
    saved = actions.save_case(victim.actor, opened, CASE_CHANGED, now=NOW)
    assert list(opens_with(others, opened)) == []
    outline = SealedRecord.objects.get(case=opened.id, row=opened.id, version=saved.version)
    with pytest.raises(Locked):
        kept.open(bytes(outline.sealed), store._outline_place(opened.id, saved.version))  # type: ignore[attr-defined]


CASE_CHANGED = from_yaml(
    (Path(__file__).parent / "casework/case.yaml").read_text("utf-8").replace("plain clothes", "uniform")
)


def everything_written() -> Iterator[object]:
    """Give every distinct value of every row that is no time."""
    for model in apps.get_models():
        for row in model._default_manager.values_list()[:50]:
            yield from (bytes(value)[:64].hex() if isinstance(value, bytes | memoryview) else value for value in row)


def windows(sealed: bytes | memoryview) -> list[bytes]:
    """Cut what is sealed into pieces of the length of a cookie's secret."""
    return [bytes(sealed)[at : at + 32] for at in range(len(sealed) - 31)]


@pytest.mark.long
def test_live_sessions_in_a_dump_open_nothing_without_the_secrets_of_their_cookies(
    hire: Hire, administrator: NewAccount
) -> None:
    people = [hire(f"person{at}", "case_lead") for at in range(10)]
    cookies = {
        each.actor.id: accounts.open_session(Account.objects.get(id=each.actor.id), each.actor.ring, now=NOW)
        for each in people
    }
    sessions = list(Session.objects.all())
    assert len(sessions) == 10
    stolen = [
        settings.SECRET_KEY.encode()[:32],
        bytes.fromhex(settings.SECRET_KEY),
        settings.TOCSIN_INDEX_KEY,
        b"",
        bytes(32),
    ]
    for session in sessions:
        stolen += [
            session.id.encode()[:32],
            bytes.fromhex(session.id),
            *windows(session.ring),
            session.account_id.bytes,
        ]
    for slot in Slot.objects.exclude(taken_at=None).values_list("sealed", flat=True):
        stolen += windows(slot)[::8]
    stolen += [bytes(holder.box_public) for holder in Holder.objects.all()]
    assert [secret for secret in set(stolen[:100]) if accounts.resume(secret, now=NOW)] == []
    for session in sessions:
        for secret in set(stolen):
            with pytest.raises(Locked):
                queries.open_session(session.account_id, bytes(session.ring), secret)
        # Another person's live cookie is no help either; her own is: the control.
        for account, cookie in cookies.items():
            if account != session.account_id:
                with pytest.raises(Locked):
                    queries.open_session(session.account_id, bytes(session.ring), cookie)
        assert queries.open_session(session.account_id, bytes(session.ring), cookies[session.account_id])


def test_a_new_passphrase_that_an_administrator_sets_does_not_exist(
    administrator: NewAccount, victim: NewAccount
) -> None:
    """Whoever puts their own wrapped keys in the place of the victim's signs in as nobody: the public keys differ."""
    row, hers = Holder.objects.get(id=victim.actor.id), Holder.objects.get(id=administrator.actor.id)
    slots.overwrite(row.passphrase_slot, slots.read_one(hers.passphrase_slot))
    Holder.objects.filter(id=row.id).update(salt=hers.salt, memory=hers.memory, rounds=hers.rounds, lanes=hers.lanes)
    with pytest.raises(WrongSecret):
        queries.unlock(victim.actor.id, PASSPHRASE)


class Seat(NamedTuple):
    """A place where something sealed lies: how it is opened there, and what lies there."""

    name: str
    open: Callable[[bytes], object]
    sealed: bytes


def seats_of(account: NewAccount, cookie: bytes) -> Iterator[Seat]:
    """Give every sealed value that one person can open, with the way in which it is opened."""
    ring = account.actor.ring
    for file in CaseFile.objects.all():
        keys = queries.open_case(ring, file.id, NOW)
        for version in range(1, file.version + 1):
            outline = SealedRecord.objects.get(case=file, row=file.id, version=version)
            place = store._outline_place(file.id, version)
            default = keys[compartments().default]
            yield Seat("outline", lambda sealed, keys=default, at=place: keys.open(sealed, at), bytes(outline.sealed))
            for line in Outline.from_bytes(default.open(bytes(outline.sealed), place)).lines:
                part = SealedRecord.objects.get(id=line.sealed_record)
                where = store._part_place(line.row, line.version)
                yield Seat(
                    "part",
                    lambda sealed, keys=keys[line.compartment], at=where: keys.open(sealed, at),
                    bytes(part.sealed),
                )
        for row in CaseSummary.objects.filter(case=file):
            yield Seat(
                "summary",
                lambda sealed, keys=keys[row.compartment], version=row.version: open_summary(keys, version, sealed),
                bytes(row.sealed),
            )
    for kept in EvidenceFile.objects.all():
        held = queries.open_case(ring, kept.case_id, NOW)[kept.compartment]
        sheet = files.sheet_of(held, kept)
        yield Seat(
            "sheet",
            lambda sealed, keys=held, row=kept: files.sheet_of(keys, with_sheet(row, sealed)),
            bytes(kept.sealed),
        )
        piece = EvidencePiece.objects.get(file=kept)
        yield Seat(
            "file",
            lambda sealed, keys=held, row=kept: b"".join(open_file(keys, [sealed], files._content_place(row.id))),
            bytes(piece.sealed),
        )
        line = CustodyLine.objects.get(file=kept)
        yield Seat(
            "line", lambda sealed, keys=held, row=kept: keys.open(sealed, custody._place(row.id, 1)), bytes(line.sealed)
        )
        assert sheet.pieces == 1
    for grant in Grant.objects.filter(holder=account.actor.id):
        keys = queries.open_case(ring, grant.case, NOW)
        yield Seat(
            "reason",
            lambda sealed, keys=keys[grant.compartment], of=grant.id: keys.open(sealed, queries.reason_place(of)),
            bytes(grant.reason),
        )
        terms = queries.terms_of(grant)
        box = slots.read_one(grant.slot)
        yield Seat("box", lambda sealed, terms=terms: queries.Opener(ring).open(sealed, terms), box)
        own = boxes.adopting_key(ring)
        adopted = boxes.adopt(queries.Opener(ring).open(box, terms), terms, own)
        yield Seat("adopted box", lambda sealed, terms=terms: queries.Opener(ring).open(sealed, terms), adopted)
    names = queries.open_case(ring, DIRECTORY, NOW)[COMPARTMENT]
    for colleague in Account.objects.all():
        yield Seat("name", lambda sealed, of=colleague.id: names.open(sealed, name_place(of)), bytes(colleague.name))
    me = Account.objects.get(id=account.actor.id)
    yield Seat("totp", lambda sealed: queries.open_own(ring, sealed, "totp"), bytes(me.totp))
    session = Session.objects.get(account=me)
    yield Seat("session", lambda sealed: queries.open_session(me.id, sealed, cookie), bytes(session.ring))


def with_sheet(row: EvidenceFile, sealed: bytes) -> EvidenceFile:
    return EvidenceFile(id=row.id, case_id=row.case_id, compartment=row.compartment, sealed=sealed)


def test_ten_thousand_swaps_of_sealed_values_open_nowhere(
    hire: Hire, administrator: NewAccount, victim: NewAccount
) -> None:
    first = actions.open_new_case(victim.actor, CASE, reason="a report came in", now=NOW)
    actions.save_case(victim.actor, first, CASE_CHANGED, now=NOW)
    actions.open_new_case(victim.actor, CASE, reason="another report", now=NOW)
    searching.search(victim.actor, "marosh", now=NOW)
    for content in (b"a letter", b"another letter"):
        taking = evidence.begin(victim.actor, first.id, now=NOW)
        taking.take(content)
        evidence.receive(victim.actor, first.id, [("a.txt", taking.end())], evidence.AboutFiles("x", "en"), now=NOW)
    cookie = accounts.open_session(Account.objects.get(id=victim.actor.id), victim.actor.ring, now=NOW)
    seats = list(seats_of(victim, cookie))
    kinds = {"outline", "part", "summary", "reason", "box", "adopted box", "name", "totp", "session"}
    kinds |= {"sheet", "file", "line"}
    assert {seat.name for seat in seats} == kinds
    for seat in seats:
        seat.open(seat.sealed)  # the control: each opens where it lies
    dice, tried = random.Random(20261125), 0
    while tried < SWAPS:
        here, there = dice.sample(seats, 2)
        # A part that did not change is the same part in both versions; a box and its adopted form say the same.
        if here.sealed == there.sealed or {here.name, there.name} == {"box", "adopted box"}:
            continue
        tried += 1
        with pytest.raises(Locked):
            here.open(there.sealed)
