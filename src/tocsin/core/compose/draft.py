"""What every step of composing shares: the case, the phrasebook, what may not be said, and what is missing."""

import re
from collections.abc import Iterator

from tocsin.core.compose.composition import Gap
from tocsin.core.phrasebook import Phrasebook
from tocsin.core.records import (
    Case,
    Detention,
    Event,
    Group,
    Organisation,
    Person,
    PersonName,
    Proceeding,
    Record,
    Wording,
)

_PUBLIC = frozenset({None, "P"})
# Names that stand instead of somebody's own.
_COVERS = frozenset({"pseudonym", "nom_de_guerre"})


class Draft:
    """The case as composing sees it: only what may be printed has words."""

    def __init__(self, case: Case, book: Phrasebook) -> None:
        self.case = case
        self.book = book
        self._gaps: dict[Gap, None] = {}
        self._hidden = _pattern(hidden_names(case))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What a person still has to write, each once, in the order in which it was met."""
        return tuple(self._gaps)

    def miss(self, record: str, field: str, reason: str) -> None:
        """Note that something is missing."""
        self._gaps[Gap(record, field, reason)] = None

    def public(self, record_id: str) -> Group | Organisation | Person | None:
        """Give a person, group or organisation that may be printed."""
        record = self.case.by_id.get(record_id)
        if isinstance(record, Group | Organisation | Person) and may_print(record):
            return record
        return None

    def proceeding_of(self, event: Event) -> Proceeding | None:
        """Give the proceeding that an event is a step of, if that may be printed too."""
        record = self.case.find_record(event.proceeding, Proceeding) if event.proceeding else None
        return record if record and may_print(record) else None

    def detention_of(self, event: Event) -> Detention | None:
        """Give the detention that an event belongs to, if that may be printed too."""
        record = self.case.find_record(event.detention, Detention) if event.detention else None
        return record if record and may_print(record) else None

    def words(self, record: str, field: str, wording: Wording | None) -> str | None:
        """Give words in the language of the edition; where there are none in it, those there are, and note the gap.

        Words that name somebody who may not be named are held back, and noted.
        """
        if wording is None or not wording.texts:
            return None
        text = wording.text(self.book.language)
        if self.names_somebody_hidden(text or wording.texts[0].text):
            self.miss(record, field, "held back: it names somebody who may not be named so")
            return None
        if text is not None:
            return text
        self.miss(record, f"{field}_{self.book.language}", "no words in this language: the text stands as it is")
        return wording.texts[0].text

    def own_words(self, record: str, field: str, wording: Wording | None) -> str | None:
        """Give words in the language of the edition alone, for what this language has words of its own for.

        A label, a demand or a title in another language would stand in the middle of this one; the gap is noted.
        """
        if wording is None or wording.text(self.book.language) is not None:
            return self.words(record, field, wording)
        if wording.texts:
            self.miss(record, f"{field}_{self.book.language}", "no words in this language: it was composed")
        return None

    def free_words(self, record: str, field: str, text: str) -> str | None:
        """Give words that have no language of their own, unless they name somebody who may not be named."""
        if self.names_somebody_hidden(text):
            self.miss(record, field, "held back: it names somebody who may not be named so")
            return None
        return text

    def names_somebody_hidden(self, text: str) -> bool:
        """Whether a text holds a name in a form that was not agreed to."""
        return bool(self._hidden and self._hidden.search(text))


def may_print(record: Record) -> bool:
    """Whether a record may stand in a public text by its release class."""
    return record.rc in _PUBLIC


def names_somebody_hidden(case: Case, text: str) -> bool:
    """Tell whether a text holds a name of a case in a form that was not agreed to."""
    hidden = _pattern(hidden_names(case))
    return bool(hidden and hidden.search(text))


def hidden_names(case: Case) -> frozenset[str]:
    """Give the names that must not be printed: of people above release class P, and forms that were not agreed to.

    A part of a name that somebody else bears in public cannot give anybody away and is not among them.
    """
    shown: set[str] = set()
    hidden: set[str] = set()
    for person in case.persons:
        public = may_print(person) and person.identity_in_public in {"full_name", None}
        for name in person.names:
            open_form = (public and name.rc in {None, "P"}) or (may_print(person) and name.use in _COVERS)
            (shown if open_form else hidden).update(_forms(name))
        if may_print(person) and person.identity_in_public == "given_name_only":
            shown.update(filter(None, (name.given for name in person.names)))
    return frozenset(hidden - shown)


def _forms(name: PersonName) -> Iterator[str]:
    yield from {form for form in (name.full, name.family, name.given, name.patronymic) if form and len(form) > 1}


def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
