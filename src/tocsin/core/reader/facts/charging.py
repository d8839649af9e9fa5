"""Which word leads to an offence that stands apart from its verb: "condenó a la Sra. X a dos años por desacato"."""

from collections.abc import Iterator, Sequence

from tocsin.core.reader.facts.chronology import Told
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.words import ARTICLES
from tocsin.core.reader.tokens import Hit, within

_REACH = 24  # words between the verb and the link
_MARKS = frozenset(",()")
_CLOSED = frozenset({"investigation", "case", "trial", "warrant"})
_OPENING = frozenset("“«\"„‘'")


def linked_offences(told: Told, hits: Sequence[Hit]) -> list[Hit]:
    """Find the "for" of "sentenced X to two years for", the "of" of "accused X of".

    Only whom and for how long may lie between.
    """
    passage = told.passage
    grammar = passage.words.grammar
    if (grammar["for_offence"] | grammar["of_offence"]).isdisjoint(passage.tokens.folded):
        return []
    known = {at for hit in hits if hit.kind == "charge" for at in range(hit.first, hit.last + 1)}
    found = {}
    for first, of_charge in _leads(told, hits):
        at = _link_behind(told, first, of_charge=of_charge)
        if at is not None and at not in known:
            found[at] = Hit(at, at + 1, "charge", "charged")
    return list(found.values())


def is_asked_for(told: Told, opener: Hit) -> bool:
    """Tell a term that a prosecutor asks for, or that somebody faces, from one that was passed."""
    grammar, folded = told.passage.words.grammar, told.passage.tokens.folded
    before = folded[told.sentence.first : opener.first]
    return not (grammar["demanding"] | grammar["facing"]).isdisjoint(before)


def sentenced_together(
    told: Told, before: Sequence[NounPhrase], opener: Hit, hits: Sequence[Hit]
) -> tuple[str, ...] | None:
    """Give all of "sentenced X to five years and Y to two for", unless an offence of its own follows the first."""
    sentenced = next((found for found in told.acts if found.act.type == "sentencing" and found.at < opener.first), None)
    if sentenced is None or len(sentenced.act.victims) < 2 or not before:
        return None
    victims = set(sentenced.act.victims)
    named = {person.name for phrase in before for person in phrase.people}
    if not (victims.issuperset(person.name for person in before[-1].people) and victims <= named):
        return None
    behind = [phrase for phrase in before if phrase.first > sentenced.at]
    first = min((phrase.first for phrase in behind), default=opener.first)
    if any(hit.kind == "charge" and first < hit.first < opener.first - 1 for hit in hits):
        return None
    return sentenced.act.victims


def _leads(told: Told, hits: Sequence[Hit]) -> Iterator[tuple[int, bool]]:
    """Give the words behind which an offence may stand, and whether "of" may lead to it."""
    folded, grammar, opened = told.passage.tokens.folded, told.passage.words.grammar, told.sentence.first
    for found in told.acts:
        if found.act.type in {"sentencing", "charge", "fine"}:
            yield found.at + 1, found.act.type == "charge"
    for hit in hits:
        if hit.kind == "procedure" and hit.value in _CLOSED:
            yield hit.last, False
    wanted = grammar["demanding"] | grammar["facing"]
    if not wanted.isdisjoint(folded[opened : told.sentence.last]):
        yield from ((at + 1, False) for at in range(opened, told.sentence.last) if folded[at] in wanted)


def _link_behind(told: Told, first: int, *, of_charge: bool) -> int | None:
    passage, folded = told.passage, told.passage.tokens.folded
    grammar = passage.words.grammar
    links = grammar["for_offence"] | (grammar["of_offence"] if of_charge else frozenset())
    passing = grammar["before_offence"] | ARTICLES | _MARKS
    terms = grammar["term"] | grammar["prison"] | grammar["not_prison"] | grammar["suspended"]
    inside = {at for phrase in told.phrases for at in range(phrase.first, phrase.last)}
    titles = {at for hit in within(passage.name_hits, first, first + _REACH) for at in range(hit.first, hit.last)}
    for at in range(first, min(first + _REACH, told.sentence.last - 1)):
        word = folded[at]
        if word in links and _names_offence(told, at, inside, terms):
            return at
        passed = word in passing or word in terms or word.isdecimal()
        if not (passed or at in inside or at in titles or at in passage.temporal or at in passage.capitals):
            return None
    return None


def _names_offence(told: Told, link: int, inside: set[int], terms: frozenset[str]) -> bool:
    """Tell whether an offence may begin behind a link: no article, no name, nobody who acts, no length of time."""
    passage, at = told.passage, link + 1
    word, printed = passage.tokens.folded[at], passage.tokens.words[at]
    if printed in _OPENING:
        return True
    if not printed.isalpha() or not printed.islower() or at in inside or word in terms:
        return False
    known = at in passage.heads or at in passage.institutions or at in passage.sizes or at in passage.temporal
    named = any(hit.kind in {"title", "role", "place"} for hit in passage.names.get(at, ()))
    words = passage.words
    return not (known or named or word in ARTICLES or word in words.function_words or word in words.no_offence_opens)
