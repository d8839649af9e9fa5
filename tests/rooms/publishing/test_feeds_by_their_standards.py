"""Feeds, the map for search engines and what a page says of itself: valid by their standards, whatever an appeal says.

The schemas beside this were written from the standards; each is shown to refuse what its standard forbids.
"""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from lxml import etree

from hostile_texts import HOSTILE
from invented_appeals import ARABIC, ENGLISH, SPANISH
from people import NOW
from public_site import Clock, Press, slug_of
from tocsin.core.appeal import AppealDocument, Demand, Paragraph, Section, Text, Violation
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import answers, feeds, pages

pytestmark = pytest.mark.database("sqlite")
HERE = Path(__file__).parent
ATOM = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
MAP = etree.XMLSchema(etree.parse(HERE / "sitemap.xsd"))
A, GONE = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
# Half a character cannot be signed, so that no appeal holds it.
SIGNED = [text for text in HOSTILE if text.encode(errors="ignore").decode() == text]


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((HERE / name).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


JSON_FEED, LINKED = validator("json-feed.json"), validator("linked-data.json")


def saying(text: str) -> AppealDocument:
    """Give an appeal that says a text wherever one can be typed."""
    said = (Section("situation", text, (Paragraph(text),)),)
    filled = replace(ENGLISH, title=Text(text), publishers=(text,), issued_at=(text,), sections=said)
    return replace(filled, violations=(Violation(None, text),), demands=(Demand(text, text),), about=Text(text))


@pytest.fixture
def hostile(site: Client, press: Press, withdrawn: None, monkeypatch: pytest.MonkeyPatch) -> list[PublicAppeal]:
    """Publish each text in an appeal of its own; the feeds tell all of them."""
    monkeypatch.setattr(feeds, "_MOST", len(SIGNED) + 1)
    return [press.publish([saying(text)], now=NOW) for text in SIGNED]


@pytest.fixture
def withdrawn(press: Press) -> None:
    """Publish an appeal and take it back."""
    press.retract(press.publish([SPANISH, ARABIC], now=NOW), now=NOW)


def hold_to_rfc_4287(feed: etree._Element) -> None:
    """Hold a feed to its grammar, and to what the RFC says beside it (4.1.2, 4.1.1)."""
    ATOM.assertValid(feed)
    for each in (feed, *feed.iter(f"{A}entry")):
        links = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in each.findall(f"{A}link")]
        assert len(links) == len(set(links))
    ids = [each.findtext(f"{A}id") for each in feed.iter(f"{A}entry")]
    assert len(ids) == len(set(ids))
    assert set(ids).isdisjoint(each.get("ref") for each in feed.iter(f"{GONE}deleted-entry"))


@pytest.mark.usefixtures("hostile")
def test_feeds_are_valid_whatever_an_appeal_says(site: Client) -> None:
    for language in pages.languages():
        feed = etree.fromstring(site.get(f"/{language}/feed.atom").content)
        hold_to_rfc_4287(feed)
        said = json.loads(site.get(f"/{language}/feed.json").content)
        JSON_FEED.validate(said)
        ids = [item["id"] for item in said["items"]]
        assert len(ids) == len(set(ids)) == len(SIGNED) + 1
        assert len(feed.findall(f"{A}entry")) == len(SIGNED)
        assert len(feed.findall(f"{GONE}deleted-entry")) == 1


