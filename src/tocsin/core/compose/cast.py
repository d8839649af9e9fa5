"""How the people of a case are called: whole at the first mention, short after, never beyond what is agreed.

A name is printed in the form of `identity_in_public`; a record of a higher release class than P has no words.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tocsin.core.compose.draft import Draft
from tocsin.core.phrasebook import Gender, Phrase
from tocsin.core.records import Count, Group, Organisation, Person

_SEVERAL = 2


class Named(NamedTuple):
    """Whom a sentence names, and how."""

    ids: tuple[str, ...]
    phrase: Phrase


class Cast:
    """Names people, groups and organisations; remembers who was mentioned."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._book = draft.book
        self._mentioned: set[str] = set()
        self._short_forms: dict[str, tuple[str, str]] = {}
        self._introduced: frozenset[str] = frozenset()
        self._before: tuple[Named, ...] = ()
        self._now: list[Named] = []
        self._free = False

    def open_paragraph(self) -> None:
        """Begin a paragraph: its first sentence has no pronoun."""
        self._before, self._now, self._free = (), [], False

    def open_sentence(self, *, free: bool) -> None:
        """Begin a sentence; `free` for one whose words the records give, so that nobody knows whom it names."""
        self._before, self._now, self._free = (() if self._free else tuple(self._now)), [], free

    def notice(self, text: str, ids: Iterable[str]) -> None:
        """Take note of those whom words of the records name, so that they are not introduced again."""
        for each in ids:
            record = self._draft.public(each)
            if isinstance(record, Group) and record.label:
                label = record.label.text(self._book.language)
                if label and label.casefold() in text.casefold():
                    self._mentioned.add(record.id)

    def with_pronoun(self, clause: str) -> str:
        """Put a pronoun for a subject that the sentence before had as well, if it can mean nobody else named there."""
        subject = next((each for each in self._now if clause.startswith(f"{each.phrase.text} ")), None)
        if subject is None:
            self._now.clear()
            return clause
        self._now = [subject, *(each for each in self._now if each is not subject)]
        pronoun = self._book.pronoun(subject.phrase)
        if pronoun is None or not self._before or set(self._before[0].ids) != set(subject.ids):
            return clause
        if any(_may_mean(self._book.pronoun(each.phrase), pronoun) for each in self._before[1:]):
            return clause
        return pronoun + clause.removeprefix(subject.phrase.text)

    def forget(self) -> None:
        """Begin a new text: everybody is named whole again."""
        self._mentioned.clear()

    def introduce(self, ids: Iterable[str]) -> None:
        """Let those be known whom the texts before have described: what follows is about them and not about any."""
        self._introduced = frozenset(ids)

    def name(self, ids: Iterable[str], *, whole: bool = False, members: bool = False) -> Phrase | None:
        """Give a phrase for those of the ids that may be printed, or `None` where nobody is left.

        Args:
            ids: People, groups and organisations, in the order of the case.
            whole: Names in full without titles, whoever was mentioned before: in titles and demands.
            members: For an organisation name those in it: it has no body and no health of its own.
        """
        records = [record for each in self._without_parts(ids) if (record := self._draft.public(each)) is not None]
        if not records:
            return None
        single = self._people([each for each in records if isinstance(each, Person)], whole=whole)
        bodies = [self._body(each, whole=whole, members=members) for each in records if not isinstance(each, Person)]
        if single and bodies and len(single) + len(bodies) > _SEVERAL:
            people, others = self._book.names(single), self._book.names(bodies)
            text = self._book.say("as-well-as", people=people, others=others)
        else:
            text = self._book.names([*single, *bodies])
        self._mentioned.update(record.id for record in records)
        count = sum(self._count(each) for each in records)
        phrase = Phrase(text, count, self._gender(records), (*single, *bodies))
        self._now.append(Named(tuple(record.id for record in records), phrase))
        return phrase

    def named(self, person: Person) -> str:
        """Give the name of a person in the form that may be printed."""
        form, name = person.identity_in_public, person.preferred
        if form == "pseudonym":
            chosen = [each.full for each in person.names if each.use in {"pseudonym", "nom_de_guerre", "alias"}]
            return chosen[0] if chosen else self._described(person)
        if form == "initials":
            return "".join(f"{part[0]}." for part in name.full.split())
        if form == "given_name_only":
            return name.given or self._described(person)
        if form in {"role_description", "unnamed"}:
            return self._described(person)
        return name.full

    def family(self, person: Person) -> str:
        """Give the short form of a name, after which the title stands; the whole name where there is no family name."""
        if person.identity_in_public not in {"full_name", None}:
            return self.named(person)
        return person.preferred.family or person.preferred.full

    def title(self, person: Person) -> str:
        """Give the title before a short name: `Ms.`; nothing where a person has none or is not named in full."""
        if person.identity_in_public not in {"full_name", None} or not person.preferred.family:
            return ""
        if person.title is None:
            return ""
        # A title written in another language only is put into this one by the gender that it stands for.
        formula = {"f": "title-ms", "m": "title-mr"}.get(person.grammatical_gender or "x")
        return person.title.text(self._book.language) or (self._book.say(formula) if formula else "")

    def short(self, record: Group | Organisation | Person, *, whole: bool = False) -> str:
        """Give the words for a group or an organisation, definite from the second mention on."""
        if isinstance(record, Person):
            return self.named(record)
        if isinstance(record, Organisation):
            return self.organisation(record, whole=whole)
        label = self._draft.words(record.id, "label", record.label) or self._book.say("somebody")
        label = self._book.inside(label)
        if record.id in self._mentioned:
            return self._book.definite(label)
        return self._counted(label, record.size) if record.size and record.label else label

    def _counted(self, label: str, size: Count) -> str:
        """Put a number that nobody counted before a description; one with a number of its own stays as it is."""
        if size.exact or any(letter.isdigit() for letter in label) or self._book.begins_with_number(label):
            return label
        told = {name: str(each) for name in ("about", "min", "max") if (each := getattr(size, name))}
        formula = "-".join(("counted", *told))
        if not self._book.has(formula):
            return label
        number = self._book.say(formula, label="", **told)
        return label if label.startswith(f"{number.split()[0]} ") else self._book.say(formula, label=label, **told)

    def _body(self, record: Group | Organisation | Person, *, whole: bool, members: bool) -> str:
        name = self.short(record, whole=whole)
        return (
            self._book.say("the-members", organisation=name) if members and isinstance(record, Organisation) else name
        )

    def organisation(self, record: Organisation, *, whole: bool = False) -> str:
        """Give the whole name of an organisation at its first mention, its short name after."""
        name = record.preferred_name(self._book.language)
        if not record.is_named_in(self._book.language):
            self._draft.miss(record.id, f"name_{self._book.language}", "no name in this language: it stands as it is")
        short = self.short_name(record)
        chosen = short if short and record.id in self._mentioned and not whole else name
        return self._book.with_article(chosen, record.kind)

    def short_name(self, record: Organisation) -> str | None:
        """Give the short name of an organisation; one without a language is in that of the appeal."""
        own = self._draft.case.appeal.language or "en"
        shorts = [(each.lang or own, each.value) for each in record.names if each.use == "short"]
        shorts += [(own, record.short)] if record.short else []
        return next((text for language, text in shorts if language == self._book.language), None)

    def _people(self, people: Sequence[Person], *, whole: bool) -> list[str]:
        if whole or not all(person.id in self._mentioned for person in people):
            return [self.named(person) for person in people]
        pairs = [self._short_form(each) for each in people]
        return self._book.titled([title for title, _ in pairs], [family for _, family in pairs])

    def _short_form(self, person: Person) -> tuple[str, str]:
        """Give title and short name of a person, found once: a story says them again and again."""
        if (known := self._short_forms.get(person.id)) is None:
            known = self._short_forms[person.id] = (self.title(person), self.family(person))
        return known

    def _described(self, person: Person) -> str:
        words = person.described_as.text(self._book.language) if person.described_as else None
        words = words or self._book.say("a-defender")
        # From the second mention on it is this one, and not any.
        known = person.id in self._mentioned or person.id in self._introduced
        return self._book.definite(words) if known else words

    def _without_parts(self, ids: Iterable[str]) -> list[str]:
        """Leave out a group that is a part of another one beside it: it is counted there."""
        listed = list(dict.fromkeys(ids))
        if len(listed) <= 1:
            return listed
        groups = {each: self._draft.case.find_record(each, Group) for each in listed}
        return [each for each in listed if not ((group := groups[each]) and group.part_of in listed)]

    def _count(self, record: Group | Organisation | Person) -> int:
        if isinstance(record, Group):
            label = record.label.text(self._book.language) if record.label else None
            told = record.size.most if record.size else None
            return told or (1 if label and self._book.is_singular(label) else _SEVERAL)
        return 1

    def _gender(self, records: Sequence[Group | Organisation | Person]) -> Gender:
        genders: set[Gender] = set()
        for record in records:
            if isinstance(record, Person):
                genders.add(record.grammatical_gender or "x")
            elif isinstance(record, Organisation):
                genders.add("n")
            else:
                genders.add(self._book.grammar.mixed)
        return genders.pop() if len(genders) == 1 else self._book.grammar.mixed


def _may_mean(other: str | None, pronoun: str) -> bool:
    """Whether a pronoun may mean somebody else: it would stand for them too, or nobody knows what stands for them."""
    return other is None or other == pronoun
