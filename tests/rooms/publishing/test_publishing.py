"""What two signatories signed is let in, once; nothing else is, whoever writes into the database."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from django.db import DatabaseError, transaction

from invented_appeals import ENGLISH
from people import NOW, Hire
from signing import appeal, key_of, signed
from tocsin.accounts.actions import NewAccount
from tocsin.core.errors import BadPublication, BadRequest, ChangedMeanwhile, NotSigned, NotVouched, Withdrawn
from tocsin.core.publication import PublicAppeal, Retraction, Signature, Words, from_file, key_id_of
from tocsin.publishing import actions, codes, signatories
from tocsin.publishing.models import Publication, PublishedRetraction, SignatoryKey

S = TypeVar("S", PublicAppeal, Retraction)
TODAY = date(2026, 11, 26)
SOON = NOW + timedelta(hours=1)
NOTE = (Words("en", "The place of the arrest was wrong."),)


@dataclass
class Desk:
    """Two people who may publish, and one who may not yet."""

    ana: NewAccount
    boris: NewAccount
    chiara: NewAccount

    def sign(self, statement: S, *by: NewAccount) -> S:
        rings = [each.actor.ring for each in by or (self.ana, self.boris)]
        return replace(
            statement,
            signatures=tuple(
                Signature(key_id_of(ring.public().sign), ring.signature(statement.message)) for ring in rings
            ),
        )


@pytest.fixture
def desk(administrator: NewAccount, hire: Hire) -> Desk:
    desk = Desk(hire("ana", "case_lead"), hire("boris", "case_lead"), hire("chiara", "case_lead"))
    for each in (desk.ana, desk.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, label=f"Approver {each.actor.id.hex[:2]}", now=NOW)
    return desk


@pytest.fixture
def published(desk: Desk) -> PublicAppeal:
    """Give an appeal that is published."""
    statement = desk.sign(appeal(codes.give_code("XZV", TODAY, now=NOW)))
    actions.publish(statement, now=NOW)
    return statement


def test_an_appeal_is_published_as_it_was_signed_and_twice_is_once(desk: Desk, published: PublicAppeal) -> None:
    again = actions.publish(published, now=SOON)
    assert Publication.objects.count() == 1
    assert (again.slug, again.version, again.visible_from) == ("xzv-001-1126-obs-001", 1, NOW)
    assert from_file(bytes(again.statement)) == published


def test_a_follow_up_a_correction_and_a_retraction_follow(desk: Desk, published: PublicAppeal) -> None:
    code = codes.give_follow_up(published.code, TODAY, now=NOW)
    assert code == f"{published.code}.1"
    actions.publish(desk.sign(appeal(code, follows=published.code)), now=NOW)
    corrected = actions.correct(desk.sign(replace(appeal(published.code), version=2, note=NOTE)), now=SOON)
    assert (corrected.version, corrected.code) == (2, published.code)
    taken_back = desk.sign(Retraction(published.code, NOW))
    assert actions.retract(taken_back, now=SOON) == actions.retract(taken_back, now=SOON)
    with pytest.raises(Withdrawn):
        actions.correct(desk.sign(replace(appeal(published.code), version=3, note=NOTE)), now=SOON)
    assert PublishedRetraction.objects.count() == 1


def test_an_embargo_is_kept(desk: Desk) -> None:
    code = codes.give_code("XZV", TODAY, now=NOW)
    row = actions.publish(desk.sign(appeal(code, not_before=SOON)), now=NOW)
    assert row.visible_from == SOON
    follow_up = appeal(codes.give_follow_up(code, TODAY, now=NOW), follows=code)
    with pytest.raises(BadPublication, match="under embargo for longer"):
        actions.publish(desk.sign(follow_up), now=NOW)
    assert actions.publish(desk.sign(follow_up), now=SOON)


REFUSED: dict[str, tuple[type[Exception], Callable[[Desk, PublicAppeal], Any]]] = {
    "one signature": (NotSigned, lambda desk, there: actions.publish(desk.sign(there, desk.ana), now=NOW)),
    "one who may not publish": (
        NotSigned,
        lambda desk, there: actions.publish(desk.sign(there, desk.ana, desk.chiara), now=NOW),
    ),
    "strangers": (NotSigned, lambda desk, there: actions.publish(signed(there), now=NOW)),
    "another appeal's signatures": (
        NotSigned,
        lambda desk, there: actions.publish(replace(there, not_before=SOON), now=NOW),
    ),
    "one of them retired": (
        NotSigned,
        lambda desk, there: (signatories.retire(desk.ana.actor.id, now=NOW), actions.publish(there, now=NOW)),
    ),
    "a code nobody gave out": (
        BadPublication.__mro__[1],
        lambda desk, there: actions.publish(desk.sign(appeal("XZV 009 / 1126 / OBS 009")), now=NOW),
    ),
    "another text under its code": (
        ChangedMeanwhile,
        lambda desk, there: actions.publish(desk.sign(appeal(there.code, [ENGLISH])), now=NOW),
    ),
    "a correction that ends or begins an embargo": (
        BadPublication,
        lambda desk, there: actions.correct(
            desk.sign(replace(appeal(there.code), version=2, note=NOTE, not_before=SOON)), now=NOW
        ),
    ),
    "a correction that skips a version": (
        BadPublication,
        lambda desk, there: actions.correct(desk.sign(replace(appeal(there.code), version=3, note=NOTE)), now=NOW),
    ),
    "a correction as an appeal": (
        BadPublication,
        lambda desk, there: actions.publish(desk.sign(replace(appeal(there.code), version=2, note=NOTE)), now=NOW),
    ),
    "an appeal as a correction": (BadPublication, lambda desk, there: actions.correct(there, now=NOW)),
    "a correction of another kind": (
        BadPublication,
        lambda desk, there: actions.correct(
            desk.sign(replace(appeal(there.code, follows=f"{there.code}.1"), version=2, note=NOTE)), now=NOW
        ),
    ),
    "a follow-up of what is not published": (
        BadPublication,
        lambda desk, there: actions.publish(
            desk.sign(
                appeal(codes.give_follow_up(there.code, TODAY, now=NOW), follows=codes.give_code("XZV", TODAY, now=NOW))
            ),
            now=NOW,
        ),
    ),
    "a retraction of what is not published": (
        BadPublication,
        lambda desk, there: actions.retract(desk.sign(Retraction("XZV 009 / 1126 / OBS 009", NOW)), now=NOW),
    ),
    "a retraction by one": (
        NotSigned,
        lambda desk, there: actions.retract(desk.sign(Retraction(there.code, NOW), desk.ana), now=NOW),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(name: str, desk: Desk, published: PublicAppeal) -> None:
    error, wish = REFUSED[name]
    with pytest.raises(error):
        wish(desk, published)
    assert (Publication.objects.count(), PublishedRetraction.objects.count()) == (1, 0)


def test_who_is_let_publish_again_publishes_by_one_key(administrator: NewAccount, desk: Desk) -> None:
    signatories.retire(desk.ana.actor.id, now=NOW)
    assert len(signatories.in_office()) == 1
    signatories.admit(administrator.actor.ring, desk.ana.actor.id, now=SOON)
    assert len(signatories.in_office()) == len(signatories.list_signatories()) == 2
    with pytest.raises(BadRequest):
        signatories.admit(administrator.actor.ring, desk.ana.actor.id, label="a\nb", now=SOON)


FORGED: dict[str, Callable[[SignatoryKey], dict[str, Any]]] = {
    "a key of one's own in her row": lambda row: {"public": bytes(key_of("mallory").verify_key)},
    "another label": lambda row: {"label": "The chair"},
    "another holder": lambda row: {"holder": row.admitted_by},
    "somebody else who let her": lambda row: {"admitted_by": row.holder},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_row_that_was_changed_in_the_database_counts_no_more(name: str, desk: Desk) -> None:
    row = SignatoryKey.objects.get(holder=desk.ana.actor.id)
    SignatoryKey.objects.filter(id=row.id).update(**FORGED[name](row))
    assert [each.label for each in signatories.list_signatories()] == [f"Approver {desk.boris.actor.id.hex[:2]}"]
    with pytest.raises(NotSigned):
        actions.publish(desk.sign(appeal(codes.give_code("XZV", TODAY, now=NOW))), now=NOW)


def test_a_new_row_with_its_own_signature_counts_for_nothing(desk: Desk) -> None:
    mallory = key_of("mallory")
    key = bytes(mallory.verify_key)
    row = SignatoryKey.objects.get(holder=desk.ana.actor.id)
    SignatoryKey.objects.create(
        id=key_id_of(key),
        holder=desk.chiara.actor.id,
        public=key,
        label="",
        admitted_by=row.admitted_by,
        admission=mallory.sign(signatories._admission(desk.chiara.actor.id, key, "")).signature,
        admitted_at=NOW,
    )
    assert len(signatories.list_signatories()) == 2


def test_nobody_is_let_publish_whom_nobody_stands_for(administrator: NewAccount, desk: Desk) -> None:
    with pytest.raises(NotVouched):
        signatories.admit(administrator.actor.ring, Publication().id, now=NOW)


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [Publication, PublishedRetraction])
def test_the_database_refuses_to_change_what_was_published(
    act: str, model: type[Publication | PublishedRetraction], desk: Desk, published: PublicAppeal
) -> None:
    actions.retract(desk.sign(Retraction(published.code, NOW)), now=NOW)
    rows: Any = model._default_manager.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(code="XZV 009 / 1126 / OBS 009") if act == "update" else rows._raw_delete(rows.db)
    assert model._default_manager.get().code == published.code
