"""Which cases are pointers to others: rows that say nothing of either."""

from collections.abc import Iterable
from uuid import UUID

from tocsin.casework.models import Merge


def find_pointer(case_id: UUID) -> Merge | None:
    """Give the merge by which a case became a pointer; nothing where it is a case of its own."""
    return Merge.objects.filter(gone=case_id, undone_at=None).first()


def list_pointers() -> dict[UUID, UUID]:
    """Give all cases that are pointers, each with the case that took it in."""
    return dict(Merge.objects.filter(undone_at=None).values_list("gone_id", "kept_id"))


def list_merges(case_id: UUID) -> Iterable[Merge]:
    """Give what a case took in, undone or not, the newest first."""
    return Merge.objects.filter(kept=case_id).order_by("-at")
