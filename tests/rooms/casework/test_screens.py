"""The pages of casework as a person uses them: first page, access, journal."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from desk import signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.models import SealedRecord
from tocsin.core.records import from_plain, from_yaml, to_plain
from tocsin.journal import actions as journal
from tocsin.journal.models import Entry
from tocsin.vault.models import Grant

CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))


pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def amina(hire: Hire) -> NewAccount:
    return hire("amina", "verifier")


@pytest.fixture
def opened(tomas: NewAccount) -> OpenCase:
    return actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW - timedelta(hours=1))


def give(opened: OpenCase, tomas: NewAccount, to: NewAccount, **terms: object) -> Grant:
    wanted = {"reason": "verifies", "ends_at": LATER, "now": NOW - timedelta(minutes=50)} | terms
    lead = just_confirmed(tomas.actor, wanted["now"])  # type: ignore[arg-type]
    return actions.give_access(lead, opened.id, "facts", to.actor.id, **wanted)  # type: ignore[arg-type]


def text(client: Client, address: str) -> str:
    """Give the words of a page, without the markup."""
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def section(client: Client, name: str) -> str:
    page = client.get("/").content.decode()
    part = page[page.index(f'aria-labelledby="{name}"') :]
    return " ".join(re.sub(r"<[^>]+>", " ", part[: part.index("</section>")]).split())


def form(to: NewAccount, **fields: object) -> dict[str, object]:
    day = timezone.localdate(NOW) + timedelta(days=20)
    wanted = {
        "colleague": str(to.actor.id),
        "compartments": ["facts"],
        "reason": "she verifies",
        "until": day.isoformat(),
    }
    return wanted | fields


def test_the_first_page_names_a_new_case_until_it_was_read(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    give(opened, tomas, amina)
    assert "Amina has not opened yet: access given Wed, 25 Nov 2026 today Lena Marosh" in section(
        signed_in(tomas), "waiting"
    )
    client = signed_in(amina)
    assert "Lena Marosh New to you: Tomas gave you access" in section(client, "today")
    client.get(f"/cases/{opened.id}")
    assert "Nothing needs you today" in section(client, "today")
    assert "Lena Marosh saved by Tomas · Wed, 25 Nov 2026 today" in section(client, "cases")
    assert "You wait for nobody" in section(signed_in(tomas), "waiting")


def test_the_first_page_says_what_others_changed_since(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    give(opened, tomas, amina)
    actions.read_case(amina.actor, opened.id, now=NOW - timedelta(minutes=40))
    plain = to_plain(opened.case)
    plain["events"][0]["what_en"] = "Two men took her."
    actions.save_case(tomas.actor, opened, from_plain(plain), now=NOW - timedelta(minutes=30))
    assert "Tomas changed it since you read it" in section(signed_in(amina), "today")
    assert "Nothing needs you today" in section(signed_in(tomas), "today")


def test_the_first_page_says_that_access_ends_soon(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    give(opened, tomas, amina, ends_at=NOW + timedelta(days=3))
    assert "Your access ends Sat, 28 Nov 2026 in 3 days" in section(signed_in(amina), "today")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("days", "said"), [(-1, "review was due"), (0, "next review"), (3, "next review")])
def test_the_page_of_a_case_says_whether_its_review_is_overdue(tomas: NewAccount, days: int, said: str) -> None:
    status = {"value": "active", "as_of": "2026-11-01", "reason": "two say the same"}
    day = timezone.localdate(NOW) + timedelta(days=days)
    case = from_plain(to_plain(CASE) | {"statuses": [status | {"review_on": day.isoformat()}]})
    opened = actions.open_new_case(tomas.actor, case, reason="a report", now=NOW)
    page = text(signed_in(tomas), f"/cases/{opened.id}")
    assert [words for words in ("review was due", "next review") if words in page] == [said]


@pytest.mark.database("sqlite")
def test_the_first_page_says_which_alarms_of_a_case_have_begun(tomas: NewAccount) -> None:
    risks = [
        {
            "id": f"risk{9 + day}",
            "exposed": ["person:lena-marosh"],
            "valid_until": f"{NOW + timedelta(days=day):%Y-%m-%d}",
        }
        for day in (-3, 3)
    ]
    for told in (risks, risks[1:]):
        case = from_plain(to_plain(CASE) | {"risks": told})
        actions.open_new_case(tomas.actor, case, reason="a report", now=NOW)
    assert section(signed_in(tomas), "today").count("An assessment of risks is out of date Mon, 23 Nov 2026") == 1


def test_a_case_that_was_tampered_with_stands_on_the_first_page_and_the_others_open(
    tomas: NewAccount, opened: OpenCase
) -> None:
    other = actions.open_new_case(tomas.actor, CASE, reason="another", now=NOW - timedelta(hours=1))
    SealedRecord.objects.filter(case=opened.id, row=opened.id).update(sealed=b"\x01" * 90)
    today = section(signed_in(tomas), "today")
    assert f"A case that cannot be opened {str(opened.id)[:8]}" in today
    assert "Lena Marosh" not in today
    assert str(other.id) in signed_in(tomas).get("/").content.decode()


def test_that_somebody_saw_the_names_of_her_cases_is_journalled(tomas: NewAccount, opened: OpenCase) -> None:
    signed_in(tomas).get("/")
    assert Entry.objects.get(kind="casework.cases.listed").actor == tomas.actor.id


def test_access_is_given_with_a_reason_and_until_a_day(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    answer = client.post(f"/cases/{opened.id}/access", form(amina, compartments=["facts", "evidence"]))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{opened.id}/access?given")
    page = text(client, f"/cases/{opened.id}/access")
    assert page.count("she verifies given by Tomas · until Tue, 15 Dec 2026 in 3 weeks") == 2
    assert "Lena Marosh" in text(signed_in(amina), f"/cases/{opened.id}")


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"colleague": ""}, "colleague", "Who: This field is required."),
        ({"colleague": "nobody"}, "colleague", "Who: Select a valid choice."),
        ({"compartments": []}, "compartments", "What this person may open: This field is required."),
        ({"reason": " "}, "reason", "Why: This field is required."),
        ({"until": "2026-11-24"}, "until", "Until: Choose a day between today and 90 days from now."),
        ({"until": "2027-03-01"}, "until", "Until: Choose a day between today and 90 days from now."),
        ({"until": "soon"}, "until", "Until: Enter a valid date."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase, wrong: dict[str, object], field: str, says: str
) -> None:
    fields = form(amina, **{"reason": "<b>because & so</b>", **wrong})
    answer = signed_in(tomas).post(f"/cases/{opened.id}/access", fields)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'<a href="#id_{field}">{says}' in page
    assert 'role="alert"' in page
    assert f'id="id_{field}_error"' in page
    assert "<title>Mistake: " in page
    if field != "reason":
        assert "&lt;b&gt;because &amp; so&lt;/b&gt;" in page
    if field != "colleague":
        assert f'<option value="{amina.actor.id}" selected>' in page
    assert Grant.objects.filter(holder=amina.actor.id, case=opened.id).count() == 0


def test_nobody_is_given_the_same_access_twice(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    give(opened, tomas, amina)
    answer = signed_in(tomas).post(f"/cases/{opened.id}/access", form(amina, compartments=["sources", "facts"]))
    assert answer.status_code == 400
    assert "this person has access already" in answer.content.decode()
    assert [each.compartment for each in Grant.objects.filter(holder=amina.actor.id, case=opened.id)] == ["facts"]


def test_access_is_offered_to_those_alone_whose_role_reads_cases(
    hire: Hire, tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    jon = hire("jon", "auditor")
    page = signed_in(tomas).get(f"/cases/{opened.id}/access").content.decode()
    assert f'value="{amina.actor.id}"' in page
    assert f'value="{jon.actor.id}"' not in page
    assert signed_in(tomas).post(f"/cases/{opened.id}/access", form(jon)).status_code == 400


def test_access_is_ended_for_a_reason_that_the_journal_keeps(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    grant = give(opened, tomas, amina)
    hers, client = signed_in(amina), signed_in(tomas)
    assert hers.get(f"/cases/{opened.id}").status_code == 200
    ended = client.post(f"/cases/{opened.id}/access/{grant.id}/end", {"reason": "risk"})
    assert ended.headers["Location"] == f"/cases/{opened.id}/access?ended"
    assert hers.get(f"/cases/{opened.id}").status_code == 404
    assert "ended access Amina · what happened to whom" in text(client, "/journal")
    assert "Safety demands it" in text(client, "/journal")


def test_access_that_nobody_else_has_is_not_ended_and_the_page_says_so(tomas: NewAccount, opened: OpenCase) -> None:
    grant = Grant.objects.get(case=opened.id, compartment="facts")
    answer = signed_in(tomas).post(f"/cases/{opened.id}/access/{grant.id}/end", {"reason": "done"})
    assert answer.status_code == 400
    assert "nobody else could open this any more" in answer.content.decode()
    wrong = signed_in(tomas).post(f"/cases/{opened.id}/access/{grant.id}/end", {"reason": "because"})
    assert wrong.status_code == 400
    assert Grant.objects.get(id=grant.id).ended_at is None


def test_a_grant_is_ended_by_way_of_its_own_case_only(tomas: NewAccount, amina: NewAccount, opened: OpenCase) -> None:
    grant = give(opened, tomas, amina)
    other = actions.open_new_case(tomas.actor, CASE, reason="another", now=NOW)
    answer = signed_in(tomas).post(f"/cases/{other.id}/access/{grant.id}/end", {"reason": "done"})
    assert answer.status_code == 404
    assert Grant.objects.get(id=grant.id).ended_at is None


def test_who_may_only_read_a_case_does_not_see_who_else_does(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    give(opened, tomas, amina)
    client = signed_in(amina)
    assert "Who has access" not in text(client, f"/cases/{opened.id}")
    assert client.get(f"/cases/{opened.id}/access").status_code == 404


def test_who_may_read_a_case_and_not_edit_it_reads_each_record_and_changes_none(
    tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    give(opened, tomas, amina)
    client, rows = signed_in(amina), rows_by_id(opened)
    at = f"/cases/{opened.id}/records"
    story = client.get(f"/cases/{opened.id}").content.decode()
    assert f"{at}/{rows['e01']}" in story
    read = {record: client.get(f"{at}/{row}") for record, row in rows.items()}
    told = {record: page.content.decode() for record, page in read.items() if page.status_code == 200}
    assert told.keys() >= {"e01", "person:lena-marosh", "source:sister"}
    assert "Lena Marosh" in told["person:lena-marosh"]
    for record, page in told.items():
        forms = re.findall(r'<form[^>]*action="([^"]*)"', page)
        assert not [each for each in forms if each.startswith("/cases/")], record
        for apart in ("+99900000001", "hides in Karvel"):
            assert apart not in page, record
    for step in ("", "/status", "/withdraw", "/force", "/class"):
        assert client.post(f"{at}/{rows['e01']}{step}", {"seen": 1, "what.en": "Nothing happened."}).status_code == 404
    assert actions.read_case(tomas.actor, opened.id, now=NOW).version == opened.version


def test_everybody_reads_of_the_journal_what_is_theirs_to_read(
    hire: Hire, tomas: NewAccount, amina: NewAccount, opened: OpenCase
) -> None:
    give(opened, tomas, amina)
    jon, eve = hire("jon", "auditor"), hire("eve", "case_lead")
    signed_in(amina).get(f"/cases/{opened.id}")
    table = {
        each.actor.id: text(signed_in(each), "/journal").partition("About ")[2] for each in (tomas, amina, jon, eve)
    }
    assert "Amina read a case" in table[tomas.actor.id], "who gives access sees who reads"
    assert "Amina read a case" in table[amina.actor.id]
    assert "Tomas" not in table[amina.actor.id]
    assert "Amina read a case" in table[jon.actor.id]
    assert "Vera Lindqvist created an account" in table[jon.actor.id]
    assert "Amina" not in table[eve.actor.id]
    assert "Lena Marosh" not in "".join(table.values())


def test_the_journal_is_narrowed_and_turned_page_by_page(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    with transaction.atomic():
        for _ in range(55):
            journal.record(tomas.actor.id, "casework.cases.listed", now=NOW, cases=1)
    first = client.get("/journal?kind=casework.cases.listed").content.decode()
    assert first.count("saw the names of own cases</td>") == 50
    older = re.search(r'href="\?(kind=casework.cases.listed&amp;before=\d+)"', first)
    assert older is not None
    second = client.get("/journal?" + older[1].replace("&amp;", "&")).content.decode()
    assert second.count("saw the names of own cases</td>") == 5
    assert "opened a new case" in text(client, f"/journal?case={opened.id}").partition("About ")[2]
    nothing = text(client, f"/journal?case={UUID(int=5)}")
    assert "No entry fits" in nothing
    assert client.get("/journal?before=x&who=y&case=z").status_code == 200


def test_locking_ends_every_session_and_says_so(tomas: NewAccount) -> None:
    client, elsewhere = signed_in(tomas), Client()
    elsewhere.cookies.load(client.cookies.output(header="", sep=";"))
    assert elsewhere.get("/").status_code == 200
    answer = client.post("/lock")
    assert answer.headers["Location"] == "/sign-in?locked"
    assert "cache" in answer.headers["Clear-Site-Data"]
    for each in (client, elsewhere):
        assert each.get("/").headers["Location"] == "/sign-in"
    assert Entry.objects.order_by("-number")[0].kind == "accounts.session.locked"
    assert "Locked. All your sessions have ended" in text(Client(), "/sign-in?locked")


def test_the_key_that_locks_is_on_every_page(tomas: NewAccount, opened: OpenCase) -> None:
    client = signed_in(tomas)
    for address in ("/", f"/cases/{opened.id}", f"/cases/{opened.id}/access", "/journal", f"/cases/{UUID(int=7)}"):
        assert re.search(r'action="/lock".*?accesskey="l"', client.get(address).content.decode(), re.DOTALL)


@pytest.mark.parametrize("page", ["", "/access", "/together"])
def test_the_title_of_a_page_names_nobody(tomas: NewAccount, opened: OpenCase, page: str) -> None:
    """A browser writes the titles of pages into its history, on the disk of who works here."""
    shown = signed_in(tomas).get(f"/cases/{opened.id}{page}")
    assert shown.status_code == 200
    title = re.search("<title>(.*?)</title>", shown.content.decode())
    assert title is not None
    words = {word for person in CASE.persons for name in person.names for word in name.full.split()}
    assert words
    assert not {word for word in words if word in title[1]}
    assert "<" not in title[1], "a title holds no markup: a browser would show it"
