"""Two files of one case: merged with all they hold, and apart again as they were."""

import dataclasses
import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions, duplicates, merges
from tocsin.casework.actions import OpenCase
from tocsin.casework.models import Merge
from tocsin.casework.search.alike import Alike
from tocsin.casework.search.listing import Wanted, list_cases
from tocsin.casework.views.merge import MergeForm
from tocsin.core.errors import BadRequest, CannotOpen, NotAllowed
from tocsin.core.records import Case, Event, from_plain, from_yaml, to_plain
from tocsin.journal.queries import list_entries
from tocsin.vault import queries as vault

CASE = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))
REASON = "the sister and the lawyer both wrote to us"

pytestmark = pytest.mark.usefixtures("frozen")


def named(name: str) -> Case:
    plain = to_plain(CASE)
    people = [{**plain["persons"][0], "names": [{"full": name, "use": "preferred"}]}]
    return from_plain({**plain, "persons": people})


@pytest.fixture
def kept(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)


@pytest.fixture
def other(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, named("Лена Марош"), reason="another report", now=NOW)


def read(account: NewAccount, opened: OpenCase) -> OpenCase:
    return actions.read_case(account.actor, opened.id, now=NOW)


def words(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_merging_brings_every_record_and_undoing_gives_both_back(
    tomas: NewAccount, kept: OpenCase, other: OpenCase
) -> None:
    client = signed_in(tomas)
    page = client.get(f"/cases/{kept.id}/merge").content.decode()
    assert f'<option value="{other.id}">' in page[page.index("names somebody alike") :]
    answer = client.post(f"/cases/{kept.id}/merge", {"other": str(other.id), "reason": REASON})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].endswith("?merged")
    both = read(tomas, kept).case
    assert [each.preferred.full for each in both.persons] == ["Lena Marosh", "Лена Марош"]
    assert len(both.events) == 2 * len(CASE.events)
    assert [each.identity for each in both.sources] == [CASE.sources[0].identity] * 2
    assert to_plain(read(tomas, other).case) == to_plain(other.case)
    assert "merged into another of the same case" in words(client, f"/cases/{other.id}")
    assert [row.id for row in list_cases(tomas.actor, Wanted(), now=NOW).rows] == [kept.id]
    row = Merge.objects.get()
    assert client.post(f"/cases/{kept.id}/merge/{row.id}/undo").headers["Location"].endswith("?parted")
    assert to_plain(read(tomas, kept).case) == to_plain(CASE)
    assert to_plain(read(tomas, other).case) == to_plain(other.case)
    assert {each.id for each in list_cases(tomas.actor, Wanted(), now=NOW).rows} == {kept.id, other.id}
    kinds = [
        each.kind for each in list_entries(subject=kept.id) if "read" not in each.kind and "saved" not in each.kind
    ]
    assert kinds == ["casework.case.parted", "casework.case.took_in", "casework.case.opened"]
    assert REASON in words(client, f"/cases/{kept.id}/merge")
    assert REASON.encode() not in bytes(row.sealed)


def test_a_pointer_is_read_and_not_changed(tomas: NewAccount, kept: OpenCase, other: OpenCase) -> None:
    duplicates.merge(tomas.actor, kept.id, other.id, reason=REASON, now=NOW)
    changed = dataclasses.replace(other.case, events=other.case.events[:1])
    with pytest.raises(BadRequest, match="merged into another"):
        actions.save_case(tomas.actor, other, changed, now=NOW)
    for one, two in ((kept.id, other.id), (other.id, kept.id)):
        with pytest.raises(BadRequest, match="merged already"):
            duplicates.merge(tomas.actor, one, two, reason=REASON, now=NOW)
    with pytest.raises(BadRequest, match="same case"):
        duplicates.merge(tomas.actor, kept.id, kept.id, reason=REASON, now=NOW)


