"""Appeals on a case that were published before there was this site: what today's appeals of the case follow."""

from datetime import datetime
from uuid import UUID

from tocsin.appeals.models import Appeal
from tocsin.core.errors import BadCode, BadRequest
from tocsin.core.records import EarlierAppeal
from tocsin.publishing import archive, codes


def find_before(typed: str, case_id: UUID, *, now: datetime) -> str:
    """Give the code of the last archived appeal of the chain that a code belongs to, however it was typed.

    Raises:
        BadRequest: if it is no code, nothing archived is published in its chain, or another case goes on from it.
    """
    try:
        printed = codes.printed_as(typed)
    except BadCode as error:
        raise BadRequest("this is no code of an appeal") from error
    chain = list_before(printed, now=now)
    if not chain:
        raise BadRequest("no appeal of the archive is published under this code")
    if Appeal.objects.exclude(case=case_id).filter(code__in=archive.codes_of_chain(printed)).exists():
        raise BadRequest("another case goes on from the appeals of this code")
    return chain[-1].display


def list_before(code: str, *, now: datetime) -> tuple[EarlierAppeal, ...]:
    """List the archived appeals of the chain of a code that still stand, the oldest first."""
    return tuple(EarlierAppeal(display=each, issued_on=on) for each, on in archive.chain_of(code, now=now))
