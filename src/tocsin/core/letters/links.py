"""Links that open a letter in a mail program: `mailto:` by RFC 6068, and the two large mail sites.

Text is UTF-8, percent-encoded; a line break is `%0D%0A`, and a parameter without a value is left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tocsin.core.letters.writing import Letter

LONGEST: Final = 1_900
"""How many characters a link has at most: programs on Windows take 2,046 to 2,083 of them and then nothing at all."""

# What RFC 6068 lets stand in an address or a value as it is, of what no program is known to stumble over.
_IN_ADDRESS, _IN_VALUE = "@!$'*", "@:"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link with the letter that it opens: its number among the forms of the letter, 0 being the whole one."""

    target: str
    form: int


Build = Callable[[Sequence[str], Sequence[str], str, str], str]


def mailto(to: Sequence[str], copies: Sequence[str], subject: str, body: str) -> str:
    """Build a `mailto:` link to several addresses, and others that get a copy."""
    values = (("cc", _listed(copies)), ("subject", _value(subject)), ("body", _value(body)))
    return f"mailto:{_listed(to)}{_query('?', values)}"


def gmail(to: Sequence[str], copies: Sequence[str], subject: str, body: str) -> str:
    """Build a link that writes a letter on the site of Gmail."""
    values = (("to", _web(to)), ("cc", _web(copies)), ("su", _value(subject)), ("body", _value(body)))
    return f"https://mail.google.com/mail/?view=cm&fs=1{_query('&', values)}"


def outlook(to: Sequence[str], copies: Sequence[str], subject: str, body: str) -> str:
    """Build a link that writes a letter on the site of Outlook."""
    values = (("to", _web(to)), ("cc", _web(copies)), ("subject", _value(subject)), ("body", _value(body)))
    return f"https://outlook.live.com/mail/0/deeplink/compose{_query('?', values)}"


def opened(letter: Letter, to: Sequence[str], copies: Sequence[str], build: Build) -> Opened | None:
    """Give the link that opens the longest form of a letter that fits into it; `None` where even the shortest does not.

    Copies are given up before the letter is: they are asked for besides.
    """
    for form, body in enumerate(letter.forms):
        for with_copies in (copies, ()):
            target = build(to, with_copies, letter.subject, body)
            if len(target) <= LONGEST:
                return Opened(target, form)
    return None


def _listed(addresses: Iterable[str]) -> str:
    return ",".join(quote(each, safe=_IN_ADDRESS) for each in addresses)


def _web(addresses: Iterable[str]) -> str:
    return quote(",".join(addresses), safe="@,")


def _value(text: str) -> str:
    return quote("\r\n".join(text.split("\n")), safe=_IN_VALUE)


def _query(first: str, values: Iterable[tuple[str, str]]) -> str:
    given = "&".join(f"{name}={value}" for name, value in values if value)
    return f"{first}{given}" if given else ""
