"""Who gets which answer from which address: every address, every method, every standing, generated from the resolver.

The answers lie in `golden/rooms/authorisation.txt`. A new address changes that file, and a person reads the change.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, resolve, reverse

from drawing import all_are_tried
from invented_appeals import SPANISH
from looks import LOOKS
from paths import recorded
from people import LATER, NOW, Hire, just_confirmed
from public_site import TODAY, Press, slug_of
from remembering import Remembering
from signing import appeal
from tocsin.accounts import actions as accounts
from tocsin.accounts import door, staff
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import NO_PROOF, PASSKEY, TOTP, verbs_of_roles
from tocsin.accounts.models import Account, Passkey
from tocsin.accounts.names import DIRECTORY
from tocsin.adapters.lmtp import Delivered
from tocsin.appeals import actions as appeals
from tocsin.appeals import disavowing, stating
from tocsin.authorities import actions as authorities
from tocsin.casework import actions as casework
from tocsin.casework import duplicates, uniting
from tocsin.casework.editing.actions import rows_by_id
from tocsin.casework.evidence import actions as evidence
from tocsin.casework.models import Union
from tocsin.casework.together import remarks
from tocsin.config import errors
from tocsin.config.logs import Sparing
from tocsin.core.publication import Words, key_id_of
from tocsin.core.records import from_yaml
from tocsin.intake import actions as intake
from tocsin.journal.models import Entry
from tocsin.publishing import actions as public
from tocsin.publishing import codes, signatories
from tocsin.publishing.models import Publication
from tocsin.replies import actions as inbox
from tocsin.replies import receiving, store
from tocsin.replies.models import RawMessage
from tocsin.replies.reading import Reading
from tocsin.vault.sealing import DataKey, Place

CASE = from_yaml((Path(__file__).parent / "casework/case.yaml").read_text("utf-8"))
CANARY = b"Lena Marosh"
REPORT = intake.Incoming(b"Lena Marosh was arrested in Velm on 3 November 2026.", source_type="lawyer")
ADDRESSES = {each.name: each for each in get_resolver().url_patterns if isinstance(each, URLPattern)}
METHODS = "GET POST".split()
# No address takes these. They are tried by the standings that differ most, and so is HEAD, which is answered as GET is.
OTHER_METHODS = "DELETE PUT PATCH OPTIONS".split()
# Somebody who has given her passphrase, and no second factor yet.
FACTORLESS = "no factor"
# Whoever has the verb sees all objects of this kind; those of every other kind belong to somebody.
NOBODYS_OWN = {
    "account_id",
    "authority",
    "institution",
    "turnover_id",
    "form",
    "publication_id",
    "key",
    "slug",
    "statement_id",
}


@dataclass
class World:
    """A site with somebody in each role, and one object of each kind that an address can name."""

    people: dict[str, NewAccount]
    objects: dict[str, UUID | str | int]
    # Thousands of requests go through the same door: it is built once, and each person's session opened once.
    cookies: dict[str, str] = field(default_factory=dict)
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def client(self, who: str | None) -> Client:
        client = Client(raise_request_exception=True)
        client.handler = self.handler
        if who is not None:
            client.cookies[settings.TOCSIN_COOKIE] = self.cookies[who]
        return client

    def sign_in(self, who: str, proof: str) -> str:
        actor = self.people[who].actor
        cookie = accounts.open_session(Account.objects.get(id=actor.id), actor.ring, proof=proof, now=NOW)
        return urlsafe_b64encode(cookie).decode()

    def ask(self, client: Client, method: str, name: str, **instead: UUID | str | int) -> HttpResponse:
        wanted = ADDRESSES[name].pattern.converters
        address = reverse(name, kwargs={each: (self.objects | instead)[each] for each in wanted})
        return client.generic(method, address)


@pytest.fixture
def world(hire: Hire, monkeypatch: pytest.MonkeyPatch, administrator: NewAccount, remember: Remembering) -> World:
    monkeypatch.setattr(door.timezone, "now", lambda: NOW)
    world = World(*remember("somebody in each role", lambda: somebody_in_each_role(hire, administrator)))
    world.cookies = {who: world.sign_in(who, NO_PROOF if who == FACTORLESS else TOTP) for who in world.people}
    world.handler.load_middleware()
    return world


@pytest.fixture
def refused_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no page for what is refused: to draw one takes three times as long as to refuse, and these tests look at
    the status alone. That such a page says nothing is seen where it is drawn for each address, and compared.
    """
    monkeypatch.setattr(errors, "render_to_string", lambda _template, words, _around: str(words["title"]))


