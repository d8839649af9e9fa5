"""Rows that somebody wrote into the database, keys that were taken back, old databases: nothing of them is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from mailroom import MAILINGS, Mailroom

from invented_appeals import ENGLISH
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts import staff
from tocsin.accounts.actions import NewAccount
from tocsin.acknowledging import actions as acknowledging
from tocsin.core.errors import BadRequest
from tocsin.core.messages import Address
from tocsin.core.publication import Disavowal, from_file, key_id_of, to_file
from tocsin.core.subscribing import Wish
from tocsin.dispatch import acknowledgements, actions, answers, asking, links, orders, posting, trials
from tocsin.dispatch.actions import Asked
from tocsin.dispatch.answers import Wording
from tocsin.dispatch.models import Delivery, Link, Mailing, PostedAnswer, Trial
from tocsin.operations import archive, backup
from tocsin.operations.restore import restore
from tocsin.publishing import disavowals, queries, signatories
from tocsin.publishing.models import Publication, PublishedDisavowal, SignatoryKey
from tocsin.vault.keyring import Keyring
from two_databases import Maker, point_at


def past_the_guard(act: Callable[[], object]) -> None:
    """Write as one who may do everything in the database: its rules do not hold her."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'publishing%%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in ("publication", "publishedretraction", "publisheddisavowal"):
                cursor.execute(f"ALTER TABLE publishing_{table} DISABLE TRIGGER USER")
    act()


def forged_text(mailroom: Mailroom) -> str:
    """Let somebody change the text, and keep the signatures."""
    row = Publication.objects.get()
    other = mailroom.press.sign(replace(mailroom.appeal, editions=mailroom.appeal.editions[:1], signatures=()))
    forged = replace(other, signatures=mailroom.appeal.signatures)
    past_the_guard(lambda: Publication.objects.filter(id=row.id).update(statement=to_file(forged)))
    return "signatures"


def other_appeal(mailroom: Mailroom) -> str:
    """Let somebody put the signed bytes of another appeal under this code."""
    other = mailroom.press.publish([ENGLISH], now=timezone.now())
    slug = mailroom.slug
    past_the_guard(lambda: Publication.objects.filter(slug=slug).update(statement=to_file(other)))
    return "signatures"


def one_signature(mailroom: Mailroom) -> str:
    twice = replace(mailroom.appeal, signatures=(mailroom.appeal.signatures[0],) * 2)
    past_the_guard(lambda: Publication.objects.update(statement=to_file(twice)))
    return "signatures"


def retired_key(mailroom: Mailroom) -> str:
    signatories.retire(mailroom.press.boris.actor.id, now=timezone.now())
    return "signatures"


def forged_key(mailroom: Mailroom) -> str:
    """Let somebody admit a key of her own, and sign with it."""
    mine = Keyring.new(uuid4())
    key = SignatoryKey.objects.get(holder=mailroom.press.boris.actor.id)
    SignatoryKey.objects.create(
        id=uuid4().hex,
        holder=mine.holder,
        public=mine.public().sign,
        admitted_by=key.admitted_by,
        admission=key.admission,
        admitted_at=timezone.now(),
    )
    forged = signatories.sign(replace(mailroom.appeal, signatures=mailroom.appeal.signatures[:1]), mine)
    past_the_guard(lambda: Publication.objects.update(statement=to_file(forged)))
    return "signatures"


def no_order(mailroom: Mailroom) -> str:
    Mailing.objects.update(order=bytes(64))
    return "no_order"


def order_of_another(mailroom: Mailroom) -> str:
    """Let somebody change when a mailing may go out, and keep the officer's order."""
    Mailing.objects.update(not_before=timezone.now())
    return "no_order"


def order_by_nobody(mailroom: Mailroom) -> str:
    row = mailroom.mailing()
    orders.sign(row, Keyring.new(uuid4()))
    row.save()
    return "no_order"


FORGERIES = [
    *(forged_text, other_appeal, one_signature, retired_key, forged_key),
    *(no_order, order_of_another, order_by_nobody),
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda each: each.__name__)
def test_nothing_is_sent_of(mailroom: Mailroom, forge: Callable[[Mailroom], str]) -> None:
    mailroom.readers(3)
    mailroom.send()
    why = forge(mailroom)
    mailroom.work_until_held(why)
    assert mailroom.script.taken == []
    assert mailroom.states() == {"waiting": 3}


