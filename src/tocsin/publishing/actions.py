"""Publishing, correcting, holding back, retracting: what two signatories signed is let in, and nothing else."""

from datetime import datetime

from django.db import transaction

from tocsin.core.codes import parse as parse_code
from tocsin.core.codes import slug
from tocsin.core.errors import BadPublication, ChangedMeanwhile, Withdrawn
from tocsin.core.publication import PublicAppeal, Retraction, from_file, to_file, verify
from tocsin.publishing import codes, holding, hours, queries, shelf, signatories
from tocsin.publishing.models import Catalogue, HeldBack, Publication, PublishedRetraction
from tocsin.vault.keyring import is_signed


def publish(appeal: PublicAppeal, *, now: datetime) -> Publication:
    """Publish the first version of an appeal; it shows at once, or from the end of its embargo. May be done twice.

    Raises:
        NotSigned: fewer than two signatories in office signed it.
        BadPublication: its code was not given out, or what it follows is not published.
        ChangedMeanwhile: something else is published under its code.
        Withdrawn: what is under its code was retracted.
    """
    if appeal.version != 1 or appeal.is_archived:
        raise BadPublication("this is a correction or comes from an archive, and is no first version")
    return _let_in(appeal, now)


def correct(appeal: PublicAppeal, *, now: datetime) -> Publication:
    """Publish a correction: the next version of what is published under a code. May be done twice.

    Raises:
        NotSigned: fewer than two signatories in office signed it.
        BadPublication: there is nothing to correct, or it is of another kind or chain.
        ChangedMeanwhile: somebody else corrected it.
        Withdrawn: what is under its code was retracted.
    """
    if appeal.version == 1 or appeal.is_archived:
        raise BadPublication("this is a first version or comes from an archive, and is no correction")
    return _let_in(appeal, now)


def take_over(appeal: PublicAppeal, *, now: datetime) -> Publication:
    """Show an appeal of an archive, or one more language of it, marked as archived. May be done twice.

    Raises:
        NotSigned: fewer than two signatories in office say that it lay in the archive like this.
        BadPublication: its code was not given out, or an appeal that was approved here has it.
        ChangedMeanwhile: something else is published under its code.
        Withdrawn: what is under its code was retracted.
    """
    if not appeal.is_archived:
        raise BadPublication("this was not found in an archive")
    return _let_in(appeal, now)


def retract(retraction: Retraction, *, now: datetime) -> PublishedRetraction:
    """Take an appeal back: from now on its address says so, and nothing of it is shown. May be done twice.

    Raises:
        NotSigned: fewer than two signatories in office signed it.
        BadPublication: nothing is published under this code.
        ChangedMeanwhile: somebody who writes into the database stands in its way.
    """
    with transaction.atomic():
        hold()
        verify(retraction, signatories.in_office(), is_signed)
        published = Publication.objects.filter(code=retraction.code).first()
        if published is None:
            raise BadPublication("nothing is published under this code")
        row, made = PublishedRetraction.objects.get_or_create(
            slug=published.slug,
            defaults={"code": retraction.code, "statement": to_file(retraction), "retracted_at": now},
        )
        if not made and queries.find_retraction(published.slug) is None:
            raise ChangedMeanwhile(
                "a retraction that nobody signed was put in this one's place, and the appeal still stands",
                hint="whoever runs the database takes that row out: docs/operating.md",
            )
        shelf.take_off(row.slug, row.retracted_at)
    return row


def hold_back(code: str, *, now: datetime) -> bool:
    """Let a version that waits for its hour never show, until a later one is let in as any other. May be done twice.

    It needs no signature: whoever doubts may stop it, and two have to sign for what shows in its place.

    Returns:
        Whether it is held back; not where it shows already, so that only a retraction takes it away.
    """
    with transaction.atomic():
        if not _waiting(code, now):
            return False
        hold()
        row = _waiting(code, now)
        if row is None:
            return False
        HeldBack.objects.get_or_create(publication=row, defaults={"held_at": now})
        shelf.hold_back(row.slug)
    return True


def _waiting(code: str, now: datetime) -> Publication | None:
    """Give the newest version under a code where none has shown yet."""
    row = Publication.objects.filter(code=code).order_by("-version").first() if code else None
    waits = row is not None and (row.visible_from > now or holding.does_not_show(row))
    return row if waits else None


def _let_in(appeal: PublicAppeal, now: datetime) -> Publication:
    with transaction.atomic():
        hold()
        verify(appeal, signatories.in_office(), is_signed)
        scheme = codes.scheme_of(appeal.code)
        name = slug(parse_code(appeal.code, scheme=scheme).code, scheme)
        statement = to_file(appeal)
        there = Publication.objects.filter(slug=name).order_by("-version").first()
        same = Publication.objects.filter(slug=name, version=appeal.version).first()
        if queries.find_retraction(name) is not None:
            raise Withdrawn("the appeal of this code was retracted, and nothing else is published under it")
        if same is not None:
            if bytes(same.statement) != statement:
                raise ChangedMeanwhile("another text is published under this code and version", hint="look at it")
            return same
        visible_from = max(now, appeal.not_before) if appeal.not_before else now
        _check_place(appeal, there, visible_from)
        row = Publication.objects.create(
            code=appeal.code,
            slug=name,
            version=appeal.version,
            kind=appeal.kind,
            supersedes=appeal.supersedes or "",
            statement=statement,
            published_at=now,
            visible_from=visible_from,
        )
        shelf.put(row, appeal)
        # Who releases an appeal has asked whether the clock is believed; who takes over an archive has not.
        if visible_from == now and not appeal.is_archived:
            hours.show_at_once(now)
    return row


def _check_place(appeal: PublicAppeal, there: Publication | None, visible_from: datetime) -> None:
    """Refuse what does not follow on what is published."""
    if appeal.version != (there.version + 1 if there else 1):
        raise BadPublication("the version before this one is not published")
    if there and _is_archived(there) != appeal.is_archived:
        raise BadPublication("what was approved here does not take the place of what was archived, nor the reverse")
    if there and appeal.not_before != _embargo_of(there):
        raise BadPublication("a correction has the embargo of what it corrects")
    if there and (appeal.kind, appeal.supersedes or "") != (there.kind, there.supersedes):
        raise BadPublication("a correction is of the kind of what it corrects, and follows the same appeal")
    followed = Publication.objects.filter(code=appeal.supersedes)
    if appeal.supersedes and not followed.exists():
        raise BadPublication("the appeal that it follows is not published")
    if any(map(holding.does_not_show, followed.order_by("-version")[:1])):
        raise BadPublication("the appeal that it follows is held back, and would be known by it")
    if appeal.supersedes and not followed.filter(visible_from__lte=visible_from).exists():
        raise BadPublication("the appeal that it follows is under embargo for longer, and would be known by it")


def _is_archived(row: Publication) -> bool:
    statement = from_file(bytes(row.statement))
    return isinstance(statement, PublicAppeal) and statement.is_archived


def _embargo_of(row: Publication) -> datetime | None:
    statement = from_file(bytes(row.statement))
    return statement.not_before if isinstance(statement, PublicAppeal) else None


def hold() -> Catalogue:
    """Let nobody else publish until the transaction ends, and let every page that was made be made anew."""
    Catalogue.objects.get_or_create(id=1)
    catalogue = Catalogue.objects.select_for_update().get(id=1)
    catalogue.number += 1
    catalogue.save(update_fields=["number"])
    return catalogue
