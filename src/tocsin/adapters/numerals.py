"""Numbers of list items as they are printed; styles have the names of ECMA-376 (`ST_NumberFormat`)."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def ordinal(number: int, style: str) -> str:
    """Write `number` in `style`; a style that we do not know, or a number beyond it, is written in digits."""
    if style.endswith("Roman") and 0 < number <= _LARGEST_ROMAN:
        written = _roman(number)
    elif style.endswith("Letter") and number > 0:
        written = _letters(number, _LATIN)
    elif style.startswith("russian") and number > 0:
        written = _letters(number, _RUSSIAN)
    else:
        return f"{number:02d}" if style == "decimalZero" else str(number)
    return written.upper() if style.startswith(("upper", "russianUpper")) else written


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def _letters(number: int, alphabet: str) -> str:
    """Letters are doubled after the last one: z, aa, bb."""
    rounds, place = divmod(number - 1, len(alphabet))
    return alphabet[place] * min(rounds + 1, 10)


def whole(text: str, otherwise: int) -> int:
    """Read a number written in digits; `otherwise` where it is none, or absurdly long."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
