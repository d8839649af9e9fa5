"""From the text as received to the normalised source text that every span points into.

Only white space, invisible marks, quote signs and the scars of wrong decoding change; no readable word is dropped.
Every step is linear in the length of the text.
"""

import html
import re
import unicodedata
from collections import Counter
from itertools import pairwise

from tocsin.core.reader.western import unusual

_ROUNDS = 8
"""Mending can uncover more to mend (an entity inside mojibake); more than two rounds only happens on purpose."""

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ODD_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_MARKS = "\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{_MARKS}\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]+")
# Joiners are letters' business in Arabic and Indic scripts, and noise everywhere else.
_JOINERS = re.compile("(?<![\u0600-\u06ff\u0750-\u077f\u0900-\u0dff])[\u200c\u200d]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ODD_POINTS = "\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u200c\u200d\u2028-\u202f\u205f\u3000\ud800-\udfff"
_ODD = re.compile(f"[{_ODD_POINTS}{_MARKS}]")
# Western letters with their accents and typographic signs are composed; whatever else there is may not be.
_MAY_COMPOSE = re.compile("[^\x00-\u02ff\u2010-\u2027\u2030-\u203a\u20ac\u2122]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)+")


def normalise(raw: str) -> str:
    r"""Give the normalised source text.

    Composed characters (NFC), `\n` line ends, one space at most, at most one blank line, one paragraph a line. Mojibake
    (UTF-8 read as Windows-1252 or Latin-1, Windows-1251 read as Latin-1) and left-over HTML entities are mended,
    invisible marks and `>` quoting removed, hard-wrapped lines joined. Idempotent.
    """
    text = raw.strip()
    for _ in range(_ROUNDS):
        before, text = text, _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    text = _characters(text)
    if ">" in text:
        text = _QUOTING.sub("", text)
    text = _tidy(text)
    unwrapped = _unwrap(text)
    return text if unwrapped is text else _tidy(unwrapped)


def _characters(text: str) -> str:
    """Mend single characters; what may need it is looked for among the few that are not plain."""
    # What stands side by side in the text does so among its unusual signs; the reverse is for each step to look at.
    signs = unusual(text)
    if _SURE_LEAD.search(signs):
        text = _mend_utf8(text)
        signs = unusual(text)
    if _HIGH_RUN.search(signs):
        text = _mend_cyrillic(text)
        signs = unusual(text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), _AMPERSANDS.sub("&", text))
        signs = unusual(text)
    if _ODD.search(signs):
        text = _SURROGATES.sub("\ufffd", _SOFT_BREAK.sub("", text))
        text = _ODD_SPACE.sub(" ", _LINE_ENDS.sub("\n", text))
        text = _JOINERS.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", text) if _MAY_COMPOSE.search(signs) else text


_SOFT_BREAK = re.compile("\u00ad[ \t]*\r?\n[ \t>]*")
_QUOTING = re.compile(r"^(?:[ ]?>)+[ ]?", re.MULTILINE)
_SPACE_RUN = re.compile(r" {2,}")
_BLANK_RUN = re.compile(r"\n{3,}")


def _tidy(text: str) -> str:
    """Collapse spaces and blank lines."""
    if "  " in text:
        text = _SPACE_RUN.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in text:
        text = _BLANK_RUN.sub("\n\n", text)
    return text.strip()


# --- Mojibake -------------------------------------------------------------------------------------------------------


