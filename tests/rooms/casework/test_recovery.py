"""What nobody can open any more: prolonged before, and opened again by several people together; on the command line."""

import re
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from click.testing import Result
from django.test import Client

from desk import signed_in
from people import LATER, NOW, PASSPHRASE, Hire, just_confirmed
from terminal import at_the_terminal
from tocsin.accounts import actions as accounts
from tocsin.accounts import door, second_factor, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.accounts.models import Account, Invitation, Session
from tocsin.casework import actions as casework
from tocsin.casework import recovery as recovering
from tocsin.casework.actions import OpenCase
from tocsin.cli.site import recovery, user
from tocsin.core.errors import BadRequest, NotAllowed, StepUpNeeded, WrongSecret
from tocsin.core.records import from_yaml
from tocsin.journal.queries import list_entries
from tocsin.vault import actions as vault
from tocsin.vault import emergency, organisation, slots
from tocsin.vault import queries as keys
from tocsin.vault.models import Grant
from tocsin.vault.organisation import Drawn

CASE = from_yaml((Path(__file__).parent / "case.yaml").read_text("utf-8"))
AFTER = NOW + timedelta(days=91)
REASON = ("--reason", "nobody is left")


class Clock:
    """What the site takes for the time."""

    now: datetime = NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    monkeypatch.setattr(door.timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def two(administrator: NewAccount, hire: Hire) -> dict[str, NewAccount]:
    return {"vera": administrator, "olena": hire("olena", "auditor")}


@pytest.fixture
def tomas(hire: Hire) -> NewAccount:
    return hire("tomas", "case_lead")


@pytest.fixture
def drawn(two: dict[str, NewAccount]) -> Drawn:
    drawn = organisation.draw()
    recovering.make_shares(pair(two), drawn, now=NOW)
    return drawn


def pair(two: dict[str, NewAccount], at: datetime = NOW) -> tuple[Actor, Actor]:
    one, other = two.values()
    return just_confirmed(one.actor, at), just_confirmed(other.actor, at)


def opened(tomas: NewAccount, *, covered: bool = True) -> OpenCase:
    return casework.open_new_case(tomas.actor, CASE, reason="a report", now=NOW, recovery=covered)


def run(clock: Clock, *words: str, shares: tuple[str, ...] = (), people: dict[str, NewAccount] | None = None) -> Result:
    lines = list(shares)
    for login, person in (people or {}).items():
        lines += [login, PASSPHRASE, second_factor.code_at(person.totp, clock.now)]
    return at_the_terminal(recovery.recovery, words, "".join(f"{line}\n" for line in lines))


def newest(subject: object) -> str:
    return str(list_entries(subject=subject)[0].kind)  # type: ignore[arg-type]


def may_read(person: NewAccount, case: OpenCase, at: datetime) -> bool:
    try:
        casework.read_case(person.actor, case.id, now=at)
    except NotAllowed:
        return False
    return True


def test_the_list_says_which_case_closes_when_and_names_nobody(clock: Clock, tomas: NewAccount, drawn: Drawn) -> None:
    with_custodians, without, shredded = opened(tomas), opened(tomas, covered=False), opened(tomas)
    casework.shred_case(tomas.actor, shredded.id, now=NOW)
    last_day = (NOW + vault.LONGEST_GRANT).strftime("%Y-%m-%d")
    said = run(clock, "list").output
    assert f"{with_custodians.id}\topen until {last_day}\tcustodians\n" in said
    assert f"{without.id}\topen until {last_day}\twithout custodians\n" in said
    clock.now = AFTER
    assert f"{without.id}\tnot open to anybody\twithout custodians\n" in run(clock, "list").output
    vault.end_expired(AFTER)
    assert f"{with_custodians.id}\tnot open to anybody\tcustodians\n" in run(clock, "list").output
    assert str(shredded.id) not in said


def test_a_key_is_made_when_five_have_written_it_down_and_two_agree(
    clock: Clock, two: dict[str, NewAccount], tomas: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = organisation.draw()
    monkeypatch.setattr(organisation, "draw", lambda: drawn)
    ends = [" ".join(share.split()[-3:]) for share in drawn.shares]
    written = tuple(line for end in ends for line in ("", end))
    slipped = ("", "not these words", *written[1:])
    wrong = run(clock, "make", shares=slipped, people={"tomas": tomas, "olena": two["olena"]})
    assert isinstance(wrong.exception, NotAllowed)
    assert "these are not the last three words" in wrong.output
    assert not organisation.is_made()
    clock.now = NOW + timedelta(minutes=1)
    ended = run(clock, "make", shares=written, people=two)
    assert ended.exit_code == 0, ended.output
    assert organisation.is_made()
    for share in drawn.shares:
        assert all(re.search(rf"\d {word}\b", ended.output) for word in share.split())
    assert run(clock, "drill", shares=drawn.shares[:3]).output.endswith("The three shares make the present key.\n")
    assert newest(None) == "organisation.key.tried"


def test_a_drill_notices_papers_of_an_earlier_key_and_slips(
    clock: Clock, two: dict[str, NewAccount], drawn: Drawn
) -> None:
    recovering.make_shares(pair(two), organisation.draw(), now=NOW)
    slip = drawn.shares[0].replace(drawn.shares[0].split()[7], "zzz", 1)
    ended = run(clock, "drill", shares=(slip, *drawn.shares[:3]))
    assert (ended.exit_code, "earlier key" in ended.output) == (1, True)
    assert "compare it word by word" in ended.output


def test_three_custodians_and_two_people_open_a_case_that_nobody_holds(
    clock: Clock, two: dict[str, NewAccount], tomas: NewAccount, hire: Hire, drawn: Drawn
) -> None:
    case, amina = opened(tomas), hire("amina", "case_lead")
    clock.now = AFTER
    words = ("case", str(case.id), "amina", *REASON)
    for shares, people, refusal in (
        (drawn.shares[:3], {"vera": two["vera"], "amina": amina}, NotAllowed),
        ((*drawn.shares[:2], drawn.shares[0]), two, WrongSecret),
    ):
        assert isinstance(run(clock, *words, shares=shares, people=people).exception, refusal)
        assert not may_read(amina, case, AFTER)
        clock.now += timedelta(minutes=1)
    ended = run(clock, *words, "--days", "7", shares=drawn.shares[2:], people=two)
    assert ended.exit_code == 0, ended.output
    assert ended.output.endswith("3 compartments are open to her for 7 days.\n")
    assert may_read(amina, case, clock.now)
    assert not may_read(amina, case, clock.now + timedelta(days=7))
    kinds = [entry.kind for entry in list_entries(subject=case.id)]
    assert "casework.case.recovered" in kinds
    # One word of a share is an English word, which facts may hold; two in a row are the share's.
    in_a_row = [" ".join(each) for each in pairwise(drawn.shares[2].split())]
    assert len(in_a_row) > 10
    assert not any(each in entry.facts for entry in list_entries() for each in in_a_row)


def test_what_recovers_asks_for_the_second_factor_again(
    two: dict[str, NewAccount], tomas: NewAccount, drawn: Drawn
) -> None:
    case, stale = opened(tomas), NOW + timedelta(minutes=6)
    with pytest.raises(StepUpNeeded):
        recovering.make_shares(pair(two), organisation.draw(), now=stale)
    with pytest.raises(StepUpNeeded):
        recovering.recover_case(
            pair(two), drawn.shares[:3], case.id, tomas.actor.id, reason="r", ends_at=LATER, now=stale
        )


def test_somebody_who_lost_everything_gets_back_what_she_held_and_no_more(
    clock: Clock, two: dict[str, NewAccount], tomas: NewAccount, hire: Hire, drawn: Drawn
) -> None:
    case, other, amina = opened(tomas), opened(tomas), hire("amina", "verifier")
    never_covered = opened(tomas, covered=False)
    for each in (case, never_covered):
        casework.give_access(tomas.actor, each.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    link = staff.restore(pair(two)[0], amina.actor.id, now=NOW)
    assert isinstance(run(clock, "person", "tomas", *REASON, shares=drawn.shares[:3], people=two).exception, NotAllowed)
    back = accounts.resume(staff.join(link, "chosen in her own session", now=NOW).cookie, now=NOW)
    assert back is not None
    fingerprint = keys.public_keys_of(keys.get_holder(back.id)).fingerprint()
    staff.vouch(just_confirmed(tomas.actor, NOW), back.id, fingerprint, now=NOW)
    clock.now = NOW + timedelta(minutes=1)
    ended = run(clock, "person", "amina", *REASON, shares=drawn.shares[1:4], people=two)
    assert ended.exit_code == 0, ended.output
    assert ended.output.endswith("1 compartments of 1 cases are open to her for 30 days.\n")
    held = keys.list_grants(clock.now, holder=back.id).exclude(
        case=Grant.objects.get(holder=back.id, ends_at=None).case
    )
    assert [(grant.case, grant.compartment) for grant in held] == [(case.id, "facts")]
    assert other.id != case.id


def test_a_last_administrator_who_lost_everything_is_restored_by_three_custodians_and_any_two(
    clock: Clock, two: dict[str, NewAccount], tomas: NewAccount, drawn: Drawn
) -> None:
    vera, any_two = two["vera"].actor.id, {"tomas": tomas, "olena": two["olena"]}
    for people in ({"tomas": tomas, "vera": two["vera"]}, {"vera": two["vera"], "olena": two["olena"]}):
        refused = run(clock, "account", "vera", shares=drawn.shares[:3], people=people)
        assert isinstance(refused.exception, NotAllowed | BadRequest), refused.output
        clock.now += timedelta(minutes=1)
    assert Account.objects.get(id=vera).disabled_at is None
    ended = run(clock, "account", "vera", shares=drawn.shares[:3], people=any_two)
    assert ended.exit_code == 0, ended.output
    assert Account.objects.get(id=vera).disabled_at is not None
    back = staff.join(ended.stdout.strip().rpartition("/")[2], "chosen in her own session", now=clock.now)
    fresh = accounts.resume(back.cookie, now=clock.now)
    assert fresh is not None
    assert fresh.roles == {"administrator"}
    entry = list_entries(subject=fresh.id).filter(kind="accounts.account.restored")[0]
    assert (entry.actor, str(two["olena"].actor.id) in entry.facts) == (tomas.actor.id, True)


def test_shares_of_an_earlier_key_restore_no_account(
    clock: Clock, two: dict[str, NewAccount], tomas: NewAccount, drawn: Drawn
) -> None:
    recovering.make_shares(pair(two), organisation.draw(), now=NOW)
    people = {"tomas": tomas, "olena": two["olena"]}
    assert isinstance(run(clock, "account", "vera", shares=drawn.shares[:3], people=people).exception, NotAllowed)
    assert not Invitation.objects.exists()


def test_a_last_holder_opens_her_case_again_with_two_others(
    clock: Clock, two: dict[str, NewAccount], tomas: NewAccount, hire: Hire
) -> None:
    case, amina = opened(tomas, covered=False), hire("amina", "verifier")
    casework.give_access(tomas.actor, case.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    clock.now = AFTER
    words = ("reopen", str(case.id), *REASON)
    assert isinstance(run(clock, *words, people={"amina": amina} | two).exception, NotAllowed)
    terms = {"reason": "r", "ends_at": AFTER + timedelta(days=9), "now": AFTER}
    for holder in pair(two, AFTER):
        with pytest.raises(NotAllowed, match="two people besides"):
            recovering.reopen_case(pair(two, AFTER), holder, case.id, **terms)  # type: ignore[arg-type]
    clock.now += timedelta(minutes=1)
    ended = run(clock, *words, people={"tomas": tomas} | two)
    assert ended.exit_code == 0, ended.output
    assert may_read(tomas, case, clock.now)
    assert not may_read(amina, case, clock.now)
    assert newest(case.id) == "casework.case.read"
    assert "casework.case.reopened" in [entry.kind for entry in list_entries(subject=case.id)]


@pytest.mark.parametrize("before", ["still open", "somebody else holds it"])
def test_nothing_is_reopened_that_is_not_closed_to_everybody(
    two: dict[str, NewAccount], tomas: NewAccount, hire: Hire, before: str
) -> None:
    case, at = opened(tomas, covered=False), NOW
    if before == "somebody else holds it":
        at = NOW + timedelta(days=90)
        lead = just_confirmed(tomas.actor, NOW + timedelta(days=2))
        for part in ("facts", "sources", "evidence"):
            casework.give_access(
                lead,
                case.id,
                part,
                hire(f"holds-{part}", "case_lead").actor.id,
                reason="r",
                ends_at=NOW + timedelta(days=91),
                now=NOW + timedelta(days=2),
            )
    with pytest.raises(NotAllowed):
        recovering.reopen_case(pair(two, at), tomas.actor, case.id, reason="r", ends_at=at + timedelta(days=9), now=at)


def test_no_recovery_on_a_frozen_site(
    two: dict[str, NewAccount], tomas: NewAccount, drawn: Drawn, clock: Clock
) -> None:
    case = opened(tomas)
    emergency.freeze(NOW)
    words = ("case", str(case.id), "tomas", *REASON)
    assert run(clock, *words, shares=drawn.shares[:3], people=two).exit_code == 1
    assert run(clock, "drill", shares=drawn.shares[:3]).exit_code == 1


# Before it happens


def grant_of(person: NewAccount, case: OpenCase) -> Grant:
    return Grant.objects.get(holder=person.actor.id, case=case.id, compartment="facts", ended_at=None)


def send(client: Client, case: OpenCase, grant: Grant, day: datetime, reason: str = "it goes on") -> int:
    form = {"reason": reason, "until": day.strftime("%Y-%m-%d")}
    return int(client.post(f"/cases/{case.id}/access/{grant.id}/prolong", form).status_code)


def test_access_is_prolonged_for_the_same_person_and_the_old_key_goes(
    tomas: NewAccount, hire: Hire, django_capture_on_commit_callbacks: type, clock: Clock
) -> None:
    case, amina = opened(tomas), hire("amina", "verifier")
    old = casework.give_access(tomas.actor, case.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(signed_in(tomas), case, old, NOW + timedelta(days=60)) == 302
    new = grant_of(amina, case)
    assert new.id != old.id
    assert (slots.read_one(old.slot), may_read(amina, case, LATER)) == (b"", True)
    assert newest(case.id) in {"casework.case.read", "casework.grant.prolonged"}
    entry = list_entries(subject=case.id).filter(kind="casework.grant.prolonged")[0]
    assert str(new.id) in entry.facts
    page = signed_in(tomas).get(f"/cases/{case.id}/access?prolonged").content.decode()
    assert "it goes on" in page
    assert "Access was prolonged" in page


def test_a_last_holder_prolongs_her_own_before_her_day(tomas: NewAccount, clock: Clock) -> None:
    case = opened(tomas, covered=False)
    clock.now = NOW + timedelta(days=85)
    lead = just_confirmed(tomas.actor, clock.now)
    for grant in Grant.objects.filter(holder=tomas.actor.id, case=case.id):
        casework.prolong_access(
            lead, case.id, grant.id, reason="goes on", ends_at=clock.now + timedelta(days=90), now=clock.now
        )
    assert may_read(tomas, case, AFTER + timedelta(days=60))


@pytest.mark.parametrize(("days", "reason"), [(-1, "r"), (91, "r"), (20, " ")])
def test_a_bad_day_or_no_reason_prolongs_nothing_and_keeps_what_was_typed(
    tomas: NewAccount, days: int, reason: str
) -> None:
    case = opened(tomas)
    grant, client = grant_of(tomas, case), signed_in(tomas)
    day = (NOW + timedelta(days=days)).strftime("%Y-%m-%d")
    page = client.post(f"/cases/{case.id}/access/{grant.id}/prolong", {"reason": reason, "until": day})
    assert page.status_code == 400
    assert f'value="{day}"' in page.content.decode()
    assert grant_of(tomas, case) == grant


def test_nobody_prolongs_what_ended_or_is_of_another_case(tomas: NewAccount, hire: Hire) -> None:
    case, other, amina = opened(tomas), opened(tomas), hire("amina", "verifier")
    grant = casework.give_access(tomas.actor, case.id, "facts", amina.actor.id, reason="r", ends_at=LATER, now=NOW)
    client = signed_in(tomas)
    assert client.post(f"/cases/{other.id}/access/{grant.id}/prolong", {}).status_code == 400
    assert send(client, other, grant, LATER) == 404
    assert send(signed_in(amina), case, grant, LATER) == 404
    casework.end_access(tomas.actor, grant.id, reason="done", now=NOW)
    assert send(client, case, grant, LATER) == 404


def test_a_last_holder_is_told_in_time_and_cannot_shut_everybody_out(
    tomas: NewAccount, hire: Hire, drawn: Drawn, clock: Clock
) -> None:
    case = opened(tomas)
    mine = grant_of(tomas, case)
    with pytest.raises(BadRequest, match="nobody else could open this any more"):
        casework.end_access(tomas.actor, mine.id, reason="done", now=NOW)
    clock.now = NOW + timedelta(days=85)
    page = signed_in_at(tomas, clock.now).get("/").content.decode()
    assert "Nobody else holds it for longer" in page
    assert f"/cases/{case.id}/access" in page
    assert "ask Tomas" not in page
    amina = hire("amina", "case_lead")
    lead = just_confirmed(tomas.actor, clock.now)
    for part in ("facts", "sources", "evidence"):
        casework.give_access(
            lead,
            case.id,
            part,
            amina.actor.id,
            reason="r",
            ends_at=clock.now + timedelta(days=30),
            now=clock.now,
        )
    assert "Nobody else holds it for longer" not in signed_in_at(tomas, clock.now).get("/").content.decode()


def signed_in_at(person: NewAccount, at: datetime) -> Client:
    client = signed_in(person)
    Session.objects.filter(account=person.actor.id).update(opened_at=at, seen_at=at, confirmed_at=at)
    return client


def test_who_closes_an_account_is_told_what_its_person_alone_can_open(
    administrator: NewAccount, tomas: NewAccount, drawn: Drawn
) -> None:
    opened(tomas)
    client = signed_in(administrator)
    assert "Cases of which she alone can open a part: 1." in client.get(f"/people/{tomas.actor.id}").content.decode()


def test_closing_an_account_at_the_machine_counts_what_only_the_custodians_open_now(
    tomas: NewAccount, drawn: Drawn
) -> None:
    opened(tomas)
    said = at_the_terminal(user.user, ["disable", "tomas"], "").output
    assert said.endswith("1 cases were hers alone: tocsin site recovery list\n")


def test_any_three_different_shares_are_accepted_one_by_one(drawn: Drawn) -> None:
    for three in combinations(drawn.shares, 3):
        for share in three:
            organisation.check_share(f"  {share.upper()} ")
        assert organisation.is_present(organisation.combine(three))
