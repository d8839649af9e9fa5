"""Writing to evidence: taking files in, opening them, copies without metadata, and what becomes of both.

Whatever is done with a file is a line of its chain of custody and an entry of the journal, in one transaction with it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from tocsin.accounts.actor import Actor, demand
from tocsin.adapters.documents import COPY_LIMITS, Copy, look_at, make_copy
from tocsin.adapters.files import shown_name
from tocsin.casework.actions import OpenCase, read_case, save_case
from tocsin.casework.evidence import custody, files
from tocsin.casework.evidence.custody import Line
from tocsin.casework.evidence.files import Arrived, Intaking, Sheet
from tocsin.casework.evidence.naming import record_id
from tocsin.casework.evidence.squares import read_areas
from tocsin.casework.evidence.standing import people_shown, standing
from tocsin.casework.models import EvidenceFile
from tocsin.core.errors import BadRequest, NotAllowed, TooLarge
from tocsin.core.records import Case, Evidence, Translation, Wording
from tocsin.vault import queries as vault
from tocsin.vault.opened import CaseKeys, CompartmentKeys

ORIGINALS, COPIES = "evidence", "facts"
# Going through the pages of one file is one opening.
_ONE_OPENING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AboutFiles:
    """What the person who sends files says of them.

    Attributes:
        what: What they are.
        language: The language of these words.
        source: The id of the source in the case; empty where there is none.
        came: How and from whom they came, for the chain of custody.
        warnings: What in them may be hard to see: codes of `content_warnings`.
    """

    what: str = field(repr=False)
    language: str
    source: str = ""
    came: str = field(default="", repr=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an original is from, as far as that is known; each field is that of its record.

    Attributes:
        material: What sort of material it is: a code of `material_types`.
        language: In which language it is.
        dated: When it was made.
        collected_at: When it was collected, and
        collector: by whom: a word by which the team knows the person.
        method: How, and with what.
        original_url: The address it was taken from.
        archive_copies: Where others keep the same.
    """

    material: str | None = None
    language: str | None = None
    dated: str | None = None
    collected_at: str | None = None
    collector: str | None = field(default=None, repr=False)
    method: str | None = field(default=None, repr=False)
    original_url: str | None = field(default=None, repr=False)
    archive_copies: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """One file with all that a person may see of it.

    Attributes:
        case: The case.
        record: The record that describes the file.
        file: Its row.
        sheet: Its sheet, and
        chain: its chain of custody; nothing where she does not hold its compartment.
    """

    case: OpenCase
    record: Evidence
    file: EvidenceFile
    sheet: Sheet | None = field(default=None, repr=False)
    chain: custody.Chain | None = field(default=None, repr=False)


def opens_originals(actor: Actor, case: UUID, *, now: datetime) -> bool:
    """Tell whether a person holds the compartment in which originals lie."""
    return ORIGINALS in _keys(actor, case, now).compartments


def begin(actor: Actor, case: UUID, *, now: datetime) -> Intaking:
    """Begin to take in an original, for who may change the case and open its evidence.

    Raises:
        NotAllowed: if she may not.
    """
    demand(actor, "case.edit", case, now=now)
    keys = _keys(actor, case, now)
    _part(keys, ORIGINALS)
    return Intaking(keys, ORIGINALS, by=actor.id, now=now)


def receive(
    actor: Actor, case: UUID, arrived: Sequence[tuple[str, Arrived]], told: AboutFiles, *, now: datetime
) -> OpenCase:
    """Let files that arrived belong to a case, all or none: a record, a line of custody and an entry for each.

    Args:
        actor: Who received them.
        case: The case.
        arrived: Each with the name that it came with.
        told: What is said of all of them.
        now: When.

    Raises:
        ChangedMeanwhile: if a file took too long.
        BadCase: if a source or a code is none of the case or list.
    """
    demand(actor, "case.edit", case, now=now)
    if not arrived:
        raise BadRequest("there is no file")
    with transaction.atomic():
        opened = read_case(actor, case, now=now)
        added = tuple(_record(each, told, now) for _, each in arrived)
        whole = replace(opened.case, evidence=(*opened.case.evidence, *added))
        saved = save_case(actor, opened, whole, now=now)
        keys = _part(_keys(actor, case, now), ORIGINALS)
        for name, each in arrived:
            sheet = Sheet(
                record=record_id(each.id),
                name=shown_name(name),
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                sha3_256=each.sha3_256,
                pieces=each.pieces,
            )
            row = files.hold_arrived(each.id, case)
            files.keep(keys, row, sheet)
            custody.append(keys, row, Line(custody.RECEIVED, now, actor.id, each.sha256, words=told.came))
        return saved


