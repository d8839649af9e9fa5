"""The mailbox that mail is fetched from: a file of its own, which the receiver alone reads.

```toml
server = "imaps://user:password@mail.example"
folder = "INBOX"
kept = "Tocsin"
```
"""

from pathlib import Path
from typing import Final

from tocsin.adapters.imap import Mailbox, Security
from tocsin.config.tables import read_private, server_address
from tocsin.core.errors import BadSettings

_SECURITY: Final[dict[str, Security]] = {"imaps": "tls", "imap+starttls": "starttls", "imap": "none"}
_PORTS: Final = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_KEYS: Final = ("server", "folder", "kept")


def read_mailbox(path: Path) -> Mailbox:
    """Read the file.

    Raises:
        BadSettings: It is missing, wrong, or can be read by others.
    """
    table = read_private(path, _KEYS)
    address = server_address(table.get("server"), _PORTS, path.name, hint="imaps://user:password@mail.example")
    folders = {key: table[key] for key in ("folder", "kept") if key in table}
    if not all(isinstance(each, str) for each in folders.values()) or not address.user:
        raise BadSettings("folder and kept are names, and server says who signs in", where=path.name)
    return Mailbox(address.host, address.port, _SECURITY[address.scheme], address.user, address.password, **folders)
