"""The mailbox of invented replies: each raw mail with what a careful person says of it in a small file beside it."""

import tomllib
from pathlib import Path
from typing import Any

MAILBOX = Path(__file__).parent / "mailbox"
PUBLISHED = MAILBOX / "published.txt"
MAILS = sorted(MAILBOX.glob("*.eml"))
KNOWN = MAILBOX / "known.toml"
KEYS = {
    "code": str,
    "reason": str,
    "guesses": list,
    "found": list,
    "unread": list,
    "pictures": list,
}
"""What an expectation may say."""


def expected_of(mail: Path) -> dict[str, Any]:
    """Read the expectation of a mail; what is not declared is refused, since nothing would look at it."""
    said = tomllib.loads(mail.with_suffix(".toml").read_text("utf-8"))
    for key, value in said.items():
        assert key in KEYS, f"{mail.stem}.toml: unknown key {key}"
        assert isinstance(value, KEYS[key]), f"{mail.stem}.toml: {key} is no {KEYS[key].__name__}"
    return said
