"""The key of an approver was stolen: what the thief published is gone everywhere, and the work of its holder stays."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from invented_appeals import ENGLISH, SPANISH
from people import NOW, PASSPHRASE, Hire
from public_site import Clock, Press, slug_of
from signing import appeal, is_signed, signed
from terminal import at_the_terminal
from tocsin.accounts import second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import TERMINAL
from tocsin.appeals import disavowing
from tocsin.cli.site import site as commands
from tocsin.core.errors import BadPublication, BadRequest, ChangedMeanwhile, NotAllowed, NotSigned, StepUpNeeded
from tocsin.core.publication import (
    Disavowal,
    PublicAppeal,
    Retraction,
    Words,
    from_file,
    key_id_of,
    signatories_from_file,
    to_file,
    verify,
)
from tocsin.journal.models import Entry
from tocsin.publishing import actions, archive, copying, disavowals, inspecting, queries, signatories
from tocsin.publishing.models import PublishedDisavowal, Shown, SignatoryKey

THEFT, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
NOTE = (Words("en", "A key of ours was stolen."),)


@dataclass
class Theft:
    """Ana's key was stolen; the thief has Boris sign beside her. Chiara and Dario publish here too."""

    press: Press
    chiara: NewAccount
    dario: NewAccount
    genuine: PublicAppeal
    false: PublicAppeal

    @property
    def key(self) -> str:
        return key_id_of(self.press.ana.actor.ring.public().sign)

    def prepared(self, *also: str) -> Disavowal:
        return disavowals.prepare(self.key, THEFT, NOTE, disavowals.list_signed(self.key), also)

    def disavow(self, *also: str) -> int:
        return disavowals.let_in(self.sign(self.prepared(*also)), now=LATER)

    def sign(self, statement: Any) -> Any:
        return self.press.sign(statement, self.chiara, self.dario)


@pytest.fixture
def theft(press: Press, administrator: NewAccount, hire: Hire) -> Theft:
    others = hire("chiara", "approver"), hire("dario", "approver")
    for each in others:
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW)
    queries.forget()
    genuine = press.publish([ENGLISH], now=NOW)
    return Theft(press, *others, genuine, press.publish([SPANISH], now=LATER))


def test_what_a_thief_published_is_gone_from_every_page_and_the_rest_stays(
    theft: Theft, site: Client, clock: Clock, tmp_path: Path
) -> None:
    clock.now = LATER + timedelta(minutes=1)
    genuine, false = slug_of(theft.genuine), slug_of(theft.false)

    def page(address: str, status: int = 200) -> str:
        found = site.get(address)
        assert found.status_code == status, address
        return found.content.decode()

    title = theft.false.editions[0].document.title
    assert title is not None
    assert title.text in page(f"/appeals/{false}/es.html")
    assert theft.disavow() == 1
    clock.seconds += 60
    assert theft.genuine.code in page("/en/index.html")
    page(f"/appeals/{genuine}/en.html")
    tombstone = page(f"/appeals/{false}/es.html", 410) + page(f"/appeals/{false}/en.html", 410)
    assert "stolen key" in tombstone
    assert NOTE[0].text in tombstone
    everywhere = "".join(map(page, ("/es/index.html", "/es/feed.json", "/es/feed.atom", "/sitemap.xml")))
    assert title.text not in everywhere + tombstone
    assert "deleted-entry" in everywhere
    assert "Cancel" in page(f"/appeals/{false}/cap.xml")
    told = json.loads(page(f"/api/1/appeals/{false}.json", 410))
    assert (told["appeal"], told["note"][0]["text"]) == (theft.false.code, NOTE[0].text)
    assert [each["slug"] for each in json.loads(page("/api/1/withdrawals.json"))["items"]] == [false]
    keys = signatories_from_file(page("/signatories.json"), is_signed)
    proof = from_file(page(f"/appeals/{false}/proof.json"))
    assert isinstance(proof, Disavowal)
    assert len(verify(proof, keys, is_signed)) == 2
    with pytest.raises(NotSigned):
        verify(theft.false, keys, is_signed)
    assert "stolen: what it signed counts only" in page("/en/verify.html")
    in_public = queries.find_in_public(theft.false.code, now=clock.now)
    assert in_public is not None
    assert (in_public.is_void, in_public.is_genuine) == (True, False)
    assert theft.false.code in archive.shelf([theft.false.code], now=clock.now).withdrawn
    copying.copy_to(tmp_path / "copy", (), now=clock.now)
    assert "stolen key" in (tmp_path / f"copy/appeals/{false}/en.html").read_text("utf-8")
    assert not (tmp_path / f"copy/appeals/{false}/es.pdf").exists()
    assert title.text not in (tmp_path / "copy/es/index.html").read_text("utf-8")
    found = inspecting.inspect(now=clock.now)
    assert (found.unsigned, found.astray, found.void) == (0, 0, 1)


