"""`tocsin site drill`: somebody signs in at the machine and opens all her cases, and is told what did not open."""

from pathlib import Path

import pytest
from click.testing import Result

from people import NOW, PASSPHRASE, Hire
from terminal import at_the_terminal
from tocsin.accounts import second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions as casework
from tocsin.casework.models import SealedRecord
from tocsin.cli.site.drill import drill
from tocsin.core.errors import WrongSecret
from tocsin.core.records import from_yaml
from tocsin.journal.queries import list_entries

CASE = from_yaml(Path(__file__).parents[1].joinpath("casework/case.yaml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def run(login: str, person: NewAccount, passphrase: str = PASSPHRASE) -> Result:
    code = second_factor.code_at(person.totp, NOW)
    return at_the_terminal(drill, [], f"{login}\n{passphrase}\n{code}\n")


def test_all_cases_of_a_person_are_opened_and_the_journal_is_told(tomas: NewAccount, hire: Hire) -> None:
    cases = [casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW).id for _ in range(3)]
    casework.open_new_case(hire("amina", "case_lead").actor, CASE, reason="of somebody else", now=NOW)
    ended = run("tomas", tomas)
    assert (ended.exit_code, ended.stdout) == (0, "3 of 3 cases were opened\n")
    assert {list_entries(subject=case)[0].kind for case in cases} == {"casework.case.read"}


def test_a_case_that_does_not_open_is_named_by_its_id(tomas: NewAccount) -> None:
    whole, harmed = (casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW).id for _ in range(2))
    row = SealedRecord.objects.filter(case=harmed).order_by("-pk")[0]
    SealedRecord.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1]))
    ended = run("tomas", tomas)
    assert ended.exit_code == 1
    assert ended.stdout == f"not opened: {harmed} (vault.cannot_open)\n1 of 2 cases were opened\n"
    assert str(whole) not in ended.output
    assert "Marosh" not in ended.output


def test_a_person_without_cases_proves_nothing(tomas: NewAccount) -> None:
    ended = run("tomas", tomas)
    assert ended.exit_code == 1
    assert "repeat it with somebody who has" in ended.stdout


def test_nobody_opens_anything_without_her_secret(tomas: NewAccount) -> None:
    casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    code = second_factor.code_at(tomas.totp, NOW)
    ended = at_the_terminal(drill, [], 3 * f"tomas\nwrong horse battery staple\n{code}\n")
    assert isinstance(ended.exception, WrongSecret)
    assert "opened" not in ended.output
