"""Putting the parts of an appeal together: the order of a published one, and where each sentence stands in it."""

from collections.abc import Iterable, Sequence
from typing import Literal

from tocsin.core.appeal import AppealDocument, Paragraph, Reference, Section, Text, to_json
from tocsin.core.codes import Code, format_code
from tocsin.core.compose.asks import Asks
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.changes import News, split
from tocsin.core.compose.close import Close
from tocsin.core.compose.composition import Composition, Ground, Sentence, ground, join
from tocsin.core.compose.courts import Courts
from tocsin.core.compose.deeds import Deeds
from tocsin.core.compose.developments import Developments
from tocsin.core.compose.draft import Draft
from tocsin.core.compose.facts import FactFinder
from tocsin.core.compose.head import Head
from tocsin.core.compose.matter import Matter
from tocsin.core.compose.story import Story
from tocsin.core.compose.views import Views
from tocsin.core.errors import BadCase
from tocsin.core.records import AppealCode, Event, chronology

ComposedKind = Literal["urgent_appeal", "new_information", "closure"]


class Composer:
    """Composes one edition of one appeal.

    Args:
        draft: The case and the phrasebook.
        kind: A first appeal, a follow-up, or one that closes the case and asks for nothing more.
        news: For a follow-up, what is new since the last appeal; `None` for a first appeal.
    """

    def __init__(self, draft: Draft, kind: ComposedKind, news: News | None) -> None:
        self._draft = draft
        self._plan = draft.case.appeal
        self._kind = kind
        self._news = news
        self._cast = Cast(draft)
        self._deeds = Deeds(draft, self._cast)
        self._matter = Matter(draft, self._cast, self._deeds)
        self._developments = Developments(draft, self._matter)
        self._head = Head(draft, self._cast, self._matter, self._developments)
        self._views = Views(draft, self._cast, self._matter, self._developments)
        self._close = Close(draft, self._cast, self._matter)
        self._courts = Courts(draft, self._cast, self._matter.country)
        self._story = Story(draft, self._cast, self._deeds, self._courts)
        self._grounds: list[Ground] = []
        self._told: list[Event] = []
        self._sentences: dict[str, str] = {}

    def compose(self) -> Composition:
        """Compose the document."""
        head, close, plan = self._head, self._close, self._plan
        closes = self._kind == "closure"
        title = head.title(self._news)
        self._ground("title", [title])
        self._cast.forget()
        asks = Asks(self._draft, self._cast, self._matter)
        sections = self._sections()
        wrongs = self._developments.wrongs(self._news) if self._news else None
        wanted = [] if closes else asks.demands(wrongs)
        sections += self._list_headings() if wanted else [self._closed(len(sections))]
        demands = []
        for number, (demand, records) in enumerate(wanted):
            self._ground(f"demands[{number}]", [Sentence(demand.text, records)])
            demands.append(demand)
        heading, contacts = close.contacts()
        if heading:
            sections.append(Section("contacts", heading))
        document = AppealDocument(
            kind=self._kind,
            language=self._draft.book.language,
            title=Text(title.text),
            reference=reference(plan.code),
            violations=head.violations(self._news),
            countries=plan.countries,
            issued_on=plan.issued_on,
            issued_at=plan.issued_at_places,
            publishers=head.publishers(),
            opening=head.opening(self._news, closes=closes),
            sections=tuple(sections),
            demands=tuple(demands),
            addressees=asks.addressees() if wanted else (),
            requests=close.requests() if wanted else (),
            notes=close.notes(),
            contacts=contacts,
            about=close.about(),
            facts=FactFinder(self._draft, self._cast, self._courts, self._deeds).facts(self._told, self._sentences),
        )
        self._refuse_hidden(document)
        return Composition(document, tuple(self._grounds), self._draft.gaps)

    def _refuse_hidden(self, document: AppealDocument) -> None:
        """The last gate: whatever way a name took into the document, it does not leave."""
        if self._draft.names_somebody_hidden(to_json(document)):
            raise BadCase(
                "the appeal would name somebody who may not be named",
                where=self._plan.id,
                hint="look for a name in the free texts of the plan, the addressees and the titles",
            )

    def _sections(self) -> list[Section]:
        recent, earlier = split(chronology(self._draft.case), self._news)
        markers = {each.defines: f"[{each.marker.strip('[]')}]" for each in self._plan.footnotes if each.defines}
        summary = self._head.summary(markers, self._news)
        # A reminder tells nothing new, and no heading may say that it does.
        tells_news = self._news is not None and self._news.standing == "new"
        role: Literal["situation", "new_information"] = "new_information" if tells_news else "situation"
        # Where nothing new is told, how things stand is all that there is to say.
        recalled = earlier if recent else []
        sections = [self._told_section(role, self._heading(role), recent, 0, summary, recalled)]
        if earlier:
            self._cast.forget()
            background = self._told_section("background", self._heading("background"), earlier, 1, (), ())
            # What is earlier may be nothing that may be told.
            sections += [background] if background.paragraphs else []
        self._cast.forget()
        view = self._views.position(self._news, closes=self._kind == "closure")
        sections.append(self._section("position", None, len(sections), view))
        return sections

    def _heading(self, role: str) -> str:
        own = self._draft.own_words(self._plan.id, "description_heading", self._plan.description_heading)
        return own if own and role == "situation" else self._draft.book.say(f"heading-{role}")

    def _told_section(
        self,
        role: Literal["situation", "new_information", "background"],
        heading: str,
        events: Sequence[Event],
        number: int,
        first: tuple[Sentence, ...],
        recalled: Sequence[Event],
    ) -> Section:
        self._deeds.forget()
        paragraphs = [first] if first else []
        paragraphs += self._story.tell(events)
        since = self._news.since if self._news else None
        if number == 0 and (states := self._story.states(events, recalled, since)):
            paragraphs.append(states)
        self._told += events
        for sentence in (sentence for paragraph in paragraphs[1 if first else 0 :] for sentence in paragraph):
            for record in sentence.records:
                self._sentences[record] = (
                    f"{self._sentences[record]} {sentence.text}" if record in self._sentences else sentence.text
                )
        return self._section(role, heading, number, paragraphs)

    def _section(
        self,
        role: Literal["situation", "new_information", "background", "position"],
        heading: str | None,
        number: int,
        paragraphs: Iterable[tuple[Sentence, ...]],
    ) -> Section:
        texts = []
        for at, paragraph in enumerate(paragraphs):
            self._ground(f"sections[{number}].paragraphs[{at}]", paragraph)
            texts.append(Paragraph(join(paragraph), self._notes_in(join(paragraph))))
        return Section(role, heading, tuple(texts))

    def _notes_in(self, text: str) -> tuple[str, ...]:
        markers = [each.marker.strip("[]") for each in self._plan.footnotes]
        return tuple(marker for marker in markers if f"[{marker}]" in text)

    def _closed(self, number: int) -> Section:
        """Say that nothing more is asked for: what was demanded has been met."""
        text = self._draft.book.say("closure", publisher=self._matter.publisher())
        return self._section("position", None, number, [(Sentence(text, (self._plan.id,)),)])

    def _list_headings(self) -> list[Section]:
        plan, say, own = self._plan, self._draft.book.say, self._draft.own_words
        actions = own(plan.id, "actions_heading", plan.actions_heading) or say("heading-actions")
        intro = own(plan.id, "actions_intro", plan.actions_intro) or say(
            "actions-intro", country=self._matter.countries()
        )
        heading = own(plan.id, "addressees_heading", plan.addressees_heading) or say("heading-addressees")
        return [Section("actions", actions, (Paragraph(intro),)), Section("addressees", heading)]

    def _ground(self, path: str, sentences: Iterable[Sentence]) -> None:
        self._grounds += ground(path, sentences)


def reference(code: AppealCode | None) -> Reference | None:
    """Give the code of the plan as a document has it."""
    if code is None:
        return None
    parts = Code(
        country=code.country,
        country_number=code.country_seq,
        month=code.month,
        year=code.year,
        series=code.series,
        number=code.series_seq,
        follow_up=code.followup,
    )
    canonical = format_code(parts)
    return Reference(
        as_printed=code.display or canonical,
        canonical=canonical,
        country=code.country,
        country_number=code.country_seq,
        month=code.month,
        year=code.year,
        series=code.series,
        number=code.series_seq,
        follow_up=code.followup,
    )