def test_the_chain_goes_on_and_what_is_void_can_be_corrected(theft: Theft) -> None:
    theft.disavow()
    theft.press.ana = theft.chiara
    follow_up = theft.press.follow_up(theft.genuine, [ENGLISH], now=LATER)
    assert queries.find(slug_of(follow_up), now=LATER)
    corrected = theft.sign(replace(appeal(theft.false.code, [ENGLISH]), version=2, note=NOTE))
    actions.correct(corrected, now=LATER)
    shown = queries.find(slug_of(theft.false), now=LATER)
    assert shown is not None
    assert shown.appeal == corrected
    assert inspecting.inspect(now=LATER).astray == 0


def test_what_was_taken_back_with_the_key_stays_taken_back_and_what_two_confirm_stays(theft: Theft) -> None:
    theft.press.retract(theft.genuine, now=LATER)
    assert theft.disavow(theft.false.code) == 0
    assert queries.find_retraction(slug_of(theft.genuine)) is not None
    shown = queries.find(slug_of(theft.false), now=LATER)
    assert shown is not None
    assert shown.appeal == theft.false


def test_what_the_key_took_back_while_two_people_were_asked_is_not_forgotten(theft: Theft) -> None:
    prepared = theft.sign(theft.prepared())
    theft.press.retract(theft.genuine, now=LATER)
    with pytest.raises(ChangedMeanwhile, match="not confirmed"):
        disavowals.let_in(prepared, now=LATER)
    assert theft.disavow() == 1
    assert queries.find_retraction(slug_of(theft.genuine)) is not None