def somebody_in_each_role(
    hire: Hire, administrator: NewAccount
) -> tuple[dict[str, NewAccount], dict[str, UUID | str | int]]:
    """Found the site: give its people and its objects."""
    first = hire("owner", "case_lead")
    owner = first.actor
    # A report goes to all who work at intake when it comes: the others come later, and are strangers to it.
    report = intake.receive(owner, REPORT, now=NOW)
    # So does mail: of those who come later nobody holds its key.
    inbox.open_inbox(owner, now=NOW)
    receiving.keep(Delivered("", ("us@observers.example",), b"Subject: hello\r\n\r\n" + CANARY), now=NOW)
    mail = RawMessage.objects.get()
    read = Reading(
        "letter", f"Subject: hello\n\n{CANARY.decode()}", [], [], "unclear", [], ["XZV 001 / 1126 / OBS 001"]
    )
    sealed = store.sealed(store.keys(owner, mail.key_id, NOW), mail.id, read)
    RawMessage.objects.update(state="waiting", reading=sealed)
    people = {role: hire(role, role) for role in verbs_of_roles()} | {"owner": first}
    people[FACTORLESS] = hire("without", "case_lead")
    opened = casework.open_new_case(owner, CASE, reason="a report", now=NOW)
    twin = casework.open_new_case(owner, CASE, reason="the same report", now=NOW)
    passkey = Passkey.objects.create(account_id=owner.id, credential=b"c", public_key=b"k", uses=0, added_at=NOW)
    link = staff.invite(administrator.actor, "newcomer", "Newcomer", ["verifier"], now=NOW)
    end = LATER.replace(microsecond=0)
    people["holder"] = hire("holder", "verifier")
    grant = casework.give_access(
        owner, opened.id, "facts", people["holder"].actor.id, reason="verifies", ends_at=end, now=NOW
    )
    taking = evidence.begin(owner, opened.id, now=NOW)
    taking.take(CANARY)
    evidence.receive(owner, opened.id, [("a.txt", taking.end())], evidence.AboutFiles("a letter", "en"), now=NOW)
    # Read by whom their role lets read all of it: posts, files, and marks of countries belong to nobody.
    post = {"what": "post", "key": "xzv-mayor", "country": "XZV", "code": "mayor", "name_en": "Mayor of Karvel"}
    way = {"what": "contact_point", "of": "xzv-mayor", "code": "email"}
    ways = [way | {"address": "mayor@karvel.example"}, way | {"address": "old@karvel.example", "until": "2020-01-01"}]
    body = {"what": "institution", "key": "xzv-town", "country": "XZV", "code": "local_authority", "name_en": "Karvel"}
    authorities.put(owner, [body, post, *ways], why="new", now=NOW)
    turnover = authorities.change_government(owner, "XZV", NOW.date(), now=NOW)
    press = Press(people["approver"], administrator)
    for each in (press.ana, press.boris):
        signatories.admit(administrator.actor.ring, each.actor.id, now=NOW)
    # What is public may be read on any page: this appeal names nobody of the case.
    press.publish([SPANISH], now=NOW)
    archived = appeal(codes.give_code("XZV", TODAY, now=NOW), [SPANISH], archived_from=("0" * 64,))
    public.take_over(press.sign(archived), now=NOW)
    approver = just_confirmed(replace(people["approver"].actor, proof=PASSKEY), NOW)
    key = key_id_of(administrator.actor.ring.public().sign)
    disavowal = disavowing.prepare(administrator.actor.id, NOW, Words("en", "A key was stolen."), now=NOW).disavowal
    merged = duplicates.merge(owner, opened.id, twin.id, reason="twice", now=NOW)
    same = uniting.Same("org:watch", merged.names["org:watch"], "Karvel Watch", "one address")
    uniting.unite(owner, casework.read_case(owner, opened.id, now=NOW), same, now=NOW)
    union = Union.objects.get()
    objects = {
        "key": key,
        "slug": slug_of(archived),
        "statement_id": stating.ask(approver, disavowal, now=NOW),
        "publication_id": Publication.objects.earliest("published_at").id,
        "file_id": taking.id,
        "page": 1,
        "authority": "xzv-mayor",
        "institution": "xzv-town",
        "form": "csv",
        "turnover_id": turnover.id,
        "grant_id": grant.id,
        "case_id": opened.id,
        "record_id": rows_by_id(opened)["person:lena-marosh"],
        "section": "events",
        "report_id": report,
        "mail_id": mail.id,
        "account_id": owner.id,
        "passkey_id": passkey.id,
        "secret": link,
        "appeal_id": appeals.open_draft(owner, opened.id, now=NOW),
        "merge_id": merged.row.id,
        "union_id": union.id,
        "remark_id": remarks.comment(owner, opened.id, "who saw it?", now=NOW),
    }
    return people, objects


