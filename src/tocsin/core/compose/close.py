"""The end of an appeal: notes, what readers are asked to do, who the publisher is and how it is reached."""

from collections.abc import Iterator, Sequence

from tocsin.core.appeal import Contact, Note, Request, Text
from tocsin.core.compose.cast import Cast
from tocsin.core.compose.draft import Draft
from tocsin.core.compose.matter import Matter, capital
from tocsin.core.phrasebook import Phrase
from tocsin.core.records import Organisation


class Close:
    """Composes what stands below the demands."""

    def __init__(self, draft: Draft, cast: Cast, matter: Matter) -> None:
        self._draft = draft
        self._book = draft.book
        self._cast = cast
        self._matter = matter
        self._plan = draft.case.appeal

    def notes(self) -> tuple[Note, ...]:
        """Give the notes of the plan: their own words, or those that describe the organisation."""
        notes: list[Note] = []
        for each in self._plan.footnotes:
            text = self._draft.words(each.marker, "text", each.text)
            organisation = self._draft.public(each.defines) if each.defines else None
            if text is None and isinstance(organisation, Organisation):
                text = self._about(organisation)
            if text:
                notes.append(Note(each.marker.strip("[]"), text))
            else:
                self._draft.miss(each.marker, f"text_{self._book.language}", "nothing says what the note tells")
        return tuple(notes)

    def _about(self, organisation: Organisation) -> str:
        if text := self._draft.words(organisation.id, "description", organisation.description):
            return text
        name = capital(self._book.with_article(organisation.preferred_name(self._book.language), organisation.kind))
        kind = self._book.say(f"kind-{organisation.kind}") if self._book.has(f"kind-{organisation.kind}") else ""
        where = self._matter.country(organisation.country) if organisation.country else self._matter.countries()
        if organisation.works_on and kind:
            topics = self._book.names([self._book.say(f"topic-{topic}") for topic in organisation.works_on])
            return self._book.say("note-organisation", name=name, kind=kind, topics=topics, country=where)
        return self._book.say("note-organisation-plain", name=name, kind=kind, country=where) if kind else ""

    def requests(self) -> tuple[Request, ...]:
        """Give what readers are asked to do beside writing to the addressees."""
        return tuple(
            Request(each.type, self._draft.own_words(each.type, "text", each.text) or self._asked(each.type))
            for each in self._plan.extra_actions
        ) or tuple(Request(kind, self._asked(kind)) for kind in ("write_to_mission", "report_action"))

    def _asked(self, kind: str) -> str:
        return self._book.say(f"request-{kind}", country=self._matter.countries())

    def about(self) -> Text | None:
        """Give the fixed text about the publisher: that of the plan, or one from what the case knows of it."""
        boilerplate = self._plan.boilerplate
        record = self._matter.organisation(self._plan.publisher)
        say = self._draft.own_words if record.founded and record.founders else self._draft.words
        if boilerplate and (text := say(boilerplate.key, "text", boilerplate.text)):
            return Text(text)
        if not record.founded or not record.founders:
            return None
        name = capital(self._book.with_article(record.preferred_name(self._book.language), record.kind))
        founders = self._book.names([self._matter.with_acronym(each) for each in record.founders])
        short = self._cast.short_name(record)
        formula = "about-created" if short else "about-created-plain"
        text = self._book.say(formula, name=name, short=short or "", year=record.founded, founders=founders)
        return Text(" ".join([text, *self._memberships(record.founders)]))

    def _memberships(self, founders: Sequence[str]) -> Iterator[str]:
        for each in self._draft.case.organisations:
            shared = [founder for founder in founders if founder in each.members]
            if each.kind == "consortium" and shared:
                names = Phrase(self._book.names([self._matter.acronym(founder) for founder in shared]), len(shared))
                name = each.preferred_name(self._book.language)
                if each.described_as:
                    name = self._book.say("about-consortium", consortium=name, what=each.described_as)
                yield self._book.say("about-members", names=names, consortium=name)

    def contacts(self) -> tuple[str | None, tuple[Contact, ...]]:
        """Give the heading of the publisher's channels, and the channels."""
        block = self._plan.contact_block
        if block is None:
            return None, ()
        heading = self._draft.own_words(self._plan.id, "contact_block.heading", block.heading)
        if heading is None:
            name = self._cast.short_name(self._matter.organisation(self._plan.publisher))
            name = name or self._matter.publisher().text
            heading = self._book.say("heading-contacts", publisher=name)
        contacts = tuple(
            Contact(
                each.type,
                each.value,
                _after_label(each.display) or each.value,
                self._matter.acronym(each.holder) if each.holder else None,
            )
            for each in block.channels
            if each.rc in {None, "P"}
        )
        return heading, contacts


def _after_label(display: str | None) -> str | None:
    """Give what stands after the label of a channel: `Tel. A: +1 2` is `+1 2` (the label is in the contact's kind)."""
    return display.rpartition(": ")[2] if display else None
