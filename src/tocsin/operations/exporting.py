"""Taking the list of readers out of the site, for another one or a newsletter: opened by the mailer's key, and sealed.

The file is CSV inside the age format, as lists are taken in. Nothing of it lies on a disk in clear.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tocsin.core.addressing.table import table_line
from tocsin.core.errors import BadSettings
from tocsin.core.subscribing import COLUMNS
from tocsin.dispatch.addresses import open_address
from tocsin.dispatch.models import Subscriber
from tocsin.operations import archive
from tocsin.vault.mailer_keys import Opener

_AT_ONCE = 2_000


def export(path: Path, opener: Opener, recipients: Iterable[str]) -> int:
    """Write all readers who confirmed into a sealed file; tell how many there are.

    Raises:
        BadSettings: There is nobody to seal it to.
        BadOutput: There is such a file already, or it cannot be written.
        CannotOpen: The key is not that of this site's mailer.
    """
    to = archive.recipients(recipients)
    if not to:
        raise BadSettings("there is nobody to seal the list to", where="backup_recipients", hint="--recipient age1...")
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        yield table_line(COLUMNS).encode()
        for reader in Subscriber.objects.filter(state="active").order_by("id").iterator(_AT_ONCE):
            count += 1
            yield table_line(_cells(reader, opener)).encode()

    try:
        archive.seal_pieces(path, lines(), to)
        archive.finish(path)
    finally:
        archive.discard(path)
    return count


def _cells(reader: Subscriber, opener: Opener) -> Iterator[str]:
    yield str(open_address(bytes(reader.address), reader.id, opener))
    for codes in (reader.languages, reader.countries, reader.topics):
        yield " ".join(codes.split()).replace(" ", ", ")
    yield ("html" if reader.html else "text") + (", neutral" if reader.neutral_subject else "")
