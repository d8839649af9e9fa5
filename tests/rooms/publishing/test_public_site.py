"""The public site: what is signed is shown in every form, found in every script, and gone when it was taken back."""

import gzip
import json
import logging
import re
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from posixpath import join, normpath
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from lxml import etree

from command_line import call
from invented_appeals import ENGLISH, SPANISH
from people import NOW
from public_site import TODAY, Clock, Press, plans_of, slug_of
from signing import appeal, signed
from tocsin.config.inventing import invented_countries
from tocsin.config.policies import FORWARDED_PROTO
from tocsin.core.appeal import Text
from tocsin.core.errors import ChangedMeanwhile
from tocsin.core.publication import (
    PublicAppeal,
    Retraction,
    Words,
    edition_of,
    from_file,
    signatories_from_file,
    to_file,
    verify,
)
from tocsin.publishing import actions, answers, codes, copying, pages, queries, views
from tocsin.publishing.models import Publication, PublishedRetraction, Shown, ShownWords
from tocsin.vault.keyring import is_signed

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
LANGUAGES = [tag for tag, _ in settings.LANGUAGES]


# What could run or fetch; a description of the page for search engines does neither.
ASKS = re.compile(r"<script(?! type=\"application/ld\+json\")|<img|<iframe|\son\w+=|@import|url\(")


def text(site: Client, address: str, status: int = 200) -> str:
    answer = site.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def pages_of(site: Client) -> dict[str, bytes]:
    """Follow every link of the site from the list in English, as files of a folder would lead on."""
    found: dict[str, bytes] = {}
    waiting = ["/en/index.html"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = site.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content
        if answer.headers["Content-Type"].startswith("text/html"):
            links = re.findall(r'(?:href|action)="([^"#?:]+)"', answer.content.decode())
            waiting += [normpath(join(address.rpartition("/")[0], link)) for link in links]
    return found


def test_every_link_leads_on_and_every_page_is_small_and_asks_for_nothing(
    site: Client, press: Press, lawyer: PublicAppeal
) -> None:
    press.follow_up(lawyer, [ENGLISH], now=NOW)
    found = pages_of(site)
    slug = slug_of(lawyer)
    for tag in LANGUAGES:
        for name in ("index.html", "verify.html", "feed.atom", "feed.json", "country/XZV.html"):
            assert f"/{tag}/{name}" in found
    for tag in ("en", "ar"):
        for form in ("html", "pdf", "docx", "txt", "md", "json"):
            assert f"/appeals/{slug}/{tag}.{form}" in found
    for address, content in found.items():
        if address.endswith(".html"):
            page = content.decode()
            assert len(gzip.compress(content, 9)) <= 14_000, address
            assert len(content) <= 50_000, address
            # Only the page of a letter has a script.
            script = '<script src="../../../letter.js" defer></script>'
            assert (script in page) == bool(re.search(r"/act/.+/[0-9]+\.[a-z]+\.html$", address)), address
            assert ASKS.findall(page.replace(script, "", 1)) == [], address
            assert not re.search(r'(?:src|href)="(?!mailto:|tel:)[a-z]+:', page.split("<main>")[0]), address


@pytest.mark.database("sqlite")
def test_the_page_of_an_appeal_is_made_without_a_walk_over_all_others(
    site: Client, press: Press, lawyer: PublicAppeal
) -> None:
    press.follow_up(lawyer, [ENGLISH], now=NOW)
    address = f"/appeals/{slug_of(lawyer)}/en.html"
    text(site, address)  # what is kept until something is let in

    def made_anew() -> None:
        answers.kept.forget()
        text(site, address)

    walks = r"SCAN publishing_(?!catalogue)|shown_by_time \(visible_from<"
    assert [plan for plan in plans_of(made_anew) if re.search(walks, plan)] == []


def test_every_answer_bears_the_headers_and_no_cookie(site: Client, lawyer: PublicAppeal) -> None:
    slug = slug_of(lawyer)
    for address, status in [
        *[(f"/{tag}/index.html", 200) for tag in LANGUAGES],
        *[(f"/appeals/{slug}/en.{form}", 200) for form in ("html", "pdf", "json", "png")],
        ("/", 302),
        (f"/appeals/{slug}/", 302),
        ("/nowhere", 404),
        ("/en/index.html?q=maro", 200),
        ("/robots.txt", 200),
        (f"/en/index.html?q={'x' * 2000}", 414),
    ]:
        answer = site.get(address)
        assert answer.status_code == status, address
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), address
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "X-Robots-Tag" not in answer.headers
    assert site.post("/en/index.html", {"q": "x"}).status_code in (405, 413)


