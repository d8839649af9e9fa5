"""The doctor sees each thing that can be wrong, says what to do, and sees nothing where all is well."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
import typst
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from command_line import ROOT
from mailing_site import MAILINGS
from people import LATER, NOW, Hire
from signing import appeal, signatory, signed
from tocsin.accounts.actions import NewAccount
from tocsin.adapters.outlets import typesetter
from tocsin.casework import actions as casework
from tocsin.casework.models import Notices
from tocsin.config import soundness
from tocsin.config.anchoring import Anchoring
from tocsin.config.site import Site
from tocsin.core.errors import BadOutput
from tocsin.core.publication import PublicAppeal, key_id_of, to_file
from tocsin.core.records import from_yaml
from tocsin.dispatch.models import Delivery, Mailer, Mailing
from tocsin.journal import anchors, subscriptions
from tocsin.journal.actions import record
from tocsin.journal.models import Cursor, Entry, Head
from tocsin.operations import archive, backup, ballast, doctor, keeping
from tocsin.operations.doctor import Finding, examine
from tocsin.operations.models import Duty
from tocsin.operations.sweeping import sweep
from tocsin.publishing import actions as publishing
from tocsin.publishing import codes, signatories
from tocsin.publishing.models import Publication, Shown, ShownWords, SignatoryKey
from tocsin.replies.models import Arrivals, InboxKey, RawMessage
from tocsin.vault import emergency, organisation, slots
from tocsin.vault.models import Holder, OrganisationKey

pytestmark = pytest.mark.usefixtures("committed")
CASE = from_yaml((Path(__file__).parents[1] / "casework/case.yaml").read_text("utf-8"))
OF_THE_MACHINE = {"disk", "memory", "sandbox", "settings"}


@pytest.fixture
def site(hire: Hire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site at which nothing is wrong, on a machine that is well."""
    organisation.make(hire("tomas", "case_lead").actor.ring, organisation.draw(), now=NOW)
    directory = tmp_path / "var"
    directory.mkdir(mode=0o700)
    (directory / "site.toml").write_text("kind = 'working'", "utf-8")
    (directory / "site.toml").chmod(0o600)
    ballast.keep(directory)
    slots.keep_room()
    monkeypatch.setattr(doctor, "_nobody_sets_the_clock", lambda: False)
    made = replace(settings.SITE, kind="working", directory=directory, backup_recipients=(archive.new_key()[1],))
    (tmp_path / "backups").mkdir()
    backup.make(directory, tmp_path / "backups", tmp_path / "backups", made.backup_recipients, now=NOW)
    sweep(directory, now=NOW, thorough=True)
    return made


def wrong(site: Site, *, later: timedelta = timedelta(0)) -> list[Finding]:
    found = examine(site, now=NOW + later)
    # The server of the tests does without fsync, to be quick, and is asked by its owner; the doctor is right to say so.
    ours = [each for each in found if each.about not in OF_THE_MACHINE and "fsync is off" not in each.seen]
    ours = [each for each in ours if each.about != "desk role"]
    return [each for each in ours if each.state != "good"]


def test_nothing_is_wrong_where_all_is_well(site: Site) -> None:
    assert wrong(site) == []
    seen = {each.about for each in examine(site, now=NOW)}
    ours = {"permissions", "clock", "databases", "key store", "journal", "anchors", "worker", "subscribers", "backups"}
    assert seen == OF_THE_MACHINE | ours | {
        "desk role",
        "emergency",
        "recovery",
        "notices",
        "sealed cases",
        "public site",
        "inbox",
        "acknowledgements",
        "mailings",
    }
    assert all(each.todo for each in examine(site, now=NOW) if each.state == "wrong")


