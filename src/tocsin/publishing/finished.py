"""Finished files of editions, made once and kept: the site and each copy of it only send them or write them out.

What was signed is never changed, so its files stay the same as long as this program does. A row is believed where its
seal says that this site, by this program, made it of these signed bytes; otherwise whoever asks makes the file anew.
The rows of an appeal go in the transaction that corrects it or takes it back.
"""

import hmac
import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import transaction

from tocsin.adapters.outlets import FORMATS, demand_faces, formats_made, render_file
from tocsin.publishing import program, queries
from tocsin.publishing.models import Catalogue, FinishedFile, Shown
from tocsin.publishing.queries import Listed

# Beside its page an edition has these; a page is not kept, since it says what came after it.
FORMS: Final = tuple(form for form in FORMATS if form not in ("html", "eml"))
# So many appeals at a turn of the worker: some seconds of one processor, and others wait behind it.
_AT_A_TURN: Final = 200
_READ_AT_ONCE: Final = 20


def of(listed: Listed, **narrowed: str) -> dict[tuple[str, str], bytes]:
    """Give the files that are kept of an appeal, by language and form; of one `language` or `form` if that is asked."""
    rows = FinishedFile.objects.filter(publication=listed.publication, **narrowed)
    found = {}
    for language, form, content, seal in rows.values_list("language", "form", "content", "seal"):
        if hmac.compare_digest(seal, _seal(listed, language, form, bytes(content))):
            found[language, form] = bytes(content)
    return found


def make_missing(*, now: datetime, most: int = _AT_A_TURN) -> int:
    """Make files of appeals that are shown and have none by this program, the newest first; tell of how many.

    Those of what is not shown any more go, whatever left them there.

    Raises:
        MissingFont: A face is gone of which PDFs and share cards are made; then none is.
    """
    shown = queries.standing(now)
    FinishedFile.objects.exclude(publication__in=shown.values("publication")).delete()
    made = FinishedFile.objects.filter(made_by=program.digest()).values("publication")
    missing = list(shown.exclude(publication__in=made).order_by("-place").values_list("slug", flat=True))
    if missing:
        demand_faces()
    count = 0
    for start in range(0, len(missing), _READ_AT_ONCE):
        rows = queries.placed(queries.standing(now).filter(slug__in=missing[start : start + _READ_AT_ONCE]))
        for listed in queries.genuine(rows):
            if count == most:
                return count
            count += _keep(list(_made(listed)), listed)
    return count


def drop(slug: str) -> None:
    """Keep no file of what stood under a slug."""
    FinishedFile.objects.filter(publication__slug=slug).delete()


def _made(listed: Listed) -> Iterator[FinishedFile]:
    if listed.appeal is None or listed.publication is None:
        return
    for edition in listed.appeal.editions:
        for form in formats_made(edition.document, FORMS):
            content = render_file(edition.document, form)
            yield FinishedFile(
                publication_id=listed.publication,
                language=edition.language,
                form=form,
                made_by=program.digest(),
                content=content,
                seal=_seal(listed, edition.language, form, content),
            )


def _keep(files: list[FinishedFile], listed: Listed) -> bool:
    """Keep the files of an appeal, unless it was corrected or taken back while they were made."""
    with transaction.atomic():
        # As whoever publishes, so that nothing is let in between the look and the rows.
        Catalogue.objects.select_for_update().filter(id=1).first()
        stands = Shown.objects.filter(slug=listed.slug, publication=listed.publication, retracted_at=None).exists()
        if stands:
            FinishedFile.objects.filter(publication=listed.publication).delete()
            FinishedFile.objects.bulk_create(files)
    return stands


def _seal(listed: Listed, language: str, form: str, content: bytes) -> str:
    """Seal a file, so that who can write into the database cannot say what an appeal looks like."""
    made_of = [program.digest(), listed.digest, language, form, sha256(content).hexdigest()]
    return hmac.new(settings.TOCSIN_FILES_KEY, json.dumps(made_of).encode(), "sha256").hexdigest()