def _record(arrived: Arrived, told: AboutFiles, now: datetime) -> Evidence:
    return Evidence(
        id=record_id(arrived.id),
        rc="N",
        recorded_on=timezone.localdate(now),
        what=_worded(told),
        sha256=arrived.sha256,
        sha3_256=arrived.sha3_256,
        media_type=arrived.media_type,
        size=arrived.size,
        warnings=told.warnings,
        source=told.source or None,
        is_original=True,
    )


def open_file(actor: Actor, case: UUID, file_id: UUID, *, now: datetime) -> Opened:
    """Give what is known of a file: its record, and its sheet and chain if she holds its compartment.

    Raises:
        NotAllowed: if there is no such file, or it is not hers.
        CannotOpen: if somebody changed the database.
    """
    opened = read_case(actor, case, now=now)
    file = files.get_file(case, file_id)
    record = opened.case.by_id.get(record_id(file_id))
    if not isinstance(record, Evidence):
        raise NotAllowed("there is no such file, or you may not open it")
    keys = _keys(actor, case, now).compartments.get(file.compartment)
    if keys is None:
        return Opened(opened, record, file)
    sheet = files.sheet_of(keys, file)
    chain = custody.read(keys, file, sheet.sha256)
    # What came before there was a second hash got it later: its record never names it, but a line of the chain does.
    second = record.sha3_256 or next((each.choice for each in chain.lines if each.action == custody.HASHED), "")
    if (record.sha256, second) != (sheet.sha256, sheet.sha3_256):
        chain = replace(chain, faults=(*chain.faults, "the record of the case names another hash than the file has"))
    return Opened(opened, record, file, sheet, chain)


@dataclass(frozen=True, slots=True)
class _Held:
    """A file while its row is held."""

    file: EvidenceFile
    sheet: Sheet
    keys: CompartmentKeys = field(repr=False)
    actor: Actor
    now: datetime

    def write(self, action: str, *, words: str = "", choice: str = "") -> None:
        """Add a line to its chain."""
        line = Line(action, self.now, self.actor.id, self.sheet.sha256, words=words.strip(), choice=choice)
        custody.append(self.keys, self.file, line)

    def chain(self) -> custody.Chain:
        """Give its chain."""
        return custody.read(self.keys, self.file, self.sheet.sha256)

    def sound_lines(self) -> tuple[Line, ...]:
        """Give the lines of its chain.

        Raises:
            BadRequest: if the chain does not hold: nothing can rest on it then.
        """
        chain = self.chain()
        if chain.faults:
            raise BadRequest("the chain of custody does not hold")
        return chain.lines


@contextmanager
def hold(actor: Actor, case: UUID, file_id: UUID, *, now: datetime) -> Iterator[_Held]:
    """Hold the row of a file, so that lines of its chain come one after the other."""
    with transaction.atomic():
        file = files.get_file(case, file_id, for_writing=True)
        keys = _part(_keys(actor, case, now), file.compartment)
        yield _Held(file, files.sheet_of(keys, file), keys, actor, now)


def look(actor: Actor, case: UUID, file_id: UUID, *, page: int = 1, grid: bool = False, now: datetime) -> Copy:
    """Give what a person looks at: a picture drawn anew, or the text; never the file itself.

    Raises:
        BadInput: if it cannot be shown; the error says why.
    """
    demand(actor, "case.read", case, now=now)
    with hold(actor, case, file_id, now=now) as held:
        if not _seen_just_now(held):
            held.write(custody.OPENED)
    content = whole(held)
    if not held.sheet.sha3_256:
        with hold(actor, case, file_id, now=now) as held:
            _complete(held, hashlib.sha3_256(content).hexdigest())
    return look_at(content, page=page, grid=grid)