def test_acknowledgements_that_nobody_would_get_are_said(site: Site) -> None:
    site = replace(site, mailings=replace(MAILINGS, acknowledges=True), receiving_host="")
    (unproven,) = wrong(site)
    assert (unproven.about, unproven.state) == ("acknowledgements", "wrong")
    (unsent,) = wrong(replace(site, receiving_host="mx.desk.example"))
    assert (unsent.state, unsent.todo) == ("warning", "start it: systemctl start tocsin-mailer")
    Mailer.objects.create(id=uuid4(), seen_at=NOW, connections=1)
    assert wrong(replace(site, receiving_host="mx.desk.example")) == []


def test_it_says_that_a_mailing_waits_for_a_mailer_or_is_held_and_why(site: Site) -> None:
    site = replace(site, mailings=MAILINGS)
    words = {"slug": "x", "version": 1, "kind": "appeal", "policy": "resend", "opened_by": uuid4(), "opened_at": NOW}
    Mailing.objects.create(id=uuid4(), state="sending", order=b"", **words)
    (alone,) = wrong(site)
    assert (alone.about, alone.seen) == ("mailings", "1 on their way, and no mailer is at work")
    mailer = Mailer.objects.create(id=uuid4(), seen_at=NOW, connections=1, holds_for="not_secure")
    (held,) = wrong(site)
    assert held.seen == "something is held: not_secure"
    Mailer.objects.filter(id=mailer.id).update(holds_for="")
    Mailing.objects.update(held_for="embargo")
    assert wrong(site) == [], "an embargo ends by itself"
    Mailing.objects.update(state="paused", held_for="refused")
    (held,) = wrong(site)
    assert held.seen == "something is held: refused"
    Mailing.objects.update(state="sending", held_for="")
    Delivery.objects.create(mailing=Mailing.objects.get(), language="en", state="uncertain")
    (doubted,) = wrong(site)
    assert doubted.seen == "1 messages may have arrived or not: somebody has to decide"


def open_to_others(site: Site) -> None:
    (site.directory / "site.toml").chmod(0o640)


def linked(site: Site) -> None:
    (site.directory / "data.db").symlink_to("/dev/null")


def frozen(site: Site) -> None:
    emergency.freeze(NOW)
    emergency.told(["frozen"])


def mail_is_lost(site: Site) -> None:
    Arrivals.objects.create(day=NOW.date(), taken=2)


def mail_is_unread(site: Site) -> None:
    Arrivals.objects.create(day=NOW.date(), taken=1)
    key = InboxKey.objects.create(public=b"", secret=b"", made_by=uuid4(), signature=b"", made_at=NOW)
    RawMessage.objects.create(key=key, digest=b"", lane="letters", sealed=b"", came_at=NOW, state="filed")


def owing(site: Site) -> None:
    emergency.lock(NOW)


def telling_nobody(site: Site) -> None:
    Notices.objects.create(account=Holder.objects.values_list("id", flat=True)[0], mailbox=b"sealed", language="en")


def without_a_key(site: Site) -> None:
    # The organisation is a holder without a way in.
    slots.destroy([Holder.objects.exclude(passphrase_slot=0).values_list("passphrase_slot", flat=True)[0]])


def of_the_future(site: Site) -> None:
    with connections["default"].cursor() as cursor:
        name = "journal_entry_no_update" if connections["default"].vendor == "sqlite" else "journal_entry_no_change"
        on = "" if connections["default"].vendor == "sqlite" else " ON journal_entry"
        cursor.execute(f"DROP TRIGGER {name}{on}")
    Entry.objects.filter(number=Entry.objects.count()).update(at=LATER)


def set_while_it_ran(site: Site) -> None:
    Head.objects.update(seen_at=NOW - timedelta(days=1))


def unsynced(site: Site) -> None:
    with connections["default"].cursor() as cursor:
        sqlite = connections["default"].vendor == "sqlite"
        cursor.execute("PRAGMA synchronous=NORMAL" if sqlite else "SET synchronous_commit = off")


def resting(site: Site) -> None:
    Duty.objects.update(done_at=NOW - timedelta(hours=2))


