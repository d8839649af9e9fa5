"""What was held back while it waited for its hour: that version never shows, nor what follows on it before it."""

from django.db.models import QuerySet

from tocsin.publishing.models import HeldBack, Publication, Shown


def list_held_back() -> frozenset[str]:
    """List the slugs of what does not show, whatever its hour: what is held back, and what follows on that."""
    # Joined in one question, SQLite walks over all that was ever published, and asks of each whether it is held back.
    held = list(HeldBack.objects.values_list("publication_id", flat=True))
    last = dict(Publication.objects.filter(id__in=held).order_by("version").values_list("slug", "version"))
    rows = Shown.objects.filter(slug__in=last).values_list("slug", "publication__code", "publication__version")
    # By version: a row that was turned back to one before what is held back shows nothing either.
    newly = {slug: code for slug, code, version in rows if version <= last[slug]}
    found: dict[str, str] = {}
    while newly:
        found |= newly
        after = Shown.objects.filter(publication__supersedes__in=newly.values()).exclude(slug__in=found)
        newly = dict(after.values_list("slug", "publication__code"))
    return frozenset(found)


def is_held_back(row: Publication) -> bool:
    """Tell whether a version was held back before it showed."""
    return HeldBack.objects.filter(publication=row).exists()


def does_not_show(row: Publication) -> bool:
    """Tell whether a version is held back, or follows on one that is: then it does not show, whatever its hour."""
    return is_held_back(row) or row.slug in list_held_back()


def not_held_back(slug: str) -> QuerySet[Publication]:
    """Give the versions under a slug that were not held back."""
    return Publication.objects.filter(slug=slug, heldback=None)


def is_first_to_show(row: Publication) -> bool:
    """Tell whether readers know no earlier version: there is none, or all were held back."""
    return not not_held_back(row.slug).filter(version__lt=row.version).exists()
