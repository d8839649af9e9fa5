"""The public API: a list that nothing moves, appeals, codes and figures; what was withdrawn is in none of them."""

import csv
import dataclasses
import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from invented_appeals import ARABIC, ENGLISH, SPANISH
from people import NOW
from public_site import Clock, Press, plans_of, slug_of
from signing import appeal, signed
from tocsin.core.appeal import Act, Event, Organisation, Text, Violation
from tocsin.core.publication import PublicAppeal, Retraction, Words, edition_of, from_file, to_file
from tocsin.publishing import actions, answers, codes, inspecting, parts
from tocsin.publishing.api import copying, extract, openapi, statistics, table
from tocsin.publishing.api.table import QUESTIONS
from tocsin.publishing.counting import Counted
from tocsin.publishing.models import GivenCode, PublishedRetraction, Shown

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
ROOT = "/api/1/"
LISTS = ("appeals.json", "countries.json", "statistics.json", "withdrawals.json")


def asked(site: Client, address: str, status: int = 200, **headers: str) -> Any:
    """Ask, see that the answer is as it is described, and give it."""
    answer = site.get(urljoin(ROOT, address), **headers)
    assert answer.status_code == status, (address, answer.content)
    said = json.loads(answer.content)
    kept_to(said, kind_of(address) if status == 200 else "Tombstone" if status == 410 else "Problem")
    assert answer.headers["Content-Type"] == f"application/{'json' if status == 200 else 'problem+json'}"
    return said


def kind_of(address: str) -> str:
    path = address.partition("?")[0].removeprefix(ROOT)
    (kind,) = [
        each.answer.__name__ for each in QUESTIONS if re.fullmatch(re.sub(r"{\w+}", "[a-z0-9-]+", each.path), path)
    ]
    return kind


def kept_to(said: Any, kind: str) -> None:
    """See that an answer has the fields that are described, and no other."""
    schemas = openapi.document()["components"]["schemas"]
    strict = {name: {**schema, "additionalProperties": False} for name, schema in schemas.items()}
    whole = {"$ref": f"#/components/schemas/{kind}", "components": {"schemas": strict}}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(said)


def bodies(site: Client, published: PublicAppeal) -> dict[str, HttpResponse]:
    """Ask for everything in which something of an appeal may stand."""
    slug = slug_of(published)
    addresses = [*LISTS, f"appeals/{slug}.json", f"codes.json?code={published.code}", "appeals.json?q=marosh"]
    return {each: site.get(ROOT + each) for each in addresses}


def test_the_list_comes_in_parts_that_nothing_moves(site: Client, press: Press) -> None:
    days = [date(2026, 11, 4), date(2026, 11, 4), date(2025, 1, 9), None, None]
    published = [press.publish([replace(SPANISH, issued_on=day)], now=NOW) for day in days]
    found: list[str] = []
    address: str | None = "appeals.json?limit=2"
    while address:
        part = asked(site, address)
        found += [each["slug"] for each in part["items"]]
        links = site.get(urljoin(ROOT, address)).headers.get("Link")
        assert links == (f'<{part["next"]}>; rel="next"' if part["next"] else None)
        address = part["next"]
        # A newer one comes in while somebody reads on.
        press.publish([replace(SPANISH, issued_on=date(2026, 11, 25))], now=NOW)
    # Of one day and minute, what was published last comes first.
    assert found == [slug_of(published[at]) for at in (1, 0, 2, 4, 3)]
    assert asked(site, "appeals.json?year=2025")["total"] == 1
    assert len(asked(site, "appeals.json?limit=100")["items"]) == 8