def never_worked(site: Site) -> None:
    Duty.objects.all().delete()


def failing(site: Site) -> None:
    Duty.objects.filter(name="grants").update(failures=3)


def failing_subscriber(site: Site) -> None:
    Cursor.objects.create(subscriber="tests.seen", failures=2)
    subscriptions.subscribe("tests.seen", {"site.created"}, lambda _: None)


def not_looked_at(site: Site) -> None:
    with transaction.atomic():
        record(None, "casework.case.sealed", uuid4(), now=NOW - timedelta(hours=25))


def unkept(site: Site) -> None:
    anchors.anchor(now=NOW - timedelta(days=8))


def published(statement: PublicAppeal, at: datetime) -> None:
    Publication.objects.create(
        code=statement.code,
        slug="xzv-001-1126-obs-001",
        version=1,
        kind=statement.kind,
        supersedes="",
        statement=to_file(statement),
        published_at=at,
        visible_from=at,
    )


def forged(site: Site) -> None:
    published(signed(appeal()), NOW)


def admitted_by_herself(site: Site) -> None:
    public, somebody = signatory("mallory").public, Holder.objects.values_list("id", flat=True)[0]
    SignatoryKey.objects.create(
        id=key_id_of(public),
        holder=uuid4(),
        public=public,
        label="Approver",
        admitted_by=somebody,
        admission=bytes(64),
        admitted_at=NOW,
    )


@pytest.mark.parametrize(
    ("harm", "about", "seen"),
    [
        (open_to_others, {"permissions"}, "others can reach site.toml"),
        (linked, {"permissions"}, "data.db leads elsewhere"),
        (frozen, {"emergency"}, "the site is frozen"),
        (owing, {"journal"}, "was not told"),
        (mail_is_lost, {"inbox"}, "2 mails were taken, and 2 do not fit"),
        (mail_is_unread, {"inbox"}, "1 mails were sorted without being read"),
        (without_a_key, {"key store"}, "1 keys are missing"),
        (of_the_future, {"clock", "journal"}, "lies in the future"),
        (
            set_while_it_ran,
            {"clock"},
            "so that nothing is published: it was set",
        ),
        (unsynced, {"databases"}, "synchronous"),
        (resting, {"worker"}, "not done in time: emergency, sessions, "),
        (never_worked, {"worker"}, "none was ever at work"),
        (failing, {"worker"}, "grants failed 3 times in a row"),
        (failing_subscriber, {"subscribers", "worker"}, "tests.seen failed 2 times at an entry"),
        (telling_nobody, {"notices"}, "1 people want to be told by mail, and no mail server is set"),
        pytest.param(forged, {"public site"}, "1 of 1 publications are not signed", id="forged"),
        (admitted_by_herself, {"public site"}, "1 keys of signatories are vouched for by nobody"),
        (not_looked_at, {"sealed cases"}, "nobody looked within a day at what is public of 1 sealed cases"),
        (unkept, {"anchors"}, "none has left to paper since 2026-11-17 12:00 UTC"),
    ],
)
def test_each_harm_is_seen_and_no_other(site: Site, harm: Callable[[Site], None], about: set[str], seen: str) -> None:
    harm(site)
    try:
        found = wrong(site)
    finally:
        for name in subscriptions.names():
            if name.startswith("tests."):
                subscriptions.unsubscribe(name)
    assert {each.about for each in found} == about
    assert any(seen in each.seen for each in found)
    assert all(each.todo for each in found)


GRANTS = (ROOT / "docs/postgresql-desk-role.sql").read_text("utf-8")
TAKEN_AWAY = [line for line in GRANTS.splitlines() if line.startswith("REVOKE") and "ALL TABLES" not in line]


# SQLite has no roles, and the doctor does not complain of it.
@pytest.mark.database("sqlite")
def test_a_database_without_roles_is_no_fault(site: Site) -> None:
    assert [each.state for each in examine(site, now=NOW) if each.about == "desk role"] == ["good"]


