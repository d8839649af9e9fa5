"""The chronology: each dated or timed sentence, and each sentence that tells an act, placed on the calendar."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace as changed

from tocsin.core.appeal import Event, Span
from tocsin.core.reader.dates import Clock, Moment, Placed, TimeWords, find_moments, time_words
from tocsin.core.reader.dates.calendar import calendar_dates
from tocsin.core.reader.facts.acts import ActReader
from tocsin.core.reader.facts.entities import Entities, Entity, Mention
from tocsin.core.reader.facts.found import FoundAct
from tocsin.core.reader.facts.frame import Before, Frame
from tocsin.core.reader.facts.naming import naming_in
from tocsin.core.reader.facts.noun_phrase import NounPhrase
from tocsin.core.reader.facts.passage import QUOTING, Passage, Sentence
from tocsin.core.reader.facts.phrases import Discourse
from tocsin.core.reader.tokens import Tokens, within

_NAME = attrgetter("name", "last")
_LEAD = 8  # words before a day that may say that it is to come
_TAKEN = frozenset({"abduction", "enforced_disappearance"})


class Told(Struct, frozen=True, gc=False):
    """One sentence of the story with what was understood of it."""

    passage: Passage
    sentence: Sentence
    phrases: tuple[NounPhrase, ...]
    acts: tuple[FoundAct, ...]
    event: Event | None


class Chronology:
    """Reads the story of a document.

    Args:
        language: Its language.
        issued_on: Its date.
        entities: Its names.
        discourse: Who was spoken of.
        house: Name of the organisation the document is about, if it is about one.
    """

    def __init__(
        self,
        language: str,
        issued_on: dt.date | None,
        entities: Entities,
        discourse: Discourse,
        house: str | None = None,
    ) -> None:
        self._time: TimeWords = time_words(language)
        self._clock = Clock(issued_on, self._time.planned)
        self._entities = entities
        self._discourse = discourse
        self._role: str | None = None
        self._topic: NounPhrase | None = None
        self._beside: list[Entity] = []
        self._actors: NounPhrase | None = None
        self._house = NounPhrase(0, 0, others=(house,)) if house else None
        self._told: set[tuple[str, tuple[str, ...]]] = set()
        self._missing: tuple[str, ...] = ()
        self._dissolved: NounPhrase | None = None
        self._suffering: NounPhrase | None = None
        self._searched: NounPhrase | None = None

    def read(self, passages: Sequence[Passage], asked: Sequence[Span] = ()) -> list[Told]:
        """Read the narrative passages in order; a sentence that asks for something, at `asked`, tells nothing."""
        told: list[Told] = []
        for number, passage in enumerate(passages):
            if passage.role == QUOTING:
                self._clock.write_on(calendar_dates(passage.tokens, self._time, passage.temporal))
                continue
            if passage.role != self._role:
                self._clock.turn_back()
                self._role, self._topic, self._beside = passage.role, None, []
            self._discourse.enter(passage)
            self._actors = self._suffering = self._searched = None
            moments = find_moments(passage.tokens, self._time, passage.times, passage.temporal)
            recalled = False
            for sentence in passage.sentences:
                inside = within(moments, sentence.first, sentence.last)
                if passage.role == "position":
                    # "Recalls that X was beaten in May. On 3 June he was arrested.": it goes on recalling.
                    recalled = _recalls(passage, sentence) or (
                        recalled and (bool(inside) or _goes_on(passage, sentence))
                    )
                    if not recalled:
                        continue
                if asked and _holds(passage.tokens.span(sentence.first, sentence.last), asked):
                    continue
                one = self._sentence(passage, sentence, inside, summary=number == 0)
                if told and told[-1].passage is passage and told[-1].acts:
                    told[-1] = self._named(told[-1], one)
                told.append(one)
        return told

    def _named(self, before: Told, behind: Told) -> Told:
        """Read "Two people were arrested. They are X and Y.": what was done to the two was done to X and Y."""
        mentions = within(self._entities.mentions(behind.passage), behind.sentence.first, behind.sentence.last)
        naming = naming_in(behind.passage, behind.sentence, mentions) if mentions else None
        if naming is None:
            return before
        suffering = dict.fromkeys(name for found in before.acts for name in found.act.victims)
        labels = [label for label in suffering if (group := self._discourse.groups.named(label)) and naming.fits(group)]
        alone = not suffering and len(naming.people) == 1 and not naming.is_some
        if len(labels) != 1 and not alone:
            return before
        acts = naming.told_of(None if alone else labels[0], before.acts)
        for label in labels:
            self._discourse.is_named(label, naming.people)
        self._new(list(acts))
        self._missing = next((each.act.victims for each in acts if each.act.type in _TAKEN), self._missing)
        event = before.event and replace(before.event, acts=tuple(found.act for found in acts))
        return changed(before, acts=acts, event=event)

    def _sentence(self, passage: Passage, sentence: Sentence, moments: Sequence[Moment], *, summary: bool) -> Told:
        mentions = within(self._entities.mentions(passage), sentence.first, sentence.last)
        phrases = self._discourse.noun_phrases(passage, sentence, mentions)
        timed = [moment for moment in moments if moment.vague != "ongoing"] if moments else []
        ongoing = len(timed) < len(moments)
        acts: list[FoundAct] = []
        if passage.acts:
            frame = Frame(passage, sentence, phrases, list(map(_NAME, mentions)))
            if passage.role == "position" and _recalls(passage, sentence):
                frame.begin_at(_recalling(passage, sentence))
            if frame.acts or frame.spoken:
                before = Before(
                    self._topic,
                    self._house,
                    self._actors,
                    self._beside,
                    self._discourse.body_meant,
                    self._dissolved,
                    self._suffering,
                    self._searched,
                )
                reader = ActReader(frame, before, ongoing=ongoing, summary=summary)
                self._dissolved = None
                if found := reader.read():
                    acts = self._new(self._of_the_missing(found, phrases))
                    self._keep_in_mind(acts)
        if phrases:
            self._topic = self._about(phrases)
            self._beside = [person for phrase in phrases for person in phrase.people]
        event = None
        if timed or acts:
            placed = self._place(passage.tokens, sentence.first, timed, passage.words.grammar)
            event = self._event(passage, sentence, mentions, placed, acts)
        return Told(passage, sentence, tuple(phrases), tuple(acts), event)

    def _keep_in_mind(self, acts: Sequence[FoundAct]) -> None:
        """Remember who acted and what was dissolved, for the sentence behind."""
        actors = next((found.act.actors for found in reversed(acts) if found.act.actors), ())
        self._actors = NounPhrase(0, 0, others=actors) if actors else self._actors
        victims = next((found.act.victims for found in reversed(acts) if found.act.victims), ())
        self._suffering = NounPhrase(0, 0, others=victims) if victims else self._suffering
        searched = next((each.act.victims for each in acts if each.act.type == "search_seizure"), ())
        self._searched = NounPhrase(0, 0, others=searched) if searched else self._searched
        body = next((each.act.victims for each in acts if each.act.type == "dissolution"), ())
        self._dissolved = NounPhrase(0, 0, others=body) if body else None

    def _of_the_missing(self, acts: list[FoundAct], phrases: Sequence[NounPhrase]) -> list[FoundAct]:
        """Choose of whom "their whereabouts" and "the police deny holding him" speak: of those who were taken away."""
        if _TAKEN.isdisjoint([each.act.type for each in acts]):
            return acts
        referring = ("anaphor", "clitic", "possessive", "relative")
        told = [phrase for phrase in phrases if not any(getattr(phrase, how) for how in referring)]
        # "His brother asked, but officials denied holding him": it is not the brother whom they hold.
        told = [p for p in told if not p.people or any(person.role != "relative" for person in p.people)]
        named = {name for phrase in told for name in phrase.refs}
        known = self._missing
        if known:
            acts = [
                changed(each, act=replace(each.act, victims=known))
                if each.act.type == "enforced_disappearance" and named.isdisjoint(each.act.victims)
                else each
                for each in acts
            ]
        self._missing = next((each.act.victims for each in acts if each.act.type in _TAKEN and each.act.victims), known)
        return acts

    def _new(self, acts: list[FoundAct]) -> list[FoundAct]:
        """Leave out what was told before: "the officers who arrested her"; remember the rest."""
        new = [each for each in acts if not (each.relative and (each.act.type, each.act.victims) in self._told)]
        for each in new:
            self._told.add((each.act.type, each.act.victims))
            self._discourse.suffered(each.act.victims)
        return new

    def _about(self, phrases: Sequence[NounPhrase]) -> NounPhrase | None:
        """Choose whom a sentence is about, for the next one."""
        named = [phrase for phrase in phrases if phrase.people and not phrase.possessive]
        for phrase in named:
            if not all(map(self._discourse.is_bystander, phrase.people)):
                return phrase
        if self._topic is not None:
            return self._topic
        return named[0] if named else next((each for each in phrases if each.others and not each.acting), None)

    def _place(
        self, tokens: Tokens, opening: int, moments: list[Moment], grammar: Mapping[str, frozenset[str]]
    ) -> Placed:
        if not moments:
            return self._clock.carry()
        first = moments[0].first
        near = tokens.folded[max(opening, first - _LEAD) : first]
        # "He will be tried on 3 June" moves no story on; "had been threatened in May" goes back in it.
        to_come = not grammar["coming"].isdisjoint(near)
        return self._clock.place(tokens, moments, stays=to_come, recalled=not grammar["pluperfect"].isdisjoint(near))

    @staticmethod
    def _event(
        passage: Passage, sentence: Sentence, mentions: Sequence[Mention], placed: Placed, acts: Sequence[FoundAct]
    ) -> Event:
        tokens = passage.tokens
        places = [mention.entity.name for mention in mentions if mention.entity.kind == "place"]
        hedges = [tokens.slice(hit.first, hit.last) for hit in within(passage.hedges, sentence.first, sentence.last)]
        return placed.event(
            passage.sentence_text(sentence),
            tokens.span(sentence.first, sentence.last),
            acts=tuple([found.act for found in acts]),
            places=tuple(dict.fromkeys(places)),
            hedges=tuple(dict.fromkeys(hedges)),
        )


def _holds(around: Span, asked: Sequence[Span]) -> bool:
    return any(around[0] <= start < around[1] for start, _ in asked)


def _recalls(passage: Passage, sentence: Sentence) -> bool:
    """Tell whether a sentence of the position states facts ("recalls that …"), not only what is condemned or asked."""
    return _recalling(passage, sentence) < sentence.last


def _goes_on(passage: Passage, sentence: Sentence) -> bool:
    """Tell whether a sentence tells more of who was recalled before: "He was released two days later"."""
    hits = passage.groups.get(sentence.first, ())
    return any(hit.kind == "pronoun" and hit.value.startswith("subject") for hit in hits)


def _recalling(passage: Passage, sentence: Sentence) -> int:
    """Give the place of the word that says so, or the end of the sentence."""
    recalling, first, last = passage.words.grammar["recalling"], sentence.first, sentence.last
    said = passage.tokens.folded[first:last]
    if recalling.isdisjoint(said):
        return last
    return next(at for at, word in enumerate(said, first) if word in recalling)
