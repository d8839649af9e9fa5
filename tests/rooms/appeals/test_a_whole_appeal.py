"""From a case to a published appeal: drafted, mended, reviewed, approved by two, released through the hatch."""

from desk_of_appeals import Office
from people import NOW
from tocsin.appeals import store
from tocsin.appeals.tables import PUBLISHED
from tocsin.core.publication import PublicAppeal, from_file, verify
from tocsin.publishing import signatories
from tocsin.publishing.models import Publication
from tocsin.vault.keyring import is_signed


def test_what_is_published_is_what_two_people_signed(office: Office) -> None:
    key = office.approved()
    assert not Publication.objects.exists()
    code = office.release(key)
    assert code == "XZV 001 / 1126 / OBS 001"
    published = Publication.objects.get()
    appeal = from_file(bytes(published.statement))
    assert isinstance(appeal, PublicAppeal)
    assert appeal.code == code
    assert len(verify(appeal, signatories.in_office(), is_signed)) == 2
    (edition,) = appeal.editions
    assert edition.document.issued_on == NOW.date()
    assert "Rhosyn" not in edition.content.decode(), "who did not agree to appear"
    assert store.get_row(key).state == PUBLISHED
