"""The head of an appeal: title, violation line, opening, and the paragraph that says what it is about."""

from collections.abc import Iterator, Sequence

from tocsin.core.appeal import Opening, Violation
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.changes import News
from tocsin.core.compose.composition import Sentence
from tocsin.core.compose.developments import Developments
from tocsin.core.compose.draft import Draft, may_print
from tocsin.core.compose.matter import Matter, ToldActs, capital
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Organisation, Person
from tocsin.core.vocab import load

_LONGEST_TITLE = 160
_NAMED_IN_TITLE = 2


class Head:
    """Composes what stands above the story."""

    def __init__(self, draft: Draft, cast: Cast, matter: Matter) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._matter = matter
        self._developments = Developments(draft, matter)
        self._plan = draft.case.appeal

    def violations(self) -> tuple[Violation, ...]:
        """Give the violation line: that of the plan, or one entry for each type of act against the protagonists."""
        if self._plan.violation_headings:
            return tuple(
                Violation(each.code, self._draft.words(each.code, "label", each.label) or self._heading(each.code))
                for each in self._plan.violation_headings
            )
        return tuple(Violation(code, self._heading(code)) for code in self._matter.types())

    def title(self, news: News | None) -> Sentence:
        """Give the title of the plan, or one made of the country, what was done, and to whom.

        That of a follow-up tells its news: the title of the last appeal is none for it.
        """
        tells_news = news is not None and news.standing == "new"
        new = self._developments.tell(news) if news is not None and tells_news else None
        is_stale = news is not None and tells_news and news.is_titled and new is not None and bool(new.text)
        if not is_stale and (text := self._draft.words(self._plan.id, "title", self._plan.title)):
            return Sentence(text, (self._plan.id,))
        return self._titled(new if new is not None and new.text else self._matter.acts_of_headings())

    def _titled(self, what: ToldActs) -> Sentence:
        article = self._book.grammar.article
        acts = self._book.names([_without_article(each, article) for each in what.parts])
        text = self._book.say("title", country=self._matter.countries(), violations=capital(acts))
        people = self._matter.protagonists()
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
        own = self._draft.words(self._plan.id, "summary", self._plan.summary)
        who = self._matter.protagonists()
        if news is not None and news.standing != "new" and who:
            again = (*self._recap(), self._reminded(news, who))
            return (*again, Sentence(own, (self._plan.id,))) if own else (*again, *self._who_they_are(markers))
        if own:
            return (Sentence(own, (self._plan.id,)),)
        sentences: list[Sentence] = []
        if news is not None and who:
            sentences.append(
                Sentence(
                    self._book.say("summary-new", publisher=self._matter.publisher(), people=who),
                    self._plan.protagonists,
                )
            )
            sentences += self._recap()
        else:
            what = self._matter.acts_of_headings()
            sentences.append(
                Sentence(self._book.say("summary", publisher=self._matter.publisher(), acts=what.phrase), what.records)
            )
        return (*sentences, *self._who_they_are(markers))

    def _reminded(self, news: News, who: Phrase) -> Sentence:
        """Say that no change is known, if so it is; else only that the case is recalled."""
        publisher = self._matter.publisher()
        if news.standing == "untold":
            return Sentence(self._book.say("summary-again", publisher=publisher, people=who), self._plan.protagonists)
        since = self._book.day(news.since)
        text = self._book.say("summary-unchanged", publisher=publisher, people=who, date=since)
        return Sentence(text, self._plan.protagonists)

    def _recap(self) -> Iterator[Sentence]:
        for earlier in self._plan.follows[-1:]:
            text = self._book.say("recap-code", code=earlier.display, date=self._book.day(earlier.issued_on))
            yield Sentence(text, (self._plan.id,))

    def _who_they_are(self, markers: dict[str, str]) -> Iterator[Sentence]:
        people = [person for each in self._plan.protagonists if (person := self._draft.case.find_record(each, Person))]
        groups: dict[tuple[str, ...], list[Person]] = {}
        for person in people:
            if may_print(person) and (what := self._described(person, markers)):
                groups.setdefault(what, []).append(person)
        for what, alike in groups.items():
            names = self._cast.name([person.id for person in alike], whole=True)
            if names:
                several = Phrase(self._subject(names, alone=len(people) == 1), names.count, names.gender)
                text = self._book.say("who-they-are", people=several, what=self._said_of(what, several))
                yield Sentence(text, tuple(person.id for person in alike))

    def _subject(self, names: Phrase, *, alone: bool) -> str:
        """Give the subject of what is said of people: a pronoun behind initials, into which the name would run."""
        pronoun = self._book.pronoun(names) if alone and names.text.endswith(".") else None
        return capital(pronoun) if pronoun else names.text

    def _described(self, person: Person, markers: dict[str, str]) -> tuple[str, ...]:
        """Give what is to be said of a person as keys, so that those of whom the same holds share a sentence."""
        own = self._draft.words(person.id, "described_as", person.described_as)
        keys = [f"={own}"] if own else []
        if person.defender and person.defender.is_hrd and not own:
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
        return str(terms[code].label(self._book.language)) if terms else code


def _without_article(text: str, article: str) -> str:
    return text.removeprefix(article) if article else text