@contextmanager
def undone() -> Iterator[None]:
    """Let a request do what it does, and take it back."""
    with ExitStack() as stack:
        for alias in ("default", "keys"):
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, True, using=alias)
        yield


def test_every_address_is_listed_and_every_line_has_an_address() -> None:
    assert set(ADDRESSES) == set(settings.TOCSIN_ACCESS)
    verbs = frozenset().union(*verbs_of_roles().values())
    assert set(settings.TOCSIN_ACCESS.values()) <= {door.ANYONE, door.SIGNED_IN, door.SETTING_UP, *verbs}


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("refused_in_a_word")
def test_every_address_answers_each_standing_as_it_is_written(
    world: World, golden: Callable[[str | Path, str], None]
) -> None:
    standings = {"nobody": None, **{who: who for who in (FACTORLESS, *verbs_of_roles())}}
    lines = []
    for name in sorted(ADDRESSES):
        for method in METHODS:
            answers: dict[str, list[str]] = {}
            for standing, who in standings.items():
                with undone():
                    response = world.ask(world.client(who), method, name)
                assert CANARY not in response.content
                answers.setdefault(said(response), []).append(standing)
            lines.append(
                f"{name} {method}: " + "; ".join(f"{answer} to {', '.join(whom)}" for answer, whom in answers.items())
            )
    golden("rooms/authorisation.txt", "\n".join(lines) + "\n")


def said(response: HttpResponse) -> str:
    location = response.headers.get("Location", "")
    return f"{response.status_code}{f' {location}' if location else ''}"


@pytest.mark.long
@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("refused_in_a_word")
def test_no_other_method_opens_anything(world: World) -> None:
    for name in ADDRESSES:
        for who in (None, "administrator"):
            said_to = {}
            for method in ("GET", "HEAD", *OTHER_METHODS):
                with undone():
                    said_to[method] = said(world.ask(world.client(who), method, name))
            assert said_to["HEAD"] == said_to["GET"], (name, who)
            of_others = {said_to[method] for method in OTHER_METHODS}
            assert len(of_others) == 1, (name, who, said_to)
            assert of_others <= {"404", "405", f"302 {reverse('sign-in')}"}, (name, who, of_others)


def refused_at_the_door(world: World, who: str | None, method: str, name: str) -> bool:
    """Tell whether whoever asks is not let through to the view at all."""
    with undone():
        answer = world.ask(world.client(who), method, name)
    sent_away = who is None and answer.headers.get("Location", "") == reverse("sign-in")
    return answer.status_code == 404 or sent_away


@pytest.mark.long
@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("refused_in_a_word")
def test_no_address_takes_anything_without_the_token_of_its_form(world: World) -> None:
    """Whoever may not come in is told so first, and nothing of what she sent is read."""
    tried, asking_for_it = 0, ClientHandler(enforce_csrf_checks=True)
    for name in ADDRESSES:
        for who in (None, "owner", "administrator"):
            for method in ("POST", "DELETE") if who == "owner" else ("POST",):
                refused = refused_at_the_door(world, who, method, name)
                client = world.client(who)
                client.handler = asking_for_it
                with undone():
                    status = world.ask(client, method, name).status_code
                assert status in ({302, 403, 404} if refused else {403}), (name, who, method)
                tried += not refused
    assert tried > len(ADDRESSES)


# Of one page, with what signing in anew at each request asks. What could grow with what somebody holds is asked with
# little and with much of it by the tests of its room, and asks the same.
MOST_QUESTIONS = 77


