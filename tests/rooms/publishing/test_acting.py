"""Pages for readers who act: whom to write to and letters, only while they should, and nothing is kept of who reads."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from babel.lists import format_list
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from invented_appeals import ARABIC, ENGLISH
from people import NOW
from public_site import TODAY, Clock, Press, slug_of
from signing import appeal
from tocsin.core.appeal import Addressee, AppealDocument, Channel, Text
from tocsin.core.publication import LetterLanguages, Mission, PublicAppeal, Salutation, Way, edition_of
from tocsin.publishing import actions, codes, pages
from tocsin.publishing.countries import country_name

pytestmark = pytest.mark.database("sqlite")
LATER = NOW + timedelta(days=1)
LINK = re.compile(r'<a href="([^"]*)"')
DANGER = (
    "Country concerned: %(country)s. If you live there, or somebody close to you does, writing may put you or them in "
    "danger: mail, telephone and networks may be watched. Please leave it to readers abroad, or ask the publisher to "
    "write for you."
)
WARNING = "If you live there, or somebody close to you does, writing may put you or them in danger"


def act(slug: str, language: str = "en", letter: str = "") -> str:
    return f"/{language}/act/{slug}{f'/{letter}' if letter else ''}.html"


def read(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def said_before(shown: str, place: str, language: str) -> bool:
    """Tell whether who lives in the country is warned in the language of the page, above a place of it."""
    with translation.override(language):
        named = format_list([country_name(each, language) for each in ("XBM", "XZV")], locale=language)
        words = gettext(DANGER) % {"country": named}
    assert (words == DANGER % {"country": named}) == (language == "en"), "in words of its own"
    return f'<p class="notice grave">{words}</p>' in shown[: (shown + place).index(place)]


def closed(press: Press, first: PublicAppeal) -> PublicAppeal:
    code = codes.give_follow_up(first.code, TODAY, now=NOW)
    drafted = appeal(code, [ENGLISH], follows=first.code)
    editions = tuple(edition_of(replace(each.document, kind="closure")) for each in drafted.editions)
    closure = press.sign(replace(drafted, kind="closure", editions=editions))
    actions.publish(closure, now=NOW)
    return closure


@pytest.mark.parametrize("language", pages.languages())
def test_a_reader_comes_from_an_appeal_to_a_letter_in_each_language(
    site: Client, lawyer: PublicAppeal, language: str
) -> None:
    slug = slug_of(lawyer)
    edition = language if language == "ar" else "en"
    chosen = read(site.get(act(slug, language)))
    assert f'href="../../{edition}/act/{slug}.html"' in read(site.get(f"/appeals/{slug}/{edition}.html"))
    assert said_before(chosen, '<ol class="whom"', language)
    links = [each for each in LINK.findall(chosen) if each.startswith(f"{slug}/")]
    letters = {f"{slug}/{number}.{tongue}.html" for number in (1, 2, 3, 4, 0) for tongue in {"en", "ar", language}}
    assert {*letters, f"{slug}/tell.html"} == set(links)
    for link in links:
        answer = site.get(f"/{language}/act/{link}")
        assert answer.status_code == 200
        assert lawyer.code in read(answer)
        assert answer.headers["Content-Language"] == language
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in read(answer)
        if link in letters:
            assert said_before(read(answer), '<div class="letter"', language)
            assert said_before(read(answer), "body=", language)


def test_a_letter_is_opened_changed_printed_said_and_posted(site: Client, lawyer: PublicAppeal) -> None:
    shown = read(site.get(act(slug_of(lawyer), letter="2.en")))
    assert 'contenteditable="true"' in shown
    assert ">Dear Minister,\n\nI am writing to you" in shown
    links = [each for each in LINK.findall(shown) if "body=" in each]
    hosts = (
        "mailto:reception@interior.example?cc=mission@zarvania.example&",
        "https://mail.google.com/",
        "https://outlook.live.com/",
    )
    assert [link.startswith(host) for link, host in zip(links, hosts, strict=True)] == [True] * 3
    assert all("Dear Minister,\r\n\r\nI am writing to you" in unquote(link) for link in links)
    assert all(len(link) <= 1900 for link in links)
    for line in ("Ms. Irma Doskai", "Minister of the Interior", "4 Granary Square", "Velm 1000"):
        assert f"<span><bdi>{line}</bdi></span>" in shown, "each line in its own direction"
    assert "Good day. My name is" in shown
    assert f"Please act on the urgent appeal {lawyer.code}" in shown
    assert "One post has room for it on X, Bluesky, Mastodon, Threads." in shown
    assert "is a short form" not in shown
    assert "is a short form" in read(site.get(act(slug_of(lawyer), letter="2.ar")))


def test_who_calls_or_faxes_finds_the_number_before_any_letter_and_on_it(site: Client, lawyer: PublicAppeal) -> None:
    call = '<a href="tel:+999225550177"><bdi dir="ltr">+ 999 22 555 01 77</bdi></a>'
    fax = "<bdi>+ 999 22 555 01 41</bdi>"
    for letter, numbers in (("", (fax, call)), ("2.en", (fax,)), ("3.en", (call,))):
        shown = read(site.get(act(slug_of(lawyer), letter=letter)))
        assert all(f"<dd>{number}</dd>" in shown for number in numbers), letter


def test_a_letter_begins_as_the_directory_has_it_and_two_people_signed(site: Client, press: Press) -> None:
    own = (Salutation("email", "reception@interior.example", "ar", "معالي السيدة الوزيرة،"),)
    slug = slug_of(press.publish([ENGLISH, ARABIC], now=NOW, salutations=own))
    assert "معالي السيدة الوزيرة،" in read(site.get(act(slug, letter="2.ar")))
    assert "معالي السيدة الوزيرة،" not in read(site.get(act(slug, letter="1.ar")))


def test_a_letter_is_offered_first_in_the_language_that_its_addressee_reads(site: Client, press: Press) -> None:
    said = tuple(
        LetterLanguages("email", mail, tags)
        for mail, tags in (("office@president.example", ("ru", "fr")), ("reception@interior.example", ("tr",)))
    )
    slug = slug_of(press.publish([ENGLISH, ARABIC], now=NOW, letter_languages=said))
    chosen = read(site.get(act(slug)))
    links = re.findall(rf'"{slug}/(\d+)\.(\w+)\.html"', chosen)
    assert [tag for number, tag in links if number == "1"] == ["ru", "fr", "ar", "en"]
    assert [tag for number, tag in links if number == "2"] == ["ar", "en"]
    assert "Reads letters best in: <bdi>Russian</bdi> · <bdi>French</bdi></p>" in chosen
    assert "Reads letters best in: <bdi>Turkish</bdi> – there is no such letter here.</p>" in chosen
    other, draft = "in another language than those in which it is read best", "No native reader has signed off"
    for letter, of_other, of_draft in (("1.ru", False, True), ("1.en", True, False), ("2.en", True, False)):
        shown = read(site.get(act(slug, letter=letter)))
        assert (other in shown, draft in shown) == (of_other, of_draft), letter
    assert site.get(act(slug, letter="2.ru")).status_code == 404


def test_readers_in_the_country_are_warned_before_they_see_whom_to_write_to(site: Client, lawyer: PublicAppeal) -> None:
    for address in (act(slug_of(lawyer)), act(slug_of(lawyer), letter="1.en")):
        shown = read(site.get(address))
        assert "Country concerned: Belmara and Zarvania." in shown
        assert shown.index(WARNING) < shown.index("Oren Tavik")
        assert shown.index(WARNING) < (shown + "body=").index("body=")


def test_what_is_missing_is_said(site: Client, press: Press, lawyer: PublicAppeal) -> None:
    shown = read(site.get(act(slug_of(lawyer), letter="3.en")))
    assert "[email protected]" in shown
    assert "body=" not in shown
    assert "no e-mail address that can be used" in shown
    assert 'href="mailto:?subject=' in read(site.get(act(slug_of(lawyer), letter="0.en")))
    assert "Cet appel n’a pas d’édition dans cette langue" in read(site.get(act(slug_of(lawyer), "fr", "1.fr")))
    nowhere = replace(ENGLISH, addressees=(replace(ENGLISH.addressees[0], channels=()),))
    bare = press.publish([nowhere], now=NOW)
    assert "prints no way to reach" in read(site.get(act(slug_of(bare))))
    assert "The appeal does not name it" in read(site.get(act(slug_of(bare), letter="0.en")))


def test_a_reader_finds_the_embassy_in_her_country_among_those_that_the_appeal_names(
    site: Client, press: Press
) -> None:
    def embassy(name: str, post: str, location: str) -> Addressee:
        mail = f"{name}@zarvania.example"
        return Addressee(post, name=name, post=post, channels=(Channel("email", mail, mail),), location=location)

    named = (
        embassy("Ilko", "Ambassador of Zarvania", "Port Asha, Belmara"),
        embassy("Sava", "Embassy of Zarvania", "Brussels, Belgium"),
        embassy(
            "Dorin", "Ambassador and Permanent Representative to the United Nations in Geneva", "Geneva, Switzerland"
        ),
        embassy("Petra", "Ambassador of Zarvania", "the Seven Seas"),
    )
    written = replace(ENGLISH, addressees=(*ENGLISH.addressees[:1], *named))
    slug = slug_of(press.publish([written], now=NOW))
    shown = read(site.get(act(slug, "fr")))
    found = re.findall(r"<details><summary>([^<]*)</summary>(.*?)</details>", shown, re.DOTALL)
    assert [(country, re.findall(r"\d\.fr\.html", each)) for country, each in found] == [
        ("Belgique", ["3.fr.html"]),
        ("Belmara", ["2.fr.html"]),
    ]
    assert "mailto:Sava@zarvania.example" in found[0][1]
    assert all(f"{slug}/{number}.fr.html" in shown for number in (1, 4, 5, 0)), "who is in no country stays in the list"
    assert 'href="mailto:Sava@zarvania.example?' in read(site.get(act(slug, letter="3.en")))
    missions = tuple(
        Mission(
            code,
            "embassy",
            (("en", f"Embassy in {town}"), ("fr", f"Ambassade à {town}")),
            town,
            (Way("email", mail, mail),),
        )
        for code, town, mail in (
            ("FRA", "Paris", "paris@zarvania.example"),
            ("BEL", "Brussels", "Sava@zarvania.example"),
            ("XBM", "Asha Hill", "hill@zarvania.example"),
        )
    )
    slug = slug_of(press.publish([written], now=NOW, missions=missions))
    shown = read(site.get(act(slug, "fr")))
    found = re.findall(r"<details><summary>([^<]*)</summary>(.*?)</details>", shown, re.DOTALL)
    assert [(country, re.findall(r"\d+\.fr\.html", each)) for country, each in found] == [
        ("Belgique", ["3.fr.html"]),
        ("Belmara", ["2.fr.html", "1003.fr.html"]),
        ("France", ["1001.fr.html"]),
    ], "what the appeal prints stands there once"
    assert "Ambassade à Paris" in found[2][1]
    letter = read(site.get(act(slug, letter="1001.en")))
    assert 'href="mailto:paris@zarvania.example?' in letter
    assert "Embassy in Paris" in letter
    assert site.get(act(slug, letter="1002.en")).status_code == 404
    without = replace(written, requests=())
    assert "<details>" not in read(site.get(act(slug_of(press.publish([without], now=NOW, missions=missions)))))


def test_pages_send_nothing_by_themselves_and_keep_nothing(site: Client, lawyer: PublicAppeal) -> None:
    for address in (act(slug_of(lawyer)), act(slug_of(lawyer), letter="1.en")):
        with CaptureQueriesContext(connection) as asked:
            answer = site.get(address)
        shown = answer.content.decode()
        # One button says that somebody wrote; nothing that she writes stands in a form.
        told = r'<form class="ask" method="post" action="tell\.1\.html"><p class="go"><button [^<]*</button></p></form>'
        shown, buttons = re.subn(told, "", shown)
        assert buttons == ("1.en" in address)
        shown, scripts = re.subn(re.escape('<script src="../../../letter.js" defer></script>'), "", shown)
        assert scripts == ("1.en" in address)
        policy = answer.headers["Content-Security-Policy"]
        assert re.findall("script-src[^;]*|connect-src[^;]*", policy) == ["script-src 'self'"] * scripts
        assert not re.search(r"<(?:script|img|iframe|link rel=\"stylesheet|form)|\son[a-z]+=|src=", shown)
        assert not answer.cookies
        assert "default-src 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not re.search("INSERT|UPDATE|DELETE", "".join(each["sql"] for each in asked.captured_queries))
        foreign = {re.sub(r"^(https?://[^/]*|[a-z]+:).*", r"\1", each) for each in LINK.findall(shown) if ":" in each}
        assert foreign <= {"mailto:", "tel:", "https://mail.google.com", "https://outlook.live.com"}


def test_the_script_of_a_letter_neither_sends_nor_keeps_anything(site: Client) -> None:
    answer = site.get("/letter.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    words = set(re.findall(r"[A-Za-z]+", answer.content.decode()))
    ways = "fetch XMLHttpRequest sendBeacon WebSocket EventSource Image submit window location cookie localStorage"
    more = "sessionStorage indexedDB caches import eval Function innerHTML insertAdjacentHTML write"
    assert not words & {*ways.split(), *more.split()}


@pytest.mark.parametrize("letter", ["", "1.en"])
def test_nobody_is_asked_to_write_because_of_what_is_withdrawn_waits_is_old_or_closed(
    site: Client, press: Press, clock: Clock, letter: str
) -> None:
    gone = press.publish([ENGLISH], now=NOW)
    press.retract(gone, now=NOW)
    answer = site.get(act(slug_of(gone), letter=letter))
    assert answer.status_code == 410
    assert not re.search("Marosh|Tavik|Zarvania", read(answer))
    held = press.publish([ENGLISH], now=NOW, not_before=LATER)
    assert site.get(act(slug_of(held), letter=letter)).status_code == 404
    code = codes.give_code("XZV", TODAY, now=NOW)
    archived = press.sign(appeal(code, [ENGLISH], archived_from=("0" * 64,)))
    actions.take_over(archived, now=NOW)
    closure = closed(press, press.publish([ENGLISH], now=NOW))
    nobody = press.publish([replace(ENGLISH, addressees=())], now=NOW)
    for each in (archived, closure, nobody):
        assert site.get(act(slug_of(each), letter=letter)).status_code == 404
        assert "/act/" not in read(site.get(f"/appeals/{slug_of(each)}/en.html"))
    clock.now, clock.seconds = LATER, 60
    assert site.get(act(slug_of(held), letter=letter)).status_code == 200


def test_an_appeal_with_newer_information_leads_there(site: Client, press: Press) -> None:
    first = press.publish([ENGLISH], now=NOW)
    newer = press.follow_up(first, [ENGLISH], now=NOW)
    shown = read(site.get(act(slug_of(first))))
    assert f'href="../../appeals/{slug_of(first)}/../{slug_of(newer)}/en.html"' in shown
    assert "reception@interior.example" not in shown
    assert site.get(act(slug_of(first), letter="1.en")).status_code == 404
    assert site.get(act(slug_of(newer), letter="1.en")).status_code == 200


def test_an_address_with_signs_of_a_link_in_it_names_one_reader(site: Client, press: Press) -> None:
    odd = "a?cc=b&c@interior.example"
    addressee = replace(ENGLISH.addressees[0], channels=(Channel("email", odd, odd),))
    published = press.publish([replace(ENGLISH, addressees=(addressee,))], now=NOW)
    links = LINK.findall(read(site.get(act(slug_of(published), letter="1.en"))))
    for link in (each for each in links if each.startswith("mailto:")):
        assert link.startswith("mailto:a%3Fcc%3Db%26c@interior.example")
        assert link.count("?") <= 1


@pytest.mark.parametrize("letter", ["9.en", "1.de", "1.fr", "01.xx"])
def test_there_are_no_other_letters(site: Client, lawyer: PublicAppeal, letter: str) -> None:
    assert site.get(act(slug_of(lawyer), letter=letter)).status_code == 404


@pytest.mark.parametrize(
    "hostile", ['"></div><script>alert(1)</script>', "&body=mine\r\nBcc: a@b.example", "{{ code }} {country}"]
)
def test_words_of_an_appeal_stay_words(site: Client, press: Press, hostile: str) -> None:
    def made(document: AppealDocument) -> AppealDocument:
        return replace(document, title=Text(hostile))

    published = press.publish([made(ENGLISH)], now=NOW)
    answer = site.get(act(slug_of(published), letter="1.en"))
    shown: Any = answer.content.decode()
    assert "<script>" not in shown
    assert " ".join(hostile.split()) in unescape(shown)
    link = next(each for each in LINK.findall(shown) if each.startswith("mailto:office") and "?" in each)
    assert link.count("body=") == 1
    assert " ".join(hostile.split()) in unquote(unescape(link))
