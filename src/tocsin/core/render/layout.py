"""From the appeal document to a page: what is shown, in which order, under which heading."""

from collections.abc import Iterable, Iterator

from tocsin.core.appeal import Addressee, AppealDocument, Contact, Demand, Section
from tocsin.core.render.channels import channel_text
from tocsin.core.render.characters import lines_of, one_line
from tocsin.core.render.labels import Labels, labels_for
from tocsin.core.render.notes import NoteNumbers
from tocsin.core.render.page import (
    Block,
    Inline,
    Isolated,
    Item,
    Label,
    Line,
    Listing,
    Moment,
    Page,
    Part,
    Prose,
    Role,
    Term,
    Terms,
)
from tocsin.core.render.understood import understood
from tocsin.core.vocab import country, direction_of

# Sections that only head a list; the list itself is a field of the document.
_LIST_ROLES = frozenset({"actions", "addressees", "contacts"})
_URGENT_KINDS = frozenset({"urgent_appeal", "new_information"})


def lay_out(document: AppealDocument) -> Page:
    """Lay a document out as a page.

    Everything a reader of the appeal needs is on the page, in the order of a printed appeal. Facts, types and spans
    are for machines and stay in the JSON; a report, which only its case worker sees, shows them too, and what was
    not understood.
    """
    labels = labels_for(document.language)
    code = code_of(document)
    return Page(
        language=document.language,
        label_language=labels.language,
        direction=direction_of(document.language),
        banner=labels.kind_of(document),
        urgent=is_urgent(document),
        public=is_public(document),
        code=code,
        title=one_line(document.title.text) or None if document.title else None,
        violations=tuple(filter(None, (one_line(violation.as_printed) for violation in document.violations))),
        dateline=_dateline(document, labels),
        issued_on=document.issued_on.isoformat() if document.issued_on else None,
        act=labels["act_now"].format(count=len(document.addressees)) if document.addressees else None,
        back=labels["back"],
        colon=labels.colon,
        parts=tuple(_parts(document, labels, code)),
        colophon=tuple(_colophon(document, labels, code)),
    )


def _parts(document: AppealDocument, labels: Labels, code: str | None) -> Iterator[Part]:
    """Give the parts in the order of a printed appeal; sections behind the lists stay behind them."""
    notes = NoteNumbers(document.notes)
    heads: dict[str, list[Section]] = {role: [] for role in _LIST_ROLES}
    before: list[Section] = []
    behind: list[Section] = []
    for section in document.sections:
        if section.role in _LIST_ROLES:
            heads[section.role].append(section)
        else:
            (behind if any(heads.values()) else before).append(section)

    if document.opening:
        yield from _part("opening", None, _prose(notes, [document.opening.text]))
    yield from _sections(before, notes)
    yield from _headed("demands", heads["actions"], labels["demands"], _demands(document.demands, notes), notes)
    addressees = tuple(_addressee(addressee, labels) for addressee in document.addressees)
    yield from _headed("addressees", heads["addressees"], labels["write_to"], _listing(addressees), notes)
    yield from _part("requests", None, _prose(notes, [request.text for request in document.requests]))
    yield from _sections(behind, notes)
    if document.about:
        yield from _part("about", Label(labels["about"]), _prose(notes, [document.about.text]))
    contacts = _contacts(document.contacts, labels, code)
    yield from _headed("contacts", heads["contacts"], labels["contacts"], contacts, notes)
    if document.kind == "report":
        yield from understood(document, labels)
    yield from _part("notes", Label(labels["notes"]), _listing(notes.items(), numbered=True))


def _part(role: Role, heading: Inline | None, blocks: tuple[Block, ...]) -> Iterator[Part]:
    if blocks:
        yield Part(role, heading, blocks)


def _sections(sections: Iterable[Section], notes: NoteNumbers) -> Iterator[Part]:
    for section in sections:
        heading = one_line(section.heading or "") or None
        blocks = _paragraphs(section, notes)
        if heading or blocks:
            yield Part("section", heading, blocks)


def _headed(
    role: Role, heads: list[Section], default: str, blocks: tuple[Block, ...], notes: NoteNumbers
) -> Iterator[Part]:
    """Give a list under the heading and introduction that the document prints for it, or under our own heading."""
    printed = [heading for head in heads if (heading := one_line(head.heading or ""))]
    introduction = tuple(block for head in heads for block in _paragraphs(head, notes))
    further = tuple(Prose(((heading,),)) for heading in printed[1:])
    yield from _part(role, printed[0] if printed else Label(default), further + introduction + blocks)
    if printed and not (further or introduction or blocks):
        yield Part(role, printed[0], ())


