"""The document that a perfect reader would make of an expected.toml: the measure of the scorer itself."""

from collections.abc import Mapping
from typing import Any

from tocsin.core.appeal import (
    Act,
    Addressee,
    AppealDocument,
    Channel,
    Charge,
    Contact,
    Demand,
    Event,
    Facts,
    Group,
    Law,
    Note,
    Opening,
    Organisation,
    Paragraph,
    Person,
    Place,
    Proceeding,
    Quotation,
    Reference,
    Request,
    Section,
    StatusAsOf,
    Text,
    Unread,
    Violation,
)

Row = Mapping[str, Any]


def as_read(expected: Row) -> AppealDocument:
    """Make the document; of alternatives the first, of optional facts none."""
    title, code = expected.get("title"), first(expected.get("code"))
    return AppealDocument(
        kind=first(expected.get("kind")),
        language=expected.get("language"),
        title=Text(first(title)) if title else None,
        reference=Reference(as_printed=code, canonical=code) if code else None,
        violations=violations(expected),
        countries=tuple(expected.get("countries", [])),
        issued_on=expected.get("issued_on"),
        issued_at=tuple(expected.get("issued_at", [])),
        opening=Opening("…", expected["urgent"]) if "urgent" in expected else None,
        sections=tuple(section(text) for text in expected.get("sections", [])),
        demands=tuple(demand(row) for row in rows(expected, "demands")),
        addressees=tuple(addressee(row) for row in rows(expected, "addressees")),
        requests=tuple(Request(kind, "…") for kind in required(expected.get("requests"))),
        notes=tuple(Note(marker, "…") for marker in required(expected.get("notes"))),
        contacts=tuple(Contact(*channel(text)) for text in required(expected.get("contacts"))),
        about=Text("…") if expected.get("has_about") else None,
        facts=facts(expected),
        unread=tuple(Unread((0, 0), text) for text in required(expected.get("unread"))),
    )


def facts(expected: Row) -> Facts:
    names = expected.get("names", {})
    return Facts(
        people=tuple(person(row) for row in rows(expected, "people")),
        groups=tuple(
            Group(row["label"], row.get("size"), first(row.get("actor_type"))) for row in rows(expected, "groups")
        ),
        organisations=tuple(Organisation(first(name)) for name in required(names.get("organisations"))),
        places=tuple(Place(first(name)) for name in required([*names.get("places", []), *names.get("either", [])])),
        events=tuple(event(row) for row in rows(expected, "events")),
        charges=tuple(charge(row) for row in rows(expected, "charges")),
        proceedings=tuple(
            Proceeding(first(row["direction"]), first(row["status"]), None, "…")
            for row in rows(expected, "proceedings")
        ),
        quotations=tuple(
            Quotation(first(row["text"]), first(row.get("speaker"))) for row in rows(expected, "quotations")
        ),
        laws=tuple(Law(first(row["instrument"]), "…", first(row.get("article"))) for row in rows(expected, "laws")),
        status_as_of=tuple(
            StatusAsOf(first(row["person"]), first(row["status"]), None) for row in rows(expected, "statuses")
        ),
    )


def first(value: Any) -> Any:
    """Give the first alternative of a string, or nothing where that one is empty."""
    return value.split("|")[0] or None if isinstance(value, str) else value


def required(values: list[str] | None) -> list[str]:
    """Give the first alternatives of the values that are not optional."""
    return [one for value in values or [] if not value.startswith("?") and (one := first(value))]


def rows(expected: Row, key: str) -> list[Row]:
    return [row for row in expected.get(key, []) if not row.get("optional")]


def violations(expected: Row) -> tuple[Violation, ...]:
    codes = expected.get("violations", [])
    modes = expected.get("violation_modes", ["occurred"] * len(codes))
    return tuple(
        Violation(None, code[1:], mode) if code.startswith("?") else Violation(first(code), "…", mode)
        for code, mode in zip(codes, modes, strict=True)
    )


def section(text: str) -> Section:
    role, count = text.split(":")
    return Section(role, None, (Paragraph("…"),) * int(count))  # type: ignore[arg-type]


def demand(row: Row) -> Demand:
    return Demand(row.get("ordinal"), "…", tuple(required(row.get("types"))), tuple(required(row.get("beneficiaries"))))


def channel(text: str) -> tuple[str, str | None, str]:
    kind, _, value = text.partition(":")
    return kind, None if value == "?" else value, value


def addressee(row: Row) -> Addressee:
    parts = {key: first(row.get(key)) for key in ("style", "title", "name", "post", "location")}
    return Addressee("…", channels=tuple(Channel(*channel(first(text))) for text in row.get("channels", [])), **parts)


def person(row: Row) -> Person:
    return Person(
        first(row["name"]),
        title=first(row.get("title")),
        role=first(row.get("role")),
        other_forms=tuple(required(row.get("other_forms"))),
        organisations=tuple(required(row.get("organisations"))),
    )


def event(row: Row) -> Event:
    date, precision = first(row.get("date")), first(row.get("precision"))
    return Event(
        date=None if date == "?" else date,
        time=None if row.get("time") == "?" else first(row.get("time")),
        precision=None if precision == "?" else precision,
        words=None,
        ambiguous=row.get("ambiguous", False),
        sentence=first(row["starts"]) + " …",
        acts=tuple(act(one) for one in row.get("acts", []) if not one.get("optional")),
        until=None if row.get("until") == "?" else row.get("until"),
    )


def act(row: Row) -> Act:
    return Act(
        type=first(row["type"]),
        as_printed="…",
        method=first(row.get("method")),
        victims=tuple(required(row.get("victims"))),
        actors=tuple(required(row.get("actors"))),
        voice=first(row.get("voice", "active")),
    )


def charge(row: Row) -> Charge:
    return Charge(
        first(row["offence"]),
        first(row.get("provision")),
        row.get("law"),
        first(row.get("person")),
        first(row.get("status")),
    )
