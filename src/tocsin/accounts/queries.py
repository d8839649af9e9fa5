"""Reading accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.accounts.actor import Actor, verbs_of_roles, words_of_roles
from tocsin.accounts.models import Account, Passkey
from tocsin.accounts.names import COMPARTMENT, DIRECTORY, name_place, read_name
from tocsin.core.errors import BadRequest, NotAllowed
from tocsin.vault import organisation
from tocsin.vault import queries as vault


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a person sees of her own account."""

    has_totp: bool
    passkeys: tuple[Passkey, ...]
    is_vouched: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, as colleagues see her: never a secret, and not by what she signs in."""

    id: UUID
    name: str
    roles: tuple[str, ...]
    state: str
    has_factor: bool
    is_me: bool = False

    @property
    def state_words(self) -> str:
        """Give the state in words."""
        return str(_STATES[self.state])

    @property
    def role_names(self) -> tuple[str, ...]:
        """Give the names of her roles."""
        return tuple(gettext(words_of_roles()[role]) for role in self.roles)


INVITED, UNVOUCHED, WORKING, CLOSED = "invited", "unvouched", "working", "closed"
_STATES = {
    INVITED: _("invited, has not joined yet"),
    UNVOUCHED: _("has joined; nobody stands for her keys"),
    WORKING: _("works here"),
    CLOSED: _("closed"),
}


def list_names(actor: Actor, *, now: datetime) -> dict[UUID, str]:
    """Give everybody's name by the id of the account, and what the keys of the organisation are called.

    Nobody's to who is new and whom nobody has vouched for yet.
    """
    try:
        keys = vault.open_case(actor.ring, DIRECTORY, now)[COMPARTMENT]
    except NotAllowed:
        return {}
    rows = Account.objects.values_list("id", "name")
    people = {account: keys.open(bytes(name), name_place(account)).decode() for account, name in rows}
    return {**dict.fromkeys(organisation.holders(), gettext("the custodians")), **people}


def name_of(actor: Actor, *, now: datetime) -> str:
    """Give a person's own name; none where nobody has vouched for her yet."""
    if actor.name:
        return actor.name
    return read_name(actor.ring, bytes(Account.objects.values_list("name", flat=True).get(id=actor.id)), now=now)


def list_colleagues(actor: Actor, verb: str, *, now: datetime) -> dict[UUID, str]:
    """Give the names of those others who work here and whose role has a verb, in the order of the names."""
    found = [each for each in list_workers(verb) if each != actor.id]
    names = list_names(actor, now=now)
    return dict(sorted(((each, names[each]) for each in found if each in names), key=lambda row: row[1].casefold()))


def list_workers(verb: str) -> list[UUID]:
    """List everybody who works here and whose role has a verb, without their names."""
    roles = {role for role, verbs in verbs_of_roles().items() if verb in verbs}
    rows, vouched = Account.objects.filter(disabled_at=None), vault.list_vouched()
    return [each.id for each in rows if roles & set(each.roles.split()) and _state_of(each, vouched) == WORKING]


def verbs_of_workers(accounts: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Give what the roles of some people let them do; of those alone who work here."""
    rows, vouched = Account.objects.filter(id__in=set(accounts), disabled_at=None), vault.list_vouched()
    table = verbs_of_roles()
    return {
        each.id: frozenset[str]().union(*(table.get(role, ()) for role in each.roles.split()))
        for each in rows
        if _state_of(each, vouched) == WORKING
    }


def works(account: UUID, verb: str) -> bool:
    """Tell whether somebody works here, and her role has a verb."""
    return verb in verbs_of_workers([account]).get(account, ())


def demand_works(account: UUID, verb: str) -> None:
    """Hold back what takes two where who asked first does not work here any more, or may not any more.

    Raises:
        BadRequest: if so.
    """
    if not works(account, verb):
        raise BadRequest("whoever asked for this may not any more: ask anew")


def own_account(actor: Actor) -> OwnAccount:
    """Give what a person sees of her own account."""
    account = Account.objects.get(id=actor.id)
    passkeys = tuple(Passkey.objects.filter(account=account).order_by("added_at"))
    return OwnAccount(bool(account.totp), passkeys, vault.is_vouched(actor.id))


def list_staff(actor: Actor, *, now: datetime) -> list[Member]:
    """List who works here: those who wait for something first, then by name."""
    names = list_names(actor, now=now)
    members = _members(Account.objects.all(), names, actor)
    order = {UNVOUCHED: 0, INVITED: 1, WORKING: 2, CLOSED: 3}
    return sorted(members, key=lambda member: (order[member.state], member.name.casefold()))


def get_staff(actor: Actor, account_id: UUID, *, now: datetime) -> Member:
    """Give one of those who work here.

    Raises:
        NotAllowed: if there is nobody of this id.
    """
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        raise NotAllowed("there is no such person, or you may not see her")
    (member,) = _members([account], list_names(actor, now=now), actor)
    return member


def list_accounts() -> list[Member]:
    """List all accounts as the machine knows them: without names, which are sealed."""
    return _members(Account.objects.order_by("created_at", "id"), {}, None)


def _members(accounts: Iterable[Account], names: Mapping[UUID, str], actor: Actor | None) -> list[Member]:
    """Give people as colleagues see them; that asks as many questions for forty of them as for one."""
    vouched, with_passkeys = vault.list_vouched(), set(Passkey.objects.values_list("account", flat=True))
    return [
        Member(
            account.id,
            names.get(account.id, ""),
            tuple(account.roles.split()),
            _state_of(account, vouched),
            bool(account.totp) or account.id in with_passkeys,
            bool(actor and account.id == actor.id),
        )
        for account in accounts
    ]


def _state_of(account: Account, vouched: Mapping[UUID, bool]) -> str:
    """Tell what an account is now, by who has drawn keys and whether somebody stands for them."""
    if account.disabled_at is not None:
        return CLOSED
    if account.id not in vouched:
        return INVITED
    return WORKING if vouched[account.id] else UNVOUCHED
