"""What was understood of a partner's report, for the case worker who reads it."""

from collections.abc import Iterable, Iterator

from tocsin.core.appeal import Act, AppealDocument, Charge, Event, Group, Person, Proceeding
from tocsin.core.render.characters import lines_of, one_line
from tocsin.core.render.labels import Labels
from tocsin.core.render.page import Item, Label, Line, Listing, Moment, Part, Prose, Term


def understood(document: AppealDocument, labels: Labels) -> Iterator[Part]:
    """Give the people, the chronology, the charges and the proceedings, and last what was not understood."""
    facts = document.facts
    lists = (
        ("people", [_person(person) for person in facts.people]),
        ("groups", [_group(group) for group in facts.groups]),
        ("chronology", [_event(event, labels) for event in facts.events]),
        ("charges", [_charge(charge, labels) for charge in facts.charges]),
        ("proceedings", [_proceeding(proceeding, labels) for proceeding in facts.proceedings]),
    )
    if any(items for _, items in lists):
        yield Part("understood", Label(labels["understood"]), ())
    for word, items in lists:
        if items:
            dated = word == "chronology"
            listing = Listing(tuple(items), numbered=dated, headed=dated)
            yield Part("understood", Label(labels[word]), (listing,), level=3)
    left = tuple(Prose(((line,),)) for unread in document.unread for line in lines_of(unread.text))
    if left:
        yield Part("unread", Label(labels["unread"]), left)


def _person(person: Person) -> Item:
    name = " ".join(filter(None, (one_line(person.title or ""), one_line(person.name))))
    return Item((), tuple((line,) for line in (name, _listed((*person.described_as, *person.organisations))) if line))


def _group(group: Group) -> Item:
    return Item((), ((one_line(group.label),),))


def _event(event: Event, labels: Labels) -> Item:
    terms = [
        Term(Label(labels["acts"]), (labels.semicolon.join(_act(act, labels) for act in event.acts),)),
        Term(Label(labels["places"]), (_listed(event.places),)),
        Term(Label(labels["hedges"]), (_listed(event.hedges),)),
    ]
    return Item(
        _when(event, labels),
        tuple((line,) for line in lines_of(event.sentence)),
        tuple(term for term in terms if term.value != ("",)),
    )


def _when(event: Event, labels: Labels) -> Line:
    """Write out when it happened: the computed date and time, or the words of the text where there is none."""
    if event.date is None:
        when: Line = (one_line(event.words or "") or Label(labels["no_date"]),)
    else:
        when = (_moment(event.date, labels),)
        if event.until:
            when += (" – ", _moment(event.until, labels))
    if event.time:
        when += (", ", one_line(event.time))
    return (*when, " ", Label(f"({labels['ambiguous']})")) if event.ambiguous else when


def _moment(iso: str, labels: Labels) -> Moment | str:
    """Write a date out; one that cannot be is printed as it is, without a claim to be a date."""
    date = one_line(iso)
    written = labels.reduced(date)
    return Moment(written, date) if written != date else date


def _act(act: Act, labels: Labels) -> str:
    """Name an act by its type and its words, with those it was done to and those who did it, where the text says so."""
    words = f" “{act.as_printed}”" if act.as_printed else ""
    done = labels.term(act.type, "violation_types", "procedure_types") + words
    victims = f"{labels.colon}{_listed(act.victims)}" if act.victims else ""
    return one_line(f"{done}{victims} ({labels['actors']}{labels.colon}{_listed(act.actors) or labels['unsaid']})")


def _charge(charge: Charge, labels: Labels) -> Item:
    what = _listed(filter(None, (charge.offence, charge.provision, charge.law)))
    terms = (
        (labels["person"], charge.person),
        (labels["status"], charge.status and labels.term(charge.status, "proceeding_status")),
        (labels["source"], charge.attribution),
    )
    known = tuple(Term(Label(label), (one_line(value),)) for label, value in terms if value)
    return Item((), ((what,),) if what else (), known)


def _proceeding(proceeding: Proceeding, labels: Labels) -> Item:
    status: Line = (labels.term(proceeding.status, "proceeding_status"),)
    if proceeding.as_of:
        status += (", ", Moment(labels.day(proceeding.as_of), proceeding.as_of.isoformat()))
    lines = tuple((line,) for line in lines_of(proceeding.sentence))
    return Item((), lines, (Term(Label(labels["status"]), status),))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(filter(None, map(one_line, words)))
