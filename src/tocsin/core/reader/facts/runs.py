"""Runs of capitalised words: the raw material of names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.tokens import Tokens, fold

Sort = Literal["person", "organisation", "place", "unknown"]
_OPENING = {"“": "”", "‘": "’", "«": "»", '"': '"', "'": "'", "‟": "”", "„": "“"}
_COUNTRY_WORDS = 4


@dataclass(frozen=True, slots=True)
class Run:
    """Words `first` to `last` (not included) that look like a name.

    `start` is the first word with the titles or common nouns that lead in; `inner` the words in quotation marks at its
    end, if any; `sort` what the words by themselves show it to be; `place_kind` the kind of place.
    """

    first: int
    last: int
    start: int
    sort: Sort
    title: str | None = None
    place_kind: str | None = None
    acronym: str | None = None


def find_runs(passage: Passage, country_names: frozenset[str]) -> list[Run]:
    """Find the runs of a passage from left to right."""
    runs: list[Run] = []
    at = 0
    while at < len(passage.tokens):
        run = _run_at(passage, at, country_names)
        if run is None:
            at += 1
            continue
        runs.append(run)
        at = max(run.last, at + 1)
    return list(_share_titles(passage, runs))


def _run_at(passage: Passage, at: int, country_names: frozenset[str]) -> Run | None:
    tokens = passage.tokens
    title, first = _titles(passage, at)
    if title is None and not tokens.words[at][0].isupper():
        return _named_run(passage, at)
    if (
        first >= len(tokens)
        or not tokens.words[first][0].isupper()
        or tokens.words[first][-1:] == "."
        and title is None
    ):
        return None
    last = _end_of_capitals(passage, first)
    if title is not None:
        last = _without_organisation(passage, first, last)
        return Run(first, last, at, "person", title) if last > first else None
    return _classified(passage, first, last, country_names)


def _titles(passage: Passage, at: int) -> tuple[str | None, int]:
    """Read "H.E. Ms." before a name; give the last title and the word behind."""
    title = None
    while hit := next((hit for hit in passage.names.get(at, ()) if hit.kind == "title"), None):
        title, at = hit.value, hit.last
        if at < len(passage.tokens) and passage.tokens.words[at] == ".":
            at += 1
    return title, at


def _end_of_capitals(passage: Passage, first: int) -> int:
    """Extend over capitalised words, and over particles ("de la", "bin", "al") between two of them."""
    tokens, particles = passage.tokens, passage.words.particles
    last = first + 1
    while last < len(tokens):
        word = tokens.words[last]
        if word[0].isupper() and not (passage.starts_sentence(last) and tokens.words[last - 1] != "."):
            last += 1
            continue
        if (
            word == "."
            and len(tokens.words[last - 1]) == 1
            and last + 1 < len(tokens)
            and tokens.words[last + 1][0].isupper()
        ):
            last += 1
            continue
        ahead = last
        while ahead < len(tokens) and ahead - last < 3 and tokens.folded[ahead] in particles:
            ahead += 1
        if ahead == last or ahead >= len(tokens) or not tokens.words[ahead][0].isupper():
            break
        last = ahead + 1
    return last


def _without_organisation(passage: Passage, first: int, last: int) -> int:
    """Cut "Ms. Lena Marosh Director" at a word that is never a name."""
    for at in range(first, last):
        if at > first and passage.tokens.folded[at] in passage.words.organisation_words | passage.words.not_names:
            return at
    return last


def _classified(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> Run | None:
    words, tokens = passage.words, passage.tokens
    if any(hit.kind in {"instrument", "law"} and hit.first < last and first < hit.last for hit in passage.justice):
        return None
    first = _trimmed(passage, first, last)
    if first >= last or tokens.folded[first].isdigit():
        return None
    if any(fold_word in words.organisation_words for fold_word in tokens.folded[first:last]):
        return _institution(passage, first, last, country_names)
    if _is_country(tokens, first, last, country_names):
        return None
    if last - first == 1 and tokens.folded[first] in words.not_names:
        return None
    place_kind = _place_kind(passage, first, last)
    if place_kind is not None:
        return Run(first, place_kind[1], first, "place", place_kind=place_kind[0])
    word = tokens.words[first]
    if last - first == 1 and word.isupper() and 2 <= len(word) <= 10:
        return Run(first, last, first, "organisation", acronym=word)
    quoted = _quoted_end(tokens, last)
    if quoted is not None and not _person_before_quote(passage, first, last):
        return Run(first, quoted, first, "organisation")
    return Run(first, last, first, "unknown")


def _trimmed(passage: Passage, first: int, last: int) -> int:
    """Drop leading words that are capitalised only because a sentence begins, or that are never part of a name."""
    words, tokens = passage.words, passage.tokens
    while first < last:
        word = tokens.folded[first]
        if word in words.function_words:
            first += 1
        elif (
            word in words.not_names
            and word not in words.organisation_words
            and not _in_organisation(passage, first, last)
        ):
            first += 1
        else:
            break
    return first


def _in_organisation(passage: Passage, first: int, last: int) -> bool:
    """Tell whether a common noun is the first word of an organisation's name ("Human Rights Centre Veld")."""
    organisation = passage.words.organisation_words
    return any(word in organisation for word in passage.tokens.folded[first + 1 : last])


