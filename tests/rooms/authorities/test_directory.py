"""The directory in the database: taken whole or not at all, every state kept, stale by age and by governments."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from directory import FILE, MAYOR, MINISTER
from django.db import connections

from people import NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import may
from tocsin.authorities import actions, queries
from tocsin.authorities.models import Authority, AuthorityVersion, Turnover
from tocsin.core.addressing import Directory, Occupancy, from_csv, overall, to_csv, to_popolo
from tocsin.core.errors import BadDirectory, BadRequest, ChangedMeanwhile, NotAllowed
from tocsin.journal.queries import list_entries

TODAY = NOW.date()
BROKEN = FILE + "contact_point,,,email,xzv-mayor,,,,,,no address,,,\n"


@pytest.fixture
def filled(tomas: NewAccount) -> NewAccount:
    """Give a case lead on whose site the directory was taken in."""
    actions.take_file(tomas.actor, FILE, now=NOW)
    return tomas


def state(key: str = MINISTER, on: date = TODAY) -> str:
    return overall(queries.get_post(key)[0], on, queries.turnovers())


def test_a_file_is_taken_and_stands_in_the_journal_with_who_and_how_much(filled: NewAccount) -> None:
    assert queries.get_directory() == from_csv(FILE, Directory(), today=TODAY).directory
    entry = list_entries()[0]
    assert (entry.kind, entry.actor, entry.facts) == (
        "authorities.directory.imported",
        filled.actor.id,
        '{"added":3,"changed":0}',
    )
    assert {row.saved_by for row in AuthorityVersion.objects.all()} == {filled.actor.id}


@pytest.mark.parametrize("write", [to_csv, to_popolo], ids=["csv", "popolo"])
def test_what_was_exported_changes_nothing_when_it_is_taken_again(
    filled: NewAccount, write: Callable[[Directory], str]
) -> None:
    before = AuthorityVersion.objects.count()
    plan = actions.take_file(filled.actor, write(queries.get_directory()), now=NOW)
    assert not plan.is_new
    assert plan.same == 3
    assert AuthorityVersion.objects.count() == before
    assert list_entries().filter(kind="authorities.directory.imported").count() == 1


@pytest.mark.parametrize("known", [False, True], ids=["empty", "filled"])
def test_of_a_file_with_a_refused_row_nothing_is_taken(tomas: NewAccount, known: bool) -> None:
    if known:
        actions.take_file(tomas.actor, FILE, now=NOW)
    before = queries.get_directory()
    plan = actions.look_at_file(tomas.actor, BROKEN, now=NOW)
    assert [each.where for each in plan.reading.refusals] == ["line 9"]
    assert not plan.can_be_taken
    with pytest.raises(BadDirectory, match="nothing of the file was taken"):
        actions.take_file(tomas.actor, BROKEN, now=NOW)
    assert queries.get_directory() == before
    assert Authority.objects.count() == (3 if known else 0)


def test_looking_at_a_file_changes_nothing(tomas: NewAccount) -> None:
    plan = actions.look_at_file(tomas.actor, FILE, now=NOW)
    assert len(plan.added) == 3
    assert not Authority.objects.exists()


def test_a_file_of_checks_alone_adds_them_and_leaves_the_rest(filled: NewAccount) -> None:
    checks = "what,of,code,address,on,result\ncheck,xzv-minister,email,office@justice.example,2026-11-24,bounced\n"
    actions.take_file(filled.actor, checks, now=NOW)
    point = queries.get_post(MINISTER)[0].contact_points[0]
    assert [(str(each.on), each.result) for each in point.checks] == [("2026-11-20", "ok"), ("2026-11-24", "bounced")]
    assert state() == "failed"


def test_every_state_of_a_post_is_kept_with_who_when_and_why(filled: NewAccount, hire: Hire) -> None:
    amina, later = hire("amina", "verifier"), NOW + timedelta(days=1)
    new = Occupancy(person="Orla Tamsin", title="Ms.", begins=TODAY)
    actions.appoint(amina.actor, MINISTER, new, seen=1, now=later)
    post, row = queries.get_post(MINISTER)
    steps = queries.list_history(row)
    assert [(each.version, each.by, each.at, each.why) for each in steps] == [
        (2, amina.actor.id, later, "appointment"),
        (1, filled.actor.id, NOW, "imported"),
    ]
    assert steps[0].changed == ("occupancies",)
    assert [(each.person, each.ends) for each in post.occupancies] == [("Yevanna Brill", TODAY), ("Orla Tamsin", None)]
    assert post.occupancy(later.date()).person == "Orla Tamsin"  # type: ignore[union-attr]
    # The check of the one before is still there.
    assert post.occupancies[0].checks
    entry = list_entries(subject=row.id)[0]
    assert (entry.kind, entry.facts) == ("authorities.post.saved", '{"version":2,"why":"appointment"}')


def test_who_saves_upon_a_state_that_somebody_else_changed_is_told(filled: NewAccount) -> None:
    new = Occupancy(person="Orla Tamsin", begins=TODAY)
    actions.appoint(filled.actor, MINISTER, new, seen=1, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        actions.appoint(filled.actor, MINISTER, Occupancy(person="Pell Ardanov", begins=TODAY), seen=1, now=NOW)
    assert len(queries.get_post(MINISTER)[0].occupancies) == 2


def test_a_check_counts_for_its_days_and_then_it_is_stale(filled: NewAccount) -> None:
    assert state() == "verified"
    last = date(2026, 11, 20) + timedelta(days=90)
    assert state(on=last) == "verified"
    assert state(on=last + timedelta(days=1)) == "stale"


def test_a_change_of_government_makes_all_of_a_country_stale_and_can_be_taken_back(filled: NewAccount) -> None:
    made = actions.change_government(filled.actor, "XZV", TODAY, now=NOW)
    assert state() == "stale"
    row = {"what": "check", "of": MINISTER, "on": TODAY.isoformat(), "result": "ok"}
    rows = [row | {"code": "email", "address": "office@justice.example"}]
    rows += [row | {"person": "Yevanna Brill", "from": "2019-11-02"}]
    actions.put(filled.actor, rows, why="checked", now=NOW)
    # What was checked since counts again, even while the country stays marked.
    assert state() == "verified"
    assert queries.get_directory().posts[MAYOR].key == MAYOR
    actions.take_back(filled.actor, made.id, now=NOW)
    assert queries.turnovers() == {}
    assert state() == "verified"
    assert [each.kind for each in list_entries(subject=made.id)] == [
        "authorities.country.restored",
        "authorities.country.stale",
    ]
    with pytest.raises(ChangedMeanwhile):
        actions.take_back(filled.actor, made.id, now=NOW)
    assert Turnover.objects.get().marked_by == filled.actor.id


@pytest.mark.parametrize(("country", "on"), [("XOS", TODAY), ("XZV", TODAY + timedelta(days=1))])
def test_a_country_without_posts_or_a_day_to_come_is_not_marked(filled: NewAccount, country: str, on: date) -> None:
    with pytest.raises(BadRequest):
        actions.change_government(filled.actor, country, on, now=NOW)
    assert not Turnover.objects.exists()


@pytest.mark.parametrize(
    ("role", "reads", "edits", "imports"),
    [
        ("case_lead", True, True, True),
        ("verifier", True, True, False),
        ("source_handler", True, False, False),
        ("legal", True, False, False),
        ("administrator", False, False, False),
        ("auditor", False, False, False),
    ],
)
def test_who_may_change_the_directory(
    filled: NewAccount, hire: Hire, role: str, reads: bool, edits: bool, imports: bool
) -> None:
    somebody = hire(f"new-{role.replace('_', '-')}", role).actor
    assert may(somebody, "authority.read", now=NOW) is reads
    before, style = (
        queries.get_directory(),
        {"what": "style", "of": MAYOR, "language": "en", "salutation": "Dear Mayor,"},
    )
    tries = [(edits, lambda: actions.put(somebody, [style], why="new", now=NOW))]
    tries += [(imports, lambda: actions.look_at_file(somebody, FILE, now=NOW))]
    tries += [(imports, lambda: actions.take_file(somebody, FILE, now=NOW))]
    tries += [(imports, lambda: actions.change_government(somebody, "XZV", TODAY, now=NOW))]
    for allowed, attempt in tries:
        with nullcontext() if allowed else pytest.raises(NotAllowed):
            attempt()
    assert (queries.get_directory() != before) is edits


@pytest.mark.parametrize(
    "row",
    [
        {"what": "contact_point", "of": MAYOR, "code": "email", "address": "nowhere"},
        {"what": "check", "of": MAYOR, "person": "Nobody", "on": "2026-11-20", "result": "ok"},
        {"what": "post", "key": "Mayor", "country": "XZV", "code": "mayor", "name_en": "Mayor"},
    ],
)
def test_what_a_file_may_not_hold_no_form_may_put_in(filled: NewAccount, row: dict[str, str]) -> None:
    before = AuthorityVersion.objects.count()
    with pytest.raises(BadRequest):
        actions.put(filled.actor, [row], why="new", now=NOW)
    with pytest.raises(BadRequest):
        actions.put(filled.actor, [], why="because Lena Marosh was arrested", now=NOW)
    assert AuthorityVersion.objects.count() == before


@pytest.mark.usefixtures("committed")
def test_of_two_who_take_a_file_at_once_both_find_it_there_once(administrator: NewAccount, hire: Hire) -> None:
    tomas = hire("tomas", "case_lead")
    failed: list[Exception] = []

    def take() -> None:
        try:
            actions.take_file(tomas.actor, FILE, now=NOW)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert sorted(Authority.objects.values_list("key", "version")) == [
        ("xzv-justice", 1),
        ("xzv-mayor", 1),
        ("xzv-minister", 1),
    ]
