"""What the publisher holds: what it condemns and welcomes, what it urges, and the law that it invokes."""

from collections.abc import Iterable

from tocsin.core.compose.asks import OF_PEOPLE_ALONE, is_settled
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.changes import News
from tocsin.core.compose.composition import Sentence
from tocsin.core.compose.developments import Developments
from tocsin.core.compose.draft import Draft
from tocsin.core.compose.matter import Matter, ToldActs, ended, once, unended
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import BodyCall, Event, LawCited, Position
from tocsin.core.vocab import load

# What the summary has told at length is not told again.
_MOST_REPEATED = 2
_CONCERNED = frozenset({"expresses_concern", "expresses_utmost_concern"})
# Of acts in these sentences it is said what they seem to aim at.
_AIMED = frozenset({"condemns", "strongly_condemns", "deplores", "remains_concerned"}) | _CONCERNED
_URGING = frozenset({"urges", "calls_on"})
_CONDEMNING = frozenset({"condemns", "strongly_condemns", "deplores"})


class Views:
    """Composes the position."""

    def __init__(self, draft: Draft, cast: Cast, matter: Matter, developments: Developments) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._matter = matter
        self._developments = developments
        self._plan = draft.case.appeal

    def position(self, news: News | None, *, closes: bool = False) -> tuple[tuple[Sentence, ...], ...]:
        """Give the paragraphs in which the publisher says what it holds.

        Where it closes the case it urges nobody any more: it recalls to what the authorities remain bound. A follow-up
        welcomes the release that it tells, and condemns what is new in place of what the last appeal condemned.
        """
        case = self._draft.case
        positions = [each for each in case.positions if not (closes and each.verb in _URGING)]
        freed = self._freed(news, positions)
        wrongs = self._developments.wrongs(news) if news else ()
        old = [each for each in positions if each.verb in _CONDEMNING or self._is_concern(each)]
        if news is not None and news.has_kept("positions") and (freed or wrongs):
            positions = [each for each in positions if each not in old]
        paragraphs = [found for each in positions if (found := self._view(each))]
        if people := self._cast.name(freed, whole=True):
            welcome = self._book.say("position-welcomes-release", publisher=self._matter.publisher(), people=people)
            paragraphs.insert(0, Sentence(welcome, freed))
        welcomed = bool(freed) or any(each.verb == "welcomes" for each in positions)
        thanked = freed or self._matter.freed()
        if welcomed and (people := self._cast.name(thanked, whole=True)):
            thanks = self._book.say("thanks", publisher=self._matter.publisher(), people=people)
            paragraphs.append(Sentence(thanks, thanked))
        if not any(each.verb in _CONDEMNING or self._is_concern(each) for each in positions):
            # What is welcomed comes first; what was done remains a wrong.
            verb = "remains_concerned" if welcomed else next((each.verb for each in old), "condemns")
            alone = wrongs and not welcomed
            acts = self._matter.nominals(wrongs) if alone else self._matter.acts_of_wrongs(wrongs)
            paragraphs.insert(len(paragraphs) if welcomed else 0, self._about_acts(verb, acts, None))
        laws = [law for each in case.law_cited if (law := self._law(each))]
        if closes:
            left = [call for each in case.body_calls if self._is_open(each) for call in self._calls(each)]
            paragraphs += self._asked("position-bound", [*left, *laws])
        else:
            calls = [call for each in case.body_calls for call in self._calls(each)]
            paragraphs += [*self._asked("position-urges", calls), *self._asked("position-calls", laws)]
        return tuple((paragraph,) for paragraph in paragraphs if paragraph.text)

    def _freed(self, news: News | None, positions: Iterable[Position]) -> tuple[str, ...]:
        """Give those whose release is new and welcomed nowhere yet."""
        if news is None or any(each.verb == "welcomes" for each in positions):
            return ()
        return self._developments.freed(news)

    def _is_concern(self, position: Position) -> bool:
        """Whether a position says what is held of the acts, so that condemning them as well would say it twice."""
        return position.verb in _CONCERNED and bool(position.object)

    def _is_open(self, call: BodyCall) -> bool:
        """Whether a demand of the case asks for the same and is not settled: a call has no standing of its own."""
        wanted = {kind for each in self._draft.case.demands if not is_settled(each) for kind in each.types}
        return wanted.issuperset(call.types)

    def _asked(self, formula: str, calls: list[Sentence]) -> list[Sentence]:
        if not calls:
            return []
        parts = tuple(each.text for each in calls)
        said = Phrase(self._book.names(parts), len(parts), "n", parts)
        text = self._book.say(formula, publisher=self._matter.publisher(), country=self._matter.countries(), calls=said)
        return [Sentence(text, once(record for each in calls for record in each.records))]

    def _view(self, position: Position) -> Sentence | None:
        """Give what the publisher holds: in the words of the record, which may also go on what its object begins."""
        plan = self._draft.case.appeal.id
        events = [event for each in position.object if (event := self._draft.case.find_record(each, Event))]
        # Of acts it can be composed what is held of them.
        say = self._draft.own_words if events else self._draft.words
        text = say(plan, f"positions.{position.verb}.text", position.text)
        if text and text[:1].isupper():
            return Sentence(ended(text), (plan, *position.object))
        freed = self._matter.freed()
        if position.verb == "welcomes" and not text and (people := self._cast.name(freed, whole=True)):
            publisher = self._matter.publisher()
            return Sentence(self._book.say("position-welcomes-release", publisher=publisher, people=people), freed)
        if events:
            return self._about_acts(position.verb, self._matter.nominals(events), text)
        if text:
            said = self._book.say(f"position-{position.verb}", publisher=self._matter.publisher(), what=text)
            return Sentence(ended(said), (plan,))
        self._draft.miss(plan, f"positions.{position.verb}.text_{self._book.language}", "nothing says what it is about")
        return None

    def _about_acts(self, verb: str, acts: ToldActs, text: str | None) -> Sentence:
        """Give a sentence on what was done; it ends in the words of the record, or in what the acts seem to aim at."""
        if not acts.text:
            return Sentence("")
        what: str | Phrase = acts.phrase
        people = self._matter.protagonists()
        if len(acts.parts) > _MOST_REPEATED and people is not None:
            what = self._book.say("these-acts", people=people)
        if text:
            what = self._book.say("position-and", acts=what, what=unended(text))
        elif verb in _AIMED and people is not None and not self._matter.killed():
            what = self._aim(Phrase(str(what), acts.kinds), acts.victims, people)
        said = self._book.say(f"position-{verb}", publisher=self._matter.publisher(), what=what)
        return Sentence(ended(said), acts.records)

    def _aim(self, acts: Phrase, victims: frozenset[str], people: Phrase) -> str:
        """Say what acts seem to aim at: those of the protagonists to whom they were done, and no others.

        A pronoun stands for them where nobody else was named; else the protagonists are named again.
        """
        meant = [*self._plan.protagonists, *self._plan.protagonist_orgs]
        hurt = [each for each in meant if each in victims]
        if victims <= set(meant) or not self._book.has("position-aim-named"):
            who = self._cast.name(hurt, whole=True) if len(hurt) < len(meant) else None
            return self._book.say("position-aim", acts=acts, people=who or people)
        again = self._cast.name(meant) or people
        return self._book.say("position-aim-named", acts=acts, people=people, meant=again)

    def _calls(self, call: BodyCall) -> list[Sentence]:
        say = self._draft.own_words if all(self._book.has(f"call-{kind}") for kind in call.types) else self._draft.words
        text = say(call.id, "text", call.text)
        named = [each for each in call.beneficiaries if not each.startswith("class:")]
        members = bool(OF_PEOPLE_ALONE.intersection(call.types))
        people = self._cast.name(named, whole=True, members=members) or self._matter.protagonists()
        kinds = [kind for kind in call.types if people and self._book.has(f"call-{kind}")]
        said = [text] if text else [self._book.say(f"call-{kind}", people=people or "") for kind in kinds]
        return [Sentence(each, (call.id,)) for each in said]

    def _law(self, law: LawCited) -> Sentence | None:
        if law.right is None:
            return None
        name = self.instrument(law)
        key = law.right.replace(" ", "_")
        if self._book.has(f"right-{key}"):
            right = self._book.say(f"right-{key}")
        else:
            right = self._book.say("right", right=key.removeprefix("right_to_").replace("_", " "))
            if self._book.language != "en":
                self._draft.miss(self._plan.id, f"law_cited.right_{self._book.language}", "no words for this right")
        said = self._book.say("guarantee-right", right=right, law=name)
        return Sentence(said, (self._draft.case.appeal.id,))

    def instrument(self, law: LawCited) -> str:
        """Name a law or treaty, with the article where the case cites one."""
        terms = load("instruments")
        code = law.instrument if law.instrument in terms else law.instrument[4:]
        label = str(terms[code].label(self._book.language)) if code in terms else law.instrument
        name = self._book.typeset(label)
        if code != law.instrument:
            home = law.country or law.instrument[:3].upper()
            name = self._book.say("law-of", law=name, country=self._matter.country(home))
        name = self._book.law(name)
        if not law.article:
            return name
        formula = "law-articles" if any(mark in law.article for mark in (",", "-", " ")) else "law-article"
        return self._book.say(formula, article=law.article, law=name)