def _paragraphs(section: Section, notes: NoteNumbers) -> tuple[Block, ...]:
    lines = (notes.lines(paragraph.text, paragraph.notes) for paragraph in section.paragraphs)
    return tuple(Prose(paragraph) for paragraph in lines if paragraph)


def _prose(notes: NoteNumbers, texts: Iterable[str]) -> tuple[Block, ...]:
    """Give each line of the texts as a paragraph: these fields hold several of them one per line."""
    return tuple(Prose((line,)) for text in texts for line in notes.lines(text))


def _listing(items: Iterable[Item], *, numbered: bool = False) -> tuple[Block, ...]:
    listed = tuple(items)
    return (Listing(listed, numbered=numbered),) if listed else ()


def _demands(demands: Iterable[Demand], notes: NoteNumbers) -> tuple[Block, ...]:
    return _listing((Item(_ordinal(demand), notes.lines(demand.text)) for demand in demands), numbered=True)


def _ordinal(demand: Demand) -> Line:
    """Print an ordinal as it was, with the stop that the reader leaves out; a demand without one gets a dash."""
    ordinal = one_line(demand.ordinal or "")
    return (f"{ordinal}." if ordinal.isalnum() else ordinal or "–",)


def _addressee(addressee: Addressee, labels: Labels) -> Item:
    who = " ".join(filter(None, (one_line(part or "") for part in (addressee.style, addressee.title, addressee.name))))
    post, location = one_line(addressee.post or ""), one_line(addressee.location or "")
    if who or post:
        lines = [(line,) for line in (who, post, location) if line]
    else:
        lines = [(line,) for line in lines_of(addressee.as_printed)]
        lines += [(location,)] if location not in one_line(addressee.as_printed) else []
    copy: Line = (Label(f"({labels['copy']})"),)
    terms = [
        Term(Label(labels.term(channel.kind, "channel_types")), (channel_text(channel),))
        for channel in addressee.channels
    ]
    if addressee.salutation:
        terms.append(Term(Label(labels["salutation"]), (one_line(addressee.salutation),)))
    return Item((), (*lines, copy) if addressee.copy else tuple(lines), tuple(terms))


def _contacts(contacts: Iterable[Contact], labels: Labels, code: str | None) -> tuple[Block, ...]:
    """Give the publisher's channels; a mail to it opens with the code, so that it can be matched to the appeal."""
    rows = tuple(
        Term(
            Label(labels.term(contact.kind, "channel_types")), (channel_text(contact, subject=code), *_holder(contact))
        )
        for contact in contacts
    )
    return (Terms(rows),) if rows else ()


def _holder(contact: Contact) -> Line:
    holder = one_line(contact.holder or "")
    return (f" ({holder})",) if holder else ()


def is_public(document: AppealDocument) -> bool:
    """Say whether a document is for publication; a report never is."""
    return document.kind != "report"


def is_urgent(document: AppealDocument) -> bool:
    """Say whether a document asks for action now."""
    return document.kind in _URGENT_KINDS


def code_of(document: AppealDocument) -> str | None:
    """Give the code as it is printed: the canonical form, where the source printed it badly."""
    reference = document.reference
    return one_line(reference.canonical) or one_line(reference.as_printed) or None if reference else None


def _country(code: str, labels: Labels) -> str:
    """Name a country; an invented one has only its code."""
    found = country(code)
    return found.name(labels.language) if found else one_line(code)


def _dateline(document: AppealDocument, labels: Labels) -> Line:
    where = "–".join(filter(None, map(one_line, document.issued_at)))
    if document.issued_on is None:
        return (where,) if where else ()
    when = Moment(labels.day(document.issued_on), document.issued_on.isoformat())
    return (where, labels.comma, when) if where else (when,)


def _colophon(document: AppealDocument, labels: Labels, code: str | None) -> Iterator[Term]:
    if code:
        yield Term(Label(labels["code"]), (Isolated(code),))
    # A country that the code names already need not be named again.
    known = document.reference.country if code and document.reference else None
    countries = [_country(code, labels) for code in document.countries if code != known]
    if any(countries):
        yield Term(Label(labels["country"]), (labels.comma.join(filter(None, countries)),))
    if document.publishers:
        yield Term(
            Label(labels["publishers"]), (labels.semicolon.join(filter(None, map(one_line, document.publishers))),)
        )
