"""What signatories sign: that an appeal is published, that it is taken back, that a key of theirs was stolen."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Literal, cast, get_args

import msgspec

from tocsin.core.appeal import AppealDocument, from_json
from tocsin.core.errors import BadDocument, BadPublication
from tocsin.core.publication.canonical import canonical, canonical_bytes
from tocsin.core.publication.letter_languages import (
    LetterLanguages,
    check_letter_languages,
    plain_letter_languages,
)
from tocsin.core.publication.missions import LANGUAGE, Mission, check_missions, plain_missions
from tocsin.core.publication.salutations import Salutation, check_salutations, plain_salutations

PublishedKind = Literal["urgent_appeal", "new_information", "closure"]
KINDS: Final = cast("tuple[PublishedKind, ...]", get_args(PublishedKind))
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_LONGEST_CODE, _LONGEST_NOTE = 80, 2000


@dataclass(frozen=True, slots=True)
class Signature:
    """One signatory's Ed25519 signature; `key` is the id of the key, by `key_id_of`."""

    key: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Words:
    """A note to readers in one language."""

    language: str
    text: str


@dataclass(frozen=True)
class Edition:
    """One language of an appeal, as the bytes that are signed."""

    language: str
    content: bytes

    @cached_property
    def document(self) -> AppealDocument:
        """The document that the bytes hold.

        Raises:
            BadDocument: They hold none, or one of a later version.
        """
        return from_json(self.content)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal digits."""
        return sha256(self.content).hexdigest()


def edition_of(document: AppealDocument) -> Edition:
    """Make an edition of a document.

    Raises:
        BadPublication: Its language is unknown, or it holds what is not for the public: the source it was read from.
    """
    if document.language is None:
        raise BadPublication("an edition needs a language")
    return Edition(document.language, canonical_bytes(document))


@dataclass(frozen=True)
class PublicAppeal:
    """An appeal as it is published: everything that readers get, and the signatures that let it be published.

    Attributes:
        code: As it is printed in every edition.
        kind: The kind of every edition.
        editions: One a language, in the order of their tags.
        version: 1, and one more with each correction.
        note: What a correction changed, by language; empty in version 1, and where one language was found in addition.
        supersedes: The code of the appeal that a follow-up or closure follows.
        not_before: The end of an embargo, in UTC and whole seconds.
        archived_from: Of an appeal that was published before there was this system: the SHA-256 of the file that each
            edition was read from. Nobody approved it here; who signs it only says that it lay in the archive like this.
        missions: Embassies of the country concerned to which readers may write, where they live.
        letter_languages: In which languages those whom readers write to read letters best, by a way to reach them.
        salutations: How letters to them begin, by such a way and a language, where that is not as usual.
        signatures: What the signatories signed `message` with.
    """

    code: str
    kind: PublishedKind
    editions: tuple[Edition, ...]
    version: int = 1
    note: tuple[Words, ...] = ()
    supersedes: str | None = None
    not_before: datetime | None = None
    archived_from: tuple[str, ...] = ()
    missions: tuple[Mission, ...] = ()
    letter_languages: tuple[LetterLanguages, ...] = ()
    salutations: tuple[Salutation, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    @property
    def is_archived(self) -> bool:
        """Tell whether it was taken over from an archive, so that no signature on it is an approval."""
        return bool(self.archived_from)

    @property
    def message(self) -> bytes:
        """The bytes to sign: the digest of all there is but the signatures, bound to this one purpose.

        Editions stand in it by their digests, so that one language can be verified without the others.
        """
        editions = [{"language": each.language, "sha256": each.digest} for each in self.editions]
        # Another purpose: no signature of who took an appeal over is ever one of who approved it.
        purpose = b"tocsin archived appeal 1" if self.is_archived else b"tocsin public appeal 1"
        return _message(purpose, {**self.head(), "editions": editions})

    def head(self) -> dict[str, Any]:
        """Give all but editions and signatures, as JSON has it."""
        return {
            "code": self.code,
            "kind": self.kind,
            "version": self.version,
            "note": _plain(self.note),
            "supersedes": self.supersedes,
            "not_before": self.not_before.isoformat() if self.not_before else None,
            **({"archived_from": list(self.archived_from)} if self.is_archived else {}),
            # Only where there are some: what was signed before there were any is signed still.
            **({"missions": plain_missions(self.missions)} if self.missions else {}),
            **({"letter_languages": plain_letter_languages(said)} if (said := self.letter_languages) else {}),
            **({"salutations": plain_salutations(own)} if (own := self.salutations) else {}),
        }

    def edition(self, language: str) -> Edition | None:
        """Give the edition of a language, if there is one."""
        return next((each for each in self.editions if each.language == language), None)


@dataclass(frozen=True, slots=True)
class Retraction:
    """The public taking back of an appeal; it names what was published by its code alone, and says no word of it."""

    code: str
    retracted_at: datetime
    note: tuple[Words, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        _check_code(self.code)
        _check_time(self.retracted_at)
        _check_note(self.note)

    @property
    def message(self) -> bytes:
        """The bytes to sign."""
        return _message(b"tocsin retraction 1", self.head())

    def head(self) -> dict[str, Any]:
        """Give all but the signatures, as JSON has it."""
        return {"code": self.code, "retracted_at": self.retracted_at.isoformat(), "note": _plain(self.note)}


@dataclass(frozen=True, slots=True)
class Disavowal:
    """The public statement that a key came into wrong hands: of what it signed, only what is named here counts.

    No signature bears a time that a thief could not write, so that what is genuine is named by its digest.

    Attributes:
        key: The id of the key.
        since: From when on others may have had it, in UTC and whole seconds. It tells readers, and decides nothing.
        confirmed: The digests of what its holder signed herself, in their order.
        note: What readers are told.
        signatures: Those of other signatories; one by the key itself counts for nothing.
    """

    key: str
    since: datetime
    confirmed: tuple[str, ...] = ()
    note: tuple[Words, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise BadPublication("this is no id of a key")
        if list(self.confirmed) != sorted(set(self.confirmed)) or not all(map(_DIGEST.fullmatch, self.confirmed)):
            raise BadPublication("what stays genuine is named once, by its SHA-256, in the order of these")
        _check_time(self.since)
        _check_note(self.note)

    def __hash__(self) -> int:
        """Hash what tells two apart: keys stand in keys of caches, and digests by the thousand would be hashed anew."""
        return hash((self.key, self.since))

    def confirms(self, digest: str) -> bool:
        """Tell whether what has a digest stays genuine."""
        at = bisect_left(self.confirmed, digest)
        return self.confirmed[at : at + 1] == (digest,)

    @property
    def message(self) -> bytes:
        """The bytes to sign."""
        return _message(b"tocsin disavowal 1", self.head())

    def head(self) -> dict[str, Any]:
        """Give all but the signatures, as JSON has it."""
        return {
            "key": self.key,
            "since": self.since.isoformat(),
            "confirmed": list(self.confirmed),
            "note": _plain(self.note),
        }


Statement = PublicAppeal | Retraction | Disavowal


def digest_of(statement: Statement) -> str:
    """Give the SHA-256 of what is signed of a statement: the same whoever signed it."""
    return sha256(statement.message).hexdigest()


def _message(purpose: bytes, value: dict[str, Any]) -> bytes:
    # The purpose comes first and ends in a zero, so that no message of one purpose is a message of another.
    return purpose + b"\0" + sha256(canonical(value)).digest()


def _plain(note: Iterable[Words]) -> list[dict[str, str]]:
    return [{"language": each.language, "text": each.text} for each in note]


def _check(appeal: PublicAppeal) -> None:
    _check_code(appeal.code)
    _check_note(appeal.note)
    check_missions(appeal.missions)
    check_letter_languages(appeal.letter_languages)
    check_salutations(appeal.salutations)
    if appeal.not_before is not None:
        _check_time(appeal.not_before)
    if appeal.kind not in KINDS:
        raise BadPublication("only what bears a code is published", hint=", ".join(KINDS))
    if appeal.version < 1 or appeal.supersedes == appeal.code:
        raise BadPublication("versions count from 1, and no appeal follows itself")
    if appeal.is_archived:
        _check_archived(appeal)
    else:
        _check_approved(appeal)
    languages = [each.language for each in appeal.editions]
    if not languages or languages != sorted(set(languages)):
        raise BadPublication("an appeal has at least one edition, one a language, in the order of their tags")
    for edition in appeal.editions:
        _check_edition(appeal, edition)


def _check_approved(appeal: PublicAppeal) -> None:
    if (appeal.version > 1) != bool(appeal.note):
        raise BadPublication("a correction says what it changed, and a first version corrects nothing")
    if (appeal.kind == "urgent_appeal") != (appeal.supersedes is None):
        raise BadPublication("a follow-up names the appeal that it follows, and a first appeal none")


def _check_archived(appeal: PublicAppeal) -> None:
    """An archive has follow-ups whose first appeal is lost; a later version without a note is one more language."""
    if len(appeal.archived_from) != len(appeal.editions) or not all(map(_DIGEST.fullmatch, appeal.archived_from)):
        raise BadPublication("an archived appeal names the file of each edition by its SHA-256")
    if appeal.missions or appeal.letter_languages or appeal.salutations:
        raise BadPublication("nobody writes because of an archived appeal: it says nothing of letters and embassies")
    if appeal.not_before is not None or (appeal.note and appeal.version == 1):
        raise BadPublication("an archived appeal has no embargo, and a first version corrects nothing")


def _check_edition(appeal: PublicAppeal, edition: Edition) -> None:
    where = f"edition {edition.language}" if LANGUAGE.fullmatch(edition.language) else "edition"
    try:
        document, value = edition.document, msgspec.json.decode(edition.content)
    except BadDocument as error:
        raise BadPublication(error.what, where=where, hint=error.hint) from error
    if canonical(value) != edition.content:
        raise BadPublication("these bytes are not in canonical form", where=where)
    if document.language != edition.language or not LANGUAGE.fullmatch(edition.language):
        raise BadPublication("its language is another than that of its document", where=where)
    if document.reference is None or document.reference.canonical != appeal.code or document.kind != appeal.kind:
        raise BadPublication("code or kind is another than that of the appeal", where=where)
    if document.source is not None or document.unread:
        raise BadPublication("it holds the text that it was read from, which is not for the public", where=where)


def _check_code(code: str) -> None:
    if not code.strip() or len(code) > _LONGEST_CODE or not code.isprintable():
        raise BadPublication("this is no code to publish under")


def _check_note(note: Iterable[Words]) -> None:
    languages = [each.language for each in note]
    if languages != sorted(set(languages)) or not all(map(LANGUAGE.fullmatch, languages)):
        raise BadPublication("a note has one text a language, in the order of their tags")
    if any(not each.text.strip() or len(each.text) > _LONGEST_NOTE for each in note):
        raise BadPublication(f"a note has between 1 and {_LONGEST_NOTE} characters")


def _check_time(time: datetime) -> None:
    if time.tzinfo is not UTC or time.microsecond:
        raise BadPublication("a time that is signed is in UTC and whole seconds")
