"""Taking a list of cases out as a table: for a reason, counted over a day, above fifty rows by two, one's own alone."""

import csv
import io
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from desk import client_of, signed_in
from people import LATER, NOW, Hire, just_confirmed
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.models import ExportAsk
from tocsin.casework.search import exporting
from tocsin.casework.search.exporting import SecondNeeded
from tocsin.casework.search.listing import Wanted
from tocsin.core.errors import BadRequest, NotAllowed, StepUpNeeded
from tocsin.core.records import Case, from_plain, from_yaml, to_plain
from tocsin.journal.queries import list_entries

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.database("sqlite")]

EXPORTED = "casework.cases.exported"


PLAIN = to_plain(from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8")))


def case_of(name: str) -> Case:
    people = [{**PLAIN["persons"][0], "names": [{"full": name, "use": "preferred"}]}]
    return from_plain({**PLAIN, "persons": people})


@pytest.fixture
def mara(hire: Hire) -> NewAccount:
    return hire("mara", "case_lead")


@pytest.fixture
def client(tomas: NewAccount) -> Client:
    return client_of(just_confirmed(tomas.actor, NOW))


def open_cases(who: NewAccount, *names: str) -> None:
    for name in names:
        actions.open_new_case(who.actor, case_of(name), reason="a report", now=NOW)


def rows_of(answer: HttpResponse) -> list[list[str]]:
    written = b"".join(answer).decode()
    assert written.startswith("\ufeff")
    return list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))


def exported() -> list[str]:
    return list(list_entries().filter(kind=EXPORTED).order_by("number").values_list("facts", flat=True))


def test_a_list_becomes_a_table_and_the_journal_says_how_many_and_why(
    client: Client, tomas: NewAccount, mara: NewAccount
) -> None:
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    open_cases(mara, "Orla Tamsin")
    answer = client.post("/cases/export", {"reason": "review", "order": "name"})
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, 'attachment; filename="cases.csv"')
    header, *rows = rows_of(answer)
    assert header[:3] == ["Name", "Code", "Country"]
    # What one does not hold is in no table.
    assert [row[0] for row in rows] == ["Ines Rovan", "Lena Marosh"]
    assert exported() == ['{"reason":"review","rows":2}']
    narrowed = rows_of(client.post("/cases/export", {"reason": "review", "question": "rovan"}))
    assert [row[0] for row in narrowed[1:]] == ["Ines Rovan"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "＝"])
def test_no_cell_is_taken_for_a_formula(client: Client, tomas: NewAccount, sign: str) -> None:
    open_cases(tomas, f"{sign}cmd|'/c calc'!A0")
    answer = client.post("/cases/export", {"reason": "review"})
    cells = [cell for row in rows_of(answer) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n＝" and cell]


def test_nothing_is_taken_out_without_a_reason_a_fresh_proof_and_the_verb(
    tomas: NewAccount, client: Client, hire: Hire
) -> None:
    assert client.post("/cases/export", {"reason": "review"}).status_code == 409
    open_cases(tomas, "Ines Rovan")
    assert client.post("/cases/export", {"reason": ""}).status_code == 409
    assert client.post("/cases/export", {"reason": "because"}).status_code == 409
    with pytest.raises(StepUpNeeded):
        exporting.take_out(tomas.actor, Wanted(), reason="review", now=LATER)
    with pytest.raises(NotAllowed):
        exporting.take_out(hire("v", "verifier").actor, Wanted(), reason="review", now=NOW)
    assert exported() == []


def test_more_than_fifty_rows_of_a_day_take_a_second_person_for_these_very_cases(
    tomas: NewAccount, mara: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ALONE", 3)
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    one, two = just_confirmed(tomas.actor, NOW), just_confirmed(mara.actor, NOW)
    assert len(exporting.take_out(one, Wanted(), reason="review", now=NOW)) == 2
    # Two small ones are a large one.
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, Wanted(), reason="review", now=NOW)
    assert len(exported()) == 1
    assert exporting.ask(one, Wanted(), reason="partner", now=NOW) == 2
    (asked,) = exporting.list_asks(two, now=NOW)
    with pytest.raises(BadRequest, match="another person"):
        exporting.agree(one, asked.id, now=NOW)
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, Wanted(), reason="partner", now=NOW)
    exporting.agree(two, asked.id, now=NOW)
    open_cases(tomas, "Orla Tamsin")
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, Wanted(), reason="partner", now=NOW)
    assert len(exporting.take_out(one, Wanted(question="rovan"), reason="review", now=NOW)) == 1
    names = Wanted(question="Marosh")
    with pytest.raises(SecondNeeded):
        exporting.take_out(one, names, reason="review", now=NOW)


def test_what_was_agreed_is_taken_out_once_and_by_who_asked(
    tomas: NewAccount, mara: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ALONE", 1)
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    client, other = client_of(just_confirmed(tomas.actor, NOW)), client_of(just_confirmed(mara.actor, NOW))
    page = client.post("/cases/export", {"reason": "statistics"})
    assert (page.status_code, 'name="ask"' in page.content.decode()) == (409, True)
    assert client.post("/cases/export", {"reason": "statistics", "ask": "yes"}).headers["Location"] == "/cases/exports"
    asked = ExportAsk.objects.get()
    shown = other.get("/cases/exports").content.decode()
    assert "2 rows" in shown
    assert "Rovan" not in shown
    assert client.post("/cases/exports", {"ask": asked.id, "answer": "agree"}).status_code == 409
    assert other.post("/cases/exports", {"ask": asked.id, "answer": "agree"}).status_code == 302
    assert "agreed: take the same list out within a day." in client.get("/cases/exports").content.decode()
    assert len(rows_of(client.post("/cases/export", {"reason": "statistics"}))) == 3
    assert str(mara.actor.id) in exported()[0]
    assert client.post("/cases/export", {"reason": "statistics"}).status_code == 409
    assert other.post("/cases/exports", {"ask": asked.id, "answer": "agree"}).status_code == 409


def test_a_colleague_refuses_and_a_long_list_has_an_end(
    tomas: NewAccount, mara: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_cases(tomas, "Ines Rovan", "Lena Marosh")
    one, two = just_confirmed(tomas.actor, NOW), just_confirmed(mara.actor, NOW)
    exporting.ask(one, Wanted(), reason="review", now=NOW)
    exporting.refuse(two, ExportAsk.objects.get().id, now=NOW)
    assert exporting.list_asks(one, now=NOW) == []
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    with pytest.raises(BadRequest, match="narrow the list"):
        exporting.take_out(one, Wanted(), reason="review", now=NOW)


def test_who_may_not_take_a_list_out_is_not_offered_it(tomas: NewAccount, client: Client, hire: Hire) -> None:
    open_cases(tomas, "Ines Rovan")
    assert "/cases/export" in client.get("/cases").content.decode()
    reader = hire("reader", "verifier")
    case = actions.list_ids()[0]
    actions.give_access(tomas.actor, case, "facts", reader.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    page = signed_in(reader).get("/cases").content.decode()
    assert "Ines Rovan" in page
    assert "/cases/export" not in page
