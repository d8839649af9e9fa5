"""The summary of a case: what a search needs of it, in one sealed value for each compartment, written at each save.

So that a search over 20,000 cases opens as many values, and not some millions. A summary holds no word that the
compartment does not hold; it is overwritten with each save, so that a word that was taken out is not kept here.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tocsin.casework.models import CaseFile, CaseSummary
from tocsin.casework.pages.standing import title_of
from tocsin.casework.parts import compartments
from tocsin.casework.search.facets import Facets, facets_of
from tocsin.casework.search.words import in_buckets
from tocsin.core.addressing import key_of, search_word
from tocsin.core.errors import CannotOpen
from tocsin.core.names import words_of
from tocsin.core.records import Addressee, Case
from tocsin.core.records.shape import CodeOf, IdOf, RefersTo, Slot, leaves, slots
from tocsin.vault.opened import CaseKeys, CompartmentKeys
from tocsin.vault.sealing import Place


class Summary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is found of a case: its name, its code, and its distinct words in buckets."""

    title: str
    code: str
    words: bytes
    facets: Facets | None = None


_written = msgspec.msgpack.Encoder()
_read = msgspec.msgpack.Decoder(Summary)


def compose(case: Case, compartment: str, now: datetime | None = None, alarms: Sequence[str] = ()) -> Summary:
    """Sum up what a case says in one compartment, when it was saved, if that is known, and what other rooms say."""
    first = compartment == compartments().default
    words = [word for text in _texts(case, compartment) for word in words_of(text)]
    code = (case.appeal.code.display or "") if case.appeal.code else ""
    if not first:
        return Summary("", "", in_buckets(words))
    return Summary(title_of(case), code, in_buckets(words), facets_of(case, now, alarms))


def _texts(case: Case, compartment: str) -> Iterator[str]:
    for section in slots(Case):
        for record in section.items(getattr(case, section.name)):
            if section.nests:
                yield from _of_record(section.key, record, compartment)
                if compartment == compartments().default and isinstance(record, Addressee) and key_of(record):
                    # The one id that is looked for: which cases write to an authority of the directory.
                    yield search_word(key_of(record))
            elif compartment == compartments().default:
                yield from _text(section, record)


def _of_record(section: str, record: Any, compartment: str) -> Iterator[str]:
    kind: Any = type(record)
    for slot in slots(kind):
        if compartments().of(section, slot.key) != compartment:
            continue
        for item in slot.items(getattr(record, slot.name)):
            if slot.nests:
                for _, leaf, value in leaves(item):
                    yield from _text(leaf, value)
            else:
                yield from _text(slot, item)


def _text(slot: Slot, value: Any) -> Iterable[str]:
    """Give a value that people write in words; ids and codes of lists are none."""
    is_reference = any(slot.marked(each) for each in (IdOf, CodeOf))
    is_id = slot.marked(RefersTo) and not any(each.loosely for each in slot.marks if isinstance(each, RefersTo))
    return () if slot.leaf is not str or is_reference or is_id else (value,)


def write(
    keys: CaseKeys, file: CaseFile, case: Case, written: Iterable[str], *, alarms: Sequence[str] = (), now: datetime
) -> None:
    """Write the summaries of those compartments that a save changed, and always that of the default one.

    To be called inside the transaction of the save, with the version of the case that it made.
    """
    rows = [
        CaseSummary(
            case_id=file.id,
            compartment=compartment,
            version=file.version,
            sealed=keys[compartment].seal(
                _written.encode(compose(case, compartment, now, alarms)), _place(file.id, compartment, file.version)
            ),
            saved_at=now,
        )
        for compartment in sorted({*written, compartments().default})
        if compartment in keys.compartments
    ]
    CaseSummary.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["case", "compartment"],
        update_fields=["version", "sealed", "saved_at"],
    )


def open_summary(keys: CompartmentKeys, version: int, sealed: bytes) -> Summary:
    """Open a summary.

    Raises:
        CannotOpen: if it was changed, moved, or made by another version of Tocsin.
    """
    key = keys.newest
    value = keys.open(sealed, _place(key.case, key.compartment, version))
    try:
        return _read.decode(value)
    except msgspec.ValidationError as error:
        raise CannotOpen("the summary of this case was written by another version") from error


def _place(case: Any, compartment: str, version: int) -> Place:
    return Place("case_summary", case, compartment, version)