def _seen_just_now(held: _Held) -> bool:
    mine = [each for each in held.chain().lines if each.by == held.actor.id]
    return bool(mine) and mine[-1].action == custody.OPENED and held.now - mine[-1].at < _ONE_OPENING


def whole(held: _Held) -> bytes:
    """Open a file that is to be looked at.

    Raises:
        TooLarge: if it is larger than what is opened here.
    """
    if held.sheet.size > COPY_LIMITS.input_bytes:
        raise TooLarge("only files up to 25 MB can be opened here")
    return b"".join(files.content_of(held.keys, held.file, held.sheet))


def take_out(actor: Actor, case: UUID, file_id: UUID, *, why: str, now: datetime) -> tuple[Sheet, Iterator[bytes]]:
    """Give a file to be carried out of the site: an original as it came, or a copy that two people released.

    Raises:
        BadRequest: if no reason is given, or the copy is not released.
    """
    demand(actor, "case.take_out", case, now=now)
    if not why.strip():
        raise BadRequest("say what it is for")
    opened = read_case(actor, case, now=now)
    with hold(actor, case, file_id, now=now) as held:
        shown = people_shown(opened.case, file_id, held.sheet.copy_of)
        if held.sheet.copy_of is not None and not standing(opened.case, held.sound_lines(), now, shown).released:
            raise BadRequest("this copy is not released")
        held.write(custody.TAKEN_OUT, words=why)
    return held.sheet, files.content_of(held.keys, held.file, held.sheet)


def hand_over(actor: Actor, case: UUID, file_id: UUID, *, to: str, now: datetime) -> None:
    """Write down that a file was handed over: to whom, how and why."""
    demand(actor, "case.edit", case, now=now)
    if not to.strip():
        raise BadRequest("say to whom it was handed over")
    with hold(actor, case, file_id, now=now) as held:
        held.write(custody.HANDED_OVER, words=to)


def check(actor: Actor, case: UUID, file_id: UUID, *, now: datetime) -> None:
    """Read a whole file, compare it with the hash of its first minute, and write down that it is the same.

    Raises:
        CannotOpen: if it is not.
    """
    demand(actor, "case.read", case, now=now)
    # What takes its time is done before anybody has to wait for the row, here and below.
    with hold(actor, case, file_id, now=now) as held:
        pass
    second = hashlib.sha3_256()
    for block in files.content_of(held.keys, held.file, held.sheet):
        second.update(block)
    with hold(actor, case, file_id, now=now) as held:
        held.write(custody.CHECKED)
        _complete(held, second.hexdigest())


def _complete(held: _Held, second: str) -> None:
    """Keep the second hash of a file that came before there was one, now that its first was found to be the same."""
    if not held.sheet.sha3_256:
        files.keep(held.keys, held.file, msgspec.structs.replace(held.sheet, sha3_256=second))
        held.write(custody.HASHED, choice=second)


def derive(actor: Actor, case: UUID, file_id: UUID, *, areas: str, now: datetime) -> UUID:
    """Make a copy of an original without metadata, parts of it blacked out; it is confidential until it is released.

    Args:
        actor: Who makes it.
        case: The case.
        file_id: The original.
        areas: What is blacked out, a line an area ("C4:F7", "2 C4:F7" on page 2).
        now: When.

    Raises:
        BadInput: if no copy can be made of it; the error says why.
        BadRequest: if an area cannot be read, or it is a copy already.
    """
    demand(actor, "case.edit", case, now=now)
    drawn = read_areas(areas)
    with hold(actor, case, file_id, now=now) as held:
        if held.sheet.copy_of is not None:
            raise BadRequest("copies are made of the original")
    copy = make_copy(whole(held), drawn)
    arrived = _sealed(_keys(actor, case, now), copy, actor, now)
    try:
        _keep_copy(held, arrived, copy, areas.strip())
    finally:
        files.discard([arrived.id])
    return arrived.id


