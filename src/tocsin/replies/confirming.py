"""Which mails count as replies of authorities to an appeal: those that somebody confirmed."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from tocsin.publishing import told
from tocsin.publishing.models import Publication
from tocsin.replies.models import FILED, RawMessage

REPLY: Final = "authority_reply"
"""The kind of mail that counts."""


def confirmed(code: str) -> QuerySet[RawMessage]:
    """Give the mails that somebody confirmed as replies of authorities to an appeal."""
    return RawMessage.objects.filter(state=FILED, code=code, kind=REPLY, filed_by__isnull=False)


def count_again(codes: Iterable[str]) -> None:
    """Count the replies to some appeals anew, for the public, inside the transaction of the caller."""
    for code in {each for each in codes if each}:
        slug = Publication.objects.filter(code=code).values_list("slug", flat=True).first()
        if slug is not None:
            rows = confirmed(code).values_list("filed_at", "office")
            told.confirm(slug, Counter((timezone.localdate(at), office) for at, office in rows if at))
