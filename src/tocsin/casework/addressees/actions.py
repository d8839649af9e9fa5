"""Choosing the addressees of a case. What is chosen becomes sealed records of the case, by the way of every save."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.authorities import queries as directory_of
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.core.addressing import need_of, proposal_of, with_addressee, without_addressee
from tocsin.core.errors import BadRequest


def choose(actor: Actor, case_id: UUID, key: str, *, now: datetime) -> OpenCase:
    """Put a post of the directory among the addressees of a case, as it is today.

    Raises:
        BadRequest: if the directory has no such post of a country of the case.
        ChangedMeanwhile: if somebody else changed the same records; nothing was saved.
    """
    demand(actor, "case.edit", case_id, now=now)
    opened = actions.read_case(actor, case_id, now=now)
    need = need_of(opened.case)
    directory, turnovers = directory_of.get_directory(need.countries), directory_of.turnovers()
    post = directory.posts.get(key)
    if post is None:
        raise BadRequest("the directory has no such post of a country of this case")
    today = timezone.localdate(now)
    if post.is_closed(today):
        raise BadRequest("this post is no more")
    proposal = proposal_of(need, post, today=today, turnovers=turnovers)
    return actions.save_case(actor, opened, with_addressee(opened.case, proposal, directory, today, turnovers), now=now)


def take_out(actor: Actor, case_id: UUID, addressee: str, *, now: datetime) -> OpenCase:
    """Take an addressee out of a case; the states in which it was one stay.

    Raises:
        ChangedMeanwhile: if somebody else changed the same records; nothing was saved.
    """
    demand(actor, "case.edit", case_id, now=now)
    opened = actions.read_case(actor, case_id, now=now)
    return actions.save_case(actor, opened, without_addressee(opened.case, addressee), now=now)
