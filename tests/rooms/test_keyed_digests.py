"""What is found again by a keyed digest: what stands here and nothing else, and no word of a case (K-14).

A keyed digest of what people write tells whoever has the database which rows hold the same. So each is listed with
what it is of, and a new one fails here until somebody has thought about it.
"""

import ast
from pathlib import Path

import pytest
from django.conf import settings

import tocsin
from tocsin.accounts.actions import login_digest
from tocsin.acknowledging.actions import sender_digest
from tocsin.core.messages import Address
from tocsin.dispatch.addresses import fingerprint

ROOT = Path(tocsin.__file__).parent
LISTED = {
    "accounts/actions.py login_digest": "the login of an account",
    "accounts/throttle.py _mac": "name and place of a try to sign in, for minutes",
    "accounts/passkeys.py _mac": "a challenge: kept nowhere",
    "acknowledging/actions.py sender_digest": "the sender of a mail, for seven days",
    "casework/notices.py _word": "a word of a notice by mail: kept nowhere",
    "core/messages/tokens.py reply_token": "the code of a published appeal",
    "core/messages/tokens.py tokens_for": "a delivery",
    "dispatch/addresses.py fingerprint": "the address of a reader",
    "dispatch/taking.py _digest": "a file of addresses that was taken in",
    "publishing/copying.py _seal": "a copy of what is public",
    "publishing/finished.py _seal": "a finished file of what is public",
    "replies/outcomes.py _mark": "a report of a mail server",
    "replies/receiving.py _digest": "the bytes of a mail, so that it is kept once",
    "replies/threads.py _digest": "the Message-ID of a mail",
    "vault/sealing.py derive": "a key",
    "vault/steps.py mark": "an entry of the journal",
}


def makes_keyed_digest(call: ast.AST) -> bool:
    if not isinstance(call, ast.Call):
        return False
    name = ast.unparse(call.func)
    if name.endswith(("blake2b", "blake2s")):
        return any(word.arg == "key" for word in call.keywords)
    return name.endswith("salted_hmac") or (name.startswith("hmac.") and name != "hmac.compare_digest")


def test_every_keyed_digest_is_listed_with_what_it_is_of() -> None:
    found = {
        f"{path.relative_to(ROOT)} {function.name}"
        for path in ROOT.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and any(map(makes_keyed_digest, ast.walk(function)))
    }
    assert found == LISTED.keys()


@pytest.mark.database("sqlite")
def test_one_address_has_another_digest_in_every_place_where_it_is_found() -> None:
    address = Address("mira", "reader.example")
    of = [login_digest(str(address)), fingerprint(address, settings.TOCSIN_FINGERPRINT_KEY), sender_digest(address)]
    assert len(set(of)) == len(of)
    # Nor does whoever has one of the keys try it on rows of another place.
    assert fingerprint(address, settings.TOCSIN_INDEX_KEY) not in of
