"""Compare the reader with a careful human reading of the same text: one row for each element, by the element's id.

The human reading lies outside the project, and so does the text: nothing of either is written here. Names, words and
dates are taken from that file when the test runs; a row carries an id, or a number in the order of the human reading
where the ids are names of real people and places, and the names of fields.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reader_corpus import contains, fold, organisation_form

from tocsin.core import vocab
from tocsin.core.appeal import Act, AppealDocument, Event, Group, Span
from tocsin.core.reader.normalise import normalise

Element = Mapping[str, Any]

PRECISIONS = {"approx_minute": {"minute", "hour"}, "vague": {"vague"}, "before": {"before"}}
PLACE_KINDS = {"indoor_meeting_place": "meeting_place", "restaurant_cafe": "cafe"}
REQUESTS = {"write_to_mission_in_reader_country": "write_to_mission", "report_action_quoting_code": "report_action"}


@dataclass(frozen=True, slots=True)
class Row:
    """One element: its id, and `matched`, `different` (with the fields that differ) or `missed`."""

    id: str
    result: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.id:<36}{self.result:<10}{', '.join(self.fields)}".rstrip()


def table(rows: Sequence[Row]) -> str:
    """Write the rows and their sums."""
    sums = ", ".join(f"{sum(row.result == each for row in rows)} {each}" for each in ("matched", "different", "missed"))
    return "\n".join([*map(str, rows), f"{len(rows)} elements: {sums}"])


def _row(name: str, checks: Mapping[str, bool] | None) -> Row:
    """Make a row of what agrees; None where nothing was found to compare."""
    if checks is None:
        return Row(name, "missed")
    wrong = tuple(field for field, agrees in checks.items() if not agrees)
    return Row(name, "different" if wrong else "matched", wrong)


class HumanReading:
    """The human reading of one text, beside the document that the reader made of it."""

    def __init__(self, human: Element, raw: str, document: AppealDocument) -> None:
        self.human, self.document = human, document
        self.text = document.source.text if document.source else ""
        self.lines = [normalise(line) for line in raw.split("\n")]
        self.people = {one["id"]: one["names"][0]["full"] for one in human["persons"]}
        self.organisations = {one["id"]: _names_of(one) for one in human["organisations"]}
        self.places = {one["id"]: one["name"]["en"] for one in human["places"]}
        self.groups = dict(self._pair_groups())

    def rows(self) -> list[Row]:
        """Compare everything, in the order of the human reading."""
        parts: list[Callable[[], Iterator[Row]]] = [
            self._header, self._sections, self._closing, self._demands, self._addressees, self._organisations,
            self._people, self._groups, self._places, self._events, self._statements, self._detentions,
            self._proceedings, self._laws, self._calls,
        ]  # fmt: skip
        return [row for part in parts for row in part()]

    # --- The structure ----------------------------------------------------------------------------------------------

    def _header(self) -> Iterator[Row]:
        human, document = self.human["appeal"], self.document
        code = document.reference.canonical if document.reference else ""
        yield _row("appeal.code", {"canonical": code == human["code"]["display"]})
        yield _row("appeal.title", {"text": bool(document.title) and document.title.text == human["title"]["en"]})
        yield _row("appeal.kind", {"kind": document.kind == human["type"], "language": document.language == "en"})
        yield _row("appeal.issued_on", {"date": document.issued_on == human["issued_on"]})
        yield _row("appeal.issued_at", {"places": list(document.issued_at) == human["issued_at_places"]})
        yield _row("appeal.countries", {"countries": list(document.countries) == human["countries"]})
        urgent = "urgent" in human["urgency_wording"]
        yield _row("appeal.opening", {"urgent": bool(document.opening) and document.opening.urgent == urgent})
        printed = [(one.code, one.as_printed) for one in document.violations]
        expected = [(one["code"], one["label_en"]) for one in human["violation_headings"]]
        yield _row("appeal.violations", {"codes and words": printed == expected})

    def _sections(self) -> Iterator[Row]:
        human = self.human["appeal"]
        for key, role in (("narrative_paragraphs", "situation"), ("position_paragraphs", "position")):
            found = [one for section in self._sections_of(role) for one in section.paragraphs]
            texts = [self.lines[_line_numbers(each)[0] - 1] for each in human[key]]
            yield _row(f"appeal.{key}", {"texts": [one.text for one in found] == texts})
        for key, role in (("description_heading", "situation"), ("actions_heading", "actions")):
            yield _row(f"appeal.{key}", {"words": [s.heading for s in self._sections_of(role)] == [human[key]["en"]]})
        intro = [one.text for section in self._sections_of("actions") for one in section.paragraphs]
        yield _row("appeal.actions_intro", {"words": intro == [human["actions_intro"]["en"]]})
        heading = human["addressees_heading"]
        yield _row("appeal.addressees_heading", {"words": bool(self._sections_of("addressees")) == bool(heading)})
        for number, note in enumerate(human["footnotes"]):
            marker = note["marker"].strip("[]")
            anchored = [
                one.text for section in self.document.sections for one in section.paragraphs if marker in one.notes
            ]
            words = [one.text for one in self.document.notes if one.marker == marker]
            checks = {
                "anchor": anchored == [self._line(note["anchored_at"]["line"])],
                "text": bool(words) and self._line(note["src"]).endswith(words[0]),
            }
            yield _row(f"appeal.footnote_{number + 1}", checks)

    def _sections_of(self, role: str) -> list[Any]:
        return [section for section in self.document.sections if section.role == role]

    def _closing(self) -> Iterator[Row]:
        human = self.human["appeal"]
        requests = {one.kind: one.text for one in self.document.requests}
        for one in human["extra_actions"]:
            kind = REQUESTS[one["type"]]
            yield _row(f"request.{kind}", {"text": requests[kind] == one["text_en"]} if kind in requests else None)
        about = self.document.about.text if self.document.about else None
        yield _row("appeal.about", {"text": about == self._line(human["boilerplate"]["src"])} if about else None)
        block = human["contact_block"]
        heading = [section.heading for section in self._sections_of("contacts")]
        yield _row("contacts.heading", {"words": heading == [block["heading_en"]]})
        found = {one.value: one for one in self.document.contacts}
        for number, channel in enumerate(block["channels"], 1):
            contact = found.get(channel["value"])
            holder = channel.get("holder")
            acronyms = self.organisations.get(holder, ()) if holder else (None,)
            checks = contact and {"kind": contact.kind == channel["type"], "holder": contact.holder in acronyms}
            yield _row(f"contact.{number}", checks)

    def _demands(self) -> Iterator[Row]:
        found = {one.ordinal: one for one in self.document.demands}
        for demand in self.human["demands"]:
            one = found.get(demand["ordinal"])
            people = {self.people[each] for each in demand["beneficiaries"] if each in self.people}
            checks = one and {
                "text": one.text == demand["text_en"],
                "types": list(one.types) == demand["types"],
                "beneficiaries": set(one.beneficiaries) == people,
            }
            yield _row(demand["id"], checks)
            if any(each.startswith("class:") for each in demand["beneficiaries"]):
                yield Row(f"{demand['id']}.class", "missed")

    def _addressees(self) -> Iterator[Row]:
        found = {one.name: one for one in self.document.addressees}
        for human in self.human["addressees"]:
            one = found.get(human["person"])
            location = None if human["location"] == "in_country" else human["location"]
            channels = [(each["type"], each["value"]) for each in human["channels"]]
            checks = one and {
                "as_printed": one.as_printed == human["as_printed"],
                "style": one.style == human["honorific"],
                "title": one.title == human["title"],
                "post": one.post is not None and f", {one.post}" in human["as_printed"],
                "location": one.location == location,
                "channels": [(each.kind, each.value) for each in one.channels] == channels,
            }
            yield _row(human["id"], checks)

    # --- People, groups, organisations, places ----------------------------------------------------------------------

    def _organisations(self) -> Iterator[Row]:
        listed = {organisation_form(one.name): one for one in self.document.facts.organisations}
        publishers = {organisation_form(name) for name in self.document.publishers}
        for number, human in enumerate(self.human["organisations"], 1):
            names = {organisation_form(name) for name in self.organisations[human["id"]]}
            one = next((listed[name] for name in names if name in listed), None)
            forms = {organisation_form(name) for name in (one.name, *one.other_forms)} if one else publishers & names
            spelt = [organisation_form(each["value"]) for each in human.get("names", ())]
            yield _row(f"organisation.{number}", {"forms": forms.issuperset(spelt)} if forms else None)

    def _people(self) -> Iterator[Row]:
        found = {one.name: one for one in self.document.facts.people}
        for number, human in enumerate(self.human["persons"], 1):
            name, title = human["names"][0], human["title"]["en"]
            one = found.get(name["full"])
            member = [self._forms(each["org"]) for each in human["memberships"]]
            named = {organisation_form(each) for each in one.organisations} if one else set()
            checks = one and {
                "title": one.title == title,
                "role": (one.role == "defender") == human["defender"]["is_hrd"],
                "forms": f"{title} {name['family']}" in one.other_forms,
                "organisations": all(forms & named for forms in member),
            }
            yield _row(f"person.{number}", checks)

    def _pair_groups(self) -> Iterator[tuple[str, Group]]:
        """Pair the groups by their labels, each once, those with equal labels first."""
        free = list(self.document.facts.groups)
        labels = {one["id"]: _label(one) for one in self.human["groups"]}
        paired: set[str] = set()
        for same in (lambda a, b: organisation_form(a) == organisation_form(b), contains):
            for name, label in labels.items():
                group = next((one for one in free if name not in paired and same(label, one.label)), None)
                if group is not None:
                    free.remove(group)
                    paired.add(name)
                    yield name, group

    def _groups(self) -> Iterator[Row]:
        for number, human in enumerate(self.human["groups"], 1):
            one = self.groups.get(human["id"])
            kind = human.get("actor_type")
            size = human["size"]
            yield _row(f"group.{number}", one and {"size": one.size == size, "type": kind in {None, one.actor_type}})

    def _places(self) -> Iterator[Row]:
        facts = self.document.facts
        found = {organisation_form(one.name): one for one in facts.places}
        bodies = {organisation_form(name) for one in facts.organisations for name in (one.name, *one.other_forms)}
        for number, human in enumerate(self.human["places"], 1):
            name = organisation_form(human["name"]["en"])
            one = found.get(name)
            kind = PLACE_KINDS.get(human.get("type", ""), human.get("type"))
            if one is None and name in bodies:
                yield _row(f"place.{number}", {"read as an organisation": False})
            else:
                yield _row(f"place.{number}", one and {"kind": kind in {None, one.kind}})

    # --- What happened ----------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[Row]:
        for human in self.human["events"]:
            events = self._events_in(human["src"])
            if _is_dated(human.get("t", {})) or "words" in human:
                told = self._telling(human, events)
                yield self._best(f"{human['id']}.time", [_time_checks(human, event) for event in told])
            if "act_type" in human:
                acts = [(event, act) for event in events for act in event.acts if act.type == human["act_type"]]
                yield self._best(f"{human['id']}.act", [self._act_checks(human, *pair) for pair in acts])
            elif human["kind"] in {"context", "plan"} and not _is_dated(human["t"]):
                yield Row(f"{human['id']}.told", "missed")

    def inventions(self) -> Iterator[Row]:
        """Give the acts that the human does not tell of: more of a type in a line of the text than there are.

        Steps of a case, such as a release, are compared as proceedings; the first paragraph only sums the story up.
        """
        told: Counter[tuple[str, int]] = Counter()
        for human in self.human["events"]:
            told.update((human.get("act_type", ""), number) for number in _line_numbers(human["src"]))
        steps = vocab.load("procedure_types")
        first = _line_numbers(self.human["appeal"]["summary"]["src"])[0]
        for number, line in enumerate(self.lines, 1):
            acts = [act for event in self._events_in(f"L{number}") for act in event.acts if line and number != first]
            counts = Counter(act.type for act in acts if act.type not in steps)
            for kind, count in counts.items():
                if count > told[kind, number]:
                    yield Row(f"invented.{kind}.L{number}", f"{count} not {told[kind, number]}")

    def _best(self, name: str, candidates: Sequence[Mapping[str, bool]]) -> Row:
        """Take the candidate that agrees most; one that agrees in nothing is none."""
        best = max(candidates, key=lambda checks: sum(checks.values()), default=None)
        return _row(name, best if best and any(best.values()) else None)

    def _act_checks(self, human: Element, event: Event, act: Act) -> Mapping[str, bool]:
        checks = {"victims": self._same_names(human.get("victims", ()), act.victims)}
        checks["actors"] = self._same_names(human.get("actors", ()), act.actors)
        if "method" in human:
            checks["method"] = act.method == human["method"]
        if "passive voice" in human.get("actor_note", ""):
            checks["voice"] = act.voice == "passive"
        if human.get("mode"):
            checks["mode"] = act.mode == human["mode"]
        if day := _day(human.get("t", {})):
            checks["date"] = event.date == day
        return checks

    def _same_names(self, ids: Iterable[str], names: Sequence[str]) -> bool:
        """Say whether the names of an act are those of the ids, in any form, each of them and no other."""
        wanted = [self._forms(each) for each in ids]
        found = [organisation_form(name) for name in names]
        return all(any(name in forms for name in found) for forms in wanted) and all(
            any(name in forms for forms in wanted) for name in found
        )

    def _forms(self, name: str) -> set[str]:
        forms = {*self.organisations.get(name, ()), self.people.get(name, ""), self.places.get(name, "")}
        if name in self.groups:
            forms.add(self.groups[name].label)
        return {organisation_form(form) for form in forms if form}

    def _events_in(self, src: str) -> list[Event]:
        spans = [self._span(number) for number in _line_numbers(src)]
        return [
            event
            for event in self.document.facts.events
            if event.span and any(start <= event.span[0] < end for start, end in spans)
        ]

    def _telling(self, human: Element, events: Sequence[Event]) -> list[Event]:
        """Give the events whose sentence is the one that shares most words with what the human says about it."""
        words = _stems(human.get("what_en", ""))
        parts = [part for n in _line_numbers(human["src"]) for part in _SENTENCE_END.split(self.lines[n - 1])]
        shared = max((len(words & _stems(part)) for part in parts), default=0)
        best = [part for part in parts if len(words & _stems(part)) == shared]
        return [event for event in events if any(part in event.sentence for part in best)]

    def _statements(self) -> Iterator[Row]:
        for human in self.human["statements"]:
            words = fold(human.get("quote_en", human.get("reported_speech_en", "")))
            found = next((one for one in self.document.facts.quotations if fold(one.text) == words), None)
            speakers = human["speaker"] if isinstance(human["speaker"], list) else [human["speaker"]]
            forms = {form for each in speakers for form in self._forms(each)}
            said = found and any(contains(found.speaker or "", form) for form in forms)
            yield _row(human["id"], found and {"speaker": bool(said)})

    def _detentions(self) -> Iterator[Row]:
        found = {(one.person, one.status, one.as_of) for one in self.document.facts.status_as_of}
        for human in self.human["detentions"]:
            status = human["status"]
            expected = {(self.people[each], status["value"], status["as_of"]) for each in human["persons"]}
            yield _row(human["id"], {"status": found == expected} if found else None)

    def _proceedings(self) -> Iterator[Row]:
        found = {(one.direction, one.status): one for one in self.document.facts.proceedings}
        for human in self.human["proceedings"]:
            status, direction = human["status"], human.get("direction", "neutral")
            one = found.get((direction, status["value"]))
            yield _row(human["id"], one and {"as_of": one.as_of == status["as_of"]})
            for charge in human.get("charges", ()):
                yield self._charge(f"{human['id']}.charge", human, charge)

    def _charge(self, name: str, human: Element, charge: Element) -> Row:
        charges = {fold(each.offence): each for each in self.document.facts.charges if each.offence}
        found = charges.get(fold(charge["label_en"]))
        law, article = charge["provision"]["code"], charge["provision"]["article"]
        person = next((self.people[each] for each in human.get("defendants", ())), None)
        checks = found and {
            "article": article in (found.provision or "") if article else found.provision is None,
            "law": law in (found.law or "") if law else found.law is None,
            "person": found.person == person,
            "status": found.status == human["status"]["value"],
        }
        return _row(name, checks)

    def _laws(self) -> Iterator[Row]:
        for human in self.human["law_cited"]:
            instrument = re.sub(r"^[a-z]{3}_(?=constitution|criminal_code)", "", human["instrument"])
            found = next((one for one in self.document.facts.laws if one.instrument == instrument), None)
            right = human.get("right", "").replace("_", " ")
            checks = found and {"article": found.article == human["article"], "right": (found.right or "") == right}
            yield _row(f"law.{instrument}", checks)

    def _calls(self) -> Iterator[Row]:
        """Calls and verbs of position stand in the paragraphs only: version 1 of the document has no field for them."""
        yield from (Row(human["id"], "missed") for human in self.human["body_calls"])
        yield from (Row(f"position.{human['verb']}", "missed") for human in self.human["positions"])

    # --- Where things stand -----------------------------------------------------------------------------------------

    def _line(self, src: str) -> str:
        return self.lines[_line_numbers(src)[0] - 1]

    def _span(self, number: int) -> Span:
        start = self.text.find(self.lines[number - 1])
        return start, start + len(self.lines[number - 1])


_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")


def _stems(text: str) -> set[str]:
    """Give the beginnings of the longer words, so that tenses do not matter."""
    return {word[:5] for word in re.findall(r"\w{4,}", fold(text))}


def _line_numbers(src: str) -> list[int]:
    return [int(number) for number in re.findall(r"L(\d+)", str(src))]


def _names_of(organisation: Element) -> tuple[str, ...]:
    named = [each["value"] for each in organisation.get("names", ())]
    whole = organisation.get("name", {}).get("en", "")
    extra = [organisation.get("acronym", ""), organisation.get("short", ""), f"{whole} ({organisation.get('acronym')})"]
    # A body named with its country is also found by the name without it.
    return tuple(name for name in (whole, *named, *extra, re.sub(r" of [A-Z]\w+$", "", whole)) if name)


def _label(group: Element) -> str:
    return re.sub(r" \.\.\. .*| ?\[[^]]*\]", "", str(group["label_en"]))


def _is_dated(when: Element) -> bool:
    return "precision" in when and bool(when.keys() & {"start", "date", "words"})


def _day(when: Element) -> str | None:
    stated = when.get("start") or when.get("date")
    return str(stated)[:10] if stated else None


def _time_checks(human: Element, event: Event) -> Mapping[str, bool]:
    when = human.get("t", {})
    if "words" in human:
        words = fold(event.words or "") == fold(human["words"])
        return {"date": event.date == str(human["as_of"]), "words": words}
    checks: dict[str, bool] = {}
    if "words" in when:
        checks["words"] = bool(event.words) and contains(re.split(r" \.\.\. ", when["words"])[0], event.words or "")
    if day := _day(when):
        checks["date"] = event.date == day
        checks["time"] = event.time == (str(when.get("start", ""))[11:16] or None)
    checks["precision"] = event.precision in PRECISIONS.get(when["precision"], {when["precision"]})
    if "ambiguous" in when:
        checks["ambiguous"] = event.ambiguous == when["ambiguous"]
    return checks
