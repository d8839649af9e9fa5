"""The head of an appeal: title, violation line, opening, and the paragraph that says what it is about."""

from collections.abc import Iterator, Sequence

from tocsin.core.appeal import Opening, Violation
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.changes import News
from tocsin.core.compose.composition import Sentence
from tocsin.core.compose.developments import Developments
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.matter import Matter, ToldActs, capital, is_dead
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Organisation, Person, Wording
from tocsin.core.vocab import load

_LONGEST_TITLE = 160
_NAMED_IN_TITLE = 2
_TOLD_AT_ONCE = 4
# They are over once everybody is free.
_DETENTIONS = frozenset({"arbitrary_arrest", "arbitrary_detention", "incommunicado", "house_arrest"})


class Head:
    """Composes what stands above the story."""

    def __init__(self, draft: Draft, cast: Cast, matter: Matter, developments: Developments) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._matter = matter
        self._developments = developments
        self._plan = draft.case.appeal

    def violations(self, news: News | None) -> tuple[Violation, ...]:
        """Give the violation line: that of the plan, or one entry for each type of act against the protagonists.

        That of a follow-up begins with its news, and leaves out the detention of those who are free.
        """
        labels = {each.code: self._label(each.code, each.label) for each in self._plan.violation_headings}
        codes = tuple(labels) or self._matter.types()
        if news is not None and (news.has_kept("violation_headings") or (news.standing == "new" and not labels)):
            new = [each.type for each in self._developments.kinds(news)]
            over = _DETENTIONS if self._matter.freed() and not self._matter.held() else frozenset()
            codes = tuple(dict.fromkeys((*new, *(each for each in codes if each not in over))))
        return tuple(Violation(code, labels.get(code) or self._heading(code)) for code in codes)

    def _label(self, code: str, label: Wording | None) -> str:
        """Give the words of the plan, or those of the vocabulary where the plan has none in this language."""
        return self._draft.own_words(code, "label", label) or self._heading(code)

    def title(self, news: News | None) -> Sentence:
        """Give the title of the plan, or one made of the country, what was done, and to whom.

        That of a follow-up tells its news: the title of the last appeal is none for it.
        """
        tells_news = news is not None and news.standing == "new"
        new = self._developments.tell(news) if news is not None and tells_news else None
        is_stale = news is not None and news.has_kept("title") and new is not None and bool(new.text)
        if not is_stale and (text := self._draft.own_words(self._plan.id, "title", self._plan.title)):
            return Sentence(text, (self._plan.id,))
        return self._titled(new if new is not None and new.text else self._matter.acts_of_headings())

    def _titled(self, what: ToldActs) -> Sentence:
        acts = self._book.names([self._book.without_article(each) for each in what.parts])
        people = self._matter.protagonists()
        if not acts:
            formula, values = ("title-situation", {"people": people}) if people else ("title-nobody", {})
            self._draft.miss(self._plan.id, "title", "nothing that was done may be told")
            text = self._book.say(formula, country=self._matter.countries(), **values)
            return Sentence(text, (self._plan.id,))
        text = self._book.say("title", country=self._matter.countries(), violations=capital(acts))
        if len(text) > _LONGEST_TITLE and people is not None:
            nouns, more = list(what.nouns[:_NAMED_IN_TITLE]), len(what.nouns) > _NAMED_IN_TITLE
            named = self._book.names([*nouns, self._book.say("other-violations")] if more else nouns)
            formula = "title-others" if more else "title-case"
            text = self._book.say(formula, country=self._matter.countries(), violations=capital(named), people=people)
        return Sentence(text, what.records)

    def opening(self, news: News | None, *, closes: bool = False) -> Opening:
        """Give the opening formula: of a first appeal, one that tells something new, a reminder, or the last word."""
        urgent = self._plan.urgency_wording == "requests_your_urgent_intervention" or (
            self._plan.urgency_wording is None and bool(self._matter.held())
        )
        first, new, again = ("urgent", "new", "again") if urgent else ("calm", "new-calm", "again-calm")
        name = "closing" if closes else first if news is None else new if news.standing == "new" else again
        text = self._book.say(
            f"opening-{name}", publisher=Phrase(capital(self._whole_publisher())), country=self._matter.countries()
        )
        return Opening(text, urgent and not closes)

    def _whole_publisher(self) -> str:
        record = self._matter.organisation(self._plan.publisher)
        name = self._book.with_article(record.preferred_name(self._book.language), record.kind)
        parents = [self._matter.with_acronym(each) for each in self._plan.publisher_parents]
        if not parents:
            return self._book.say("publisher-alone", name=name)
        partners = Phrase(self._book.names(parents), len(parents), "n", tuple(parents))
        return self._book.say("publisher-partnership", name=name, partners=partners)

    def publishers(self) -> tuple[str, ...]:
        """Give the names of the publisher and of the organisations behind it."""
        own = self._matter.organisation(self._plan.publisher).preferred_name(self._book.language)
        return (own, *(self._matter.with_acronym(each, article=False) for each in self._plan.publisher_parents))

    def summary(self, markers: dict[str, str], news: News | None) -> tuple[Sentence, ...]:
        """Give the first paragraph: what it is about, and who the protagonists are.

        Args:
            markers: The note marker of each organisation that a note describes.
            news: What is new since the last appeal; `None` for a first appeal.
        """
        own = self._draft.own_words(self._plan.id, "summary", self._plan.summary)
        who = self._matter.protagonists()
        if news is not None and news.has_kept("summary"):
            own = None  # it tells what the last appeal was about
        if news is not None and news.standing != "new" and who:
            again = (*self._recap(), self._reminded(news, who))
            return (*again, Sentence(own, (self._plan.id,))) if own else (*again, *self._who_they_are(markers))
        if own:
            return (Sentence(own, (self._plan.id,)),)
        sentences: list[Sentence] = []
        if news is not None and who:
            sentences += [self._new(news, who), *self._recap()]
        else:
            sentences.append(self._informed(self._matter.acts_of_headings(), who))
        return (*sentences, *self._who_they_are(markers))

    def _new(self, news: News, who: Phrase) -> Sentence:
        """Say the news itself; only that there are some where they have no words of their own."""
        new = self._developments.tell(news, most=_TOLD_AT_ONCE)
        if new.text:
            return self._informed(new, who)
        text = self._book.say("summary-new", publisher=self._matter.publisher(), people=who)
        return Sentence(text, self._plan.protagonists)

    def _informed(self, what: ToldActs, who: Phrase | None) -> Sentence:
        """Say what the publisher has learned: of what was done, or only of somebody's situation."""
        publisher = self._matter.publisher()
        if what.text:
            return Sentence(self._book.say("summary", publisher=publisher, acts=what.phrase), what.records)
        if who is None:
            nobody = self._book.say("summary-nobody", publisher=publisher, country=self._matter.countries())
            return Sentence(nobody, (self._plan.id,))
        text = self._book.say("summary-situation", publisher=publisher, people=who)
        return Sentence(text, self._plan.protagonists or (self._plan.id,))

    def _reminded(self, news: News, who: Phrase) -> Sentence:
        """Say that no change is known, if so it is; else only that the case is recalled."""
        publisher = self._matter.publisher()
        if news.standing == "untold":
            return Sentence(self._book.say("summary-again", publisher=publisher, people=who), self._plan.protagonists)
        since = self._book.day(news.since)
        text = self._book.say("summary-unchanged", publisher=publisher, people=who, date=since)
        return Sentence(text, self._plan.protagonists)

    def _recap(self) -> Iterator[Sentence]:
        """Name the last appeal of the chain, and the first one, under whose code the case is known."""
        said = {"recap-code": self._plan.follows[-1:], "recap-first": self._plan.follows[:1]}
        for formula, appeals in said.items():
            if formula == "recap-first" and len(self._plan.follows) == 1:
                continue
            for earlier in appeals:
                text = self._book.say(formula, code=earlier.display, date=self._book.day(earlier.issued_on))
                yield Sentence(text, (self._plan.id,))

    def _who_they_are(self, markers: dict[str, str]) -> Iterator[Sentence]:
        people = [person for each in self._plan.protagonists if (person := self._draft.case.find_record(each, Person))]
        groups: dict[tuple[bool, tuple[str, ...]], list[Person]] = {}
        for person in people:
            if self._may_describe(person) and (what := self._described(person, markers)):
                groups.setdefault((is_dead(person), what), []).append(person)
        for (dead, what), alike in groups.items():
            names = self._cast.name([person.id for person in alike], whole=True)
            if names:
                several = Phrase(self._subject(names, alone=len(people) == 1), names.count, names.gender)
                formula = "who-they-were" if dead else "who-they-are"
                text = self._book.say(formula, people=several, what=self._said_of(what, several))
                yield Sentence(text, tuple(person.id for person in alike))

    def _may_describe(self, person: Person) -> bool:
        """Whether it may be said who somebody is: of a person without a name only what was agreed for the public."""
        named = person.identity_in_public not in {"role_description", "unnamed"}
        return may_print(person) and named

    def _subject(self, names: Phrase, *, alone: bool) -> str:
        """Give the subject of what is said of people: a pronoun behind initials, into which the name would run."""
        pronoun = self._book.pronoun(names) if alone and names.text.endswith(".") else None
        return capital(pronoun) if pronoun else names.text

    def _described(self, person: Person, markers: dict[str, str]) -> tuple[str, ...]:
        """Give what is to be said of a person as keys, so that those of whom the same holds share a sentence."""
        own = self._draft.own_words(person.id, "described_as", person.described_as)
        keys = [f"={own}"] if own else []
        # Who is described as agreed is described as nothing else, also where a language has no words for it yet.
        if person.defender and person.defender.is_hrd and person.described_as is None:
            keys.append(",".join(("defender", *person.defender.works_on)))
        for membership in person.memberships:
            organisation = self._draft.public(membership.org)
            if isinstance(organisation, Organisation) and membership.rc in {None, "P"} and membership.ends is None:
                name = self._book.with_article(organisation.preferred_name(self._book.language), organisation.kind)
                keys.append(f"@{name}{markers.get(organisation.id, '')}")
        return tuple(keys)

    def _said_of(self, keys: Sequence[str], people: Phrase) -> str:
        words: list[str] = []
        for key in keys:
            if key.startswith("="):
                words.append(key[1:])
            elif key.startswith("@"):
                words.append(self._book.say("member-of", people=people, organisation=key[1:]))
            else:
                topics = [self._topic(topic) for topic in key.split(",")[1:]]
                if topics and self._book.has("defender-of"):
                    words.append(self._book.say("defender-of", people=people, topics=self._book.names(topics)))
                else:
                    words.append(self._book.say("defender", people=people))
        return self._book.names(words)

    def _topic(self, topic: str) -> str:
        return self._book.say(f"topic-{topic}")

    def _heading(self, code: str) -> str:
        terms = next((terms for name in ("violation_types", "procedure_types") if code in (terms := load(name))), None)
        return self._book.typeset(str(terms[code].label(self._book.language))) if terms else code
