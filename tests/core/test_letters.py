"""Letters of readers: composed of what was published, and links that open them in any mail program."""

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invented_appeals import ARABIC, ENGLISH
from signing import appeal
from tocsin.core import letters
from tocsin.core.appeal import Addressee, AppealDocument, Channel, Demand, Text
from tocsin.core.errors import BadPhrasebook
from tocsin.core.letters import (
    EMBASSY,
    LONGEST,
    Letter,
    Matter,
    Phrases,
    gmail,
    language_of,
    mailto,
    opened,
    outlook,
    phrases_in,
)
from tocsin.core.publication import LetterLanguages, Salutation

NO_DATABASE = True
CASES = tomllib.loads((Path(__file__).parent / "letters.toml").read_text("utf-8"))
BUILDS = {"mailto": mailto, "gmail": gmail, "outlook": outlook}
LANGUAGES = ("ar", "en", "es", "fr", "ru")
ADDRESS = "https://appeals.example/appeals/xzv-001-1126-obs-001/"
# RFC 6068, section 2: what may stand in a link, with every other character percent-encoded.
WORD = r"(?:[A-Za-z0-9._~!$'()*+,;:@-]|%[0-9A-F]{2})+"
RFC_6068 = re.compile(rf"mailto:(?:{WORD})?(?:\?[a-z]+={WORD}(?:&[a-z]+={WORD})*)?")
# No control but a line break, no half of a character: what letters are made of is tidied before.
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80)
ADDRESSES = st.lists(st.from_regex(r"[a-z%&?=+'/#]{1,9}@[a-z]{1,9}\.example", fullmatch=True), max_size=3)
LINES = st.lists(PLAIN, max_size=5).map("\n".join)


def matter_of(*documents: AppealDocument) -> Matter:
    return Matter(appeal(documents=documents), ADDRESS, dict.fromkeys(LANGUAGES, "Zarvania"))


def first_letter(matter: Matter, language: str) -> Letter:
    return letters.write_letter(matter, letters.whom(matter.appeal)[0], language)


def fields_of(link: str) -> dict[str, list[str]]:
    """Read a `mailto:` link as RFC 6068 does: a plus is a plus, and commas part addresses before they are decoded."""
    scheme, _, rest = link.partition(":")
    assert scheme == "mailto"
    path, _, query = rest.partition("?")
    given = [("to", path)] if path else []
    given += [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)]
    assert len({name for name, _ in given}) == len(given)
    return {
        name: [unquote(each, errors="strict") for each in (value.split(",") if name in {"to", "cc"} else [value])]
        for name, value in given
    }


def test_what_a_program_takes_is_said_with_its_source() -> None:
    assert {each["by"] for each in CASES["programs"]} == {"documented", "measured"}
    for name in BUILDS:
        assert any(each["by"] == "documented" for each in CASES["programs"] if name in each["opens"]), name
    for each in CASES["programs"]:
        assert set(each["opens"]) <= set(BUILDS), each["name"]
        assert urlsplit(each["source"]).scheme == "https", each["name"]


@pytest.mark.parametrize("alphabet", CASES["alphabets"], ids=lambda each: each["name"])
def test_a_letter_opens_in_every_program_whatever_its_alphabet_and_length(alphabet: dict[str, Any]) -> None:
    takes = {name: min(each["takes"] for each in CASES["programs"] if name in each["opens"]) for name in BUILDS}
    for length, form in alphabet["forms"].items():
        said = " ".join([alphabet["word"]] * int(length))[: int(length)].strip()
        matter = matter_of(replace(ENGLISH, demands=(Demand(None, said),)))
        letter = first_letter(matter, "en")
        assert said in letter.whole
        for name, build in BUILDS.items():
            link = opened(letter, ["office@president.example"], ["mission@zarvania.example"], build)
            assert link is not None
            assert link.form == form, (length, name)
            assert len(link.target) <= LONGEST < takes[name]
            assert matter.appeal.code in unquote(link.target), "what is sent quotes the code"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_short_form_fits_with_salutation_and_closing_in_each_language(language: str) -> None:
    long = replace(ENGLISH, title=Text("x" * 5000), language=language)
    link = opened(first_letter(matter_of(long), language), ["office@president.example"], [], mailto)
    assert link is not None
    assert link.form == 1


