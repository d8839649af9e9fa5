"""What came back, told from its bytes: never an error, and every verdict with the words that it rests on."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from tocsin.core.bounces.parts import Fields, Part, read_fields, read_parts, readable
from tocsin.core.bounces.prose import is_machine, prose_failures
from tocsin.core.bounces.statuses import Kind, kind_of, load_table, reply_in, status_in
from tocsin.core.bounces.words import Evidence, Failure, address_in, shown

Sort = Literal["bounce", "delay", "complaint", "delivered", "automatic", "letter"]
REPORTS: Final[tuple[Sort, ...]] = ("bounce", "delay", "complaint", "delivered")
"""What mail servers report; all else somebody wrote, or a machine in somebody's name."""

_TOKEN: Final = re.compile(r"(?<![0-9A-Za-z])([0-9a-fA-F]{32})(?![0-9A-Za-z])")
_BEHIND_A_PLUS: Final = re.compile(r"\+([0-9a-fA-F]{32})@")
# Where a mail server writes down to which address a mail came, and where a report names our return path.
_TO: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "to")
_FROM: Final = ("return-path", "original-mail-from", "x-postfix-sender", "x-envelope-from", "errors-to")
_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")
_COPY: Final = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_RECEIPT: Final = ("message/disposition-notification", "message/global-disposition-notification")
# Complaints of RFC 5965 and its registry that say that somebody does not want this mail; `not-spam` says the reverse,
# and the others are about signatures and viruses.
_UNWANTED: Final = ("abuse", "fraud", "opt-out", "opt-out-list", "other", "miscategorized")
# From the mildest to the gravest: where one mailbox stands for several, the mildest counts.
_MILDEST: Final[tuple[Kind, ...]] = ("soft", "policy", "other", "hard")
_MOST_FAILURES: Final = 20
# Whatever went through more servers goes round in a circle (Exim gives up at 30, Postfix at 50).
MOST_HOPS: Final = 25


class AutomaticField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a header by which an answer of a machine is known: with any value, with some, or with others.

    One `for_many` says no more than that it came by a list or by a service, as letters of people do, too.
    """

    name: str
    values: list[str] = []
    unless: list[str] = []
    for_many: bool = False

    def tells(self, fields: Fields) -> bool:
        """Tell whether it is among these, with a value that counts."""
        said = {value.partition(";")[0].strip().lower() for name, value in fields if name == self.name}
        return bool(said - set(self.unless) if not self.values else said & set(self.values))


class _Automatic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    field: list[AutomaticField]
    subjects: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail that came to a return path.

    Attributes:
        sort: `bounce` for a delivery that failed, `delay` for one that is still tried, `complaint`, `delivered` for a
            report that all went well, `automatic` for the answer of a machine; all else is a `letter` of a person.
        evidence: Why it is of this sort.
        token: Of the return path that it came to or that it names, 32 small hexadecimal digits; None where there is
            none, or where there are two different ones.
        leaving: The token for leaving out of the copy that a complaint returns.
        failures: Of a bounce, one for each address that it names; of a delay, those that may still arrive.
    """

    sort: Sort
    evidence: Evidence
    token: str | None = None
    leaving: str | None = None
    failures: tuple[Failure, ...] = ()

    @property
    def kind(self) -> Kind | None:
        """What a bounce says of the mailbox: the mildest of all that failed; None for what is no bounce."""
        if self.sort != "bounce":
            return None
        return min((failure.kind for failure in self.failures), key=_MILDEST.index, default="other")

    @property
    def gravest(self) -> Failure | None:
        """The failure that decides of which kind a bounce is."""
        return next((failure for failure in self.failures if failure.kind == self.kind), None)


def read(raw: bytes) -> Returned:
    """Say what came back.

    Args:
        raw: The mail as it was delivered. Whatever it is, there is an answer; a megabyte of it is looked at.
    """
    mail = read_parts(raw)
    parts = list(_open_parts(mail))
    sort, evidence, failures = _told(mail, parts)
    copy = _copied_fields(parts)
    reports = [read_fields(part.content) for part in parts if part.kind == "message/feedback-report"]
    fields = [(name, value) for each in (copy, *reports) for name, value in each]
    return Returned(
        sort,
        evidence,
        _token([*_values(mail.fields, _TO), *_values(fields, _FROM)]),
        _leaving(fields) if sort == "complaint" else None,
        tuple(failures[:_MOST_FAILURES]),
    )


def _told(mail: Part, parts: Sequence[Part]) -> tuple[Sort, Evidence, list[Failure]]:
    """Ask one after the other, from what says most."""
    if report := next((part for part in parts if part.kind == "message/feedback-report"), None):
        said = dict(read_fields(report.content)).get("feedback-type", "").lower()
        sort: Sort = "complaint" if said in _UNWANTED else "automatic"
        return sort, Evidence("feedback report", shown(f"Feedback-Type: {said}")), []
    statuses = [part for part in parts if part.kind in _STATUS]
    if groups := [group for part in statuses for group in _recipients(part)]:
        return _by_status(groups, parts)
    if (statuses or is_machine(mail)) and (found := prose_failures(mail, parts)):
        return found
    if receipt := next((part for part in parts if part.kind in _RECEIPT), None):
        return "automatic", Evidence("receipt", receipt.kind), []
    if why := _automatic(mail):
        return "automatic", why, []
    return "letter", Evidence("nothing", "neither report nor answer of a machine"), []


