"""An appeal that was published ahead of its hour, and of which something came up before: it is held back until then."""

import dataclasses
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from desk import client_of
from desk_of_appeals import Office, consent_withdrawn, on_its_way
from desk_of_appeals import waiting as waiting_until
from killed import Killed
from people import NOW, just_confirmed
from tocsin.accounts import door
from tocsin.accounts.actor import DEMONSTRATION
from tocsin.appeals import actions, recalling, releasing
from tocsin.appeals import notices as turns
from tocsin.appeals.models import Appeal, Draft
from tocsin.appeals.store import AppealKey
from tocsin.casework import actions as casework
from tocsin.casework import notices
from tocsin.casework.models import Notices
from tocsin.core.errors import BadRequest
from tocsin.core.records import Case, Source
from tocsin.journal import subscriptions
from tocsin.journal.models import Entry
from tocsin.operations.settling import settle
from tocsin.publishing import queries
from tocsin.publishing.models import HeldBack, Publication
from tocsin.vault import actions as vault
from tocsin.vault import emergency

DAY = (NOW + timedelta(days=3)).date()
HOUR = timezone.make_aware(datetime.combine(DAY, time(9, 30)))
HELD = "An appeal that waited for its hour is held back"


def waiting(office: Office) -> AppealKey:
    """Publish an appeal ahead of its hour."""
    return waiting_until(office, DAY, time(9, 30))


def save(office: Office, **changed: object) -> None:
    opened = casework.read_case(office.lead, office.case, now=NOW)
    casework.save_case(office.lead, opened, dataclasses.replace(opened.case, **changed), now=NOW)  # type: ignore[arg-type]


def case_of(office: Office) -> Case:
    return casework.read_case(office.lead, office.case, now=NOW).case


def shows(at: datetime = HOUR) -> bool:
    return queries.find(Publication.objects.values_list("slug", flat=True)[0], now=at) is not None


def runs_out(office: Office) -> None:
    last = DAY - timedelta(days=1)
    save(office, consents=tuple(dataclasses.replace(each, expires_on=last) for each in case_of(office).consents))


def narrowed(office: Office) -> None:
    """Let the case decide that of one who is named no more than the initials are shown."""
    people = (
        dataclasses.replace(each, identity_in_public="initials") if each.id == "person:tosk" else each
        for each in case_of(office).persons
    )
    save(office, persons=tuple(people))


def named_as_a_source(office: Office) -> None:
    source = Source(id="source:late", type="witness", identity="Davit Anhalt")
    save(office, sources=(*case_of(office).sources, source))


def tampered(office: Office) -> None:
    """Take a version out of the table, so that nobody can look at what was released; then save anything at all."""
    Draft.objects.filter(version=1).delete()
    one_more_word(office)


def one_more_word(office: Office) -> None:
    events = case_of(office).events
    save(office, events=(dataclasses.replace(events[0], manner=f"{events[0].manner}, and at once"), *events[1:]))


FORBIDS: dict[str, Callable[[Office], None]] = {
    "a consent that is withdrawn": consent_withdrawn,
    "a consent that ends before the hour": runs_out,
    "a name that is to be shown less of": narrowed,
    "a source whom the text names": named_as_a_source,
    "a draft that nobody can open": tampered,
}


@pytest.mark.parametrize("happens", FORBIDS.values(), ids=FORBIDS)
def test_what_comes_up_before_the_hour_holds_it_back(office: Office, happens: Callable[[Office], None]) -> None:
    key = waiting(office)
    one_more_word(office)
    assert shows(), "whatever else is saved"
    happens(office)
    assert not shows()
    assert not shows(HOUR + timedelta(days=30))
    assert Entry.objects.filter(kind="appeals.appeal.held_back", subject=key.appeal).count() == 1
    one_more_word(office)
    assert HeldBack.objects.count() == 1