def test_a_delivery_in_a_language_that_nobody_signed_is_refused_and_the_others_go_on(mailroom: Mailroom) -> None:
    forged, *_ = mailroom.readers(4)
    mailroom.send()
    Delivery.objects.filter(subscriber=forged.id).update(language="xx")
    mailroom.work()
    assert mailroom.states() == {"handed_over": 3, "failed": 1}
    assert Delivery.objects.get(subscriber=forged.id).reason == "language"
    assert len(mailroom.script.taken) == 3
    assert mailroom.adds_up()


def test_an_order_of_somebody_who_does_not_publish_counts_for_nothing(mailroom: Mailroom, hire: Hire) -> None:
    """Somebody who rules the database has the key of a colleague for whom this site stands, and who may not send."""
    olga = hire("olga", "case_lead").actor.ring
    with pytest.raises(BadRequest, match="admitted"):
        actions.open_mailing(Asked(uuid4(), mailroom.slug, mailroom.appeal.version), olga, now=timezone.now())
    mailroom.readers(3)
    row = mailroom.send()
    orders.sign(row, olga)
    row.save()
    mailroom.work_until_held("no_order")
    assert mailroom.script.taken == []


def test_a_key_that_the_mailer_does_not_pin_counts_for_nothing(mailroom: Mailroom) -> None:
    """Somebody who rules the database lets a retired key count again; the mailer's own list does not know it."""
    mailroom.readers(3)
    mailroom.send()
    ana = {key_id_of(mailroom.press.ana.actor.ring.public().sign)}
    mailroom.work_until_held("signatures", lambda port: replace(mailroom.equipment(port), pinned=frozenset(ana)))
    assert mailroom.script.taken == []


