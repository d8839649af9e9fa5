"""The desk through the browser's eyes: every address is closed but to those whom `access.toml` names."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client

from desk import signed_in
from people import LATER, NOW, PASSPHRASE, Hire
from tocsin.accounts import demonstration, door, second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions as casework
from tocsin.cli.site.asking import ask_person
from tocsin.core.errors import NotAllowed, WrongSecret
from tocsin.core.records import from_yaml

CASE = from_yaml((Path(__file__).parent / "casework/case.yaml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)


def test_a_new_address_is_closed_until_it_is_listed(hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(hire("tomas", "case_lead"))
    assert client.get("/").status_code == 200
    monkeypatch.setattr(settings, "TOCSIN_ACCESS", {})
    assert client.get("/").status_code == 404


def test_a_case_worker_signs_in_reads_her_case_and_signs_out(hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    opened = casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    client = Client()
    form = {"login": "tomas", "passphrase": PASSPHRASE, "code": second_factor.code_at(tomas.totp, NOW)}
    assert client.post("/sign-in", form).headers["Location"] == "/"
    assert str(opened.id) in client.get("/").content.decode()
    page = client.get(f"/cases/{opened.id}").content.decode()
    assert "Lena Marosh" in page
    assert page.index("from her office") < page.index("nobody was held")
    assert client.post("/sign-out").status_code == 302
    assert client.get("/").headers["Location"] == "/sign-in"


def test_a_wrong_code_keeps_the_name_and_never_the_passphrase(hire: Hire) -> None:
    hire("tomas", "case_lead")
    response = Client().post("/sign-in", {"login": "tomas", "passphrase": PASSPHRASE, "code": "000000"})
    assert response.status_code == 400
    assert 'value="tomas"' in response.content.decode()
    assert PASSPHRASE not in response.content.decode()


def test_a_colleague_with_a_grant_on_the_facts_reads_them(hire: Hire) -> None:
    tomas, amina = hire("tomas", "case_lead"), hire("amina", "verifier")
    opened = casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    casework.give_access(tomas.actor, opened.id, "facts", amina.actor.id, reason="verifies", ends_at=LATER, now=NOW)
    assert signed_in(amina).get(f"/cases/{opened.id}").status_code == 200


@pytest.mark.parametrize("address", ["/sign-in", "/sign-out", "/demonstration"])
def test_no_form_is_taken_without_its_token(hire: Hire, address: str) -> None:
    client = signed_in(hire("tomas", "case_lead"))
    client.handler.enforce_csrf_checks = True
    assert client.post(address).status_code == 403


@pytest.mark.parametrize("cookie", ["", "x", "é", "A" * 44, "A" * 5000])
def test_a_cookie_that_is_none_of_ours_is_no_session(administrator: NewAccount, cookie: str) -> None:
    client = Client()
    client.cookies[settings.TOCSIN_COOKIE] = cookie
    assert client.get("/").headers["Location"] == "/sign-in"


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere", "/sign-out"])
def test_every_answer_carries_the_policy_for_its_content(administrator: NewAccount, address: str) -> None:
    policy = Client().get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_one_click_sign_in_is_for_this_machine_alone(
    hire: Hire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tomas = hire("tomas", "case_lead")
    file = tmp_path / "demonstration.toml"
    file.write_text(
        f'[[people]]\nlogin = "tomas"\nname = "Tomas"\nduty = "leads"\npassphrase = "{PASSPHRASE}"\n', "utf-8"
    )
    monkeypatch.setattr(settings, "TOCSIN_DEMONSTRATION", file)
    assert Client().post("/demonstration", {"person": "tomas"}, REMOTE_ADDR="203.0.113.9").status_code == 404
    assert Client().post("/demonstration", {"person": "nobody"}).status_code == 404
    assert Client().post("/demonstration", {"person": "tomas"}).headers["Location"] == "/"
    command = click.command()(lambda: click.echo(ask_person("Somebody").id))
    assert isinstance(CliRunner().invoke(command, input="nobody\nx\nx\n" * 3).exception, WrongSecret)
    asked = CliRunner().invoke(command, input="tomas\n")
    assert asked.stdout.split()[-1] == str(tomas.actor.id)
    monkeypatch.setattr(settings, "TOCSIN_DEMONSTRATION", None)
    assert Client().post("/demonstration", {"person": "tomas"}).status_code == 404
    with pytest.raises(NotAllowed):
        demonstration.act_as("tomas", now=NOW)
