"""Finished answers, kept in memory until something is let in: a page is made once, however many read it."""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from tocsin.publishing import hours, queries

# Whether something was let in is asked at most once in so many seconds: it is what a page may be behind by.
LOOK_SECONDS = 1.0
# So long others may keep a copy: with the above, a retraction shows well within a minute.
MAX_AGE = 30
_MOST_KEPT, _MOST_BYTES = 2_000, 64_000_000
_COMPRESSED = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/feed+json",
    "application/xml",
    "application/cap+xml",
)


@dataclass(frozen=True)
class Answer:
    """A finished page or file. `policy` is its content security policy, where it is a page."""

    body: bytes
    content_type: str
    status: int = 200
    policy: str = "default-src 'none'; frame-ancestors 'none'"
    language: str | None = None
    location: str | None = None
    links: str | None = None

    @cached_property
    def etag(self) -> str:
        """A name for these bytes."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def etag_compressed(self) -> str:
        """A name for them as gzip: what differs by a byte has another name."""
        return f'{self.etag[:-1]}-gzip"'

    @cached_property
    def compressed(self) -> bytes | None:
        """The bytes as gzip, the same on every machine; `None` where that saves nothing."""
        if not self.content_type.startswith(_COMPRESSED):
            return None
        small = gzip.compress(self.body, 9, mtime=0)
        return small if len(small) < len(self.body) else None


class Kept:
    """The answers that hold as long as the catalogue stays as it is."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers: OrderedDict[str, Answer] = OrderedDict()
            self._bytes, self._looked, self._number = 0, float("-inf"), -1
            self._until: datetime | None = None

    def get(self, address: str, make: Callable[[], Answer], now: datetime) -> Answer:
        """Give what is kept under an address, or make it and keep it."""
        self._look(now)
        answer = self._answers.get(address)
        if answer is None:
            number = self._number
            with hours.one_look():
                answer = make()
            self._keep(address, answer, number)
        return answer

    def _look(self, now: datetime) -> None:
        if self._clock() - self._looked < LOOK_SECONDS and not (self._until and self._until <= now):
            return
        number, now = hours.look(now)
        with self._lock:
            if number != self._number or (self._until and self._until <= now):
                self._answers, self._bytes = OrderedDict(), 0
            self._number, self._looked, self._until = number, self._clock(), queries.next_change(now)

    def _keep(self, address: str, answer: Answer, number: int) -> None:
        with self._lock:
            if number != self._number or len(answer.body) > _MOST_BYTES // 10:
                return
            self._answers[address] = answer
            self._bytes += len(answer.body)
            while len(self._answers) > _MOST_KEPT or self._bytes > _MOST_BYTES:
                self._bytes -= len(self._answers.popitem(last=False)[1].body)


kept = Kept()


def respond(request: HttpRequest, make: Callable[[], Answer], *, keep: bool = True) -> HttpResponse:
    """Send an answer, compressed where the reader takes it, or say that her copy is still right."""
    if keep:
        answer = kept.get(request.path, make, timezone.now())
    else:
        with hours.one_look():
            answer = make()
    if answer.location is not None:
        response = HttpResponse(status=answer.status, headers={"Location": answer.location})
        patch_vary_headers(response, ["Accept-Language"])
        return response
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
    small = answer.compressed if "gzip" in request.headers.get("Accept-Encoding", "") else None
    if answer.status == 200 and _has(request, answer):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    elif small is not None:
        response.content = small
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = answer.etag if small is None else answer.etag_compressed
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Content-Security-Policy"] = answer.policy
    if answer.language:
        response.headers["Content-Language"] = answer.language
    if answer.links:
        response.headers["Link"] = answer.links
    if answer.compressed is not None:
        patch_vary_headers(response, ["Accept-Encoding"])
    return response


def respond_once(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Send a page of which nobody keeps a copy: it is of one reader, or of one moment."""
    response = respond(request, lambda: answer, keep=False)
    response.headers["Cache-Control"] = "no-store"
    del response.headers["ETag"]
    return response


def _has(request: HttpRequest, answer: Answer) -> bool:
    """Tell whether a reader has this answer in either form (RFC 9110, 13.1.2: one name, a list of them, or any)."""
    named = request.headers.get("If-None-Match")
    if named is None:
        return False
    names = {each.strip().removeprefix("W/") for each in named.split(",")}
    return bool(names & {answer.etag, answer.etag_compressed, "*"})
