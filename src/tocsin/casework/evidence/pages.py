"""What the pages of evidence show."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, gettext, gettext_noop

from tocsin.casework.evidence.actions import Opened
from tocsin.casework.evidence.custody import KINDS, Line
from tocsin.casework.evidence.naming import file_of, record_id
from tocsin.casework.pages import dates, story
from tocsin.casework.pages.wording import Words, label, words_of
from tocsin.core.records import Case, Citation, Evidence, release_class
from tocsin.journal.actions import kinds

_SHORT = 120


@dataclass(frozen=True, slots=True)
class Item:
    """A file of evidence in a list.

    Attributes:
        id: Of the file.
        number: The letters by which people name it.
        what: What it is.
        kind: What sort of file.
        media_type: The same as a code of the internet.
        size: In words.
        sha256, sha3_256: Its hashes; the second is empty for what came before there was one.
        warnings: What in it may be hard to see.
        release_class: Letter and label.
        copy_of: The original, if it is a copy.
    """

    id: UUID
    number: str
    what: Words | None
    kind: str
    media_type: str
    size: str
    sha256: str
    sha3_256: str
    warnings: tuple[Words, ...]
    release_class: tuple[str, Words | None]
    copy_of: UUID | None


@dataclass(frozen=True, slots=True)
class Step:
    """A line of custody in words."""

    at: datetime
    by: UUID
    did: str
    words: str


def items(case: Case) -> tuple[Item, ...]:
    """List the files of a case, originals with their copies behind them."""
    listed = [(file, each) for each in case.evidence if (file := file_of(each.id)) is not None]
    shown = [item(file, each) for file, each in listed]
    originals = [each for each in shown if each.copy_of is None]
    known = {each.id for each in originals}
    ordered = [one for each in originals for one in (each, *(copy for copy in shown if copy.copy_of == each.id))]
    return (*ordered, *(each for each in shown if each.copy_of is not None and each.copy_of not in known))


def photos(case: Case) -> Mapping[str, tuple[Item, ...]]:
    """Give the photos of each person, by her id."""
    known = {record_id(each.id): each for each in items(case)}
    return {each.id: tuple(known[ref] for ref in each.photos if ref in known) for each in case.persons}


def item(file: UUID, record: Evidence) -> Item:
    """Show a file."""
    language = get_language() or "en"
    letter = release_class(record)
    return Item(
        id=file,
        number=file.hex[:8],
        what=words_of(record.what, language),
        kind=kind_words(record.media_type or ""),
        media_type=record.media_type or "",
        size=size_words(record.size or 0),
        sha256=record.sha256 or "",
        sha3_256=record.sha3_256 or "",
        warnings=tuple(said for code in record.warnings if (said := label("content_warnings", code, language))),
        release_class=(letter, label("release_class", letter, language)),
        copy_of=file_of(record.redaction_of) if record.redaction_of else None,
    )


def origin(record: Evidence) -> tuple[tuple[str, tuple[Words, ...]], ...]:
    """Give where a file is from, each under its label; only what was said."""
    language = get_language() or "en"
    told: tuple[tuple[str, tuple[Words | str | None, ...]], ...] = (
        (gettext("What sort of material it is"), (label("material_types", record.material, language),)),
        (gettext("Language"), (label("languages", record.language, language),)),
        (gettext("When it was made"), (_moment(record.dated, language),)),
        (gettext("When it was collected"), (_moment(record.collected_at, language),)),
        (gettext("Who collected it"), (record.collector,)),
        (gettext("How, and with what"), (record.method,)),
        (gettext("Address it was taken from"), (record.original_url,)),
        (gettext("Where archives keep the same"), record.archive_copies),
    )
    known = (
        (words, tuple(Words(str(each), getattr(each, "language", "")) for each in said if each)) for words, said in told
    )
    return tuple((words, said) for words, said in known if said)


def _moment(written: str | None, language: str) -> str:
    """Say a day or month as a record writes it, with the time of day where it has one."""
    day, _, clock = (written or "").partition("T")
    said = (dates.date_words(day, language), dates.clock_words(dt.time.fromisoformat(clock), language) if clock else "")
    return " ".join(filter(None, said))


def kind_words(media_type: str) -> str:
    """Say what sort of file something is."""
    if media_type == "application/pdf":
        return gettext("PDF")
    kind = media_type.partition("/")[0]
    said: Mapping[str, str] = {
        "image": gettext("picture"),
        "video": gettext("film"),
        "audio": gettext("sound"),
        "text": gettext("text"),
    }
    return said.get(kind, gettext("file"))


def size_words(size: int) -> str:
    """Say a size as people do."""
    if size >= 1_000_000:
        return gettext("%(n)s MB") % {"n": round(size / 1_000_000, 1)}
    return gettext("%(n)s kB") % {"n": max(1, round(size / 1000))}


def is_seen(media_type: str) -> bool:
    """Tell whether a file can be looked at without a program of its own."""
    return not media_type.startswith(("audio/", "video/"))


def steps(opened: Opened) -> tuple[Step, ...]:
    """Say a chain of custody in words."""
    return tuple(_step(each) for each in (opened.chain.lines if opened.chain else ()))


def _step(line: Line) -> Step:
    return Step(line.at, line.by, gettext(kinds()[KINDS + line.action]), line.words)


@dataclass(frozen=True, slots=True)
class Cited:
    """A fact that rests on a file: what it is, and the page, minute or words that it rests on."""

    about: str
    said: str
    where: str


def offered(case: Case, today: dt.date) -> list[tuple[str, str]]:
    """List what a file can be cited for: what happened, in its order, and what was said."""
    language = get_language() or "en"
    happened = [
        (line.id, f"{day.heading}: {line.what[0].text if line.what else line.act or line.id}"[:_SHORT])
        for day in story(case, language, today)
        for line in day.lines
    ]
    statements = [(each.id, str(words_of(each.quote, language) or each.id)[:_SHORT]) for each in case.statements]
    return happened + statements


def cited(case: Case, record: str, facts: Mapping[str, str]) -> tuple[Cited, ...]:
    """List the facts that rest on a file."""
    return tuple(
        Cited(about, facts.get(about, about), _where(citation))
        for claim in case.claims
        for citation in claim.citations
        if citation.evidence == record
        for about in claim.about
    )


def _where(citation: Citation) -> str:
    if citation.page is not None:
        return gettext("page %(number)s") % {"number": citation.page}
    if citation.clip:
        return citation.clip
    if citation.start is not None:
        return gettext("characters %(start)s to %(end)s of the text") % {"start": citation.start, "end": citation.end}
    return ""


# What the sandbox, the openers of files and the chain say in English, so that the catalogues have it.
SAID_ELSEWHERE = (
    gettext_noop("only the first picture of the file was copied"),
    gettext_noop("the file carried embedded files; they were left out"),
    gettext_noop("the file carried scripts; they were left out"),
    gettext_noop("the file had a form; what was written in its fields was left out"),
    gettext_noop(
        "no copy can be made of a picture in HEIC or AVIF: export it as JPEG, put that in beside it, and copy that"
    ),
    gettext_noop("no copy without metadata is made of sound and film"),
    gettext_noop("the picture is damaged"),
    gettext_noop("the picture has more than 40 megapixels"),
    gettext_noop("the PDF is encrypted"),
    gettext_noop("the PDF is broken"),
    gettext_noop("the PDF has no page, or more than 60"),
    gettext_noop("it has no such page"),
    gettext_noop("an area is on a page that is not there"),
    gettext_noop("only pictures and pages can be blacked out"),
    gettext_noop("there is no text in it"),
    gettext_noop("a line is missing or out of its order"),
    gettext_noop("the journal does not say of a line what the line says"),
    gettext_noop("a line names another hash than the file has"),
    gettext_noop("the record of the case names another hash than the file has"),
    gettext_noop("the journal knows of a line that is not there"),
)
