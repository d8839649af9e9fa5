"""Fetching a file from an address that somebody typed: over TLS, from one host, within limits of time and size.

An onion name is known to Tor alone. Whoever asked the network for it would tell everybody between what she reads; so it
is asked for through Tor, or not at all.
"""

import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from tocsin.adapters import socks
from tocsin.adapters.hosts import is_this_machine
from tocsin.core.errors import TooLarge, Unfetched

LARGEST: Final = 20_000_000
# For one answer of the other side, and for all of it: who sends a sign a minute is not waited for.
_SECONDS, _SECONDS_IN_ALL = 10.0, 40.0
_MOST_REDIRECTS: Final = 3
_AT_ONCE: Final = 65_536
_GONE: Final = 410


def fetch(
    address: str, *, proxy: tuple[str, int] | None = None, clock: Callable[[], float] = time.monotonic
) -> tuple[bytes, bool]:
    """Fetch what lies at an address.

    Args:
        address: With https; with http for this machine and for onion names, which are sealed by their own network.
        proxy: Where Tor takes connections, if all is to go through it; an onion name is asked for in no other way.
        clock: Seconds that only grow.

    Returns:
        The bytes, and whether the other side says that it was withdrawn (410).

    Raises:
        Unfetched: The address is of another kind, leads to another host, or nothing comes from it.
        TooLarge: More comes than an appeal can have.
    """
    parts = _checked(address)
    if proxy is None and _is_onion(parts.hostname or ""):
        hint = "start Tor and say where it takes connections: --tor 127.0.0.1:9050"
        raise Unfetched("an onion name is found through Tor alone", where=address, hint=hint)
    handlers: list[BaseHandler] = [_OneHost(parts)]
    if proxy is not None:
        # What the environment names as a proxy would be told the name as well.
        handlers += [ProxyHandler({}), _ThroughTor(proxy), _SealedThroughTor(proxy)]
    until = clock() + _SECONDS_IN_ALL
    request = Request(address, headers={"User-Agent": "tocsin", "Accept-Encoding": "identity"})  # noqa: S310
    try:
        with build_opener(*handlers).open(request, timeout=_SECONDS) as answer:
            return _read(answer, until, clock, address), False
    except HTTPError as error:
        with error:
            if error.code == _GONE:
                return _read(error, until, clock, address), True
        raise Unfetched(f"the server answers {error.code}", where=address) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise Unfetched(f"nothing can be fetched: {reason}", where=address) from error


class _OneHost(HTTPRedirectHandler):
    """Follows a server to other addresses of its own, and to nobody else's."""

    max_redirections = _MOST_REDIRECTS

    def __init__(self, parts: SplitResult) -> None:
        self._origin = parts[:2]

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Give the request for the next address."""
        if urlsplit(newurl)[:2] != self._origin:
            raise Unfetched("it leads to another host", where=req.full_url, hint="give the address that it leads to")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Connection(HTTPConnection):
    """Goes through a proxy, which looks the name up."""

    def __init__(self, host: str, *, proxy: tuple[str, int], **words: Any) -> None:
        super().__init__(host, **words)
        self._through = proxy

    def connect(self) -> None:
        """Connect."""
        self.sock = socks.connect(self._through, self.host, self.port, seconds=_SECONDS)


class _SealedConnection(HTTPSConnection):
    """Goes through a proxy, with TLS to who is behind it."""

    def __init__(self, host: str, *, proxy: tuple[str, int], **words: Any) -> None:
        super().__init__(host, **words)
        self._through = proxy

    def connect(self) -> None:
        """Connect."""
        plain = socks.connect(self._through, self.host, self.port, seconds=_SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


class _ThroughTor(HTTPHandler):
    def __init__(self, proxy: tuple[str, int]) -> None:
        super().__init__()
        self._connection = partial(_Connection, proxy=proxy)

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connection, req)


class _SealedThroughTor(HTTPSHandler):
    def __init__(self, proxy: tuple[str, int]) -> None:
        super().__init__()
        self._connection = partial(_SealedConnection, proxy=proxy)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connection, req)


def _is_onion(host: str) -> bool:
    # By what would be looked up: IDNA knows other dots and other shapes of letters, and passes over some signs.
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    return host.lower().rstrip(".").endswith(".onion")


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise Unfetched("this is no address", where=address) from error
    if not host or parts.username is not None or not address.isprintable() or " " in address:
        raise Unfetched("this is no address", where=address, hint="https://appeals.example/appeals/…/en.html")
    if parts.scheme != "https" and not (parts.scheme == "http" and (is_this_machine(host) or _is_onion(host))):
        raise Unfetched("only an address with https can be believed", where=address)
    return parts


def _read(answer: IO[bytes], until: float, clock: Callable[[], float], address: str) -> bytes:
    read = bytearray()
    while piece := answer.read1(_AT_ONCE) if hasattr(answer, "read1") else answer.read(_AT_ONCE):
        read += piece
        if len(read) > LARGEST:
            raise TooLarge("more comes than an appeal can have", where=address)
        if clock() > until:
            raise Unfetched("it takes too long", where=address)
    return bytes(read)
