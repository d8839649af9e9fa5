"""Two processes serve one site, and what ends in one of them is over in the other at the next request.

What the desk takes back, the process of the public site shows no more within a minute, whatever it keeps.
"""

import http.client
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from child import running_child
from desk_of_appeals import Office
from people import NOW, Hire, just_confirmed
from tocsin.accounts import actions as accounts
from tocsin.accounts import staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import Actor
from tocsin.accounts.models import Account
from tocsin.appeals import recalling
from tocsin.casework import actions as casework
from tocsin.casework.ending import reasons_to_end
from tocsin.core.codes import parse
from tocsin.core.codes import slug as slug_of
from tocsin.core.records import from_yaml
from tocsin.vault import emergency
from tocsin.vault.models import Grant

CASE = from_yaml((Path(__file__).parent / "casework/case.yaml").read_text("utf-8"))
_SERVE = """
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from tocsin.config.wsgi import application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass
server = make_server("127.0.0.1", 0, application, Server, Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""


# In the child the settings of the desk are those of the public site from before anything is served.
_SERVE_IN_PUBLIC = f"""
from public_site import publishing_process
publishing_process().enable()
{_SERVE}"""


@dataclass(frozen=True)
class Process:
    """One of the processes that serve a site."""

    port: int

    def ask(self, cookie: str, path: str, form: str | None = None) -> tuple[int, str, str]:
        """Send a request; give its status, where it leads, and the page."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": f"{settings.TOCSIN_COOKIE}={cookie}", "Host": "localhost"}
        if form is not None:
            token = "a" * 32
            headers["Cookie"] += f"; {settings.CSRF_COOKIE_NAME}={token}"
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
        line.request("GET" if form is None else "POST", path, form, headers)
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()
        return answer.status, answer.headers.get("Location", ""), page

    def read(self, path: str) -> tuple[int, str, int]:
        """Read a public page as a stranger; give its status, its words and how many seconds others may keep it."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("GET", path, headers={"Host": "localhost"})
        answer = line.getresponse()
        words = answer.read().decode("utf-8", "replace")
        line.close()
        kept = re.fullmatch(r"public, max-age=(\d+)", answer.headers["Cache-Control"])
        assert kept, f"{path} says how long it may be kept"
        return answer.status, words, int(kept[1])


@dataclass
class Site:
    """A site that two processes serve, and somebody who is at work in both of them."""

    here: Process
    there: Process
    root: Actor
    lead: Actor
    worker: Actor
    case: UUID

    def cookie(self) -> str:
        """Sign the worker in, and give what her browser holds then."""
        account = Account.objects.get(id=self.worker.id)
        cookie = accounts.open_session(account, self.worker.ring, now=timezone.now())
        return urlsafe_b64encode(cookie).decode()


@pytest.fixture
def site(committed: None, administrator: NewAccount, hire: Hire) -> Iterator[Site]:
    now = timezone.now()
    root = just_confirmed(administrator.actor, now)
    lead, worker = just_confirmed(hire("tomas", "case_lead").actor, now), hire("amina", "case_lead").actor
    case = casework.open_new_case(lead, CASE, reason="a report", now=now).id
    casework.give_access(lead, case, "facts", worker.id, reason="helps", ends_at=now + timedelta(days=9), now=now)
    with ExitStack() as stack:
        served = [stack.enter_context(running_child(_SERVE, roots=settings.TOCSIN_ROOTS)) for _ in range(2)]
        here, there = (Process(int(each.stdout.readline())) for each in served if each.stdout)
        yield Site(here, there, root, lead, worker, case)


def sign_out_there(site: Site, cookie: str, _now: datetime) -> None:
    assert site.there.ask(cookie, "/sign-out", "")[0] == 302


def lock_there(site: Site, cookie: str, _now: datetime) -> None:
    assert site.there.ask(cookie, "/lock", "")[:2] == (302, "/sign-in?locked")


def sign_in_elsewhere(site: Site, _cookie: str, _now: datetime) -> None:
    site.cookie()


def lock_everybody(_site: Site, _cookie: str, now: datetime) -> None:
    emergency.lock(now)


ENDS: dict[str, Callable[[Site, str, datetime], None]] = {
    "signed out in the other": sign_out_there,
    "locked in the other": lock_there,
    "signed in elsewhere": sign_in_elsewhere,
    "everybody locked": lock_everybody,
}


def end_access(site: Site, now: datetime) -> None:
    grant = Grant.objects.get(case=site.case, holder=site.worker.id, ended_at=None)
    casework.end_access(site.lead, grant.id, reason=next(iter(reasons_to_end())), now=now)


def test_what_ends_in_one_process_is_over_in_the_other_at_the_next_request(site: Site) -> None:
    page = f"/cases/{site.case}"
    for name, deed in ENDS.items():
        cookie = site.cookie()
        assert [each.ask(cookie, page)[0] for each in (site.here, site.there)] == [200, 200], name
        deed(site, cookie, timezone.now())
        assert [each.ask(cookie, page)[:2] for each in (site.here, site.there)] == [(302, "/sign-in")] * 2, name

    cookie = site.cookie()
    for each in (site.here, site.there):
        assert page in each.ask(cookie, "/search", "question=Marosh")[2], "it has an index in its memory now"
    end_access(site, timezone.now())
    for each in (site.here, site.there):
        assert each.ask(cookie, page)[0] == 404
        assert page not in each.ask(cookie, "/search", "question=Marosh")[2]

    assert [each.ask(cookie, "/reports")[0] for each in (site.here, site.there)] == [200, 200]
    staff.set_roles(site.root, site.worker.id, ["auditor"], now=timezone.now())
    assert [each.ask(cookie, "/reports")[0] for each in (site.here, site.there)] == [404, 404]

    staff.disable(site.root, site.worker.id, now=timezone.now())
    assert [each.ask(cookie, "/")[:2] for each in (site.here, site.there)] == [(302, "/sign-in")] * 2

    emergency.freeze(timezone.now())
    assert [each.ask("", "/sign-in")[0] for each in (site.here, site.there)] == [503, 503]
    connections.close_all()


LONGEST_SECONDS = 60


@pytest.mark.usefixtures("committed")
def test_what_the_desk_takes_back_is_gone_from_the_public_process_within_a_minute(office: Office) -> None:
    key = office.approved()
    slug = slug_of(parse(office.release(key)).code)
    at = f"/appeals/{slug}"
    lists = ("/en/index.html", "/en/feed.atom", "/en/feed.json", "/sitemap.xml")
    with running_child(_SERVE_IN_PUBLIC, roots=settings.TOCSIN_ROOTS) as child:
        assert child.stdout
        public = Process(int(child.stdout.readline()))
        for path in (f"{at}/en.html", f"{at}/en.txt", *lists):
            status, words, _ = public.read(path)
            assert (status, at in words or "Tosk" in words) == (200, True), f"{path} shows it, and is kept now"
        first, second = office.approvers()
        recalling.ask(first, key, "Withdrawn for the safety of a person.", now=NOW)
        recalling.agree(second, key, now=NOW)
        connections.close_all()
        began, oldest = time.monotonic(), 0
        while public.read(f"{at}/en.html")[0] == 200:
            assert time.monotonic() < began + LONGEST_SECONDS
            time.sleep(0.1)
        for path in (f"{at}/en.html", f"{at}/en.txt", *lists):
            status, words, kept = public.read(path)
            assert status == (410 if at in path else 200)
            assert "Tosk" not in words, path
            oldest = max(oldest, kept)
        assert "Withdrawn for the safety of a person." in public.read(f"{at}/en.html")[1]
        assert f"urn:tocsin:{slug}" in public.read("/en/feed.atom")[1], "feeds tell that it is gone"
        # Whoever asked the moment before may keep the old page for so long.
        assert time.monotonic() - began + oldest < LONGEST_SECONDS
