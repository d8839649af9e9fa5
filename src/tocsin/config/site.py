"""The settings of a site, read once from its file and the environment into one frozen object.

The file is `site.toml` in the site's directory (`TOCSIN_SITE` names it; `var/site.toml` otherwise). It holds secrets,
and only its owner may be able to read it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import available_timezones

from tocsin.config import anchoring, mailings, noticing
from tocsin.config.anchoring import Anchoring
from tocsin.config.mailings import Mailings
from tocsin.config.noticing import Noticing
from tocsin.config.tables import read_private
from tocsin.core.codes import OBSERVATORY, list_schemes
from tocsin.core.errors import BadSettings

DEFAULT = Path("var/site.toml")
KINDS = ("demonstration", "working")
# The first is what links begin with: passkeys need a name.
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_KEYS = set(
    "kind hosts proxies time_zone secret_key index_key roots database_url keys_database_url backup_recipients"
    " anchors mailings notices security_contact public_hosts leave_for publishing_hosts publisher"
    " receiving_host code_scheme files_key".split()
)
_SECRET_BYTES = 32
_ELSEWHERE = re.compile(r"https://[!-~]{3,200}")
# Where many go every day, so that a visit says nothing.
_LEAVE_FOR = "https://www.wikipedia.org/"
_PUBLISHING_ADDRESS = "http://localhost:8002/"
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_CONTACT = re.compile(r"(?:mailto:|https://)[!-~]{3,200}")


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database is: a file of SQLite, or PostgreSQL by its address."""

    path: Path | None = None
    name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of a site."""

    directory: Path
    kind: str
    hosts: tuple[str, ...]
    public_hosts: tuple[str, ...]
    leave_for: str
    publishing_hosts: tuple[str, ...]
    publishing_address: str
    publisher: str
    receiving_host: str
    code_scheme: str
    proxies: tuple[str, ...]
    time_zone: str
    secret_key: str = field(repr=False)
    index_key: bytes = field(repr=False)
    files_key: bytes = field(repr=False)
    roots: tuple[str, ...]
    database: Database
    keys_database: Database
    backup_recipients: tuple[str, ...]
    anchors: Anchoring
    notices: Noticing | None
    mailings: Mailings | None
    security_contact: str

    @property
    def address(self) -> str:
        """Give the address of the desk's first page, as links in mails have it."""
        return f"{'http' if self.is_demonstration else 'https'}://{self.hosts[0]}/"

    @property
    def is_demonstration(self) -> bool:
        """Tell whether invented people may enter here with one click."""
        return self.kind == "demonstration"


def where(environment: Mapping[str, str]) -> Path:
    """Tell where the file of the site lies."""
    return Path(environment.get("TOCSIN_SITE") or DEFAULT).absolute()


def read(environment: Mapping[str, str] = os.environ) -> Site:
    """Read the settings of the site.

    Raises:
        BadSettings: with the file, the key, and what to do about it.
    """
    path = where(environment)
    table = _table(path)
    kind = _text(table, "kind", path)
    if kind not in KINDS:
        raise BadSettings(f"kind is neither {' nor '.join(KINDS)}", where=path.name)
    hosts = _texts(table, "hosts", path)
    if kind == "demonstration" and not set(hosts) <= {*LOOPBACK, "::1"}:
        raise BadSettings(
            "a demonstration site is for this machine alone",
            where=f"{path.name}, hosts",
            hint="list loopback names only",
        )
    urls = {key: environment.get(key.upper()) or table.get(key) or "" for key in ("database_url", "keys_database_url")}
    database = parse_database(urls["database_url"], path.parent / "data.db", "DATABASE_URL")
    keys = parse_database(urls["keys_database_url"], path.parent / "keys.db", "KEYS_DATABASE_URL")
    if database == keys:
        raise BadSettings(
            "keys and records lie in the same database", where="KEYS_DATABASE_URL", hint="keys are backed up apart"
        )
    publishing_address = _publishing_address(table, environment, path)
    return Site(
        directory=path.parent,
        kind=kind,
        hosts=hosts,
        public_hosts=_own_hosts(table, "public_hosts", hosts, path),
        leave_for=_leave_for(table, path),
        publishing_hosts=_own_hosts(table, "publishing_hosts", hosts, path),
        publishing_address=publishing_address,
        publisher=_text(table, "publisher", path) if "publisher" in table else "",
        receiving_host=_receiving_host(table, path),
        code_scheme=_code_scheme(table, path),
        proxies=_proxies(table, path),
        time_zone=_time_zone(table, path),
        secret_key=_secret(table, "secret_key", path).hex(),
        index_key=_secret(table, "index_key", path),
        # The public site may have a file of its own with other secrets; this one they share.
        files_key=_secret(table, "files_key" if "files_key" in table else "secret_key", path),
        roots=_texts(table, "roots", path),
        database=database,
        keys_database=keys,
        backup_recipients=_texts(table, "backup_recipients", path) if "backup_recipients" in table else (),
        anchors=anchoring.read(table.get("anchors", {}), path.name),
        notices=noticing.read(table.get("notices", {}), path.name),
        mailings=mailings.read(
            table.get("mailings", {}), path.name, pages=publishing_address, is_demonstration=kind == "demonstration"
        ),
        security_contact=_contact(table, path),
    )


