"""Middleware around everything: headers on every answer, a number for every request, limits, trust in a proxy."""

import re
import secrets
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tocsin.config import errors
from tocsin.config.policies import FORWARDED_PROTO
from tocsin.vault import emergency

Next = Callable[[HttpRequest], HttpResponse]

# Everything that a page could ask a browser for; passkeys are the one thing that the desk uses.
_POWERS = (
    "accelerometer autoplay browsing-topics camera clipboard-read clipboard-write display-capture "
    "encrypted-media fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection "
    "keyboard-map local-fonts magnetometer microphone midi otp-credentials payment picture-in-picture "
    "screen-wake-lock serial storage-access usb window-management xr-spatial-tracking"
).split()
_OWN_POWERS = ("publickey-credentials-create", "publickey-credentials-get")
HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{each}=()" for each in _POWERS), *(f"{each}=(self)" for each in _OWN_POWERS)]),
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_LONGEST_NUMBER = 20
# A file of 7 MB takes about 30 MB while it is read and sealed.
_LARGE_AT_ONCE = 6
# How many large requests wait for their turn, and for how long; far fewer than the server has threads.
_MOST_WAITING, _LONGEST_WAIT_SECONDS = 100, 30
_TELLING = (
    "REMOTE_HOST",
    "REMOTE_PORT",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_USER_AGENT",
    "HTTP_REFERER",
    "HTTP_COOKIE",
)
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class Armour:
    """Puts the headers on every answer, whoever made it, and lets nobody keep a copy but of styles and pictures."""

    headers: ClassVar = HEADERS

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        request.number = secrets.token_hex(4)  # type: ignore[attr-defined]
        response = self._next(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not self._may_be_kept(request, response):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _may_be_kept(self, request: HttpRequest, response: HttpResponse) -> bool:
        return request.path.startswith(settings.STATIC_URL) and response.status_code < 400


class OpenArmour(Armour):
    """The same for the public site: it is found by search engines, quoted by other sites, and kept for a moment."""

    headers: ClassVar = {
        **{name: value for name, value in HEADERS.items() if name != "X-Robots-Tag"},
        "Permissions-Policy": ", ".join(f"{each}=()" for each in (*_POWERS, *_OWN_POWERS)),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
        "Content-Security-Policy": ("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    }

    def _may_be_kept(self, request: HttpRequest, response: HttpResponse) -> bool:  # noqa: ARG002 - one or the other looks
        return "Cache-Control" in response.headers and response.status_code in (200, 304, 410)


class Proxy:
    """Believes what a proxy says of a request only if it is one of the site's own."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response
        self._trusted = frozenset(map(ip_address, settings.TOCSIN_PROXIES))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take the address of who asks from a trusted proxy; forget what anybody else claims."""
        if self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            # The last address is the one that the proxy saw itself; those before it are hearsay.
            said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            if said:
                request.META["REMOTE_ADDR"] = said
        else:
            for name in _FORWARDED:
                request.META.pop(name, None)
        return self._next(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            return ip_address(address) in self._trusted
        except ValueError:
            return False


class Faceless:
    """Forgets who asks: address, program and page before, so that nothing behind it can keep or log them."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request of nobody in particular."""
        for name in _TELLING:
            request.META.pop(name, None)
        request.META["REMOTE_ADDR"] = ""
        return self._next(request)


class Onion:
    """Counts what comes by an onion service as come over TLS: its own network seals it, and knows whom it reached."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; one to an onion name is not sent away to an address with https, which leads nowhere."""
        if request.META.get("HTTP_HOST", "").partition(":")[0].endswith(".onion"):
            name, secure = FORWARDED_PROTO
            request.META[name] = secure
        return self._next(request)


class Limits:
    """Refuses what is too large before anything reads it."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request that is within the limits."""
        if len(request.META.get("QUERY_STRING", "")) + len(request.path) > settings.TOCSIN_LONGEST_ADDRESS:
            return errors.page(request, 414)
        if request.META.get("HTTP_TRANSFER_ENCODING") and not request.META.get("CONTENT_LENGTH"):
            return errors.page(request, 411)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return errors.page(request, 400)
        # A number of thousands of digits is not even worth reading.
        if len(length) > _LONGEST_NUMBER or int(length) > _largest(request.path):
            return errors.page(request, 413)
        return self._next(request)


class AFewAtOnce:
    """Lets a few large requests be read at once and the next ones wait, each unread: what is held in memory has an end.

    Small requests never wait, so that who sends files slowly on purpose keeps files out, and no letter without one.
    """

    def __init__(self, get_response: Next) -> None:
        self._next = get_response
        self._places = threading.Semaphore(_LARGE_AT_ONCE)
        self._queue = threading.Semaphore(_MOST_WAITING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request when its turn comes, or say that too much is coming in."""
        if int(request.META.get("CONTENT_LENGTH") or "0") <= settings.TOCSIN_LARGEST_REQUEST:
            return self._next(request)
        if not self._queue.acquire(blocking=False):
            return errors.page(request, 429)
        try:
            has_turn = self._places.acquire(timeout=_LONGEST_WAIT_SECONDS)
        finally:
            self._queue.release()
        if not has_turn:
            return errors.page(request, 429)
        try:
            return self._next(request)
        finally:
            self._places.release()


def _largest(path: str) -> int:
    """Tell how many bytes an address takes at most."""
    uploads: tuple[tuple[str, int], ...] = settings.TOCSIN_UPLOADS
    wanted = (size for address, size in uploads if re.fullmatch(address, path))
    return next(wanted, int(settings.TOCSIN_LARGEST_REQUEST))


class Freeze:
    """Answers nothing but that the site is frozen, while it is."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request of a site that is not frozen."""
        return errors.page(request, 503) if emergency.is_frozen() else self._next(request)


class Methods:
    """Gives a page to whoever asks an address in a way that it does not know."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        response = self._next(request)
        if response.status_code != 405:
            return response
        page = errors.page(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
