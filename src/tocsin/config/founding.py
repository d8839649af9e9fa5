"""Founding a site: tables, the first account, and the invented people of a demonstration."""

import re
import secrets
import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tocsin.accounts import actions as accounts
from tocsin.accounts import demonstration, second_factor
from tocsin.accounts.actor import DEMONSTRATION, Actor
from tocsin.appeals.admitting import admit_all
from tocsin.authorities import actions as authorities
from tocsin.casework import actions as casework
from tocsin.casework import barring, duplicates
from tocsin.config.first_appeals import publish_first_appeals
from tocsin.config.first_readers import admit_first_readers
from tocsin.config.writing import write_private, write_root
from tocsin.core.records import Case, from_yaml
from tocsin.intake import actions as intake
from tocsin.intake import letterbox
from tocsin.journal import actions as journal
from tocsin.vault import slots
from tocsin.vault.actions import LONGEST_GRANT

# Room for a small organisation's keys before the key store grows: 1 MiB.
SLOTS = 4096


def make_tables() -> None:
    """Make the tables of both databases, and room for keys."""
    call_command("migrate", database="default", verbosity=0)
    call_command("migrate", database="keys", verbosity=0)
    slots.preallocate(SLOTS)


def upgrade_tables() -> list[str]:
    """Make what is missing in the tables of both databases, and name it: the key store first, as everywhere.

    The journal is told behind it: only then its own tables are sure to be there.
    """
    made = []
    for alias in ("keys", "default"):
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        call_command("migrate", database=alias, verbosity=0)
        made += [f"{alias}: {migration.app_label}.{migration.name}" for migration, _ in plan]
    if made:
        with transaction.atomic():
            journal.record(None, "site.upgraded", now=timezone.now(), changes=len(made))
    return made


def found(path: Path, login: str, name: str, passphrase: str) -> tuple[str, str]:
    """Create the first account; give its recovery code and the address for an authenticator."""
    first = accounts.create_first_account(login, name, passphrase, ["administrator"], now=timezone.now())
    _root(path, first.actor)
    return first.recovery_code, second_factor.address(first.totp, login)


def found_demonstration(path: Path, case: Case | None) -> None:
    """Create the invented people, let reports wait for them, and seal their cases into their site, with one given."""
    now = timezone.now()
    people = tomllib.loads(files("tocsin.config").joinpath("people.toml").read_text("utf-8"))["people"]
    actors = _people(path, people, now)
    lead = next(actors[person["login"]] for person in people if "case_lead" in person["roles"])
    _receive(lead, now)
    letterbox.open_letterbox(lead, now=now)
    _fill_directory(lead, now)
    _open(actors, now)
    signing = [(actors[person["login"]], person["signs_as"]) for person in people if "signs_as" in person]
    publish_first_appeals(next(iter(actors.values())), signing, now=now)
    admit_first_readers(path, now=now)
    if case is not None:
        _seal(case, people, actors, now)


def _receive(actor: Actor, now: datetime) -> None:
    """Put in the reports that wait on a demonstration, an hour apart, and have them read."""
    folder = files("tocsin.config").joinpath("demonstration")
    rows = tomllib.loads(folder.joinpath("reports.toml").read_text("utf-8"))["reports"]
    for number, row in enumerate(reversed(rows), 1):
        at = now - timedelta(hours=len(rows) - number)
        incoming = intake.Incoming(
            folder.joinpath(row["file"]).read_bytes(),
            source_type=row["source_type"],
            told_by=row["told_by"],
            file_name=row["file"],
            media_type=row["media_type"],
        )
        report = intake.receive(actor, incoming, now=at)
        intake.understand(actor, report, now=now)
        if reason := row.get("declined"):
            intake.decline(actor, report, reason, now=now)


