"""Every command of `tocsin site` on a site with people and cases: what it leaves in the journal, and whom it asks.

A command without its row fails here, and so does a line of the commands that no row comes by. What the commands do in
detail is tested beside the rooms.
"""

import dataclasses
import inspect
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType, SimpleNamespace
from typing import Any

import click
import granian
import pytest
from click.testing import Result
from django.conf import settings as desk
from django.core.management import call_command
from django.db import DatabaseError, connections

from invented_archive import english, write
from mailing_site import KEY, MAILINGS
from people import LATER, NOW, PASSPHRASE, Hire, just_confirmed
from terminal import at_the_terminal
from tocsin.accounts import actions as accounts
from tocsin.accounts import queries as people_of
from tocsin.accounts import second_factor, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import TERMINAL
from tocsin.adapters import imap, lmtp
from tocsin.adapters.documents import sandbox
from tocsin.adapters.outlets import typesetter
from tocsin.appeals import archiving
from tocsin.casework import actions as casework
from tocsin.casework import recovery
from tocsin.casework.models import SealedRecord
from tocsin.cli import site as package
from tocsin.cli.site import site
from tocsin.config import equipping, founding, soundness
from tocsin.config.mailings import Mailings
from tocsin.core.errors import BadPublication, BadRequest, MissingFont, NoMailServer, NotAllowed, TocsinError
from tocsin.core.messages import Address
from tocsin.core.publication import Retraction
from tocsin.core.records import from_yaml
from tocsin.dispatch.addresses import fingerprint
from tocsin.dispatch.mailer import MailerAtWork
from tocsin.dispatch.models import Suppression
from tocsin.journal import clocks
from tocsin.journal.models import Entry
from tocsin.operations import archive, manifest, panic, sweeping
from tocsin.operations import restore as restoring
from tocsin.publishing import actions as publishing
from tocsin.publishing import copying, signatories
from tocsin.vault import emergency, organisation
from tocsin.vault import queries as keys
from tocsin.vault.mailer_keys import public_half, read_mailer_key, write_mailer_key
from tocsin.vault.models import Grant, StepKey
from two_databases import Maker, point_at

CASE_FILE = (Path(__file__).parents[1] / "casework/case.yaml").read_text("utf-8")
CASE = from_yaml(CASE_FILE)
HERE = Path(package.__file__).parent
# What is run in a process of its own by its nature, and where.
ELSEWHERE = {
    "boot.py": "starts Django: tests/test_cli_site.py",
    "beside.py": "starts processes and ends with its starter: tests/test_beside.py",
}
SECRET, PUBLIC = archive.new_key()
DIRECTORY = "what,key,country,code,of,name_en\npost,xzv-mayor,XZV,mayor,,Mayor of Karvel\n"
OVER = DIRECTORY.replace("name_en\n", "name_en,until\n").replace("Karvel\n", "Karvel,2026-01-31\n")
READERS = "email,language\nmira@reader.example,fr\nanton@reader.example,es\nnobody,fr\n"
AFTER = NOW + timedelta(days=91)
LAST = " ".join
OLD = "XZV 001 / 0309 / OBS 040"
DRAW = organisation.draw


