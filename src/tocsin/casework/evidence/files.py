"""Sealed files in the database: taking one in as it comes, and opening it piece by piece."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from tocsin.casework.evidence.kinds import media_type_of
from tocsin.casework.models import ARRIVING, KEPT, CaseFile, EvidenceFile, EvidencePiece
from tocsin.core.errors import CannotOpen, ChangedMeanwhile, NotAllowed, TooLarge
from tocsin.vault.opened import CaseKeys, CompartmentKeys
from tocsin.vault.sealing import FileSealer, Place, open_file

LARGEST = 200_000_000
"""Bytes of one file."""

_PIECE = 1_000_000
_HEAD = 16
# Nobody sends a file for longer than this; what is not whole by then is left of a request that broke off.
_LONGEST_UPLOAD = timedelta(hours=6)


class Sheet(msgspec.Struct, frozen=True):
    """What is known of a file itself.

    Attributes:
        record: The id of the record of the case that describes it.
        name: The name that it came with.
        media_type: What its first bytes say that it is.
        size: Its bytes.
        sha256: Of all its bytes, counted as they came.
        pieces: In how many pieces it lies.
        sha3_256: A second hash of another making; empty for what came before there was one.
        copy_of: The original, if it is a copy.
        areas: What was blacked out, as it was written.
        notes: What was left out of a copy.
    """

    record: str
    name: str
    media_type: str
    size: int
    sha256: str
    pieces: int
    sha3_256: str = ""
    copy_of: UUID | None = None
    areas: str = ""
    notes: list[str] = []


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that lies sealed in the database and belongs to no case yet."""

    id: UUID
    media_type: str
    size: int
    sha256: str
    sha3_256: str
    pieces: int


class Intaking:
    """Takes a file in, block by block: each is hashed first, then sealed, then written; in clear it is never kept."""

    def __init__(self, keys: CaseKeys, compartment: str, *, by: UUID, now: datetime) -> None:
        self.id = uuid4()
        self._sealer = FileSealer(keys[compartment].newest, _content_place(self.id))
        self._hash, self._second, self._size, self._head = hashlib.sha256(), hashlib.sha3_256(), 0, b""
        self._ready, self._pieces = bytearray(b"".join(self._sealer.head)), 0
        EvidenceFile.objects.create(
            id=self.id, case_id=keys.case, compartment=compartment, arrived_at=now, arrived_by=by
        )

    def take(self, block: bytes) -> None:
        """Take the next bytes.

        Raises:
            TooLarge: if the file is larger than a file may be.
        """
        self._hash.update(block)
        self._second.update(block)
        self._size += len(block)
        self._head += block[: max(0, _HEAD - len(self._head))]
        if self._size > LARGEST:
            raise TooLarge("the file is larger than 200 MB")
        for chunk in self._sealer.seal(block):
            self._ready += chunk
        if len(self._ready) >= _PIECE:
            self._write()

    def end(self) -> Arrived:
        """Say that the file is whole."""
        self._ready += self._sealer.end()
        self._write()
        hashes = self._hash.hexdigest(), self._second.hexdigest()
        return Arrived(self.id, media_type_of(self._head), self._size, *hashes, self._pieces)

    def _write(self) -> None:
        # Each by itself: whoever sends slowly must not hold the database.
        self._pieces += 1
        EvidencePiece.objects.create(file_id=self.id, number=self._pieces, sealed=bytes(self._ready))
        self._ready.clear()


def keep(keys: CompartmentKeys, file: EvidenceFile, sheet: Sheet) -> None:
    """Let a file that arrived belong to its case, inside the transaction of the caller."""
    file.sealed = keys.seal(msgspec.json.encode(sheet), _sheet_place(file.id))
    file.state = KEPT
    file.save(update_fields=["sealed", "state"])


def hold_arrived(file_id: UUID, case: UUID) -> EvidenceFile:
    """Give the row of a file that has just arrived, held until the end of the transaction.

    Raises:
        ChangedMeanwhile: if it is gone: it took too long, or the case was destroyed.
    """
    file = EvidenceFile.objects.select_for_update().filter(id=file_id, case=case, state=ARRIVING).first()
    if file is None:
        raise ChangedMeanwhile("the file took too long to arrive; nothing was saved", hint="send it again")
    return file


def get_file(case: UUID, file_id: UUID, *, for_writing: bool = False) -> EvidenceFile:
    """Give the row of a file of a case.

    Raises:
        NotAllowed: if there is none.
    """
    rows = EvidenceFile.objects.select_for_update() if for_writing else EvidenceFile.objects
    file = rows.filter(id=file_id, case=case, state=KEPT).first()
    if file is None:
        raise NotAllowed("there is no such file, or you may not open it")
    return file


def sheet_of(keys: CompartmentKeys, file: EvidenceFile) -> Sheet:
    """Open the sheet of a file.

    Raises:
        CannotOpen: if it was changed, or written by another version.
    """
    opened = keys.open(bytes(file.sealed), _sheet_place(file.id))
    try:
        return msgspec.json.decode(opened, type=Sheet)
    except msgspec.ValidationError as error:
        raise CannotOpen("the sheet of this file was written by another version") from error


def content_of(keys: CompartmentKeys, file: EvidenceFile, sheet: Sheet) -> Iterator[bytes]:
    """Open a file, block by block, and at its end compare it with the hashes that were counted when it came.

    Raises:
        CannotOpen: if a piece is missing, or it is not the file that came.
    """
    counted, second = hashlib.sha256(), hashlib.sha3_256()
    for block in open_file(keys, _pieces(file.id, sheet.pieces), _content_place(file.id)):
        counted.update(block)
        second.update(block)
        yield block
    if counted.hexdigest() != sheet.sha256 or sheet.sha3_256 not in {second.hexdigest(), ""}:
        raise CannotOpen("this is not the file that came: its hash is another one")


def _pieces(file: UUID, count: int) -> Iterator[bytes]:
    for number in range(1, count + 1):
        piece = EvidencePiece.objects.filter(file_id=file, number=number).values_list("sealed", flat=True).first()
        if piece is None:
            raise CannotOpen("a piece of this file is missing")
        yield bytes(piece)


def remove_left_over(now: datetime) -> int:
    """Remove files that never became whole, and files of cases that were destroyed; tell how many.

    It can be repeated after a crash, and done by several at once.
    """
    return sum(_remove(each) for each in list_left_over(now))


def list_left_over(now: datetime) -> list[EvidenceFile]:
    """List the files that are removed by a time."""
    shredded = CaseFile.objects.exclude(shredded_at=None)
    left = EvidenceFile.objects.filter(state=ARRIVING, arrived_at__lt=now - _LONGEST_UPLOAD)
    return [*left, *EvidenceFile.objects.filter(case__in=shredded)]


def discard(arrived: list[UUID]) -> None:
    """Remove files that arrived for nothing."""
    for file in EvidenceFile.objects.filter(id__in=arrived, state=ARRIVING):
        _remove(file)


def remove_of(case: UUID) -> None:
    """Remove the files of a case whose keys were destroyed."""
    for file in EvidenceFile.objects.filter(case=case):
        _remove(file)


def _remove(file: EvidenceFile) -> int:
    with transaction.atomic():
        EvidencePiece.objects.filter(file=file).delete()
        return EvidenceFile.objects.filter(id=file.id).delete()[0] and 1


def _content_place(file: UUID) -> Place:
    return Place("evidence_file", file, "content")


def _sheet_place(file: UUID) -> Place:
    return Place("evidence_file", file, "sheet")
