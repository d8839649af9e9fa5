"""The pages of the directory, as somebody at the desk uses them."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from directory import FILE, MAYOR, MINISTER, PART
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk import client_of, signed_in
from people import NOW, Hire
from tocsin.accounts import door
from tocsin.accounts.actions import NewAccount
from tocsin.authorities import actions, queries
from tocsin.authorities.models import Authority, AuthorityVersion
from tocsin.core.addressing import Directory, from_csv, from_popolo

POST = f"/authorities/posts/{MINISTER}"
BROKEN = FILE + "contact_point,,,email,xzv-mayor,,,,,,no address,,,\n"


@pytest.fixture
def client(tomas: NewAccount, frozen: None) -> Client:
    return signed_in(tomas)


@pytest.fixture
def filled(client: Client, tomas: NewAccount) -> Client:
    actions.take_file(tomas.actor, FILE, now=NOW)
    return client


def upload(client: Client, written: str) -> str:
    file = SimpleUploadedFile("authorities.csv", written.encode())
    return client.post("/authorities/import", {"file": file}).content.decode()


def test_an_empty_directory_says_how_it_is_filled(client: Client) -> None:
    assert "The directory is empty." in client.get("/authorities").content.decode()


@pytest.mark.parametrize("address", ["/authorities", "/authorities/institutions", POST])
def test_a_page_asks_no_more_questions_for_more_posts(client: Client, tomas: NewAccount, address: str) -> None:
    counts = []
    for size in (2, 22):
        more = (f"post,xzv-{at},XZV,mayor,xzv-justice,Mayor {at},,,,,,,,\n" for at in range(size))
        actions.take_file(tomas.actor, FILE + "".join(more), now=NOW)
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            assert client.get(address).status_code == 200
        counts.append(len(main) + len(keys))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Minister of Justice", "Mayor of Karvel"]),
        ("q=yevanna+JUSTICE", ["Minister of Justice"]),
        ("q=office@justice.example", ["Minister of Justice"]),
        ("q=nobody", []),
        ("country=XZV&office=mayor", ["Mayor of Karvel"]),
        ("country=XBM", ["Minister of Justice", "Mayor of Karvel"]),  # no choice of the list: no filter
        ("state=verified", ["Minister of Justice"]),
        ("state=unverified", ["Mayor of Karvel"]),
        ("state=stale", []),
        ("page=2", []),
    ],
)
def test_a_filter_leaves_what_fits(filled: Client, query: str, names: list[str]) -> None:
    page = filled.get(f"/authorities?{query}").content.decode()
    assert re.findall(r'<h3><a href="/authorities/posts/[^"]*"><bdi>([^<]*)', page) == names


def test_a_file_is_looked_at_first_and_then_taken(client: Client) -> None:
    page = upload(client, FILE)
    assert "new: 3" in page
    assert not Authority.objects.exists()
    carried = re.search(r'name="carried" value="([^"]+)"', page)
    assert carried
    page = client.post("/authorities/import", {"carried": carried[1], "take": "1"}).content.decode()
    assert "The file was taken." in page
    assert Authority.objects.count() == 3
    again = client.post("/authorities/import", {"carried": carried[1], "take": "1"}).content.decode()
    assert "Everything in the file was in the directory already." in again


def test_a_file_with_a_refused_row_says_which_and_cannot_be_taken(client: Client) -> None:
    page = upload(client, BROKEN)
    assert "line 9" in page
    assert "this is no e-mail address, such as office@ministry.example" in page
    assert 'name="take"' not in page
    file = SimpleUploadedFile("authorities.csv", BROKEN.encode())
    answer = client.post("/authorities/import", {"file": file, "take": "1"})
    assert answer.status_code == 400
    assert not Authority.objects.exists()
    # The refused rows alone, each with why: mended, the table is looked at as it is.
    carried = re.search(r'name="carried" value="([^"]+)"', page)
    assert carried
    taken = client.post("/authorities/import", {"carried": carried[1], "refused": "1"})
    table = taken.content.decode()
    header, *rows = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    assert header[:2] == ["refused", "what"]
    (row,) = rows
    assert row[:2] == ["line 9: this is no e-mail address, such as office@ministry.example", "contact_point"]
    again = upload(client, table)
    assert "line 2" in again
    assert "a row of the kind" not in again


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Choose a file."),
        ({"carried": "!"}, "The file came back damaged."),
        ({"carried": "eJw="}, "The file came back damaged."),
        ({"file": SimpleUploadedFile("a.csv", b"\xff\xfe\x00")}, "It is not UTF-8."),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%\xe2\xe3")}, "This is a PDF, which holds no rows."),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04\x14")}, "This is no CSV. Open it in a spreadsheet"),
        ({"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}, "no column is called what"),
        ({"file": SimpleUploadedFile("a.json", b"{}")}, "neither organizations nor posts"),
    ],
)
def test_what_is_no_file_of_a_directory_is_told_so(client: Client, posted: dict[str, object], said: str) -> None:
    for each in posted.values():
        if isinstance(each, SimpleUploadedFile):
            each.seek(0)
    answer = client.post("/authorities/import", posted)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_small_file_that_unpacks_into_a_huge_one_is_refused(client: Client) -> None:
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(b"a" * 20_000_000, 9)).decode()
    answer = client.post("/authorities/import", {"carried": bomb, "take": "1"})
    assert answer.status_code == 400


def test_a_file_that_no_form_can_carry_is_looked_at_and_taken_at_the_machine(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.authorities.views.LARGEST_CARRIED", 10)
    page = upload(client, FILE)
    assert "new: 3" in page
    assert "tocsin site authorities import" in page
    assert 'name="take"' not in page


@pytest.mark.parametrize(("form", "read"), [("csv", from_csv), ("json", from_popolo)])
def test_what_is_exported_is_the_directory(filled: Client, form: str, read) -> None:  # type: ignore[no-untyped-def]
    answer = filled.get(f"/authorities/export/{form}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="authorities.{form}"'
    written = answer.content.decode()
    assert read(written, Directory(), today=NOW.date()).directory == queries.get_directory()
    assert json.loads(written) if form == "json" else list(csv.reader(io.StringIO(written)))
    assert filled.get("/authorities/export/vcf").content.count(b"BEGIN:VCARD") == len(queries.get_directory().posts)
    assert filled.get("/authorities/export/pdf").status_code == 404


def filled_form(**changed: str | list[str]) -> dict[str, str | list[str]]:
    form: dict[str, str | list[str]] = {
        "country": "xzv",
        "office": "mayor",
        "name_en": "Mayor of Velm",
        "name_fr": "Maire de Velm",
        "new_institution": "Town of Velm",
        "kind": "local_authority",
        "place": "Velm",
        "demands": ["guarantee_safety"],
        "salutation_fr": "Monsieur le Maire,",
        "source": "state gazette",
        "why": "new",
    }
    return form | changed


def test_a_post_is_added_and_changed(filled: Client) -> None:
    answer = filled.post("/authorities/new", filled_form())
    assert answer.headers["Location"] == "/authorities/posts/xzv-mayor-velm"
    post, row = queries.get_post("xzv-mayor-velm")
    assert post.names == {"en": "Mayor of Velm", "fr": "Maire de Velm"}
    assert post.demands == ("guarantee_safety",)
    assert queries.get_directory().institutions["xzv-town-of-velm"].kind == "local_authority"
    page = filled.get("/authorities/posts/xzv-mayor-velm").content.decode()
    assert "Monsieur le Maire," in page
    again = filled_form(place="", new_institution="", institution="xzv-town-of-velm", why="correction")
    filled.post("/authorities/posts/xzv-mayor-velm/edit", {**again, "seen": "1"})
    post, row = queries.get_post("xzv-mayor-velm")
    assert post.place == ""
    assert [(step.why, step.changed) for step in queries.list_history(row)] == [("correction", ("place",)), ("new", ())]
    # A second one of the same kind gets a key of its own.
    assert filled.post("/authorities/new", filled_form()).headers["Location"].endswith("/xzv-mayor-velm-2")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"country": "Z"}, "at least 3"),
        ({"country": "ZZZ"}, "the country is no alpha-3 code"),
        ({"office": "major"}, "Select a valid choice"),
        ({"name_en": ""}, "This field is required"),
        ({"name_en": "Mayor\u202e"}, "a character that cannot be seen"),
        ({"why": "because"}, "Select a valid choice"),
    ],
)
def test_a_post_that_cannot_be_so_is_not_saved(filled: Client, changed: dict[str, str], said: str) -> None:
    before = AuthorityVersion.objects.count()
    answer = filled.post("/authorities/new", filled_form(**changed))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert AuthorityVersion.objects.count() == before


def test_who_edits_what_somebody_else_changed_meanwhile_is_told(filled: Client, tomas: NewAccount) -> None:
    style = {"what": "style", "of": MINISTER, "language": "en", "salutation": "Madam Minister,"}
    actions.put(tomas.actor, [style], why="correction", now=NOW)
    form = filled_form(new_institution="", office="minister_justice", name_en="Minister for Justice", why="correction")
    answer = filled.post(f"{POST}/edit", {**form, "seen": "1"})
    assert answer.status_code == 400
    assert "somebody else changed this post meanwhile" in answer.content.decode()
    assert queries.get_post(MINISTER)[0].names["en"] == "Minister of Justice"


def test_a_mistake_in_a_form_hides_no_change_of_somebody_else(filled: Client, tomas: NewAccount) -> None:
    style = {"what": "style", "of": MINISTER, "language": "en", "salutation": "Madam Minister,"}
    actions.put(tomas.actor, [style], why="correction", now=NOW)
    form = filled_form(new_institution="", office="minister_justice", name_en="Minister for Justice", why="correction")
    for mistake in ({"country": "Z"}, {"name_en": "Minister\u202e", "seen": "2"}):
        sent = {**form, "seen": "1", **mistake}
        again = filled.post(f"{POST}/edit", sent).content.decode()
        assert f'name="seen" value="{sent["seen"]}"' in again
    # Who was told of the change may answer it by sending her own.
    told = filled.post(f"{POST}/edit", {**form, "seen": "1"}).content.decode()
    assert 'name="seen" value="2"' in told
    assert filled.post(f"{POST}/edit", {**form, "seen": "2"}).status_code == 302


def test_a_letter_that_came_back_is_told_everywhere(filled: Client) -> None:
    assert "state-failed" not in filled.get("/authorities").content.decode()
    filled.post(f"{POST}/check", {"part": PART, "result": "bounced"})
    assert '<span class="state state-failed">does not reach</span>' in filled.get("/authorities").content.decode()
    page = filled.get(POST).content.decode()
    assert "failed 1 time since" in page
    # Of the same day a letter that came back counts before a look at the website.
    filled.post(f"{POST}/check", {"part": PART, "result": "ok"})
    assert "state-failed" in filled.get("/authorities").content.decode()


def test_what_was_said_today_by_mistake_is_taken_back_and_stays_in_the_history(filled: Client) -> None:
    before = filled.get(POST).content.decode()
    assert 'name="back"' not in before
    filled.post(f"{POST}/check", {"part": PART, "result": "gone"})
    assert 'name="back"' in filled.get(POST).content.decode()
    assert "state-failed" in filled.get("/authorities").content.decode()
    assert filled.post(f"{POST}/check", {"part": PART, "back": "yes"}).status_code == 302
    after = filled.get(POST).content.decode()
    assert "state-failed" not in filled.get("/authorities").content.decode()
    assert 'name="back"' not in after
    assert "a mistake was corrected" in after
    checks = [AuthorityVersion.objects.order_by("-version").first(), AuthorityVersion.objects.get(version=2)]
    assert ['"gone"' in each.content for each in checks if each] == [False, True]
    assert filled.post(f"{POST}/check", {"part": PART, "back": "yes"}).status_code == 409


def test_a_check_of_an_earlier_day_is_followed_and_not_undone(
    filled: Client, tomas: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.post(f"{POST}/check", {"part": PART, "result": "gone"})
    later = NOW + timedelta(days=1)
    monkeypatch.setattr(door.timezone, "now", lambda: later)
    next_day = client_of(tomas.actor, now=later)
    assert 'name="back"' not in next_day.get(POST).content.decode()
    assert next_day.post(f"{POST}/check", {"part": PART, "back": "yes"}).status_code == 409
    assert "state-failed" in next_day.get("/authorities").content.decode()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"part": PART},
        {"part": PART, "result": "fine"},
        {"part": "x", "result": "ok"},
        {"part": "occupancy//Nobody", "result": "ok"},
    ],
)
def test_a_check_of_nothing_is_not_saved(filled: Client, posted: dict[str, str]) -> None:
    before = AuthorityVersion.objects.count()
    assert filled.post(f"{POST}/check", posted).status_code == 409
    assert AuthorityVersion.objects.count() == before


def test_a_way_is_added_ended_and_used_again(filled: Client) -> None:
    way = {"code": "phone", "address": "+44 20 7946 0411", "source": "website"}
    assert filled.post(f"{POST}/contact", way).status_code == 302
    part = "contact_point/phone/+442079460411"
    assert part in [each.part for each in queries.get_post(MINISTER)[0].open_contact_points(NOW.date())]
    filled.post(f"{POST}/contact/end", {"part": part})
    assert part not in [each.part for each in queries.get_post(MINISTER)[0].open_contact_points(NOW.date())]
    assert "No longer used" in filled.get(POST).content.decode()
    filled.post(f"{POST}/contact/end", {"part": part, "again": "1"})
    assert part in [each.part for each in queries.get_post(MINISTER)[0].open_contact_points(NOW.date())]
    bad = filled.post(f"{POST}/contact", {**way, "address": "911"})
    assert bad.status_code == 400
    assert "this is no number that begins with +" in bad.content.decode()
    assert filled.post(f"{POST}/contact/end", {"part": "x"}).status_code == 404


def test_somebody_else_holds_it(filled: Client) -> None:
    posted = {"person": "Orla Tamsin", "title": "Mr.", "begins": "2026-11-24", "acting": "on", "seen": "1"}
    assert filled.post(f"{POST}/holder", posted).status_code == 302
    page = filled.get(POST).content.decode()
    assert "Orla Tamsin" in page
    assert "Monsieur le Ministre," in page
    late = filled.post(f"{POST}/holder", {**posted, "person": "Pell Ardanov"})
    assert late.status_code == 409
    assert filled.post(f"{POST}/holder", {"person": ""}).status_code == 400


def test_a_government_changes_and_it_is_taken_back(filled: Client) -> None:
    filled.post("/authorities/governments", {"country": "XZV", "on": "2026-11-24"})
    assert filled.get("/authorities").content.decode().count("state-stale") == 1
    page = filled.get("/authorities/governments").content.decode()
    back = re.search(r'action="(/authorities/governments/[^"]+/back)"', page)
    assert back
    filled.post(back[1])
    assert "state-stale" not in filled.get("/authorities").content.decode()
    assert filled.post(back[1]).status_code == 404
    assert filled.post("/authorities/governments", {"country": "XZV", "on": "2027-01-01"}).status_code == 400


def test_what_strangers_wrote_into_a_file_is_shown_and_not_obeyed(client: Client, tomas: NewAccount) -> None:
    written = FILE.replace("Minister of Justice", "<script>alert(1)</script>").replace("Yevanna", "<b>Yevanna")
    actions.take_file(tomas.actor, written, now=NOW)
    for address in ("/authorities", POST, f"{POST}/edit"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>Yevanna" not in page


@pytest.mark.parametrize(("role", "sees"), [("legal", False), ("verifier", True)])
def test_who_may_only_read_sees_no_button(filled: Client, hire: Hire, role: str, sees: bool) -> None:
    reader = signed_in(hire("reader", role))
    page = reader.get(POST).content.decode()
    assert ("Checked today" in page) is sees
    assert ("/edit" in page) is sees
    assert reader.get("/authorities/import").status_code == 404
    assert queries.get_post(MAYOR)[0].key == MAYOR


# --- institutions, and what is no more ---

INSTITUTION = "/authorities/institutions/of/xzv-justice"


def test_an_institution_is_added_changed_and_found_beside_its_posts(filled: Client) -> None:
    assert INSTITUTION in filled.get(POST).content.decode()
    new = {"country": "xzv", "kind": "prison", "name_en": "Velm prison", "part_of": "xzv-justice", "why": "new"}
    assert filled.post("/authorities/institutions/new", new).headers["Location"].endswith("/of/xzv-velm-prison")
    page = filled.get(INSTITUTION).content.decode()
    assert all(each in page for each in ("Velm prison", "Minister of Justice", "Yevanna Brill"))
    assert "2 posts and bodies" in filled.get("/authorities/institutions").content.decode()
    again = {**new, "name_en": "Prison of Velm", "part_of": "", "why": "correction", "seen": "1"}
    assert filled.post("/authorities/institutions/of/xzv-velm-prison/edit", again).status_code == 302
    body, row = queries.get_institution("xzv-velm-prison")
    assert (body.names["en"], body.part_of) == ("Prison of Velm", "")
    history = [(step.why, step.changed) for step in queries.list_history(row)]
    assert history == [("correction", ("names", "part_of")), ("new", ())]
    late = filled.post("/authorities/institutions/of/xzv-velm-prison/edit", again)
    assert (late.status_code, "somebody else changed this institution" in late.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_en": ""}, "This field is required"),
        ({"country": "ZZZ"}, "the country is no alpha-3 code"),
        ({"part_of": "xzv-nothing"}, "Select a valid choice"),
    ],
)
def test_an_institution_that_cannot_be_so_is_not_saved(filled: Client, changed: dict[str, str], said: str) -> None:
    new = {"country": "XZV", "kind": "prison", "name_en": "Velm prison", "part_of": "", "why": "new"}
    answer = filled.post("/authorities/institutions/new", {**new, **changed})
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert list(queries.get_directory().institutions) == ["xzv-justice"]


def test_an_institution_is_closed_after_its_posts_and_each_end_can_be_taken_back(filled: Client) -> None:
    early = filled.post(f"{INSTITUTION}/end", {"ends": "2026-11-20", "seen": "1"})
    assert (early.status_code, "are still there" in early.content.decode()) == (409, True)
    before = AuthorityVersion.objects.count()
    # What names the post is shown first, and nothing is closed by that.
    asked = filled.post(f"{POST}/end", {"part": ""}).content.decode()
    assert "None of the cases that you may open writes to it." in asked
    assert AuthorityVersion.objects.count() == before
    assert filled.post(f"{POST}/end", {"part": "", "ends": "", "seen": "1"}).status_code == 400
    assert filled.post(f"{POST}/end", {"part": "", "ends": "2026-11-20", "seen": "1"}).status_code == 302
    assert "This post is no more since" in filled.get(POST).content.decode()
    assert f'href="{POST}"' not in filled.get("/authorities").content.decode()
    assert f'href="{POST}"' in filled.get("/authorities?state=replaced").content.decode()
    assert filled.post(f"{INSTITUTION}/end", {"ends": "2026-11-20", "seen": "1"}).status_code == 302
    assert "xzv-justice" not in filled.get("/authorities/new").content.decode()
    assert filled.post(f"{INSTITUTION}/end", {"again": "1", "seen": "2"}).status_code == 302
    assert filled.post(f"{POST}/end", {"again": "1", "seen": "2"}).status_code == 302
    post, row = queries.get_post(MINISTER)
    assert (post.until, [each.person for each in post.occupancies]) == (None, ["Yevanna Brill"])
    steps = [(step.why, step.changed) for step in queries.list_history(row)]
    assert steps == [("closed", ("until",)), ("closed", ("until",)), ("imported", ())]


def test_a_change_of_a_closed_post_does_not_open_it_again(filled: Client) -> None:
    filled.post(f"{POST}/end", {"part": "", "ends": "2026-11-20", "seen": "1"})
    form = filled_form(new_institution="", office="minister_justice", name_en="Minister for Justice", why="correction")
    assert filled.post(f"{POST}/edit", {**form, "seen": "2"}).status_code == 302
    assert str(queries.get_post(MINISTER)[0].until) == "2026-11-20"


def test_somebody_holds_a_post_no_more_though_nobody_follows(filled: Client) -> None:
    part = {"part": "occupancy/2019-11-02/Yevanna Brill"}
    assert "Holds it no more" in filled.get(POST).content.decode()
    assert "Yevanna Brill" in filled.post(f"{POST}/end", part).content.decode()
    wrong = filled.post(f"{POST}/end", {**part, "ends": "2018-01-01", "seen": "1"})
    assert (wrong.status_code, "it ends before it begins" in wrong.content.decode()) == (409, True)
    assert filled.post(f"{POST}/end", {"part": "x", "ends": "2026-11-20", "seen": "1"}).status_code == 409
    assert filled.post(f"{POST}/end", {**part, "ends": "2026-11-20", "seen": "1"}).status_code == 302
    page = filled.get(POST).content.decode()
    assert "Nobody is known to hold it now." in page
    assert "Yevanna Brill" in page
    assert filled.post(f"{POST}/end", {**part, "ends": "2026-11-21", "seen": "1"}).status_code == 409
    filled.post(f"{POST}/end", {**part, "again": "1", "seen": "2"})
    assert "Nobody is known to hold it now." not in filled.get(POST).content.decode()
