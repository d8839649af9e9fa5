"""Passkeys (WebAuthn): the questions that a page puts to an authenticator, and what its answers prove.

A question (challenge) is its time, random bytes and a keyed digest of both with what it is for, so that showing a page
writes nothing; a question is spent by the first answer.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from uuid import UUID

import webauthn
from django.conf import settings
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tocsin.accounts.models import Passkey, SpentChallenge
from tocsin.core.errors import WrongSecret

LIFE = timedelta(minutes=5)
LONGEST_ANSWER = 20_000
_TIME_BYTES, _NONCE_BYTES = 8, 16
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Origin:
    """The address of the desk as the browser sees it; a passkey made for one answers to no other."""

    scheme: str
    host: str

    @property
    def name(self) -> str:
        """Give the host without its port: what a passkey is bound to."""
        return self.host.rsplit(":", 1)[0] if not self.host.endswith("]") else self.host

    @property
    def has_passkeys(self) -> bool:
        """Tell whether browsers make passkeys here: at a name, never at an address of numbers."""
        try:
            ip_address(self.name.strip("[]"))
        except ValueError:
            return True
        return False

    @property
    def url(self) -> str:
        """Give what the browser signs as its origin."""
        return f"{self.scheme}://{self.host}"


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What an authenticator gave out for a new passkey."""

    credential: bytes
    public_key: bytes
    uses: int


def ask_to_make(account: UUID, known: Iterable[bytes], origin: Origin, *, now: datetime) -> str:
    """Give, as JSON for the browser, the question by which a person makes a passkey; none where no browser would.

    Nothing in it names her: passkeys are copied into the clouds of their makers.
    """
    if not origin.has_passkeys:
        return ""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=origin.name,
            rp_name="Tocsin",
            user_id=account.bytes,
            user_name=f"{origin.name}, {now:%Y-%m-%d}",
            challenge=_challenge(b"make " + account.bytes, now),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
    )


def ask_to_show(origin: Origin, *, now: datetime) -> str:
    """Give, as JSON for the browser, the question by which somebody shows a passkey; it does not say whose."""
    if not origin.has_passkeys:
        return ""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=origin.name, challenge=_challenge(b"show", now), user_verification=_VERIFIED
        )
    )


def check_made(answer: str, account: UUID, origin: Origin, *, now: datetime) -> NewPasskey:
    """Check the answer to `ask_to_make`.

    Raises:
        WrongSecret: if it is none, too old, for another person or site, or was used before.
    """
    try:
        credential = parse_registration_credential_json(_short(answer))
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        _spend(challenge, b"make " + account.bytes, now)
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=origin.name,
            expected_origin=origin.url,
            require_user_verification=True,
        )
    except _BAD_ANSWERS as error:
        raise WrongSecret("this is no passkey for this site") from error
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def check_shown(answer: str, account: UUID, origin: Origin, *, now: datetime) -> None:
    """Check that a passkey of a person answered `ask_to_show`, and count its use.

    Raises:
        WrongSecret: if it is none of hers, too old, for another site, or was used before.
    """
    try:
        credential = parse_authentication_credential_json(_short(answer))
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        passkey = Passkey.objects.filter(account_id=account, credential=credential.raw_id).first()
        if passkey is None:
            raise WrongSecret("this passkey is not hers")
        _spend(challenge, b"show", now)
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=origin.name,
            expected_origin=origin.url,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except _BAD_ANSWERS as error:
        raise WrongSecret("this passkey opens nothing here") from error
    Passkey.objects.filter(id=passkey.id).update(uses=shown.new_sign_count)


# What the library raises besides its own errors when bytes are no JSON, no text or no CBOR.
_BAD_ANSWERS = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)


def _short(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise WrongSecret("this is no answer of a passkey")
    return answer


def _challenge(purpose: bytes, now: datetime) -> bytes:
    head = int(now.timestamp()).to_bytes(_TIME_BYTES, "big") + os.urandom(_NONCE_BYTES)
    return head + _mac(head, purpose)


def _mac(head: bytes, purpose: bytes) -> bytes:
    return hmac.digest(settings.TOCSIN_INDEX_KEY, b"challenge " + head + purpose, "sha256")


def _spend(challenge: bytes, purpose: bytes, now: datetime) -> None:
    head, mac = challenge[: _TIME_BYTES + _NONCE_BYTES], challenge[_TIME_BYTES + _NONCE_BYTES :]
    asked = int.from_bytes(head[:_TIME_BYTES], "big")
    genuine = hmac.compare_digest(mac, _mac(head, purpose))
    if not genuine or not 0 <= now.timestamp() - asked + 1 < LIFE.total_seconds():
        raise WrongSecret("this question was not ours, or is too old")
    SpentChallenge.objects.filter(spent_at__lt=now - 2 * LIFE).delete()
    _, fresh = SpentChallenge.objects.get_or_create(
        id=hashlib.sha256(challenge).hexdigest(), defaults={"spent_at": now}
    )
    if not fresh:
        raise WrongSecret("this question was answered before")