def test_the_style_of_a_page_is_the_one_that_its_policy_lets_in(site: Client, lawyer: PublicAppeal) -> None:
    import base64
    import hashlib

    for address in ("/en/index.html", f"/appeals/{slug_of(lawyer)}/ar.html"):
        answer = site.get(address)
        (style,) = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Zarvania"), ("fr", "Zarvanie"), ("es", "Zarvania"), ("ru", "Зарвания"), ("ar", "زارفانيا")],
)
def test_the_invented_country_of_a_demonstration_has_a_name_in_every_language_and_none_elsewhere(
    site: Client, lawyer: PublicAppeal, language: str, name: str
) -> None:
    addresses = (f"/{language}/index.html", f"/{language}/country/XZV.html")
    with override_settings(TOCSIN_INVENTED_COUNTRIES=invented_countries()):
        assert all(f"{name}</" in text(site, each) for each in addresses)
        assert ">XZV<" not in text(site, addresses[0])
    answers.kept.forget()
    with override_settings(TOCSIN_INVENTED_COUNTRIES={}):
        assert all(">XZV</" in text(site, each) for each in addresses)


def test_every_invented_country_is_named_in_every_language_of_the_pages() -> None:
    assert all(set(names) >= set(LANGUAGES) for names in invented_countries().values())


def test_an_appeal_is_shown_with_its_languages_its_chain_and_its_proof(
    site: Client, press: Press, lawyer: PublicAppeal
) -> None:
    later = press.follow_up(lawyer, [ENGLISH], now=NOW)
    page = text(site, f"/appeals/{slug_of(lawyer)}/en.html")
    assert "two men in plain clothes" in page
    assert 'href="ar.html" lang="ar"' in page
    assert "There is newer information" in page
    # The earlier one does not ask for letters any more.
    assert "Write to the authorities (" not in page
    assert "Write to the authorities (" in text(site, f"/appeals/{slug_of(later)}/en.html")
    assert later.code in page
    assert ' · <time datetime="2026-11-04">4 November 2026</time>' in page, "when the others of its chain were issued"
    assert "There is newer information" not in text(site, f"/appeals/{slug_of(later)}/en.html")
    proof = from_file(site.get(f"/appeals/{slug_of(lawyer)}/proof.json").content)
    keys = signatories_from_file(site.get("/signatories.json").content, is_signed)
    assert proof == lawyer
    assert len(verify(proof, keys, is_signed)) == 2


def test_readers_are_led_to_their_language(site: Client, lawyer: PublicAppeal) -> None:
    for accepted, home, edition in [
        ("ar,en;q=0.5", "ar", "ar"),
        ("fr-CH", "fr", "en"),
        ("", "en", "en"),
        ("xx;q=a", "en", "en"),
    ]:
        assert site.get("/", HTTP_ACCEPT_LANGUAGE=accepted).headers["Location"] == f"/{home}/index.html"
        answer = site.get(f"/appeals/{slug_of(lawyer)}/", HTTP_ACCEPT_LANGUAGE=accepted)
        assert answer.headers["Location"] == f"/appeals/{slug_of(lawyer)}/{edition}.html"