def parse_database(url: str, file: Path, name: str) -> Database:
    """Read the address of a database; none means a file of SQLite in the site's directory."""
    if not url:
        return Database(path=file)
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadSettings(
            "this is no address of a PostgreSQL database", where=name, hint="postgresql://user:password@host/name"
        )
    sockets = parse_qs(parts.query).get("host", [""])
    return Database(
        name=unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=parts.hostname or sockets[0],
        port=str(parts.port or ""),
    )


def _table(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        raise BadSettings("there is no site here", where=path.name, hint="tocsin site init, or set TOCSIN_SITE")
    return read_private(path, _KEYS)


def _text(table: Mapping[str, Any], key: str, path: Path) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise BadSettings(f"{key} is missing or no text", where=path.name)
    return value


def _texts(table: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadSettings(f"{key} is missing or no list of texts", where=path.name)
    return tuple(value)


def _proxies(table: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """Give the addresses of the servers that speak TLS for this site; without the key, those of this machine."""
    if "proxies" not in table:
        return () if table["kind"] == "demonstration" else ("127.0.0.1", "::1")
    proxies = _texts(table, "proxies", path)
    try:
        return tuple(str(ip_address(each)) for each in proxies)
    except ValueError as error:
        raise BadSettings("this is no IP address", where=f"{path.name}, proxies") from error


def _own_hosts(table: Mapping[str, Any], key: str, hosts: tuple[str, ...], path: Path) -> tuple[str, ...]:
    """Give the names of the public form or the public site: on a working site they are none of the desk's."""
    if table["kind"] == "demonstration":
        return hosts
    public = _texts(table, key, path) if key in table else ()
    if shared := sorted(set(public) & set(hosts)):
        raise BadSettings(f"{shared[0]} is a name of the desk", where=f"{path.name}, {key}")
    return public


def _publishing_address(table: Mapping[str, Any], environment: Mapping[str, str], path: Path) -> str:
    """Give what links to the public site begin with; a demonstration is told at which port it was put."""
    hosts = _own_hosts(table, "publishing_hosts", (), path)
    return f"https://{hosts[0]}/" if hosts else environment.get("TOCSIN_PUBLISHING_ADDRESS", _PUBLISHING_ADDRESS)


def _leave_for(table: Mapping[str, Any], path: Path) -> str:
    address = table.get("leave_for", _LEAVE_FOR)
    if not (isinstance(address, str) and _ELSEWHERE.fullmatch(address)):
        raise BadSettings("this is no address to leave for", where=f"{path.name}, leave_for", hint="https://...")
    return address


def _code_scheme(table: Mapping[str, Any], path: Path) -> str:
    """Give the name of the scheme of codes; without the key, the usual one."""
    scheme = table.get("code_scheme", OBSERVATORY.name)
    if scheme not in list_schemes():
        raise BadSettings(
            "there is no such scheme of codes",
            where=f"{path.name}, code_scheme",
            hint=f"one of {', '.join(list_schemes())}",
        )
    return str(scheme)


def _receiving_host(table: Mapping[str, Any], path: Path) -> str:
    host = table.get("receiving_host", "")
    if host and not (isinstance(host, str) and _HOST.fullmatch(host)):
        raise BadSettings("this is no name of a host", where=f"{path.name}, receiving_host", hint="mx.desk.example")
    return str(host).lower()


def _contact(table: Mapping[str, Any], path: Path) -> str:
    contact = table.get("security_contact", "")
    if contact and not (isinstance(contact, str) and _CONTACT.fullmatch(contact)):
        hint = "mailto:security@desk.example, or https://..."
        raise BadSettings("this is no address to report to", where=f"{path.name}, security_contact", hint=hint)
    return str(contact)


def _time_zone(table: Mapping[str, Any], path: Path) -> str:
    zone = table.get("time_zone", "UTC")
    if not isinstance(zone, str) or zone not in available_timezones():
        raise BadSettings("there is no such time zone", where=f"{path.name}, time_zone", hint="such as Europe/Paris")
    return zone


def _secret(table: Mapping[str, Any], key: str, path: Path) -> bytes:
    try:
        secret = bytes.fromhex(_text(table, key, path))
    except ValueError as error:
        raise BadSettings(f"{key} is not hexadecimal", where=path.name) from error
    if len(secret) < _SECRET_BYTES:
        raise BadSettings(f"{key} has fewer than {_SECRET_BYTES} bytes", where=path.name)
    return secret