@pytest.mark.database("postgresql")
def test_a_role_that_may_change_the_journal_is_said_and_the_one_of_the_desk_is_not(site: Site) -> None:
    """What is there after each line that takes something away, and what is missing without it."""

    def looked_at_by(grants: str) -> Finding:
        role = f"desk_{uuid4().hex}"
        with connections["default"].cursor() as cursor:
            cursor.execute(f'CREATE ROLE "{role}" LOGIN NOSUPERUSER; GRANT CREATE ON SCHEMA public TO PUBLIC')
            cursor.execute(grants.replace("tocsin_desk", f'"{role}"'))
            cursor.execute(f'SET ROLE "{role}"')
            (found,) = [each for each in examine(site, now=NOW) if each.about == "desk role"]
            cursor.execute("RESET ROLE")
        return found

    (owner,) = [each for each in examine(site, now=NOW) if each.about == "desk role"]
    assert (owner.state, "postgresql-desk-role.sql" in owner.todo) == ("warning", True)
    assert looked_at_by(GRANTS).state == "good"
    assert len(TAKEN_AWAY) == 4
    assert {line: looked_at_by(GRANTS.replace(line, "")).state for line in TAKEN_AWAY} == dict.fromkeys(
        TAKEN_AWAY, "warning"
    )
    become = f'GRANT "{connections["default"].settings_dict["USER"]}" TO tocsin_desk WITH INHERIT FALSE'
    assert looked_at_by(f"{GRANTS}\n{become}").state == "warning", "who may become the owner is no better"


def test_an_old_backup_is_said_and_none_at_all_too(site: Site) -> None:
    for hours in (26, 27):
        sweep(site.directory, now=NOW + timedelta(hours=hours), thorough=True)
    assert wrong(site, later=timedelta(hours=26)) == []
    (old,) = wrong(site, later=timedelta(hours=27))
    assert (old.about, old.state, old.seen) == ("backups", "wrong", "the last is 27 hours old")
    (nobody,) = wrong(replace(site, backup_recipients=()))
    assert nobody.seen == "nobody to seal them to"