def test_a_list_says_what_came_later_and_calls_urgent_only_what_asks_for_letters(site: Client, press: Press) -> None:
    plain, corrected, followed, closed = (press.publish([ENGLISH], now=NOW) for _ in range(4))
    version = replace(appeal(corrected.code, [ENGLISH]), version=2, note=(Words("en", "A date was wrong."),))
    actions.correct(press.sign(version), now=NOW)
    update = press.follow_up(followed, [ENGLISH], now=NOW)
    drafted = appeal(codes.give_follow_up(closed.code, TODAY, now=NOW), [ENGLISH], follows=closed.code)
    closing = tuple(edition_of(replace(each.document, kind="closure")) for each in drafted.editions)
    closure = press.sign(replace(drafted, kind="closure", editions=closing))
    actions.publish(closure, now=NOW)
    marked = {closed: "Case closed", followed: "Newer information", corrected: "Corrected"}
    wanted = {each.code: marked.get(each, "") for each in (plain, corrected, followed, closed, update, closure)}
    for address in ("/en/index.html", "/en/country/XZV.html", "/en/index.html?q=marosh"):
        rows = text(site, address).split("<li")
        found = {code: row for code in wanted for row in rows if f'dir="ltr">{code}</bdi>' in row}
        marks = {code: "".join(re.findall('<span class="mark">([^<]*)</span>', row)) for code, row in found.items()}
        assert marks == wanted, address
        urgent = {code for code, row in found.items() if row.startswith(' class="urgent"')}
        assert urgent == {plain.code, corrected.code, update.code}, address
    assert "أُغلقت القضية" in text(site, "/ar/index.html")
    narrowed = {
        "asks": {plain, corrected, update},
        "superseded": {followed},
        "closed": {closed, closure},
        "corrected": {corrected},
        "nonsense": {plain, corrected, update, followed, closed, closure},
    }
    for standing, appeals in narrowed.items():
        for others in ("", "&q=marosh", "&country=XZV&kind=&year=2026"):
            page = text(site, f"/en/index.html?standing={standing}{others}")
            assert {each for each in wanted if f'dir="ltr">{each}</bdi>' in page} == {one.code for one in appeals}
            assert f"{len(appeals)} appeal" in page, "what is counted is what is listed"
    press.retract(closure, now=NOW)
    assert "2 appeals" not in text(site, "/en/index.html?standing=closed"), "worked out anew once something was let in"


def test_a_list_narrowed_by_standing_is_turned_and_follows_the_hour(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    others = [press.publish([SPANISH], now=NOW).code for _ in range(queries.ON_A_PAGE)]
    code = codes.give_follow_up(lawyer.code, TODAY, now=NOW)
    actions.publish(press.sign(appeal(code, [ENGLISH], follows=lawyer.code, not_before=SOON)), now=NOW)
    first = text(site, "/en/index.html?standing=asks&q=OBS")
    (turned,) = re.findall(r'href="(index\.html[^"]*page=2)"', first)
    second = text(site, "/en/" + turned.replace("&amp;", "&"))
    assert (all(each in first + second for each in [*others, lawyer.code]), code in first + second) == (True, False)
    assert "0 appeals" in text(site, "/en/index.html?standing=superseded")
    clock.now = SOON
    assert lawyer.code in text(site, "/en/index.html?standing=superseded")
    assert code in text(site, "/en/index.html?standing=asks")


def test_a_page_that_there_is_not_leads_on_in_the_language_of_its_address_or_of_the_reader(site: Client) -> None:
    for address, accepted, language, up in [
        ("/ar/xyz", "fr", "ar", "../"),
        ("/appeals/xzv-009-1126-obs-999/en.html", "fr-CH", "fr", "../../"),
        ("/nowhere", "", "en", ""),
    ]:
        answer = site.get(address, HTTP_ACCEPT_LANGUAGE=accepted)
        assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)
        page = answer.content.decode()
        assert f'<html lang="{language}"' in page
        assert f'href="{up}{language}/index.html"' in page
        assert (answer.headers["Cache-Control"], "noindex" in page) == ("no-store", True)
        assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


