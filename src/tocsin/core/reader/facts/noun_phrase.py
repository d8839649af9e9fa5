"""Noun phrases, and when two that stand side by side are one: lists, and names that say who somebody is."""

import re
from collections.abc import Collection, Sequence
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.reader.facts.entities import Entity, Mention
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES, SENTENCE_ENDS
from tocsin.core.reader.tokens import fold, within

_NAME = attrgetter("name")
_PLURAL = re.compile(r"s(?:\s|$)")  # the end of a word
_AND = frozenset({"and", "et", "y", "e"})
_REPEATED = frozenset({"a", "al", "de", "del", "du", "d'", "to", "of", "against", "contra", "contre"})
_LIST_WORDS = frozenset(
    {",", "and", "et", "y", "e", "&", "as", "well", "along", "with", "ainsi", "que", "así", "asi", "como"}
)
_CLAUSE = 12  # words between a verb and whom it is done to
_LONGEST_WHAT = 3  # words of "schoolteacher" between commas
_SHORT_POST = 4  # words behind "the mayor", up to a comma
_LONGEST_POST = 6  # words of "of the Interior" between who somebody is and the name
_MARK = 3  # words of "(f)"
_LONGEST_APPOSITION = 24  # words of ", member of the National Union of Public Servants (NUPS), and"
_KIN_REACH = 8  # words of "and her elder son, Mr." before a name


class NounPhrase(Struct, frozen=True, gc=False):
    """Words `first` to `last` (not included) mean these people, groups or organisations.

    `either` is what the phrase may mean as the one who acts, where that differs: "they" may be the attackers.
    `possessive` marks "her" in "her house"; `clitic` an object pronoun before its verb; `kin` the tie of somebody known
    only by whom they belong to, who are the `owners`; `official` those who act for the State and may arrest; `body` an
    organisation.
    """

    first: int
    last: int
    people: tuple[Entity, ...] = ()
    others: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    possessive: bool = False
    clitic: bool = False
    acting: bool = False
    relative: bool = False
    anaphor: bool = False
    kin: str = ""
    owners: tuple[Entity, ...] = ()
    official: bool = False
    body: bool = False

    @property
    def refs(self) -> tuple[str, ...]:
        """The names and labels meant, as those to whom something is done."""
        return (*map(_NAME, self.people), *self.others) if self.people else self.others

    @property
    def is_plural(self) -> bool:
        """Whether several are meant, as far as the words tell."""
        return len(self.people) > 1 or any(_PLURAL.search(label) for label in self.others)


def in_one_list(passage: Passage, left: NounPhrase, right: NounPhrase) -> bool:
    """Tell whether "A, B and C" goes on: named people side by side, nothing but commas and "and" between."""
    gap = passage.tokens.folded[left.last : right.first]
    if len(gap) > _MARK and gap[0] == "(" and gap[2] == ")":
        gap = gap[_MARK:]  # "X (f), Y (m) and Z (34)"
    if not gap or not (gap[0] in _LIST_WORDS or gap[0] in ARTICLES):
        return False
    if left.possessive or right.possessive or left.clitic or right.clitic or left.relative or right.relative:
        return False
    if left.anaphor and gap[0] == "," and ARTICLES.issuperset(gap[1:]):
        return False  # "the lawyer of the accused, X", "the two defenders, X and Y"
    if "that" in gap:
        return False  # "told our lawyer, Mr. X, that she is charged"
    if gap[0] == "," or gap[0] in _AND:
        gap = [word for word in gap if word not in _REPEATED]  # "a la Sra. X y al Sr. Y", "de M. X et de Mme Y"
    if left.people and right.people and _says_what_next_is(passage, gap):
        return not within(passage.verbs, left.last, right.first)
    if not _only_lists(gap) or (left.people and right.people and _opens_clause(passage, left, right)):
        return False
    # "The director, X, and two of her staff": the comma belongs to the name.
    in_commas = bool(left.people) and gap[1:2] and gap[1] in _AND and passage.tokens.folded[left.first - 1] == ","
    return bool(left.people and right.people) or (
        bool(left.people or left.others) and bool(right.others) and ("," not in gap or bool(in_commas))
    )