@dataclasses.dataclass
class World:
    """A site, its people and cases, and where its files lie."""

    directory: Path
    maker: Maker
    patch: pytest.MonkeyPatch
    people: dict[str, NewAccount]
    drawn: organisation.Drawn
    now: datetime = NOW
    case: object = None
    lone: object = None
    said: str = ""
    backed_up: int = 0
    earlier: list[str] = dataclasses.field(default_factory=list)

    def open_cases(self) -> None:
        """Let somebody open a case that the custodians hold too, and one that they do not."""
        lead, helper = self.people["tomas"].actor, self.people["ines"].actor.id
        self.case = casework.open_new_case(lead, CASE, reason="a report", now=self.now).id
        self.lone = casework.open_new_case(lead, CASE, reason="another", now=self.now, recovery=False).id
        casework.give_access(lead, self.case, "facts", helper, reason="helps", ends_at=LATER, now=self.now)  # type: ignore[arg-type]

    def come_back(self) -> None:
        """Let somebody join by the link that was printed last, and a colleague stand for her keys."""
        link = next(line for line in self.said.splitlines() if "/link/" in line).rpartition("/")[2]
        back = accounts.resume(staff.join(link, "chosen in her own session", now=self.now).cookie, now=self.now)
        assert back is not None
        fingerprint = keys.public_keys_of(keys.get_holder(back.id)).fingerprint()
        staff.vouch(just_confirmed(self.people["tomas"].actor, self.now), back.id, fingerprint, now=self.now)

    def harm(self) -> None:
        """Change a byte of a case, so that it does not open."""
        row = SealedRecord.objects.filter(case=self.lone).order_by("-pk")[0]
        SealedRecord.objects.filter(pk=row.pk).update(
            sealed=bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
        )

    def draw_anew(self) -> None:
        """Let the shares that the custodians have be those of an earlier key."""
        self.earlier = shares(self)
        two = (just_confirmed(self.people[login].actor, self.now) for login in ("vera", "olena"))
        recovery.make_shares((next(two), next(two)), DRAW(), now=self.now)

    def wait(self) -> None:
        """Let the day come on which everybody's access ends."""
        self.now = AFTER

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file that a command is given."""
        (self.directory / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def replace(self, target: object, name: str, with_: object) -> None:
        """Put something in the place of what a command would call, for this command alone."""
        self.patch.setattr(target, name, with_)


@dataclasses.dataclass(frozen=True)
class Row:
    """One call of a command.

    Attributes:
        words: What is typed behind `tocsin site`; names in braces are those of the world, `{at}` its directory.
        entries: The kinds of entries that it leaves, in order.
        people: Who shows there who she is, one after the other.
        typed: What is typed before that.
        before: What happens before it.
        status: With what it ends; nothing, where that is the machine's to say.
    """

    words: str
    entries: str = ""
    people: str = ""
    typed: Callable[[World], list[str]] = lambda _: []
    before: Callable[[World], object] = lambda _: None
    status: int | None = 0


def shares(world: World) -> list[str]:
    return list(world.drawn.shares[:3])


def slip(world: World) -> str:
    """Type a share with a word that is none of it."""
    return " ".join(["zero", *world.drawn.shares[0].split()[1:]])


def written(world: World) -> list[str]:
    """Type the end of each share, as five custodians who wrote them down; one slips first."""
    return [
        "",
        "not these words",
        *[line for each in world.drawn.shares for line in (LAST(each.split()[-3:]), "")][:-1],
    ]


def replaced(target: object, name: str, with_: object) -> Callable[[World], None]:
    return lambda world: world.replace(target, name, with_)


def raising(error: BaseException) -> Callable[..., Any]:
    def raise_it(*_: object, **__: object) -> None:
        raise error

    return raise_it


def file(name: str, content: str | bytes) -> Callable[[World], None]:
    return lambda world: world.write(name, content)


def invented(world: World) -> None:
    """Let the administrator be an invented person, as on a demonstration."""
    at = world.directory / "demonstration.toml"
    rows = {"login": "vera", "name": "Vera", "duty": "administers", "passphrase": PASSPHRASE}
    at.write_text("[[people]]\n" + "\n".join(f'{key} = "{value}"' for key, value in rows.items()), "utf-8")
    world.replace(desk, "TOCSIN_DEMONSTRATION", at)


def suppressed(world: World) -> None:
    """Let an address get nothing more because of a complaint."""
    known_by = fingerprint(Address("mira", "reader.example"), desk.TOCSIN_FINGERPRINT_KEY)
    Suppression.objects.create(fingerprint=known_by, reason="complained", since=world.now)


def archive_of_two(world: World) -> None:
    """Let there be an archive of two appeals and one empty file, and two approvers whose keys count."""
    follow_up = english("XZV 001 / 0309 / OBS 040.1", "April 2, 2009", follow_up=True)
    write(world.directory / "old", {"a.txt": english(), "b.txt": follow_up, "empty.txt": ""})
    for login in ("ada", "bo"):
        signatories.admit(world.people["vera"].actor.ring, world.people[login].actor.id, now=world.now)


def signed_by_a_thief(world: World) -> None:
    """Let somebody with the key of Tomas take back, beside Ada, what was taken over from the archive."""
    signatories.admit(world.people["vera"].actor.ring, world.people["tomas"].actor.id, now=world.now)
    gone = Retraction(f"{OLD}.1", world.now.astimezone(UTC).replace(microsecond=0))
    for login in ("ada", "tomas"):
        gone = signatories.sign(gone, world.people[login].actor.ring)
    publishing.retract(gone, now=world.now)


def mails(world: World) -> None:
    """Let the site mail, and its mailer's key lie where a command is told."""
    world.replace(desk, "TOCSIN_MAILINGS", MAILINGS)
    path = world.directory / "mailer.pem"
    path.unlink(missing_ok=True)
    write_mailer_key(path, KEY)