def test_a_list_is_narrowed_and_turned(site: Client, press: Press, lawyer: PublicAppeal) -> None:
    for _ in range(queries.ON_A_PAGE):
        press.publish([SPANISH], now=NOW)
    assert text(site, "/en/index.html").count('<li class="urgent">') == queries.ON_A_PAGE
    assert lawyer.code in text(site, "/en/index.html") + text(site, "/en/page-2.html")
    text(site, "/en/page-3.html", 404)
    narrowed = text(site, "/en/index.html?country=XOS&year=2026&kind=urgent_appeal")
    assert lawyer.code not in narrowed
    assert "20 appeals" in narrowed
    assert "1 appeal ·" in text(site, "/en/index.html?q=marosh&country=XZV&year=&kind=")
    assert "No appeal" not in text(site, "/en/index.html?country=nonsense&year=abcd&kind=x")
    for address in ("/en/index.html?page=0", "/en/index.html?page=9", "/en/index.html?sort=x", "/en/country/QQQ.html"):
        text(site, address, 404)


def test_a_retraction_takes_every_form_of_an_appeal_away_and_says_so(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    slug = slug_of(lawyer)
    everywhere = [f"/appeals/{slug}/{name}" for name in ("en.html", "ar.html", "en.pdf", "ar.txt", "en.json", "en.png")]
    assert [site.get(each).status_code for each in everywhere] == [200] * len(everywhere)
    assert lawyer.code in text(site, "/en/index.html")
    assert "Marosh" in text(site, "/en/feed.atom")
    clock.now = SOON
    press.retract(lawyer, now=SOON)
    clock.seconds += answers.LOOK_SECONDS
    assert answers.LOOK_SECONDS + answers.MAX_AGE < 60
    for each in everywhere:
        gone = text(site, each, 410)
        assert "Marosh" not in gone
        assert "الورداني" not in gone
    tombstone = text(site, f"/appeals/{slug}/en.html", 410)
    assert "This appeal was withdrawn" in tombstone
    assert lawyer.code in tombstone
    for address in ("/en/index.html", "/en/index.html?q=marosh", "/sitemap.xml"):
        assert slug not in text(site, address)
    assert not ShownWords.objects.exists(), "its words are gone, and not only left out"
    feed = etree.fromstring(site.get("/en/feed.atom").content)
    (entry,) = feed.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert entry.get("ref") == f"urn:tocsin:{slug}"
    (item,) = json.loads(site.get("/en/feed.json").content)["items"]
    assert item["_tocsin"] == {"withdrawn": True}
    for address in ("/en/feed.atom", "/en/feed.json"):
        assert "Marosh" not in text(site, address)
    assert from_file(site.get(f"/appeals/{slug}/proof.json").content).code == lawyer.code


def test_nothing_shows_before_the_end_of_an_embargo_and_all_of_it_after(
    site: Client, press: Press, clock: Clock
) -> None:
    held = press.publish([ENGLISH], now=NOW, not_before=SOON)
    slug = slug_of(held)
    addresses = [f"/appeals/{slug}/{name}" for name in ("en.html", "en.pdf", "proof.json", "")]
    for address in addresses:
        text(site, address, 404)
    lists = ("/en/index.html", "/en/index.html?q=marosh", "/en/feed.atom", "/en/feed.json", "/sitemap.xml")
    assert [slug in text(site, address) or held.code in text(site, address) for address in lists] == [False] * 5
    clock.now = SOON
    assert [site.get(each).status_code for each in addresses] == [200, 200, 200, 302]
    assert [slug in text(site, address) or held.code in text(site, address) for address in lists] == [True] * 5


def test_a_correction_takes_the_place_of_what_it_corrects_and_says_what_it_changed(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    mended = replace(ENGLISH, title=Text("Zarvania: Lawyer Lena Maroshi held at an unknown place"))
    note = (Words("en", "Her name was misspelt."),)
    actions.correct(press.sign(replace(appeal(lawyer.code, [mended]), version=2, note=note)), now=SOON)
    clock.now = SOON
    page = text(site, f"/appeals/{slug_of(lawyer)}/en.html")
    assert "Maroshi held" in page
    assert "Her name was misspelt." in page
    for gone in ("ar.html", "ar.pdf"):
        answer = site.get(f"/appeals/{slug_of(lawyer)}/{gone}", HTTP_ACCEPT_LANGUAGE="ar")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/appeals/{slug_of(lawyer)}/en.html")
    assert lawyer.code in text(site, "/en/index.html?q=maroshi")
    assert lawyer.code not in text(site, "/en/index.html?q=الورداني")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("title", ["中国: Lena Marosh", "Lena Marosh " * 4_000], ids=["letters", "length"])
def test_an_edition_that_cannot_be_set_has_a_page_and_its_other_files_but_no_pdf(
    site: Client, press: Press, tmp_path: Path, title: str
) -> None:
    slug = slug_of(press.publish([replace(ENGLISH, language="zh-Hans", title=Text(title)), ENGLISH], now=NOW))
    folder = f"/appeals/{slug}"
    for tag, forms in (("zh-Hans", {"docx", "png", "txt", "md", "json"}), ("en", set(pages.FORMS))):
        page = text(site, f"{folder}/{tag}.html")
        assert {form for form in pages.FORMS if f"{tag}.{form}" in page} == forms
        assert {form for form in pages.FORMS if site.get(f"{folder}/{tag}.{form}").status_code == 200} == forms
    named = re.findall(r'appeals/[^"]*pdf', text(site, f"/api/1/appeals/{slug}.json"))
    assert [each.rpartition("/")[2] for each in named] == ["en.pdf"]
    copying.copy_to(tmp_path / "mirror", ("pdf", "txt"), now=NOW)
    there = {each.name for each in (tmp_path / f"mirror{folder}").iterdir()}
    assert {"en.pdf", "zh-Hans.html", "zh-Hans.txt"} <= there
    assert "zh-Hans.pdf" not in there


@pytest.mark.database("sqlite")
def test_every_form_on_the_site_is_verified_by_the_proof_beside_it_and_the_keys_of_the_site(
    site: Client, lawyer: PublicAppeal, tmp_path: Path
) -> None:
    at = f"/appeals/{slug_of(lawyer)}"
    keys, proof = tmp_path / "keys.json", tmp_path / "proof.json"
    keys.write_bytes(site.get("/signatories.json").content)
    proof.write_bytes(site.get(f"{at}/proof.json").content)
    for name in (*(f"en.{form}" for form in ("html", *pages.FORMS)), "cap.xml"):
        copy = tmp_path / name
        copy.write_bytes(site.get(f"{at}/{name}").content)
        ended = call("verify", str(copy), "--keys", str(keys), "--proof", str(proof))
        assert (ended.status, ended.output.splitlines()[0]) == (0, f"genuine: {lawyer.code} · ar en"), name


CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("cap-1.2.xsd")))


