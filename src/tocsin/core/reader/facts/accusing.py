"""Which words that open an offence charge nobody: denied, feared, said by somebody who can bring no charge."""

from tocsin.core.reader.dates import time_words
from tocsin.core.reader.facts.chronology import Told
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.passage import Passage
from tocsin.core.reader.facts.words import ARTICLES
from tocsin.core.reader.tokens import Hit, within

_DENIED = 5  # words between "not" and "charged with"
_UNIT = 3  # words of "two very long days"
_NO_DENIAL = frozenset({"personne", "sin"})  # "la personne accusée de vol", "detenido sin orden, acusado de"
_ENDS = frozenset({",", ";", ":", "(", ")"})
_IN_CHARGE = frozenset({"chargé", "chargée", "chargés", "chargées"})
_PARTICIPLES = frozenset({"charged", "accused", "suspected"})
_SHORTEST_PLURAL = 4
_WITNESSES = frozenset({"witness", "witnesses", "temoin", "temoins", "testigo", "testigos"})
_PRIVATE = frozenset({"business", "private_individual", "private_security", "crowd", "non_state_armed", "paramilitary"})


def charges_nobody(told: Told, opener: Hit) -> bool:
    """Tell whether the words before an opener, or who says them, keep it from being a charge."""
    folded, grammar = told.passage.tokens.folded, told.passage.words.grammar
    clause = _clause(told, opener)
    denying = grammar["negation"] - grammar["privative"] - _NO_DENIAL
    if not denying.isdisjoint(folded[max(clause, opener.first - _DENIED) : opener.last]):
        return True
    if told.passage.tokens.words[opener.first].lower() in _IN_CHARGE:
        return True  # "les gendarmes chargés de la garde": folded, they are "charges de"
    if _is_of_others(told, opener):
        return True
    if folded[opener.first - 1] in grammar["predicates"]:
        return True  # "víctimas del delito de"
    if not _WITNESSES.isdisjoint(folded[clause : opener.first]):
        return True  # "summoned as a witness in a case of fraud"
    others = any(phrase.last == opener.first and phrase.others and not phrase.people for phrase in told.phrases)
    if others and any(
        hit.value == "security_forces" for hit in within(told.passage.against, opener.last, opener.last + 1)
    ):
        return True  # "the officers accused of beating X"
    if (tried := tried_before(told, opener)) is not None and tried.official:
        return True  # "two officers were convicted of torturing X"
    if not grammar["fearing"].isdisjoint(folded[clause : opener.first]):
        return True  # "we fear that he will be charged with libel"
    return opener.value == "charged" and _is_private(told, clause, opener)


def tried_before(told: Told, opener: Hit) -> NounPhrase | None:
    """Find the group of which an opener in the passive is said: "two officers were convicted of"."""
    if told.passage.tokens.folded[opener.first - 1] not in told.passage.words.grammar["be"]:
        return None
    before = next((phrase for phrase in reversed(told.phrases) if phrase.last <= opener.first and phrase.refs), None)
    return before if before is not None and not before.people else None


def _is_of_others(told: Told, opener: Hit) -> bool:
    """Tell "he defends rowers charged with theft": an English participle right behind a noun is said of it alone."""
    at, words = opener.first - 1, told.passage.words
    if words.language != "en" or told.passage.tokens.folded[opener.first] not in _PARTICIPLES:
        return False
    word = told.passage.tokens.words[at]
    is_noun = len(word) > _SHORTEST_PLURAL and word.islower() and word.isalpha() and word.endswith("s")
    named = any(phrase.first <= at < phrase.last and phrase.refs for phrase in told.phrases)
    return is_noun and not named and word not in words.function_words and word not in words.between


def _clause(told: Told, opener: Hit) -> int:
    """Give where the clause of an opener begins: behind the sign before it."""
    folded, at = told.passage.tokens.folded, opener.first
    while at > told.sentence.first and folded[at - 1] not in _ENDS:
        at -= 1
    return at


def _is_private(told: Told, first: int, opener: Hit) -> bool:
    """Tell "the owner accuses him of theft", which no authority says, from "lo acusan de robo", where none is named."""
    passage = told.passage
    accusing = passage.words.grammar["accusing"]
    if passage.tokens.folded[opener.last - 2] not in accusing:
        return False  # "lo acusa del delito de" is the language of a complaint
    if passage.tokens.words[opener.last - 2][-1] == "é":  # "accusé", which folding makes "accuse"
        return not any(found.act.type == "charge" and opener.first <= found.at < opener.last for found in told.acts)
    clauses = passage.words.grammar["clause"]
    for at in range(opener.first - 1, first - 1, -1):
        if passage.tokens.folded[at] in clauses - ARTICLES:
            first = at + 1
            break
    acting = [
        hit.value for hit in within(passage.group_hits, first, opener.first) if hit.kind in {"head", "institution"}
    ]
    if acting:
        return _PRIVATE.issuperset(acting)
    if not passage.words.authorities.isdisjoint(passage.tokens.folded[first : opener.first]):
        return False
    official = any(hit.value == "official" for hit in within(passage.name_hits, first, opener.first))
    official = official or bool(within(passage.justice, first, opener.first))  # "la demanda los acusa de"
    return not official and any(_opens_subject(passage, at, first) for at in range(first, opener.first))


def _opens_subject(passage: Passage, at: int, first: int) -> bool:
    """Tell whether an article or a name that no preposition governs stands at a place."""
    before = passage.tokens.folded[at - 1] if at > first else ""
    if before in passage.words.grammar["prepositions"]:
        return False
    return passage.tokens.folded[at] in ARTICLES or (at in passage.capitals and at > first)


def names_no_offence(told: Told, at: int) -> bool:
    """Tell whether what stands behind an opener is no offence: "detained for two days", "not charged with anything"."""
    passage = told.passage
    units = time_words(passage.words.language).units
    behind = passage.tokens.folded[at : min(told.sentence.last, at + _UNIT)]
    if behind[:1] and behind[0] in passage.words.no_offence_opens:
        return True
    counted = at in passage.sizes or at in passage.temporal
    return counted and any(word in units for word in behind)