def _open(actors: dict[str, Actor], now: datetime) -> None:
    """Open the cases that the invented people have worked on; who leads one may name others who read with them."""
    folder = files("tocsin.config").joinpath("demonstration")
    # Reasons stand in the journal, so that they say nothing of what a case is about.
    reason, opened_as = "a case of the demonstration", {}
    for row in tomllib.loads(folder.joinpath("cases.toml").read_text("utf-8"))["cases"]:
        text = dated(folder.joinpath("cases", row["file"]).read_text("utf-8"), now)
        lead, case = actors[row["lead"]], from_yaml(text)
        opened = casework.open_new_case(lead, case, reason=reason, now=now)
        opened_as[row["file"]] = opened.id
        for reader in (actors[login].id for login in row.get("read_by", ())):
            ends_at = now + LONGEST_GRANT
            casework.give_access(lead, opened.id, "facts", reader, reason=reason, ends_at=ends_at, now=now)
        if kept := row.get("merged_into"):
            duplicates.merge(lead, opened_as[kept], opened.id, reason=row["why"], now=now)
        if second := row.get("sealed_with"):
            barring.ask(lead, opened.id, row["why"], now=now)
            barring.agree(actors[second], opened.id, now=now)
            barring.look_at_public(lead, opened.id, now=now)


def dated(text: str, now: datetime) -> str:
    """Put days into a case where it counts back from the day on which the demonstration is made."""
    today = timezone.localdate(now)
    return _DAY_BEFORE.sub(lambda found: (today - timedelta(days=int(found[1]))).isoformat(), text)


_DAY_BEFORE = re.compile(r"\bday-(\d{1,3})\b")

# How long before the demonstration was made the days lie that its directory names in braces.
_DAYS_AGO = {"fresh": 3, "recent": 25, "old": 120, "older": 400}


def _fill_directory(actor: Actor, now: datetime) -> None:
    """Take the invented directory in, with checks of days that make some of it stale."""
    written = files("tocsin.config").joinpath("demonstration/authorities.csv").read_text("utf-8")
    today = timezone.localdate(now)
    days = {name: (today - timedelta(days=days)).isoformat() for name, days in _DAYS_AGO.items()}
    authorities.take_file(actor, written.format(**days), now=now)


def _people(path: Path, people: list[dict[str, Any]], now: datetime) -> dict[str, Actor]:
    actors: dict[str, Actor] = {}
    rows = []
    for person in people:
        login, name, passphrase = person["login"], person["name"], secrets.token_urlsafe(24)
        if actors:
            root = next(iter(actors.values()))
            actors[login] = demonstration.settle(root, login, name, passphrase, person["roles"], now=now).actor
        else:
            first = accounts.create_first_account(login, name, passphrase, person["roles"], now=now).actor
            _root(path, first)
            actors[login] = replace(first, proof=DEMONSTRATION)
        rows.append(
            f'[[people]]\nlogin = "{login}"\nname = "{name}"\nduty = "{person["duty"]}"\npassphrase = "{passphrase}"\n'
        )
    write_private(path.with_name("demonstration.toml"), "\n".join(rows))
    admit_all(next(iter(actors.values())), now=now)
    return actors


def _seal(case: Case, people: list[dict[str, Any]], actors: dict[str, Actor], now: datetime) -> None:
    lead = next(actors[person["login"]] for person in people if "case_lead" in person["roles"])
    opened = casework.open_new_case(lead, case, reason="the case of the demonstration", now=now)
    for person in people:
        colleague = actors[person["login"]]
        for compartment in person.get("holds", ()) if colleague is not lead else ():
            casework.give_access(
                lead, opened.id, compartment, colleague.id, reason=person["duty"], ends_at=now + LONGEST_GRANT, now=now
            )


def _root(path: Path, actor: Actor) -> None:
    root = actor.ring.public().sign.hex()
    write_root(path, root)
    # The settings were read before there was anybody; from the next start they are read from the file.
    settings.TOCSIN_ROOTS = (root,)


def close() -> None:
    """Close the databases, so that their files can be moved."""
    connections.close_all()
