"""Whatever a document says, it is printed as text: no markup, no link, no control character, and no word lost."""

import dataclasses
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from drawing import examples
from hostile_texts import TEXTS, shown, solid
from invented_appeals import INVENTED
from random_documents import documents
from tocsin.core.appeal import AppealDocument, Contact, Reference, Text, Violation
from tocsin.core.render import TEXT_FORMATS, Address, card_sheet, render, sheet
from tocsin.core.render.typst import typeset

ENGLISH = INVENTED["english_appeal"]

TAGS = {
    "html", "head", "meta", "title", "style", "script", "body", "main", "article", "header", "footer", "section",
    "h1", "h2", "h3", "p", "br", "strong", "span", "div", "ol", "ul", "li", "dl", "dt", "dd", "a", "bdi", "sup", "time",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "dir", "charset", "name", "content", "http-equiv", "type", "class", "role", "id", "href", "datetime",
    "aria-label",
}  # fmt: skip


class _Parsed(HTMLParser):
    """Reads a page as a browser would, and keeps what stands in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.linked_data = ""
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self._open = tag

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        if self._open == "script":
            self.linked_data += data
        elif self._open != "style":
            self.text += data

    def handle_comment(self, data):
        pytest.fail(f"a comment: {data}")

    def links(self) -> list[str]:
        return [value for tag, name, value in self.attributes if (tag, name) == ("a", "href") and value[0] != "#"]


def assert_all_shown(document: AppealDocument, text: str) -> None:
    printed = solid(text)
    assert [part for part in shown(document) if solid(part) not in printed] == []


@given(documents(TEXTS))
@settings(max_examples=examples(80))
def test_html_holds_every_text_and_nothing_but_our_markup(document: AppealDocument) -> None:
    page = _Parsed(render(document, "html"))
    assert page.tags <= TAGS
    assert {name for _, name, _ in page.attributes} <= ATTRIBUTES
    assert all(re.match(r"mailto:|tel:|https?://", link) for link in page.links())
    assert_all_shown(document, page.text)


@given(documents(TEXTS))
@settings(max_examples=examples(80))
def test_linked_data_is_json_that_cannot_leave_its_element(document: AppealDocument) -> None:
    page = _Parsed(render(document, "html"))
    assert "<" not in page.linked_data
    assert document.kind == "report" or json.loads(page.linked_data)["@type"] == "Report"


@given(documents(TEXTS))
@settings(max_examples=examples(80))
def test_markdown_reads_back_as_the_same_text_without_html_or_strange_links(document: AppealDocument) -> None:
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks = markdown.parse(render(document, "md"))
    inlines = [inline for block in blocks for inline in block.children or ()]
    assert {block.tag for block in blocks} <= {"", "h1", "h2", "h3", "p", "ul", "li", "hr"}
    assert {inline.type for inline in inlines} <= {
        "text", "text_special", "softbreak", "hardbreak", "strong_open", "strong_close", "link_open", "link_close",
    }  # fmt: skip
    assert sum(block.type == "heading_open" and block.tag == "h1" for block in blocks) == 1
    assert sum(block.type == "hr" for block in blocks) <= 1
    links = sum(inline.type == "link_open" for inline in inlines)
    assert links == len(_Parsed(render(document, "html")).links())
    assert_all_shown(document, "".join(inline.content for inline in inlines))


@given(documents(TEXTS))
@settings(max_examples=examples(80))
def test_plain_text_holds_every_text_in_short_lines(document: AppealDocument) -> None:
    text = render(document, "txt")
    assert_all_shown(document, text)
    assert all(
        len(line) <= 72 or " " not in line for line in text.replace("\u2066", "").replace("\u2069", "").split("\n")
    )


def words(value: object) -> Iterator[str]:
    """Give the strings of a sheet that are printed, not those that say what something is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (word for key, inner in value.items() if key not in {"kind", "role"} for word in words(inner))
    elif isinstance(value, list):
        yield from (word for inner in value for word in words(inner))


@given(documents(TEXTS))
@settings(max_examples=examples(80))
def test_a_sheet_holds_every_text_as_json_and_its_code_is_always_the_same(document: AppealDocument) -> None:
    made = sheet(document)
    assert made.code == sheet(ENGLISH).code
    printed = solid("".join(words(json.loads(made.page))))
    assert [part for part in shown(document) if solid(typeset(part)) not in printed] == []
    assert re.findall(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]", made.page) == []


@given(documents(st.just("Lena Marosh")))
@settings(max_examples=examples(80))
@example(ENGLISH)
@example(dataclasses.replace(ENGLISH, reference=Reference("LENA MAROSH", "LENA MAROSH")))
def test_a_share_card_and_what_networks_are_told_name_nobody(document: AppealDocument) -> None:
    made = card_sheet(document)
    page = render(document, "html", Address("https://a.example/b.html", "https://a.example/b.png"))
    told = [value for tag, name, value in _Parsed(page).attributes if (tag, name) == ("meta", "content")]
    assert "marosh" not in " ".join([made.page if made else "", *told]).casefold()


