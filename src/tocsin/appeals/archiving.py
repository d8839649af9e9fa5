"""Taking an archive of published appeals over: two approvers say that it lay there like this, and approve nothing.

What was taken over they correct and take back in the same way, by their signatures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from tocsin.accounts.actor import Actor, demand
from tocsin.appeals.models import Appeal
from tocsin.appeals.store import RETRACT
from tocsin.appeals.tables import RETRACTED
from tocsin.appeals.two import Two, demand_two, signed_by_both
from tocsin.core.archive import Plan, Unit
from tocsin.core.codes import Listing, parse, read_list, slug
from tocsin.core.compose import Composition
from tocsin.core.drafting import Passage, on_one_line, passages, with_text
from tocsin.core.errors import BadRequest, NotPublished
from tocsin.core.publication import PublicAppeal, Retraction, Words, edition_of, from_file
from tocsin.journal import actions as journal
from tocsin.publishing import actions as publishing
from tocsin.publishing import archive, codes, queries
from tocsin.publishing.models import Publication

TAKE_OVER = "archive.take_over"


def begin(two: Two, plan: Plan, *, now: datetime) -> int:
    """Write down that an archive is about to be taken over, and note its codes as given out.

    Args:
        two: Two approvers.
        plan: What becomes of its documents.
        now: When.

    Returns:
        How many codes were new.

    Raises:
        NotAllowed: if one of them may not.
        BadRequest: if they are one person, or the key of one does not count for what is published.
        BadRegistry: if the registry has changed meanwhile, so that a number belongs to another code.
    """
    demand_two(two, TAKE_OVER, now=now)
    first, second = two
    with transaction.atomic():
        journal.record(
            first.id,
            "appeals.archive.begun",
            now=now,
            second=second.id,
            documents=len(plan.rows),
            appeals=len(plan.units),
        )
        return codes.take_in(plan.codes, now=now)


def look_at_codes(written: str, *, name: str) -> Listing:
    """Read a list of codes beside the registry; nothing is changed."""
    return read_list(written, codes.list_entries(), scheme=codes.in_use(), name=name)


def import_codes(actor: Actor, written: str, *, name: str, now: datetime) -> Listing:
    """Note the codes of a list as given out; lines that are refused are left out.

    Raises:
        NotAllowed: if she may not.
    """
    demand(actor, "codes.import", now=now)
    with transaction.atomic():
        listing = look_at_codes(written, name=name)
        codes.take_in(listing.new, now=now)
        journal.record(
            actor.id, "appeals.codes.imported", now=now, codes=len(listing.new), refused=len(listing.refused)
        )
    return listing


def take_over(two: Two, units: Sequence[Unit], *, now: datetime) -> None:
    """Show some appeals of an archive, signed by both, in one transaction with its entry in the journal.

    What is there already stays: whoever was stopped begins again.

    Raises:
        BadPublication, ChangedMeanwhile: as `publishing.actions.take_over`; then none of them is shown.
    """
    first, second = two
    with transaction.atomic():
        for unit in units:
            publishing.take_over(signed_by_both(two, unit.appeal), now=now)
        journal.record(first.id, "appeals.archive.taken_over", now=now, second=second.id, appeals=len(units))


def find_archived(typed: str, *, now: datetime) -> PublicAppeal:
    """Give the archived appeal that is shown under a code, however it was typed.

    Raises:
        BadCode: if it is no code.
        NotPublished: if no appeal of the archive is shown under it.
    """
    printed = codes.printed_as(typed)
    there = archive.find(printed, now=now)
    if there is None or not there.is_archived:
        raise NotPublished(
            "no appeal of the archive is shown under this code",
            hint="one that was approved here is corrected and taken back on its page at the desk",
        )
    return there


def find_without_case(typed: str, *, now: datetime) -> PublicAppeal:
    """Give what is shown under a code and has no case by which the desk could take it back.

    That is an appeal of the archive, or one whose case was shredded: what is public of it must not stand for ever.

    Raises:
        BadCode: if it is no code.
        NotPublished: if nothing like that is shown under it.
    """
    there = archive.find(codes.printed_as(typed), now=now)
    if there is not None and _case_is_shredded(there.code):
        return there
    return find_archived(typed, now=now)


def list_shredded(*, now: datetime) -> tuple[PublicAppeal, ...]:
    """List what is shown although its case was shredded, by its codes."""
    shredded = Appeal.objects.filter(case__shredded_at__isnull=False).exclude(code="").order_by("code")
    found = (archive.find(code, now=now) for code in shredded.values_list("code", flat=True))
    return tuple(each for each in found if each is not None)


def has_no_case(slug: str, code: str) -> bool:
    """Tell whether what was published under a slug and code is of the archive, or its case was shredded."""
    return _case_is_shredded(code) or was_archived(slug)


def _case_is_shredded(code: str) -> bool:
    return Appeal.objects.filter(code=code, case__shredded_at__isnull=False).exists()


def find_gone(typed: str) -> str | None:
    """Give the name in addresses of an appeal without a case that stands no more, by its code; `None` if there is none.

    Raises:
        BadCode: if it is no code.
    """
    row = Publication.objects.filter(code=codes.printed_as(typed)).first()
    return row.slug if row and queries.find_gone(row.slug) and has_no_case(row.slug, row.code) else None


def was_archived(slug: str) -> bool:
    """Tell whether what stood under a slug came from the archive, and was not approved here."""
    row = Publication.objects.filter(slug=slug).first()
    signed = from_file(bytes(row.statement)) if row else None
    return isinstance(signed, PublicAppeal) and signed.is_archived


def slug_of(there: PublicAppeal) -> str:
    """Give the name of an appeal of the archive in addresses."""
    scheme = codes.scheme_of(there.code)
    return slug(parse(there.code, scheme=scheme).code, scheme)


def texts_of(there: PublicAppeal, language: str) -> tuple[Passage, ...]:
    """List the texts of an appeal of the archive in one of its languages."""
    edition = there.edition(language)
    return passages(Composition(edition.document, (), ())) if edition else ()


def rewritten(there: PublicAppeal, language: str, texts: Mapping[str, str], note: Words) -> PublicAppeal:
    """Give the next version of an appeal of the archive, unsigned, with some of its texts written anew.

    Each edition still names the file that it was once read from; the note says that it says something else now.

    Args:
        there: What is shown.
        language: In which language.
        texts: The words of each text, by its path; a paragraph or demand without words is taken out.
        note: What readers are told that it changes.

    Raises:
        BadRequest: if nothing is changed, or a text is left empty that has to say something.
    """
    edition, old = there.edition(language), texts_of(there, language)
    if edition is None:
        raise BadRequest("it is not published in this language")
    written = {each.path: on_one_line(texts.get(each.path, each.words)) for each in old}
    changed = [each.path for each in old if written[each.path] != on_one_line(each.words)]
    if not changed:
        raise BadRequest("nothing is changed: it says what is published already")
    composition = Composition(edition.document, (), ())
    # From the end: what is taken out moves what stands behind it.
    for path in reversed(changed):
        composition = with_text(composition, path, written[path])
    new = edition_of(composition.document)
    editions = tuple(new if each.language == language else each for each in there.editions)
    return replace(there, editions=editions, version=there.version + 1, note=(note,), signatures=())


def withdraw(two: Two, there: PublicAppeal, note: Words, *, now: datetime) -> None:
    """Take an appeal of the archive back, in the way of one that was approved here: two sign that it is.

    Raises:
        NotAllowed: if one of them may not.
        StepUpNeeded: if one did not show her second factor just now.
        BadRequest: if they are one person.
    """
    first, second = two
    demand_two(two, RETRACT, now=now)
    retraction = signed_by_both(two, retraction_of(there, note, now=now))
    let_in_retraction(retraction, by=first.id, second=second.id, now=now)


def retraction_of(there: PublicAppeal, note: Words, *, now: datetime) -> Retraction:
    """Make the retraction of an appeal of the archive; nobody signed it yet."""
    return Retraction(there.code, now.astimezone(UTC).replace(microsecond=0), (note,))


def let_in_retraction(retraction: Retraction, *, by: UUID, second: UUID, now: datetime) -> None:
    """Take back an appeal of the archive or of a shredded case, as two signed, with its entry in the journal.

    Raises:
        NotPublished: if nothing like that is shown under its code.
    """
    there = find_without_case(retraction.code, now=now)
    with transaction.atomic():
        publishing.retract(retraction, now=now)
        if there.is_archived:
            journal.record(by, "appeals.archive.withdrawn", archive.id_of(there), now=now, second=second)
        else:
            row = Appeal.objects.select_for_update(of=("self",)).get(code=there.code)
            row.state = RETRACTED
            row.save(update_fields=["state"])
            journal.record(by, "appeals.appeal.retracted", row.id, now=now, case=row.case_id, second=second)


def correct(two: Two, appeal: PublicAppeal, *, now: datetime) -> None:
    """Publish the next version of an appeal of the archive.

    Raises:
        NotAllowed: if one of them may not.
        StepUpNeeded: if one did not show her second factor just now.
        BadRequest: if they are one person.
        BadPublication, ChangedMeanwhile, Withdrawn: as `publishing.actions.take_over`.
    """
    first, second = two
    demand_two(two, TAKE_OVER, now=now)
    let_in_correction(signed_by_both(two, appeal), by=first.id, second=second.id, now=now)


def let_in_correction(appeal: PublicAppeal, *, by: UUID, second: UUID, now: datetime) -> None:
    """Show the next version of an appeal of the archive, as two signed, with its entry in the journal."""
    with transaction.atomic():
        row = publishing.take_over(appeal, now=now)
        journal.record(by, "appeals.archive.corrected", row.id, now=now, second=second, version=appeal.version)
