"""`tocsin site user`: every command on a site with people, what it prints, and what it leaves in the journal."""

import re
from datetime import timedelta

import pytest
from click.testing import Result

from people import NOW, PASSPHRASE, Hire
from terminal import at_the_terminal
from tocsin.accounts import actions, second_factor, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.models import Account, Invitation
from tocsin.cli.site import user
from tocsin.core.errors import BadRequest, NotAllowed, NotVouched, TooManyTries, WrongSecret
from tocsin.journal.queries import list_entries

LATER = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch, administrator: NewAccount) -> None:
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def run(*words: str, people: dict[str, NewAccount] | None = None, **kwargs: str) -> Result:
    tries = 3 if "passphrase" in kwargs else 1
    typed = "".join(
        tries * f"{login}\n{kwargs.get('passphrase', PASSPHRASE)}\n{second_factor.code_at(person.totp, LATER)}\n"
        for login, person in (people or {}).items()
    )
    return at_the_terminal(user.user, words, typed)


def newest(subject: object) -> tuple[str, object]:
    entry = list_entries(subject=subject)[0]  # type: ignore[arg-type]
    return entry.kind, entry.actor


def test_the_list_says_who_is_there_and_names_nobody(hire: Hire, administrator: NewAccount) -> None:
    amina = hire("amina", "verifier")
    staff.invite(administrator.actor, "late", "Late Comer", [], now=NOW)
    said = run("list").output
    assert f"{amina.actor.id}\tworking\tverifier\tsecond factor" in said
    assert "\tinvited\tno role\tno second factor" in said
    assert not re.search("amina|Amina|vera|Vera|Late", said)


def test_an_invitation_prints_a_link_and_needs_an_administrator(hire: Hire, administrator: NewAccount) -> None:
    ended = run("invite", "new", "--name", "Newcomer", "--role", "verifier", people={"vera": administrator})
    assert ended.exit_code == 0, ended.output
    link = re.search(r"https?://[\w.:]+/link/([\w-]+)$", ended.stdout.strip())
    assert link
    assert staff.join(link[1], "chosen in her own session", now=LATER)
    assert newest(Account.objects.order_by("-created_at")[0].id)[0] == "accounts.account.created"
    amina = hire("amina", "verifier")
    assert isinstance(run("invite", "eve", people={"amina": amina}).exception, NotAllowed)
    wrong = run("invite", "eve", people={"vera": administrator}, passphrase="wrong horse battery staple")
    assert isinstance(wrong.exception, WrongSecret)
    assert PASSPHRASE not in wrong.output + ended.output


def test_roles_are_changed_by_an_administrator(hire: Hire, administrator: NewAccount) -> None:
    amina = hire("amina", "verifier")
    assert run("role", "amina", "legal", "auditor", people={"vera": administrator}).exit_code == 0
    assert Account.objects.get(id=amina.actor.id).roles == "auditor legal"
    assert newest(amina.actor.id) == ("accounts.account.roles", administrator.actor.id)
    assert isinstance(run("role", "nobody", "legal").exception, BadRequest)


def test_an_account_is_closed_without_any_secret(hire: Hire) -> None:
    amina = hire("amina", "verifier")
    ended = run("disable", "amina")
    assert (ended.exit_code, ended.output) == (0, "The account is closed; 1 grants ended.\n")
    assert newest(amina.actor.id) == ("accounts.account.disabled", None)
    with pytest.raises(WrongSecret):
        actions.sign_in("amina", PASSPHRASE, second_factor.code_at(amina.totp, LATER), now=LATER)


def test_two_people_help_the_only_administrator_who_lost_her_second_factor(
    hire: Hire, administrator: NewAccount
) -> None:
    two = {"tomas": hire("tomas", "case_lead"), "amina": hire("amina", "verifier")}
    ended = run("reset-second-factor", "vera", people=two)
    assert ended.exit_code == 0, ended.output
    entry = list_entries(subject=administrator.actor.id)[0]
    assert (entry.kind, entry.actor) == ("accounts.account.reset", two["tomas"].actor.id)
    assert str(two["amina"].actor.id) in entry.facts
    link = ended.stdout.strip().rpartition("/")[2]
    with pytest.raises(WrongSecret):
        staff.come_back(link, "a guess of the two", now=LATER)
    assert actions.resume(staff.come_back(link, PASSPHRASE, now=LATER), now=LATER) == administrator.actor


def test_one_person_twice_or_the_one_who_lost_it_is_not_two(hire: Hire, administrator: NewAccount) -> None:
    tomas, amina = hire("tomas", "case_lead").actor, hire("amina", "verifier").actor
    for first, second, whom in ((tomas, tomas, amina), (tomas, amina, amina), (amina, tomas, amina)):
        with pytest.raises(BadRequest):
            staff.break_glass(first, second, whom.id, now=NOW)
    link = staff.invite(administrator.actor, "new", "New", [], now=NOW)
    unknown = actions.resume(staff.join(link, "chosen in her own session", now=NOW).cookie, now=NOW)
    assert unknown is not None
    with pytest.raises(NotVouched):
        staff.break_glass(tomas, unknown, amina.id, now=NOW)
    assert not Invitation.objects.exists()


def test_a_slip_may_be_mended_at_once(administrator: NewAccount) -> None:
    code = second_factor.code_at(administrator.totp, LATER)
    typed = f"vera\nwrong horse battery\n{code}\nvera\n{PASSPHRASE}\n{code}\n"
    ended = at_the_terminal(user.user, ["invite", "eve"], typed)
    assert ended.exit_code == 0, ended.output
    assert "name, passphrase or code is wrong" in ended.output


def test_guessing_at_the_machine_is_slowed_down_too(hire: Hire, administrator: NewAccount) -> None:
    refused = [
        type(run("invite", "eve", people={"vera": administrator}, passphrase="wrong horse battery").exception)
        for _ in range(3)
    ]
    assert refused == [WrongSecret, TooManyTries, TooManyTries]
