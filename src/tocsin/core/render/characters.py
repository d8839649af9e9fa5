"""Characters that no outlet may print: controls, and those that make text look like other text."""

import re
from collections.abc import Iterator

# C0 and C1 controls but tab and the line breaks, surrogates, non-characters, the byte order mark; the embeddings,
# overrides and isolates of Unicode UAX 9, which one stretch of text could use to turn round what follows it. The
# direction marks (U+200E, U+200F, U+061C) and the joiners stay: Arabic and Persian need them and they turn nothing.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufdd0-\ufdef\u202a-\u202e\u2066-\u206f"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
# What no XML can hold of what may be printed.
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPACES = re.compile(r"[ \t]+")
# The space of French before a double sign and within quotation marks, and that of Russian before a dash: no line may
# break there, though hardly anybody types a no-break space. Other languages have no space in these places.
_TIED = re.compile(r" (?=(?:[:;?!]+|[»—])(?: |$))|(?<=«) ")
# A stretch of Latin script within a right-to-left page, with the digits and signs between its words; the number of a
# house before a street is of it where a text begins so, or it would stand behind the town.
_LATIN = re.compile(r"(?:^[0-9][0-9A-Za-z/-]*,? )?[A-Za-zÀ-ɏ](?:[A-Za-zÀ-ɏ0-9_ .,'’@/:+&-]*[A-Za-zÀ-ɏ0-9])?")


def printable(text: str) -> str:
    """Drop what must not be printed; every letter, mark, digit, sign and space stays."""
    # What Python calls printable holds none of them, and that is told much sooner than it is looked for.
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def in_xml(text: str) -> str:
    """Drop what must not be printed, and what no XML can hold."""
    return text if text.isprintable() else _NO_XML.sub("", printable(text))


def lines_of(text: str) -> list[str]:
    """Split at line breaks of any kind, tidy the spaces and tie signs to their words; empty lines are left out."""
    tidy = (_TIED.sub("\u00a0", _one_space(printable(line)).strip(" ")) for line in text.splitlines())
    return [line for line in tidy if line and not line.isspace()]


def _one_space(line: str) -> str:
    return _SPACES.sub(" ", line) if "  " in line or "\t" in line else line


def one_line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(lines_of(text))


def has_latin(text: str) -> bool:
    """Say whether a text has Latin letters: a date written out in English, say, on a right-to-left page."""
    return _LATIN.search(text) is not None


def latin_pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Cut a text of a right-to-left page into stretches, and say of each whether it is Latin script; some are empty."""
    end = 0
    for match in _LATIN.finditer(text):
        yield False, text[end : match.start()]
        yield True, match[0]
        end = match.end()
    yield False, text[end:]