class Scripts(HTMLParser):
    """Gathers the linked data of a page as a browser reads its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.found = False, [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        if self.inside:
            assert dict(attrs) == {"type": "application/ld+json"}, "a text opened a script of its own"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.inside = False
            self.found.append("")


def test_each_page_describes_itself_as_a_report_of_schema_org_whatever_it_says(
    site: Client, hostile: list[PublicAppeal]
) -> None:
    for each in hostile:
        scripts = Scripts()
        scripts.feed(site.get(f"/appeals/{slug_of(each)}/en.html").content.decode())
        (content, rest) = scripts.found
        LINKED.validate(said := json.loads(content))
        assert (rest, said["reportNumber"], said["inLanguage"]) == ("", each.code, "en")


def test_search_engines_are_given_as_many_maps_as_their_protocol_asks_for(
    site: Client, hostile: list[PublicAppeal], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def maps() -> list[str]:
        return re.findall(
            r"^Sitemap: http://localhost:\d+/(.*)$", site.get("/robots.txt").content.decode(), re.MULTILINE
        )

    def named(name: str) -> list[str]:
        root = etree.fromstring(site.get(f"/{name}").content)
        MAP.assertValid(root)
        return [each.text for each in root.iter("{*}loc")]

    assert maps() == ["sitemap.xml"]
    whole = named("sitemap.xml")
    assert len(whole) == len(pages.languages()) + len(hostile)
    assert site.get("/sitemap-2.xml").status_code == 404
    monkeypatch.setattr(feeds, "MOST_ON_A_MAP", 20)
    monkeypatch.setattr(answers, "kept", answers.Kept(clock))
    assert len(maps()) == -(-len(whole) // 20) > 2
    assert [each for name in maps() for each in named(name)] == whole
    assert site.get(f"/sitemap-{len(maps()) + 1}.xml").status_code == 404


# What the standards forbid, one thing each.
BAD_ATOM = {
    "no id": lambda feed: feed.remove(feed.find(f"{A}id")),
    "no author": lambda feed: feed.remove(feed.find(f"{A}author")),
    "no time of change": lambda feed: feed.find(f"{A}entry").remove(feed.find(f"{A}entry/{A}updated")),
    "two titles": lambda feed: feed.append(etree.fromstring(f'<title xmlns="{A[1:-1]}">x</title>')),
    "a time without a zone": lambda feed: setattr(feed.find(f"{A}updated"), "text", "2026-11-27T10:00:00"),
    "a time that is none": lambda feed: setattr(feed.find(f"{A}updated"), "text", "2026-13-27T10:00:00Z"),
    "a link to a folder": lambda feed: feed.find(f"{A}link").set("href", "../index.html"),
    "an element in text": lambda feed: etree.SubElement(feed.find(f"{A}entry/{A}content"), "b"),
    "a part of nobody": lambda feed: etree.SubElement(feed, f"{A}priority"),
    "one entry twice": lambda feed: feed.append(etree.fromstring(etree.tostring(feed.find(f"{A}entry")))),
    "a deleted entry without its time": lambda feed: feed.find(f"{GONE}deleted-entry").attrib.pop("when"),
}
BAD_JSON: dict[str, Any] = {
    "no version": lambda feed: feed.pop("version"),
    "a number for an id": lambda feed: feed["items"][0].update(id=7),
    "an item without content": lambda feed: feed["items"][0].pop("content_text"),
    "a time without a zone": lambda feed: feed["items"][0].update(date_modified="2026-11-27T10:00:00"),
    "a part of nobody": lambda feed: feed.update(priority=1),
    "an attachment without its type": lambda feed: feed["items"][0].update(attachments=[{"url": "https://a.example/"}]),
}


@pytest.mark.usefixtures("lawyer", "withdrawn")
def test_the_schemas_refuse_what_the_standards_forbid(site: Client) -> None:
    atom, said = site.get("/en/feed.atom").content, site.get("/en/feed.json").content
    for spoil in BAD_ATOM.values():
        feed = etree.fromstring(atom)
        spoil(feed)
        with pytest.raises((etree.DocumentInvalid, AssertionError)):
            hold_to_rfc_4287(feed)
    for name, spoil in BAD_JSON.items():
        feed = json.loads(said)
        spoil(feed)
        assert not JSON_FEED.is_valid(feed), name
    for spoilt in ("", "<url><loc>ftp://a.example/</loc></url>", "<url><loc>https://a.example/é</loc></url>"):
        root = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{spoilt}</urlset>'
        assert not MAP.validate(etree.fromstring(root)), spoilt
