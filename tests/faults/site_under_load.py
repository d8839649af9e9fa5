"""What people do in a site while it is backed up, and what must hold of it after it was restored.

Run as a program, by whoever owns the site that `TOCSIN_SITE` names: `found`, `write LOGIN CASE...`, `look`.
"""

import dataclasses
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

PASSPHRASE = "correct horse battery staple"
HERE = Path(__file__).resolve().parent
SAID = "Taken at turn"


def start() -> None:
    from tocsin.cli.site.boot import boot

    boot()


def found() -> dict[str, Any]:
    """Let two people join the site that vera founded, each with cases and one that both work on."""
    from django.utils import timezone

    from tocsin.accounts import demonstration
    from tocsin.casework import actions
    from tocsin.core.records import from_yaml

    vera, now = _actor("vera"), timezone.now()
    people = {
        login: demonstration.settle(vera, login, login.title(), PASSPHRASE, ["case_lead"], now=now)
        for login in ("tomas", "amina")
    }
    case = from_yaml((HERE.parent / "rooms/casework/case.yaml").read_text("utf-8"))
    cases: dict[str, list[str]] = {}
    for login, person in people.items():
        opened = [actions.open_new_case(person.actor, case, reason="a report", now=now) for _ in range(2)]
        cases[login] = [str(each.id) for each in opened]
    lead, colleague = people["tomas"].actor, people["amina"].actor
    shared = actions.open_new_case(lead, case, reason="a report of both", now=now).id
    for compartment in ("facts", "sources", "evidence"):
        actions.give_access(
            lead, shared, compartment, colleague.id, reason="both", ends_at=now + timedelta(days=30), now=now
        )
    for each in cases.values():
        each.append(str(shared))
    return {"cases": cases, "totp": {login: person.totp.hex() for login, person in people.items()}}


def _actor(login: str) -> Any:
    from django.utils import timezone

    from tocsin.accounts import actions as accounts
    from tocsin.accounts.actor import TERMINAL, Actor
    from tocsin.accounts.models import Account
    from tocsin.vault import queries as vault

    account = Account.objects.get(login=accounts.login_digest(login))
    ring = vault.unlock(account.id, PASSPHRASE)
    return Actor(account.id, frozenset(account.roles.split()), ring, TERMINAL, timezone.now())


def write(login: str, cases: list[str]) -> None:
    """Save in each case in a thread of its own until standard input ends; say what was acknowledged, a line each."""
    actor, stopped, said = _actor(login), threading.Event(), threading.Lock()

    def say(line: str) -> None:
        with said:
            print(line, flush=True)

    threads = [threading.Thread(target=_write, args=(actor, UUID(case), stopped, say)) for case in cases]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stopped.set()
    for thread in threads:
        thread.join()


def _write(actor: Any, case: UUID, stopped: threading.Event, say: Callable[[str], None]) -> None:
    from django.db import DatabaseError, connections

    from tocsin.core.errors import ChangedMeanwhile

    while not stopped.is_set():
        try:
            say(f"{case} {_save(actor, case)}")
        except ChangedMeanwhile:
            continue
        except DatabaseError as error:
            # Many write into one file: who waited too long is told so, and repeats it.
            say(f"told {type(error).__name__}")
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
            # Whoever waits for this person hears at once that she works no more.
            os._exit(1)
    connections.close_all()


def _save(actor: Any, case: UUID) -> int:
    """Save the next state, whose words say its number; now and then give somebody access in between and end it."""
    from django.utils import timezone

    from tocsin.casework import actions
    from tocsin.casework.ending import reasons_to_end
    from tocsin.core.records import Translation, Wording

    opened = actions.read_case(actor, case, now=timezone.now())
    # Two people never write the same words, so that of two who save at once one is told.
    words = f"{SAID} {opened.version} by {actor.id}"
    event = dataclasses.replace(opened.case.events[0], what=Wording((Translation("en", words),)))
    changed = dataclasses.replace(opened.case, events=(event, *opened.case.events[1:]))
    saved = actions.save_case(actor, opened, changed, now=timezone.now())
    if saved.version % 4 == 0 and (other := _somebody_else(actor, case)) is not None:
        ends_at = timezone.now() + timedelta(days=1)
        given = actions.give_access(actor, case, "facts", other, reason="helps", ends_at=ends_at, now=timezone.now())
        actions.end_access(actor, given.id, reason=next(iter(reasons_to_end())), now=timezone.now())
    return saved.version


def _somebody_else(actor: Any, case: UUID) -> UUID | None:
    from django.utils import timezone

    from tocsin.accounts import actions as accounts
    from tocsin.accounts.models import Account
    from tocsin.vault import queries as vault

    other = Account.objects.get(login=accounts.login_digest("vera")).id
    held = vault.list_grants(timezone.now(), holder=other, case=case)
    return None if held.exists() else other


def look() -> dict[str, Any]:
    """Look at each case with the eyes of its people: what its words, its number and the journal say of its state."""
    from django.utils import timezone

    from tocsin.casework import actions, queries
    from tocsin.journal import queries as journal
    from tocsin.vault import inspection

    now, states = timezone.now(), {}
    for login in ("tomas", "amina"):
        actor = _actor(login)
        for file in queries.list_case_files(actor, now=now):
            words = actions.read_case(actor, file.id, now=now).case.events[0].what
            saved = journal.list_entries(subject=file.id).filter(kind="casework.record.saved").count()
            states[str(file.id)] = [file.version, words.text("en") if words else "", saved]
    found = inspection.inspect(now)
    return {"entries": journal.verify(), "missing": found.missing, "orphans": len(found.orphans), "states": states}


if __name__ == "__main__":
    start()
    if sys.argv[1] == "write":
        write(sys.argv[2], sys.argv[3:])
    else:
        print(json.dumps(found() if sys.argv[1] == "found" else look()))