def _keep_copy(original: _Held, arrived: Arrived, copy: Copy, areas: str) -> None:
    case, file, actor, now = original.file.case_id, original.file.id, original.actor, original.now
    sheet = Sheet(
        record=record_id(arrived.id),
        name="",
        media_type=copy.media_type,
        size=arrived.size,
        sha256=arrived.sha256,
        sha3_256=arrived.sha3_256,
        pieces=arrived.pieces,
        copy_of=file,
        areas=areas,
        notes=list(copy.notes),
    )
    with transaction.atomic():
        opened = read_case(actor, case, now=now)
        added = _record_of_copy(arrived, copy, opened.case.by_id.get(original.sheet.record), now)
        save_case(actor, opened, replace(opened.case, evidence=(*opened.case.evidence, added)), now=now)
        keys = _part(_keys(actor, case, now), COPIES)
        row = files.hold_arrived(arrived.id, case)
        files.keep(keys, row, sheet)
        custody.append(keys, row, Line(custody.MADE, now, actor.id, sheet.sha256))
        with hold(actor, case, file, now=now) as held:
            held.write(custody.DERIVED, words=arrived.id.hex[:8])


def _sealed(keys: CaseKeys, copy: Copy, actor: Actor, now: datetime) -> Arrived:
    taking = Intaking(keys, COPIES, by=actor.id, now=now)
    taking.take(copy.content)
    return taking.end()


def _record_of_copy(arrived: Arrived, copy: Copy, original: object, now: datetime) -> Evidence:
    if not isinstance(original, Evidence):
        raise NotAllowed("there is no such file, or you may not open it")
    return Evidence(
        id=record_id(arrived.id),
        rc="C",
        recorded_on=timezone.localdate(now),
        what=original.what,
        sha256=arrived.sha256,
        sha3_256=arrived.sha3_256,
        media_type=copy.media_type,
        size=arrived.size,
        warnings=original.warnings,
        is_original=False,
        redaction_of=original.id,
    )


def words_about(record: Evidence) -> str:
    """Give the words about a file as the form shows them: the first that there are."""
    return record.what.texts[0].text if record.what and record.what.texts else ""


def _worded(told: AboutFiles) -> Wording | None:
    return Wording((Translation(told.language, told.what),)) if told.what else None


def describe(
    actor: Actor, case: UUID, file_id: UUID, told: AboutFiles, origin: Origin | None = None, *, now: datetime
) -> None:
    """Change the words about a file, and its warnings; of an original also where it is from, for who may open it.

    Raises:
        BadCase: if a code is none of its list.
    """
    demand(actor, "case.edit", case, now=now)
    if origin is not None:
        _part(_keys(actor, case, now), ORIGINALS)
    with transaction.atomic():
        opened = read_case(actor, case, now=now)
        files.get_file(case, file_id)
        before = opened.case.find_record(record_id(file_id), Evidence)
        # Words that she left as they were stay in the languages that they are in.
        what = before.what if before and told.what == words_about(before) else _worded(told)
        from_where = asdict(origin) if origin else {}
        changed = _changed(opened.case, record_id(file_id), what=what, warnings=told.warnings, **from_where)
        save_case(actor, opened, changed, now=now)


def with_class(case: Case, file_id: UUID, release_class: str) -> Case:
    """Give a case in which the record of a file has another release class."""
    return _changed(case, record_id(file_id), rc=release_class)


def _changed(case: Case, record: str, **fields: object) -> Case:
    changed = tuple(
        replace(each, **fields) if each.id == record else each  # type: ignore[arg-type]
        for each in case.evidence
    )
    return replace(case, evidence=changed)


def _keys(actor: Actor, case: UUID, now: datetime) -> CaseKeys:
    return vault.open_case(actor.ring, case, now)


def _part(keys: CaseKeys, compartment: str) -> CompartmentKeys:
    if compartment not in keys.compartments:
        raise NotAllowed("there is no such file, or you may not open it")
    return keys[compartment]