def mended(world: World) -> None:
    """Let there be a file with which an appeal of the archive can be corrected."""
    world.write("mended.txt", english(more="She was taken from her house on March 10, 2009."))


def both(*parts: Callable[[World], object]) -> Callable[[World], None]:
    return lambda world: [part(world) for part in parts] and None


def stopped_by_a_signal(world: World) -> None:
    from tocsin.cli.site import worker

    sweep = worker._sweep

    def once(*words: Any, **named: Any) -> Any:
        swept = sweep(*words, **named)
        signal.raise_signal(signal.SIGTERM)
        return swept

    world.replace(worker, "_sweep", once)


def serving(world: World, ends: BaseException | None = None, *, lost: bool = False) -> None:
    """Let servers and what runs beside them be none."""
    from tocsin.cli.site import serve
    from tocsin.cli.site import serving as servers

    server = SimpleNamespace(serve=raising(ends) if ends else lambda: None, signal_handler_interrupt=None)
    world.replace(granian, "Granian", lambda *_, **__: server)
    world.replace(serve, "beside", lambda *_, **__: nullcontext(SimpleNamespace(given_up=lost)))
    world.replace(servers, "end_with", lambda _: None)
    # Signals stay with the process of the tests.
    world.replace(signal, "signal", lambda *_: None)
    world.patch.setenv("TOCSIN_PUBLISHING_ADDRESS", "http://localhost/")


def working(world: World) -> None:
    """Let the site be no demonstration, on a machine without bubblewrap."""
    serving(world)
    world.replace(desk, "SITE", dataclasses.replace(desk.SITE, kind="working"))
    world.replace(sandbox, "bubblewrap_works", lambda: False)
    world.replace(soundness, "findings", list)


def elsewhere(name: str) -> Callable[[World], None]:
    """Let there be no site yet, and none of its tables filled."""

    def move(world: World) -> None:
        world.patch.setenv("TOCSIN_SITE", str(world.directory / name / "site.toml"))

    return move


def empty(name: str) -> Callable[[World], None]:
    return both(elsewhere(name), lambda world: point_at(world.maker.copy("new")))


def unmade(name: str) -> Callable[[World], None]:
    def make(world: World) -> None:
        (world.directory / name).mkdir()
        point_at(world.maker.empty("restored"))

    return both(elsewhere(name), make)


def occupied(name: str) -> Callable[[World], None]:
    def fill(world: World) -> None:
        (world.directory / name).mkdir()
        world.write(f"{name}/anything", "")

    return both(elsewhere(name), fill)


def backed_up(world: World) -> None:
    world.backed_up = Entry.objects.count()


missing = replaced(restoring, "restore", lambda *_, **__: restoring.Restored(NOW, NOW, 7, 2, 1, 1, 1))


def holding(files: dict[str, str]) -> Callable[[World], None]:
    """Let a backup of the keys hold other files."""
    return replaced(manifest, "manifest_of", lambda *_: SimpleNamespace(files=files))


def receiving_once(world: World) -> None:
    async def serve(where: object, keep: Callable[[lmtp.Delivered], str], _stopped: object, door: object) -> None:
        assert (where, door) == (("127.0.0.1", 8024), None)
        assert keep(lmtp.Delivered("", ("us@observers.example",), b"a mail")) == "closed"
        # The lines to the databases of this loop are its own, and end with it.
        connections.close_all()

    # In its own thread, as it is done, nobody would see which lines were come by.
    world.patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    world.patch.setattr(lmtp, "serve", serve)


