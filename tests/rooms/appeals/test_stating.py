"""What two approvers say at the desk that belongs to no case: a stolen key, and appeals of the archive."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from desk import client_of
from invented_appeals import ENGLISH, SPANISH
from invented_archive import english
from people import NOW, Hire, just_confirmed
from public_site import Press
from screen import Screen
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import DEMONSTRATION, PASSKEY, Actor
from tocsin.accounts.models import Account
from tocsin.appeals import disavowing, stating, waiting
from tocsin.appeals import notices as turns
from tocsin.appeals.models import AskedStatement, StatementBox
from tocsin.casework import notices
from tocsin.casework.models import Notices
from tocsin.core.archive import Shelf, find_in, plan
from tocsin.core.errors import BadRequest, ChangedMeanwhile, NotAllowed, NotSigned, StepUpNeeded
from tocsin.core.publication import PublicAppeal, Words, key_id_of
from tocsin.journal import subscriptions
from tocsin.journal.models import Entry
from tocsin.publishing import actions, codes, queries, signatories
from tocsin.publishing.models import PublishedDisavowal, PublishedRetraction

THEFT, LATER = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
OLD = "XZV 001 / 0309 / OBS 040"
NOTE = "A key of ours was stolen."


@dataclass
class Approvers:
    """Three approvers whose keys count, and what the key of the first signed before the theft and after it."""

    press: Press
    third: NewAccount
    genuine: PublicAppeal
    false: PublicAppeal

    @property
    def key(self) -> str:
        return key_id_of(self.press.ana.actor.ring.public().sign)

    @property
    def actors(self) -> tuple[Actor, Actor, Actor]:
        """Give all three, each as one who has just shown her passkey."""
        return tuple(  # type: ignore[return-value]
            just_confirmed(replace(each.actor, proof=PASSKEY), NOW)
            for each in (self.press.ana, self.press.boris, self.third)
        )

    def prepared(self) -> disavowing.Prepared:
        return disavowing.prepare(self.press.ana.actor.id, THEFT, Words("en", NOTE), now=NOW)

    def screen(self, who: NewAccount) -> Screen:
        return Screen(client_of(who.actor, DEMONSTRATION))

    def shown(self, appeal: PublicAppeal) -> PublicAppeal | None:
        found = queries.find(actions_slug(appeal.code), now=NOW)
        return found.appeal if found else None


def actions_slug(code: str) -> str:
    return code.lower().replace(" / ", "-").replace(" ", "-")


@pytest.fixture
def approvers(administrator: NewAccount, hire: Hire, monkeypatch: pytest.MonkeyPatch) -> Approvers:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    people = [hire(login, "approver") for login in ("ada", "bo", "cleo")]
    for each in people:
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW - timedelta(days=9))
    queries.forget()
    press = Press(people[0], people[1])
    genuine = press.publish([ENGLISH], now=THEFT - timedelta(hours=1))
    return Approvers(press, people[2], genuine, press.publish([SPANISH], now=LATER))


def take_over(press: Press) -> None:
    text = english(OLD)
    planned = plan(find_in(text, file="a.txt", digest=sha256(text.encode()).hexdigest()), Shelf(codes.list_entries()))
    codes.take_in(planned.codes, now=NOW)
    for unit in planned.units:
        actions.take_over(press.sign(unit.appeal), now=NOW)


def told() -> set[UUID]:
    """Let the worker see what was written down, and give who gets a mail because of it."""
    subscriptions.deliver(turns.SUBSCRIBER, now=NOW)
    return set(Notices.objects.exclude(waiting_since=None).values_list("account", flat=True))


def test_two_others_disavow_a_stolen_key_on_their_screens(approvers: Approvers) -> None:
    boris, cleo = approvers.screen(approvers.press.boris), approvers.screen(approvers.third)
    for each in approvers.actors:
        notices.want(each, "box@mail.example", "en")
    cleo.go("/appeals")
    cleo.follow("Whose signatures count")
    cleo.follow("It was stolen", near="Ada")
    fills = {
        "From when on others may have had the key": THEFT.strftime("%Y-%m-%dT%H:%M"),
        "What readers are told; it names nobody": NOTE,
    }
    cleo.press("Show what becomes of all that it signed", fills=fills)
    assert "What becomes void 1" in cleo.words
    assert "What stays genuine 1" in cleo.words
    assert not AskedStatement.objects.exists(), "looking asks for nothing"
    cleo.press("Sign, and ask a second approver")
    assert "Another approver has to agree" in cleo.words
    assert "Agree with my key" not in cleo.words
    assert approvers.shown(approvers.false), "one signature changes nothing"
    assert told() == {approvers.press.boris.actor.id}, "neither who asks nor whose key was stolen"
    ada = approvers.screen(approvers.press.ana)
    ada.go("/appeals")
    assert "Disavow a stolen key" in ada.words
    assert "waits for you" not in ada.words
    assert [waiting.count_waiting(each, now=NOW) for each in approvers.actors] == [0, 1, 0]
    boris.go("/")
    boris.follow("1 appeal waits for you")
    boris.follow("Disavow a stolen key")
    assert NOTE in boris.words
    assert f"{approvers.false.code} version 1" in boris.words
    boris.press("Agree with my key")
    assert "it holds from now on" in boris.words
    assert approvers.shown(approvers.false) is None
    assert approvers.shown(approvers.genuine) == approvers.genuine
    assert PublishedDisavowal.objects.get().key == approvers.key
    entry = Entry.objects.get(kind="appeals.signatory.disavowed")
    assert (entry.actor, entry.subject) == (approvers.press.boris.actor.id, approvers.press.ana.actor.id)
    assert not StatementBox.objects.exists()
    cleo.go("/signatories")
    assert "disavowed: it was stolen" in cleo.words


def test_what_she_signed_herself_after_the_theft_can_be_kept_on_the_screen(approvers: Approvers) -> None:
    cleo = approvers.screen(approvers.third)
    cleo.go(f"/signatories/{approvers.key}")
    fills = {
        "From when on others may have had the key": THEFT.strftime("%Y-%m-%dT%H:%M"),
        "What readers are told; it names nobody": NOTE,
    }
    cleo.press("Show what becomes of all that it signed", fills=fills)
    cleo.press(
        "Look again", fills={"She signed this herself after that time: it stays genuine": [approvers.false.code]}
    )
    assert "What becomes void 0" in cleo.words
    cleo.press("Sign, and ask a second approver")
    (row,) = AskedStatement.objects.all()
    asked = stating.find(approvers.actors[1], row.id, now=NOW)
    stating.agree(approvers.actors[1], row.id, seen=asked.digest, now=NOW)
    assert approvers.shown(approvers.false) == approvers.false


def questions_of(approvers: Approvers, address: str) -> int:
    """Count what a page asks of the databases."""
    client = client_of(approvers.actors[1], DEMONSTRATION)
    with CaptureQueriesContext(connections["default"]) as site, CaptureQueriesContext(connections["keys"]) as keys:
        assert client.get(address).status_code == 200
    return len(site) + len(keys)


def test_the_holder_of_the_key_one_person_and_a_stranger_disavow_nothing(
    approvers: Approvers, hire: Hire, administrator: NewAccount
) -> None:
    ana, boris, cleo = approvers.actors
    disavowal = approvers.prepared().disavowal
    with pytest.raises(BadRequest, match="herself"):
        stating.ask(ana, disavowal, now=NOW)
    with pytest.raises(StepUpNeeded):
        stating.ask(replace(cleo, confirmed_at=None), disavowal, now=NOW)
    late = hire("late", "approver").actor
    with pytest.raises(NotAllowed, match="does not count"):
        stating.ask(just_confirmed(replace(late, proof=PASSKEY), NOW), disavowal, now=NOW)
    of_three = questions_of(approvers, "/signatories")
    signatories.admit(administrator.actor.ring, late.id, now=NOW)
    assert questions_of(approvers, "/signatories") == of_three, "one more key is no more questions"
    signatories.retire(late.id, now=NOW)
    asked = stating.ask(cleo, disavowal, now=NOW)
    with pytest.raises(BadRequest, match="already"):
        stating.ask(boris, disavowal, now=NOW)
    seen = stating.find(boris, asked, now=NOW).digest
    for actor, error, words in (
        (cleo, BadRequest, "another person"),
        (ana, BadRequest, "herself"),
        (replace(boris, confirmed_at=None), StepUpNeeded, "second factor"),
        (just_confirmed(hire("noor", "legal").actor, NOW), NotAllowed, "nobody asks"),
        (just_confirmed(replace(hire("newer", "approver").actor, proof=PASSKEY), NOW), NotAllowed, "nobody asks"),
    ):
        with pytest.raises(error, match=words):
            stating.agree(actor, asked, seen=seen, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        stating.agree(boris, asked, seen="0" * 64, now=NOW)
    Account.objects.filter(id=cleo.id).update(roles="verifier")
    with pytest.raises(BadRequest, match="not any more"):
        stating.agree(boris, asked, seen=seen, now=NOW)
    assert not PublishedDisavowal.objects.exists()


def test_whoever_has_the_stolen_key_does_not_keep_it_by_refusing(approvers: Approvers) -> None:
    ana, boris, cleo = approvers.actors
    asked = stating.ask(cleo, approvers.prepared().disavowal, now=NOW)
    with pytest.raises(BadRequest, match="herself"):
        stating.leave(ana, asked, now=NOW)
    hers = approvers.screen(approvers.press.ana)
    hers.go(f"/asked/{asked}")
    assert "Refuse" not in hers.words
    stating.agree(boris, asked, seen=stating.find(boris, asked, now=NOW).digest, now=NOW)
    assert PublishedDisavowal.objects.get().key == approvers.key


def test_what_somebody_asked_who_may_not_any_more_is_asked_anew(approvers: Approvers) -> None:
    _, boris, cleo = approvers.actors
    disavowal = approvers.prepared().disavowal
    first = stating.ask(cleo, disavowal, now=NOW)
    Account.objects.filter(id=cleo.id).update(roles="verifier")
    second = stating.ask(boris, disavowal, now=NOW)
    assert list(AskedStatement.objects.filter(ended_at=None).values_list("id", flat=True)) == [second]
    assert not StatementBox.objects.filter(asked=first).exists()


def test_what_somebody_writes_into_the_tables_disavows_nothing(approvers: Approvers) -> None:
    """A box can be sealed by anybody: the signature in it is by who the row says that she asked."""
    ana, boris, cleo = approvers.actors
    asked = stating.ask(cleo, approvers.prepared().disavowal, now=NOW)
    seen = stating.find(boris, asked, now=NOW).digest
    AskedStatement.objects.filter(id=asked).update(by=ana.id)
    with pytest.raises(ChangedMeanwhile):
        stating.agree(boris, asked, seen=seen, now=NOW)
    AskedStatement.objects.filter(id=asked).update(by=cleo.id, kind="retraction")
    with pytest.raises(ChangedMeanwhile):
        stating.find(boris, asked, now=NOW)
    AskedStatement.objects.filter(id=asked).update(kind="disavowal")
    signatories.retire(cleo.id, now=NOW)
    with pytest.raises(NotSigned):
        stating.agree(boris, asked, seen=seen, now=NOW)


def test_what_is_asked_is_left_and_can_be_asked_anew(approvers: Approvers) -> None:
    cleo, boris = approvers.screen(approvers.third), approvers.screen(approvers.press.boris)
    asked = stating.ask(approvers.actors[2], approvers.prepared().disavowal, now=NOW)
    boris.go(f"/asked/{asked}")
    boris.press("Refuse")
    assert "It is not said" in boris.words
    boris.go(f"/asked/{asked}")
    assert boris.status == 404
    assert stating.ask(approvers.actors[2], approvers.prepared().disavowal, now=NOW) != asked
    cleo.go(f"/signatories/{approvers.key}")
    cleo.follow("Somebody asks for this already")
    cleo.press("Take it back")
    assert Entry.objects.filter(kind="appeals.statement.left").count() == 2
    assert approvers.shown(approvers.false)


def test_an_appeal_of_the_archive_is_corrected_by_two_on_their_screens(approvers: Approvers) -> None:
    take_over(approvers.press)
    ana, boris = approvers.screen(approvers.press.ana), approvers.screen(approvers.press.boris)
    ana.go("/appeals")
    ana.follow("Appeals of the archive")
    ana.press("Find", fills={"Find one by its code": "xzv 1/0309/obs 40"})
    assert "Arbitrary arrest of Ms. Lena Marosh" in ana.words
    ana.press(
        "Sign, and ask a second approver",
        near="A second approver has to agree. Then it is the next version",
        fills={
            "What happened": ana.value("What happened").replace("from her office", "from her home"),
            "What readers are told; it names nobody": "The place was wrong.",
        },
    )
    assert ana.status == 200, ana.words
    assert "The place was wrong." in ana.words
    assert "her office home on March" in ana.words, "what goes out stands before what comes in"
    boris.go("/appeals")
    boris.follow("Correct an appeal of the archive")
    boris.press("Agree with my key")
    found = queries.find(actions_slug(OLD), now=NOW)
    assert found is not None
    assert found.appeal is not None
    assert (found.appeal.version, found.appeal.is_archived) == (2, True)
    assert b"from her home" in found.appeal.editions[0].content
    assert Entry.objects.get(kind="appeals.archive.corrected").actor == approvers.press.boris.actor.id


def test_an_appeal_of_the_archive_is_taken_back_by_two_on_their_screens(approvers: Approvers) -> None:
    take_over(approvers.press)
    ana, boris = approvers.screen(approvers.press.ana), approvers.screen(approvers.press.boris)
    ana.go("/archived/" + actions_slug(OLD))
    fills = {"What readers are told; it names nobody": "Withdrawn for the safety of a person."}
    ana.press("Sign, and ask a second approver", near="that it was withdrawn", fills=fills)
    assert not PublishedRetraction.objects.exists()
    boris.go("/appeals")
    boris.follow("Take back an appeal that no case keeps")
    boris.press("Agree with my key")
    assert PublishedRetraction.objects.get().code == OLD
    boris.go("/archived")
    assert OLD not in boris.words
    # By its code it is found, with what is written to those who hold copies; who was asked is noted nowhere.
    boris.press("Find", fills={"Find one by its code": OLD})
    for words in ("Copies elsewhere", f"We published the appeal {OLD} and withdrew it on", "no case keeps it"):
        assert words in boris.words
    assert (f"{actions_slug(OLD)}/proof.json" in boris.words, "cap.xml" in boris.words) == (True, False)
    assert ("Note that they were asked" in boris.words, "Sign, and ask a second approver" in boris.words) == (
        False,
    ) * 2


def send(approvers: Approvers, **changes: str) -> str:
    """Send the form of the correction as it stands, with some fields changed; gives what the page says."""
    client = client_of(approvers.press.ana.actor, DEMONSTRATION)
    at = "/archived/" + actions_slug(OLD)
    page = html.document_fromstring(client.get(at).content.decode())
    (form,) = [each for each in page.forms if "text-0" in each.fields]
    answer = client.post(at, {**dict(form.form_values()), "act": "correct", "note": "Why.", **changes})
    assert answer.status_code == 400
    return str(answer.content.decode())


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "nothing changed": ({}, "nothing is changed"),
    "no note": ({"text-0": "Another title", "note": ""}, "not filled in"),
    "no title": ({"text-0": ""}, "has to say something"),
    "corrected meanwhile": ({"text-0": "Another title", "seen": "2"}, "corrected it meanwhile"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_take_the_place_of_an_archived_text_is_said_on_the_page(name: str, approvers: Approvers) -> None:
    take_over(approvers.press)
    changes, says = REFUSED[name]
    assert says in send(approvers, **changes)
    assert not AskedStatement.objects.exists()


def test_who_is_no_approver_sees_none_of_these_pages(approvers: Approvers, hire: Hire) -> None:
    take_over(approvers.press)
    asked = stating.ask(approvers.actors[2], approvers.prepared().disavowal, now=NOW)
    lead: Client = client_of(hire("tomas", "case_lead").actor, DEMONSTRATION)
    for address in (
        "/signatories",
        f"/signatories/{approvers.key}",
        "/archived",
        "/archived/" + actions_slug(OLD),
        f"/asked/{asked}",
    ):
        assert lead.get(address).status_code == 404, address
    assert "Whose signatures count" not in lead.get("/appeals").content.decode()