def _bytes_of_windows_1252() -> dict[int, int]:
    """Map each character that Windows-1252 or Latin-1 shows for a byte from 0x80 to that byte."""
    table = {byte: byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        shown = bytes([byte]).decode("cp1252", errors="ignore")
        if shown:
            table[ord(shown)] = byte
    return table


_BYTE_OF = _bytes_of_windows_1252()
_CONTINUATION = "[" + "".join(re.escape(chr(c)) for c, byte in _BYTE_OF.items() if byte < 0xC0) + "]"
_UTF8_AS_1252 = re.compile(
    f"[\xc2-\xdf]{_CONTINUATION}|[\xe0-\xef]{_CONTINUATION}{{2}}|[\xf0-\xf4]{_CONTINUATION}{{3}}"
)
# `à` is 0xC3 0xA0: the second half often became a plain space; `”` is 0xE2 0x80 0x9D: the last byte shows as nothing.
_HALF_LOST = re.compile(f"\xc3(?= )|\xe2\u20ac(?!{_CONTINUATION})")
_HALF_LOST_MEANS = {"\xc3": "\xe0", "\xe2\u20ac": "\u201d"}
# One set of characters first, which the search then looks for by itself.
_SURE_LEAD = re.compile(f"[\xc2\xc3\xc5\xd0\xd1\xd8\xd9\xe2](?:(?<!\xe2){_CONTINUATION}|(?<=\xe2)\u20ac)")


def _mend_utf8(text: str) -> str:
    """Decode again each character whose UTF-8 bytes were shown as Windows-1252 or Latin-1."""
    if not _SURE_LEAD.search(text):
        return text
    mended = _UTF8_AS_1252.sub(_decode_again, text)
    return _HALF_LOST.sub(lambda match: _HALF_LOST_MEANS[match[0]], mended)


def _decode_again(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[ord(c)] for c in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


_HIGH = "\u00a8\u00b8\u00c0-\u00ff"
_HIGH_RUN = re.compile(f"[{_HIGH}]" * 3)
_HIGH_WORD = re.compile(f"(?<![A-Za-z{_HIGH}])[{_HIGH}]{{3,}}(?![A-Za-z{_HIGH}])")
_SHORT_HIGH_WORD = re.compile(f"(?<![A-Za-z{_HIGH}])[{_HIGH}]{{1,2}}(?![A-Za-z{_HIGH}])")


def _mend_cyrillic(text: str) -> str:
    """Decode again words of Windows-1251 that were shown as Latin-1: they consist of accented letters alone."""
    if not _HIGH_RUN.search(text) or sum(len(word) for word in _HIGH_WORD.findall(text)) < 10:
        return text
    return "\n".join(_mend_cyrillic_line(line) for line in text.split("\n"))


def _mend_cyrillic_line(line: str) -> str:
    mended, count = _HIGH_WORD.subn(_as_cyrillic, line)
    # A word of one or two accented letters may be French or Spanish; between Russian words it is Russian.
    return _SHORT_HIGH_WORD.sub(_as_cyrillic, mended) if count >= 2 else mended


def _as_cyrillic(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1251")


# --- Hard wraps -----------------------------------------------------------------------------------------------------

# Mail is wrapped at 60 to 80 columns, a PDF page at up to 130.
_NARROWEST, _MONOSPACED, _WIDEST = 45, 90, 140
_ENDS_SENTENCE = (".", ";", ":", "!", "?", "…", "/", "»", "”")
# No line of its own ends so, whatever follows: pages of the web break lines where their source does.
_DANGLES = re.compile(
    r"(?:\A|\s)(?:Messrs\.|M(?:r|s|rs|mes)\.|Dr\.|Sra?\.|Mme|[Oo]n|[Tt]he|[Ww]e|[Oo]ur|of|in|at|to|by|for|with|from|and|de|del|du|des|"
    r"las?|les?|los|et|y|por|para|pour|par)\Z"
)
_LIST_SIGN = re.compile(r"(?:[-–—•·*▪◦‣]|\(?(?:[ivx]{1,5}|\d{1,2}|[a-z])[.)]) ?|\[\d{1,3}\]|[¹²³]|[^\W\d_]\S{0,29}:")
_HYPHEN_END = re.compile(r"[^\W\d_]{2,}-\Z")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND_HEADS = frozenset(
    "anti co counter cross ex follow full half human ill inter long mid multi non one part post pre pro self semi "
    "short sous sub two three under vice well year arrière au avant ci celle celui là rendez".split()
)


def _unwrap(text: str) -> str:
    """Join the lines of hard-wrapped paragraphs; leave a text alone that shows no sign of hard wraps."""
    lines = text.split("\n")
    width = _wrap_width(lines)
    if width is None:
        return text
    words: Counter[str] | None = None
    paragraphs: list[list[str]] = []
    length, last = 0, ""  # of the paragraph being built, and its last printed line
    for line in lines:
        if not (line and last and _is_wrapped(length, last, line, width)):
            paragraphs.append([line])
            length = len(line)
        elif _HYPHEN_END.search(last) and line[0].islower():
            words = words if words is not None else Counter(_WORD.findall(text))
            paragraphs[-1][-1:] = [_join_hyphenated(paragraphs[-1][-1], line, words)]
            length += len(line)
        else:
            paragraphs[-1].append(line)
            length += len(line) + 1
        last = line
    return "\n".join(" ".join(pieces) for pieces in paragraphs)


def _wrap_width(lines: list[str]) -> int | None:
    """Estimate the column of the wraps: the longest line that is continued in lower case by the next."""
    continued = [
        len(line)
        for line, following in pairwise(lines)
        if _NARROWEST <= len(line) <= _WIDEST and _continues(line, following)
    ]
    return max(continued) if len(continued) >= 2 else None


def _continues(line: str, following: str) -> bool:
    return following[:1].islower() and not line.endswith(_ENDS_SENTENCE) and not _LIST_SIGN.match(following)


def _is_wrapped(length: int, line: str, following: str, width: int) -> bool:
    """Whether `following` goes on with the paragraph of this length that ends in `line`."""
    if (length >= _NARROWEST and _continues(line, following)) or _DANGLES.search(line, max(0, len(line) - 8)):
        return True
    if (
        len(line) > width + 8
        or (line.endswith(":") and following[:1].isupper() and "@" not in following)
        or _starts_list(following, line)
    ):
        return False
    if width > _MONOSPACED and len(line) > width * 0.75:
        return True  # a page set in proportional type, whose paragraphs stand apart: its lines end where they happen to
    # A break is a wrap when the next word would not have fitted on the line.
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width


def _starts_list(line: str, before: str) -> bool:
    """Whether a line opens an item, a note or a heading; a lone dash or digit inside a sentence does not."""
    if before.endswith(_ENDS_SENTENCE) and line.endswith(":") and len(line) < 60:
        return True
    sign = _LIST_SIGN.match(line)
    return sign is not None and (before.endswith(_ENDS_SENTENCE) or not line[sign.end() : sign.end() + 1].islower())


def _join_hyphenated(line: str, following: str, words: Counter[str]) -> str:
    """Drop a hyphen that only the wrap needed; keep that of a compound."""
    tail, head = _WORD.findall(line[-40:])[-1], _WORD.match(following)
    rest = head[0] if head else ""
    is_compound = tail in _COMPOUND_HEADS or (words[tail] > 1 and words[rest] > 1)
    if words[tail + rest] or (tail.islower() and not is_compound):
        return line[:-1] + following
    return line + following