def test_a_card_says_no_word_but_those_of_the_vocabulary() -> None:
    odd = (Violation("lena_marosh", "Lena Marosh held"), Violation(None, "Lena Marosh held"), *ENGLISH.violations)
    said = json.loads(card_sheet(dataclasses.replace(ENGLISH, violations=odd)).page)
    assert said["violations"] == ["Arbitrary arrest", "Incommunicado detention", "Search and seizure"]


@given(documents(TEXTS))
@settings(max_examples=examples(40))
def test_what_networks_are_told_is_text(document: AppealDocument) -> None:
    page = _Parsed(render(document, "html", Address("https://a.example/b.html?a=1&b=2", "https://a.example/b.png")))
    assert page.tags <= TAGS
    assert {name for _, name, _ in page.attributes} <= ATTRIBUTES | {"property"}


def test_the_code_of_a_sheet_reads_no_file_and_runs_no_text() -> None:
    code = re.sub(r"//.*", "", sheet(ENGLISH).code + card_sheet(ENGLISH).code)
    assert re.findall(r"\b(?:eval|read|import|include|plugin|image|csv|toml|yaml|xml|cbor|bibliography)\b", code) == []
    assert re.findall(r"\bjson\(.*", code) == ["json(bytes(sys.inputs.page))"] * 2


@given(documents(TEXTS), st.sampled_from(["html", "txt", "md"]))
@settings(max_examples=examples(80))
@example(AppealDocument("report", "ar", title=Text("\u202e")), "txt")
def test_no_outlet_prints_a_control_or_leaves_a_direction_open(document: AppealDocument, outlet: str) -> None:
    text = render(document, outlet)
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2067\u2068]", text) == []
    assert all(line.count("\u2066") == line.count("\u2069") for line in text.split("\n"))


@pytest.mark.parametrize("language", ['x"><b>', "en' onload='x", "en\x00", "en x=y"])
def test_a_language_that_is_no_tag_is_printed_into_no_attribute(language: str) -> None:
    page = _Parsed(render(AppealDocument("press_release", language, Text("Words")), "html"))
    assert {value for _, name, value in page.attributes if name == "lang"} <= {"en"}
    assert page.tags <= TAGS
    assert {name for _, name, _ in page.attributes} <= ATTRIBUTES


@pytest.mark.parametrize("language", ["en", "ar", None, "tlh", 'x"><b>', ""])
@pytest.mark.parametrize("outlet", TEXT_FORMATS)
def test_an_empty_document_has_a_page(language: str | None, outlet: str) -> None:
    assert render(AppealDocument("press_release", language), outlet).endswith("\n")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "a@b.example?bcc=all@evil.example"),
        ("email", "a@b.example\nBcc: all@evil.example"),
        ("email", "javascript:alert(1)"),
        ("email", "no address"),
        ("phone", "javascript:alert(1)"),
        ("phone", "+99912;ext=1"),
        ("website", "javascript:alert(1)"),
        ("website", "data:text/html,x"),
        ("website", "https://evil.example/ onclick=x"),
        ("website", "//evil.example"),
        ("twitter", "@handle"),
        ("fax", "+999225550141"),
        ("carrier_pigeon", "https://loft.example/"),
    ],
)
def test_a_value_that_is_not_plainly_an_address_is_printed_and_not_linked(kind: str, value: str) -> None:
    document = AppealDocument("urgent_appeal", "en", contacts=(Contact(kind, value, "as printed"),))
    page = _Parsed(render(document, "html"))
    assert page.links() == []
    assert "as printed" in page.text


@pytest.mark.parametrize(
    ("kind", "value", "link"),
    [
        ("email", "a.b+c@ministry.example", "mailto:a.b%2Bc@ministry.example"),
        ("email", "a&b%c@ministry.example", "mailto:a%26b%25c@ministry.example"),
        ("phone", "+999225550141", "tel:+999225550141"),
        ("website", "https://ministry.example/contact?to=1&x=2", "https://ministry.example/contact?to=1&x=2"),
    ],
)
def test_a_plain_address_is_linked(kind: str, value: str, link: str) -> None:
    document = AppealDocument("urgent_appeal", "en", contacts=(Contact(kind, value, value),))
    assert _Parsed(render(document, "html")).links() == [link]
    assert f"](<{link}>)" in render(document, "md")


def test_rendering_grows_with_the_length_of_the_text_and_not_faster() -> None:
    worst = "[1] A.@:/-(" * 20_000
    document = AppealDocument("urgent_appeal", "ar", title=Text(worst), about=Text(worst), notes=ENGLISH.notes)
    for outlet in TEXT_FORMATS:
        assert len(render(document, outlet)) > len(worst)