def listed_before(passage: Passage, names: Sequence[Mention], at: int) -> int:
    """Count the people of the list that ends before a comma at `at - 1`: "X, Y and Z,"."""
    people = [name for name in names if name.entity.kind == "person" and name.last < at]
    count = 0
    for name, behind in zip(reversed(people), [at, *(name.first for name in reversed(people))], strict=False):
        if not _LIST_WORDS.union(ARTICLES).issuperset(passage.tokens.folded[name.last : behind]):
            break
        count += 1
    return count


def _only_lists(gap: Sequence[str]) -> bool:
    """Tell whether a few words do no more than go on with a list; "portrayed X as an agent" is none."""
    if not gap or len(gap) > 3 or gap[-1] in {"as", "como"}:
        return False
    return not ARTICLES.issuperset(gap) and all(word in _LIST_WORDS or word in ARTICLES for word in gap)


def _opens_clause(passage: Passage, left: NounPhrase, right: NounPhrase) -> bool:
    """Tell "they beat X, and Y was arrested": behind "and" somebody is the subject of a verb in the singular."""
    folded = passage.tokens.folded
    if right.last >= len(folded) or folded[right.last] not in passage.words.grammar["singular"]:
        return False
    if len(left.people) > 1 or _AND.isdisjoint(folded[left.last : right.first]):
        return False
    governed = folded[left.first - 1 : left.first][:1]
    if "," not in folded[left.last : right.first] and not GENITIVES.isdisjoint(governed):
        return False  # "the arrest of X and Y was condemned"
    before = within(passage.verbs, max(0, left.first - _CLAUSE), left.first)
    return bool(before) and SENTENCE_ENDS.isdisjoint(folded[before[-1].last : left.first - 1])


def _says_what_next_is(passage: Passage, gap: Sequence[str]) -> bool:
    """Tell "X" + "et le technicien" + "Y" from "X y detuvo a" + "Y": behind "and" only an article and a noun."""
    words = [word for word in gap if word != ","]
    if not 3 <= len(words) <= 4 or words[0] not in _AND or words[1] not in ARTICLES | passage.words.ours:
        return False  # "our director X" + "and our accountant" + "Y"
    return passage.words.function_words.isdisjoint(words[2:]) and all(map(str.isalpha, words[2:]))


def in_apposition(passage: Passage, phrases: Sequence[NounPhrase], new: NounPhrase) -> bool:
    """Tell whether the last phrase stands in what is said of the person before it: "X, director of Z, and Y"."""
    if len(phrases) < 2 or (phrases[-1].people and not phrases[-1].possessive):  # "X, her deputy, and Y"
        return False
    return apposition_between(passage, phrases[-2], new)


def names_before(passage: Passage, left: NounPhrase, name: Mention) -> bool:
    """Tell whether a name says who the one before is: "the Governor of Oshrin, Mr. X", "la gardienne, Mme X"."""
    folded, words = passage.tokens.folded, passage.tokens.words
    if name.first == name.name or not left.acting or left.people or left.is_plural or folded[name.first - 1] != ",":
        return False
    gap = range(left.last, name.first - 1)
    return len(gap) <= _LONGEST_POST and all(
        words[at][0].isupper() or folded[at] in GENITIVES or folded[at] in ARTICLES for at in gap
    )