def at_the_door(world: World) -> None:
    async def serve(where: object, _keep: object, _stopped: object, door: lmtp.Door) -> None:
        assert (where, door.name) == (("192.0.2.7", 25), "mx.observers.example")
        asked = ("Press@observers.example", "postmaster", "postmaster@observers.example", "a@elsewhere.example")
        assert [door.takes(each) for each in asked] == [True, True, True, False]
        connections.close_all()

    world.write("door.toml", 'name = "mx.observers.example"\naddresses = ["press@observers.example"]')
    (world.directory / "door.toml").chmod(0o600)
    world.replace(lmtp, "serve", serve)


def fetching(*ends: object) -> Callable[[World], None]:
    """Let a mailbox be fetched from as often as there are ends: what was done, or why it could not be."""

    def before(world: World) -> None:
        left = list(ends)

        def fetch(_mailbox: object, keep: Callable[[lmtp.Delivered], str]) -> object:
            end = left.pop(0)
            if not left:
                assert keep(lmtp.Delivered("", ("us@observers.example",), b"a mail")) == "closed"
                signal.raise_signal(signal.SIGTERM)
                assert keep(lmtp.Delivered("", (), b"one more")) == "closed", "nothing more is taken"
            return raising(end)() if isinstance(end, Exception) else end

        world.write("mailbox.toml", 'server = "imaps://us:secret@mail.example"')
        (world.directory / "mailbox.toml").chmod(0o600)
        world.replace(imap, "fetch", fetch)

    return before


def copied(world: World) -> None:
    """Let there be nothing to copy: the pages are those of another process, and tested with it."""
    world.replace(desk, "SITE", desk.SITE)
    world.replace(copying, "copy_to", lambda *_, **__: copying.Copied(0, 0, 0))


FOUNDED = ["first", "First Person", PASSPHRASE, PASSPHRASE]
RESTORE = "restore {data} {keys} --identity {at}/key.txt"


def in_its_folder(world: World) -> None:
    world.replace(desk, "SITE", dataclasses.replace(desk.SITE, directory=world.directory))


def with_mailings(world: World) -> None:
    """Let the settings name the key that was drawn, and the mailer end as soon as it has begun."""
    key = public_half(read_mailer_key(world.directory / equipping.FOLDER / equipping.ADDRESS_KEY))
    sender = Address("appeals", "harbour.example")
    ours = Mailings("", sender, sender, sender, "appeals.harbour.example", "https://appeals.harbour.example/", key)
    world.replace(desk, "TOCSIN_MAILINGS", ours)

    async def run(mailer: MailerAtWork) -> None:
        mailer.stop()

    world.replace(MailerAtWork, "run", run)
    from tocsin.cli.site import mailer

    world.replace(mailer, "end_with", lambda _: None)