def _institution(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> Run | None:
    tokens, words = passage.tokens, passage.words
    last = _linked(passage, first, last, country_names)
    if last - first == 1 and tokens.folded[first] in words.not_names:
        quoted = _quoted_end(tokens, last)
        return Run(first, quoted, first, "organisation") if quoted is not None else None
    place_kind = _place_kind(passage, first, last)
    if place_kind is not None and place_kind[0] != "court":
        return Run(first, place_kind[1], first, "place", place_kind=place_kind[0])
    last = _quoted_end(tokens, last) or last
    acronym = _acronym_behind(tokens, last)
    return Run(first, last, first, "organisation", acronym=acronym)


def _linked(passage: Passage, first: int, last: int, country_names: frozenset[str]) -> int:
    """Extend "Committee" over "for the Defence of Land", but not over "and Lena Marosh" or "of Zarvania"."""
    tokens, words = passage.tokens, passage.words
    for _ in range(4):
        ahead = last
        while ahead < len(tokens) and ahead - last < 3 and tokens.folded[ahead] in words.organisation_links:
            ahead += 1
        if ahead == last or ahead >= len(tokens) or not tokens.words[ahead][0].isupper():
            break
        link = tokens.folded[last]
        end = _end_of_capitals(passage, ahead)
        if link in {"and", "et", "y", "e", "&", "in", "to", "with", "on"} and (end - ahead > 1 or last - first < 3):
            break
        if _is_country(tokens, ahead, end, country_names) or any(
            hit.kind == "title" for hit in passage.names.get(ahead, ())
        ):
            break
        last = end
    return last


def _place_kind(passage: Passage, first: int, last: int) -> tuple[str, int] | None:
    """Find the word that makes the run a place, inside it ("Velm Central Prison") or just behind ("Velm district")."""
    inside: list[str] = []
    for at in range(first, last):
        for hit in passage.names.get(at, ()):
            if hit.kind == "place" and hit.last <= last and last - first > 1:
                inside.append(hit.value)
    if inside:
        return next((kind for kind in inside if kind not in {"city", "district", "region"}), inside[0]), last
    for hit in passage.names.get(last, ()):
        if hit.kind == "place" and "of" not in passage.tokens.folded[hit.first : hit.last]:
            return hit.value, hit.last
    return None


def _named_run(passage: Passage, at: int) -> Run | None:
    """Read "coworking centre ‘Dawn’": a common noun and a name in quotation marks."""
    for hit in passage.names.get(at, ()):
        if hit.kind == "named":
            quoted = _quoted_end(passage.tokens, hit.last)
            if quoted is not None:
                return Run(hit.first, quoted, hit.first, "organisation")
    return None


def _quoted_end(tokens: Tokens, at: int) -> int | None:
    """Give the word behind a short capitalised name in quotation marks that begins at `at`."""
    if at + 2 >= len(tokens) or tokens.words[at] not in _OPENING or not tokens.words[at + 1][0].isupper():
        return None
    closing = _OPENING[tokens.words[at]]
    for end in range(at + 2, min(at + 7, len(tokens))):
        if tokens.words[end] in {closing, "’", "'"} and tokens.words[at] in {"‘", "'", tokens.words[at]}:
            if tokens.words[end] == closing or tokens.words[at] in {"‘", "'"}:
                return end + 1
        elif not tokens.words[end][0].isalnum():
            return None
    return None


def _person_before_quote(passage: Passage, first: int, last: int) -> bool:
    """Tell whether the quotation mark opens a nickname or speech behind a person's name."""
    return last - first >= 2 and not any(
        word in passage.words.organisation_words for word in passage.tokens.folded[first:last]
    )


def _acronym_behind(tokens: Tokens, last: int) -> str | None:
    if last + 2 < len(tokens) and tokens.words[last] == "(" and tokens.words[last + 2] == ")":
        word = tokens.words[last + 1]
        if word.isupper() and 2 <= len(word) <= 12:
            return word
    return None


def _is_country(tokens: Tokens, first: int, last: int, country_names: frozenset[str]) -> bool:
    return last - first <= _COUNTRY_WORDS and fold(tokens.slice(first, last)) in country_names


def _share_titles(passage: Passage, runs: list[Run]) -> Iterator[Run]:
    """Give "Mses. A and B" and "Messrs. A, B and C" their title each."""
    shared: str | None = None
    previous: Run | None = None
    for run in runs:
        title = run.title
        if title is not None and title.endswith("(plural)"):
            shared = title.removesuffix(" (plural)")
            title = shared
        elif (
            title is None
            and shared is not None
            and previous is not None
            and _continues_list(passage.tokens, previous, run)
        ):
            title = shared
        else:
            shared = None
        sort: Sort = "person" if title is not None and run.sort in {"person", "unknown"} else run.sort
        previous = Run(run.first, run.last, run.start, sort, title, run.place_kind, run.acronym)
        yield previous


def _continues_list(tokens: Tokens, before: Run, run: Run) -> bool:
    gap = tokens.folded[before.last : run.start]
    return len(gap) <= 2 and all(word in {",", "and", "et", "y", "e", "&"} for word in gap)