def test_of_a_stolen_key_nothing_is_sent_even_where_the_database_forgets_that_it_was(
    mailroom: Mailroom, administrator: NewAccount, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mailer remembers by itself which keys it saw disavowed; without what it remembers it would send.

    That holds for a mailing and for a test of it, which goes out beside.
    """
    monkeypatch.setattr(posting, "_TURN", 0.05)
    mailroom.readers(3)
    mailroom.send()
    disavowal = Disavowal(mailroom.appeal.signatures[0].key, datetime(2026, 11, 20, tzinfo=UTC))
    chiara, dario = hire("chiara", "case_lead"), hire("dario", "case_lead")
    for each in (chiara, dario):
        signatories.admit(administrator.actor.ring, each.actor.id, now=timezone.now())
        disavowal = signatories.sign(disavowal, each.actor.ring)
    mailroom.ask_for_trial(chiara)
    disavowals.let_in(disavowal, now=timezone.now())

    turns: list[None] = []
    seen_at: list[int] = []
    turn = posting.Post._turn

    async def counted(post: posting.Post) -> None:
        await turn(post)
        turns.append(None)

    monkeypatch.setattr(posting.Post, "_turn", counted)

    def held() -> bool:
        # Taken is not yet refused: until the turn in which it was taken has ended, it may still go out.
        if Trial.objects.filter(tries=1).exists() and mailroom.mailing().held_for == "signatures":
            seen_at.append(len(turns))
        return bool(seen_at and len(turns) > seen_at[0]) or mailroom.script.count > 0

    mailroom.work(held)
    seen_at.clear()

    def forget() -> None:
        rows: Any = PublishedDisavowal.objects.all()
        rows._raw_delete(rows.db)
        SignatoryKey.objects.update(retired_at=None)
        Mailing.objects.update(held_for="")
        Trial.objects.update(tries=0, taken_until=None)
        # The mailer may have been started anew meanwhile.
        queries.forget()

    past_the_guard(forget)
    mailroom.work(held)
    assert mailroom.script.taken == []
    (mailroom.folder / "sent.json").unlink()
    Trial.objects.update(tries=0, taken_until=None)
    mailroom.work(lambda: mailroom.script.count == 4)
    assert Trial.objects.get().sent_at


def test_a_key_that_is_taken_back_stops_at_the_next_claim(mailroom: Mailroom) -> None:
    mailroom.readers(400)
    mailroom.send()

    def until() -> bool:
        if mailroom.states()["handed_over"] and not retired:
            retired.append(signatories.retire(mailroom.press.boris.actor.id, now=timezone.now()))
        return mailroom.mailing().held_for == "signatures" or mailroom.mailing().state == "finished"

    retired: list[int] = []
    mailroom.work(until)
    assert 0 < len(mailroom.script.taken) < 400
    assert mailroom.adds_up()


def test_of_what_somebody_signed_whose_account_is_closed_nothing_more_is_sent(
    mailroom: Mailroom, administrator: NewAccount
) -> None:
    mailroom.readers(4)
    mailroom.send()
    boris = mailroom.press.boris.actor.id
    staff.disable(just_confirmed(administrator.actor, timezone.now()), boris, now=timezone.now())
    mailroom.work_until_held("signatures")
    assert mailroom.states() == {"waiting": 4}
    assert boris not in {each.holder for each in SignatoryKey.objects.filter(retired_at=None)}


def test_of_an_old_database_nothing_is_sent_again(mailroom: Mailroom) -> None:
    """What went out since it was saved would go out twice: the mailer remembers its turns in a file of its own."""
    mailroom.readers(4)
    mailroom.send()
    mailroom.work()
    assert mailroom.states() == {"handed_over": 4}
    with connection.cursor() as cursor:
        for table in ("delivery", "mailing"):
            cursor.execute(
                f"DROP TRIGGER dispatch_{table}_kept"
                + ("" if connection.vendor == "sqlite" else f" ON dispatch_{table}")
            )
    Delivery.objects.update(state="waiting", queue_id="", settled_at=None)
    Mailing.objects.update(state="sending", turn=0, ended_at=None)
    mailroom.work_until_held("rolled_back", more_than=4)
    assert len(mailroom.script.taken) == 4


def test_a_mailing_of_a_restored_site_waits_for_a_person(
    mailroom: Mailroom, maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an empty machine no mailer remembers what went out after the backup."""
    mailroom.readers(4)
    mailroom.send()
    written = Wording("clerk@justice.example", "Re: Your letter", "Thank you.", "<7.a@justice.example>", [])
    ring, now = mailroom.press.ana.actor.ring, timezone.now()
    handed, begun = (answers.post(ring, written, now=now) for _ in range(2))
    PostedAnswer.objects.filter(id=begun).update(state="intended")
    monkeypatch.setattr(settings, "TOCSIN_MAILINGS", replace(MAILINGS, acknowledges=True))
    acknowledging.owe(Address("clerk", "justice.example"), "<7.a@justice.example>", now=now)
    mailroom.ask_for_trial(mailroom.press.ana)
    for each in ("mira", "noor"):
        asking.ask(Wish(Address(each, "harbour.example"), ("en",)), "en", now=now)
        # The second is asked for, and no worker has looked yet.
        if each == "mira":
            asking.look_at_asks(now)
    secret, public = archive.new_key()
    for name in ("data", "keys"):
        (tmp_path / name).mkdir()
    files = backup.make(settings.SITE.directory, tmp_path / "data", tmp_path / "keys", [public], now=NOW)
    asking.look_at_asks(now)
    mailroom.work()
    mailroom.work(lambda: len(mailroom.script.taken) == 9)
    point_at(maker.empty("restored"))
    (tmp_path / "key.txt").write_text(secret, "utf-8")
    restored = restore(files.data, files.keys, archive.identities(tmp_path / "key.txt"), now=LATER)
    mailing = mailroom.mailing()
    assert (restored.paused, mailing.state, mailing.held_for) == (1, "paused", "rolled_back")
    assert mailroom.states() == {"waiting": 4}
    assert (restored.dropped, asking.look_at_asks(now)) == (4, 0)
    sources = (links, trials, acknowledgements, answers)
    assert [list(each.take_due(mailroom.equipment(25))) for each in sources] == [[]] * 4
    # What arrived of a link still leads to its page.
    assert Link.objects.filter(ends_at__gt=now).count() == 1
    # An answer that nobody looked at stays, and who wrote it may send it once more.
    assert restored.doubted == 2
    assert {(row.state, bytes(row.sealed)) for row in PostedAnswer.objects.all()} == {("uncertain", b"")}
    answers.post_again(ring, handed, written, now=now)
    assert PostedAnswer.objects.get(id=handed).state == "queued"


def test_a_statement_reads_as_it_was_signed(mailroom: Mailroom) -> None:
    """The control of the forgeries above: as it was published it is sent."""
    assert from_file(bytes(Publication.objects.get().statement)) == mailroom.appeal
    mailroom.readers(1)
    mailroom.send()
    mailroom.work()
    assert len(mailroom.script.taken) == 1
    assert actions.audience_of(mailroom.slug, 1).by_language == {"en": 1}