ROWS = [
    Row("recovery make", "organisation.key.made", "vera olena", written),
    Row("recovery list", before=World.open_cases),
    Row("recovery drill", "organisation.key.tried", typed=lambda world: [slip(world), *shares(world)]),
    Row("user list"),
    Row("user list", status=1, before=replaced(people_of, "list_accounts", raising(DatabaseError()))),
    Row("user invite new --role verifier", "accounts.account.created", "vera"),
    Row("user invite new2", 3 * "accounts.session.refused ", typed=lambda _: 3 * ["vera", "wrong", "000000"], status=1),
    Row("user role amina verifier", "accounts.account.roles", "vera"),
    Row("user reset-second-factor amina", "accounts.factor.cleared accounts.account.reset", "tomas olena"),
    Row("user disable amina", "accounts.closing.begun accounts.account.disabled"),
    Row(
        "recovery account ines",
        "accounts.closing.begun accounts.account.disabled accounts.account.restored",
        "tomas olena",
        shares,
    ),
    Row("recovery person ines --reason lost", "casework.case.recovered", "vera olena", shares, World.come_back),
    Row("authorities import {at}/a.csv --look", people="tomas", before=file("a.csv", DIRECTORY)),
    Row("authorities import {at}/a.csv", "authorities.directory.imported", "tomas"),
    Row(
        "authorities import {at}/b.csv", "", "tomas", status=1, before=file("b.csv", DIRECTORY.replace("mayor,,", ",,"))
    ),
    Row("authorities import {at}/c.csv", "", "tomas", status=1, before=file("c.csv", "a,b\n1,2\n")),
    Row(
        "authorities import {at}/d.json",
        people="tomas",
        before=file("d.json", '{"organizations": [], "posts": [], "colour": "red"}'),
    ),
    Row("authorities import {at}/over.csv", "authorities.directory.imported", "tomas", before=file("over.csv", OVER)),
    Row("authorities import {at}/a.csv", people="tomas"),
    Row("authorities export {at}/out.csv"),
    Row(
        "codes import {at}/codes.csv --look",
        before=file("codes.csv", "code,date\nXZV 004 / 0509 / OBS 077,2009-05-04\n"),
    ),
    Row("codes import {at}/codes.csv", "appeals.codes.imported", "vera"),
    Row("bounces {at}/mbox", "dispatch.bounces.counted", before=file("mbox", "From a\nSubject: x\n\n")),
    Row("bounces --ask", status=1, typed=lambda _: ["mira@reader.example"]),
    Row("bounces --ask", typed=lambda _: ["mira@reader.example"], before=suppressed),
    Row("bounces --undo", "dispatch.suppression.undone", typed=lambda _: ["mira@reader.example"]),
    Row("codes import {at}/odd.txt", before=file("odd.txt", "XZV 004 / 0509 / OBS 077\nXZV 1\n"), status=1),
    Row("import-archive {at}/old --report {at}/old.csv --dry-run", before=archive_of_two, status=1),
    Row(
        "import-archive {at}/old --report {at}/old.csv",
        "appeals.archive.begun",
        "ada bo",
        before=replaced(archiving, "take_over", raising(BadPublication("not now"))),
        status=1,
    ),
    Row(
        "import-archive {at}/old --report {at}/old.csv",
        "appeals.archive.begun appeals.archive.taken_over",
        "ada bo",
        status=1,
    ),
    Row(
        "import-archive {at}/old --report {at}/old.csv",
        before=lambda world: (world.directory / "old/empty.txt").unlink(),
    ),
    Row(f"archive correct '{OLD}' {{at}}/mended.txt --say x", "appeals.archive.corrected", "ada bo", before=mended),
    Row(f"archive correct '{OLD}' {{at}}/two.txt --say x", before=file("two.txt", english() * 2), status=1),
    Row(f"archive withdraw '{OLD}' --say x", "appeals.archive.withdrawn", "ada bo"),
    Row("clock"),
    Row("clock", before=replaced(clocks, "ask_database", lambda: LATER), status=1),
    Row("clock --confirm", "site.clock.confirmed", "vera"),
    Row("clock --confirm", "site.clock.confirmed", typed=lambda _: ["vera"], before=invented),
    Row("subscribers import {at}/r.csv --look", before=both(mails, file("r.csv", READERS)), status=1),
    Row("subscribers import {at}/r.csv --refused {at}/no.csv", "dispatch.list.taken", before=mails, status=1),
    Row("subscribers import {at}/r.csv", before=replaced(desk, "TOCSIN_MAILINGS", None), status=1),
    Row("subscribers erase mira@reader.example", "dispatch.reader.erased", before=mails),
    Row("subscribers count", before=mails),
    Row("subscribers export {at}/r.age --key {at}/mailer.pem --recipient " + PUBLIC, "dispatch.readers.exported"),
    Row(
        "signatory disavow tomas --since 2026-11-20 --say x",
        "appeals.signatory.disavowed",
        "ada bo",
        before=signed_by_a_thief,
    ),
    Row("signatory retire ada", "appeals.signatory.retired", "vera"),
    Row("signatory admit ada", "appeals.signatory.admitted", "vera"),
    Row("drill", "casework.case.read casework.case.read", "tomas"),
    Row("drill", "casework.case.read", "tomas", before=World.harm, status=1),
    Row("drill", "", "vera", status=1),
    Row("journal verify"),
    Row("journal anchor"),
    Row("journal verify --anchors {at}/anchors", before=lambda world: world.write("anchors", f"\n{world.said}")),
    Row("journal verify --anchors {at}/none", status=1),
    Row("journal verify --anchors {at}/bytes", before=file("bytes", b"\xff\xfe"), status=1),
    Row("journal verify --anchors {at}/text", before=file("text", "anchor 1\n"), status=1),
    Row("journal verify --anchors {at}/empty", before=file("empty", "\n"), status=1),
    Row("journal resume", status=1),
    Row("journal resume", "journal.resumed", before=lambda _: StepKey.objects.all().delete()),
    Row("journal verify"),
    Row("backup {at} --recipient " + PUBLIC, "site.backup.made"),
    Row("doctor", status=None),
    Row("doctor --format json", status=None),
    Row("retention"),
    Row("retention --ids"),
    Row("check"),
    Row("check", status=1, before=lambda _: call_command("migrate", "operations", "zero", verbosity=0)),
    Row("upgrade", "site.upgraded"),
    Row("upgrade"),
    Row("worker --once", status=None),
    Row("worker --once", before=replaced(sweeping, "sweep", raising(DatabaseError())), status=1),
    Row("worker", before=stopped_by_a_signal),
    Row("worker", "site.panic.locked", before=both(stopped_by_a_signal, lambda world: emergency.lock(world.now))),
    Row("worker --beside 1", before=stopped_by_a_signal),
    Row("panic choose", status=2),
    Row("panic choose {case}", "site.panic.begun site.panic.chosen"),
    Row("panic choose --all", "site.panic.begun site.panic.chosen site.panic.chosen"),
    Row("panic list"),
    Row("panic spare {case}", "site.panic.begun site.panic.spared"),
    Row("panic freeze", before=replaced(panic, "settle", lambda _: False)),
    Row("panic freeze", "site.panic.frozen"),
    Row("panic lift", "site.panic.lifted"),
    Row("panic lock", before=replaced(panic, "settle", lambda _: False)),
    Row("panic lock", "site.panic.locked"),
    Row("recovery list", before=World.wait),
    Row("recovery case {case} tomas --reason died", "casework.case.recovered", "vera olena", shares),
    Row("recovery reopen {lone} --reason forgotten", "casework.case.reopened", "tomas vera olena"),
    Row("user disable tomas", "accounts.closing.begun accounts.account.disabled"),
    Row(
        "recovery drill", "organisation.key.tried", typed=lambda world: world.earlier, status=1, before=World.draw_anew
    ),
    Row("panic shred", typed=lambda _: ["7"], status=1),
    Row("panic shred", typed=lambda _: ["1", "shred"], status=1),
    Row("panic shred", "site.panic.shredded", typed=lambda _: ["1", "SHRED"]),
    Row("panic shred --yes", status=1),
    Row("backup {at} --recipient " + PUBLIC, "site.backup.made", before=backed_up),
    Row("serve", before=serving),
    Row("serve --address ::1 --no-worker", before=serving),
    Row("serve --address 0.0.0.0", before=serving, status=1),
    Row("serve --address anywhere", before=serving, status=1),
    Row("serve --address 0.0.0.0", before=working),
    Row("serve", before=lambda world: serving(world, SystemExit(1)), status=1),
    Row("serve", before=lambda world: serving(world, lost=True), status=1),
    Row("serve", before=both(serving, replaced(soundness, "findings", lambda: ["the key store is gone"])), status=1),
    Row("letterbox", before=serving),
    Row("letterbox --beside 1", before=serving),
    Row("letterbox", before=both(serving, replaced(desk, "ALLOWED_HOSTS", [])), status=1),
    Row("public", before=serving),
    Row("public --beside 1", before=serving),
    Row(
        "public", before=both(serving, replaced(typesetter, "fonts", raising(MissingFont("a face is gone")))), status=1
    ),
    Row("public", before=both(serving, replaced(desk, "ALLOWED_HOSTS", [])), status=1),
    Row("receive --address 0.0.0.0", status=1),
    Row("receive", before=receiving_once),
    Row("receive --once", status=1),
    Row("receive --smtp {at}/door.toml --address 192.0.2.7", before=at_the_door),
    Row("receive --smtp {at}/door.toml --imap {at}/mailbox.toml", before=at_the_door, status=1),
    Row("receive --imap {at}/mailbox.toml --once", before=fetching(imap.Fetched(1, 0, "full"))),
    Row("receive --imap {at}/mailbox.toml --once", before=fetching(NoMailServer("gone")), status=1),
    Row("receive --imap {at}/mailbox.toml --every 1", before=fetching(NoMailServer("gone"), imap.Fetched())),
    Row("mailer", status=1),
    Row("mailer-keys", before=in_its_folder),
    Row("mailer-keys", before=in_its_folder, status=1),
    Row("mailer --connections 2 --clock-is-right", before=both(in_its_folder, with_mailings)),
    Row("mailer --beside 1", before=both(in_its_folder, with_mailings)),
    Row("serve", before=both(serving, with_mailings)),
    Row("serve", before=both(serving, replaced(clocks, "list_doubts", lambda **_: ("set",)))),
    Row("export-public -o {at}/mirror --without odd", status=2),
    Row("export-public -o {at}/mirror --address https://mirror.example --without docx", before=copied),
    Row("journal anchor", status=1, before=empty("new")),
    Row("init --case {at}/none", status=2, before=elsewhere("none")),
    Row("init --demonstration --case {at}/none", status=1, before=elsewhere("none")),
    Row("init --demonstration --case {at}/bytes", status=1, before=elsewhere("none")),
    Row("init", "site.created", typed=lambda _: FOUNDED, before=empty("site")),
    Row("init", status=1),
    Row("init --backup-to " + PUBLIC, status=1, typed=lambda _: FOUNDED, before=both(empty("full"), occupied("full"))),
    Row(
        "init --demonstration --case {at}/case.yaml",
        before=both(
            elsewhere("shown"),
            file("case.yaml", CASE_FILE),
            replaced(founding, "found_demonstration", lambda *_: None),
        ),
    ),
    Row("init --demonstration --case {at}/a.csv", status=1, before=elsewhere("not shown")),
    Row(RESTORE, status=1, before=lambda world: world.write("key.txt", SECRET)),
    Row(RESTORE, status=1, before=elsewhere("full")),
    Row(RESTORE + " --here", status=2, before=both(elsewhere("back"), lambda w: w.patch.setenv("DATABASE_URL", "x"))),
    Row(RESTORE + " --here", before=both(elsewhere("part"), missing)),
    Row(RESTORE, status=1, before=both(elsewhere("back"), holding({}))),
    Row(RESTORE, status=1, before=both(elsewhere("back"), holding({"site.toml": "", "../site.toml": ""}))),
    Row(RESTORE, "journal.resumed site.restored", before=unmade("back")),
]

