"""What somebody who leaves could open, so that colleagues take it over: by name as far as whoever asks opens it too."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tocsin.accounts.actor import Actor, may
from tocsin.accounts.models import Account
from tocsin.accounts.queries import list_names
from tocsin.casework.charge import charges_of
from tocsin.casework.models import CaseFile
from tocsin.casework.search.duplicates import titles_of
from tocsin.core.errors import NotAllowed
from tocsin.vault import last_holders, organisation
from tocsin.vault import queries as vault
from tocsin.vault.models import Grant


@dataclass(frozen=True, slots=True)
class Left:
    """The cases that an account opens, or opened when it was closed.

    Attributes:
        titles: Those that whoever asks may open herself, by their names.
        charges: Those of `titles` of which she is in charge.
        others: How many more there are.
        charges_of_others: Of how many of these she is in charge.
        alone: Of how many, named here or not, some part opens to no other person.
        holders: How many of the others each colleague opens some part of, by her name; the most first.
    """

    titles: dict[UUID, str] = field(repr=False)
    charges: frozenset[UUID]
    others: int
    charges_of_others: int
    alone: int
    holders: dict[str, int] = field(repr=False)

    @property
    def count(self) -> int:
        """Give how many there are."""
        return len(self.titles) + self.others


def held_by(account: UUID, *, now: datetime) -> frozenset[UUID]:
    """Give the cases of which an account opens a part, or opened one when it was closed; none that was shredded."""
    closed_at = Account.objects.values_list("disabled_at", flat=True).filter(id=account).first()
    live = Q(ended_at=None) & (Q(ends_at=None) | Q(ends_at__gt=closed_at or now))
    held = Grant.objects.filter(live | Q(ended_at=closed_at) if closed_at else live, holder=account)
    return frozenset(CaseFile.objects.filter(id__in=held.values("case"), shredded_at=None).values_list("id", flat=True))


def left_by(actor: Actor, account: UUID, *, now: datetime) -> Left:
    """Tell what colleagues have to take over from an account; that somebody saw names of cases is written down."""
    # To look takes no fresh proof, which changing an account does.
    if not may(actor, "account.change", now=now):
        raise NotAllowed("there is no such person, or you may not see her")
    cases, charged = held_by(account, now=now), charges_of(account)
    titles = titles_of(actor, cases, now=now) if cases and may(actor, "case.read", now=now) else {}
    others = cases - set(titles)
    standings = last_holders.standings(now, cases)
    return Left(
        titles=dict(sorted(titles.items(), key=lambda row: row[1].casefold())),
        charges=frozenset(charged & set(titles)),
        others=len(others),
        charges_of_others=len(charged & others),
        alone=len({each.case for each in standings if not each.people - {account}}),
        holders=_holders(actor, others, account, now),
    )


def _holders(actor: Actor, cases: frozenset[UUID], account: UUID, now: datetime) -> dict[str, int]:
    live = vault.all_grants(now).filter(case__in=cases).exclude(holder__in={account, *organisation.holders()})
    names = list_names(actor, now=now)
    counted = Counter(holder for holder, _case in live.values_list("holder", "case").distinct())
    return {names[holder]: count for holder, count in counted.most_common() if holder in names}
