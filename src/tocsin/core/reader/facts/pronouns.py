"""Pronouns as they are printed: which words are some, and which say that they mean nobody."""

from collections.abc import Mapping, Sequence

from tocsin.core.reader.facts.entities import Mention
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES, GENITIVES
from tocsin.core.reader.tokens import Hit, within

_BINDING = ("ndo", "ar", "er", "ir", "re")
_LONGEST_VERB = 4  # words
_THE = frozenset({"le", "la", "les", "un", "une"})


def says_who_follows(passage: Passage, hit: Hit, people: Mapping[int, Mention]) -> bool:
    """Tell whether a name begins in a phrase, right behind it, or behind an adjective: "el periodista local X"."""
    if not people.keys().isdisjoint(range(hit.first + 1, hit.last + 1)):
        return True
    named = people.get(hit.last + 1)
    if named is None or named.entity.kind != "person" or not passage.words.noun_first:
        return False
    word = passage.tokens.words[hit.last]
    return word.islower() and word.isalpha() and word not in passage.words.function_words


def opens_what_is_said(passage: Passage, at: int, spoken_to: NounPhrase) -> bool:
    """Tell the "que" of "relató a su abogado que …" from a relative: it opens what is said to somebody."""
    if spoken_to.last != at or not passage.words.object_marker:
        return False
    first = spoken_to.first
    while first and passage.tokens.folded[first - 1] in ARTICLES and not _marks(passage, first - 1):
        first -= 1
    speech = within(passage.speech, first - 1 - _LONGEST_VERB, first - 1)
    return bool(first) and _marks(passage, first - 1) and bool(speech) and speech[-1].last >= first - 1


def _marks(passage: Passage, at: int) -> bool:
    return passage.tokens.folded[at] in passage.words.object_marker


def is_alone(passage: Passage, at: int) -> bool:
    """Tell "the union was closed" from "the union leader", by the word behind; "du comité de X" says which."""
    folded = passage.tokens.folded
    if at >= len(folded) or not folded[at].isalnum():
        return True
    grammar, word = passage.words.grammar, folded[at]
    if word in GENITIVES or passage.tokens.words[at][0].isupper():
        return False
    if passage.words.noun_first:
        return True
    known = word in passage.words.function_words or word in passage.words.between
    return known or word in grammar["be"] or word in grammar["have"] or bool(within(passage.acts, at, at + 1))


def is_anybody(passage: Passage, at: int) -> bool:
    """Tell "amenazó a quien denuncie", which means nobody, from "X, a quien amenazó"."""
    folded = passage.tokens.folded
    return at > 1 and folded[at - 1] in passage.words.object_marker and folded[at - 2] != ","


def bound_pronouns(passage: Passage, first: int, last: int) -> dict[int, str]:
    """Find the pronouns that are bound to verbs, by the place of the verb."""
    if not passage.words.bound_pronouns:
        return {}
    return {hit.first: value for hit in within(passage.verbs, first, last) if (value := _bound(passage, hit))}


def _bound(passage: Passage, hit: Hit) -> str | None:
    """Give what the pronoun means that is bound to a verb: the `lo` of "golpeándolo" and "golpearlo"."""
    word = passage.tokens.folded[hit.first]
    for pronoun, value in passage.words.bound_pronouns.items():
        if word.endswith(pronoun) and word.removesuffix(pronoun).endswith(_BINDING):
            return value
    return None


def is_of_somebody(passage: Passage, at: int) -> bool:
    """Tell "our lawyer", "nuestra compañera" from "our office"."""
    people = {hit.kind for first in (at, at + 1) for hit in passage.names.get(first, ())} & {"role", "title", "member"}
    return bool(people or within(passage.kin, at, at + 2)) or any(first in passage.heads for first in (at, at + 1))


def dative_at(passage: Passage, at: int) -> str | None:
    """Give what "lui" and "leur" mean before a verb, where they are no possessives: "leur ont confisqué"."""
    hit = next((hit for hit in passage.groups.get(at, ()) if hit.kind == "dative"), None)
    if hit is None or hit.last >= len(passage.tokens):
        return None
    near = within(passage.verbs, hit.first - _LONGEST_VERB, hit.first)
    if any(act.last == hit.first and passage.tokens.folded[act.first - 1] not in _THE for act in near):
        return None  # "a prolongé leur garde à vue": behind a French verb stands a possessive, unlike "le juge leur a"
    grammar, behind = passage.words.grammar, passage.tokens.folded[hit.last]
    told = (
        behind in grammar["have"]
        or behind in grammar["be"]
        or any(
            each.kind == "light" or not _is_noun(passage, each) for each in within(passage.acts, hit.last, hit.last + 1)
        )
    )
    return hit.value if told else None


