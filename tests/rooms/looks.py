"""Whether whoever opened something sealed left an entry in the journal: asked of every request that any test sends.

`test_authorisation.py` asks it of each address with nothing filled in. What stands behind a filled form is reached by
the tests of that form, and here each of their requests is held to the same promise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.handlers.base import BaseHandler
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tocsin.accounts.names import DIRECTORY
from tocsin.config import errors
from tocsin.journal import actions as journal
from tocsin.journal.models import Entry
from tocsin.vault.sealing import DataKey, Place

# Entries that say that somebody looked at what is sealed.
LOOKS = set(
    "appeals.appeals.listed casework.access.seen casework.case.read casework.cases.listed casework.cases.opened "
    "casework.cases.searched casework.evidence.opened casework.evidence.taken_out intake.report.read "
    "intake.reports.listed replies.mail.listed replies.mail.read replies.mail.sorted".split()
)
# Pages of one thing that somebody turns one after the other are one look, which has one entry.
ONE_LOOK = timedelta(minutes=10)

# Pages that only say why something was not done, by address and status; what was opened for it was undone.
REFUSALS = {("report-open-case", 409)}


@dataclass
class Request:
    """What one request opened, with keys of which cases or reports, and the numbers of the entries that it wrote."""

    opened: set[tuple[str, str]] = field(default_factory=set)
    whose: set[UUID] = field(default_factory=set)
    entries: list[int] = field(default_factory=list)
    refused: bool = False

    def is_told(self, asked: HttpRequest) -> bool:
        """Tell whether an entry stayed, or one of the same look; a test that counts statements is given none more."""
        if connection.force_debug_cursor or connection.execute_wrappers:
            return True
        about = Q(subject__in=self.whose)
        for each in self.whose:
            about |= Q(facts__contains=str(each))
        look = Q(actor=asked.actor.id, kind__in=LOOKS, at__gte=asked.now - ONE_LOOK) & about  # type: ignore[attr-defined]
        try:
            return Entry.objects.filter(Q(number__in=self.entries) | look).exists()
        except (OperationalError, InterfaceError):
            # A test of faults has cut the line; it says itself what it expects of the journal.
            return True


_request: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def held_to_the_journal() -> Iterator[None]:
    """Fail each request that shows or does something with what it opened, and of which the journal says nothing.

    What ends on the page of errors shows nothing of it, and was undone.
    """
    opening, recording, answering, refusing = DataKey.open, journal.record, BaseHandler.get_response, errors._page

    def opened(key: DataKey, sealed: bytes, place: Place) -> bytes:
        if key.case != DIRECTORY and (request := _request.get()) is not None:
            request.opened.add((place.table, place.field))
            request.whose.add(key.case)
        return opening(key, sealed, place)

    def recorded(*args: Any, **facts: Any) -> Entry:
        entry = recording(*args, **facts)
        if (request := _request.get()) is not None:
            request.entries.append(entry.number)
        return entry

    def refused(*args: Any) -> HttpResponse:
        if (request := _request.get()) is not None:
            request.refused = True
        return refusing(*args)

    def answered(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(Request())
        try:
            answer = answering(handler, request)
            looked = _request.get()
        finally:
            _request.reset(token)
        assert looked is not None
        asked = request.resolver_match.view_name if request.resolver_match else ""
        if looked.opened and not looked.refused and (asked, answer.status_code) not in REFUSALS:
            assert looked.is_told(request), (
                f"{request.method} {request.path} opened {sorted(looked.opened)} without an entry"
            )
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DataKey, "open", opened)
        patched.setattr(journal, "record", recorded)
        patched.setattr(BaseHandler, "get_response", answered)
        patched.setattr(errors, "_page", refused)
        yield
