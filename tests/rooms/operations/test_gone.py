"""By the day that is told, no backup opens a shredded case; and what was saved before a new key, neither."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from people import NOW, Hire
from tocsin.accounts.actor import Actor
from tocsin.casework import actions as casework
from tocsin.casework.queries import gone_by
from tocsin.core.errors import TocsinError
from tocsin.core.records import from_yaml
from tocsin.operations import archive, backup
from tocsin.operations.restore import restore
from two_databases import PostgreSQL, SQLite, point_at

pytestmark = pytest.mark.usefixtures("committed")
CASE = from_yaml(Path(__file__).parents[1].joinpath("casework/case.yaml").read_text("utf-8"))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Backups:
    """The directories for backups of a site, and the key that opens them."""

    def __init__(self, folder: Path) -> None:
        secret, self.public = archive.new_key()
        self.data, self.keys, self.identity = folder / "data", folder / "keys", folder / "key.txt"
        self.data.mkdir()
        self.keys.mkdir()
        self.identity.write_text(secret, "utf-8")

    def make(self, now: datetime, days: int) -> None:
        site = settings.SITE.directory
        backup.make(site, self.data, self.keys, [self.public], now=now, keep=timedelta(days=days))

    def that_open(self, lead: Actor, case: UUID, maker: SQLite | PostgreSQL, now: datetime) -> list[str]:
        """Name the backups of keys that open the case as it lies in the first backup of the data."""
        opened = []
        for keys in sorted(self.keys.iterdir()):
            point_at(maker.empty("restored"))
            restore(min(self.data.iterdir()), keys, archive.identities(self.identity), now=now, incomplete=True)
            with suppress(TocsinError):
                casework.read_case(lead, case, now=now)
                opened.append(keys.name)
        point_at(maker._settings("committed"))
        return opened


@pytest.mark.long
def test_on_the_day_that_is_told_no_backup_opens_a_shredded_case(
    hire: Hire, maker: SQLite | PostgreSQL, tmp_path: Path
) -> None:
    days = 1
    lead, backups = hire("tomas", "case_lead").actor, Backups(tmp_path)
    case = casework.open_new_case(lead, CASE, reason="a report", now=NOW).id
    backups.make(NOW, days)
    told = casework.shred_case(lead, case, now=NOW + MINUTE)
    assert told >= NOW + (days + 1) * DAY
    for day in range(1, days + 1):
        backups.make(NOW + day * DAY, days)
    # The control: a day earlier the backup from before is still there, and opens it.
    assert len(backups.that_open(lead, case, maker, NOW + days * DAY)) == 1
    backups.make(told, days)
    assert backups.that_open(lead, case, maker, told) == []


def test_without_a_backup_it_is_gone_at_once_or_when_the_server_has_forgotten(
    maker: SQLite | PostgreSQL, hire: Hire
) -> None:
    lead = hire("tomas", "case_lead").actor
    case = casework.open_new_case(lead, CASE, reason="a report", now=NOW).id
    told = casework.shred_case(lead, case, now=NOW)
    assert told == (NOW if isinstance(maker, SQLite) else NOW + 8 * DAY)


# On PostgreSQL it is the server's own log that counts.
@pytest.mark.database("sqlite")
def test_what_was_backed_up_later_or_long_ago_does_not_count(maker: SQLite | PostgreSQL, tmp_path: Path) -> None:
    backups = Backups(tmp_path)
    backups.make(NOW - 10 * DAY, 7)
    backups.make(NOW - 9 * DAY, 30)
    backups.make(NOW + DAY, 7)
    assert gone_by(NOW) == NOW + 22 * DAY
    assert gone_by(NOW + 60 * DAY) == NOW + 60 * DAY
