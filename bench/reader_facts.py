"""What is compared between an expected document and one that was read: one function for each kind of fact."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from reader_corpus import Expected, Facts, Item, Score, contains, fold, match, organisation_form, post_form, untitled

from tocsin.core.appeal import AppealDocument, Event, Organisation

COUNTRIES = frozenset({"zarvania", "zarvanie", "ostrevia", "ostrévie", "ostrevie", "belmara"})
NARRATIVE = frozenset({"situation", "new_information", "background", "position", "actions"})


def wanted(value: object, *, prefix: str = "", by: Callable[[str], str] = fold, optional: bool = False) -> Item:
    """Make an expected fact of a value of the fixture, with its alternatives and its mark of being optional."""
    text = str(value)
    parts = text.removeprefix("?").split("|")
    forms = frozenset(prefix + by(part) if part else "" for part in parts)
    return Item(forms, prefix + text, optional or text.startswith("?"))


def _listed(expected: Iterable[object], found: Iterable[object]) -> Facts:
    return [wanted(value) for value in expected], [fold(str(value)) for value in found]


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return () if value is None else (str(value),)


class Pair:
    """An expected document and the one that was read, with the names and the events of both brought together."""

    def __init__(self, expected: Expected, document: AppealDocument) -> None:
        self.expected = expected
        self.document = document
        self._labels: dict[str, str] = {}
        self._wordings: list[tuple[str, str]] = []
        self._learn_names()
        self.events = list(self._pair_events())
        found = {self.label(person.name): person for person in document.facts.people}
        rows = [row for row in self.rows("people") if not row.get("optional")]
        self.people = [(row, found[name]) for row in rows if (name := untitled(row["name"])) in found]
        by_key = {_addressee_key(one.name, one.post): one for one in document.addressees}
        self.addressees = [
            (row, by_key[key])
            for row in self.rows("addressees")
            if (key := _addressee_key(row.get("name"), row.get("post"))) in by_key
        ]

    def rows(self, key: str) -> list[Expected]:
        """Give an expected list of tables."""
        return list(self.expected.get(key, []))

    def label(self, name: str) -> str:
        """Give the label under which somebody is compared: expected full name or group label, for any known form."""
        folded = fold(name)
        known = (self._labels.get(untitled(name)), self._labels.get(organisation_form(name)))
        group = next((label for wording, label in self._wordings if wording == folded), None)
        loose = next((label for wording, label in self._wordings if contains(wording, folded)), None)
        return next(filter(None, (*known, group, loose)), organisation_form(name))

    def _learn_names(self) -> None:
        facts = self.document.facts
        for one in facts.people:
            self._labels |= {untitled(form): untitled(one.name) for form in (*one.other_forms, one.name)}
        for row in self.rows("people"):
            self._labels |= {
                untitled(form): untitled(row["name"]) for form in (*row.get("other_forms", []), row["name"])
            }
        for body in facts.organisations:
            for form in (body.name, *body.other_forms):
                self._labels.setdefault(organisation_form(form), organisation_form(body.name))
        for name in _named_bodies(self.expected):
            same = [body for body in facts.organisations if _is_named(name, body)]
            forms = (form for body in same for form in (body.name, *body.other_forms))
            self._labels |= dict.fromkeys(map(organisation_form, forms), organisation_form(name.split("|")[0]))
        for row in self.rows("groups"):
            self._wordings += [(fold(text), fold(row["label"])) for text in (row["label"], *row.get("also", []))]

    def _pair_events(self) -> Iterator[tuple[Expected, Event | None]]:
        rest = [(fold(event.sentence), event) for event in self.document.facts.events]
        for row in self.rows("events"):
            starts = tuple(fold(part) for part in row["starts"].split("|"))
            found = next((pair for pair in rest if pair[0].startswith(starts)), None)
            if found is not None:
                rest.remove(found)
            yield row, found[1] if found else None
        self.unexpected_events = [sentence for sentence, _ in rest]


def _named_bodies(expected: Expected) -> list[str]:
    names = expected.get("names", {})
    return [*names.get("organisations", []), *names.get("either", [])]


def _is_named(name: str, body: Organisation) -> bool:
    return any(
        organisation_form(form) in wanted(name, by=organisation_form).forms for form in (body.name, *body.other_forms)
    )


Extract = Callable[[Pair], Facts]


def _value(key: str, read: Callable[[AppealDocument], object], *, always: bool = False) -> Extract:
    """Compare one value; nothing where the fixture does not say, unless `always`."""

    def extract(pair: Pair) -> Facts:
        if key not in pair.expected and not always:
            return [], []
        return _listed(_values(pair.expected.get(key)), _values(read(pair.document)))

    return extract


def _violations(pair: Pair) -> Facts:
    codes = pair.expected.get("violations", [])
    modes = pair.expected.get("violation_modes", ["occurred"] * len(codes))
    items = [
        Item(frozenset({fold(code)}), code)
        if code.startswith("?")
        else wanted(code, by=lambda part, mode=mode: fold(f"{part} {mode}"))  # type: ignore[misc]
        for code, mode in zip(codes, modes, strict=True)
    ]
    return items, [
        fold(f"{one.code} {one.mode}" if one.code else f"?{one.as_printed}") for one in pair.document.violations
    ]


def _sections(pair: Pair) -> Facts:
    expected = [section for section in pair.expected.get("sections", []) if section.split(":")[0] in NARRATIVE]
    found = [f"{one.role}:{len(one.paragraphs)}" for one in pair.document.sections if one.role in NARRATIVE]
    return _listed(expected, found)


def _demands(pair: Pair) -> Facts:
    count = len(pair.document.demands)
    return _listed(range(1, len(pair.rows("demands")) + 1), range(1, count + 1))


def _demand_types(pair: Pair) -> Facts:
    rows = enumerate(pair.rows("demands"), 1)
    items = [wanted(code, prefix=f"{number}: ") for number, row in rows for code in row.get("types", [])]
    return items, [f"{number}: {code}" for number, one in enumerate(pair.document.demands, 1) for code in one.types]


def _beneficiaries(pair: Pair) -> Facts:
    rows = enumerate(pair.rows("demands"), 1)
    items = [
        wanted(name, prefix=f"{number}: ", by=pair.label)
        for number, row in rows
        for name in row.get("beneficiaries", [])
    ]
    found = [
        f"{number}: {pair.label(name)}"
        for number, one in enumerate(pair.document.demands, 1)
        for name in one.beneficiaries
        if name[:1].isupper()
    ]
    return items, found


def _channel(kind: str, value: str | None) -> str:
    return f"{kind}:{fold(value) if value and kind != 'post' else '?'}"


def _wanted_channel(printed: str, prefix: str = "") -> Item:
    parts = [part.partition(":") for part in printed.split("|")]
    forms = frozenset(prefix + _channel(kind, None if value == "?" else value) for kind, _, value in parts)
    return Item(forms, prefix + printed)


def _addressee_key(name: str | None, post: str | None) -> str:
    return untitled(name) if name else post_form((post or "").split("|", maxsplit=1)[0])


def _addressees(pair: Pair) -> Facts:
    expected = [_addressee_key(row.get("name"), row.get("post")) for row in pair.rows("addressees")]
    return _listed(expected, [_addressee_key(one.name, one.post) for one in pair.document.addressees])


def _addressee(part: str, by: Callable[[str], str] = fold) -> Extract:
    def extract(pair: Pair) -> Facts:
        items: list[Item] = []
        found: list[str] = []
        for row, one in pair.addressees:
            prefix = f"{_addressee_key(row.get('name'), row.get('post'))} = "
            items += [wanted(value, prefix=prefix, by=by) for value in _values(row.get(part))]
            found += [prefix + by(value) for value in _values(getattr(one, part))]
        return items, found

    return extract


def _addressee_channels(pair: Pair) -> Facts:
    items: list[Item] = []
    found: list[str] = []
    for row, one in pair.addressees:
        prefix = f"{_addressee_key(row.get('name'), row.get('post'))} = "
        items += [_wanted_channel(text, prefix) for text in row.get("channels", [])]
        found += [prefix + _channel(channel.kind, channel.value) for channel in one.channels]
    return items, found


def _contacts(pair: Pair) -> Facts:
    items = [_wanted_channel(text) for text in pair.expected.get("contacts", [])]
    return items, [_channel(contact.kind, contact.value) for contact in pair.document.contacts]


def _people(pair: Pair) -> Facts:
    items = [wanted(row["name"], by=untitled, optional=row.get("optional", False)) for row in pair.rows("people")]
    return items, [pair.label(person.name) for person in pair.document.facts.people]


def _person(key: str, by: Callable[[str], str] = fold) -> Extract:
    """Compare the values `key` of the people that were found; who was not found is missed once, as a person."""

    def extract(pair: Pair) -> Facts:
        items: dict[frozenset[str], Item] = {}
        found: dict[str, None] = {}
        for row, one in pair.people:
            name = untitled(row["name"])
            expected = [wanted(value, prefix=f"{name} = ", by=by) for value in _values(row.get(key))]
            items |= {item.forms: item for item in expected if f"{name} = {name}" not in item.forms}
            values = [by(value) for value in _values(getattr(one, key))]
            found |= dict.fromkeys(f"{name} = {value}" for value in values if value not in {name, ""})
        return list(items.values()), list(found)

    return extract


def _groups(pair: Pair) -> Facts:
    items = [
        Item(
            frozenset(fold(text) for text in (row["label"], *row.get("also", []))),
            row["label"],
            row.get("optional", False),
        )
        for row in pair.rows("groups")
    ]
    return items, [fold(group.label) for group in pair.document.facts.groups]


def _group(key: str) -> Extract:
    """Compare size or type of the groups that were found, where the fixture gives one."""

    def extract(pair: Pair) -> Facts:
        rows = {fold(row["label"]): row[key] for row in pair.rows("groups") if key in row}
        values = {pair.label(group.label): getattr(group, key) for group in reversed(pair.document.facts.groups)}
        items = [wanted(value, prefix=f"{label} = ") for label, value in rows.items() if label in values]
        found = {label: value for label, value in values.items() if label in rows and value is not None}
        return items, [f"{label} = {fold(str(value))}" for label, value in found.items()]

    return extract


def _organisations(pair: Pair) -> Facts:
    names = pair.expected.get("names", {})
    bodies = pair.document.facts.organisations
    here = [name for name in names.get("either", []) if any(_is_named(name, body) for body in bodies)]
    items = [wanted(name, by=organisation_form) for name in (*names.get("organisations", []), *here)]
    items += [wanted(name, by=organisation_form, optional=True) for name in names.get("optional", [])]
    publishers = {organisation_form(name) for name in pair.document.publishers} | {"observatory"}
    found = [pair.label(body.name) for body in bodies if body.name != body.name.lower()]
    return items, [name for name in found if name not in publishers | COUNTRIES]


def _places(pair: Pair) -> Facts:
    names = pair.expected.get("names", {})
    bodies = pair.document.facts.organisations
    elsewhere = {name for name in names.get("either", []) if any(_is_named(name, body) for body in bodies)}
    items = [wanted(name, by=organisation_form) for name in names.get("places", [])]
    items += [wanted(name, by=organisation_form, optional=name in elsewhere) for name in names.get("either", [])]
    items += [wanted(name, by=organisation_form, optional=True) for name in names.get("optional", [])]
    found = [organisation_form(place.name) for place in pair.document.facts.places if place.name != place.name.lower()]
    return items, [name for name in found if name not in COUNTRIES]


def _is_optional_event(row: Expected) -> bool:
    acts = row.get("acts", [])
    summary = "date" not in row and bool(acts) and all(act.get("voice") == "nominal" for act in acts)
    return summary or row.get("optional", False)


def _events(pair: Pair) -> Facts:
    items = [Item(frozenset({fold(row["starts"])}), row["starts"], _is_optional_event(row)) for row, _ in pair.events]
    return items, [*(fold(row["starts"]) for row, event in pair.events if event), *pair.unexpected_events]


def _event(read_row: Callable[[Expected], object], read_event: Callable[[Event], object]) -> Extract:
    """Compare one value of the events that were found, where the fixture does not leave it open (`?`)."""

    def extract(pair: Pair) -> Facts:
        items: list[Item] = []
        found: list[str] = []
        for row, event in pair.events:
            expected = read_row(row)
            if event is None or _is_optional_event(row) or expected == "?":
                continue
            prefix = f"{row['starts']} = "
            items += [wanted(value, prefix=prefix) for value in _values(expected)]
            found += [prefix + fold(value) for value in _values(read_event(event))]
        return items, found

    return extract


def _row_date(row: Expected) -> object:
    if row.get("until") == "?" or row.get("date") == "?":
        return "?"
    return "|".join(f"{date}/{row['until']}" for date in row["date"].split("|")) if "until" in row else row.get("date")


def _acts(key: str) -> Extract:
    """Compare acts as pairs of type and one value of `key`; the acts of an event that was not found are missed."""
    nobody = ("-",) if key == "victims" else ()

    def extract(pair: Pair) -> Facts:
        told = [(row, event) for row, event in pair.events if not _is_optional_event(row)]
        items = [
            _act_item(pair, row["starts"], act, value)
            for row, _ in told
            for act in row.get("acts", [])
            for value in _values(act.get(key)) or nobody
        ]
        found = [
            f"{row['starts']} = {act.type}: {pair.label(value)}"
            for row, event in told
            for act in (event.acts if event else ())
            if key != "method" or _asks_for_method(row, act.type)
            for value in _values(getattr(act, key)) or nobody
        ]
        return _once(items), list(dict.fromkeys(found))

    return extract


def _once(items: Iterable[Item]) -> list[Item]:
    """Expect a pair once: where two items accept the same one, the wider may go without."""
    kept: list[Item] = []
    for one in sorted(items, key=lambda item: len(item.forms)):
        covered = any(one.forms & other.forms - {""} for other in kept if not other.optional)
        kept.append(replace(one, optional=one.optional or covered))
    return kept


def _asks_for_method(row: Expected, kind: str) -> bool:
    return any("method" in act and kind in act["type"].split("|") for act in row.get("acts", []))


def _act_item(pair: Pair, starts: str, act: Expected, value: str) -> Item:
    """Expect a pair of type and value; an empty alternative accepts no pair, and the `-` of an act without victim."""
    parts = value.removeprefix("?").split("|")
    forms = {
        f"{starts} = {kind}: {pair.label(part) if part else '-'}" for kind in act["type"].split("|") for part in parts
    }
    optional = act.get("optional", False) or value.startswith("?")
    return Item(frozenset(forms | ({""} if "" in parts else set())), f"{starts} = {act['type']}: {value}", optional)


def _charges(pair: Pair) -> Facts:
    items = [wanted(row["offence"], optional=row.get("optional", False)) for row in pair.rows("charges")]
    return items, [fold(charge.offence or charge.provision or "?") for charge in pair.document.facts.charges]


def _charge_parts(pair: Pair) -> Facts:
    """Compare provision, person and status of the charges that were found.

    Of several people charged with one offence each has a row; it is compared with what was found of that person.
    """
    items: list[Item] = []
    found: list[str] = []
    for row in pair.rows("charges"):
        charges = [one for one in pair.document.facts.charges if fold(one.offence or "") == fold(row["offence"])]
        if not charges or row.get("optional"):
            continue
        meant = {pair.label(name) for value in _values(row.get("person")) for name in value.split("|")}
        charge = next((one for one in reversed(charges) if one.person and pair.label(one.person) in meant), charges[-1])
        for part, by in (("provision", fold), ("person", pair.label), ("status", fold)):
            prefix = f"{row['offence']} {part} = "
            items += [wanted(value, prefix=prefix, by=by) for value in _values(row.get(part))]
            found += [prefix + by(value) for value in _values(getattr(charge, part))]
    return items, found


def _proceedings(pair: Pair) -> Facts:
    items = [
        wanted(row["status"], prefix=f"{row['direction']}: ", optional=row.get("optional", False))
        for row in pair.rows("proceedings")
    ]
    return items, [f"{one.direction}: {one.status}" for one in pair.document.facts.proceedings]


def _quotations(pair: Pair) -> Facts:
    items = [wanted(row["text"], optional=row.get("optional", False)) for row in pair.rows("quotations")]
    return items, [fold(one.text) for one in pair.document.facts.quotations]


def _speakers(pair: Pair) -> Facts:
    rows = {fold(row["text"]): row["speaker"] for row in pair.rows("quotations") if "speaker" in row}
    said = {fold(one.text): one.speaker for one in pair.document.facts.quotations}
    items = [wanted(speaker, prefix=f"{text} = ", by=pair.label) for text, speaker in rows.items() if text in said]
    return items, [f"{text} = {pair.label(who)}" for text, who in said.items() if who and text in rows]


def _law(instrument: str | None, article: str | None) -> str:
    return f"{instrument or 'other'} {re.sub(r'[^0-9a-z.]', '', fold(article or '').removeprefix('article'))}".strip()


def _laws(pair: Pair) -> Facts:
    items = [
        Item(
            frozenset(_law(part, row.get("article")) for part in row["instrument"].split("|")),
            f"{row['instrument']} {row.get('article', '')}",
            row.get("optional", False),
        )
        for row in pair.rows("laws")
    ]
    return items, list(dict.fromkeys(_law(law.instrument, law.article) for law in pair.document.facts.laws))


def _statuses(pair: Pair) -> Facts:
    items = [
        wanted(row["status"], prefix=f"{pair.label(row['person'])}: ", optional=row.get("optional", False))
        for row in pair.rows("statuses")
    ]
    return items, [f"{pair.label(one.person)}: {one.status}" for one in pair.document.facts.status_as_of]


KINDS: dict[str, Extract] = {
    "kind": _value("kind", lambda one: one.kind),
    "language": _value("language", lambda one: one.language),
    "title": _value("title", lambda one: one.title and one.title.text, always=True),
    "code": _value("code", lambda one: one.reference and one.reference.canonical, always=True),
    "violations": _violations,
    "countries": _value("countries", lambda one: one.countries),
    "issue date": _value("issued_on", lambda one: one.issued_on, always=True),
    "places of issue": _value("issued_at", lambda one: one.issued_at, always=True),
    "urgency": _value("urgent", lambda one: one.opening and one.opening.urgent),
    "sections": _sections,
    "demands": _demands,
    "demand types": _demand_types,
    "beneficiaries": _beneficiaries,
    "addressees": _addressees,
    "addressee styles": _addressee("style"),
    "addressee titles": _addressee("title"),
    "addressee posts": _addressee("post", post_form),
    "addressee places": _addressee("location"),
    "addressee channels": _addressee_channels,
    "requests": _value("requests", lambda one: [request.kind for request in one.requests], always=True),
    "notes": _value("notes", lambda one: [note.marker for note in one.notes], always=True),
    "contacts": _contacts,
    "about": _value("has_about", lambda one: one.about is not None),
    "people": _people,
    "person titles": _person("title"),
    "person forms": _person("other_forms", untitled),
    "person roles": _person("role"),
    "memberships": _person("organisations", organisation_form),
    "groups": _groups,
    "group sizes": _group("size"),
    "group types": _group("actor_type"),
    "organisations": _organisations,
    "places": _places,
    "events": _events,
    "event dates": _event(_row_date, lambda one: f"{one.date}/{one.until}" if one.until else one.date),
    "event times": _event(lambda row: row.get("time"), lambda one: one.time),
    "event ambiguity": _event(
        lambda row: "ambiguous" if row.get("ambiguous") else None, lambda one: "ambiguous" if one.ambiguous else None
    ),
    "event precision": _event(lambda row: row.get("precision", "?"), lambda one: one.precision),
    "acts": _acts("victims"),
    "actors": _acts("actors"),
    "methods": _acts("method"),
    "charges": _charges,
    "charge parts": _charge_parts,
    "proceedings": _proceedings,
    "quotations": _quotations,
    "speakers": _speakers,
    "laws": _laws,
    "statuses": _statuses,
    "unread": _value("unread", lambda one: [stretch.text for stretch in one.unread], always=True),
}


def compare(expected: Expected, document: AppealDocument) -> Score:
    """Compare one document with what a careful human read in it."""
    pair = Pair(expected, document)
    return {kind: match(*extract(pair), same=contains if kind == "groups" else None) for kind, extract in KINDS.items()}
