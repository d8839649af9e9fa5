"""What the signs and words of a name show: quotation marks around it, an acronym in brackets, a country."""

from tocsin.core.reader.tokens import Tokens, fold

OPENING = {"“": "”", "‘": "’", "«": "»", '"': '"', "'": "'", "‟": "”", "„": "“"}
_COUNTRY_WORDS = 4


def quoted_end(tokens: Tokens, at: int) -> int | None:
    """Give the word behind a short capitalised name in quotation marks that begins at `at`."""
    if at + 2 >= tokens.count or tokens.words[at] not in OPENING or not tokens.words[at + 1][0].isupper():
        return None
    closing = OPENING[tokens.words[at]]
    for end in range(at + 2, min(at + 7, tokens.count)):
        if tokens.words[end] == closing or (tokens.words[at] in {"‘", "'"} and tokens.words[end] in {"’", "'"}):
            return end + 1
        if not tokens.words[end][0].isalnum():
            return None
    return None


def acronym_behind(tokens: Tokens, last: int) -> str | None:
    """Give the capitals in brackets behind a name: "Velm Legal Aid Centre (VLAC)"."""
    if last + 2 < tokens.count and tokens.words[last] == "(" and tokens.words[last + 2] == ")":
        word = tokens.words[last + 1]
        if word.isupper() and 2 <= len(word) <= 12:
            return word
    return None


def spells(tokens: Tokens, first: int, last: int, acronym: str) -> bool:
    """Tell whether an acronym is made of the first letters of a name, with those of its small words or without."""
    letters = [fold(word)[:1] for word in tokens.words[first:last] if word[0].isalpha()]
    capitals = [fold(word)[:1] for word in tokens.words[first:last] if word[0].isupper()]
    return fold(acronym) in ("".join(letters), "".join(capitals))


def is_country(tokens: Tokens, first: int, last: int, country_names: frozenset[str]) -> bool:
    """Tell whether words are the name of a country or a nationality."""
    if last - first == 1:
        return tokens.folded[first] in country_names
    return last - first <= _COUNTRY_WORDS and fold(tokens.slice(first, last)) in country_names
