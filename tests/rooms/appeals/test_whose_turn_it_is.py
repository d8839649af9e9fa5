"""Who learns that an appeal waits for her: by mail and on her first page, when it is her turn and not before."""

import pytest

from desk import client_of
from desk_of_appeals import Office
from people import NOW, Hire, just_confirmed
from tocsin.accounts.actor import DEMONSTRATION
from tocsin.appeals import actions, clearing, recalling, releasing, waiting
from tocsin.appeals import notices as turns
from tocsin.appeals.tables import gates
from tocsin.casework import notices
from tocsin.casework.models import Notices
from tocsin.journal import subscriptions

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.database("sqlite")]


@pytest.fixture
def office(office: Office) -> Office:
    """Let everybody in the office want mails."""
    for name, account in office.accounts.items():
        notices.want(account.actor, f"{name}@mail.example", "en")
    return office


def told(office: Office) -> set[str]:
    """Let the worker see what was written down, and give who gets a mail because of it."""
    subscriptions.deliver(turns.SUBSCRIBER, now=NOW)
    waiting_now = set(Notices.objects.exclude(waiting_since=None).values_list("account", flat=True))
    Notices.objects.update(waiting_since=None)
    return {name for name, account in office.accounts.items() if account.actor.id in waiting_now}


def counted(office: Office) -> dict[str, int]:
    """Count what waits for each, which is as much as the list shows her, however many others are listed."""
    found = {name: waiting.count_waiting(each.actor, now=NOW) for name, each in office.accounts.items()}
    counts = {name: count for name, count in found.items() if count}
    with pytest.MonkeyPatch.context() as full:
        full.setattr(waiting, "MOST", 0)
        listed = {name: waiting.list_waiting(office.accounts[name].actor, now=NOW) for name in counts}
    assert {name: sum(each.waits for each in rows) for name, rows in listed.items()} == counts
    return counts


def test_somebody_without_the_case_is_told_nothing(office: Office, hire: Hire) -> None:
    stranger = hire("eve", "legal")
    notices.want(stranger.actor, "eve@mail.example", "en")
    key = office.draft()
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    subscriptions.deliver(turns.SUBSCRIBER, now=NOW)
    assert not Notices.objects.filter(account=stranger.actor.id).exclude(waiting_since=None).exists()
    assert waiting.count_waiting(stranger.actor, now=NOW) == 0


def test_whose_turn_it_is_learns_of_it_and_nobody_before(office: Office) -> None:
    key = office.draft()
    assert (told(office), counted(office)) == (set(), {})
    actions.submit(office.lead, key, seen=office.version(key), now=NOW)
    assert told(office) == {*office.accounts} - {"lead"}, "she wrote it; each of the others may clear a gate"
    for gate in gates():
        assert set(counted(office)) <= {*office.accounts} - {"lead"}
        by = office.lawyer if gate == "law" else office.reviewer
        clearing.clear(by, key, gate, seen=office.version(key), now=NOW)
        assert "lawyer" not in counted(office) or gate == "facts", "the gate of law is cleared"
    assert told(office) == {"first", "second"}
    assert set(counted(office)) == {"first", "second"}
    first, second = office.approvers()
    releasing.approve(first, key, seen=office.version(key), now=NOW)
    assert (told(office), set(counted(office))) == (set(), {"second"})
    releasing.approve(second, key, seen=office.version(key), now=NOW)
    assert told(office) == {"first"}, "who approved last knows"
    assert set(counted(office)) == {"first", "second"}
    office.release(key)
    assert (told(office), counted(office)) == (set(), {})
    recalling.ask(just_confirmed(office.first, NOW), key, "withdrawn", now=NOW)
    assert (told(office), set(counted(office))) == ({"second"}, {"second"})
    page = client_of(office.second, DEMONSTRATION)
    assert "1 appeal waits for you" in page.get("/").content.decode()
    assert "to be taken back" in page.get("/appeals").content.decode()
    recalling.leave(just_confirmed(office.first, NOW), key, now=NOW)
    assert counted(office) == {}