def test_what_was_added_since_stays_what_was_changed_is_told_and_what_hangs_on_it_is_refused(
    tomas: NewAccount, kept: OpenCase, other: OpenCase
) -> None:
    merged = duplicates.merge(tomas.actor, kept.id, other.id, reason=REASON, now=NOW)
    now = read(tomas, kept)
    theirs, own = (
        merged.names["person:lena-marosh"],
        Event(id="e:later", kind="context", victims=("person:lena-marosh",)),
    )
    hanging = dataclasses.replace(own, id="e:hanging", victims=(theirs,))
    slowly = tuple(
        dataclasses.replace(each, manner="slowly") if each.id == merged.names["e01"] else each
        for each in now.case.events
    )
    saved = actions.save_case(tomas.actor, now, dataclasses.replace(now.case, events=(*slowly, own, hanging)), now=NOW)
    client = signed_in(tomas)
    refused = client.post(f"/cases/{kept.id}/merge/{merged.row.id}/undo")
    assert refused.status_code == 400
    assert "names a record that would go" in refused.content.decode()
    assert read(tomas, kept).version == saved.version
    events = tuple(each for each in saved.case.events if each.id != "e:hanging")
    actions.save_case(tomas.actor, saved, dataclasses.replace(saved.case, events=events), now=NOW)
    answer = client.post(f"/cases/{kept.id}/merge/{merged.row.id}/undo", follow=True)
    assert "Some of the records that went had been changed since" in answer.content.decode()
    assert [each.id for each in read(tomas, kept).case.events] == ["e01", "e02", "e:later"]
    assert to_plain(read(tomas, other).case) == to_plain(other.case)


def test_who_holds_only_a_part_of_either_merges_nothing(
    tomas: NewAccount, kept: OpenCase, other: OpenCase, hire: Hire
) -> None:
    amina = hire("amina", "case_lead")
    for case, parts in ((kept.id, ("facts", "sources")), (other.id, ("facts",))):
        for part in parts:
            sure = just_confirmed(tomas.actor, NOW)
            actions.give_access(sure, case, part, amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    for one, two in ((kept.id, other.id), (other.id, kept.id)):
        with pytest.raises(BadRequest, match="do not hold all parts"):
            duplicates.merge(amina.actor, one, two, reason=REASON, now=NOW)
    assert read(tomas, kept).version == 1


def test_a_stranger_merges_nothing_and_learns_of_neither(
    tomas: NewAccount, kept: OpenCase, other: OpenCase, hire: Hire
) -> None:
    eve = hire("eve", "case_lead")
    own = actions.open_new_case(eve.actor, CASE, reason="a report", now=NOW)
    client = signed_in(eve)
    page = client.get(f"/cases/{own.id}/merge").content.decode()
    assert str(kept.id) not in page
    assert "Марош" not in page
    assert client.post(f"/cases/{own.id}/merge", {"other": str(kept.id), "reason": REASON}).status_code == 400
    with pytest.raises(NotAllowed):
        duplicates.merge(eve.actor, own.id, kept.id, reason=REASON, now=NOW)
    merged = duplicates.merge(tomas.actor, kept.id, other.id, reason=REASON, now=NOW)
    for case in (own.id, kept.id, uuid4()):
        assert client.post(f"/cases/{case}/merge/{merged.row.id}/undo").status_code == 404
    assert merges.find_pointer(other.id) is not None


def test_who_held_only_the_other_still_finds_it_and_is_told_to_ask(
    tomas: NewAccount, kept: OpenCase, other: OpenCase, hire: Hire
) -> None:
    amina = hire("amina", "case_lead")
    sure = just_confirmed(tomas.actor, NOW)
    actions.give_access(sure, other.id, "facts", amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    duplicates.merge(tomas.actor, kept.id, other.id, reason=REASON, now=NOW)
    assert [row.id for row in list_cases(amina.actor, Wanted(), now=NOW).rows] == [other.id]
    page = words(signed_in(amina), f"/cases/{other.id}")
    assert "You may not open that one: ask for access." in page
    assert str(kept.id) not in page


def test_a_merge_that_somebody_turned_to_other_cases_opens_no_more(
    tomas: NewAccount, kept: OpenCase, other: OpenCase
) -> None:
    merged = duplicates.merge(tomas.actor, kept.id, other.id, reason=REASON, now=NOW)
    third = actions.open_new_case(tomas.actor, CASE, reason="a third", now=NOW)
    Merge.objects.update(gone=third.id)
    with pytest.raises(CannotOpen):
        duplicates.open_merge(vault.open_case(tomas.actor.ring, kept.id, NOW), Merge.objects.get(id=merged.row.id))


def test_a_case_is_offered_by_its_name_and_by_its_number_where_two_are_called_the_same() -> None:
    first, second, third = (Alike(UUID(int=number << 96), title) for number, title in ((1, "A"), (2, "A"), (3, "B")))
    (_none, (_group, rows)) = MergeForm(None, alike=(first, second, third)).fields["other"].choices
    assert [words for _case, words in rows] == ["A (00000001)", "A (00000002)", "B"]
