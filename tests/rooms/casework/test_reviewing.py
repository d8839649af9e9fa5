"""Access that somebody gave is looked at after a month: kept with one click, or ended, and the journal says so."""

from datetime import timedelta

import pytest

from desk import client_of
from people import LATER, NOW, Hire
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.casework import actions, charge, reviewing
from tocsin.casework.actions import OpenCase
from tocsin.journal.queries import list_entries

DAY = timedelta(days=1)
MONTH = NOW + reviewing.LOOKED_AT_AFTER


def due(actor: Actor, at: object = MONTH) -> list[object]:
    return [each.case for each in reviewing.list_due(actor, now=at)]  # type: ignore[arg-type]


@pytest.mark.database("sqlite")
def test_access_is_looked_at_after_a_month_by_who_gave_it(
    tomas: NewAccount, mara: NewAccount, hire: Hire, opened: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    eve = hire("eve", "case_lead")
    ends = LATER + 50 * DAY
    actions.give_access(tomas.actor, opened.id, "facts", eve.actor.id, reason="r", ends_at=ends, now=NOW)
    charge.watch(mara.actor, opened.id, wanted=True, now=NOW)
    assert due(tomas.actor, MONTH - DAY) == []
    (review,) = reviewing.list_due(tomas.actor, now=MONTH)
    # What was given to Mara is over by then.
    assert (review.case, review.holders, review.since) == (opened.id, (eve.actor.id,), NOW)
    assert due(mara.actor) == due(eve.actor) == [], "it is for who gave it"
    monkeypatch.setattr(door.timezone, "now", lambda: MONTH)
    client = client_of(tomas.actor, now=MONTH)
    page = client.get("/").content.decode()
    assert "not looked at since" in page
    assert f'action="/cases/{opened.id}/access/keep"' in page
    assert client.post(f"/cases/{opened.id}/access/keep").headers["Location"] == "/"
    assert "not looked at since" not in client.get("/").content.decode()
    (entry,) = list_entries(subject=opened.id).filter(kind="casework.access.kept")
    assert (entry.actor, entry.facts) == (tomas.actor.id, '{"grants":1}')
    # A second click says nothing twice; after another month she is asked again.
    reviewing.keep(tomas.actor, opened.id, now=MONTH)
    assert list_entries(subject=opened.id).filter(kind="casework.access.kept").count() == 1
    assert due(tomas.actor, MONTH + 29 * DAY) == []
    assert due(tomas.actor, MONTH + 30 * DAY) == [opened.id]