@pytest.mark.long
@pytest.mark.database("sqlite")
def test_no_page_asks_the_databases_more_than_a_fixed_number_of_questions(world: World) -> None:
    asked = {}
    for name, who in product(ADDRESSES, ("owner", "administrator", "approver")):
        with (
            undone(),
            CaptureQueriesContext(connections["default"]) as data,
            CaptureQueriesContext(connections["keys"]) as keys,
        ):
            world.ask(world.client(who), "GET", name)
        asked[name] = max(asked.get(name, 0), len(data) + len(keys))
    assert {name: count for name, count in asked.items() if count > MOST_QUESTIONS} == {}
    # Pages were drawn, and not only refused.
    assert sum(count > 10 for count in asked.values()) > len(ADDRESSES) // 4


# --- what a form may send ---


class Forms(HTMLParser):
    """The forms of a page that send something: where to, and which fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._action = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._action = said.get("action") or "" if said.get("method") == "post" else "-"
        elif tag in {"input", "button", "select", "textarea"} and said.get("name") and self._action != "-":
            self.fields.append((self._action, said["name"] or ""))


# Forms that stand on a page only after something that nobody did here; the tests of these pages fill them in.
NOT_SEEN = {
    "addressee-choose": "authority",
    "addressee-out": "addressee",
    # Each of these stands on the page of an appeal at its own moment of the review, and for whom it is.
    "appeal-clear": "seen edition gate answer words",
    "appeal-correct": "seen note",
    "appeal-final": "seen answer words",
    "appeal-recall": "act note",
    "appeal-copies": "kind whom",
    "appeal-new": "language before closes",
    "appeal-release": "seen edition",
    "appeal-text": "seen edition path after words records",
    # By approvers, who are none of those who look here; tests/rooms/appeals/test_stating.py fills them in.
    "signatory": "act since note language also",
    "archived": "code",
    "archived-appeal": "act seen edition text-* note language",
    "asked-statement": "act seen",
    "authority-check": "back",
    # Once one looked in one's cases, and for what is closed already.
    "authority-end": "ends seen again",
    "institution-end": "again",
    "institution-new": "name_*",
    "institution-edit": "name_*",
    "authority-edit": "name_* salutation_* closing_*",
    "authority-import": "take refused",
    "authority-new": "name_* salutation_* closing_*",
    # Of a case that nobody asks to seal, and of which nothing is public.
    "case-seal": "appeal note",
    "cases": "saved page forget save name",
    # The table stands in the form of the list, which sends all its fields.
    "cases-export": "question country violation detention standing priority alarm status review whose order name "
    "reason key ask",
    "exports": "ask answer forget",
    # No finding of these pages is one about which somebody has to be consulted.
    "appeal-waive": "consulted",
    # Of what nobody asked for yet, and by whoever sends.
    "mailing-step": "step mailing policy not_before language to delivery",
    # The mail of these pages is from nobody, was not filed, and is no partner's.
    "mail-file": "reason",
    "mail-enter": "seen addressee words status demand",
    "mail-report": "seen source",
    "mail-answer": "seen subject text again",
    "tombstone-step": "step mailing policy not_before language to delivery",
    # Nothing came back that could be shown again.
    "authority-returned": "again seen",
    "demonstration-sign-in": "person",
    "evidence-ask": "release-release_class release-ground release-why",
    "evidence-withdraw": "withdraw-words",
    "hand-over-answer": "answer",
    "link": "secret",
    "notices": "off",
    "report-answer-sender": "words",
    # Nothing of the report of these pages was confirmed.
    "report-bring-in": "seen version source bring again as-* was-* said-* field-*",
    "report-known": "seen case same",
    "report-open-case": "left",
    # Which fields depends on the kind of the record or fact, and the view refuses the others.
    "record": "*",
    "add-record": "*",
    # The record of these pages is a person, whom others name: other records have other statuses, and can go.
    "record-status": "beneficiary conditions causality review_on outcome corrects",
    "case-status": "corrects",
    # Everybody may see it already, so that nobody can ask for that.
    "record-class": "class-wanted class-why",
    "record-force": "seen claim",
    "record-class-agree": "ask",
    "record-class-refuse": "ask",
    "withdraw-record": "seen reason",
    "report-add": "seen add kind within change-*",
    "report-decide": "seen fact verdict change-saved change-*",
    # Two records are chosen first.
    "same": "seen one other stays reason",
    "totp-code": "code",
}


def fields_on_all_pages(world: World) -> set[tuple[str, str]]:
    found = set()
    for name in ADDRESSES:
        for who in (None, "owner", "administrator"):
            with undone():
                client = world.client(who)
                answer = world.ask(client, "GET", name)
                page = answer.content.decode() if "html" in answer.headers.get("Content-Type", "") else ""
                here = answer.request["PATH_INFO"]
            for action, name_of_field in Forms(page).fields:
                found.add((resolve((action or here).partition("?")[0]).view_name, name_of_field))
    return found


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("refused_in_a_word")
def test_every_field_of_every_form_is_listed_and_every_listed_field_stands_in_a_form(world: World) -> None:
    listed = {(name, each) for name, fields in settings.TOCSIN_FIELDS.items() for each in fields}
    found = {each for each in fields_on_all_pages(world) if each[1] not in door._OF_CONFIRMING}
    unlisted = [
        (name, each) for name, each in found if not door._is_listed(each, settings.TOCSIN_FIELDS.get(name, frozenset()))
    ]
    assert unlisted == []
    assert listed - found == {(name, each) for name, fields in NOT_SEEN.items() for each in fields.split()}
    assert set(settings.TOCSIN_FIELDS) <= set(ADDRESSES)


# One site serves the questions about all addresses: to found one costs more than to ask.
@pytest.mark.long
@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("refused_in_a_word")
def test_a_field_that_no_form_offers_is_refused_and_written_to_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ADDRESSES:
        refuses_unlisted_fields(world, name, caplog)


def refuses_unlisted_fields(world: World, name: str, caplog: pytest.LogCaptureFixture) -> None:
    for who in (None, "owner", "administrator"):
        if refused_at_the_door(world, who, "POST", name):
            continue
        caplog.clear()
        address = reverse(name, kwargs={each: world.objects[each] for each in ADDRESSES[name].pattern.converters})
        with undone(), recorded() as path:
            answer = world.client(who).post(address, {"password_hash": "Lena Marosh"})
        assert answer.status_code == 400, name
        assert "door.py Fields.process_view" in path.calls
        lines = [Sparing().format(record) for record in caplog.records]
        assert [line for line in lines if "UnlistedField" in line and f" 400 POST {name} " in line], lines
        assert not [line for line in lines if "password_hash" in line or "Marosh" in line]
        assert CANARY not in answer.content


OBJECTS = [name for name, each in sorted(ADDRESSES.items()) if set(each.pattern.converters) - {"secret"}]


def test_what_is_somebody_elses_answers_like_what_is_not_there(world: World) -> None:
    """Object level (each role plays the stranger, the case lead the colleague without a grant) and hidden existence.

    The same answer is given by the same path: functions, statements, stretchings. So it takes no other time either.
    """
    for name in OBJECTS:
        hides_what_is_somebody_elses(world, name)


def hides_what_is_somebody_elses(world: World, name: str) -> None:
    kinds = set(ADDRESSES[name].pattern.converters)
    needed = settings.TOCSIN_ACCESS[name]
    may_come_in = [
        role for role, verbs in verbs_of_roles().items() if needed in {door.SIGNED_IN, door.SETTING_UP, *verbs}
    ]
    # Who lacks the verb gets no further than the door, by whatever method: of them one is tried, by turns.
    turn = OBJECTS.index(name)
    turned_away = [role for role in verbs_of_roles() if role not in may_come_in]
    tried = [(turned_away[turn % len(turned_away)], ("POST",))] if turned_away else []
    if not kinds <= NOBODYS_OWN or needed in {door.SIGNED_IN, door.SETTING_UP}:
        # HEAD is answered as GET is. One role tries both methods, the others one by turns: what a view says of an
        # object hangs on the method, or on the role. At a desk, and on the other kind of database, which could differ
        # by a statement, one role is enough.
        all_of_them = all_are_tried() and connections["default"].vendor == "sqlite"
        let_in = may_come_in if all_of_them else may_come_in[turn % len(may_come_in) :][:1]
        both = ("GET", "POST")
        tried += [(role, both if not at else both[at % 2 :][:1]) for at, role in enumerate(let_in)]
    missing = {kind: uuid4() if kind.endswith("_id") else 1 for kind in kinds}
    for role, methods in tried:
        for method in methods:
            # The first request of a process loads modules and tables, whatever it asks for: what differs is asked anew.
            if answered_apart(world, role, method, name, missing):
                assert answered_apart(world, role, method, name, missing) == "", (name, role, method)


def answered_apart(world: World, role: str, method: str, name: str, missing: dict[str, UUID | int]) -> str:
    """Say where the ways part on which a role is answered of somebody's object and of one that is not there, or ''."""
    with undone():
        client = world.client(role)
        with undone(), recorded() as path_to_theirs:
            theirs = world.ask(client, method, name)
        with undone(), recorded() as path_to_nobodys:
            nobodys = world.ask(client, method, name, **missing)
    assert "door.py Door.process_view" in path_to_theirs.calls
    assert theirs.status_code not in range(200, 400), (name, role, method)
    assert comparable(theirs, world.objects) == comparable(nobodys, missing), (name, role, method)
    assert CANARY not in theirs.content
    return path_to_theirs.first_difference(path_to_nobodys)