@given(ADDRESSES, ADDRESSES, PLAIN, LINES)
@example(
    ["a&b+c%d?e@x.example", "f@x.example"], ["g+h@x.example", "i&body=j@x.example"], "Прошу, 1+1 = 2?", "نطلب\n\n&cc="
)
def test_what_is_put_into_a_link_comes_out_of_it(to: list[str], copies: list[str], subject: str, body: str) -> None:
    wanted = {"to": ",".join(to), "cc": ",".join(copies), "subject": subject, "body": body.replace("\n", "\r\n")}
    link = mailto(to, copies, subject, body)
    assert RFC_6068.fullmatch(link), link
    parted = {"to": to, "cc": copies, "subject": [subject], "body": [wanted["body"]]}
    assert fields_of(link) == {name: value for name, value in parted.items() if any(value)}
    web = dict(parse_qsl(urlsplit(gmail(to, copies, subject, body)).query, strict_parsing=True))
    renamed = {("su" if name == "subject" else name): value for name, value in wanted.items() if value}
    assert web == {"view": "cm", "fs": "1", **renamed}
    written = outlook(to, copies, subject, body)
    assert dict(parse_qsl(urlsplit(written).query)) == {name: value for name, value in wanted.items() if value}
    assert urlsplit(written).netloc == "outlook.live.com"


def test_a_link_to_nobody_in_particular_has_no_empty_part() -> None:
    assert mailto([], [], "A b", "c\nd") == "mailto:?subject=A%20b&body=c%0D%0Ad"
    assert mailto(["a@b.example", "c@d.example"], [], "", "") == "mailto:a@b.example,c@d.example"
    assert mailto([], [], "", "") == "mailto:"


def test_copies_are_given_up_before_the_letter_and_too_many_addresses_have_no_link() -> None:
    letter, many = first_letter(matter_of(ENGLISH), "en"), [f"{number:060}@b.example" for number in range(30)]
    link = opened(letter, ["a@b.example"], many, mailto)
    assert link is not None
    assert (link.form, "cc=" in link.target) == (0, False)
    assert opened(letter, many, [], mailto) is None
    # … and one alone, where the whole letter fits without it, and in fewer words would with it.
    nearly = replace(letter, forms=("x" * (LONGEST - 100), "x"))
    link = opened(nearly, ["a@b.example"], [f"{1:090}@b.example"], mailto)
    assert link is not None
    assert (link.form, "cc=" in link.target) == (0, False)


@pytest.mark.parametrize("row", CASES["salutations"], ids=lambda row: f"{row.get('name')} {row['post']}")
def test_a_letter_begins_as_its_addressee_is_addressed(row: dict[str, Any]) -> None:
    given = {name: row.get(name) for name in ("name", "style", "title", "post", "salutation")}
    edition = row.get("language", "en")
    matter = matter_of(replace(ENGLISH, addressees=(Addressee("as printed", **given),), language=edition))
    for language, words in row["begins"].items():
        assert first_letter(matter, language).whole.startswith(f"{words}\n\n"), language


def test_a_letter_begins_and_ends_as_the_directory_has_it_where_the_edition_prints_no_salutation() -> None:
    office = ENGLISH.addressees[0]
    way = str(office.channels[0].value)
    own = (
        Salutation("email", way, "en", "Dear Madam President", "Yours respectfully,"),
        Salutation("email", way, "fr", "Madame la Présidente,"),
        Salutation("email", "x@elsewhere.example", "es", "Señora:"),
    )
    bare = replace(ENGLISH, addressees=(replace(office, salutation=None),))
    matter = replace(matter_of(bare), appeal=appeal(documents=(bare,), salutations=own))
    english, french, spanish = (first_letter(matter, tag).whole for tag in ("en", "fr", "es"))
    assert english.startswith("Dear Madam President,\n\n")
    assert "\n\nYours respectfully,\n" in english
    assert french.startswith("Madame la Présidente,\n\n")
    assert "Madame la Présidente" in french.split("\n\n")[-1], "the usual closing repeats it"
    assert "Señora:" not in spanish
    printed = replace(office, salutation="Dear Mrs Brill,")
    matter = replace(matter, appeal=appeal(documents=(replace(ENGLISH, addressees=(printed,)),), salutations=own))
    assert first_letter(matter, "en").whole.startswith("Dear Mrs Brill,\n\n"), "what two people read in the text"


