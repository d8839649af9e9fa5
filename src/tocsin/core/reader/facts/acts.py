"""Who did what to whom: the acts a sentence tells, in active, passive and nominal form.

A small grammar over words that the lexicon knows: the verb or noun of an act, the auxiliary before it, the noun
phrases around it. It leaves out what is denied or only possible ("was not arrested", "could be arrested").
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tocsin.core.appeal import Act
from tocsin.core.appeal.document import Mode, Voice
from tocsin.core.reader.facts.passage import Passage, Sentence
from tocsin.core.reader.facts.phrases import NounPhrase
from tocsin.core.reader.facts.words import ARTICLES, ActWords
from tocsin.core.reader.tokens import Hit, within

_REACH = 6  # words between a verb and its object: "arrested the prominent human rights lawyer X"
_NEED_REACH = 30
# What is done to a home, an office or an organisation is done to whom the story is about.
_OF_THINGS = frozenset(
    {"search_seizure", "property_damage", "burglary", "dissolution", "surveillance", "digital_attack"}
)
_WITHOUT_PERSON = _OF_THINGS | {"assembly_obstructed", "registration_denied", "funding_restricted", "excessive_force"}
_NOBODY = frozenset({"nobody", "no-one", "personne", "nadie", "none", "ninguno", "aucun"})
_POINTS = frozenset({";", ":", "(", ")"})


class FoundAct(NamedTuple):
    """An act, with the words it was found by and whether a group that counts only when acting acted."""

    act: Act
    at: int
    acting: tuple[str, ...] = ()
    relative: bool = False
    also: str | None = None


class _Verb(NamedTuple):
    """How the words around a verb make it: its voice, and the first word of its auxiliary."""

    voice: Voice
    start: int


class ActReader:
    """Reads the acts of one sentence.

    Args:
        passage: The passage.
        sentence: The sentence.
        phrases: Its noun phrases.
        topic: Who the sentence before was about: the subject where this sentence has none.
        house: The organisation the document is about, if it is: what is done to an office is done to it.
        ongoing: Whether the sentence says that things go on ("still").
        summary: Whether nouns tell acts here ("has been informed about the arrest of …").
    """

    def __init__(
        self,
        passage: Passage,
        sentence: Sentence,
        phrases: Sequence[NounPhrase],
        topic: NounPhrase | None,
        house: NounPhrase | None,
        *,
        ongoing: bool,
        summary: bool,
    ) -> None:
        self._passage, self._sentence, self._phrases = passage, sentence, phrases
        self._folded = passage.tokens.folded
        self._words = passage.words
        self._topic, self._house = topic, house
        self._mode: Mode = "ongoing" if ongoing else "occurred"
        self._hits = within(passage.acts, sentence.first, sentence.last)
        self._light = [hit.first for hit in self._hits if hit.kind == "light"]
        self._summary = summary
        self._last: tuple[_Verb, NounPhrase | None, Hit] | None = None
        self._objects: list[NounPhrase] = []
        self._sufferer: NounPhrase | None = None

    def read(self) -> list[FoundAct]:
        """Give the acts from left to right."""
        found: list[FoundAct] = []
        for hit in self._hits:
            if hit.kind == "act" and (act := self._act(hit)) is not None:
                found.append(act)
                if act.also is not None:
                    found.append(act._replace(act=replace(act.act, type=act.also, method=None)))
        return _without_repeats(found)

    def _act(self, hit: Hit) -> FoundAct | None:
        forms = self._words.act_forms[hit.value]
        if forms[0][0] == "phrases":
            return self._phrase(hit, self._words.act_entries[forms[0][1]])
        verb = self._verb(hit, {form for form, _ in forms})
        if verb is None or self._is_denied(verb.start, hit):
            return None
        entry = self._entry(hit, forms, verb.voice)
        if entry is None:
            return None
        if verb.voice == "nominal":
            return self._nominal(hit, entry)
        follows = self._last is not None and verb.start == hit.first and self._follows_last(hit)
        subject = self._last[1] if follows and self._last else self._subject(verb.start)
        read = self._passive if verb.voice == "passive" else self._active
        found = read(hit, entry, subject, verb.start)
        self._last = (verb, subject, hit)
        return found

    def _verb(self, hit: Hit, forms: set[str]) -> _Verb | None:
        """Decide the voice from the words before the verb, or from a verb that it is joined to by "and"."""
        start, auxiliary = self._auxiliary(hit)
        if "nouns" in forms and auxiliary is None and self._is_owned(hit):
            return _Verb("nominal", hit.first)
        if "participle" in forms and auxiliary == "be":
            return _Verb("passive", start)
        if forms & {"participle", "active"} and auxiliary == "have":
            return _Verb("active", start)
        if "nouns" in forms and not (forms & {"active", "participle"} and self._has_object(hit)):
            return _Verb("nominal", hit.first)
        return self._bare_verb(hit, forms)

    def _auxiliary(self, hit: Hit) -> tuple[int, str | None]:
        """Find the auxiliary before a verb; give its first word and whether it is "be" or "have"."""
        be, have = self._words.grammar["be"], self._words.grammar["have"]
        start, auxiliary = hit.first, None
        for at in range(hit.first - 1, max(self._sentence.first, hit.first - 7) - 1, -1):
            word = self._folded[at]
            if word in be:
                start, auxiliary = at, "be"
            elif word in have:
                return at, auxiliary or "have"
            elif auxiliary is not None or not self._may_stand_between(at):
                break
        return start, auxiliary

    def _bare_verb(self, hit: Hit, forms: set[str]) -> _Verb | None:
        """Decide the voice of a verb without an auxiliary of its own."""
        if "participle" in forms and self._agent_follows(hit):
            return _Verb("passive", hit.first)
        if self._follows_last(hit) and self._last is not None and (forms & {"participle", "active"}):
            voice = self._last[0].voice
            if voice == "active" or "participle" in forms:
                return _Verb(voice, hit.first)
        if "active" in forms:
            return _Verb("active", hit.first)
        return _Verb("passive", hit.first) if self._reduced(hit) else None

    def _is_owned(self, hit: Hit) -> bool:
        """Tell a noun by what stands before it: "su arresto", "the arrest"."""
        before = self._folded[hit.first - 1] if hit.first > self._sentence.first else ""
        return before in ARTICLES or any(p.possessive and p.last == hit.first for p in self._phrases)

    def _may_stand_between(self, at: int) -> bool:
        """Tell whether a word may stand between auxiliary and verb: adverbs, "and", another participle."""
        word = self._folded[at]
        if word in self._words.grammar["conjunctions"] or word.endswith(("ly", "ment", "mente")):
            return True
        return any(hit.first <= at < hit.last for hit in self._hits if hit.kind == "act") or word in {
            "been", "ete", "sido", "just", "first", "even", "once", "twice", "severely", "bien", "aussi", "tambien",
        }  # fmt: skip

    def _agent_follows(self, hit: Hit) -> bool:
        return hit.last < len(self._folded) and self._folded[hit.last] in self._words.grammar["by"]

    def _follows_last(self, hit: Hit) -> bool:
        """Tell whether only "and", commas, adverbs or the last verb's own complement lie between it and this one."""
        if self._last is None:
            return False
        before = self._last[2].last
        gap = _without_brackets(self._folded[before : hit.first])
        if not gap or not _POINTS.isdisjoint(gap):
            return False
        joined = not self._words.grammar["conjunctions"].isdisjoint(gap[-3:])
        return joined and not any(
            before <= phrase.first < hit.first and self._is_subject(phrase) for phrase in self._phrases
        )

    def _is_subject(self, phrase: NounPhrase) -> bool:
        if phrase.possessive or phrase.clitic or phrase.first == self._sentence.first:
            return not (phrase.possessive or phrase.clitic)
        before = self._folded[phrase.first - 1]
        return before in self._words.grammar["clause"] or before in {",", "and", "et", "y"}

    def _reduced(self, hit: Hit) -> bool:
        """Tell whether a bare participle is a clause of its own behind a noun: "defenders detained on 5 May"."""
        return any(phrase.last == hit.first and phrase.refs for phrase in self._phrases) and not self._has_object(hit)

    def _has_object(self, hit: Hit) -> bool:
        return self._object(hit) is not None

    def _is_denied(self, start: int, hit: Hit) -> bool:
        """Tell whether the verb is denied or only possible: "was not arrested", "could be arrested"."""
        low = max(self._sentence.first, start - 3)
        near = [self._plain_word(at) for at in range(low, hit.first)]
        breaks = [at for at, word in enumerate(near) if word == "," or word in _POINTS]
        if breaks:
            return self._is_denied_in(near[breaks[-1] + 1 :])
        return self._is_denied_in(near) or any(self._passage.is_modal(at) for at in range(max(low, start - 1), start))

    def _plain_word(self, at: int) -> str:
        """Give a word, or nothing where it denies nothing: "May" the month, "no" in "hombres no identificados"."""
        word = self._folded[at]
        if word in self._words.grammar["irrealis"] and not self._passage.is_modal(at):
            return ""
        return "" if any(p.first <= at < p.last for p in self._phrases) and word not in _NOBODY else word

    def _is_denied_in(self, near: Sequence[str]) -> bool:
        grammar = self._words.grammar
        return not grammar["negation"].isdisjoint(near) or bool(near and near[-1] in grammar["irrealis"])

    def _entry(self, hit: Hit, forms: Sequence[tuple[str, int]], voice: Voice) -> ActWords | None:
        """Choose the first entry that has the form and whose needed words are there."""
        wanted = {"passive": {"participle"}, "active": {"active", "participle"}, "nominal": {"nouns"}}[voice]
        for form, number in forms:
            entry = self._words.act_entries[number]
            if form in wanted and (form == "nouns" or self._needs_met(hit, entry, voice)):
                return entry
        return None

    def _needs_met(self, hit: Hit, entry: ActWords, voice: Voice) -> bool:
        """Tell whether a needed word follows; before a passive verb it may be the subject ("the office was closed")."""
        if entry.needs is None:
            return True
        end = min(self._sentence.last, hit.last + _NEED_REACH)
        tokens = self._passage.tokens
        if entry.needs.find(tokens, hit.last, end):
            return True
        before = max(self._sentence.first, hit.first - 14)
        return voice == "passive" and bool(entry.needs.find(tokens, before, hit.first))

    def _subject(self, start: int, unlike: NounPhrase | None = None) -> NounPhrase | None:
        """Find the nearest noun phrase before the verb that no preposition governs and that is not `unlike`."""
        prepositions = self._words.grammar["prepositions"]
        for phrase in reversed(self._phrases):
            if phrase.last > start or phrase.possessive or (not phrase.refs and not phrase.either):
                continue
            if phrase in self._objects or (unlike is not None and phrase.people == unlike.people and not phrase.either):
                continue  # "arrested the defenders and took them away": the defenders did not take
            if self._verb_between(phrase.last, start):
                return None
            if self._governor(phrase) in prepositions and not phrase.clitic:
                continue
            if not phrase.clitic:
                return phrase
        return None

    def _governor(self, phrase: NounPhrase) -> str:
        """Give the word before a noun phrase, its article aside."""
        at = phrase.first - 1
        while at >= self._sentence.first and self._folded[at] in ARTICLES:
            at -= 1
        return self._folded[at] if at >= self._sentence.first else ""

    def _verb_between(self, first: int, last: int) -> bool:
        return any(hit.kind == "act" and first <= hit.first < last for hit in self._hits) and not self._joined(
            first, last
        )

    def _joined(self, first: int, last: int) -> bool:
        return not self._words.grammar["clause"].isdisjoint(self._folded[first:last])

    def _object(self, hit: Hit) -> NounPhrase | None:
        """Find the noun phrase right behind the verb, or the object pronoun right before it."""
        pronoun = next((p for p in self._phrases if p.clitic and self._is_before_verb(p, hit)), None)
        for phrase in self._phrases:
            if phrase.first < hit.last or phrase.clitic:
                continue
            gap = self._folded[hit.last : phrase.first]
            if len(gap) > _REACH or not self._reaches(gap):
                break
            if not self._is_marked(phrase, gap):
                break
            return self._relative_named(phrase) if phrase.possessive else phrase
        return pronoun

    def _is_before_verb(self, pronoun: NounPhrase, hit: Hit) -> bool:
        """Tell whether only auxiliaries and other pronouns lie between: "l’ont frappé", "se lo llevaron"."""
        grammar = self._words.grammar
        gap = self._folded[pronoun.last : hit.first]
        clitics = {p.first for p in self._phrases if p.clitic}
        return pronoun.first < hit.first and all(
            word in grammar["have"] or word in grammar["be"] or pronoun.last + at in clitics
            for at, word in enumerate(gap)
        )

    def _is_marked(self, phrase: NounPhrase, gap: Sequence[str]) -> bool:
        """Tell whether a person behind the verb is its object: where a language marks that ("a X"), only so."""
        marker = self._words.object_marker
        return not marker or not phrase.people or phrase.possessive or not marker.isdisjoint(gap)

    def _relative_named(self, owner: NounPhrase) -> NounPhrase | None:
        """Read "her brother, Karim": the brother where he is named; "her" where what follows is a thing."""
        relative = next((h for h in self._passage.names.get(owner.first, ()) if h.value == "relative"), None)
        if relative is None:
            return owner
        return next((p for p in self._phrases if p.people and 0 <= p.first - relative.last <= 1), None)

    def _reaches(self, gap: Sequence[str]) -> bool:
        grammar = self._words.grammar
        return not any(
            word in _POINTS
            or word == ","
            or word in grammar["clause"]
            or (word in grammar["prepositions"] and word not in self._words.object_marker)
            for word in gap
        )

    def _agent(self, hit: Hit) -> NounPhrase | None:
        """Find "by the police" behind a passive verb or a noun, within its clause."""
        by = self._words.grammar["by"]
        for at in range(hit.last, min(self._sentence.last, hit.last + 25)):
            if self._folded[at] in _POINTS:
                return None
            if self._folded[at] in by:
                for phrase in self._phrases:
                    if phrase.first > at and phrase.first - at <= 4 and not phrase.possessive:
                        return phrase
                    if phrase.first > at:
                        break
        return None

    def _passive(self, hit: Hit, entry: ActWords, subject: NounPhrase | None, start: int) -> FoundAct | None:
        of_things = entry.type in _OF_THINGS
        subject = subject or (self._owner_before(start) if of_things else None) or self._behind_verb(hit)
        if subject is None and (self._words.drops_subject or self._opens_clause(hit) or of_things):
            subject = (self._house if of_things else None) or self._agreeing(self._topic, hit)
        self._sufferer = subject or self._sufferer
        return self._made(hit, entry, "passive", subject, self._agent(hit))

    def _agreeing(self, topic: NounPhrase | None, hit: Hit) -> NounPhrase | None:
        """Choose whom a participle in the singular means: of two people, "detenida" means the woman."""
        gender = {"a": "f", "o": "m"}.get(self._folded[hit.first][-1]) if self._words.drops_subject else None
        if topic is None or gender is None or len(topic.people) < 2:
            return topic
        agreeing = tuple(person for person in topic.people if person.gender == gender)
        return topic._replace(people=agreeing) if len(agreeing) == 1 else topic

    def _owner_before(self, start: int) -> NounPhrase | None:
        """Read "her house was searched", "the home of X was set on fire": whose thing the subject is."""
        governors = self._words.grammar["object_of"]
        owners = (
            p for p in reversed(self._phrases) if p.last <= start and (p.possessive or self._governor(p) in governors)
        )
        return next((p for p in owners if p.refs and (not p.possessive or self._relative_named(p) is p)), None)

    def _behind_verb(self, hit: Hit) -> NounPhrase | None:
        """Read "ont été arrêtés X et Y", "fue asesinado X": a subject that stands behind its verb."""
        behind = next((p for p in self._phrases if p.first >= hit.last and p.people and not p.possessive), None)
        if behind is None or any(word not in ARTICLES for word in self._folded[hit.last : behind.first]):
            return None
        return behind

    def _opens_clause(self, hit: Hit) -> bool:
        """Tell whether nothing but auxiliaries and adverbs stand before the verb: its subject was named before."""
        return all(self._may_stand_between(at) for at in range(self._sentence.first, hit.first)) and not self._phrases

    def _active(self, hit: Hit, entry: ActWords, subject: NounPhrase | None, start: int) -> FoundAct | None:
        if entry.self:
            return self._made(hit, entry, "active", subject or self._topic, None) if subject or self._topic else None
        if entry.no_victim:
            return self._made(hit, entry, "active", None, subject)
        victim = self._object(hit) or self._behind_preposition(hit) or self._owner(hit, entry)
        subject = subject or (self._topic if self._topic and self._topic.either else None)
        if victim is None and entry.type in _OF_THINGS:
            victim = self._sufferer or self._house or self._topic
        if victim and subject and victim.people and victim.people == subject.people and not subject.either:
            # "A la Sra. X la amenazaron", "called X and threatened her": the subject is another, or is not named.
            subject = self._subject(start, victim)
            if subject is None and not victim.clitic and not self._words.object_marker:
                return None
        if victim is subject or (victim is None and entry.type not in _WITHOUT_PERSON and not _may_attack(subject)):
            return None
        if victim is not None:
            self._objects.append(victim)
            self._sufferer = victim
        return self._made(hit, entry, "active", victim, subject)

    def _phrase(self, hit: Hit, entry: ActWords) -> FoundAct | None:
        """Read a fixed phrase that tells an act by itself: "no measures have been taken", "the trial began"."""
        people = next((phrase for phrase in self._phrases if phrase.people), self._topic)
        # "Two officers stood by": who leaves undone what they owe is named as the one who does it.
        actor = self._subject(hit.first) if entry.mode == "omission" else None
        return self._made(
            hit, entry, "nominal", people if entry.about else None, actor if actor and not actor.people else None
        )

    def _behind_preposition(self, hit: Hit) -> NounPhrase | None:
        """Read "fired at X", "opened fire on them"."""
        if hit.last < len(self._folded) and self._folded[hit.last] in self._words.grammar["object_of"]:
            return next((p for p in self._phrases if hit.last < p.first <= hit.last + 3 and not p.possessive), None)
        return None

    def _owner(self, hit: Hit, entry: ActWords) -> NounPhrase | None:
        """Read "searched the house of X", "raided the office of Z", "confiscated all their phones"."""
        for phrase in self._phrases:
            if phrase.first < hit.last or phrase.first > hit.last + 12:
                continue
            if phrase.possessive and self._relative_named(phrase) is not phrase:
                continue
            if phrase.possessive or phrase.people or (entry.type in _OF_THINGS and phrase.others and not phrase.acting):
                return phrase
        return None

    def _nominal(self, hit: Hit, entry: ActWords) -> FoundAct | None:
        """Read "informed about the arrest of X", "X received death threats"."""
        light = [at for at in self._light if at < hit.first and hit.first - at <= 14]
        if not light and not self._summary:
            return None
        victim = self._victim_of_noun(hit)
        if victim is None and light:
            victim = self._subject(light[-1]) or self._topic
        if victim is None:
            return None
        return self._made(hit, entry, "nominal", victim, self._agent(hit))

    def _victim_of_noun(self, hit: Hit) -> NounPhrase | None:
        governors = self._words.grammar["object_of"]
        for phrase in self._phrases:
            if phrase.possessive and 0 < hit.first - phrase.first <= 3:
                return phrase
            if phrase.first >= hit.last and phrase.refs:
                between = self._folded[hit.last : phrase.first]
                if len(between) <= 24 and not governors.isdisjoint(between) and ";" not in between:
                    return phrase
                return None
        return None

    def _made(
        self, hit: Hit, entry: ActWords, voice: Voice, victim: NounPhrase | None, actor: NounPhrase | None
    ) -> FoundAct | None:
        victims = victim.refs if victim else ()
        actors = (actor.either or actor.refs) if actor else ()
        actors = tuple(name for name in actors if name not in victims)
        if not entry.no_victim and actor and not actor.either and any(p.role == "defender" for p in actor.people):
            return None  # what a defender does to somebody is not an attack on a defender
        mode: Mode = entry.mode or ("attempted" if self._attempted(hit) else self._mode)
        act = Act(
            entry.type,
            self._passage.tokens.slice(hit.first, hit.last),
            entry.method,
            mode,
            victims,
            actors,
            voice,
            self._passage.tokens.span(hit.first, hit.last),
        )
        acting = actor.others if actor and actor.acting else ()
        return FoundAct(act, hit.first, acting, relative=actor is not None and actor.relative, also=entry.also)

    def _attempted(self, hit: Hit) -> bool:
        first = max(self._sentence.first, hit.first - 3)
        return bool(self._words.attempted.find(self._passage.tokens, first, hit.first))


def _without_brackets(words: Sequence[str]) -> list[str]:
    """Leave out what stands in brackets: "charged (Article 214) and released"."""
    kept: list[str] = []
    depth = 0
    for word in words:
        depth += word == "("
        if not depth:
            kept.append(word)
        depth -= word == ")" and depth > 0
    return kept


def _may_attack(subject: NounPhrase | None) -> bool:
    """Tell whether a subject may do an act whose victim the sentence does not name."""
    return subject is not None and (not subject.people or bool(subject.either))


def _without_repeats(found: Sequence[FoundAct]) -> list[FoundAct]:
    """Drop an act that the same sentence tells twice for the same people ("arrested … following their arrest")."""
    kept: list[FoundAct] = []
    for each in found:
        twin = any(
            other.act.type == each.act.type
            and other.act.method == each.act.method
            and other.act.victims == each.act.victims
            for other in kept
        )
        if not twin:
            kept.append(each)
    return kept
