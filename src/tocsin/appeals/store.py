"""Drafts in the database: sealed under the key of the case, one row a version, bound to who saved it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.appeals.models import Appeal, Draft
from tocsin.casework.parts import compartments
from tocsin.core.compose import Composition
from tocsin.core.errors import CannotOpen, ChangedMeanwhile, NotAllowed
from tocsin.core.publication import LetterLanguages, Mission, Salutation
from tocsin.vault import queries as vault
from tocsin.vault.opened import CompartmentKeys
from tocsin.vault.sealing import Place

RETRACT = "appeal.retract"


class AppealKey(NamedTuple):
    """Which appeal, of which case: an address names both, so that the door asks for a grant on the case."""

    case: UUID
    appeal: UUID


class Edition(msgspec.Struct, frozen=True):
    """One language of an appeal; `translates` is the version whose source edition it says, 0 for the source itself."""

    composition: Composition
    translates: int = 0

    @property
    def is_source(self) -> bool:
        """Tell whether it is the edition that the others translate."""
        return self.translates == 0

    @property
    def language(self) -> str:
        """Give the language, as a BCP 47 tag."""
        return self.composition.document.language or ""


class Doubt(msgspec.Struct, frozen=True):
    """That a text says what its case hides, in a part that few may open: which version does, and since when."""

    version: int
    since: date


class Content(msgspec.Struct, frozen=True):
    """What a version holds: the editions, the source first, and the state of the case that they were made of."""

    editions: tuple[Edition, ...]
    case_version: int
    # The version in which the source was last changed, and what a correction tells its readers that it changed.
    source_since: int = 1
    note: str = ""
    # The code of the archived appeal that it follows, where no appeal of the case was published here before. It lies
    # sealed with the texts: until it is public that a case goes on from an appeal, nobody else has to know.
    follows: str = ""
    # Who saved each version up to this one, the author first: one version that opens tells of all before it. Versions
    # from before this was written down have none.
    writers: tuple[UUID, ...] = ()
    # Embassies of the country concerned, as the directory had them when the draft was submitted: what is reviewed and
    # signed does not change with it.
    missions: tuple[Mission, ...] = ()
    # … and in which languages those who are written to read letters best.
    letter_languages: tuple[LetterLanguages, ...] = ()
    # … and how letters to them begin.
    salutations: tuple[Salutation, ...] = ()
    # The end of the embargo, in UTC and whole seconds: once it is published it shows by itself from then on.
    not_before: datetime | None = None
    # What `doubting` found, in this text, and in that which was public then.
    doubt: Doubt | None = None
    public_doubt: Doubt | None = None

    def is_stale(self, edition: Edition) -> bool:
        """Tell whether the source was changed since an edition was said to translate it."""
        return not edition.is_source and edition.translates < self.source_since

    @property
    def source(self) -> Edition:
        """Give the edition that the others translate."""
        return self.editions[0]

    def edition(self, language: str) -> Edition:
        """Give the edition of a language.

        Raises:
            NotAllowed: if there is none.
        """
        found = next((each for each in self.editions if each.language == language), None)
        if found is None:
            raise NotAllowed("there is no such edition")
        return found

    def with_edition(self, edition: Edition) -> "Content":
        """Give the content with another edition in its language, or one more."""
        if edition.language not in {each.language for each in self.editions}:
            return msgspec.structs.replace(self, editions=(*self.editions, edition))
        editions = tuple(edition if each.language == edition.language else each for each in self.editions)
        return msgspec.structs.replace(self, editions=editions)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """One version of an appeal as somebody has it open.

    Attributes:
        row: The row of the appeal, as it stood then.
        version: The version.
        content: Its editions.
        digest: SHA-256 of what is sealed: what clearances are bound to.
        writers: Who saved each version up to this one, the author first.
        keys: The keys of the compartment in which it lies.
    """

    row: Appeal
    version: int
    content: Content = field(repr=False)
    digest: bytes = field(repr=False)
    writers: tuple[UUID, ...]
    keys: CompartmentKeys = field(repr=False)

    @property
    def author(self) -> UUID:
        """Give who drafted it."""
        return self.writers[0]

    @property
    def editor(self) -> UUID:
        """Give who saved this version."""
        return self.writers[-1]


def get_row(key: AppealKey, *, for_writing: bool = False) -> Appeal:
    """Give the row of an appeal of a case.

    Raises:
        NotAllowed: if there is none, or its case was shredded.
    """
    rows = Appeal.objects.select_for_update(of=("self",)) if for_writing else Appeal.objects
    row = rows.filter(id=key.appeal, case=key.case, case__shredded_at=None).first()
    if row is None:
        raise NotAllowed("there is no such appeal, or you may not open it")
    return row


def keys_of(actor: Actor, case: UUID, now: datetime, *, even_sealed: bool = False) -> CompartmentKeys:
    """Open the compartment of a case in which its drafts lie."""
    return vault.open_case(actor.ring, case, now, even_barred=even_sealed)[compartments().default]


def open_draft(keys: CompartmentKeys, row: Appeal, version: int | None = None) -> OpenDraft:
    """Open a version of an appeal, the newest if none is named.

    Who wrote in an appeal may not sign for it, and a row that was removed, or given to somebody else, must not hide
    that: the version says itself who saved those before it.

    Raises:
        NotAllowed: if there is no such version.
        CannotOpen: if it was changed, or one up to it was removed or attributed to somebody else.
    """
    wanted = row.version if version is None else version
    if not 0 < wanted <= row.version:
        raise NotAllowed("there is no such version of this appeal")
    rows = Draft.objects.filter(appeal=row.id, version__lte=wanted).order_by("version")
    saved = list(rows.values_list("version", "saved_by"))
    if [number for number, _ in saved] != list(range(1, wanted + 1)):
        raise CannotOpen("a version of this appeal is missing")
    writers = tuple(by for _, by in saved)
    plain = keys.open(bytes(rows.get(version=wanted).sealed), _place(row.id, wanted, writers[-1]))
    content = msgspec.json.decode(plain, type=Content)
    if not content.writers:
        for each in rows.exclude(version=wanted):
            keys.open(bytes(each.sealed), _place(row.id, each.version, each.saved_by))
    elif content.writers != writers:
        raise CannotOpen("a version of this appeal is attributed to somebody else")
    return OpenDraft(row, wanted, content, hashlib.sha256(plain).digest(), writers, keys)


def begin(keys: CompartmentKeys, row: Appeal, content: Content, *, by: UUID, now: datetime) -> None:
    """Save the first version; inside the transaction of the caller."""
    _save(keys, row, msgspec.structs.replace(content, writers=(by,)), now)


def append(draft: OpenDraft, content: Content, *, by: UUID, now: datetime) -> None:
    """Add a version behind the newest, and make it the newest; inside the transaction of the caller."""
    _save(draft.keys, draft.row, msgspec.structs.replace(content, writers=(*draft.writers, by)), now)


def _save(keys: CompartmentKeys, row: Appeal, content: Content, now: datetime) -> None:
    row.version += 1
    by = content.writers[-1]
    sealed = keys.seal(msgspec.json.encode(content), _place(row.id, row.version, by))
    Draft.objects.create(appeal=row, version=row.version, sealed=sealed, saved_by=by, saved_at=now)


@contextmanager
def hold(actor: Actor, verb: str, key: AppealKey, *, seen: int | None = None, now: datetime) -> Iterator[OpenDraft]:
    """Hold the row of an appeal, for who may do something to it, so that changes come one after the other.

    Args:
        actor: Who acts.
        verb: What she needs.
        key: The appeal.
        seen: The version that she had before her; another one by now ends it.
        now: When.

    Raises:
        ChangedMeanwhile: if somebody saved another version meanwhile.
    """
    demand(actor, verb, key.case, now=now)
    with transaction.atomic():
        row = get_row(key, for_writing=True)
        if seen is not None and row.version != seen:
            raise ChangedMeanwhile("somebody else changed this appeal meanwhile; nothing was done")
        # What is public of a sealed case can be taken back, and nothing else be done to it.
        yield open_draft(keys_of(actor, key.case, now, even_sealed=verb == RETRACT), row)


def _place(appeal: UUID, version: int, by: UUID) -> Place:
    # Who saved it is part of the place: a version that somebody gives to another author opens no more.
    return Place("appeal_draft", appeal, f"editions {by}", version)
