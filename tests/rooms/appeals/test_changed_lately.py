"""Who signs an appeal is told which of its addresses somebody changed in the directory in the last days."""

import re
from datetime import datetime, timedelta

import pytest

from desk import client_of
from desk_of_appeals import Office
from people import NOW
from tocsin.accounts.actor import DEMONSTRATION
from tocsin.authorities import actions as authorities
from tocsin.authorities.lately import LATELY, changed_lately
from tocsin.authorities.queries import get_post

pytestmark = pytest.mark.usefixtures("frozen")

INTERIOR, JUSTICE = "reception@interior-zarvania.example", "office@justice-zarvania.example"
OLD = "old@interior-zarvania.example"
BEFORE, JUST = NOW - LATELY - timedelta(days=1), NOW - timedelta(days=2)


def post(key: str, code: str, address: str, **more: str) -> list[dict[str, str]]:
    point = {"what": "contact_point", "of": key, "code": "email", "address": address, **more}
    return [{"what": "post", "key": key, "country": "XZV", "code": code, "name_en": f"Office {key}"}, point]


def put(office: Office, rows: list[dict[str, str]], why: str, at: datetime) -> None:
    authorities.put(office.reviewer, rows, why=why, now=at)


def told(office: Office, at: str) -> str:
    page = client_of(office.first, DEMONSTRATION).get(at).content.decode()
    found = re.search(r'aria-labelledby="changed".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_an_approver_is_told_which_addresses_were_changed_lately_by_whom_and_what_stood_before(office: Office) -> None:
    key = office.cleared()
    at = f"/cases/{key.case}/appeals/{key.appeal}/final"
    put(office, post("xzv-interior", "minister_interior", OLD), "new", BEFORE)
    put(office, post("xzv-justice", "minister_justice", JUSTICE), "new", BEFORE)
    check = {"what": "check", "of": "xzv-justice", "code": "email", "address": JUSTICE, "result": "ok"}
    put(office, [check | {"on": JUST.date().isoformat()}], "checked", JUST)
    assert told(office, at) == "", "long ago, of other addresses, or only checked"
    put(office, post("xzv-interior", "minister_interior", INTERIOR)[1:], "address", JUST)
    found = get_post("xzv-interior")[0]
    old = next(each for each in found.contact_points if each.address == OLD)
    authorities.end_contact_point(office.reviewer, found, old, again=False, now=JUST)
    said = told(office, at).removeprefix('aria-labelledby="changed"> ')
    assert said.startswith("Changed lately in the directory 1 ")
    assert f"{INTERIOR} Office xzv-interior" in said
    assert f"Before: {OLD} an address changed Ines" in said
    assert JUSTICE not in said


def test_whatever_sends_letters_elsewhere_counts_and_the_last_change_is_told(office: Office) -> None:
    put(office, post("xzv-interior", "minister_interior", INTERIOR), "new", BEFORE)
    assert changed_lately([INTERIOR], now=NOW) == []
    assert len(changed_lately([INTERIOR], now=BEFORE + LATELY / 2)) == 1
    # What is printed is what people type.
    put(office, post("xzv-interior", "minister_interior", INTERIOR, shown="x@y.example")[1:], "correction", JUST)
    found = get_post("xzv-interior")[0]
    authorities.end_contact_point(office.reviewer, found, found.contact_points[0], again=False, now=NOW)
    (change,) = changed_lately([INTERIOR.upper(), ""], now=NOW)
    assert (change.address, change.at, change.by) == (INTERIOR, NOW, office.reviewer.id)
    authorities.end_contact_point(office.reviewer, found, found.contact_points[0], again=True, now=NOW)
    assert [each.at for each in changed_lately([INTERIOR], now=NOW)] == [NOW], "printed otherwise than it was"
    put(office, post("xzv-interior", "minister_interior", INTERIOR, shown=INTERIOR)[1:], "correction", NOW)
    put(office, post("xzv-interior", "minister_interior", OLD)[1:], "address", NOW + timedelta(hours=1))
    assert changed_lately([], now=NOW) == []
    assert [each.address for each in changed_lately([OLD, INTERIOR], now=NOW)] == [OLD, INTERIOR]