def alert_of(site: Client, published: PublicAppeal) -> dict[str, list[str]]:
    """Give what an alert says, by the names of its parts; those within an `info` too."""
    root = etree.fromstring(site.get(f"/appeals/{slug_of(published)}/cap.xml").content)
    SCHEMA.assertValid(root)
    said: dict[str, list[str]] = {}
    for each in root.iter():
        said.setdefault(each.tag.removeprefix(CAP), []).append(each.text or "")
    return said


def test_an_alert_is_given_updated_and_cancelled(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    first = alert_of(site, lawyer)
    slug = slug_of(lawyer)
    assert (first["msgType"], first["status"], first["code"]) == (["Alert"], ["Exercise"], [lawyer.code])
    assert first["language"] == ["ar", "en"]
    assert first["sent"] == ["2026-11-25T12:00:00-00:00"]
    assert "two men in plain clothes" in first["description"][1]
    assert "references" not in first
    note = (Words("en", "A date was wrong."),)
    actions.correct(press.sign(replace(appeal(lawyer.code, [ENGLISH]), version=2, note=note)), now=SOON)
    clock.now, clock.seconds = SOON, answers.LOOK_SECONDS
    second = alert_of(site, lawyer)
    assert second["msgType"] == ["Update"]
    assert second["references"] == [f"localhost,{slug}.v1,2026-11-25T12:00:00-00:00"]
    press.retract(lawyer, now=LATER)
    clock.now, clock.seconds = LATER, 2 * answers.LOOK_SECONDS
    gone = alert_of(site, lawyer)
    assert (gone["msgType"], gone["identifier"]) == (["Cancel"], [f"{slug}.withdrawn"])
    assert f"{slug}.v2" in gone["references"][0]
    assert "info" not in gone


def test_who_has_a_copy_is_told_that_it_is_still_right(site: Client, lawyer: PublicAppeal) -> None:
    address = f"/appeals/{slug_of(lawyer)}/en.html"
    plain = site.get(address)
    small = site.get(address, HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(small.content) == plain.content
    assert small.headers["Vary"] == "Accept-Encoding"
    again = site.get(address, HTTP_IF_NONE_MATCH=plain.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert site.get(address, HTTP_IF_NONE_MATCH='"else"').status_code == 200


def test_a_row_that_was_put_in_past_the_signatures_is_shown_nowhere(site: Client, lawyer: PublicAppeal) -> None:
    forged = signed(appeal("XZV 007 / 1126 / OBS 007", [ENGLISH]))
    row = Publication.objects.create(
        code=forged.code,
        slug="xzv-007-1126-obs-007",
        version=1,
        kind=forged.kind,
        supersedes="",
        statement=to_file(forged),
        published_at=NOW,
        visible_from=NOW,
    )
    Shown.objects.create(slug=row.slug, place=0, publication=row, visible_from=NOW, kind=row.kind)
    page = text(site, "/en/index.html")
    assert lawyer.code in page
    assert forged.code not in page + text(site, "/en/feed.atom")
    text(site, f"/appeals/{row.slug}/en.html", 404)


def test_an_appeal_that_is_put_under_the_address_of_another_is_shown_at_neither(
    site: Client, press: Press, lawyer: PublicAppeal
) -> None:
    other = press.publish([SPANISH], now=NOW)
    Shown.objects.filter(slug=slug_of(lawyer)).update(publication=Publication.objects.get(code=other.code))
    text(site, f"/appeals/{slug_of(lawyer)}/es.html", 404)


def forge_retraction(code: str, *, slug: str) -> None:
    """Put in, as by SQL, that an appeal was retracted, with signatures of nobody who counts."""
    forged = signed(Retraction(code, NOW.astimezone(UTC), (Words("en", "Forged words."),)))
    Shown.objects.filter(slug=slug).update(retracted_at=NOW)
    PublishedRetraction.objects.create(slug=slug, code=code, retracted_at=NOW, statement=to_file(forged))


def look_anew(clock: Clock) -> None:
    """Let the next request come when nothing is kept any more, neither pages nor what was verified."""
    clock.now += timedelta(minutes=2)
    clock.seconds += 120
    queries.forget()


def test_a_retraction_that_was_put_in_past_the_signatures_takes_nothing_away(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    slug = slug_of(lawyer)
    page = f"/appeals/{slug}/en.html"
    listed = ("/en/index.html", "/en/feed.atom", "/en/feed.json", "/sitemap.xml", page, f"/appeals/{slug}/cap.xml")
    before = {address: text(site, address) for address in listed}
    forge_retraction(lawyer.code, slug=slug)
    look_anew(clock)
    for address, shown in before.items():
        now = text(site, address)
        assert "Forged" not in now
        assert ("Cancel" in now, "deleted-entry" in now) == (False, False)
        assert now.count(slug) == shown.count(slug) > 0, address
    with pytest.raises(ChangedMeanwhile, match="nobody signed"):
        press.retract(lawyer, now=clock.now)


def test_no_row_brings_back_what_was_retracted(site: Client, press: Press, clock: Clock, lawyer: PublicAppeal) -> None:
    press.retract(lawyer, now=NOW)
    Shown.objects.update(retracted_at=None)
    look_anew(clock)
    text(site, f"/appeals/{slug_of(lawyer)}/en.html", 410)
    assert slug_of(lawyer) not in text(site, "/en/index.html")


def test_a_row_ends_no_embargo(site: Client, press: Press, lawyer: PublicAppeal) -> None:
    held = press.publish([SPANISH], now=NOW, not_before=NOW + timedelta(days=2))
    Shown.objects.filter(slug=slug_of(held)).update(visible_from=NOW)
    text(site, f"/appeals/{slug_of(held)}/es.html", 404)
    assert slug_of(held) not in text(site, "/en/index.html") + text(site, "/en/feed.atom")


def test_hostile_words_stay_words(site: Client, press: Press) -> None:
    evil = '</title><script>alert(1)</script>"\x00\x0b\u202e&lt;'
    published = press.publish([replace(ENGLISH, title=Text(evil), publishers=(evil,))], now=NOW)
    for address in ("/en/index.html", f"/appeals/{slug_of(published)}/en.html"):
        assert "<script>alert" not in text(site, address)
    for address in ("/en/feed.atom", "/sitemap.xml", f"/appeals/{slug_of(published)}/cap.xml"):
        etree.fromstring(site.get(address).content)


@pytest.mark.parametrize(("host", "sent_away"), [("appeals.example", True), ("appealsxyz.onion", False)])
def test_who_comes_by_an_onion_service_is_not_sent_away_to_an_address_that_leads_nowhere(
    site: Client, host: str, sent_away: bool
) -> None:
    working = {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": FORWARDED_PROTO, "ALLOWED_HOSTS": [host]}
    with override_settings(**working):
        answer = Client().get("/en/index.html", HTTP_HOST=host)
    assert answer.status_code == (301 if sent_away else 200)
    assert answer.headers.get("Location", "") == (f"https://{host}/en/index.html" if sent_away else "")


def test_nothing_of_who_reads_reaches_a_view(
    site: Client, lawyer: PublicAppeal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    respond = views.respond

    def watched(request: Any, *words: Any, **more: Any) -> Any:
        seen.append(str(request.META))
        return respond(request, *words, **more)

    monkeypatch.setattr(views, "respond", watched)
    address, program, before = "203.0.113.77", "Kanarienbrowser/9", "https://kanarie.example/"
    who = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": program, "HTTP_REFERER": before, "HTTP_X_FORWARDED_FOR": address}
    asked = ("/en/index.html?q=marosh", f"/appeals/{slug_of(lawyer)}/en.html", "/nowhere")
    pages = [site.get(each, **who).content.decode() for each in asked]
    assert len(seen) == 2
    for word in (address, program, before):
        assert word not in "".join([*seen, *pages, caplog.text])


def test_a_page_is_made_once_until_something_is_let_in(
    site: Client, press: Press, clock: Clock, lawyer: PublicAppeal
) -> None:
    address = f"/appeals/{slug_of(lawyer)}/en.html"
    site.get(address)
    statements: list[str] = []

    def told(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        statements.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(told):
        site.get(address)
        assert statements == []
        clock.seconds += answers.LOOK_SECONDS
        site.get(address)
        assert len(statements) == 2, "whether something was let in, and when an embargo ends"
    press.follow_up(lawyer, [ENGLISH], now=NOW)
    clock.seconds += answers.LOOK_SECONDS
    assert "There is newer information" in text(site, address)