def apposition_between(passage: Passage, left: NounPhrase, right: NounPhrase) -> bool:
    """Tell whether only ", director of Z, and" lies between two people."""
    folded, end = passage.tokens.folded, right.first
    if _names_kin(passage, left, right):
        return True
    if not 3 <= end - left.last <= _LONGEST_APPOSITION or folded[left.last] != ",":
        return False
    while folded[end - 1] in ARTICLES or folded[end - 1] in _REPEATED:
        end -= 1  # ", la Sra. Y"; ", y al Sr. Y"
    if (role := next((hit for hit in within(passage.name_hits, end - 1, end) if hit.kind == "role"), None)) is not None:
        if role.value == "relative" and not GENITIVES.isdisjoint(folded[role.last : right.first]):
            return False  # "X, the wife of Y"
        end = role.first  # ", y a la promotora Y"
        while folded[end - 1] in ARTICLES or folded[end - 1] in _REPEATED:
            end -= 1
    if folded[end - 1] != "," and folded[end - 1] not in _AND:
        return False
    if not (left.people and right.people) or _goes_back(left) or _goes_back(right):
        return False  # "a X, presidenta de Z, la amenazaron"
    posts = [hit for hit in within(passage.name_hits, left.last, right.first) if hit.kind in {"role", "member"}]
    # "Chargé" in "chargé de communication" is no verb.
    inside = {at for hit in posts for at in range(hit.first, hit.last)}
    if any(verb.first not in inside for verb in within(passage.verbs, left.last, right.first)):
        return False
    return bool(posts) or _says_what_before_is(passage, left.last + 1, end)


def _goes_back(phrase: NounPhrase) -> bool:
    return phrase.relative or phrase.possessive or phrase.clitic


def _names_kin(passage: Passage, left: NounPhrase, right: NounPhrase) -> bool:
    """Tell whether only "and her son," lies between two people: "X et son fils, Y, ont été arrêtés"."""
    folded, at = passage.tokens.folded, left.last
    if (
        not (left.people and right.people)
        or left.relative
        or left.possessive
        or not 3 <= right.first - at <= _KIN_REACH
    ):
        return False
    kin = next(iter(within(passage.kin, at + 2, at + 3)), None)
    behind = folded[right.last : right.last + 2]
    single = not passage.words.grammar["singular"].isdisjoint(behind[behind[:1] == [","] :][:1])  # "…, Y, was hurt"
    if folded[at] not in _AND or kin is None or kin.last > right.first or single:
        return False
    owned = any(hit.kind == "pronoun" and hit.value.startswith("possessive") for hit in passage.groups.get(at + 1, ()))
    return owned and all(word == "," or word in ARTICLES for word in folded[kin.last : right.first])


def _says_what_before_is(passage: Passage, first: int, end: int) -> bool:
    """Tell "X" + ", a schoolteacher, and" + "Y": an article and a noun or two between commas, or an age."""
    folded = passage.tokens.folded
    last = end - 2 if folded[end - 1] in _AND and folded[end - 2] == "," else end - 1
    first += folded[first] in ARTICLES or any(
        hit.kind == "pronoun" and hit.value.startswith("possessive") for hit in passage.groups.get(first, ())
    )
    if not 1 <= last - first <= _LONGEST_WHAT or folded[last] != ",":
        return False
    plain = (
        (folded[at].isalnum() and passage.tokens.words[at] == folded[at]) or at in passage.temporal
        for at in range(first, last)
    )
    return all(plain) and passage.words.function_words.isdisjoint(folded[first:last])


def together(passage: Passage, before: Sequence[NounPhrase], new: NounPhrase) -> tuple[Entity, ...]:
    """Give the two of "X was driving home with his brother, Y, when … their car"."""
    if len(before) < 2 or not before[-1].possessive or not new.people or not before[-2].people:
        return ()
    companions = within(passage.companions, before[-2].last, before[-1].first)
    kin = next(iter(within(passage.kin, before[-1].last, before[-1].last + 1)), None)
    if not companions or companions[-1].last != before[-1].first or kin is None:
        return ()
    only_named = all(word == "," or word in ARTICLES for word in passage.tokens.folded[kin.last : new.first])
    return (*before[-2].people, *new.people) if only_named else ()


def closed_soon(passage: Passage, at: int) -> bool:
    """Tell whether a comma ends what says who somebody is: "X, the mayor of Velm, called …"."""
    behind = passage.tokens.folded[at : at + _SHORT_POST]
    return "," in behind and not within(passage.verbs, at, at + behind.index(","))


def shares(phrase: NounPhrase, companion: str) -> bool:
    """Tell whether what was done to somebody was done to these, too: "together with four residents".

    So much goes with groups ("with two officers") that the plain word does not tell it of them.
    """
    group = phrase.others and not phrase.acting and companion not in {"with", "avec", "con"}
    return bool(phrase.people or phrase.kin or group) and not phrase.possessive