def test_anchors_that_do_not_leave_are_said_place_by_place(site: Site, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    elsewhere = replace(site, anchors=Anchoring((tmp_path / "stick", tmp_path / "gone")))
    assert [each.seen for each in wrong(elsewhere)] == ["directory 1 lies on the disk of this site"]
    anchors.anchor(now=NOW - timedelta(hours=3))
    assert [each.seen for each in wrong(elsewhere) if each.state == "wrong"] == [
        "none has left to directory 1 since 2026-11-25 09:00 UTC",
        "none has left to directory 2 since 2026-11-25 09:00 UTC",
    ]
    with pytest.raises(BadOutput):
        keeping.leave(elsewhere.anchors, now=NOW)
    assert [each.seen for each in wrong(elsewhere) if each.state == "wrong"] == [
        "none has left to directory 2 since 2026-11-25 09:00 UTC"
    ]


def test_tables_of_another_version_are_said(site: Site) -> None:
    MigrationRecorder(connections["default"]).record_unapplied("operations", "0002_keepers")
    (found,) = [each for each in examine(site, now=NOW) if each.about == "settings"]
    assert (found.state, found.todo) == ("wrong", "mend site.toml, or: tocsin site upgrade")


def test_a_face_that_is_gone_is_said_before_a_site_is_served(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = SimpleNamespace(families=lambda: ["Libertinus Serif", "DejaVu Sans Mono"])
    monkeypatch.setattr(typst, "Fonts", lambda **_: bare)
    typesetter.fonts.cache_clear()
    try:
        said = [each.seen for each in examine(site, now=NOW) if each.about == "settings" and each.state == "wrong"]
        assert "Noto Naskh Arabic is gone" in said[0]
        assert "no appeal has a PDF" in said[0]
        assert soundness.findings() == said, "and so it is not served"
    finally:
        typesetter.fonts.cache_clear()


def test_a_full_disk_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LEAST_FREE", 1 << 62)
    (site.directory / "ballast").unlink()
    found = [each for each in examine(site, now=NOW) if each.about == "disk"]
    assert [each.state for each in found] == ["wrong", "warning"]


def test_a_look_that_fails_is_a_finding_and_the_others_go_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(doctor.emergency, "is_frozen", broken)
    found = examine(site, now=NOW)
    assert [(each.about, each.state) for each in found if each.state == "wrong" and each.about == "emergency"] == [
        ("emergency", "wrong")
    ]
    assert "backups" in {each.about for each in found}


# PostgreSQL has no rollback journal.
@pytest.mark.database("sqlite")
def test_a_key_store_without_room_for_shredding_is_said(site: Site) -> None:
    Path(f"{connections['keys'].settings_dict['NAME']}-journal").write_bytes(b"")
    assert [each.seen for each in wrong(site)] == ["shredding would need room on the disk"]
    slots.keep_room()
    assert wrong(site) == []


@pytest.mark.parametrize(
    ("later", "seen"),
    [
        (timedelta(days=82), None),
        (timedelta(days=84), "open to nobody in a week"),
        (timedelta(days=91), "open to nobody"),
    ],
)
def test_a_case_that_is_about_to_close_to_everybody_is_said(
    site: Site, hire: Hire, later: timedelta, seen: str | None
) -> None:
    casework.open_new_case(hire("ines", "case_lead").actor, CASE, reason="a report", now=NOW)
    found = [each for each in wrong(site, later=later) if each.about == "recovery"]
    assert [each.state for each in found] == ["warning"] * (seen is not None)
    assert all(f"1 cases are {seen}" in each.seen and "recovery list" in each.todo for each in found)


def test_a_site_without_shares_is_said(site: Site) -> None:
    OrganisationKey.objects.update(retired_at=NOW)
    (found,) = wrong(site)
    assert (found.about, found.todo) == ("recovery", "tocsin site recovery make")


def test_what_was_published_by_a_clock_that_ran_ahead_is_seen_and_a_genuine_publication_is_well(
    site: Site, hire: Hire, administrator: NewAccount
) -> None:
    code = codes.give_code("XZV", NOW.date(), now=NOW)
    statement = appeal(code)
    for login in ("ana", "boris"):
        actor = hire(login, "case_lead").actor
        signatories.admit(administrator.actor.ring, actor.id, now=NOW)
        statement = signatories.sign(statement, actor.ring)
    publishing.publish(statement, now=NOW)
    looks = [each for each in examine(site, now=NOW) if each.about == "public site"]
    assert [(each.state, each.seen[:14]) for each in looks] == [("good", "1 publications")]
    for wrong_row in ({"retracted_at": NOW}, {"countries": " XOS "}, {"archived": True}):
        right = {name: getattr(Shown.objects.get(), name) for name in wrong_row}
        Shown.objects.update(**wrong_row)
        (look,) = [each for each in examine(site, now=NOW) if each.about == "public site"]
        assert look.seen.startswith("1 rows by which appeals are found and counted do not say what was signed")
        Shown.objects.update(**right)
    kept = ShownWords.objects.get()
    ShownWords.objects.update(words="other words")
    looks = [each.seen for each in examine(site, now=NOW) if each.about == "public site"]
    assert looks[0].startswith("1 rows by which appeals are found and counted do not say what was signed")
    # PostgreSQL has no index of its own that could say something else.
    assert [each[:9] for each in looks[1:]] == ["the index"] * (connection.vendor == "sqlite")
    kept.save()
    (look,) = [each for each in examine(site, now=NOW - timedelta(days=1)) if each.about == "public site"]
    assert (look.state, "1 publications lie in the future" in look.seen) == ("wrong", True)
