"""Ways to reach somebody: e-mail addresses, numbers, handles, pages, postal addresses, and the words before them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from tocsin.core.appeal import Channel
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.wording import Wording

NUMBERS = ("phone", "fax", "whatsapp", "signal")

# The first line passes over the inside of words, where next to nothing can begin; it is there for speed alone.
# A choice that begins with a sign is passed over at once where another stands, but not one that begins with a group or
# a look behind: so the first sign of three stands before their names.
_VALUE = re.compile(
    r"(?:(?<!\w)|(?=\[|http))(?:"
    r"(?<![\w.+'-])[\w.+'-]{1,64}+(?:(?P<email>@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"
    r"|(?P<spelled> ?[\[(] ?at ?[\])] ?[\w-]{1,63}(?:(?:\.| ?[\[(] ?dot ?[\])] ?)[\w-]{1,63}){1,6}))"
    r"|\[(?P<masked>\s?e-?mail[\s_]protected\s?\]|\s?protected\s?\]|courriel protégé\]|correo protegido\])"
    r"|[hw](?P<page>(?:(?<=h)ttps?://|(?<=\bw)ww\.)[^\s,;<>\"»]{3,300})"
    r"|@(?<![\w@.]@)(?P<handle>[A-Za-z0-9_]{2,40})"
    r"|(?P<number>(?<![\w@/.])(?:\+|00|\()?\s?\(?\d[\d ().\-–·]{4,30}\d(?![\w@])))"
)
_SITES = {"twitter.com": "twitter", "x.com": "twitter", "facebook.com": "facebook", "fb.com": "facebook"}
_SITES |= {"t.me": "telegram", "instagram.com": "instagram", "wa.me": "whatsapp"}
_HANDLED = frozenset({"twitter", "instagram", "telegram", "facebook", "mastodon"})
_SPACE_AT = re.compile(r" ?[\[(] ?at ?[\])] ?")
_SPACE_DOT = re.compile(r" ?[\[(] ?dot ?[\])] ?")
_SEPARATOR = re.compile(r"[,;:\n|•()]")
_LABEL_JOINT = re.compile(r"(?: ?(?:/|&|and|et|y|e|or|ou|o) ?)")
_JOINT_ONLY = re.compile(r"[\s,;/&.]*(?:(?:and|et|y|or|ou|o|e)\b)?[\s,;/&.]*")


class FoundChannel(Struct, frozen=True, gc=False):
    """A channel, and where its label begins; `holder` is the name between label and value, as printed."""

    channel: Channel
    start: int
    holder: str | None = None

    @property
    def end(self) -> int:
        """Where the value ends."""
        return self.channel.span[1] if self.channel.span else self.start


class _Label(Struct, frozen=True, gc=False):
    kinds: tuple[str, ...]
    start: int
    holder: str | None


def has_channel(line: Line, words: Wording) -> bool:
    """Whether a line holds a channel; cheap, without reading it."""
    if "@" in line.text or "www." in line.flat or "http" in line.flat or "protected" in line.flat:
        return True
    colon = line.flat.find(":")
    while colon >= 0:
        if _label_before(line, colon, 0, words):
            return True
        colon = line.flat.find(":", colon + 1)
    return bool(_NUMBER_LINE.match(line.flat))


_NUMBER_LINE = re.compile(r"\W{0,3}(?:fax|tel|phone|mobile|cell)\w{0,8}\W{1,3}(?:\w{2,12} )?\W{0,3}\d")


def find_channels(line: Line, words: Wording, region: str | None) -> list[FoundChannel]:
    """Find the channels of a line or block.

    Args:
        line: The stretch; its places are kept.
        words: The labels.
        region: ISO 3166-1 alpha-2 code for numbers without a country code.
    """
    found: list[FoundChannel] = []
    previous, label = 0, None
    queue: list[str] = []
    for match in _VALUE.finditer(line.text):
        own = _label_before(line, match.start(), previous, words)
        if own is not None:
            label, queue = own, list(own.kinds)
        elif not _JOINT_ONLY.fullmatch(line.flat, previous, match.start()):
            label, queue = None, []
        kind = _kind(match, label, queue)
        if kind is None:
            continue
        found.append(_read(line, match, kind, own, label, region))
        previous = match.end()
    return sorted([*found, *_worded(line, words, found)], key=lambda one: one.start)


def _kind(match: re.Match[str], label: _Label | None, queue: list[str]) -> str | None:
    """Decide what a value is, or `None` where the digits are no number to call."""
    shape = match.lastgroup
    kinds = label.kinds if label else ()
    if shape in {"email", "spelled", "masked"}:
        return "email"
    if shape == "page":
        host = re.sub(r"^(?:https?://)?(?:www\.|mobile\.)?", "", match[0].lower()).split("/", 1)[0]
        return _SITES.get(host, "web_form")
    if shape == "handle":
        return next((kind for kind in kinds if kind in _HANDLED), "twitter")
    if any(kind in NUMBERS for kind in kinds):
        return queue.pop(0) if len(queue) > 1 else queue[0]
    is_international = match[0].lstrip(" (").startswith(("+", "00")) and not kinds
    return "phone" if is_international else None


def _read(
    line: Line, match: re.Match[str], kind: str, own: _Label | None, label: _Label | None, region: str | None
) -> FoundChannel:
    shape, printed = match.lastgroup, match[0].rstrip(" .–-·(")
    if shape in {"email", "page"}:
        printed = printed.rstrip("'").rstrip(")")
    lead = len(printed) - len(printed.lstrip())
    start = line.start + match.start() + lead
    printed = printed.strip()
    value: str | None = printed
    if shape in {"email", "spelled"}:
        value = _address(printed)
    elif shape == "masked":
        value = None
    elif shape == "number":
        value = to_e164(printed, region)
    channel = Channel(kind, value, printed, (start, start + len(printed)))
    return FoundChannel(channel, own.start if own else start, label.holder if label else None)


def _address(printed: str) -> str:
    local, _, domain = _SPACE_DOT.sub(".", _SPACE_AT.sub("@", printed)).rpartition("@")
    return f"{local}@{domain.lower()}"


@lru_cache(maxsize=2_000)
def to_e164(printed: str, region: str | None) -> str | None:
    """Give a telephone number in the form of ITU-T E.164, or `None` where no such number can exist.

    Args:
        printed: As printed; `(0)` of the national form may stand in it.
        region: ISO 3166-1 alpha-2 code for a number without a country code.
    """
    import phonenumbers  # noqa: PLC0415 - its tables cost a tenth of a second, and many texts hold no number

    bare = re.sub(r"\(0\)", "", printed)
    attempts = [(bare, region), ("+" + re.sub(r"\D", "", bare), None)]
    if bare.lstrip(" (").startswith("00"):
        attempts = [("+" + re.sub(r"\D", "", bare)[2:], None)]
    elif "+" in bare:
        attempts = attempts[:1]
    for strictness, (form, at) in enumerate(attempts):
        try:
            number = phonenumbers.parse(form, at)
        except phonenumbers.NumberParseException:
            continue
        # A country code without its plus sign is only believed where the whole number exists.
        believed = phonenumbers.is_valid_number if strictness else phonenumbers.is_possible_number
        if believed(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _label_before(line: Line, end: int, start: int, words: Wording) -> _Label | None:
    """Read the label in front of a value, back to the separator before it: `Fax:`, `Tel and fax FIDH :`, `E-mail`."""
    tail_end = end
    while tail_end > start and line.flat[tail_end - 1] in " :.+([\n":
        tail_end -= 1
    tail_start = start
    for separator in _SEPARATOR.finditer(line.flat, max(start, tail_end - 60), tail_end):
        tail_start = separator.end()
    if tail_start == start:
        tail_start = max(start, tail_end - 60)
    while tail_start < tail_end and not line.flat[tail_start].isalnum():
        tail_start += 1
    label = _read_label(line, tail_start, tail_end, words) or _bracketed_label(line, start, tail_end, words)
    stop = line.flat.rfind(". ", tail_start, tail_end)
    return label if label or stop < 0 else _read_label(line, stop + 2, tail_end, words)


def _bracketed_label(line: Line, start: int, end: int, words: Wording) -> _Label | None:
    """Read a label that ends in a bracket, as `X (Twitter)` does; nothing else stands in front of the value."""
    if line.flat[end - 1 : end] != ")":
        return None
    start = max(start, *(line.flat.rfind(sign, start, end) + 1 for sign in ",;:\n|•"))
    start += len(line.flat[start:end]) - len(line.flat[start:end].lstrip())
    label = _read_label(line, start, end, words)
    return label if label and label.holder is None else None


def _read_label(line: Line, start: int, end: int, words: Wording) -> _Label | None:
    kinds: list[str] = []
    at = start
    while found := words.labels.at(line.flat, at, end):
        kinds.append(found[1])
        at += len(found[0])
        joint = _LABEL_JOINT.match(line.flat, at, end)
        if joint is None or not words.labels.at(line.flat, joint.end(), end):
            break
        at = joint.end()
    if not kinds:
        return None
    holder = line.text[at:end].strip(" .:(") or None
    return _Label(tuple(kinds), line.start + start, holder)


def _worded(line: Line, words: Wording, found: list[FoundChannel]) -> Iterator[FoundChannel]:
    """Find labelled values without a shape of their own: `Salutation: Dear Minister`, `Fax: + 7 …`."""
    taken = [one.channel.span for one in found if one.channel.span]
    colon = line.flat.find(":")
    while colon >= 0:
        following = line.flat.find(":", colon + 1)
        behind = len(line.text) - len(line.text[colon + 1 :].lstrip()) + line.start
        is_taken = any(start <= behind < end for start, end in taken)  # most have a shape of their own
        label = None if is_taken else _label_before(line, colon, 0, words)
        if label is not None:
            value = _worded_value(line, colon + 1, following, label.kinds[0])
            if value.text and not any(start < value.end and end > value.start for start, end in taken):
                usable = None if label.kinds[0] in {*NUMBERS, "email"} else value.text
                channel = Channel(label.kinds[0], usable, value.text, (value.start, value.end))
                yield FoundChannel(channel, label.start, label.holder)
        colon = following


def _worded_value(line: Line, start: int, following: int, kind: str) -> Line:
    """Take the words after a label: a salutation or an address to the end of the line, others to the next comma."""
    stops = [line.text.find("\n", start)]
    if kind not in {"post", "salutation"}:
        stops += [line.text.find(",", start), line.text.find(";", start)]
    elif following > 0:
        comma = max(line.text.rfind(sign, start, following) for sign in ",;\n")
        stops.append(comma)
    end = min((stop for stop in stops if stop >= 0), default=len(line.text))
    return line.part(line.start + start, line.start + end)