OF_A_CASE = [name for name in OBJECTS if "case_id" in ADDRESSES[name].pattern.converters]


@pytest.mark.usefixtures("refused_in_a_word")
def test_a_page_that_forgets_to_ask_is_closed_to_who_holds_nothing_of_the_case(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OF_A_CASE:
        with undone(), monkeypatch.context() as patched:
            patched.setattr(ADDRESSES[name], "callback", lambda _request, **_of: HttpResponse("shown"))
            assert world.ask(world.client("owner"), "GET", name).content == b"shown", name
            for role in verbs_of_roles():
                assert world.ask(world.client(role), "GET", name).status_code == 404, (name, role)


def comparable(response: HttpResponse, objects: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
    """Give an answer without what differs from request to request anyway, and without the ids that were asked for."""
    body = response.content.decode()
    for each in objects.values():
        body = body.replace(str(each), "…") if isinstance(each, UUID | str) else body
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*|<bdi>[0-9a-f]{8}</bdi>', r"\1…", body)
    return response.status_code, body, dict(response.headers)


WRITES_OF_READING = {"accounts_session", "journal_entry", "journal_head", "casework_custodyline"}


@pytest.mark.long
def test_looking_at_a_page_changes_nothing(world: World) -> None:
    """Allowed is only that a reading is written down and that a session is seen."""
    # A head is answered as its page is, which one person shows, and that is no matter of the database.
    heads = ["owner"] if connections["default"].vendor == "sqlite" else []
    changed: list[str] = []
    name = ""

    def watch(execute: Callable[..., Any], sql: str, params: object, many: bool, context: object) -> Any:
        words = sql.replace('"', " ").split()
        if words[0].upper() in {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "DROP", "CREATE", "ALTER", "VACUUM"}:
            changed.extend(f"{name}: {word}" for word in words if is_table(word))
        return execute(sql, params, many, context)

    for name, (method, people) in product(ADDRESSES, (("GET", (None, "owner", "administrator")), ("HEAD", heads))):
        for who in people:
            with undone():
                client = world.client(who)
                with ExitStack() as stack:
                    for alias in ("default", "keys"):
                        stack.enter_context(connections[alias].execute_wrapper(watch))
                    world.ask(client, method, name)
    assert changed == []


@contextmanager
def opened_values(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Note what is opened with a key of a case or a report, by its table and field; names of colleagues are neither."""
    opened: list[tuple[str, str]] = []
    real = DataKey.open

    def noted(key: DataKey, sealed: bytes, place: Place) -> bytes:
        if key.case != DIRECTORY:
            opened.append((place.table, place.field))
        return real(key, sealed, place)

    with monkeypatch.context() as patched:
        patched.setattr(DataKey, "open", noted)
        yield opened


@pytest.mark.long
@pytest.mark.database("sqlite")
def test_nothing_sealed_is_opened_that_the_journal_says_nothing_of(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By no address: looking leaves an entry of having looked, and what fails after a look at least shows nothing."""
    places: set[tuple[str, str]] = set()
    owner = world.people["owner"].actor.id
    for name, method in product(ADDRESSES, ("GET", "POST")):
        with undone(), opened_values(monkeypatch) as opened:
            last = Entry.objects.count()
            answer = world.ask(world.client("owner"), method, name)
            said = set(Entry.objects.filter(number__gt=last, actor=owner).values_list("kind", flat=True))
        places |= set(opened)
        if opened and method == "GET":
            assert said & LOOKS, (name, opened)
        elif opened:
            assert said or answer.status_code == 409, (name, opened)
        assert said or CANARY not in answer.content, name
    assert {table for table, _ in places} >= {"case_summary", "evidence_file", "grant", "report_part", "sealed_record"}


def is_table(word: str) -> bool:
    room = word.split("_", maxsplit=1)[0]
    return (
        room in {"accounts", "vault", "authorities", "casework", "intake", "journal"} and word not in WRITES_OF_READING
    )
