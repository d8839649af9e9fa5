"""What the receiver of mail may do in PostgreSQL: put in mail, and read none of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from django.test import override_settings
from post_office import US, mail

from mailing_site import MAILINGS
from people import NOW, Hire
from tocsin.acknowledging import actions as acknowledging
from tocsin.acknowledging.models import Acknowledgement
from tocsin.adapters.lmtp import Delivered
from tocsin.core.messages import Address
from tocsin.replies import actions, receiving
from tocsin.replies.models import Arrivals, RawMessage
from two_databases import OWNER, become, working_as

pytestmark = pytest.mark.database("postgresql")
GRANTS = (Path(__file__).parents[3] / "docs/postgresql-receiver-role.sql").read_text("utf-8")
FORBIDDEN = {
    "read a mail": "SELECT sealed FROM replies_rawmessage",
    "read what was understood": "SELECT reading, code FROM replies_rawmessage",
    "change a mail": "UPDATE replies_rawmessage SET state = 'aside'",
    "remove a mail": "DELETE FROM replies_rawmessage",
    "put in a key": "UPDATE replies_inboxkey SET retired_at = NULL",
    "read a case": "SELECT * FROM casework_casefile",
    "read readers": "SELECT * FROM dispatch_subscriber",
    "read to whom something is owed": "SELECT digest, sealed FROM acknowledging_acknowledgement",
    "write into the journal": "INSERT INTO journal_entry SELECT * FROM journal_entry",
}


@pytest.fixture
def receiver(committed: None, hire: Hire) -> Iterator[None]:
    """Open the inbox, and let the site work as the role of the receiver from here on."""
    actions.open_inbox(hire("tomas", "case_lead").actor, now=NOW)
    with working_as("tocsin_receiver", GRANTS):
        yield


@pytest.mark.usefixtures("receiver")
def test_mail_is_taken_and_known_again_with_no_more() -> None:
    one = Delivered("a@b.example", (US,), mail("one", "two"))
    assert [receiving.take(each, now=NOW) for each in (one, one)] == ["kept", "kept"]
    assert (Arrivals.objects.get().taken, Arrivals.objects.get().known) == (1, 1)
    become(OWNER)
    assert RawMessage.objects.count() == 1


@pytest.mark.usefixtures("receiver")
def test_what_the_mailer_owes_is_put_in_once_and_not_read() -> None:
    with override_settings(TOCSIN_MAILINGS=replace(MAILINGS, acknowledges=True)):
        for _ in range(2):
            acknowledging.owe(Address.parse("a@b.example"), "", now=NOW)
    become(OWNER)
    assert Acknowledgement.objects.count() == 1


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_role_of_the_receiver_cannot(what: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(FORBIDDEN[what])