def test_a_key_that_is_retired_while_others_publish_signs_nothing_more(
    theft: Theft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hold() -> None:
        SignatoryKey.objects.update(retired_at=NOW)

    correction = theft.press.sign(replace(appeal(theft.genuine.code, [ENGLISH]), version=2, note=NOTE))
    retraction = theft.press.sign(Retraction(theft.genuine.code, NOW.astimezone(UTC), NOTE))
    disavowal = theft.sign(theft.prepared())
    # As it is when somebody else, who retires the keys, has the catalogue until now.
    monkeypatch.setattr(actions, "hold", hold)
    for let_in, statement in (
        (actions.correct, correction),
        (actions.retract, retraction),
        (disavowals.let_in, disavowal),
    ):
        with pytest.raises(NotSigned):
            let_in(statement, now=LATER)


def test_a_false_correction_takes_the_page_down_and_brings_no_older_text_back(theft: Theft) -> None:
    """The older text may name somebody whom the holder's own correction, unconfirmed, had taken out."""
    actions.correct(theft.press.sign(replace(appeal(theft.genuine.code, [ENGLISH]), version=2, note=NOTE)), now=LATER)
    assert theft.disavow() == 2
    shown = queries.find(slug_of(theft.genuine), now=LATER)
    assert shown is not None
    assert shown.appeal is None
    assert queries.list_corrections(slug_of(theft.genuine), now=LATER) == ()


def test_nothing_new_by_the_key_is_let_in_nor_shown_where_somebody_writes_it_into_the_database(theft: Theft) -> None:
    theft.disavow()
    with pytest.raises(NotSigned):
        theft.press.publish([ENGLISH], now=LATER)
    # Whoever rules the database lets the key count again, and puts its false appeal back on the list.
    SignatoryKey.objects.update(retired_at=None)
    Shown.objects.update(retracted_at=None)
    queries.forget()
    with pytest.raises(NotSigned):
        theft.press.publish([ENGLISH], now=LATER)
    assert theft.key not in {each.id for each in signatories.in_office()}
    assert queries.find(slug_of(theft.false), now=LATER) is None
    assert inspecting.inspect(now=LATER).astray == 1


REFUSED: dict[str, tuple[type[Exception], Callable[[Theft], Any]]] = {
    "one signature": (NotSigned, lambda theft: theft.press.sign(theft.prepared(), theft.chiara)),
    "one of the two is hers": (
        NotSigned,
        lambda theft: theft.press.sign(theft.prepared(), theft.chiara, theft.press.ana),
    ),
    "strangers": (NotSigned, lambda theft: signed(theft.prepared())),
    "a key by which nobody publishes": (
        BadPublication,
        lambda theft: theft.sign(replace(theft.prepared(), key="0" * 32)),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(name: str, theft: Theft) -> None:
    error, make = REFUSED[name]
    with pytest.raises(error):
        disavowals.let_in(make(theft), now=LATER)
    assert not PublishedDisavowal.objects.exists()
    assert queries.find(slug_of(theft.false), now=LATER)


def test_twice_is_once_and_it_is_never_changed(theft: Theft, administrator: NewAccount) -> None:
    one = theft.sign(theft.prepared())
    assert [disavowals.let_in(one, now=LATER) for _ in range(2)] == [1, 0]
    with pytest.raises(ChangedMeanwhile):
        disavowals.let_in(theft.sign(replace(one, confirmed=())), now=LATER)
    with pytest.raises(BadRequest, match="stolen"):
        signatories.admit(administrator.actor.ring, theft.press.ana.actor.id, now=LATER)
    rows: Any = PublishedDisavowal.objects.all()
    for change in (lambda: rows.update(key="0" * 32), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert rows.get().key == theft.key


def test_a_disavowal_that_was_put_in_past_the_signatures_takes_nothing_away(theft: Theft) -> None:
    forged = to_file(signed(theft.prepared()))
    PublishedDisavowal.objects.create(key=theft.key, statement=forged, disavowed_at=NOW)
    queries.forget()
    assert all(each.disavowal is None for each in signatories.list_signatories())
    assert queries.find(slug_of(theft.false), now=LATER)
    assert inspecting.inspect(now=LATER).unsigned == 1


# --- two people at the machine ---


def test_two_others_say_so_at_the_machine(theft: Theft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda *_: None)
    at = LATER + timedelta(minutes=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    typed = "".join(
        f"{login}\n{PASSPHRASE}\n{second_factor.code_at(account.totp, at)}\n"
        for login, account in (("chiara", theft.chiara), ("dario", theft.dario))
    )
    words = ["signatory", "disavow", "ana", "--since", f"{THEFT.astimezone(UTC):%Y-%m-%dT%H:%M}", "--say", NOTE[0].text]
    ended = at_the_terminal(commands, words, typed)
    assert ended.exit_code == 0, ended.output
    assert f"{theft.genuine.code}, version 1" in ended.output
    assert "1 of what it signed stay genuine; 1 are taken down" in ended.output
    entry = Entry.objects.get(kind="appeals.signatory.disavowed")
    assert entry.subject == theft.press.ana.actor.id
    assert at_the_terminal(commands, words, typed).exit_code != 0, "it is disavowed already"


def test_who_may_not_say_so(theft: Theft) -> None:
    def prepare(**changes: Any) -> disavowing.Prepared:
        asked = {"also": (), "now": LATER, **changes}
        return disavowing.prepare(theft.press.ana.actor.id, asked.pop("since", THEFT), NOTE[0], **asked)

    for changes in ({"since": LATER + timedelta(days=1)}, {"also": ("XZV 009/1126/OBS 009",)}, {"key": "0" * 32}):
        with pytest.raises(BadRequest):
            prepare(**changes)
    people = (theft.chiara, theft.dario, theft.press.ana)
    chiara, dario, ana = (replace(each.actor, proof=TERMINAL, confirmed_at=LATER) for each in people)
    for error, two in (
        (BadRequest, (chiara, chiara)),
        (NotAllowed, (chiara, ana)),
        (StepUpNeeded, (chiara, replace(dario, confirmed_at=NOW))),
    ):
        with pytest.raises(error):
            disavowing.disavow(two, prepare(), now=LATER)
    with pytest.raises(BadRequest, match="herself"):
        disavowing.disavow((chiara, dario), replace(prepare(), holder=dario.id), now=LATER)
    assert disavowing.disavow((chiara, dario), prepare(also=(theft.false.code,)), now=LATER) == 0
