"""What a mail server means by the code it gives, from one table for replies and for reports of failed deliveries."""

import functools
import importlib.resources
import re
from typing import Final, Literal, TypeVar

import msgspec
import tomli

Course = Literal["again", "slow", "wait", "gone", "fail", "hold"]
Kind = Literal["hard", "soft", "policy", "other"]
"""What a failed delivery says of a mailbox: it is not there, it had no room or time, a rule was in the way, nothing."""

_ENHANCED: Final = re.compile(r"(?<![0-9.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9]|\.[0-9])")
_REPLY: Final = re.compile(r"(?<![0-9.-])([45][0-9]{2})(?=[ -])(?![ -][0-9]{3})")
_SPACES: Final = re.compile(r"\s+")
_Table = TypeVar("_Table", bound=msgspec.Struct)


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One enhanced code: what it says, and what is done about it for now (`4`) and for good (`5`)."""

    says: str
    now: Course = "again"
    ever: Course = "fail"
    kind: Kind | None = None

    def course(self, digit: str) -> Course:
        """Give what is to be done, by the first digit."""
        return self.now if digit == "4" else self.ever


class _Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: frozenset[str]


class _Statuses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: dict[Course, Kind]
    vague: _Codes
    replies: dict[str, Kind]
    enhanced: dict[str, Row]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    words: list[str]


class _Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phrases: list[_Words]


def load_table(name: str, kind: type[_Table]) -> _Table:
    """Read one of the tables beside this module."""
    text = importlib.resources.files("tocsin.core.bounces").joinpath(name).read_text("utf-8")
    return msgspec.convert(tomli.loads(text), kind)


@functools.cache
def _statuses() -> _Statuses:
    return load_table("statuses.toml", _Statuses)


@functools.cache
def _phrases() -> tuple[_Words, ...]:
    return tuple(load_table("phrases.toml", _Phrases).phrases)


def row_of(enhanced: str) -> Row | None:
    """Give the row of an enhanced code without its first digit, as in `1.1`; None if the table has none."""
    return _statuses().enhanced.get(enhanced)


def status_in(words: str) -> str | None:
    """Find the code (`5.1.1`) that says most in the words of a server: the first that is not vague, else the first."""
    found = [".".join((one[1], str(int(one[2])), str(int(one[3])))) for one in _ENHANCED.finditer(words)]
    return next((one for one in found if not _is_vague(one)), found[0] if found else None)


def reply_in(words: str) -> int | None:
    """Find the code of the reply that is quoted."""
    found = _REPLY.search(words)
    return int(found[1]) if found else None


def folded(words: str) -> str:
    """Give words as phrases are compared with them: small letters, one space between two, one at each end."""
    return f" {_SPACES.sub(' ', words.replace(chr(0x2019), chr(39))).casefold().strip()} "


def kind_of(status: str | None, reply: int | None, words: str) -> tuple[Kind, str]:
    """Say what a failed delivery means, and by which code or phrase.

    Args:
        status: The enhanced code, with its first digit.
        reply: The code of the reply.
        words: What the server said.
    """
    told = _told_by(status)
    if status and told and not _is_vague(status):
        return told, status
    text = folded(words)
    for each in _phrases():
        if phrase := next((one for one in each.words if one in text), None):
            return ("soft" if status and status[0] == "4" and each.kind == "hard" else each.kind), phrase.strip()
    if status and told not in (None, "other"):
        return told, status
    if reply and (kind := _statuses().replies.get(str(reply))):
        return kind, str(reply)
    if status:
        return ("soft" if status[0] == "4" else "other"), status
    return "other", ""


def _told_by(status: str | None) -> Kind | None:
    """Give the kind that the table has for a code, with its first digit; None where it has none."""
    row = row_of(status[2:]) if status else None
    return None if row is None or status is None else row.kind or _statuses().kinds[row.course(status[0])]


def _is_vague(status: str) -> bool:
    return status[2:] in _statuses().vague.codes