# What opens again what is closed, or is published: never for one person alone.
BREAKS_GLASS = {
    "user reset-second-factor",
    "import-archive",
    "archive correct",
    "archive withdraw",
    "signatory disavow",
    *(f"recovery {name}" for name in "make case person reopen account".split()),
}
GIVES = set(
    "accounts.account.reset accounts.account.restored appeals.archive.begun appeals.archive.corrected "
    "appeals.archive.withdrawn appeals.signatory.disavowed casework.case.recovered "
    "casework.case.reopened organisation.key.made".split()
)


def leaves(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Name every command that does something."""
    if not isinstance(command, click.Group):
        yield LAST(words)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*words, name))


def leaf_of(row: Row) -> str:
    return max((each for each in leaves(site) if f"{row.words} ".startswith(f"{each} ")), key=len)


@pytest.mark.database("sqlite")
def test_every_command_has_its_row_and_what_breaks_glass_asks_for_two() -> None:
    assert {leaf_of(row) for row in ROWS} == set(leaves(site))
    assert {leaf_of(row) for row in ROWS if len(row.people.split()) > 1} == BREAKS_GLASS
    assert {leaf_of(row) for row in ROWS if GIVES & set(row.entries.split())} == BREAKS_GLASS


@pytest.fixture
def world(
    committed: None,
    administrator: NewAccount,
    hire: Hire,
    tmp_path: Path,
    maker: Maker,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    roles = {"olena": "auditor", "tomas": "case_lead", "amina": "case_lead", "ines": "verifier"}
    roles |= {"ada": "approver", "bo": "approver"}
    people = {"vera": administrator} | {login: hire(login, role) for login, role in roles.items()}
    world = World(tmp_path, maker, monkeypatch, people, organisation.draw())
    assert set(leaves(site)), "and all modules of commands are there"
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{package.__name__}.") and name != f"{package.__name__}.boot" and hasattr(module, "boot"):
            monkeypatch.setattr(module, "boot", lambda *_: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    monkeypatch.setattr(organisation, "draw", lambda: world.drawn)
    # A screen, from which what was shown is wiped.
    monkeypatch.setattr("tocsin.cli.site.asking.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    return world


def call(world: World, row: Row, people: list[str]) -> Result:
    backups = {part: max(world.directory.glob(f"*-{part}.tocsin.age"), default="") for part in ("data", "keys")}
    words = shlex.split(row.words.format(case=world.case, lone=world.lone, at=world.directory, **backups))
    lines = list(row.typed(world))
    for login in people:
        lines += [login, PASSPHRASE, second_factor.code_at(world.people[login].totp, world.now)]
    return at_the_terminal(site, words, "".join(f"{line}\n" for line in lines))


def kinds_after(number: int) -> list[str]:
    return list(Entry.objects.filter(number__gt=number).order_by("number").values_list("kind", flat=True))


def run(world: World, row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    world.now += timedelta(minutes=1)
    with monkeypatch.context() as world.patch:
        row.before(world)
        people = row.people.split()
        if len(people) > 1:
            one_alone_is_refused(world, row, people)
        last = world.backed_up if row.words == RESTORE and not row.status else Entry.objects.count()
        ended = call(world, row, people)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    said = f"{row.words}: {ended.output} {ended.exception!r}"
    assert ended.exit_code == row.status or row.status is None, said
    assert isinstance(ended.exception, TocsinError | SystemExit | None), said
    assert kinds_after(last) == row.entries.split(), said
    assert PASSPHRASE not in ended.output
    world.said = ended.output


def one_alone_is_refused(world: World, row: Row, people: list[str]) -> None:
    """Let one person stand for the last two, with secrets that are right."""
    before = Entry.objects.count(), Grant.objects.count()
    with world.patch.context() as patch:
        patch.setattr(
            accounts,
            "prove",
            lambda login, *_, now: dataclasses.replace(world.people[login].actor, proof=TERMINAL, confirmed_at=now),
        )
        ended = call(world, row, [*people[:-1], people[-2]])
    assert isinstance(ended.exception, BadRequest | NotAllowed), (row.words, ended.output, ended.exception)
    assert (Entry.objects.count(), Grant.objects.count()) == before, row.words


@contextmanager
def traced() -> Iterator[set[tuple[str, int]]]:
    """Note every line of the commands that is run in this thread."""
    seen: set[tuple[str, int]] = set()

    def line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            seen.add((Path(frame.f_code.co_filename).name, frame.f_lineno))
        return line

    def called(frame: FrameType, _event: str, _: object) -> Any:
        return line if frame.f_code.co_filename.startswith(f"{HERE}{os.sep}") else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield seen
    finally:
        sys.settrace(before)


def lines_of_functions() -> set[tuple[str, int]]:
    """Give every line that is run when a function of the commands is called, and not when its module is imported."""
    found = set()
    for path in HERE.glob("*.py"):
        if path.name in ELSEWHERE:
            continue
        codes = [compile(path.read_text("utf-8"), str(path), "exec")]
        while codes:
            code = codes.pop()
            codes += [each for each in code.co_consts if isinstance(each, CodeType)]
            if code.co_flags & inspect.CO_OPTIMIZED:
                found |= {(path.name, at) for *_, at in code.co_lines() if at and at > code.co_firstlineno}
    return found


@pytest.mark.long
def test_every_command_does_and_leaves_what_its_row_says_and_no_line_of_them_is_dead(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with traced() as seen:
        for row in ROWS:
            run(world, row, monkeypatch)
    wanted = lines_of_functions()
    assert len(wanted) > 400
    assert sorted(wanted - seen) == []