def test_a_letter_asks_for_what_the_edition_of_its_language_asks_for() -> None:
    matter = matter_of(ENGLISH, ARABIC)
    for document, language in ((ENGLISH, "en"), (ARABIC, "ar")):
        letter = first_letter(matter, language)
        assert letter.prints_demands
        assert document.title is not None
        assert document.title.text in letter.whole
        assert all(each.text in letter.whole for each in document.demands)
        assert f"{ADDRESS}{language}.html" in letter.whole
    nothing_named = matter_of(replace(ENGLISH, demands=(Demand(None, "Let her go."),)))
    assert "Je vous demande respectueusement de faire ce qu’il demande.\n" in first_letter(nothing_named, "fr").whole
    other = first_letter(matter, "fr")
    assert not other.prints_demands
    assert "1. Révéler le sort et le lieu de détention\n" in other.whole
    assert "Marosh" not in other.whole
    assert other.whole.count(ADDRESS) == 1
    with pytest.raises(BadPhrasebook):
        first_letter(matter, "qq")


def test_an_edition_names_the_same_addressee_where_both_can_be_reached_in_one_way_or_lists_are_equally_long() -> None:
    def listed(*addressees: Addressee) -> AppealDocument:
        return replace(ARABIC, addressees=addressees)

    minister, mail = ENGLISH.addressees[1], ENGLISH.addressees[1].channels[0]
    english = replace(ENGLISH, addressees=(ENGLISH.addressees[0], minister), requests=())
    moved = Addressee("الوزيرة", channels=(mail,))
    cases: list[tuple[AppealDocument, list[Addressee | None]]] = [
        (listed(moved, Addressee("ب"), Addressee("ج")), [None, moved]),
        (listed(Addressee("أ"), Addressee("ب")), [Addressee("أ"), Addressee("ب")]),
        (listed(Addressee("أ")), [None, None]),
    ]
    for arabic, expected in cases:
        found = letters.whom(appeal(documents=(english, arabic)))
        assert [each.printed.get("ar") for each in found] == expected


def test_readers_write_to_the_embassy_where_the_appeal_asks_for_it() -> None:
    with_embassy, without = letters.whom(appeal()), letters.whom(appeal(documents=(replace(ENGLISH, requests=()),)))
    assert [each.number for each in with_embassy] == [1, 2, 3, 4, EMBASSY]
    assert [each.number for each in without] == [1, 2, 3, 4]
    matter = matter_of(ENGLISH)
    assert letters.write_letter(matter, with_embassy[-1], "fr").whole.startswith("Monsieur l'Ambassadeur, / Madame")


def test_a_masked_address_and_one_that_is_none_open_no_link() -> None:
    printed = [Channel("email", None, "[email protected]"), Channel("email", "a b@c", "a b@c")]
    right = Channel("email", "office@interior.example", "Office@interior.example")
    addressee = Addressee("x", channels=(*printed, right))
    found = letters.whom(appeal(documents=(replace(ENGLISH, addressees=(addressee,)),)))
    assert found[0].mail == ("office@interior.example",)


