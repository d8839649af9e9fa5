"""Whether the public house is as it was left: each version, retraction and disavowal that was let in, and each key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tocsin.core.errors import BadPublication, Disavowed
from tocsin.core.publication import Disavowal, PublicAppeal, Signatory, from_file, verify
from tocsin.publishing import holding, queries, search, shelf, signatories
from tocsin.publishing.models import (
    Publication,
    PublishedDisavowal,
    PublishedRetraction,
    Shown,
    ShownWords,
    SignatoryKey,
)
from tocsin.vault.keyring import is_signed

# Two machines of one site may differ by so much.
_APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Inspected:
    """How many publications there are, and of how many the signatures are wrong or the time lies ahead.

    `void` are those that count no more since a key that signed them is disavowed; `unvouched` the keys for which nobody
    of the site stands; `astray` the rows by which appeals are found, listed and counted that say something else than
    was signed, and the appeals without one. They are `findable` where the index of words holds what the rows say.
    """

    count: int
    unsigned: int
    void: int
    ahead: int
    unvouched: int
    astray: int
    findable: bool


def inspect(*, now: datetime) -> Inspected:
    """Look at all that was ever let in; each is read and verified anew, and none from what a process remembers."""
    keys = signatories.list_signatories()
    count = unsigned = void = ahead = 0
    for rows, name, told in (
        (Publication.objects.all(), "code", "published_at"),
        (PublishedRetraction.objects.all(), "code", "retracted_at"),
        (PublishedDisavowal.objects.all(), "key", "disavowed_at"),
    ):
        for row in rows.iterator(100):
            verdict = _verdict(bytes(row.statement), getattr(row, name), keys)
            count += 1
            unsigned += verdict == "unsigned"
            void += verdict == "void"
            ahead += getattr(row, told) > now + _APART
    unvouched = SignatoryKey.objects.count() - len(keys)
    return Inspected(count, unsigned, void, ahead, unvouched, _count_astray(keys), search.is_sound())


def _count_astray(keys: tuple[Signatory, ...]) -> int:
    """Draw anew what is shown of the newest version of each appeal, and count what differs."""
    rows = {row.slug: row for row in Shown.objects.select_related("publication")}
    newest = {row.slug: row.id for row in Publication.objects.order_by("version").only("id", "slug")}
    astray = len(rows.keys() ^ newest.keys())
    for slug, row in rows.items():
        if row.publication_id != newest.get(slug):
            astray += slug in newest
            continue
        verdict = _verdict(bytes(row.publication.statement), row.publication.code, keys)
        if verdict != "unsigned":
            astray += not _says_what_was_signed(row, is_void=verdict == "void")
    return astray


def _says_what_was_signed(row: Shown, *, is_void: bool) -> bool:
    appeal = from_file(bytes(row.publication.statement))
    if not isinstance(appeal, PublicAppeal):
        return False
    drawn = shelf.draw(row.publication, appeal)
    is_gone = is_void or queries.find_retraction(row.slug) is not None
    if is_gone:
        drawn["organisations"] = ""
    return (
        all(getattr(row, name) == value for name, value in drawn.items())
        and is_gone == bool(row.retracted_at)
        and _words_of(row) == ("" if is_gone or holding.is_held_back(row.publication) else shelf.words(row, appeal))
    )


def _words_of(row: Shown) -> str:
    return ShownWords.objects.filter(place=row.place).values_list("words", flat=True).first() or ""


def _verdict(statement: bytes, name: str, keys: tuple[Signatory, ...]) -> Literal["genuine", "void", "unsigned"]:
    try:
        signed = from_file(statement)
        verify(signed, keys, is_signed)
    except Disavowed:
        return "void"
    except BadPublication:
        return "unsigned"
    return "genuine" if name == (signed.key if isinstance(signed, Disavowal) else signed.code) else "unsigned"
