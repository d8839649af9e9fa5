"""Weighing the rules of `rules.toml` over one mail."""

import pkgutil
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import msgspec
import tomli

from tocsin.core.classifying.phrases import Folded, Phrases, fold, sentence
from tocsin.core.matching import BODY, SUBJECT, read_mail

Sureness = Literal["sure", "likely", "unsure"]
SURE: Final = "sure"
LIKELY: Final = "likely"
UNSURE: Final = "unsure"
_ENOUGH: Final = 6
_A_HINT: Final = 3
_AHEAD: Final = 3
# Whoever wants something of an appeal says so at the beginning.
_LONGEST: Final = 8_000
_LOOKED_AT: Final = 40_000
_QUESTION: Final = re.compile(r"[^\s.!?؟…][^.!?؟…\n]{0,200}[?؟](?=[\s\"»”)]|\Z)")
_OF_SERVERS: Final = frozenset({"bounce", "delay", "complaint", "delivered"})
# How to leave a list stands below each mail that it passes on; whoever wants to leave us by one is seen by a person.
_OF_FOOTERS: Final = frozenset({"leaving"})


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a mail before its words are read.

    Attributes:
        sort: As `core.bounces` tells it.
        official: Whether the sender is an address of the directory.
        for_many: Whether it came by a list or by a service that sends for many.
    """

    sort: str = "letter"
    official: bool = False
    for_many: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """One rule that spoke: its name, in which part of the mail, the words, and where they stand in its text."""

    rule: str
    where: str
    words: str = ""
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Classified:
    """What a mail is taken for until a person says it.

    Attributes:
        kind: A code of the list `mail_kinds`.
        response: Of a reply of an authority, a code of the list `responses`; empty where its words do not say it.
        sureness: `sure`, `likely` or `unsure`.
        why: The rules that spoke for it, the weightiest first.
    """

    kind: str
    response: str
    sureness: Sureness
    why: tuple[Why, ...] = ()


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    weight: int
    kind: str = ""
    response: str = ""
    sign: Literal["", "official", "asks"] = ""
    where: tuple[str, ...] = (SUBJECT, BODY)
    phrases: dict[str, list[str]] = {}
    unless: dict[str, list[str]] = {}


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: list[_Rule]


@dataclass(frozen=True, slots=True)
class _Ready:
    rule: _Rule
    says: Phrases
    unless: Phrases


@cache
def rules() -> tuple[_Ready, ...]:
    """Read the rules."""
    table = tomli.loads((pkgutil.get_data(__package__, "rules.toml") or b"").decode())
    return tuple(
        _Ready(each, Phrases(_all(each.phrases)), Phrases(_all(each.unless)))
        for each in msgspec.convert(table, _Rules).rule
    )


def _all(by_language: dict[str, list[str]]) -> list[str]:
    return [phrase for phrases in by_language.values() for phrase in phrases]


def classify(text: str, signs: Signs) -> Classified:
    """Say what a mail is, with the reasons.

    Args:
        text: Header lines, an empty line, and the words of the mail.
        signs: What is known of it besides.
    """
    if signs.sort in _OF_SERVERS:
        return Classified("returned", "", SURE, (Why("report_of_a_server", "header"),))
    if signs.sort == "automatic":
        return Classified("automatic", "", SURE, (Why("answer_of_a_machine", "header"),))
    own = _own_words(text)
    asked = [each for each in rules() if each.rule.kind and not (signs.for_many and each.rule.kind in _OF_FOOTERS)]
    kind, sureness, why = _strongest(asked, own, signs)
    if kind != "authority_reply":
        return Classified(kind or "other", "", sureness, why)
    response, _, because = _strongest([each for each in rules() if each.rule.response], own, signs)
    return Classified(kind, response, sureness, (*why, *because))


@dataclass(frozen=True, slots=True)
class _Words:
    where: str
    start: int
    text: str
    folded: Folded


def _own_words(text: str) -> list[_Words]:
    """Give the subject and what the writer says herself, each stretch with its place."""
    mail = read_mail(text[:_LOOKED_AT])
    found, length = [], 0
    ends = (*mail.starts[1:], len(mail.text))
    for start, end, place in zip(mail.starts, ends, mail.places, strict=True):
        if place in (SUBJECT, BODY) and length < _LONGEST:
            words = text[start : min(end, start + _LONGEST - length)]
            length += len(words)
            found.append(_Words(place, start, words, fold(words)))
    return found


def _strongest(ready: Iterable[_Ready], own: Iterable[_Words], signs: Signs) -> tuple[str, Sureness, tuple[Why, ...]]:
    """Add up what speaks for each kind or response; give the strongest, how sure it is, and its reasons."""
    own, scores = list(own), dict[str, int]()
    spoke: list[tuple[int, str, Why]] = []
    for each in ready:
        if (why := _speaks(each, own, signs)) is not None:
            code = each.rule.kind or each.rule.response
            scores[code] = scores.get(code, 0) + each.rule.weight
            spoke.append((each.rule.weight, code, why))
    if not scores:
        return "", UNSURE, ()
    best, *others = sorted(scores, key=lambda code: -scores[code])
    lead = scores[best] - (scores[others[0]] if others else 0)
    sureness: Sureness = SURE if scores[best] >= _ENOUGH and lead >= _AHEAD else LIKELY if lead else UNSURE
    if scores[best] < _A_HINT:
        return "", UNSURE, ()
    return best, sureness, tuple(why for _, code, why in sorted(spoke, key=lambda one: -one[0]) if code == best)


def _speaks(each: _Ready, own: Iterable[_Words], signs: Signs) -> Why | None:
    if each.rule.sign == "official":
        return Why(each.rule.name, "sender") if signs.official else None
    if each.rule.sign == "asks":
        return _asks(each.rule.name, own)
    for words in own:
        if words.where not in each.rule.where:
            continue
        start = 0
        while found := each.says.find(words.folded, start):
            if each.unless.find(words.folded, *sentence(words.folded, found[0])) is None:
                begin, end = words.folded.span(*found)
                return Why(each.rule.name, words.where, words.text[begin:end], (words.start + begin, words.start + end))
            start = found[1]
    return None


def _asks(rule: str, own: Iterable[_Words]) -> Why | None:
    """Give the first question of the body with its words; a question mark within an address ends no sentence."""
    for words in own:
        if words.where == BODY and (found := _QUESTION.search(words.text)):
            begin, end = found.span()
            return Why(rule, words.where, words.text[begin:end], (words.start + begin, words.start + end))
    return None
