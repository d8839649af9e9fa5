"""Who gets appeals by mail on a demonstration, the keys of its mailer, and that all it sends stays in one folder."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tocsin.adapters.smtp import MailServer
from tocsin.config import equipping, site, writing
from tocsin.core.publication import signatories_to_file
from tocsin.dispatch import taking
from tocsin.dispatch.survey import Equipment
from tocsin.publishing import signatories

#: Beside the file of the site: what its mailer sent, a file for each message.
SENT: Final = "sent-mail"
#: Seconds for which each message is kept waiting there, so that a person can watch a mailing, and stop it.
PAUSE: Final = 0.4
CONNECTIONS: Final = 2
_COLUMNS: Final = ("language", "country", "topic", "format")


def admit_first_readers(path: Path, *, now: datetime) -> None:
    """Draw the keys of the mailer, write in whose name it mails, and take in the invented readers.

    Args:
        path: The file of the site.
        now: The time of founding. Who may sign by then is pinned.
    """
    drawn = equipping.draw(path.with_name(equipping.FOLDER), signatories_to_file(signatories.list_signatories()))
    writing.write_mailings(path, drawn.address_key)
    # The settings were read before there was a key; from the next start they are read from the file.
    settings.TOCSIN_MAILINGS = site.read({"TOCSIN_SITE": str(path)}).mailings
    table = tomllib.loads(files("tocsin.config").joinpath("demonstration/readers.toml").read_text("utf-8"))
    readers = path.with_name("readers.csv")
    readers.write_text("\n".join([";".join(("address", *_COLUMNS)), *_rows(table["readers"])]), "utf-8")
    try:
        taking.take_list(readers, taking.Reading(("en",)), now=now)
    finally:
        readers.unlink()


def _rows(groups: list[dict[str, Any]]) -> Iterator[str]:
    number = 0
    for group in groups:
        for _ in range(group["count"]):
            number += 1
            yield ";".join((f"reader{number}@readers.example", *(group.get(each, "") for each in _COLUMNS)))


def kept_here(load: Callable[[], Equipment], port: int) -> Callable[[], Equipment]:
    """Let a mailer hand its mail to a port of this machine and nowhere else, whatever its own settings name."""

    def loaded() -> Equipment:
        equipment = load()
        server = MailServer("127.0.0.1", equipment.server.name, port, security="none")
        return replace(equipment, server=server)

    return loaded
