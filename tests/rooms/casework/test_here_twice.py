"""Two records of one person in a case: proposed on a page, put into one, journalled, and taken apart again."""

import dataclasses
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, duplicates, uniting
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.models import Union
from tocsin.casework.together import remarks
from tocsin.core.errors import BadRequest, CannotOpen, ChangedMeanwhile, NotAllowed
from tocsin.core.records import from_plain, from_yaml, to_plain
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as vault

CASE = from_yaml((Path(__file__).parents[2] / "core/recording/twice.yaml").read_text("utf-8"))
ONE, OTHER = "person:lena", "person:lena-2"
SAID = uniting.Same(ONE, OTHER, "Лена Марош", "the sister says so")

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def twice(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)


def read(account: NewAccount, opened: OpenCase) -> OpenCase:
    return actions.read_case(account.actor, opened.id, now=NOW)


def page_of(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_a_pair_is_proposed_looked_at_put_into_one_and_taken_apart(tomas: NewAccount, twice: OpenCase) -> None:
    client, address = signed_in(tomas), f"/cases/{twice.id}/same"
    remark = remarks.comment(tomas.actor, twice.id, "who saw her?", about=OTHER, now=NOW)
    assert "Is somebody here twice?" in page_of(client, f"/cases/{twice.id}")
    assert "Lena Marosh ~ Лена Марош" in page_of(client, address)
    rows = rows_by_id(twice)
    pair = {"one": str(rows[ONE]), "other": str(rows[OTHER])}
    assert "Is this the same as another record?" in page_of(client, f"/cases/{twice.id}/records/{rows[ONE]}")
    looked = page_of(client, f"{address}?{urlencode(pair)}")
    assert "1982-03-04" in looked
    refused = client.post(address, {**pair, "seen": twice.version, "stays": "one", "reason": " "})
    assert refused.status_code == 400
    answer = client.post(address, {**pair, "seen": twice.version, "stays": "one", "reason": SAID.reason})
    assert answer.headers["Location"].endswith("?united"), answer.content.decode()
    one = read(tomas, twice).case
    assert OTHER not in str(to_plain(one))
    keys = vault.open_case(tomas.actor.ring, twice.id, NOW)
    assert [(each.id, each.about) for each in remarks.list_remarks(keys)] == [(remark, ONE)]
    row = Union.objects.get()
    assert SAID.reason.encode() not in bytes(row.sealed)
    assert SAID.reason in page_of(client, address)
    undone = client.post(f"{address}/{row.id}/undo")
    assert undone.headers["Location"].endswith("?divided"), undone.content.decode()
    assert to_plain(read(tomas, twice).case) == to_plain(CASE)
    assert [each.about for each in remarks.list_remarks(keys)] == [OTHER]
    kinds = [each.kind for each in list_entries(subject=twice.id) if "record." in each.kind]
    assert kinds[:4] == [
        "casework.record.divided",
        "casework.record.saved",
        "casework.record.united",
        "casework.record.saved",
    ]
    assert client.post(f"{address}/{row.id}/undo").status_code == 404


def test_two_editors_at_once_lose_nothing(tomas: NewAccount, twice: OpenCase) -> None:
    person = twice.case.persons[1]
    changed = tuple(
        dataclasses.replace(each, pronouns="she") if each is person else each for each in twice.case.persons
    )
    saved = actions.save_case(tomas.actor, twice, dataclasses.replace(twice.case, persons=changed), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        uniting.unite(tomas.actor, twice, SAID, now=NOW)
    assert not Union.objects.exists()
    # What somebody else did elsewhere in the case meanwhile is there afterwards, and after it was undone.
    slowly = tuple(dataclasses.replace(each, manner="slowly") for each in saved.case.events[1:2])
    events = (saved.case.events[0], *slowly, *saved.case.events[2:])
    actions.save_case(tomas.actor, saved, dataclasses.replace(saved.case, events=events), now=NOW)
    one = uniting.unite(tomas.actor, saved, SAID, now=NOW)
    assert (one.case.persons[0].pronouns, one.case.events[1].manner) == ("she", "slowly")
    uniting.undo(tomas.actor, twice.id, Union.objects.get().id, now=NOW)
    back = read(tomas, twice).case
    assert (back.persons[0].pronouns, back.persons[1].pronouns, back.events[1].manner) == (None, "she", "slowly")


def test_who_holds_only_a_part_or_nothing_puts_nothing_into_one(tomas: NewAccount, twice: OpenCase, hire: Hire) -> None:
    amina, eve = hire("amina", "case_lead"), hire("eve", "case_lead")
    plain = to_plain(CASE)
    plain["sources"][0]["identity"] = "her sister Ada"
    closed = actions.open_new_case(tomas.actor, from_plain(plain), reason="a report", now=NOW)
    sure = just_confirmed(tomas.actor, NOW)
    actions.give_access(sure, closed.id, "facts", amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    seen = actions.read_case(amina.actor, closed.id, now=NOW)
    with pytest.raises(BadRequest, match="do not hold all parts"):
        uniting.unite(amina.actor, seen, SAID, now=NOW)
    with pytest.raises(NotAllowed):
        uniting.unite(eve.actor, twice, SAID, now=NOW)
    assert signed_in(eve).get(f"/cases/{twice.id}/same").status_code == 404
    assert not Union.objects.exists()


def test_cases_are_not_parted_before_their_records_are(tomas: NewAccount, twice: OpenCase) -> None:
    other = actions.open_new_case(tomas.actor, CASE, reason="another report", now=NOW)
    merged = duplicates.merge(tomas.actor, twice.id, other.id, reason="the same", now=NOW)
    said = uniting.Same(ONE, merged.names[ONE], "Lena Marosh", "the same name and day")
    uniting.unite(tomas.actor, read(tomas, twice), said, now=NOW)
    with pytest.raises(BadRequest, match="take them apart first"):
        duplicates.undo(tomas.actor, twice.id, merged.row.id, now=NOW)
    uniting.undo(tomas.actor, twice.id, Union.objects.get().id, now=NOW)
    duplicates.undo(tomas.actor, twice.id, merged.row.id, now=NOW)
    assert to_plain(read(tomas, twice).case) == to_plain(CASE)


def test_a_union_that_somebody_turned_to_another_case_opens_no_more(tomas: NewAccount, twice: OpenCase) -> None:
    uniting.unite(tomas.actor, twice, SAID, now=NOW)
    other = actions.open_new_case(tomas.actor, CASE, reason="another report", now=NOW)
    Union.objects.update(case=other.id)
    with pytest.raises(CannotOpen):
        uniting.list_unions(vault.open_case(tomas.actor.ring, other.id, NOW))