def _by_status(groups: Sequence[dict[str, str]], parts: Sequence[Part]) -> tuple[Sort, Evidence, list[Failure]]:
    """Read the groups of a report of RFC 3464, one a recipient; what one does not say, the words beside it may."""
    words = " ".join(part.text[:4000] for part in parts if part.kind == "text/plain")
    failed, late = [], []
    for group in groups:
        action = _action(group)
        if action == "failed":
            failed.append(_failure(group, words))
        elif action == "delayed":
            late.append(_failure(group, words))
    where = "delivery status"
    if failed:
        # One of several mailboxes behind an address got it, so the address is there.
        mild = [each if each.kind != "hard" or len(failed) == len(groups) else _softened(each) for each in failed]
        return "bounce", Evidence(where, "Action: failed"), mild
    if late:
        return "delay", Evidence(where, "Action: delayed"), late
    return "delivered", Evidence(where, shown("; ".join(_action(group) for group in groups))), []


def _softened(failure: Failure) -> Failure:
    because = Evidence("delivery status", "others behind this address got it")
    return Failure(failure.address, "soft", failure.status, failure.reply, because)


def _recipients(part: Part) -> Iterator[dict[str, str]]:
    """Give the fields of each recipient; some servers leave out the empty line before the first."""
    for block in re.split(rb"\n[ \t]*\n", part.content.replace(b"\r\n", b"\n")):
        group: dict[str, str] = {}
        for name, value in read_fields(block):
            if name == "final-recipient" and "final-recipient" in group:
                yield group
                group = {}
            group.setdefault(name, value)
        if any(name in group for name in ("final-recipient", "action", "status", "original-recipient")):
            yield group


def _action(group: dict[str, str]) -> str:
    """Give what became of it; a report that does not say so says it by the first digit of its status."""
    found = re.match(r"\s*([a-z]+)", group.get("action", "").lower())
    action = found[1] if found else ""
    if action in ("failed", "failure", "delayed", "delivered", "relayed", "expanded"):
        return "failed" if action == "failure" else action
    digit = (status_in(group.get("status", "")) or " ")[0]
    return {"5": "failed", "4": "delayed", "2": "delivered"}.get(digit, "failed" if "diagnostic-code" in group else "")


def _failure(group: dict[str, str], words: str) -> Failure:
    diagnosis = group.get("diagnostic-code", "")
    status = status_in(f"{group.get('status', '')} {diagnosis}")
    reply = reply_in(diagnosis.partition(";")[2] or diagnosis)
    kind, because = kind_of(status, reply, diagnosis)
    if not diagnosis and kind == "other":
        kind, because = kind_of(status, reply, words)
    # Where mail is passed on, the original one is the one that was written to.
    address = address_in(group.get("original-recipient", "")) or address_in(group.get("final-recipient", ""))
    return Failure(address, kind, status, reply, Evidence("delivery status", shown(because)))


def _open_parts(part: Part) -> Iterator[Part]:
    """Give the parts that are not inside of another mail."""
    yield part
    for inner in part.parts:
        yield from _open_parts(inner)


def _copied_fields(parts: Sequence[Part]) -> Fields:
    """Give the header of the copy that a report returns."""
    copy = next((part for part in parts if part.kind in _COPY), None)
    return read_fields(copy.content.lstrip(b"\n").partition(b"\n\n")[0]) if copy else ()


def _values(fields: Sequence[tuple[str, str]], names: Sequence[str]) -> list[str]:
    return [value for name, value in fields if name in names]


def _token(values: Sequence[str]) -> str | None:
    found = {token.lower() for value in values for token in _BEHIND_A_PLUS.findall(value)}
    return found.pop() if len(found) == 1 else None


def _leaving(fields: Sequence[tuple[str, str]]) -> str | None:
    found = {token.lower() for value in _values(fields, ("list-unsubscribe",)) for token in _TOKEN.findall(value)}
    return found.pop() if len(found) == 1 else None


@functools.cache
def _automatics() -> _Automatic:
    return load_table("automatic.toml", _Automatic)


def automatic_fields() -> list[AutomaticField]:
    """Give the fields by which answers of machines are known, with those that lists put into letters, too."""
    return _automatics().field


def came_for_many(fields: Fields) -> bool:
    """Tell whether a mail came by a list or by a service that sends for many: its words may not all be the writer's."""
    return any(each.for_many and each.tells(fields) for each in automatic_fields())


@functools.cache
def automatic_subjects() -> tuple[str, ...]:
    """Give how subjects of such answers begin, in small letters."""
    return tuple(each for beginnings in _automatics().subjects.values() for each in beginnings)


def _automatic(mail: Part) -> Evidence | None:
    """Say by what a mail shows that a machine wrote it."""
    table = _automatics()
    if field := next((each for each in table.field if not each.for_many and each.tells(mail.fields)), None):
        return Evidence("header", field.name)
    if len(mail.all("received")) > MOST_HOPS:
        return Evidence("header", "received")
    if mail.all("return-path") and not mail.first("return-path").strip("<> "):
        return Evidence("header", "return-path")
    subject = readable(mail.first("subject")).casefold().strip()
    if begins := next((each for each in automatic_subjects() if subject.startswith(each)), None):
        return Evidence("subject", begins)
    return Evidence("header", "from") if is_machine(mail) else None