def are_lawyers(phrase: NounPhrase) -> bool:
    """Tell whether only lawyers are meant: who complains for others has not suffered what was done to them."""
    return bool(phrase.people) and all(person.role == "lawyer" for person in phrase.people)


def owner_of_named(phrases: Sequence[NounPhrase], named: NounPhrase) -> NounPhrase | None:
    """Give the "her" of "her lawyer, Ms. X"."""
    near = (phrase for phrase in reversed(phrases) if phrase.possessive and phrase.people)
    return next((phrase for phrase in near if 0 < named.first - phrase.first <= _SHORT_POST), None)


def names_nobody_before(phrases: Sequence[NounPhrase], owner: NounPhrase) -> bool:
    """Tell whether nobody is named before the "its" of "its files", who might have them."""
    named = (phrase for phrase in phrases if phrase.people and not (phrase.possessive or phrase.clitic))
    return not any(phrase.last <= owner.first for phrase in named)


def names_one_of(phrase: NounPhrase, words: Collection[str]) -> bool:
    """Tell whether a phrase is the name of a body with one of some words in it: "by order of the District Court"."""
    names = (fold(name).split() for name in phrase.others if name[:1].isupper())
    return not phrase.people and any(word in words for name in names for word in name)


def agreeing(topic: NounPhrase | None, beside: Sequence[Entity], participle: str) -> NounPhrase | None:
    """Choose whom a participle in the singular means: of two people, "detenida" means the woman; else nobody."""
    gender = {"a": "f", "o": "m"}.get(participle[-1])
    if topic is None or gender is None or not topic.people:
        return topic
    meant = tuple(person for person in topic.people if person.gender == gender)
    if not meant and len(topic.people) == 1 and topic.people[0].gender is not None:
        meant = tuple(dict.fromkeys(person for person in beside if person.gender == gender))
        return changed(topic, people=meant) if len(meant) == 1 else None
    return changed(topic, people=meant) if len(meant) == 1 else topic


def is_taken_up(phrases: Sequence[NounPhrase], number: int, opening: int) -> bool:
    """Tell whether a list behind a verb is of these people: "five people were arrested, among them X"."""
    phrase = phrases[number]
    between = any(other.refs and phrase.last <= other.first < opening for other in phrases)
    return not (phrase.acting or phrase.kin or between)


def joined(left: NounPhrase, right: NounPhrase) -> NounPhrase:
    """Give two phrases as one: those of both."""
    people = tuple(dict.fromkeys((*left.people, *right.people)))
    others = tuple(dict.fromkeys((*left.others, *right.others)))
    return NounPhrase(left.first, right.last, people, others, body=left.body and right.body)


def body_named_in(passage: Passage, before: Sequence[NounPhrase], known: Collection[str]) -> str | None:
    """Find the body that a sentence names behind a preposition: "came to the office of Z and took its files"."""
    prepositions = passage.words.grammar["prepositions"]
    for phrase in reversed(before):
        at = phrase.first - 1 - (passage.tokens.folded[phrase.first - 1] in ARTICLES)
        if passage.tokens.folded[at] in prepositions and (named := [each for each in phrase.others if each in known]):
            return named[0]
    return None


def list_opening(passage: Passage, first: int, last: int) -> int | None:
    """Find the colon or the "among them" that opens a list among some words."""
    near = passage.tokens.folded[first:last]
    openings = [hit.first for hit in within(passage.group_hits, first, last) if hit.value == "including"]
    if ":" in near:
        openings.append(first + near.index(":"))
    return min(openings, default=None)


def acts_there(passage: Passage, phrase: NounPhrase) -> bool:
    """Tell "those held by the police are: X and Y" from "beaten by four men: X, Y …": not the police are named."""
    by = passage.words.grammar["by"]
    return passage.tokens.folded[phrase.first - 1] in by and passage.tokens.words[phrase.last][0].isalpha()