def test_a_list_is_narrowed_as_the_page_is(site: Client, press: Press, lawyer: PublicAppeal) -> None:
    other = press.publish([SPANISH], now=NOW)
    follow_up = press.follow_up(lawyer, [ENGLISH], now=NOW)
    for query, wanted in [
        ("", {lawyer, other, follow_up}),
        ("q=MAROSH", {lawyer, follow_up}),
        ("q=الورداني", {lawyer}),
        ("q=%00", {lawyer, other, follow_up}),
        ("q=***", set()),
        ("country=XOS", {other}),
        ("kind=new_information", {follow_up}),
        ("q=marosh&country=XZV&year=2026&kind=urgent_appeal", {lawyer}),
        ("country=QQQ", set()),
        ("standing=asks", {other, follow_up}),
        ("standing=asks&q=%00&kind=urgent_appeal", {other}),
        ("standing=asks&country=XZV&year=2026", {follow_up}),
        ("standing=superseded", {lawyer}),
        ("standing=superseded&q=الورداني", {lawyer}),
        ("standing=superseded&country=XOS", set()),
        ("standing=closed", set()),
    ]:
        part = asked(site, f"appeals.json?{query}")
        assert {each["code"] for each in part["items"]} == {each.code for each in wanted}, query
        assert part["total"] == len(wanted)
    first = asked(site, "appeals.json?q=marosh&limit=1")
    assert first["next"].startswith("appeals.json?q=marosh&limit=1&after=")
    assert asked(site, first["next"])["next"] is None
    for others in ("", "&year=2026"):
        first = asked(site, f"appeals.json?standing=asks{others}&limit=1")
        assert (first["total"], "standing=asks" in first["next"]) == (2, True)
        # A newer one comes in while somebody reads on.
        new = press.publish([replace(SPANISH, issued_on=date(2026, 11, 25))], now=NOW)
        rest = asked(site, first["next"])
        assert (rest["total"], rest["next"]) == (3, None)
        assert {first["items"][0]["code"], rest["items"][0]["code"]} == {other.code, follow_up.code}
        press.retract(new, now=NOW)


@pytest.mark.database("sqlite")
def test_a_list_that_is_narrowed_by_standing_walks_over_no_table(site: Client, press: Press) -> None:
    for _ in range(3):
        press.publish([ENGLISH], now=NOW)
    for query in ("", "&country=XZV", "&q=marosh", "&country=XZV&year=2026&kind=urgent_appeal"):
        address = f"appeals.json?standing=asks{query}&limit=2"
        asked(site, address)  # where each stands is worked out once
        plans = plans_of(partial(asked, site, address))
        assert [plan for plan in plans if re.match("SCAN publishing_(shown|publication|shownwords)\\b", plan)] == [], (
            query
        )


