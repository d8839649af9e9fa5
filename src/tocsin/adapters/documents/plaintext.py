"""Bytes to text: which encoding they are in, said aloud where it was guessed."""

import codecs
import re

from tocsin.core.errors import BinaryInput, UndecodableInput

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_MOST_CONTROLS = 0.01
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_GOOD_PER_BAD = 10
_PLAIN_SIGNS = dict.fromkeys(range(0x80))
# Of a Western text an eighth is beyond ASCII at most; of a Russian one most is, but hardly any of that is no letter.
_TEXT_PER_BEYOND, _BEYOND_PER_SIGN = 4, 8
# Latin, Greek, Cyrillic, Armenian, Hebrew and Arabic come before it.
_BEYOND_OUR_SCRIPTS = "\u0780"
# Encodings whose bytes are valid ASCII or hold NULs, so that nothing but the declaration tells them.
_ONLY_BY_DECLARATION = ("utf-7", "utf-16", "utf-32", "iso2022", "hz")
# Codecs of Python that are no encoding of text in files; some of them take minutes over hostile bytes.
_NOT_FOR_FILES = frozenset(
    {
        "idna",
        "punycode",
        "unicode-escape",
        "raw-unicode-escape",
        "undefined",
        "mbcs",
        "oem",
    }
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    r"""Decode text; a byte order mark decides, then UTF-8, then `declared`, then a guess between two code pages.

    UTF-8 goes before what a page or mail says about itself, because text that is valid UTF-8 by chance hardly exists
    and wrong declarations are common.

    Returns:
        The text with `\\n` as its only line end, and the warnings.

    Raises:
        BinaryInput: NUL or many control characters.
        UndecodableInput: No encoding fits.
    """
    text, warnings = _decode(data, declared)
    return tidy(text), warnings


def tidy(text: str) -> str:
    r"""Make `\\n` the only line end, and show each character that no text holds as U+FFFD instead of dropping it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    return _UNPRINTABLE.sub("\ufffd", text)


def _decode(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise UndecodableInput(
                    f"it begins as {encoding.upper()}, but byte {error.start} does not fit",
                    hint="the file may be cut off",
                ) from None
    if declared and _codec(declared).startswith(_ONLY_BY_DECLARATION) and (text := _try(data, declared)) is not None:
        return text, ()
    if (text := _unmarked_utf_16(data)) is not None:
        return text, ("the encoding was guessed as UTF-16: it begins with no byte order mark",)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if b"\0" in data or controls > max(1, len(data) * _MOST_CONTROLS):
        raise BinaryInput("this is not text and not a known document type")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _decode_otherwise(data, declared)


def _unmarked_utf_16(data: bytes) -> str | None:
    """Decode UTF-16 that begins with no mark, as telephones save it; None where it is none.

    In text, line ends and spaces have their NUL on the same side of each pair and no pair is a control character;
    programs and pictures hold NULs on both sides.
    """
    low, high = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or (low == 0) == (high == 0):
        return None
    text = _try(data, "utf-16-be" if low else "utf-16-le")
    return None if text is None or _UNPRINTABLE.search(text) or not _is_written(text) else text


def _is_written(text: str) -> bool:
    """Tell text from pairs of bytes that happen to be characters: most of these are in no script that we read."""
    return sum(1 for each in text if each < _BEYOND_OUR_SCRIPTS or "\u2000" <= each <= "\u206f") * 10 >= len(text) * 9


def _decode_otherwise(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    mended = data.decode("utf-8", "replace")
    bad = mended.count("\ufffd")
    good = sum(1 for character in mended if character > "\x7f") - bad
    if good > bad * _GOOD_PER_BAD:
        return mended, (f"the text is UTF-8, but {bad} places in it are not and are shown as \ufffd",)
    if declared and (text := _try(data, declared)) is not None:
        return text, ()
    guess, name = (
        ("cp1251", "Windows-1251 (Cyrillic)") if _looks_cyrillic(data) else ("cp1252", "Windows-1252 (Western)")
    )
    text = _try(data, guess)
    if text is None or _is_garbled(text):
        raise UndecodableInput("it is in no encoding that we read", hint="save it as UTF-8")
    return text, (f"the encoding was guessed as {name}: look whether the accented letters are right",)


def _is_garbled(text: str) -> bool:
    """Tell what a guess makes of Chinese, Japanese or Korean: much beyond ASCII, and many signs in it."""
    beyond = text.translate(_PLAIN_SIGNS)
    signs = sum(1 for character in beyond if not character.isalpha())
    return len(beyond) * _TEXT_PER_BEYOND > len(text) and signs * _BEYOND_PER_SIGN > len(beyond)


def _codec(encoding: str) -> str:
    """Give Python's name of an encoding; empty where it has none, or one that is not for files."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return ""
    return "" if name in _NOT_FOR_FILES else name


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(codec) if (codec := _codec(encoding)) else None
    except (UnicodeError, LookupError):
        return None


def _looks_cyrillic(data: bytes) -> bool:
    """Tell Cyrillic words from accents: letters of the upper half stand in rows there, and one by one in French."""
    letters = re.findall(rb"[\xc0-\xff]+", data)
    in_rows = sum(len(row) for row in letters if len(row) > 2)
    return in_rows * 2 > sum(map(len, letters))
