"""Laws and treaties the text cites, with the article and the right it names."""

import re

from msgspec import Struct

from tocsin.core.appeal import Law
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.tokens import within

_ITS = frozenset(
    {
        "its",
        "particular",
        "particularly",
        "especially",
        "notamment",
        "particulier",
        "ses",
        "sus",
        "especial",
        "particularmente",
        "especialmente",
    }
)
_BETWEEN_NUMBERS = re.compile(r"\s*(?:,|\band\b|\bet\b|\by\b)\s*(?=\d)")
_LINKS = frozenset("of the de du des la le les l' del d' et and y e".split())
_SUBJECT_LINKS = frozenset("on sur sobre for against contre contra".split())
_NUMBER_WORDS = frozenset(
    {
        ",",
        "and",
        "et",
        "y",
        "(",
        ")",
        "-",
        "–",
        "to",
        "al",
        "à",
        "bis",
        "ter",
        "/",
        ".",
        "par",
        "paragraph",
        "paragraphs",
    }
)
_BEFORE_ARTICLE = 16  # words between a treaty and "in particular its Article 5"
_RIGHT_ENDS = frozenset(
    "as which enshrined guaranteed protected under in by and that , . ; ( recognised recognized consacre garanti "
    "garantie consagrado garantizado protege tel tal conforme prevu".split()
)


class Provision(Struct, frozen=True, gc=False):
    """An article of a law, such as "Article 378 of the Criminal Code of Zarvania".

    Words `first` to `last` (not included) name it; `article` and `law` are as printed, `instrument` is the code.
    """

    first: int
    last: int
    article: str
    law: str | None
    instrument: str | None


def provisions(passage: Passage) -> list[Provision]:
    """Find the articles a passage names, each with its law."""
    found: list[Provision] = []
    for hit in passage.justice:
        if hit.kind != "article" or (found and hit.first < found[-1].last):
            continue
        end = _numbers_end(passage, hit.last)
        if end is None:
            continue
        law = _law_behind(passage, end) or _law_before(passage, hit.first)
        article = passage.tokens.slice(hit.first, end)
        if law is None:
            found.append(Provision(hit.first, end, article, None, None))
        else:
            first, last = min(hit.first, law[0]), max(end, law[1])
            found.append(Provision(first, last, article, passage.tokens.slice(law[0], law[1]), law[2]))
    return found


def read_laws(passage: Passage) -> list[Law]:
    """Find the laws and treaties a passage cites."""
    laws: list[Law] = []
    articles = provisions(passage)
    if not articles and not passage.instruments:
        return laws
    taken = {at for provision in articles for at in range(provision.first, provision.last)}
    instruments = {hit.first for hit in passage.instruments if hit.kind == "instrument"}
    for provision in articles:
        printed = passage.tokens.slice(provision.first, provision.last)
        if provision.law is not None:
            span, right = passage.tokens.span(provision.first, provision.last), _right(passage, provision.first)
            instrument = provision.instrument or "other"
            laws += [Law(instrument, printed, number, right, span) for number in _numbers(provision.article)]
    for hit in passage.instruments:
        if hit.first in taken:
            continue
        capital = passage.tokens.words[hit.first][0].isupper()
        if hit.kind == "law" and (not capital or hit.first in instruments):
            continue
        if not capital and hit.last - hit.first < 2:
            continue
        last = _name_end(passage, hit.last) if hit.kind == "law" else hit.last
        if hit.kind == "law" and last == hit.first + 1:
            continue
        laws.append(
            Law(
                hit.value if hit.kind == "instrument" else "other",
                passage.tokens.slice(hit.first, last),
                None,
                _right(passage, hit.first),
                passage.tokens.span(hit.first, last),
            )
        )
    return laws


def _numbers(article: str) -> list[str]:
    """Part "Articles 9 and 14 (3)" into "9" and "14 (3)"."""
    rest = article.split(None, 1)[-1]
    return [part.strip(" ,") for part in _BETWEEN_NUMBERS.split(rest) if part.strip(" ,")]


def _numbers_end(passage: Passage, at: int) -> int | None:
    """Give the word behind "378", "9 and 14", "361-2 (3)"."""
    words, end = passage.tokens.words, None
    for here in range(at, min(at + 14, len(words))):
        if words[here][0].isdecimal():
            end = here + 1
        elif not (
            words[here].lower() in _NUMBER_WORDS
            or (end is not None and len(words[here]) == 1 and words[here].isalpha())
        ):
            break
    if end is not None and end < len(words) and words[end] == ")" and "(" in words[at:end]:
        end += 1
    return end


def _law_behind(passage: Passage, at: int) -> tuple[int, int, str | None] | None:
    """Read "of the Criminal Code of Zarvania" behind an article: its first word, the word behind, its code."""
    folded = passage.tokens.folded
    here = at
    while here < len(folded) and here - at < 4 and folded[here] in _LINKS:
        here += 1
    if here == at or here >= len(folded):
        return None
    named = within(passage.instruments, here, here + 4)
    if not named and not passage.tokens.words[here][0].isupper():
        return None
    instrument = next((hit.value for hit in named if hit.kind == "instrument"), None)
    last = max([hit.last for hit in named] or [here + 1])
    return here, _name_end(passage, last), instrument


def _law_before(passage: Passage, at: int) -> tuple[int, int, str | None] | None:
    """Read "the Declaration on …, in particular its Articles 1 and 5": the instrument named just before."""
    before = within(passage.instruments, at - 2 * _BEFORE_ARTICLE, at)
    named = [hit for hit in before if hit.kind == "instrument" and 0 <= at - hit.last <= _BEFORE_ARTICLE]
    between = passage.tokens.folded[named[-1].last : at] if named else []
    if not named or _ITS.isdisjoint(between) or not {".", ";"}.isdisjoint(between):
        return None
    return named[-1].first, named[-1].last, named[-1].value


def _name_end(passage: Passage, at: int) -> int:
    """Extend the name of a law over capitalised words: "Criminal Code" + "of Zarvania", "Law" + "on Public Order"."""
    words, folded = passage.tokens.words, passage.tokens.folded
    last = at
    while last < len(words):
        ahead = last
        while ahead < len(words) and ahead - last < 3 and (folded[ahead] in _LINKS or folded[ahead] in _SUBJECT_LINKS):
            ahead += 1
        if (
            ahead >= len(words)
            or not (words[ahead][0].isupper() or words[ahead][0].isdecimal())
            or (ahead > last and folded[last] in {"and", "et", "y", "e"})
        ):
            break
        last = ahead + 1
    return last


def _right(passage: Passage, before: int) -> str | None:
    """Read "the right to freedom of association as enshrined in …": the words between."""
    openers = within(passage.rights, before - 30, before)
    if not openers:
        return None
    first = openers[-1].last
    last = first
    while last < before and passage.tokens.folded[last] not in _RIGHT_ENDS:
        last += 1
    return passage.tokens.slice(first, last) or None
