"""What a rendered appeal says and how it is built, on invented appeals."""

import base64
import dataclasses
import datetime as dt
import email
import email.policy
import gzip
import hashlib
import json
import re
from pathlib import Path

import msgspec
import pytest

from invented_appeals import ARABIC, ENGLISH, FRENCH, INVENTED, REPORT, SPANISH
from tocsin.core.appeal import (
    AppealDocument,
    Channel,
    Contact,
    Demand,
    Event,
    Facts,
    Note,
    Paragraph,
    Reference,
    Section,
    Text,
    from_json,
)
from tocsin.core.render import TEXT_FORMATS, card_sheet, render, sheet
from tocsin.core.render.labels import labels_for, languages
from tocsin.core.vocab import direction_of


@pytest.mark.parametrize("outlet", TEXT_FORMATS)
@pytest.mark.parametrize("name", INVENTED)
def test_golden(golden, name: str, outlet: str) -> None:
    golden(f"render/{name}.{outlet}", render(INVENTED[name], outlet))


@pytest.mark.parametrize("name", INVENTED)
def test_golden_sheet(golden, name: str) -> None:
    golden(f"sheet/{name}.json", msgspec.json.format(sheet(INVENTED[name]).page, indent=1) + "\n")


def test_golden_card(golden) -> None:
    rows = {name: json.loads(made.page) if (made := card_sheet(INVENTED[name])) else None for name in INVENTED}
    golden("sheet/cards.json", json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def test_a_printed_sheet_carries_its_number_and_all_but_the_first_the_code() -> None:
    style = re.search(r"<style>(.*?)</style>", render(ENGLISH, "html"), re.DOTALL)[1]
    assert '@page{@bottom-right{content:counter(page) " / " counter(pages)}}' in style
    assert '@page{@top-right{content:"XZV 003 / 1126 / OBS 091"}}@page:first{@top-right{content:none}}' in style
    assert '@page{@top-left{content:"XBM 004 / 1126 / OBS 095"}}' in render(ARABIC, "html")


def test_only_a_code_comes_into_the_style_sheet() -> None:
    for code in ('X1"}body{display:none}', "X1\\", "Lena Marosh", "LENA MAROSH", "X1</style>"):
        document = dataclasses.replace(ENGLISH, reference=Reference(code, code))
        style = re.search(r"<style>(.*?)</style>", render(document, "html"), re.DOTALL)[1]
        assert "@top-" not in style


def test_a_link_that_does_not_show_its_address_prints_it() -> None:
    shown, hidden = (
        dataclasses.replace(ENGLISH.addressees[0], channels=(Channel("website", "https://a.example/b", words),))
        for words in ("www.a.example/b", "our page")
    )
    page = render(dataclasses.replace(ENGLISH, addressees=(shown, hidden)), "html")
    assert page.count('<a class="hidden-address" href="https://a.example/b">') == 1
    assert page.count('<a href="https://a.example/b">') == 1


def test_json_is_the_whole_document() -> None:
    assert all(from_json(render(document, "json")) == document for document in INVENTED.values())


@pytest.mark.parametrize("name", INVENTED)
def test_the_first_view_is_small(name: str) -> None:
    assert len(gzip.compress(render(INVENTED[name], "html").encode())) <= 14_000


@pytest.mark.parametrize("name", INVENTED)
def test_html_asks_the_network_for_nothing_and_runs_nothing(name: str) -> None:
    page = render(INVENTED[name], "html")
    assert re.findall(r"<(?:link|img|iframe|object|form)|@import|url\(|\ssrc=|\sstyle=|\son\w+=", page) == []
    assert re.findall(r"<script(?! type=\"application/ld\+json\">)", page) == []
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page


@pytest.mark.parametrize("name", INVENTED)
def test_every_inner_link_has_its_place_and_no_id_stands_twice(name: str) -> None:
    page = render(INVENTED[name], "html")
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    assert all(re.fullmatch(r"addressees|(?:note|anchor)-\d+", identity) for identity in ids)


def test_headings_make_an_outline() -> None:
    assert [int(level) for level in re.findall(r"<h(\d)", render(ENGLISH, "html"))] == [1, 2, 2, 2, 2, 2, 2]
    assert [int(level) for level in re.findall(r"<h(\d)", render(REPORT, "html"))] == [1, 2, 2, 3, 3, 3, 3, 3, 2]


def test_the_parts_stand_in_the_order_of_a_printed_appeal() -> None:
    text = render(ENGLISH, "txt")
    words = [
        "Urgent appeal", "XZV 003 / 1126 / OBS 091", "Zarvania: Lawyer", "Arbitrary arrest",
        "Velm–Port Asha, 4 November 2026", "requests your urgent", "Description of the situation:",
        "The Network strongly condemns", "Actions requested:", "Please write to", "i. Disclose", "v. Put an end",
        "Write to", "Oren Tavik", "Please also write", "Kindly inform", "About the publisher", "Contact", "Notes",
        "[1] The Quiet", "Code of this appeal",
    ]  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_demands_keep_the_printed_ordinals_and_bullets_get_a_dash() -> None:
    assert re.findall(r'class="mark">(.*?)<', render(ENGLISH, "html"))[:5] == ["i.", "ii.", "iii.", "iv.", "v."]
    assert re.findall(r'class="mark">(.*?)<', render(SPANISH, "html"))[:2] == ["–", "–"]
    odd = AppealDocument("urgent_appeal", "en", demands=(Demand("a)", "Stop;"), Demand("10", "Stop.")))
    assert "a) Stop;\n\n10. Stop." in render(odd, "txt")


def test_notes_and_their_anchors_are_linked_both_ways() -> None:
    page = render(ENGLISH, "html")
    assert '<sup><a href="#note-2" id="anchor-2">[2]</a></sup>' in page
    assert 'id="note-2"' in page
    assert 'href="#anchor-2"' in page


@pytest.mark.parametrize(
    ("text", "markers", "expected"),
    [
        ("Centre[1], which", ("1",), 'Centre<sup><a href="#note-1" id="anchor-1">[1]</a></sup>, which'),
        ("Centre¹, which", ("1",), 'Centre<sup><a href="#note-1" id="anchor-1">¹</a></sup>, which'),
        ("Centre, which", ("1",), 'which<sup><a href="#note-1" id="anchor-1">[1]</a></sup>'),
        ("[1] and [1]", ("1",), '</sup> and <sup><a href="#note-1">[1]</a></sup>'),
        ("Centre[7], which", ("7",), "Centre[7], which"),
    ],
    ids=["brackets", "superscript", "not printed", "twice", "no such note"],
)
def test_an_anchor_is_found_where_it_is_printed(text: str, markers: tuple[str, ...], expected: str) -> None:
    section = Section("situation", None, (Paragraph(text, markers),))
    document = AppealDocument("urgent_appeal", "en", sections=(section,), notes=(Note("1", "A note."),))
    assert expected in render(document, "html")


def test_a_masked_address_is_shown_as_it_is_and_not_linked() -> None:
    assert '<bdi class="code" dir="ltr">[email protected]</bdi>' in render(ENGLISH, "html")


def test_a_mail_to_the_publisher_opens_with_the_code() -> None:
    assert "mailto:appeals@harbour.example?subject=XZV%20003%20%2F%201126%20%2F%20OBS%20091" in render(ENGLISH, "html")
    assert 'mailto:reception@interior.example"' in render(ENGLISH, "html")


def test_an_addressee_that_was_not_taken_apart_is_shown_as_printed() -> None:
    addressee = dataclasses.replace(ENGLISH.addressees[0], style=None, name=None, post=None, channels=())
    assert addressee.as_printed in render(dataclasses.replace(ENGLISH, addressees=(addressee,)), "html")


def test_sections_behind_the_lists_stay_behind_them() -> None:
    last = Section("other", "Last words", (Paragraph("With thanks."),))
    text = render(dataclasses.replace(ENGLISH, sections=(*ENGLISH.sections, last)), "txt")
    assert text.index("Kindly inform") < text.index("Last words") < text.index("About the publisher")


def test_the_heading_of_a_list_without_entries_is_not_lost() -> None:
    document = AppealDocument("urgent_appeal", "en", sections=(Section("contacts", "To reach us"),))
    assert all("To reach us" in render(document, outlet) for outlet in TEXT_FORMATS)


def test_right_to_left_pages_say_so_and_isolate_latin_script() -> None:
    page = render(ARABIC, "html")
    assert '<html lang="ar" dir="rtl">' in page
    assert "<bdi>Irma Doskai</bdi>" in page
    assert '<bdi class="code" dir="ltr">XBM 004 / 1126 / OBS 095</bdi> وفي' in page
    street = "4 Granary Square, Velm 1000"
    housed = dataclasses.replace(ARABIC.addressees[0], channels=(Channel("post", street, street),))
    page = render(dataclasses.replace(ARABIC, addressees=(housed,)), "html")
    assert f"<bdi>{street}</bdi>" in page, "the number of a house stands before the street, and not behind the town"
    assert "18 نوفمبر 2026" in page
    assert re.findall(r"(?:margin|padding|border)-(?:left|right)|(?<!-)(?:left|right):", page) == []
    assert "\u2066+ 996 12 555 01 19\u2069" in render(ARABIC, "txt")
    assert "\u2066" not in render(ENGLISH, "txt")


def test_an_english_date_on_a_right_to_left_page_keeps_its_order() -> None:
    persian = dataclasses.replace(ARABIC, language="fa")
    assert '<bdi dir="ltr"><time datetime="2026-11-18">18 November 2026</time></bdi>' in render(persian, "html")
    assert "\u206618 November 2026\u2069" in render(persian, "txt")
    assert '{"kind":"latin","text":"18 November 2026"}' in sheet(persian).page
    mail = email.message_from_string(render(persian, "eml"), policy=email.policy.default)
    assert '<span dir="ltr">18 November 2026</span>' in mail.get_body(("html",)).get_content()


def test_a_report_shows_what_was_understood_and_what_was_not_and_is_kept_from_search_engines() -> None:
    page = render(REPORT, "html")
    for words in (
        "What was understood",
        "two men in plain clothes",
        "Article 312",
        "What was not understood",
        "blue notebook",
    ):
        assert words in page
    assert "noindex" in page
    assert "application/ld+json" not in page


def test_an_appeal_shows_no_facts_and_no_leftovers() -> None:
    document = dataclasses.replace(ENGLISH, unread=REPORT.unread)
    assert all("blue notebook" not in render(document, outlet) for outlet in ("html", "txt", "md"))
    assert "blue notebook" in render(document, "json")
    assert "What was understood" not in render(document, "html")


def test_linked_data_says_what_the_header_says_and_no_more() -> None:
    described = json.loads(re.search(r'ld\+json">(.*?)</script>', render(FRENCH, "html"))[1])
    assert described == {
        "@context": "https://schema.org",
        "@type": "Report",
        "headline": FRENCH.title.text.replace(" :", "\u00a0:"),
        "reportNumber": "XZV 002 / 1126 / OBS 064.1",
        "datePublished": "2026-12-01",
        "inLanguage": "fr",
        "keywords": ["Libération sous conditions", "Harcèlement judiciaire"],
    }


def test_the_canonical_code_is_printed_where_the_source_printed_it_badly() -> None:
    document = AppealDocument(
        "urgent_appeal", "en", reference=Reference("XZV003 /1126/ OBS91", "XZV 003 / 1126 / OBS 091")
    )
    assert "XZV 003 / 1126 / OBS 091" in render(document, "txt")


@pytest.mark.parametrize(
    ("language", "iso", "written"),
    [
        ("en", "2026-11-04", "4 November 2026"),
        ("fr", "2026-12-01", "1er décembre 2026"),
        ("fr-CM", "2026-08-02", "2 août 2026"),
        ("es", "2026-07-07", "7 de julio de 2026"),
        ("ru", "2026-05-09", "9 мая 2026 г."),
        ("ar", "2026-02-28", "28 فبراير 2026"),
        ("tr", "2026-11-04", "4 November 2026"),
        (None, "2026-11-04", "4 November 2026"),
        ("en", "2026-11", "November 2026"),
        ("ru", "2026-05", "май 2026 г."),
        ("es", "2026-05", "mayo de 2026"),
        ("en", "2026", "2026"),
        ("en", "no date", "no date"),
    ],
)
def test_dates_are_written_out(language: str | None, iso: str, written: str) -> None:
    assert labels_for(language).reduced(iso) == written


@pytest.mark.parametrize(
    ("event", "when"),
    [
        (Event("2026-11-02", "20:00", "hour", None, False, "Taken."), "2 November 2026, 20:00"),
        (
            Event("2026-11-02", None, "range", None, False, "Held.", until="2026-11-04"),
            "2 November 2026 – 4 November 2026",
        ),
        (Event(None, None, "vague", "many days before", False, "Threats."), "many days before"),
        (Event(None, None, None, None, False, "Threats."), "No date"),
        (Event("2026", "00:00", "year", "at midnight", True, "Freed."), "2026, 00:00 (date or time uncertain)"),
    ],
)
def test_an_event_says_when_as_exactly_as_it_is_known(event: Event, when: str) -> None:
    text = render(AppealDocument("report", "en", facts=Facts(events=(event,))), "txt")
    assert f"Chronology\n\n{when}\n{event.sentence}" in text


def test_a_language_without_words_of_its_own_gets_english_ones_marked_as_english() -> None:
    page = render(AppealDocument("urgent_appeal", "fa", title=Text("عنوان"), issued_on=dt.date(2026, 1, 2)), "html")
    assert '<html lang="fa" dir="rtl">' in page
    assert 'lang="en" dir="ltr">Urgent appeal' in page


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar"])
def test_signs_stand_as_the_language_has_them_in_every_form(language: str) -> None:
    document = AppealDocument(
        "urgent_appeal",
        language,
        title=Text("Où est-il ? « Libre » ou « mort » : Да — нет"),
        countries=("XZV",),
        publishers=("One", "Two"),
        contacts=(Contact("email", "desk@harbour.example", "desk@harbour.example"),),
    )
    labels = labels_for(language)
    colon, semicolon = {"fr": ("\u00a0: ", "\u00a0; "), "ar": (": ", "؛ ")}.get(language, (": ", "; "))
    # What somebody typed with a plain space is tied in every language: it may be quoted in another one.
    title = "Où est-il\u00a0? «\u00a0Libre\u00a0» ou «\u00a0mort\u00a0»\u00a0: Да\u00a0— нет"
    mail = email.message_from_string(render(document, "eml"), policy=email.policy.default)
    mailed = [mail.get_body([form]).get_content() for form in ("plain", "html")]
    for text in (render(document, "txt"), render(document, "md"), *mailed):
        text = re.sub(r"<[^>]*>|\(\)|[\u2066\u2069\\\[\]]", "", text.replace(" \n", " "))  # noqa: PLW2901
        assert f"{labels['publishers']}{colon}One{semicolon}Two" in text
        assert f"{labels.term('email', 'channel_types')}{colon}desk@harbour.example" in text
        assert title in text
    written = msgspec.json.decode(sheet(document).page)
    assert (written["colon"], written["title"]) == (colon, [title]) or language == "ar"
    assert title in render(document, "html") or language == "ar"


def test_every_language_has_the_same_words_and_only_english_is_signed_off() -> None:
    english = labels_for("en")
    for language in languages():
        words = labels_for(language)
        assert words.language == language
        assert (words.words.keys(), words.kinds.keys()) == (english.words.keys(), english.kinds.keys())
        assert "{count}" in words["act_now"]
        assert words.status == ("reviewed" if language == "en" else "draft")


@pytest.mark.parametrize(
    ("tag", "direction"), [("ar-EG", "rtl"), ("fa", "rtl"), ("he", "rtl"), ("fr", "ltr"), (None, "auto")]
)
def test_direction_follows_the_language(tag: str | None, direction: str) -> None:
    assert direction_of(tag) == direction


def test_no_golden_page_is_left_over() -> None:
    expected = {f"{name}.{outlet}" for name in INVENTED for outlet in TEXT_FORMATS}
    assert {path.name for path in (Path(__file__).parents[1] / "golden" / "render").iterdir()} == expected
