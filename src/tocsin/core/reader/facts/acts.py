"""Who did what to whom: the acts a sentence tells, in active, passive and nominal form.

A small grammar over words that the lexicon knows: the verb or noun of an act, the auxiliary before it, the noun
phrases around it. It leaves out what is denied or only possible ("was not arrested", "could be arrested").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter

from msgspec.structs import replace as changed

from tocsin.core.appeal import Act
from tocsin.core.appeal.document import Mode, Voice
from tocsin.core.reader.facts.agents import comes_behind
from tocsin.core.reader.facts.bodies import Bodies
from tocsin.core.reader.facts.factuality import is_attempted, is_denied, is_negated, is_to_come
from tocsin.core.reader.facts.found import FoundAct, going_on, without_repeats
from tocsin.core.reader.facts.frame import LIGHT_REACH, POINTS, Before, Frame, Verb
from tocsin.core.reader.facts.noun_phrase import NounPhrase, agreeing, are_lawyers, names_nobody_before, owner_of_named
from tocsin.core.reader.facts.participants import Participants
from tocsin.core.reader.facts.voices import voice_of
from tocsin.core.reader.facts.words import ARTICLES, ActForm, ActWords
from tocsin.core.reader.tokens import Hit

_NEED_REACH, _NEED_BEFORE = 30, 14
# What is done to a home, an office or an organisation is done to whom the story is about.
_OF_THINGS = frozenset(
    {"search_seizure", "property_damage", "burglary", "dissolution", "surveillance", "digital_attack"}
)
# … and to nobody where it does not say whose: "the accounts were frozen".
_OF_OWNERS = frozenset(
    {"funding_restricted", "registration_denied", "expression_restricted", "association_obstructed", "disbarment"}
)
_BY_WORDS = frozenset({"threat", "intimidation"})  # "the minister threatened to resign" threatens nobody
_OF_BODIES = frozenset({"dissolution", "registration_denied", "funding_restricted", "association_obstructed"})
_WITHOUT_PERSON = _OF_THINGS | _OF_OWNERS | {"assembly_obstructed", "excessive_force"}
# What keeps somebody from family and lawyers is done to who is held: "her mother was not allowed to visit".
_OF_THE_HELD = frozenset({"denial_family_contact", "denial_of_counsel", "denial_medical_care", "incommunicado"})
_OF_THE_TRIED = frozenset({"unfair_trial", "hearing"})  # "her lawyers were told an hour before the hearing"
_NOT_OF_LAWYERS = frozenset({"unfair_trial", "impunity"})
# "Stopped by border guards, driven to the airport and deported": who takes somebody along takes them all the way.
_BY_THE_SAME = frozenset({"arbitrary_arrest", "arbitrary_detention", "abduction", "expulsion", "transfer"})
_PERFECT = frozenset({"haber", "avoir", "having"})
_PREDICATIVE = frozenset({"", ",", "as", "como", "comme"})
_FORM = itemgetter(0)
_FORMS_IN: Mapping[Voice, frozenset[str]] = {
    "passive": frozenset({"participle", "infinitive"}),
    "active": frozenset({"active", "participle", "infinitive"}),
    "nominal": frozenset({"nouns"}),
}


class ActReader:
    """Reads the acts of one sentence.

    Args:
        frame: The sentence.
        before: What was told before it.
        ongoing: Whether the sentence says that things go on ("still").
        summary: Whether nouns tell acts here ("has been informed about the arrest of …").
    """

    def __init__(self, frame: Frame, before: Before, *, ongoing: bool, summary: bool) -> None:
        self._frame, self._participants = frame, Participants(frame)
        self._words, self._phrases, self._folded = frame.words, frame.phrases, frame.folded
        self._tokens, self._sentence = frame.passage.tokens, frame.sentence
        self._topic, self._house, self._before = before.topic, before.house, before.actors
        self._beside, self._bodies = before.beside, Bodies(frame, before)
        self._suffering, self._searched = before.suffering, before.searched
        self._mode: Mode = "ongoing" if ongoing else "occurred"
        self._light = [hit for hit in self._frame.hits if hit.kind == "light" and self._is_light(hit)]
        self._summary = summary
        self._together: NounPhrase | None = None

    def read(self) -> list[FoundAct]:
        """Give the acts from left to right."""
        found: list[FoundAct] = []
        for hit in self._frame.acts:
            if (act := self._act(hit)) is not None:
                found.append(act)
                if act.also is not None:
                    found.append(changed(act, act=replace(act.act, type=act.also, method=None)))
        if self._frame.spoken and (act := self._said(self._frame.spoken)) is not None:
            verb = self._participants.saying(self._frame.spoken[0])
            found = [each for each in found if verb is None or each.at != verb.first]  # who shouts a threat threatens
            found.append(act)
        return without_repeats(found)

    def _said(self, hits: Sequence[Hit]) -> FoundAct | None:
        """Read "told him: “Next time we will kill you”": by who says it, to whom it is said; the gravest counts."""
        forms, entries = self._words.act_forms, self._words.act_entries
        said = [(hit, entries[forms[hit.value][0].entry]) for hit in hits]
        hit, entry = next((each for each in said if each[1].type == "death_threat"), said[0])
        verb = self._participants.saying(hit)
        before = [each for each in self._light if each.value == "receiving" and each.first < hit.first]
        if before:  # "has received messages reading “…”"
            return self._made(hit, entry, "active", self._participants.subject_of(before[0].first) or self._topic, None)
        if verb is None:
            return self._made(hit, entry, "active", self._topic, None)
        speaker = self._participants.subject_of(verb.first) or self._participants.subject_behind(verb) or self._before
        spoken_to = self._participants.object_of(verb) or self._participants.behind_preposition(verb)
        spoken_to = spoken_to or self._bodies.suffering() or self._topic  # "broke into the office of Z, leaving a note"
        if spoken_to is not None and speaker is not None and spoken_to.refs == speaker.refs:
            return None
        return self._made(hit, entry, "active", spoken_to, speaker)

    def _is_light(self, hit: Hit) -> bool:
        """Tell whether a light verb says that something happened to somebody.

        It does not where it is denied ("was not informed of the raid"), nor where its noun is no predicate: "helps
        victims of torture", unlike "was a victim of torture".
        """
        frame = self._frame
        if hit.value == "blind":
            return False
        near = frame.folded[max(frame.sentence.first, hit.first - 3) : hit.first]
        if hit.value == "telling" and not frame.grammar["negation"].isdisjoint(near):
            return False
        if frame.folded[hit.first] not in frame.grammar["predicates"]:
            return True
        at = hit.first
        while frame.before(at) in ARTICLES and frame.before(at) not in frame.grammar["prepositions"]:
            at -= 1
        before = frame.before(at)
        return before in frame.grammar["be"] or before in frame.grammar["have"] or before in _PREDICATIVE

    def _act(self, hit: Hit) -> FoundAct | None:
        forms = self._frame.as_printed(hit, self._words.act_forms[hit.value])
        if forms[0].form == "phrases":
            return self._phrase(hit, self._words.act_entries[forms[0].entry])
        verb = voice_of(self._frame, self._participants, hit, set(map(_FORM, forms)))
        if verb is None or self._is_auxiliary(hit) or self._participants.is_told_of_nobody(verb.start):
            return None
        if verb.voice != "active" and (risking := self._risking(hit)) is not None:
            entry = next(self._entries(hit, forms, verb.voice), None)
            return self._risked(hit, entry, risking) if entry else None
        denied = is_denied(self._frame, verb.start, hit, noun=verb.voice == "nominal")
        if denied and not is_negated(self._frame, verb.start, hit):
            return None
        entries = (entry for entry in self._entries(hit, forms, verb.voice) if entry.negated == denied)
        likeliest = next(entries, None)
        if verb.voice == "nominal":
            return self._nominal(hit, likeliest) if likeliest else None
        if likeliest is None and (verb.voice == "active" or verb.start == hit.first):
            return None
        last = self._frame.last
        follows = last is not None and verb.start == hit.first and self._frame.follows_last(hit)
        listed = verb.voice == "active"
        # "Denunció haber sido golpeado": who says so was beaten.
        start = verb.start
        if verb.voice == "passive" and self._folded[start] in _PERFECT:
            start = next((other.first for other in self._frame.acts if other.last == start), start)
        subject = last[1] if follows and last else self._participants.subject_of(start, listed=listed)
        bare = verb.voice == "passive" and verb.start == hit.first and not follows
        if bare and subject is not None and not self._is_beside(subject, hit):
            subject = None
        self._together = None
        # "Was taken to the hall, beaten and released": what tells nothing by itself leads on to the verbs behind.
        told = (self._told(hit, entry, verb, subject) for entry in chain((likeliest,), entries) if entry)
        found = next(filter(None, told), None)
        if likeliest or (subject and not subject.relative):  # not "officers, who were called there, refused to …"
            self._frame.last = (verb, self._together or subject, hit)
        return found

    def _told(self, hit: Hit, entry: ActWords, verb: Verb, subject: NounPhrase | None) -> FoundAct | None:
        """Read an entry in the voice of its verb; "sont entrés" is active for all its "sont"."""
        read = self._passive if verb.voice == "passive" and not entry.moves else self._active
        return read(hit, entry, subject, verb.start)

    def _is_auxiliary(self, hit: Hit) -> bool:
        """Tell a verb that only leads in another: "sigue detenida", "continúa siendo vigilado"."""
        if hit.last - hit.first > 1 or self._folded[hit.first] not in self._frame.grammar["be"]:
            return False
        behind = self._folded[hit.last] if hit.last < len(self._folded) else ""
        if self._words.drops_subject and behind.endswith("ndo"):
            return True  # "sigue trabajando"
        return any(other.first == hit.last for other in self._frame.hits)

    def _is_beside(self, subject: NounPhrase, hit: Hit) -> bool:
        """Tell of whom a bare participle is said, beside it; "defended people arrested" not of who defends them."""
        return subject.last == hit.first or self._frame.before(hit.first) == ","

    def _entries(self, hit: Hit, forms: Sequence[ActForm], voice: Voice) -> Iterator[ActWords]:
        """Give the entries that have the form and whose needed words are there; the first that tells an act wins."""
        wanted, entries = _FORMS_IN[voice], self._words.act_entries
        for form, number, _ in forms:
            if form in wanted and (form == "nouns" or self._needs_met(hit, entries[number], voice)):
                yield entries[number]

    def _needed(self, hit: Hit, entry: ActWords) -> Hit | None:
        """Find the words behind a verb that make it tell the act."""
        if entry.needs is None:
            return None
        return next(iter(entry.needs.find(self._tokens, hit.last, self._need_end(hit.last, entry.reach))), None)

    def _need_end(self, verb: int, reach: int | None) -> int:
        """Give the place up to which a needed word may stand: what is told behind a semicolon is another matter."""
        end = min(self._sentence.last, verb + (reach or _NEED_REACH))
        near = self._folded[verb:end]
        return verb + near.index(";") if ";" in near else end

    def _needs_met(self, hit: Hit, entry: ActWords, voice: Voice) -> bool:
        """Tell whether a needed word follows; before a passive verb it may be the subject ("the office was closed")."""
        needs, reach = entry.needs, entry.reach
        if needs is None or not needs.may_begin_in(self._frame.there):
            return needs is None
        if needs.find(self._tokens, hit.last, self._need_end(hit.last, reach)):
            return True
        before = max(self._sentence.first, hit.first - (reach or _NEED_BEFORE))
        return (voice == "passive" or entry.anywhere) and bool(needs.find(self._tokens, before, hit.first))

    def _passive(self, hit: Hit, entry: ActWords, subject: NounPhrase | None, start: int) -> FoundAct | None:
        who = self._participants
        of_things = entry.type in _OF_THINGS and not comes_behind(self._frame, hit, who.has_unknown_subject(start))
        if entry.no_victim:
            return self._made(hit, entry, "passive", None, who.agent_of(hit))
        subject = self._bodies.somebody(entry.type, subject) or who.owner_before(start) or who.behind_verb(hit)
        if subject and subject.possessive and not subject.people and entry.type not in _OF_THINGS | _OF_OWNERS:
            return None  # "nos animatrices ont été convoquées": who they are is not said
        subject = subject or who.behind_comma(hit) or self._shot_at(hit) or who.against(hit)
        last = self._frame.last
        if subject is None and entry.type in _OF_THINGS | _OF_OWNERS and self._words.drops_subject:
            subject = who.owner(hit, of_thing=True)  # "fueron congeladas las cuentas de X"
        # A bare participle is said of the noun before it: "personas detenidas por sus opiniones".
        bare = start == hit.first > self._frame.sentence.first and not self._frame.follows_last(hit)
        dropped = self._words.drops_subject and not bare and not who.has_unknown_subject(start)
        if subject is None and (dropped or self._opens_clause(hit) or of_things):
            topic = agreeing(self._topic, self._beside, self._folded[hit.first]) if dropped else self._topic
            subject = (self._house if of_things else None) or topic
        agent = who.agent_of(hit)
        if agent is None and entry.type in _BY_THE_SAME and last is not None and self._follows_passive(hit):
            agent = who.agent_of(last[2])
        if bare and subject is None and agent is None:
            return None
        subject = self._joined(self._owned(subject, entry), hit)
        self._bodies.sufferer = subject or self._bodies.sufferer
        return self._made(hit, entry, "passive", subject, agent)

    def _owned(self, owner: NounPhrase | None, entry: ActWords) -> NounPhrase | None:
        """Choose whose it is: what only organisations have is an organisation's, threats are none of the police."""
        if owner is not None and entry.type in _BY_WORDS and owner.acting and owner.official:
            return None  # "had reported these threats to the police"
        if owner is None or not owner.possessive or entry.type not in _OF_BODIES:
            return owner
        return self._bodies.owner(owner)

    def _follows_passive(self, hit: Hit) -> bool:
        """Tell whether a verb is joined to one in the passive."""
        last = self._frame.last
        return last is not None and last[0].voice == "passive" and self._frame.follows_last(hit)

    def _joined(self, subject: NounPhrase | None, hit: Hit) -> NounPhrase | None:
        """Add those to whom it was done together with the subject."""
        if subject is None or not subject.people or not (beside := self._participants.companions(hit)):
            return subject
        people = dict.fromkeys([*subject.people, *(person for each in beside for person in each.people)])
        others = dict.fromkeys([*subject.others, *(other for each in beside for other in each.others)])
        self._together = changed(subject, people=tuple(people), others=tuple(others))
        return self._together

    def _shot_at(self, hit: Hit) -> NounPhrase | None:
        """Read "two shots were fired at the house of X": the verb's preposition leads to the victim."""
        if self._folded[hit.last - 1] not in self._frame.grammar["against"]:
            return None
        return self._participants.owner(hit, of_thing=True)

    def _opens_clause(self, hit: Hit) -> bool:
        """Tell whether nothing but auxiliaries and adverbs stand before the verb: its subject was named before."""
        first = self._frame.sentence.first
        return all(map(self._frame.may_stand_between, range(first, hit.first))) and not self._phrases

    def _active(self, hit: Hit, entry: ActWords, subject: NounPhrase | None, start: int) -> FoundAct | None:
        if entry.self:
            unknown = self._participants.has_unknown_subject(start)
            owner = self._participants.owner_before(start) if entry.anywhere else None  # "la salud de X se deterioró"
            sufferer = subject or owner or self._participants.behind_verb(hit) or (None if unknown else self._topic)
            return self._made(hit, entry, "active", sufferer, None) if sufferer else None
        if entry.no_victim:
            ours = hit.first > 0 and self._folded[hit.first - 1] in self._frame.grammar["speaking"]
            ours = ours or (self._words.drops_subject and self._folded[hit.first].endswith("mos"))
            return self._made(hit, entry, "active", None, subject or (None if ours else self._topic))
        victim = self._victim(hit, entry)
        subject = subject or self._participants.behind_comma(hit) or self._participants.subject_behind(hit)
        by_kin = subject is not None and subject.kin and entry.type == "surveillance"  # "her husband followed the car"
        if by_kin or (entry.of_person and not self._is_person(victim)):
            return None
        if self._frame.is_impersonal(hit, start):
            subject = None  # "se le impidió salir"
        else:
            taken_up = self._topic if self._topic and self._topic.either else None
            subject = subject or taken_up or self._unsaid(hit, start)
        if victim and subject and victim.people and victim.people == subject.people and not subject.either:
            # "A la Sra. X la amenazaron", "called X and threatened her": the subject is another, or is not named.
            subject = self._participants.subject_of(start, victim)
            if subject is None and not victim.clitic and not self._words.object_marker:
                return None
        if victim is subject or (victim is None and not _may_attack(subject, entry)):
            return None
        if victim is not None:
            victim = self._joined(victim, hit) or victim if entry.type in _BY_THE_SAME else victim
            self._frame.objects.append(victim)
            self._bodies.sufferer = victim
        return self._made(hit, entry, "active", victim, subject)

    def _unsaid(self, hit: Hit, start: int) -> NounPhrase | None:
        """Find who acts in "la amarraron": those of the sentence before, where the verb is in the plural."""
        told = self._folded[hit.first : hit.last]  # "prendieron fuego a"
        plural = self._words.drops_subject and any(word.endswith("ron") for word in told)
        if not plural or self._before is None or self._participants.has_unknown_subject(start):
            return None
        return self._before if self._before.is_plural else None

    def _is_person(self, victim: NounPhrase | None) -> bool:
        """Tell whether it is done to people, not to their things: "took her away", not "took their phones away"."""
        if victim is None or not victim.people:
            return False
        return not victim.possessive or self._folded[victim.first] in self._frame.grammar["object_or_owner"]

    def _victim(self, hit: Hit, entry: ActWords) -> NounPhrase | None:
        who, of_thing = self._participants, entry.type in _OF_THINGS
        owned = of_thing or entry.type in _OF_OWNERS
        needed = self._needed(hit, entry)
        victim = who.object_of(hit) or (who.behind_need(needed.last) if needed else None)
        victim = victim or who.behind_preposition(hit) or who.owner(hit, of_thing=owned)
        if owned and self._house and victim and victim.possessive:
            # "closed its seat": what only an organisation has is the organisation's.
            at = self._folded[victim.last] in self._frame.grammar["premises"]
            victim = self._house if at else victim
        if owned and victim and victim.possessive and names_nobody_before(self._phrases, victim):
            victim = self._bodies.suffering() or victim  # "broke into the office of Z and took its files"
        if of_thing and victim and not victim.people and victim.others and victim.others[0][:1].islower():
            self._frame.objects.append(victim)
            victim = self._bodies.suffering() or victim  # "… and took the list of members"
        victim = victim or (who.spoken_of(hit) if entry.told else None)
        if victim is None and of_thing and not entry.of_person:
            # "Set fire to the tents": whose they are is not said.
            searched = self._searched if entry.type == "search_seizure" else None  # "They took four laptops."
            topic = None if entry.type == "property_damage" else self._topic
            sufferer = self._bodies.sufferer
            if sufferer and sufferer.kin and sufferer.owners:  # "beat her husband, searched the house"
                sufferer = changed(sufferer, people=sufferer.owners, others=(), kin="")
            return sufferer or self._house or searched or topic
        if victim is None and entry.mode == "omission":
            return self._topic
        if victim is None and entry.method == "shot":
            return self._bodies.sufferer or who.spoken_of_before(hit) or self._topic
        return victim

    def _phrase(self, hit: Hit, entry: ActWords) -> FoundAct | None:
        """Read a fixed phrase that tells an act by itself: "no measures have been taken", "the trial began"."""
        near = self._folded[max(self._sentence.first, hit.first - 3) : hit.first]
        if entry.mode != "omission" and ("without" in near or is_to_come(self._frame, hit)):
            return None  # "without giving it a hearing", "is to be brought before a judge"
        if entry.anywhere and not self._needs_met(hit, entry, "nominal"):
            return None
        named = self._participants.concerned_by(hit)
        if named is not None and named.kin and entry.type in _OF_THE_HELD | _OF_THE_TRIED:
            meant = self._topic if entry.type in _OF_THE_TRIED else named
            named = next((phrase for phrase in self._phrases if phrase.people), meant)
        if entry.type in _NOT_OF_LAWYERS and named is not None and named.people and are_lawyers(named):
            named = None if self._topic is None or are_lawyers(self._topic) else self._topic
        if entry.type == "failure_to_protect":
            named = named or self._suffering
        people = named if entry.named or self._participants.is_of_stranger(hit) else named or self._topic
        # "Two officers stood by": who leaves undone what they owe is named as the one who does it.
        actor = self._participants.subject_of(hit.first) if entry.mode == "omission" else None
        return self._made(
            hit,
            entry,
            "nominal",
            people if entry.about else None,
            actor if actor and not (actor.people or actor.kin) else None,
        )

    def _nominal(self, hit: Hit, entry: ActWords) -> FoundAct | None:
        """Read "informed about the arrest of X", "X received death threats", "the attack that X suffered"."""
        light = next((each for each in reversed(self._light) if self._frame.leads(each, hit)), None)
        who = self._participants
        if light is None and (behind := self._light_behind(hit)) is not None:
            return self._told_behind(hit, entry, behind)
        if light is None and not self._summary:
            return None
        if light and entry.type == "sentencing" and self._folded[light.first] in self._frame.grammar["facing"]:
            return None  # "faces a sentence of up to five years"
        victim, actor = self._owned(who.victim_of_noun(hit), entry), who.agent_of(hit)
        subjected = who.object_of(light) if light is not None and light.value == "subjecting" else None
        if subjected is not None and light is not None:
            victim, actor = subjected, who.subject_of(light.first, subjected)
        elif light is not None and light.value in {"receiving", "subjecting"}:
            unsaid = self._words.drops_subject and victim is not None and not victim.possessive
            dropped = self._topic if unsaid and not who.has_unknown_subject(light.first) else None
            victim = who.subject_of(light.first) or dropped or victim
        elif light is not None and light.value == "doing":
            actor = actor or who.subject_of(light.first)
            pronoun = who.object_of(light)  # "los agentes le propinaron golpes"
            victim = pronoun if pronoun is not None and pronoun.clitic else victim
        if victim is None and light is not None:
            victim = self._bodies.told_of(light, hit, who.subject_of(light.first), self._topic)
        if victim is None:
            return None
        return self._made(hit, entry, "nominal", victim, actor if actor is not victim else None)

    def _risking(self, hit: Hit) -> Hit | None:
        """Find the words before that say it is only feared: "at risk of arrest", "at risk of being arrested"."""
        if not self._light:
            return None
        be, first = self._frame.grammar["be"], hit.first
        while self._frame.before(first) in be:
            first -= 1
        return next((each for each in self._light if each.value == "risking" and each.last == first), None)

    def _risked(self, hit: Hit, entry: ActWords, risking: Hit) -> FoundAct | None:
        """Read "X is at risk of arrest" of those named before, and "put X at risk of arrest" of those who did so."""
        frame, before = self._frame, [each for each in self._phrases if each.last <= risking.first and each.refs]
        if not before or not frame.grammar["negation"].isdisjoint(frame.folded[before[-1].last : risking.first]):
            return None
        *others, victim = before
        near = frame.folded[max(frame.sentence.first, victim.first - 2) : victim.first]
        put = not frame.grammar["putting"].isdisjoint(near)
        return self._made(hit, replace(entry, mode="risk"), "nominal", victim, others[-1] if put and others else None)

    def _light_behind(self, hit: Hit) -> Hit | None:
        """Find the verb that tells a noun before it: "the arrest took place", "the attack that X suffered"."""
        end = min(self._frame.sentence.last, hit.last + LIGHT_REACH)
        for light in self._light:
            if hit.last <= light.first < end and light.value != "telling":
                gap = self._folded[hit.last : light.first]
                if not POINTS.isdisjoint(gap) or self._frame.verb_between(hit.last, light.first):
                    return None
                relative = not self._frame.grammar["relative"].isdisjoint(gap)
                return light if relative or light.value != "receiving" else None
        return None

    def _told_behind(self, hit: Hit, entry: ActWords, light: Hit) -> FoundAct | None:
        who = self._participants
        victim = who.victim_of_noun(hit)
        if light.value == "receiving":
            victim = next((p for p in self._phrases if hit.last <= p.first < light.first + 4 and p.people), victim)
        return self._made(hit, entry, "nominal", victim, who.agent_of(hit)) if victim else None

    def _meant(self, kind: str, entry: ActWords, victim: NounPhrase | None) -> NounPhrase | None:
        """Choose to whom it was done by what it is: an organisation is dissolved, who is held has no lawyer."""
        if kind == "dissolution":
            return self._bodies.dissolved(victim)
        victim = self._bodies.somebody(kind, victim)
        if victim is None:
            return self._bodies.meant() if kind == "association_obstructed" else None
        if entry.mode == "omission" and kind in _OF_THE_HELD and victim.people and are_lawyers(victim):
            return owner_of_named(self._phrases, victim) or self._topic  # "her lawyer was not let in"
        return victim

    def _made(
        self, hit: Hit, entry: ActWords, voice: Voice, victim: NounPhrase | None, actor: NounPhrase | None
    ) -> FoundAct | None:
        kind = (entry.official if actor is not None and actor.official else None) or entry.type
        victim = self._meant(kind, entry, victim)
        if kind == "sentencing" and victim is not None and victim.people:
            victim = self._participants.sharing(hit, victim)
        if victim is not None and victim.kin:
            kind = "threat_to_family" if kind == "threat" else kind
            # The list calls it after the person: a threat to her family is done to her.
            if kind in _OF_THE_HELD or (kind == "threat_to_family" and victim.kin == "family" and victim.owners):
                victim = changed(victim, people=victim.owners, others=())
        victims = victim.refs if victim else ()
        kept_out = kind == "denial_of_counsel" and voice == "nominal" and entry.mode == "omission"
        if actor is not None and (actor.kin or kept_out) and not entry.no_victim:
            actor = None  # "her mother received a call", "two lawyers were denied access to her": they did nothing
        actors = (actor.either or actor.refs) if actor else ()
        if actors and victims:
            actors = tuple(name for name in actors if name not in victims)
        if not entry.no_victim and actor and not actor.either and any(p.role == "defender" for p in actor.people):
            suffering = victim.people if victim else ()
            if not suffering or not (actor.anaphor or set(suffering) < set(actor.people)):
                return None  # what a defender does to somebody is not an attack on a defender
            actors = ()  # "he had threatened her", "they beat X": whoever they are, they are not the defenders
        tokens = self._frame.passage.tokens
        mode: Mode = entry.mode or ("attempted" if is_attempted(self._frame, hit) else going_on(self._mode, kind))
        means = None if entry.method else self._frame.means_of(hit, entry.type)
        words, span = tokens.slice(hit.first, hit.last), tokens.span(hit.first, hit.last)
        act = Act(kind, words, entry.method or means, mode, victims, actors, voice, span)
        acting = actor.others if actor and actor.acting else ()
        # Behind a comma it goes on with the story: "brought before a judge, who remanded her".
        relative = actor is not None and actor.relative and self._frame.before(actor.first) != ","
        unsaid = voice == "passive" and not (victims or entry.no_victim or kind in _WITHOUT_PERSON)
        return FoundAct(act, hit.first, acting, relative, entry.also, means is not None, unsaid)


def _may_attack(subject: NounPhrase | None, entry: ActWords) -> bool:
    """Tell whether a subject may do an act whose victim the sentence does not name."""
    if entry.type in _WITHOUT_PERSON:
        return True
    if subject is None or subject.kin or (entry.type in _BY_WORDS and subject.acting and not subject.official):
        return False
    return not subject.people or bool(subject.either)
