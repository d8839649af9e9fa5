"""Letting a copy out: one asks for a class and says on what ground, another one agrees; anybody takes it back.

Where it stands is read from the chain of custody, which is only ever added to, and from the consent as it is now.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.accounts.queries import demand_works
from tocsin.casework.actions import read_case, save_case
from tocsin.casework.evidence import custody
from tocsin.casework.evidence.actions import hold, with_class
from tocsin.casework.evidence.standing import is_ground, people_shown, standing
from tocsin.core.errors import BadRequest


def ask(actor: Actor, case: UUID, copy: UUID, *, release_class: str, ground: str, why: str, now: datetime) -> None:
    """Ask that a copy may leave, for a reason.

    Raises:
        BadRequest: if the class or the ground is none, or no reason is given.
    """
    demand(actor, "case.edit", case, now=now)
    opened = read_case(actor, case, now=now)
    with hold(actor, case, copy, now=now) as held:
        if held.sheet.copy_of is None:
            raise BadRequest("an original is never released")
        shown = people_shown(opened.case, copy, held.sheet.copy_of)
        if not is_ground(opened.case, ground, release_class, now, shown) or not why.strip():
            raise BadRequest("say for whom, on what ground and why")
        held.write(custody.ASKED, words=why, choice=f"{release_class} {ground}")


def agree(actor: Actor, case: UUID, copy: UUID, *, now: datetime) -> None:
    """Agree, as another person than who asked; the record of the copy gets its class.

    Raises:
        BadRequest: if nobody asked, she asked herself, or the ground holds no more.
    """
    demand(actor, "case.edit", case, now=now)
    with transaction.atomic():
        opened = read_case(actor, case, now=now)
        with hold(actor, case, copy, now=now) as held:
            shown = people_shown(opened.case, copy, held.sheet.copy_of)
            now_stands = standing(opened.case, held.sound_lines(), now, shown)
            if now_stands.asked is None or not now_stands.holds:
                raise BadRequest("nobody asks for this, or its ground holds no more")
            if now_stands.asked.by == actor.id:
                raise BadRequest("another person than who asked has to agree")
            demand_works(now_stands.asked.by, "case.edit")
            held.write(custody.AGREED, choice=now_stands.release_class)
            save_case(actor, opened, with_class(opened.case, copy, now_stands.release_class), now=now)


def withdraw(actor: Actor, case: UUID, copy: UUID, *, why: str, now: datetime) -> None:
    """Take a release or the wish for one back; the copy is confidential again."""
    demand(actor, "case.edit", case, now=now)
    with transaction.atomic():
        opened = read_case(actor, case, now=now)
        with hold(actor, case, copy, now=now) as held:
            held.write(custody.WITHDRAWN, words=why)
            save_case(actor, opened, with_class(opened.case, copy, "C"), now=now)
