"""Setting up one's own second factors. Nothing here takes the id of an account: whose they are is who has signed in."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts import passkeys, second_factor, throttle
from tocsin.accounts.actions import NOWHERE, Shown, renew_session
from tocsin.accounts.actor import NO_PROOF, PASSKEY, STEP_UP, TOTP, Actor, proofs_for
from tocsin.accounts.models import Account, Passkey
from tocsin.accounts.throttle import Visitor
from tocsin.core.errors import BadRequest, NotAllowed, StepUpNeeded, WrongSecret
from tocsin.journal import actions as journal
from tocsin.vault import actions as vault
from tocsin.vault import queries as keys


def demand_change(actor: Actor, *, now: datetime) -> None:
    """Refuse to change second factors to who did not just show one, unless she has none at all.

    Where a role asks for passkeys, a code is enough for the first passkey only.

    Raises:
        StepUpNeeded: if she has to show one again.
    """
    if actor.proof == NO_PROOF:
        return
    fresh = actor.confirmed_at is not None and now - actor.confirmed_at < STEP_UP
    first = not Passkey.objects.filter(account_id=actor.id).exists()
    if not fresh or not (first or actor.proof in proofs_for(actor.roles)):
        raise StepUpNeeded("show your second factor again", hint="what you confirm is yours for five minutes")


def offer_totp(actor: Actor, *, now: datetime) -> None:
    """Draw a new secret for an authenticator. The old one works until a code of the new one is given."""
    demand_change(actor, now=now)
    sealed = keys.seal_own(actor.ring, second_factor.new_secret(), "totp offered")
    Account.objects.filter(id=actor.id).update(totp_offered=sealed)


def offered_totp(actor: Actor, *, now: datetime) -> bytes | None:
    """Give the secret that was drawn and not yet confirmed."""
    demand_change(actor, now=now)
    sealed = bytes(Account.objects.values_list("totp_offered", flat=True).get(id=actor.id))
    return keys.open_own(actor.ring, sealed, "totp offered") if sealed else None


def confirm_totp(actor: Actor, code: str, *, visitor: Visitor = NOWHERE, now: datetime) -> bytes:
    """Take the authenticator that gives this code; give the secret of the session, which is new.

    Raises:
        WrongSecret: if the code is not one of the secret that was offered.
    """
    throttle.admit(actor.id.bytes, visitor, now=now)
    secret = offered_totp(actor, now=now)
    step = second_factor.step_of(secret, code, now) if secret else None
    if secret is None or step is None:
        raise WrongSecret("this is not the code that the authenticator shows now")
    with transaction.atomic():
        Account.objects.filter(id=actor.id).update(
            totp=keys.seal_own(actor.ring, secret, "totp"), totp_offered=b"", last_step=step
        )
        journal.record(actor.id, "accounts.factor.totp", now=now)
    throttle.forgive(actor.id.bytes, visitor)
    return renew_session(actor, TOTP if actor.proof == NO_PROOF else actor.proof, now=now)


def add_passkey(actor: Actor, shown: Shown, *, now: datetime) -> bytes:
    """Take a new passkey; give the secret of the session, which is new.

    Raises:
        WrongSecret: if the answer is none to a question that was put to her here.
    """
    demand_change(actor, now=now)
    made = passkeys.check_made(shown.answer, actor.id, shown.origin, now=now)
    with transaction.atomic():
        if Passkey.objects.filter(credential=made.credential).exists():
            raise WrongSecret("this passkey is known already")
        Passkey.objects.create(
            account_id=actor.id, credential=made.credential, public_key=made.public_key, uses=made.uses, added_at=now
        )
        journal.record(actor.id, "accounts.factor.passkey", now=now)
    return renew_session(actor, PASSKEY, now=now)


def remove_passkey(actor: Actor, passkey: UUID, *, now: datetime) -> None:
    """Void one of one's own passkeys.

    Raises:
        NotAllowed: if there is none of this id, or it is somebody else's.
        BadRequest: if it is the last second factor.
    """
    own = Passkey.objects.filter(account_id=actor.id)
    if not own.filter(id=passkey).exists():
        raise NotAllowed("there is no such passkey, or it is not yours")
    demand_change(actor, now=now)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=actor.id)
        if not account.totp and own.count() == 1:
            raise BadRequest("this is your last second factor", hint="set up another one first")
        own.filter(id=passkey).delete()
        journal.record(actor.id, "accounts.factor.removed", now=now)


def change_recovery_code(actor: Actor, *, now: datetime) -> str:
    """Draw a new recovery code, to be shown once; the old one opens nothing any more."""
    demand_change(actor, now=now)
    journal.announce(actor.id, "accounts.recovery.begun", now=now)
    with transaction.atomic():
        journal.record(actor.id, "accounts.recovery.changed", now=now)
        return vault.change_recovery_code(actor.ring)
