"""Reports that a mail server wrote in prose, by the table of `forms.toml`."""

import functools
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from tocsin.core.bounces.parts import Part, readable
from tocsin.core.bounces.statuses import Kind, folded, kind_of, load_table, reply_in, status_in
from tocsin.core.bounces.words import Evidence, Failure, address_in, addresses_in, shown

_LONGEST: Final = 20_000
_QUOTES: Final = (">", "|")
_MOST_ADDRESSES: Final = 20
_HEADERS: Final = ("to:", "cc:", "from:", "subject:")


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    server: str
    opens: list[str]
    language: str = "en"


class _Senders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    locals: frozenset[str]
    names: list[str]


class _Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    says: list[str]
    but: list[str]


class _Copy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    marks: list[str]


class _Forms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    senders: _Senders
    form: list[_Form]
    delay: _Delay
    copy: _Copy


@functools.cache
def _forms() -> _Forms:
    return load_table("forms.toml", _Forms)


def machine_senders() -> tuple[frozenset[str], list[str]]:
    """Give what stands before the @ of machines, and how names of such senders begin, in small letters."""
    return _forms().senders.locals, _forms().senders.names


def is_machine(mail: Part) -> bool:
    """Say whether a mail comes from a mail server: by its empty return path, by its sender, by a field of Exim."""
    if any(not each.strip("<> ") for each in mail.all("return-path")) or mail.first("x-failed-recipients"):
        return True
    said = (*mail.all("from"), *mail.all("sender"), *mail.all("return-path"))
    return any(names_machine(readable(each).casefold().strip()) for each in said)


def names_machine(sender: str) -> bool:
    """Say whether a field that names a sender names a machine, by the address or by the name; in small letters."""
    senders = _forms().senders
    name, _, address = sender.rpartition("<")
    return address.partition("@")[0].strip(' ">') in senders.locals or name.strip(' "').startswith(tuple(senders.names))


def prose_failures(
    mail: Part, parts: Sequence[Part]
) -> tuple[Literal["bounce", "delay"], Evidence, list[Failure]] | None:
    """Read a report in prose; None where it is none that is known."""
    words = _words(parts)
    text = folded(words)
    table = _forms()
    form, opening = next(((each, one) for each in table.form for one in each.opens if one in text), (None, ""))
    if form is None:
        return None
    failures = list(_failures(words, mail))
    late = any(each in text for each in table.delay.says) and not any(each in text for each in table.delay.but)
    return "delay" if late else "bounce", Evidence(f"text: {form.server}", opening), failures


def _words(parts: Sequence[Part]) -> str:
    """Give what the server says itself: no quotation, and nothing of the copy of the message."""
    plain = [part.text for part in parts if part.kind == "text/plain"]
    texts = plain or [part.text for part in parts if part.kind == "text/html"]
    lines: list[str] = []
    marks = _forms().copy.marks
    for line in "\n".join(texts)[:_LONGEST].splitlines():
        small = line.strip().casefold().replace(chr(0x2019), chr(39))
        if any(mark in small for mark in marks):
            break
        if not small.startswith(_QUOTES):
            lines.append(line)
    return "\n".join(lines)


def _failures(words: str, mail: Part) -> Iterator[Failure]:
    """Give the addresses with what is said of each: the words up to the next one, else all words."""
    whole = _diagnosis(words)
    named = [each for value in mail.all("x-failed-recipients") for each in addresses_in(value)]
    ours = {each for value in (*mail.all("to"), *mail.all("from")) for each in addresses_in(value)}
    pieces = list(_pieces(words, ours))
    known = {address for address, _ in pieces}
    for address, piece in [*pieces, *((each, "") for each in named if each not in known)][:_MOST_ADDRESSES]:
        own = _diagnosis(piece)
        status, reply, kind, because = own if own[2] != "other" else whole
        yield Failure(address, kind, status, reply, Evidence("text", shown(because)))
    if not pieces and not named:
        status, reply, kind, because = whole
        somebody = next((each for each in addresses_in(words) if each not in ours), None)
        yield Failure(somebody, kind, status, reply, Evidence("text", shown(because)))


def _pieces(words: str, ours: set[str]) -> Iterator[tuple[str, str]]:
    """Part the words at each line that begins with an address."""
    address: str | None = None
    said: list[str] = []
    seen: set[str] = set()
    machines = _forms().senders.locals
    for line in words.splitlines():
        found = address_in(line) if _begins_with_address(line) else None
        if found and found not in ours | seen and found.partition("@")[0].casefold() not in machines:
            if address:
                yield address, "\n".join(said)
            address, said = found, []
            seen.add(found)
        said.append(line)
    if address:
        yield address, "\n".join(said)


def _begins_with_address(line: str) -> bool:
    """Say whether a line names whom it is about: the address stands at its beginning, or is all that follows a word."""
    words = line.strip().lstrip("<*•-").split()
    return bool(words) and words[0].casefold() not in _HEADERS and any("@" in word for word in (words[0], words[-1]))


def _diagnosis(words: str) -> tuple[str | None, int | None, Kind, str]:
    status, reply = status_in(words), reply_in(words)
    kind, because = kind_of(status, reply, words)
    return status, reply, kind, because
