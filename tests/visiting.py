"""A person at the desk of a working site, as the server that speaks TLS passes her requests on."""

import base64
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from http.client import RemoteDisconnected
from typing import NamedTuple

from tocsin.accounts.second_factor import code_at

HOST = "desk.example"
_LONGEST_START_SECONDS = 60


class Page(NamedTuple):
    """What came back: the status, the words, and where to go next."""

    status: int
    text: str
    to: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Visitor:
    """One browser, which keeps cookies and follows nothing by itself."""

    def __init__(self, port: int) -> None:
        self._base, self._cookies = f"http://127.0.0.1:{port}", dict[str, str]()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)

    def get(self, path: str) -> Page:
        return self._ask(path, None)

    def post(self, path: str, **fields: str) -> Page:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path).text)
        assert token, f"there is no form at {path}"
        return self._ask(path, urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token[1]}).encode())

    def _ask(self, path: str, sent: bytes | None) -> Page:
        headers = {
            "Host": HOST,
            "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Referer": f"https://{HOST}{path}",
        }
        asked = urllib.request.Request(self._base + path, sent, headers)  # noqa: S310
        try:
            with self._opener.open(asked, timeout=60) as given:
                return self._page(given.status, given.headers, given.read())
        except urllib.error.HTTPError as given:
            with given:
                return self._page(given.code, given.headers, given.read())

    def _page(self, status: int, headers: Message, body: bytes) -> Page:
        for line in headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Page(status, body.decode("utf-8"), headers.get("Location", ""))


def sign_in(port: int, login: str, passphrase: str, totp: bytes, at: object) -> Visitor:
    """Sign in with passphrase and code, and land on the first page.

    Raises:
        AssertionError: if the desk did not let her in.
    """
    visitor = Visitor(port)
    given = visitor.post("/sign-in", login=login, passphrase=passphrase, code=code_at(totp, at))  # type: ignore[arg-type]
    assert (given.status, given.to) == (302, "/"), given.text
    assert visitor.get("/").status == 200
    return visitor


def from_authenticator(typed: str) -> bytes:
    """Give the secret of an authenticator from the letters that a person types."""
    return base64.b32decode(typed + "=" * (-len(typed) % 8))


def fetched(address: str) -> str:
    """Fetch a page, asking again while the server starts to listen: for a minute, since a busy machine starts slowly.

    Raises:
        AssertionError: if nothing listens by then.
    """
    begun = time.monotonic()
    while time.monotonic() < begun + _LONGEST_START_SECONDS:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
                return str(answer.read().decode())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            # What starts has the processor meanwhile.
            threading.Event().wait(0.05)
    raise AssertionError(f"nothing answered at {address}")


def is_there(port: int) -> bool:
    """Tell whether a desk answers, through the server that speaks TLS."""
    try:
        return Visitor(port).get("/sign-in").status == 200
    except (urllib.error.URLError, RemoteDisconnected, ConnectionResetError):
        return False
