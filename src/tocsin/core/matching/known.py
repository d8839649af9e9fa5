"""What a site knows of its appeals beside their codes, and what of it stands in a mail."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tocsin.core.codes import Code
from tocsin.core.matching.evidence import ALIKE, EXACT, PICTURED, SEALED, UNCLEAR, Evidence
from tocsin.core.matching.mail import BODY, FORWARDED, QUOTED, RECIPIENT, SENDER, SUBJECT, THREAD, Mail
from tocsin.core.names import NameIndex, undeclined

_TOKEN: Final = re.compile(r"\+([0-9a-f]{20})@")
_ID: Final = re.compile(r"<([^<>\s]{3,320})>")
_ADDRESS: Final = re.compile(r"[^\s<>\"(),;:]{1,64}@[^\s<>\"(),;:]{1,255}")
_MOST_IDS: Final = 50
_MOST_NAMES: Final = 40
_MOST_STRAIGHTENED: Final = 80
_MOST_TEXT: Final = 3_000
_LIKE_ENOUGH: Final = 0.85
# Words that may be names: in scripts with capitals those that begin with one, in others every word.
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’`][^\W\d_]+)*")
_SMALL: Final = frozenset(("al", "el", "ibn", "bin", "ben", "de", "del", "da", "van", "von", "аль", "ибн"))
_LONGEST_NAME: Final = 4


def _none_of(_: object) -> tuple[Code, ...]:
    return ()


def _no_threads(_: Sequence[str]) -> Mapping[str, Code]:
    return {}


def _no_names() -> "NameIndex[Code] | None":
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What leads to an appeal beside its code. Whatever is answered, only published codes are ever named.

    Attributes:
        token: The appeals to which the token in an address belongs.
        threads: Of Message-IDs, those that belong to an appeal.
        sender: The appeals that ask their readers to write to an address, in small letters.
        names: Those of defenders, each with the code of its appeal; asked for where nothing is sure.
    """

    token: Callable[[str], Iterable[Code]] = _none_of
    threads: Callable[[Sequence[str]], Mapping[str, Code]] = _no_threads
    sender: Callable[[str], Iterable[Code]] = _none_of
    names: Callable[[], "NameIndex[Code] | None"] = _no_names


Published = Callable[[Iterable[Code]], tuple[Code, ...]]


def proofs(mail: Mail, known: Known, published: Published) -> Iterator[Evidence]:
    """Give what proves to which appeal a mail belongs: its token, and the mails that it answers."""
    written = [(start, part) for start, part in mail.parts(RECIPIENT)]
    for start, part in [*written, *((None, each) for each in mail.recipients)]:
        for found in _TOKEN.finditer(part):
            if codes := published(known.token(found[1])):
                yield _one("token", found[1], codes, _span(found, start, 1))
    ids = [(found, start) for start, part in mail.parts(THREAD) for found in _ID.finditer(part)][:_MOST_IDS]
    threads = known.threads(list(dict.fromkeys(found[1] for found, _ in ids))) if ids else {}
    seen = set()
    for found, start in ids:
        codes = published([threads[found[1]]]) if found[1] in threads else ()
        if codes and codes not in seen:
            seen.add(codes)
            yield _one(THREAD, found[1], codes, _span(found, start, 1))


def guesses(mail: Mail, known: Known, published: Published) -> Iterator[Evidence]:
    """Give what makes an appeal likely, and never sure: who wrote, and who is named."""
    for start, part in mail.parts(SENDER):
        # A display name may hold an address that is not the writer's.
        found = list(_ADDRESS.finditer(part))[-1:]
        if found and (codes := published(known.sender(found[0][0].lower()))):
            yield Evidence(SENDER, EXACT if len(codes) == 1 else UNCLEAR, found[0][0], codes, _span(found[0], start))
    if names := known.names():
        yield from _named(mail, names, published)


def unread(mail: Mail) -> Iterator[Evidence]:
    """Give what came with a mail and was not read."""
    for name in mail.unread:
        yield Evidence("unread", PICTURED if name in mail.pictures else SEALED, name)


def _one(rule: str, printed: str, codes: tuple[Code, ...], span: tuple[int, int] | None) -> Evidence:
    return Evidence(rule, EXACT if len(codes) == 1 else UNCLEAR, printed, codes, span)


def _span(found: re.Match[str], start: int | None, group: int = 0) -> tuple[int, int] | None:
    return None if start is None else (start + found.start(group), start + found.end(group))


def _named(mail: Mail, names: "NameIndex[Code]", published: Published) -> Iterator[Evidence]:
    seen: set[tuple[Code, ...]] = set()
    asked, straightened = 0, 0
    for start, part in mail.parts(SUBJECT, BODY, FORWARDED, QUOTED):
        for at, end in _runs(part[:_MOST_TEXT]):
            if asked >= _MOST_NAMES:
                return
            asked += 1
            printed = part[at:end]
            codes = _alike(printed, names, published)
            # A name in a sentence may be bent: what stands in the list is asked for only where the name itself is none.
            guesses = () if codes or straightened >= _MOST_STRAIGHTENED else undeclined(printed)
            straightened += len(guesses)
            codes = codes or next(filter(None, (_alike(each, names, published) for each in guesses)), ())
            if codes and codes not in seen:
                seen.add(codes)
                yield Evidence("name", ALIKE, printed, codes, (start + at, start + end))


def _alike(printed: str, names: "NameIndex[Code]", published: Published) -> tuple[Code, ...]:
    return published(found.key for found in names.find(printed, least=_LIKE_ENOUGH, most=5))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Give stretches of words that may be the name of somebody: two to four, with nothing but spaces between."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and text[run[-1].end() : word.start()].strip(" \t\u00a0"):
            yield from _names_of(run)
            run = []
        if word[0][0].islower() and not (run and word[0].lower() in _SMALL):
            yield from _names_of(run)
            run = []
            continue
        run.append(word)
    yield from _names_of(run)


def _names_of(run: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Take a run as it is where it may be one name; of a longer one, each two neighbours."""
    if 2 <= len(run) <= _LONGEST_NAME:
        yield run[0].start(), run[-1].end()
    if len(run) > 2:
        yield from ((first.start(), second.end()) for first, second in pairwise(run))