def agreed(passage: Passage, at: int, clitic: bool) -> str | None:
    """Give the gender that a French participle shows of the object before it: "l’ont menacée"."""
    folded, have = passage.tokens.folded, passage.words.grammar["have"]
    if not clitic or passage.words.object_marker or at + 1 >= len(folded) or folded[at] not in have:
        return None
    return "f" if folded[at + 1].endswith("ee") else None


def is_pronoun(passage: Passage, hit: Hit) -> bool:
    """Tell an object pronoun from an article: "la detuvieron" from "la casa", by the verb behind it."""
    if passage.tokens.folded[hit.first] == "all":
        auxiliary = not passage.words.grammar["be"].isdisjoint(passage.tokens.folded[hit.last : hit.last + 1])
        return auxiliary and passage.starts_sentence(hit.first)
    if not hit.value.startswith("clitic"):
        return passage.tokens.words[hit.first] not in {"el", "El"}  # "el mismo día", unlike "él mismo"
    if hit.last >= passage.tokens.count:
        return False
    if not passage.words.drops_subject and passage.starts_sentence(hit.first) and hit.last - hit.first == 1:
        return False  # "Les menaces, dénoncées à la police": no French sentence begins with an object
    if hit.first > 1 and hit.first - 1 in passage.sizes and _marks(passage, hit.first - 2):
        return False  # "a cuatro los soltaron": which four of them is not said
    grammar, behind = passage.words.grammar, passage.tokens.folded[hit.last]
    if hit.first and passage.tokens.folded[hit.first - 1] in grammar["prepositions"] and not behind.endswith(_BINDING):
        return False  # "la lectura de la sentencia"; "avant de le frapper"
    if behind in grammar["have"] or behind in grammar["be"]:
        return True
    if any(each.kind == "pronoun" and each.value.startswith("clitic") for each in passage.groups.get(hit.last, ())):
        return True
    near = within(passage.verbs, hit.first - _LONGEST_VERB, hit.last + 1)
    if not passage.words.drops_subject and any(act.last == hit.first for act in near):
        return False  # "défoncé la porte": behind a French verb stands an article
    # "La detuvo", "se lo llevaron", unlike "la detención".
    return any(
        act.first < hit.first < act.last or (act.first == hit.last and not _is_noun(passage, act)) for act in near
    )


def _is_noun(passage: Passage, act: Hit) -> bool:
    return all(form.form == "nouns" for form in passage.words.act_forms[act.value])


def is_of_stranger(passage: Passage, phrase: NounPhrase, at: int) -> bool:
    """Tell "X interviewed dockers who were hurt", which says nothing of X, from "X, a lawyer who was hurt"."""
    tokens, noun = passage.tokens, at - 1
    if noun - phrase.last < 1 or not tokens.words[noun].isalpha() or not tokens.words[noun].islower():
        return False
    described = "," in tokens.folded[phrase.last : at] and not within(passage.verbs, phrase.last, at)
    if noun in passage.leading_nouns or described:
        return False
    groups = (hit for hit in passage.groups.get(noun, ()) if hit.kind != "head")  # "the police beat people who …"
    known = (*passage.names.get(noun, ()), *groups, *within(passage.kin, noun, at))
    return not known and tokens.folded[noun] not in passage.words.function_words


_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dos": 2, "tres": 3,
    "cuatro": 4, "cinco": 5, "both": 2, "ambos": 2, "ambas": 2, "couple": 2,
}  # fmt: skip


def count_said(passage: Passage, first: int, last: int) -> int | None:
    """Read the number that some words say."""
    return next((_NUMBERS[word] for word in passage.tokens.folded[first:last] if word in _NUMBERS), None)


def kin_meant(passage: Passage, before: Sequence[NounPhrase], gender: str) -> NounPhrase | None:
    """Read "his wife …, warning her": of the two she is meant by the gender."""
    last = next((phrase for phrase in reversed(before) if (phrase.people or phrase.kin) and not phrase.relative), None)
    if last is None or not last.kin or any(owner.gender in {None, gender} for owner in last.owners):
        return None
    return last if passage.words.roles_by_gender.get(passage.tokens.folded[last.last - 1]) == gender else None


def gender_said(passage: Passage, at: int, last: int) -> str | None:
    """Give the gender that the words from a place on tell: "la abogada", "el líder" by its article."""
    folded = passage.tokens.folded
    by_article = passage.words.articles_by_gender.get(folded[at])
    return by_article or passage.words.roles_by_gender.get(" ".join(folded[at:last]))
