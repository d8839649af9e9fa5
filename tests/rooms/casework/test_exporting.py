"""Taking a list of cases out as a table: for a reason, counted over a day, above fifty rows by two, one's own alone."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pyrage
import pytest
from django.http import HttpResponse
from django.test import Client
from pyrage import x25519

from desk import client_of, signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.models import ExportAsk, ExportKey
from tocsin.casework.search import export_keys, exporting
from tocsin.casework.search.exporting import SecondNeeded
from tocsin.casework.search.listing import Wanted
from tocsin.core.errors import BadRequest, NotAllowed, StepUpNeeded
from tocsin.core.records import Case, from_plain, from_yaml, to_plain
from tocsin.journal.queries import list_entries

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.database("sqlite")]

EXPORTED = "casework.cases.exported"
IDENTITY = x25519.Identity.generate()
KEY = str(IDENTITY.to_public())

PLAIN = to_plain(from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8")))


def case_of(name: str) -> Case:
    people = [{**PLAIN["persons"][0], "names": [{"full": name, "use": "preferred"}]}]
    return from_plain({**PLAIN, "persons": people})


@pytest.fixture
def client(tomas: NewAccount) -> Client:
    return client_of(just_confirmed(tomas.actor, NOW))


@pytest.fixture
def key(tomas: NewAccount) -> str:
    """A key that Tomas has named."""
    return str(export_keys.add(just_confirmed(tomas.actor, NOW), "laptop", f"# public key: {KEY}", now=NOW))


def open_cases(who: NewAccount, *names: str) -> None:
    for name in names:
        actions.open_new_case(who.actor, case_of(name), reason="a report", now=NOW)


def rows_of(answer: HttpResponse) -> list[list[str]]:
    assert b"Rovan" not in answer.content
    written = pyrage.decrypt(answer.content, [IDENTITY]).decode()
    assert written.startswith("\ufeff")
    return list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))


def exported() -> list[str]:
    return list(list_entries().filter(kind=EXPORTED).order_by("number").values_list("facts", flat=True))


def test_a_list_becomes_a_table_and_the_journal_says_how_many_and_why(
    client: Client, tomas: NewAccount, mara: NewAccount, key: str
) -> None:
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    open_cases(mara, "Orla Tamsin")
    answer = client.post("/cases/export", {"key": key, "reason": "review", "order": "name"})
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, 'attachment; filename="cases.csv.age"')
    header, *rows = rows_of(answer)
    assert header[:3] == ["Name", "Code", "Country"]
    # What one does not hold is in no table.
    assert [row[0] for row in rows] == ["Ines Rovan", "Lena Marosh"]
    assert exported() == [f'{{"key":"{KEY[-16:]}","reason":"review","rows":2}}']
    narrowed = rows_of(client.post("/cases/export", {"key": key, "reason": "review", "question": "rovan"}))
    assert [row[0] for row in narrowed[1:]] == ["Ines Rovan"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "＝"])
def test_no_cell_is_taken_for_a_formula(client: Client, tomas: NewAccount, sign: str, key: str) -> None:
    open_cases(tomas, f"{sign}cmd|'/c calc'!A0")
    answer = client.post("/cases/export", {"key": key, "reason": "review"})
    cells = [cell for row in rows_of(answer) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n＝" and cell]


def test_nothing_is_taken_out_without_a_reason_a_fresh_proof_and_the_verb(
    tomas: NewAccount, client: Client, hire: Hire, key: str
) -> None:
    assert client.post("/cases/export", {"key": key, "reason": "review"}).status_code == 409
    open_cases(tomas, "Ines Rovan")
    assert client.post("/cases/export", {"reason": "", "key": key}).status_code == 409
    assert client.post("/cases/export", {"reason": "because", "key": key}).status_code == 409
    with pytest.raises(StepUpNeeded):
        exporting.take_out(tomas.actor, Wanted(), reason="review", key=KEY, now=LATER)
    with pytest.raises(NotAllowed):
        exporting.take_out(hire("v", "verifier").actor, Wanted(), reason="review", key=KEY, now=NOW)
    assert exported() == []


def test_more_than_fifty_rows_of_a_day_take_a_second_person_for_these_very_cases(
    tomas: NewAccount, mara: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ALONE", 3)
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    one, two = just_confirmed(tomas.actor, NOW), just_confirmed(mara.actor, NOW)
    assert len(exporting.take_out(one, Wanted(), reason="review", key=KEY, now=NOW)) == 2
    # Two small ones are a large one.
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, Wanted(), reason="review", key=KEY, now=NOW)
    assert len(exported()) == 1
    assert exporting.ask(one, Wanted(), reason="partner", key=KEY, now=NOW) == 2
    (asked,) = exporting.list_asks(two, now=NOW)
    with pytest.raises(BadRequest, match="another person"):
        exporting.agree(one, asked.id, now=NOW)
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, Wanted(), reason="partner", key=KEY, now=NOW)
    exporting.agree(two, asked.id, now=NOW)
    open_cases(tomas, "Orla Tamsin")
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, Wanted(), reason="partner", key=KEY, now=NOW)
    assert len(exporting.take_out(one, Wanted(question="rovan"), reason="review", key=KEY, now=NOW)) == 1
    names = Wanted(question="Marosh")
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, names, reason="review", key=KEY, now=NOW)


def test_what_was_agreed_is_taken_out_once_and_by_who_asked(
    tomas: NewAccount, mara: NewAccount, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(exporting, "MOST_ALONE", 1)
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    client, other = client_of(just_confirmed(tomas.actor, NOW)), client_of(just_confirmed(mara.actor, NOW))
    page = client.post("/cases/export", {"key": key, "reason": "statistics"})
    assert (page.status_code, 'name="ask"' in page.content.decode()) == (409, True)
    assert (
        client.post("/cases/export", {"key": key, "reason": "statistics", "ask": "yes"}).headers["Location"]
        == "/cases/exports"
    )
    asked = ExportAsk.objects.get()
    shown = other.get("/cases/exports").content.decode()
    assert "2 rows" in shown
    assert "Rovan" not in shown
    assert client.post("/cases/exports", {"ask": asked.id, "answer": "agree"}).status_code == 409
    assert other.post("/cases/exports", {"ask": asked.id, "answer": "agree"}).status_code == 302
    assert "agreed: take the same list out within a day." in client.get("/cases/exports").content.decode()
    assert len(rows_of(client.post("/cases/export", {"key": key, "reason": "statistics"}))) == 3
    assert str(mara.actor.id) in exported()[0]
    assert client.post("/cases/export", {"key": key, "reason": "statistics"}).status_code == 409
    assert other.post("/cases/exports", {"ask": asked.id, "answer": "agree"}).status_code == 409


def test_a_colleague_refuses_and_a_long_list_has_an_end(
    tomas: NewAccount, mara: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    one, two = just_confirmed(tomas.actor, NOW), just_confirmed(mara.actor, NOW)
    exporting.ask(one, Wanted(), reason="review", key=KEY, now=NOW)
    exporting.refuse(two, ExportAsk.objects.get().id, now=NOW)
    assert exporting.list_asks(one, now=NOW) == []
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    with pytest.raises(BadRequest, match="narrow the list"):
        exporting.take_out(one, Wanted(), reason="review", key=KEY, now=NOW)


def test_who_may_not_take_a_list_out_is_not_offered_it(tomas: NewAccount, client: Client, hire: Hire) -> None:
    open_cases(tomas, "Ines Rovan")
    assert "/cases/export" in client.get("/cases").content.decode()
    reader = hire("reader", "verifier")
    case = actions.list_ids()[0]
    actions.give_access(tomas.actor, case, "facts", reader.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    page = signed_in(reader).get("/cases").content.decode()
    assert "Ines Rovan" in page
    assert "/cases/export" not in page


def test_a_table_that_is_not_encrypted_takes_a_second_person_and_no_other_table_is_agreed_to(
    tomas: NewAccount, mara: NewAccount, client: Client, key: str
) -> None:
    open_cases(tomas, "Ines Rovan")
    plain, two = {"reason": "review", "key": "plain"}, just_confirmed(mara.actor, NOW)
    other = client_of(two)
    # Nothing is chosen for anybody: neither no key, nor one of somebody else.
    theirs = export_keys.add(two, "desk", KEY, now=NOW)
    for chosen in ("", str(theirs), str(uuid4())):
        page = client.post("/cases/export", {"reason": "review", "key": chosen})
        assert (page.status_code, "choose the key" in page.content.decode().lower()) == (409, True)
    assert client.post("/cases/export", plain).status_code == 409
    assert client.post("/cases/export", {**plain, "ask": "yes"}).status_code == 302
    assert "not encrypted" in other.get("/cases/exports").content.decode()
    exporting.agree(two, ExportAsk.objects.get().id, now=NOW)
    # What was agreed is the table that everybody can read, and not another one.
    one = just_confirmed(tomas.actor, NOW)
    exporting.take_out(one, Wanted(), reason="review", key=KEY, now=NOW)
    assert ExportAsk.objects.get().ended_at is None
    # Nor what was agreed a day ago.
    a_day_on = NOW + timedelta(days=1)
    late = just_confirmed(tomas.actor, a_day_on)
    with pytest.raises(SecondNeeded):
        exporting.take_out(late, Wanted(), reason="review", key=exporting.NOT_ENCRYPTED, now=a_day_on)
    answer = client.post("/cases/export", plain)
    assert (answer.status_code, "Ines Rovan" in answer.content.decode()) == (200, True)
    assert '"key":"none"' in exported()[-1]
    assert client.post("/cases/export", plain).status_code == 409


NO_KEYS = {
    "nothing": "",
    "a beginning": "age1",
    "the private half": str(IDENTITY),
    "a letter more": f"{KEY}x",
    "of ssh": "ssh-ed25519 AAAA",
    "endless": "a" * 5000,
}


@pytest.mark.parametrize("written", NO_KEYS.values(), ids=NO_KEYS)
def test_only_a_public_key_is_named_and_what_was_typed_is_not_repeated(client: Client, written: str) -> None:
    answer = client.post("/cases/exports", {"name": "laptop", "key": written})
    assert answer.status_code == 409
    assert len(written) < 9 or written not in answer.content.decode()
    assert not ExportKey.objects.exists()


def test_a_key_is_its_owners_alone_and_nobody_puts_another_in_its_place(
    tomas: NewAccount, mara: NewAccount, client: Client, key: str
) -> None:
    assert KEY in client.get("/cases/exports").content.decode()
    assert client.post("/cases/exports", {"name": " ", "key": KEY}).status_code == 409
    assert KEY not in signed_in(mara).get("/cases/exports").content.decode()
    assert [each.name for each in export_keys.list_keys(tomas.actor)] == ["laptop"]
    export_keys.forget(mara.actor, UUID(key))
    # A row that was sealed under another id, as that of somebody who writes into the database, is none.
    row = ExportKey.objects.get()
    ExportKey.objects.create(account=row.account, sealed=row.sealed, added_at=row.added_at)
    assert len(export_keys.list_keys(tomas.actor)) == 1
    assert client.post("/cases/exports", {"forget": key}).status_code == 302
    assert export_keys.list_keys(tomas.actor) == ()
    assert list_entries().filter(kind="casework.export_key.added", facts__contains=KEY[-16:]).count() == 1
