"""A case whose first appeal was published before there was this site goes on from it: `.1`, linked, and once only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desk_of_appeals import Office, open_office, recent_case
from invented_archive import english
from people import NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.appeals import actions, archiving, following, waivers
from tocsin.appeals.models import Appeal, Draft
from tocsin.appeals.store import AppealKey
from tocsin.casework import actions as casework
from tocsin.core.archive import Shelf, find_in, plan
from tocsin.core.errors import BadRequest
from tocsin.core.publication import PublicAppeal, from_file
from tocsin.publishing import queries
from tocsin.publishing.models import Publication

FIRST = "XZV 001 / 0309 / OBS 040"


@pytest.fixture
def office(hire: Hire, administrator: NewAccount) -> Office:
    """Give a desk beside which one appeal of the archive stands."""
    made = open_office(hire, administrator)
    planned = plan(find_in(english(FIRST), file="a", digest="0" * 64), Shelf())
    two = tuple(just_confirmed(each, NOW) for each in (made.first, made.second))
    archiving.begin(two, planned, now=NOW)
    archiving.take_over(two, planned.units, now=NOW)
    return made


def drafted(office: Office, before: str) -> AppealKey:
    key = AppealKey(office.case, actions.open_draft(office.lead, office.case, before=before, now=NOW))
    draft, _ = actions.read_appeal(office.lead, key, now=NOW)
    assert draft.content.follows == FIRST
    return key


def test_the_follow_up_of_an_archived_appeal_is_published_in_its_chain(office: Office) -> None:
    key = drafted(office, "xzv 1/0309/OBS 40")
    assert FIRST.encode() not in b"".join(bytes(each.sealed) for each in Draft.objects.all()), (
        "sealed until it is public"
    )
    assert not Appeal.objects.get().code
    for named in office.standing(key, "ADR-05", "ADR-08"):
        until = NOW.date() + timedelta(days=30)
        waivers.waive(office.lawyer, key, named, reason="there is no other", until=until, now=NOW)
    office.submit_and_clear(key)
    office.approve(key)
    code = office.release(key)
    assert code == f"{FIRST}.1"
    appeal = from_file(bytes(Publication.objects.get(code=code).statement))
    assert isinstance(appeal, PublicAppeal)
    assert (appeal.kind, appeal.supersedes, appeal.is_archived) == ("new_information", FIRST, False)
    earlier, _ = queries.find_chain(appeal, now=NOW)
    assert [each.code for each in earlier] == [FIRST]
    # The next one follows this one, and recalls the whole chain.
    later = NOW + timedelta(days=1)
    row = Appeal.objects.get()
    opened = casework.read_case(office.lead, office.case, now=later)
    composed = following.compose_for(office.lead, opened, row, "en", now=later)
    assert composed.document.kind == "new_information"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("before", "says"),
    [("nonsense", "no code"), ("XZV 009 / 0309 / OBS 099", "no appeal of the archive"), (FIRST, "another case")],
)
def test_what_cannot_be_followed_is_refused(office: Office, before: str, says: str) -> None:
    opened = casework.open_new_case(office.lead, recent_case(), reason="another", now=NOW)
    if before == FIRST:
        key = drafted(office, FIRST)
        row = Appeal.objects.get(id=key.appeal)
        row.code = f"{FIRST}.1"
        row.save()
        archiving.codes.give_follow_up(FIRST, NOW.date(), now=NOW)
    lead = replace(office.lead)
    with pytest.raises(BadRequest, match=says):
        actions.open_draft(lead, opened.id, before=before, now=NOW)
