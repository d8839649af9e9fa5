"""Where the name of a body begins: behind the post that leads in it, and as far before its acronym as that spells."""

from collections.abc import Sequence

from tocsin.core.reader.facts.name_signs import acronym_behind
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.tokens import Tokens, fold

_LONGEST_BODY = 17  # words
_OPENING_ARTICLES = (["el"], ["la"], ["los"], ["las"])


def acronyms_of(tokens: Tokens) -> list[int]:
    """Give the brackets that hold an acronym; most passages have none."""
    if "(" not in tokens.words:
        return []
    return [at for at, word in enumerate(tokens.words) if word == "(" and acronym_behind(tokens, at) is not None]


def end_of_abbreviated(passage: Passage, at: int, acronyms: Sequence[int]) -> int | None:
    """End a body at the acronym behind it, whatever small words its name holds: "Centro de Paz y Vida (CEPAV)"."""
    tokens = passage.tokens
    if at not in passage.capitals or tokens.folded[at] not in passage.words.organisation_words:
        return None
    last = next((bracket for bracket in acronyms if bracket > at), at)
    if not 2 < last - at < _LONGEST_BODY or not all(map(str.isalpha, tokens.words[at + 1 : last])):
        return None
    acronym = tokens.words[last + 1]
    spelled = acronym[0] == tokens.words[at][0] and _abbreviates(tokens, at, last, fold(acronym))
    return last if spelled else None


def _abbreviates(tokens: Tokens, first: int, last: int, acronym: str) -> bool:
    """Tell whether an acronym is made of how the words of a name begin: CIPROVI of "Centro Idea Pro Vida".

    Its small words may be left out, and of the others one.
    """
    ways = {(0, False)}  # letters given, and whether a word was left out; few, however a name repeats itself
    for word, folded in zip(tokens.words[first:last], tokens.folded[first:last], strict=True):
        small = word[0].islower()
        ways = {
            (given + taken, skipped or not (taken or small))
            for given, skipped in ways
            for taken in range(len(acronym) - given + 1)
            if folded.startswith(acronym[given : given + taken]) and (taken or small or not skipped)
        }
    return any(given == len(acronym) for given, _ in ways)


def behind_lead(passage: Passage, at: int) -> int | None:
    """Pass over the "Presidenta de la" before a body, and the "Igualmente el" that opens a sentence."""
    tokens, words = passage.tokens, passage.words
    word = tokens.folded[at]
    if word in words.organisation_words or word.endswith("s"):
        return None  # "Coordinadora de Mujeres", "Trabajadores de la Salud"
    if word in words.not_names and passage.starts_sentence(at):
        return at + 1 if tokens.words[at + 1 : at + 2] in _OPENING_ARTICLES else None
    post = next((hit for hit in passage.names.get(at, ()) if hit.kind == "member"), None)
    if post is None or tokens.folded[post.last : post.last + 1] not in (["de"], ["del"]):
        return None
    body = post.last + 1 + (tokens.words[post.last + 1 : post.last + 2] in _OPENING_ARTICLES)
    return body if body in passage.capitals and tokens.folded[body] in words.organisation_words else None
