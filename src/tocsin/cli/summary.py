"""What was understood of a document, on one screen."""

from collections.abc import Iterator

from tocsin.cli.terminal import calm
from tocsin.core.appeal import Act, AppealDocument, Event

_NOTHING = "-"


def summary(document: AppealDocument) -> str:
    """Print the facts of a document as short lines under headings; what is absent is left out."""
    return "\n".join(calm(line) for line in _lines(document))


def _lines(document: AppealDocument) -> Iterator[str]:
    yield " · ".join(filter(None, _head(document)))
    if document.title is not None:
        yield document.title.text
    facts = document.facts
    lists = {
        "Violations": [violation.code or violation.as_printed for violation in document.violations],
        "People": [
            " · ".join(filter(None, (f"{p.title or ''} {p.name}".strip(), p.role, ", ".join(p.organisations))))
            for p in facts.people
        ],
        "Groups": [f"{group.label} · {group.actor_type or _NOTHING}" for group in facts.groups],
        "Organisations": [organisation.name for organisation in facts.organisations],
        "Places": [f"{place.name} · {place.kind or _NOTHING}" for place in facts.places],
        "Chronology": [line for event in facts.events for line in _event(event)],
        "Charges": [
            " · ".join(filter(None, (c.offence, c.provision, c.law, c.person, c.status))) for c in facts.charges
        ],
        "Proceedings": [f"{p.direction} · {p.status}" for p in facts.proceedings],
        "Quotations": [f"{quotation.speaker or _NOTHING}: “{quotation.text}”" for quotation in facts.quotations],
        "Laws": [" · ".join(filter(None, (law.as_printed, law.right))) for law in facts.laws],
        "Situation": [f"{status.person} · {status.status}" for status in facts.status_as_of],
        "Demands": [
            f"{demand.ordinal or '-'} {', '.join(demand.types) or _NOTHING} · {', '.join(demand.beneficiaries)}"
            for demand in document.demands
        ],
        "Addressees": [
            " · ".join(filter(None, (a.style, a.title, a.name, a.post, *(c.value or c.display for c in a.channels))))
            for a in document.addressees
        ],
        "Requests": [request.kind or request.text for request in document.requests],
        "Contacts": [" · ".join(filter(None, (c.holder, c.kind, c.value or c.display))) for c in document.contacts],
        "Not read": [unread.text for unread in document.unread],
    }
    for heading, items in lists.items():
        if items:
            yield f"\n{heading}"
            yield from (f"  {item}" for item in items)


def _head(document: AppealDocument) -> Iterator[str]:
    yield document.kind.replace("_", " ")
    yield document.reference.canonical if document.reference else ""
    yield document.language or ""
    yield document.issued_on.isoformat() if document.issued_on else ""
    yield ", ".join(document.issued_at)


def _event(event: Event) -> Iterator[str]:
    when = " ".join(filter(None, (event.date, f"– {event.until}" if event.until else "", event.time)))
    doubt = " (ambiguous)" if event.ambiguous else ""
    yield f"{when or 'no date':<17}{doubt} {_shortened(event.sentence)}"
    for act in event.acts:
        yield f"{'':<17}   {_act(act)}"


def _act(act: Act) -> str:
    done = f"{act.type} ({act.method})" if act.method else act.type
    return f"{done} → {', '.join(act.victims) or _NOTHING}; by {', '.join(act.actors) or _NOTHING} · {act.voice}"


def _shortened(sentence: str, width: int = 78) -> str:
    return sentence if len(sentence) <= width else sentence[: width - 1].rstrip() + "…"