@pytest.mark.parametrize(
    ("countries", "read", "own", "expected"),
    [
        (("KAZ",), (), "fr", ("ru", "en", "fr")),
        (("MAR", "ESP"), (), "en", ("ar", "fr", "es", "en")),
        (("XZV",), (), "ar", ("en", "ar")),
        (("XZV",), (), "qq", ("en",)),
        (("KAZ",), ("ar", "en"), "fr", ("ar", "en", "ru", "fr")),
        (("XZV",), ("de",), "es", ("en", "es")),
    ],
)
def test_letters_are_offered_in_what_their_addressee_reads_first_then_in_the_languages_of_the_authorities(
    countries: tuple[str, ...], read: tuple[str, ...], own: str, expected: tuple[str, ...]
) -> None:
    office = ENGLISH.addressees[0].channels[0]
    said = (LetterLanguages("email", str(office.value), read),) if read else ()
    matter = appeal(documents=(replace(ENGLISH, countries=countries),), letter_languages=said)
    first, second, *_ = letters.whom(matter)
    assert (first.languages, second.languages) == (read, ()), "by a way that leads to it"
    found = letters.letter_languages(matter, first, own)
    assert set(found) == set(expected)
    assert (found[0], found[-1]) == (expected[0], expected[-1])


def test_a_post_names_nobody_and_fits_and_a_call_says_what_is_asked() -> None:
    matter = matter_of(ENGLISH, ARABIC)
    for each in letters.whom(matter.appeal):
        for language in LANGUAGES:
            post = letters.write_post(matter, each, language)
            assert all(each.holds(post) for each in letters.networks())
            assert "Marosh" not in post
            assert matter.appeal.code in post
            assert post.startswith("@TavikOffice ") == (each.number == 1)
    call = letters.write_call(matter, "en")
    assert all(demand.text in call for demand in ENGLISH.demands)
    crowded = replace(matter, address="https://appeals.example/" + "a" * 187 + "/")
    assert not letters.write_post(crowded, letters.whom(matter.appeal)[0], "en").startswith("@")
    said = {each.name: each for each in letters.networks()}
    # As X counts: Cyrillic and Arabic letters once, Han and pictures twice.
    for sign, most in (("a", 280), ("ж", 280), ("ع", 280), ("释", 140), ("🕊", 140)):
        assert said["X"].holds(sign * most)
        assert not said["X"].holds(sign * most + "a")
    assert all(urlsplit(each.source).scheme == "https" for each in said.values())


def test_no_line_of_a_letter_can_be_made_by_a_title() -> None:
    forged = replace(ENGLISH, title=Text("Zarvania\r\nBcc: everybody@office.example\u202e\x00"))
    letter = first_letter(matter_of(forged), "en")
    assert "Zarvania Bcc: everybody@office.example\n" in letter.whole
    assert letter.subject == f"Urgent appeal {appeal().code}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_have_the_places_of_the_english_ones(language: str) -> None:
    def places(words: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(words) if name}

    assert letters.languages() == LANGUAGES
    for each in fields(Phrases):
        own, english = (str(getattr(phrases_in(tongue), each.name)) for tongue in (language, "en"))
        assert own.strip()
        assert places(own) == places(english), each.name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dear colleagues, we have received your letter and it is under review.", "en"),
        ("Madame, nous avons bien reçu votre lettre et elle est à l’examen dans nos services.", "fr"),
        ("Estimados señores: hemos recibido su carta y está en estudio por la fiscalía.", "es"),
        ("Ваше обращение получено и находится на рассмотрении в прокуратуре.", "ru"),
        ("تلقينا رسالتكم وهي قيد الدراسة لدى النيابة العامة.", "ar"),
        # What is quoted is ours, and a language in which no letters are written is answered in that of the site.
        (
            "Nous avons reçu votre lettre et elle est dans nos services.\n" + "> The police took her away.\n" * 9,
            "fr",
        ),
        ("Wir haben Ihr Schreiben erhalten, und es wird von der Behörde geprüft.", "es"),
        ("Ваше звернення отримано, її справу розглядає прокуратура її міста, є рішення її суду.", "es"),
        ("ok", "es"),
    ],
)
def test_an_answer_is_drafted_in_the_language_of_the_mail(text: str, language: str) -> None:
    assert language_of(text, "es") == language