def test_a_correction_that_is_issued_before_the_hour_is_checked_for_the_hour(office: Office) -> None:
    key = waiting(office)
    runs_out(office)
    actions.correct(office.lead, key, "Her name was misspelt.", seen=office.version(key), now=NOW)
    actions.set_day(office.lead, key, NOW.date(), seen=office.version(key), now=NOW)
    with pytest.raises(BadRequest, match="errors stand in the text"):
        office.submit_and_clear(key)


def stopped_halfway(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be cut off right behind the destruction of the keys, which a database of its own has committed."""
    destroy = vault.shred

    def cut_off(case: UUID) -> None:
        destroy(case)
        raise Killed

    monkeypatch.setattr(vault, "shred", cut_off)
    with pytest.raises(Killed):
        casework.shred_case(just_confirmed(office.lead, NOW), office.case, now=NOW)


def in_an_emergency(office: Office, _: pytest.MonkeyPatch) -> None:
    emergency.doom([office.case])
    emergency.shred_doomed()
    assert shows(), "the keys alone say nothing to the public house"
    settle(NOW)


SHREDDED: dict[str, Callable[[Office, pytest.MonkeyPatch], object]] = {
    "by a person": lambda office, _: casework.shred_case(just_confirmed(office.lead, NOW), office.case, now=NOW),
    "by a person who is cut off": stopped_halfway,
    "in an emergency": in_an_emergency,
}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("shred", SHREDDED.values(), ids=SHREDDED)
def test_what_waits_for_its_hour_never_shows_once_its_case_was_shredded(
    office: Office, monkeypatch: pytest.MonkeyPatch, shred: Callable[[Office, pytest.MonkeyPatch], object]
) -> None:
    key = waiting(office)
    mailing = on_its_way(office, Appeal.objects.get(id=key.appeal).code)
    assert shows()
    shred(office, monkeypatch)
    assert not shows()
    assert not shows(HOUR + timedelta(days=30))
    mailing.refresh_from_db()
    assert (mailing.state, mailing.held_for) == ("paused", "shredded")
    assert Entry.objects.filter(kind="appeals.appeal.held_back", subject=key.appeal).count() == 1
    assert Entry.objects.filter(kind="appeals.mailing.paused", subject=mailing.id).count() == 1


@pytest.mark.database("sqlite")
def test_a_row_that_says_it_was_taken_back_or_never_published_keeps_nothing_from_being_held_back(
    office: Office,
) -> None:
    key = waiting(office)
    Appeal.objects.filter(id=key.appeal).update(state="retracted", times=0)
    consent_withdrawn(office)
    assert not shows()


@pytest.mark.usefixtures("frozen")
def test_the_desk_says_so_until_it_has_gone_the_whole_way_anew(office: Office) -> None:
    key = waiting(office)
    agreed = case_of(office).consents
    consent_withdrawn(office)
    first = client_of(office.lead, DEMONSTRATION).get("/").content.decode()
    assert HELD in first
    page = client_of(office.lead, DEMONSTRATION).get(f"/cases/{office.case}/appeals/{key.appeal}").content.decode()
    assert "It is held back" in page
    assert "shows from" not in page
    # She agrees again: by that alone nothing shows.
    save(office, consents=agreed)
    assert not shows()
    assert HELD in client_of(office.lead, DEMONSTRATION).get("/").content.decode()
    actions.correct(office.lead, key, "Looked through once more.", seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    ada, bo = office.approvers()
    releasing.approve(ada, key, seen=office.version(key), now=NOW)
    assert not shows(), "one is not enough"
    releasing.approve(bo, key, seen=office.version(key), now=NOW)
    assert not shows(), "nor are two, as long as nobody publishes it"
    office.release(key)
    assert not shows(HOUR - timedelta(seconds=1))
    assert shows()
    assert HELD not in client_of(office.lead, DEMONSTRATION).get("/").content.decode()
    page = client_of(office.lead, DEMONSTRATION).get(f"/cases/{office.case}/appeals/{key.appeal}").content.decode()
    assert "It is held back" not in page


@pytest.mark.database("sqlite")
def test_a_correction_that_is_given_up_lets_nothing_go(office: Office) -> None:
    key = waiting(office)
    consent_withdrawn(office)
    actions.correct(office.lead, key, "A slip.", seen=office.version(key), now=NOW)
    actions.abandon(office.lead, key, reason="overtaken", seen=office.version(key), now=NOW)
    assert not shows()


@pytest.mark.database("sqlite")
def test_what_is_held_back_can_be_taken_back(office: Office) -> None:
    key = waiting(office)
    consent_withdrawn(office)
    first, second = office.approvers()
    recalling.ask(first, key, "withdrawn", now=NOW)
    recalling.agree(second, key, now=NOW)
    assert not shows()
    assert Appeal.objects.get(id=key.appeal).state == "retracted"


@pytest.mark.usefixtures("frozen")
def test_what_is_public_already_is_not_held_back(office: Office) -> None:
    office.release(office.approved())
    consent_withdrawn(office)
    assert shows(NOW)
    assert not HeldBack.objects.exists()
    assert HELD not in client_of(office.lead, DEMONSTRATION).get("/").content.decode()


@pytest.mark.usefixtures("frozen")
@pytest.mark.database("sqlite")
def test_anybody_of_the_case_holds_it_back_with_one_click_and_those_who_can_go_on_are_told(office: Office) -> None:
    key = waiting(office)
    for name, account in office.accounts.items():
        notices.want(account.actor, f"{name}@mail.example", "en")
    address = f"/cases/{office.case}/appeals/{key.appeal}"
    assert ">Hold it back</button>" not in client_of(office.translator, DEMONSTRATION).get(address).content.decode()
    assert client_of(office.translator, DEMONSTRATION).post(f"{address}/hold-back").status_code == 404
    assert shows()
    lawyer = client_of(office.lawyer, DEMONSTRATION)
    assert ">Hold it back</button>" in lawyer.get(address).content.decode()
    answer = lawyer.post(f"{address}/hold-back", follow=True)
    assert "It is held back, and shows to nobody." in answer.content.decode()
    assert ">Hold it back</button>" not in answer.content.decode()
    assert not shows()
    subscriptions.deliver(turns.SUBSCRIBER, now=NOW)
    told = set(Notices.objects.exclude(waiting_since=None).values_list("account", flat=True))
    assert told == {each.id for each in (office.lead, office.reviewer, office.first, office.second)}


@pytest.mark.database("sqlite")
def test_what_shows_already_is_taken_back_by_two(office: Office) -> None:
    key = office.approved()
    with pytest.raises(BadRequest, match="does not wait"):
        recalling.hold_back(office.lawyer, key, now=NOW)
    office.release(key)
    with pytest.raises(BadRequest, match="does not wait"):
        recalling.hold_back(office.lawyer, key, now=NOW)
    assert shows(NOW)


# --- where it stands, in the words of the field ---


@pytest.mark.database("sqlite")
def test_page_and_lists_say_what_an_appeal_amounts_to_by_the_hour(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOW]
    monkeypatch.setattr(door.timezone, "now", lambda: clock[0])
    key = office.draft()
    at = f"/cases/{office.case}/appeals"

    def says(words: str) -> None:
        first = client_of(office.first, DEMONSTRATION, now=clock[0])
        for address in (f"{at}/{key.appeal}", at, "/appeals"):
            shown = re.findall(
                r'<span><strong>([^<]+)</strong>|<span class="state">([^<]+)<', first.get(address).content.decode()
            )
            assert words in {each for found in shown for each in found}, address

    actions.set_day(office.lead, key, DAY, time(9, 30), seen=office.version(key), now=NOW)
    office.submit_and_clear(key)
    says("cleared, waits for approval")
    office.approve(key)
    says("approved, waits for its day")
    office.release(key)
    says("under embargo, waits for its hour")
    clock[0] = HOUR
    says("published")
    clock[0] = NOW
    consent_withdrawn(office)
    says("held back")
