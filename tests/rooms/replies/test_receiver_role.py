"""What the receiver of mail may do in PostgreSQL: put in mail, and read none of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, connections
from post_office import US, mail

from people import NOW, Hire
from tocsin.adapters.lmtp import Delivered
from tocsin.replies import actions, receiving
from tocsin.replies.models import Arrivals, RawMessage

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
    "write into the journal": "INSERT INTO journal_entry SELECT * FROM journal_entry",
}


@pytest.fixture
def receiver(committed: None, hire: Hire) -> Iterator[None]:
    """Open the inbox, and let the site work as the role of the receiver from here on."""
    actions.open_inbox(hire("tomas", "case_lead").actor, now=NOW)
    role = f"receiver_{uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE')
        cursor.execute(GRANTS.replace("tocsin_receiver", f'"{role}"'))
    become(role)
    yield
    become("postgres")


def become(role: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["USER"] = role


@pytest.mark.usefixtures("receiver")
def test_mail_is_taken_and_known_again_with_no_more() -> None:
    one = Delivered("a@b.example", (US,), mail("one", "two"))
    assert [receiving.take(each, now=NOW) for each in (one, one)] == ["kept", "kept"]
    assert (Arrivals.objects.get().taken, Arrivals.objects.get().known) == (1, 1)
    become("postgres")
    assert RawMessage.objects.count() == 1


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_role_of_the_receiver_cannot(what: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(FORBIDDEN[what])