def test_an_appeal_is_given_as_it_is_printed_with_what_surrounds_it(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    later = press.follow_up(lawyer, [ENGLISH], now=NOW)
    note = (Words("en", "Her name was misspelt."),)
    mended = replace(ENGLISH, title=Text("Zarvania: Lawyer Lena Maroshi held at an unknown place"))
    second = press.sign(replace(appeal(lawyer.code, [mended, ARABIC]), version=2, note=note))
    actions.correct(second, now=SOON)
    clock.now = SOON
    address = f"{ROOT}appeals/{slug_of(lawyer)}.json"
    said = asked(site, address)
    assert (said["version"], said["intervention"], said["follows"]) == (2, "first_appeal", None)
    assert (said["published_at"], said["changed_at"]) == ("2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z")
    corrected = {"version": 2, "corrected_at": "2026-11-25T13:00:00Z"}
    assert said["corrections"] == [{**corrected, "note": [{"language": "en", "text": note[0].text}]}]
    assert [each["code"] for each in said["chain"]] == [later.code]
    assert asked(site, urljoin(address, said["chain"][0]["address"]))["follows"] == lawyer.code
    assert [each["language"] for each in said["editions"]] == ["ar", "en"]
    assert said["editions"][1]["document"]["title"] == {"text": mended.title.text if mended.title else None}
    for edition in said["editions"]:
        for each in edition["files"]:
            assert site.get(urljoin(address, each["address"])).status_code == 200, each
    proof = from_file(site.get(urljoin(address, said["proof"])).content)
    assert isinstance(proof, PublicAppeal)
    assert [each["sha256"] for each in said["editions"]] == [each.digest for each in proof.editions]
    assert said["signed_by"] == [each.key for each in proof.signatures]


def test_an_answer_says_how_an_appeal_stands_and_is_another_one_once_that_changes(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    address, tags = f"appeals/{slug_of(lawyer)}.json", set[str]()

    def stands() -> tuple[str, bool]:
        clock.seconds += answers.LOOK_SECONDS
        tags.add(site.get(ROOT + address).headers["ETag"])
        said = asked(site, address)
        wanted = [ROOT.lstrip("/") + name for name in ("appeals.json", address, "copy.json")]
        files = {name: make for name, make in parts.files_of(now=clock.now) if name in wanted}
        copied = {name.partition("/1/")[2]: json.loads(make().body) for name, make in files.items()}
        kept_to(copied["copy.json"], "Copy")
        assert copied["copy.json"]["made_at"] == clock.now.isoformat().replace("+00:00", "Z")
        listed = [each for part in (asked(site, "appeals.json"), copied["appeals.json"]) for each in part["items"]]
        mine = [each for each in listed if each["code"] == lawyer.code]
        assert {(each["standing"], each["asks"]) for each in (said, copied[address], *mine)} == {
            (said["standing"], said["asks"])
        }
        found = asked(site, "appeals.json?standing=asks")["items"]
        assert said["asks"] == (lawyer.code in {each["code"] for each in found})
        return said["standing"], said["asks"]

    assert stands() == ("published", True)
    note = (Words("en", "Her name was misspelt."),)
    actions.correct(press.sign(replace(appeal(lawyer.code, [ENGLISH, ARABIC]), version=2, note=note)), now=NOW)
    assert stands() == ("corrected", True)
    follow_up = press.follow_up(lawyer, [ENGLISH], now=NOW)
    assert stands() == ("superseded", False)
    last = codes.give_follow_up(lawyer.code, NOW.date(), now=NOW)
    drafted = appeal(last, [ENGLISH], follows=follow_up.code)
    closing = edition_of(replace(drafted.editions[0].document, kind="closure"))
    actions.publish(press.sign(replace(drafted, kind="closure", editions=(closing,))), now=NOW)
    assert stands() == ("closed", False)
    clock.now = SOON
    press.retract(lawyer, now=SOON)
    clock.seconds += answers.LOOK_SECONDS
    assert asked(site, address, 410)["standing"] == "withdrawn"
    assert len(tags) == 4


def test_a_retraction_takes_an_appeal_out_of_every_answer(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    assert any("Marosh" in each.content.decode() for each in bodies(site, lawyer).values())
    clock.now = SOON
    note = (Words("en", "It was published by mistake."),)
    actions.retract(press.sign(Retraction(lawyer.code, SOON, note)), now=SOON)
    clock.seconds += answers.LOOK_SECONDS
    gone = bodies(site, lawyer)
    slug = slug_of(lawyer)
    assert {address: each.status_code for address, each in gone.items() if each.status_code != 200} == {
        f"appeals/{slug}.json": 410
    }
    for each in gone.values():
        assert "Marosh" not in each.content.decode()
        assert "الورداني" not in each.content.decode()
    tombstone = asked(site, f"appeals/{slug}.json", 410)
    assert tombstone["code"] == "publication.withdrawn"
    assert tombstone["appeal"] == lawyer.code
    assert tombstone["note"] == [{"language": "en", "text": note[0].text}]
    assert tombstone["withdrawn_at"] == "2026-11-25T13:00:00Z"
    proof = site.get(urljoin(f"{ROOT}appeals/{slug}.json", tombstone["proof"]))
    assert isinstance(from_file(proof.content), Retraction)
    assert asked(site, "appeals.json")["total"] == 0
    assert asked(site, "countries.json")["items"] == []
    assert asked(site, "statistics.json")["totals"]["interventions"] == 0
    assert [each["slug"] for each in asked(site, "withdrawals.json")["items"]] == [slug]
    assert asked(site, f"codes.json?code={lawyer.code}")["standing"] == "withdrawn"


def test_nothing_shows_before_the_end_of_an_embargo(site: Client, press: Press, clock: Clock) -> None:
    held = press.publish([ENGLISH], now=NOW, not_before=SOON)
    asked(site, f"appeals/{slug_of(held)}.json", 404)
    # What is held back and what there is not are answered alike.
    read = asked(site, f"codes.json?code={held.code}")
    assert (read["standing"], read["appeal"], read["chain"]) == ("unknown", None, [])
    for address in LISTS:
        assert "XZV" not in site.get(ROOT + address).content.decode(), address
    clock.now = SOON
    assert asked(site, f"appeals/{slug_of(held)}.json")["code"] == held.code
    assert asked(site, f"codes.json?code={held.code}")["standing"] == "published"
    assert asked(site, "appeals.json")["total"] == 1


def test_a_code_is_understood_however_it_was_typed(site: Client, press: Press, lawyer: PublicAppeal) -> None:
    later = press.follow_up(lawyer, [ENGLISH], now=NOW)
    said = asked(site, "codes.json?code=xzv 1/1126/0BS OO1")
    assert said["canonical"] == lawyer.code
    assert said["appeal"]["slug"] == slug_of(lawyer)
    assert "letter_for_digit" in said["oddities"]
    assert [each["code"] for each in said["chain"]] == [lawyer.code, later.code]
    assert asked(site, urljoin(ROOT, said["appeal"]["address"]))["code"] == lawyer.code
    assert asked(site, f"codes.json?code={later.code}")["appeal"]["code"] == later.code
    # The number of the country is the part that is mistaken most; the chain is found all the same.
    wrong = asked(site, "codes.json?code=XZV 009 / 1126 / OBS 001")
    assert (wrong["standing"], [each["code"] for each in wrong["chain"]]) == ("unknown", [lawyer.code, later.code])
    assert asked(site, "codes.json?code=XZV 007 / 1126 / OBS 777")["chain"] == []
    refused = asked(site, "codes.json?code=my telephone", 404)
    assert refused["code"] == "code.bad"
    assert "telephone" not in json.dumps(refused)


def test_who_has_an_answer_is_told_whether_it_is_still_right(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    lists = ["appeals.json", "appeals.json?q=maro", "appeals.json?standing=asks"]
    addresses = [f"appeals/{slug_of(lawyer)}.json", *lists, "statistics.json"]
    tags = {}
    for address in addresses:
        plain = site.get(ROOT + address)
        small = site.get(ROOT + address, HTTP_ACCEPT_ENCODING="gzip")
        tags[address] = plain.headers["ETag"]
        assert re.fullmatch('"[^"]+"', tags[address]), "it is a strong one"
        assert small.headers["ETag"] != tags[address], "as gzip it is other bytes"
        for named in (tags[address], f'"x", {tags[address]}', f"W/{tags[address]}", small.headers["ETag"], "*"):
            again = site.get(ROOT + address, HTTP_IF_NONE_MATCH=named)
            assert (again.status_code, again.content) == (304, b""), named
            assert again.headers["ETag"] == tags[address]
            assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert site.get(ROOT + address, HTTP_IF_NONE_MATCH='"else"').status_code == 200
    note = (Words("en", "A place was wrong."),)
    mended = replace(ENGLISH, issued_at=("Velm",), violations=(*ENGLISH.violations, Violation("torture", "Torture")))
    actions.correct(press.sign(replace(appeal(lawyer.code, [mended]), version=2, note=note)), now=SOON)
    clock.now, clock.seconds = SOON, answers.LOOK_SECONDS
    for address in addresses:
        assert site.get(ROOT + address, HTTP_IF_NONE_MATCH=tags[address]).status_code == 200, address
        assert site.get(ROOT + address).headers["ETag"] != tags[address]


def test_what_cannot_be_answered_is_a_problem_with_a_code(site: Client, lawyer: PublicAppeal) -> None:
    for address, status, code in [
        ("appeals.json?sort=title", 400, "api.question"),
        ("appeals.json?q=a&q=b", 400, "api.question"),
        ("appeals.json?q=", 400, "api.question"),
        (f"appeals.json?q={'x' * 101}", 400, "api.question"),
        ("appeals.json?limit=0", 400, "api.question"),
        ("appeals.json?limit=101", 400, "api.question"),
        ("appeals.json?limit=٣", 400, "api.question"),
        ("appeals.json?year=20x6", 400, "api.question"),
        ("appeals.json?country=xzv", 400, "api.question"),
        ("appeals.json?country=XZV%0A", 400, "api.question"),
        ("appeals.json?kind=press_release", 400, "api.question"),
        ("appeals.json?standing=retracted", 400, "api.question"),
        ("appeals.json?after=nonsense", 400, "api.question"),
        ("appeals.json?after=-1", 400, "api.question"),
        (f"appeals.json?after={10**20}", 400, "api.question"),
        ("codes.json", 400, "api.question"),
        ("countries.json?x=1", 400, "api.question"),
        ("appeals/nothing.json", 404, "publication.none"),
        ("appeals/xzv-001-1126-obs-001", 404, "publication.none"),
        ("nowhere", 404, "publication.none"),
        (f"appeals.json?q={'x' * 2000}", 414, "input.too_large"),
    ]:
        said = asked(site, address, status)
        assert (said["status"], said["code"]) == (status, code), address
        assert said["type"] == f"urn:tocsin:problem:{code}"
    # Outside of the API people are told by a page.
    assert site.get("/nowhere").headers["Content-Type"].startswith("text/html")


def test_it_may_be_read_from_anywhere_and_nothing_else_be_done(site: Client, lawyer: PublicAppeal) -> None:
    for address in (*LISTS, f"appeals/{slug_of(lawyer)}.json", "openapi.json"):
        got, head = site.get(ROOT + address), site.head(ROOT + address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["ETag"] == got.headers["ETag"]
        assert got.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in got.headers
        assert set(got.headers["Access-Control-Expose-Headers"].split(", ")) == {"ETag", "Link"}
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        before = site.options(ROOT + address)
        assert (before.status_code, before.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
        assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        for method in ("post", "put", "patch", "delete"):
            refused = getattr(site, method)(ROOT + address)
            assert refused.status_code in (405, 413), "a body is refused before the method is"
            assert refused.headers["Content-Type"] == "application/problem+json"
        assert [each.cookies for each in (got, head, before) if each.cookies] == []
    refused = site.generic("DELETE", f"{ROOT}appeals.json")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_countries_and_figures_count_what_stands(site: Client, press: Press) -> None:
    press.follow_up(press.publish([ENGLISH], now=NOW), [ENGLISH], now=NOW)
    press.publish([replace(SPANISH, issued_on=date(2025, 3, 1), countries=("XBM", "XZV"))], now=NOW)
    countries = asked(site, "countries.json")["items"]
    assert [(each["code"], each["appeals"]) for each in countries] == [("XBM", 1), ("XZV", 3)]
    figures = asked(site, "statistics.json")
    wanted = {"interventions": 3, "first_appeals": 2, "follow_ups": 1, "closures": 0, "cases": 2, "countries": 2}
    assert {name: figures["totals"][name] for name in wanted} == wanted
    rows = figures["by_country_and_year"]
    assert [(each["country"], each["year"], each["cases"]) for each in rows] == [("XBM", 2025, 1), ("XZV", 2026, 1)]
    for name in ("first_appeals", "follow_ups", "closures"):
        assert sum(each[name] for each in rows) == wanted[name]
    defined = {each["name"] for each in figures["definitions"]}
    assert defined >= {*wanted, "year", "headline_violations"}
    assert "no measure" in figures["about"]
    named = [each for each in figures["headline_violations_by_country"] if each["country"] == "XZV"]
    assert named
    assert {(each["appeals"], each["cases"]) for each in named} == {(2, 1)}, "a follow-up is about the same case"


def test_a_defender_counts_once_however_many_appeals_name_her(site: Client, press: Press) -> None:
    first = press.publish([ENGLISH, ARABIC], now=NOW)
    once = asked(site, "statistics.json")["totals"]["defenders"]
    assert once > 0
    press.follow_up(first, [ENGLISH], now=NOW)
    press.publish([replace(ENGLISH, issued_on=date(2025, 3, 1))], now=NOW)
    answers.kept.forget()
    figures = asked(site, "statistics.json")
    assert figures["totals"]["defenders"] == once
    assert {each["year"]: each["defenders"] for each in figures["by_country_and_year"]} == {2025: once, 2026: once}
    press.retract(first, now=NOW)
    # In the namesake country she would be another person.
    press.publish([replace(ENGLISH, countries=("XOS",))], now=NOW)
    answers.kept.forget()
    assert asked(site, "statistics.json")["totals"]["defenders"] == 2 * once


@pytest.mark.database("sqlite")
def test_acts_and_organisations_that_suffered_them_count_as_far_as_the_signed_text_prints_them(
    site: Client, press: Press
) -> None:
    centre, club, ministry = "Quiet Water Centre", "A Club That Nobody Prints", "Directorate of Public Order"
    acts = (
        Act("search_seizure", "searched", victims=(centre, club), actors=(ministry,)),
        Act("threat", "may be searched again", mode="risk", victims=(centre,)),
        Act("physical_attack", "pushed", actors=(ministry,)),
        Act("of_no_list", "anything", victims=(centre,)),
    )
    told = Event("2026-11-02", None, "day", None, False, "It was searched.", acts)
    organisations = tuple(map(Organisation, (centre, club, ministry)))
    document = replace(ENGLISH, facts=replace(ENGLISH.facts, events=(told,), organisations=organisations))
    first = press.publish([document, replace(ARABIC, facts=document.facts, countries=("XZV",))], now=NOW)
    press.follow_up(first, [document], now=NOW)
    other = press.publish([replace(document, issued_on=date(2025, 3, 1), countries=("XOS",))], now=NOW)
    figures = asked(site, "statistics.json")
    assert figures["totals"]["organisations"] == 2, "of one name, in two countries"
    assert {each["year"]: each["organisations"] for each in figures["by_country_and_year"]} == {2025: 1, 2026: 1}
    assert figures["acts_by_country"] == [
        {"violation": "search_seizure", "country": "XOS", "appeals": 1, "cases": 1},
        {"violation": "search_seizure", "country": "XZV", "appeals": 2, "cases": 1},
    ]
    table = list(csv.DictReader(io.StringIO(site.get(ROOT + "statistics-2026.csv").content.decode())))
    assert [(each["violation"], each["value"]) for each in table if each["figure"] == "acts"] == [
        ("search_seizure", "2")
    ]
    assert "Types of acts that appeals tell" in site.get("/en/statistics.html").content.decode()
    kept = Shown.objects.get(slug=slug_of(other))
    press.retract(other, now=NOW)
    answers.kept.forget()
    figures = asked(site, "statistics.json")
    assert (figures["totals"]["organisations"], len(figures["acts_by_country"])) == (1, 1)
    assert (kept.organisations, Shown.objects.get(slug=slug_of(other)).organisations) == ("quiet water centre", "")
    assert inspecting.inspect(now=NOW).astray == 0


def test_the_figures_stand_on_a_page_with_their_definitions_and_a_year_is_a_table(site: Client, press: Press) -> None:
    press.follow_up(press.publish([ENGLISH], now=NOW), [ENGLISH], now=NOW)
    press.publish([replace(SPANISH, issued_on=date(2025, 3, 1))], now=NOW)
    figures = asked(site, "statistics.json")
    page = site.get("/en/statistics.html").content.decode()
    for each in figures["definitions"]:
        assert html.escape(each["text"]) in page, each["name"]
    assert f"Defenders <strong>{figures['totals']['defenders']}</strong>" in page
    assert "statistics-2025.csv" in site.get("/ar/statistics.html").content.decode()
    rows = list(csv.DictReader(io.StringIO(site.get(ROOT + "statistics-2026.csv").content.decode())))
    whole = {each["figure"]: each for each in rows if not each["country"] and not each["violation"]}
    assert (whole["interventions"]["value"], whole["cases"]["value"], whole["closures"]["value"]) == ("2", "1", "0")
    defined = {each["name"]: each["text"] for each in figures["definitions"]}
    for each in rows[1:]:
        assert each["definition"] == defined[each["figure"]]
        assert not (each["country"] and each["violation"]), "few people would follow from other years"
    assert "no measure" in rows[0]["definition"]
    assert site.get(ROOT + "statistics-1999.csv").status_code == 404


@pytest.mark.database("sqlite")
def test_a_violation_counts_by_appeals_and_by_cases_and_not_by_what_is_no_appeal() -> None:
    arrest, torture = ("arbitrary_arrest",), ("torture", "of_no_list")
    rows = [
        Counted("urgent_appeal", 2025, ("XZV",), torture, "first"),
        Counted("urgent_appeal", 2025, ("XZV",), arrest, "second"),
        Counted("new_information", 2026, ("XOS",), arrest, "second"),
        Counted("of_no_kind", 2026, ("XOS",), arrest, "third"),
    ]
    assert statistics.violations_of(rows) == [("arbitrary_arrest", 2, 1), ("torture", 1, 1)]


@pytest.mark.usefixtures("site")
def test_for_a_copy_what_is_published_is_counted_once_for_all_pages_and_tables(press: Press) -> None:
    press.publish([ENGLISH], now=NOW)
    press.publish([replace(SPANISH, issued_on=date(2025, 3, 1))], now=NOW)
    with CaptureQueriesContext(connection) as asked_for:
        made = {path: make() for path, make in copying.files_of(now=NOW) if "statistics" in path}
    assert {"en/statistics.html", "api/1/statistics-2025.csv", "api/1/statistics-2026.csv"} <= made.keys()
    counted = [each for each in asked_for.captured_queries if GivenCode._meta.db_table in each["sql"]]
    assert len(counted) == 2, "the pages and tables, and the answer of the API"


@pytest.mark.parametrize(
    ("violation", "counts", "given"),
    [
        ("arbitrary_arrest", {"XZV": 1, "XOS": 7}, {"XZV": 1, "XOS": 7}),
        ("sexual_violence", {"XZV": 5, "XOS": 7}, {"XZV": 5, "XOS": 7}),
        # The small one would follow from the total if the others were given.
        ("sexual_violence", {"XZV": 4, "XOS": 7}, {"XZV": None, "XOS": None}),
        ("of_no_list", {"XZV": 9}, {}),
    ],
)
@pytest.mark.database("sqlite")
def test_no_figure_points_at_few_people(violation: str, counts: dict[str, int], given: dict[str, int | None]) -> None:
    rows = [
        Counted("urgent_appeal", 2026, (country,), (violation,), (country, number), acts=(violation,))
        for country, count in counts.items()
        for number in range(count)
    ]
    found = statistics.counted(rows)
    for figures in (found.headline_violations_by_country, found.acts_by_country):
        assert {each.country: each.appeals for each in figures} == given


@pytest.mark.parametrize(
    ("places", "is_given"),
    [
        ([("XZV", 2024)] * 5 + [("XOS", 2025)] * 5, True),
        # One country has too few, and in its only year nobody else has any.
        ([("XZV", 2024)] + [("XOS", 2025)] * 7, False),
        # One year has too few, and only one country stands in it.
        ([("XZV", 2024)] + [("XZV", 2025)] * 7, False),
    ],
)
@pytest.mark.database("sqlite")
def test_what_points_at_few_people_follows_from_no_other_figure(places: list[tuple[str, int]], is_given: bool) -> None:
    rows = [
        Counted("urgent_appeal", year, (country,), ("sexual_violence",), (country, number))
        for number, (country, year) in enumerate(places)
    ]
    found = statistics.counted(rows)
    figures = {
        figure
        for each in (*found.headline_violations_by_year, *found.headline_violations_by_country)
        for figure in (each.appeals, each.cases)
    }
    ((_, *whole),) = statistics.violations_of(rows)
    table = extract.year(2024, rows).body.decode()
    (line,) = (each for each in csv.DictReader(io.StringIO(table)) if each["violation"])
    assert (None not in figures, None not in whole, bool(line["value"])) == (is_given,) * 3
    assert is_given or (figures, whole) == ({None}, [None, None])


@pytest.mark.database("sqlite")
def test_follow_ups_on_one_person_do_not_make_many_of_her() -> None:
    rows = [Counted("new_information", 2026, ("XZV",), ("sexual_violence",), "one case")] * 9
    (found,) = statistics.counted(rows).headline_violations_by_country
    assert (found.appeals, found.cases) == (None, None)


def test_a_row_that_was_put_in_past_the_signatures_is_in_no_answer(
    site: Client, press: Press, lawyer: PublicAppeal
) -> None:
    other = press.publish([SPANISH], now=NOW)
    Shown.objects.filter(slug=slug_of(other)).update(publication=Shown.objects.get(slug=slug_of(lawyer)).publication)
    asked(site, f"appeals/{slug_of(other)}.json", 404)
    assert [each["code"] for each in asked(site, "appeals.json")["items"]] == [lawyer.code]
    forged = signed(Retraction(lawyer.code, NOW.astimezone(UTC), (Words("en", "Forged."),)))
    Shown.objects.filter(slug=slug_of(lawyer)).update(retracted_at=NOW)
    row = {"slug": slug_of(lawyer), "code": lawyer.code, "retracted_at": NOW}
    PublishedRetraction.objects.create(**row, statement=to_file(forged))
    assert asked(site, f"appeals/{slug_of(lawyer)}.json")["code"] == lawyer.code
    assert asked(site, "withdrawals.json")["items"] == []
    assert asked(site, f"codes.json?code={lawyer.code}")["standing"] == "published"


def test_the_page_shows_every_question_and_the_footer_leads_to_it(site: Client) -> None:
    for tag in ("en", "ar"):
        page = site.get(f"/{tag}/api.html").content.decode()
        for question in QUESTIONS:
            assert f"{table.ROOT}{question.path.partition('{')[0]}" in page
            for each in question.parameters:
                assert f">{each.name}</bdi>" in page
        assert "../api/1/openapi.json" in page
        assert "<script" not in page
        assert f'href="../{tag}/api.html"' in site.get(f"/{tag}/index.html").content.decode()
    assert site.get(ROOT, HTTP_ACCEPT_LANGUAGE="ar").headers["Location"] == "/ar/api.html"
    assert site.get("/xx/api.html").status_code == 404


@pytest.mark.database("sqlite")
def test_an_example_is_an_answer_as_it_is_described() -> None:
    for question in QUESTIONS:
        kept_to(openapi.examples()[question.name], question.answer.__name__)
        for each in question.parameters:
            each.value(each.example)
    defined = openapi.examples()["getStatistics"]["definitions"]
    said = [dataclasses.asdict(each) for each in statistics.counted([]).definitions]
    assert defined == said[: len(defined)], "a definition in an example is the one that is given"
