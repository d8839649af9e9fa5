"""Destroying a case: what is asked, what is destroyed, and the day from which no backup opens it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from desk import signed_in
from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.models import Session
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.models import CaseFile
from tocsin.core.errors import NotAllowed
from tocsin.core.records import from_yaml
from tocsin.journal import actions as journal
from tocsin.journal.queries import list_entries
from tocsin.vault import slots
from tocsin.vault.models import Grant

CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))
# Seven days after the backup, and one more, since old ones go when the next is made.
GONE_ON = "2026-12-03"


pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    opened = actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    with transaction.atomic():
        journal.record(None, "site.backup.made", now=NOW, keep_days=7)
    return opened


def test_the_page_names_who_loses_the_case_and_the_day_and_changes_nothing(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    assert f"/cases/{opened.id}/shred" in client.get(f"/cases/{opened.id}/access").content.decode()
    page = client.get(f"/cases/{opened.id}/shred").content.decode()
    assert f'datetime="{GONE_ON}"' in page
    assert "Tomas" in page
    assert str(opened.id)[:8] in page
    assert CaseFile.objects.get(id=opened.id).shredded_at is None


@pytest.mark.parametrize("typed", ["", "yes", "00000000"])
def test_a_slip_destroys_nothing(tomas: NewAccount, opened: OpenCase, typed: str) -> None:
    assert signed_in(tomas).post(f"/cases/{opened.id}/shred", {"typed": typed}).status_code == 400
    assert actions.read_case(tomas.actor, opened.id, now=NOW).case == CASE


def test_what_was_typed_destroys_the_keys_and_the_answer_says_from_when_no_backup_opens_it(
    tomas: NewAccount, opened: OpenCase
) -> None:
    client = signed_in(tomas)
    answer = client.post(f"/cases/{opened.id}/shred", {"typed": f" {str(opened.id)[:8].upper()} "})
    assert answer.status_code == 200
    assert f'datetime="{GONE_ON}"' in answer.content.decode()
    taken = Grant.objects.filter(case=opened.id).values_list("slot", flat=True)
    assert set(slots.read(taken).values()) == {b""}
    with pytest.raises(NotAllowed):
        actions.read_case(tomas.actor, opened.id, now=NOW)
    assert list_entries(subject=opened.id)[0].kind == "casework.case.shredded"
    assert "Lena Marosh" not in client.get("/").content.decode()
    assert client.get(f"/cases/{opened.id}").status_code == 404


def test_it_asks_for_the_second_factor_again(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    Session.objects.filter(account=tomas.actor.id).update(confirmed_at=NOW - timedelta(minutes=6))
    assert client.post(f"/cases/{opened.id}/shred", {"typed": str(opened.id)[:8]}).status_code == 403
    assert CaseFile.objects.get(id=opened.id).shredded_at is None


def test_who_holds_the_case_without_the_role_finds_no_such_page(
    tomas: NewAccount, hire: Hire, opened: OpenCase
) -> None:
    amina = hire("amina", "verifier")
    actions.give_access(tomas.actor, opened.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    client = signed_in(amina)
    assert client.get(f"/cases/{opened.id}/shred").status_code == 404
    assert client.post(f"/cases/{opened.id}/shred", {"typed": str(opened.id)[:8]}).status_code == 404


def test_the_answer_to_ended_access_says_until_when_backups_hold_its_key(tomas: NewAccount, opened: OpenCase) -> None:
    page = signed_in(tomas).get(f"/cases/{opened.id}/access?ended").content.decode()
    assert f'datetime="{GONE_ON}"' in page
