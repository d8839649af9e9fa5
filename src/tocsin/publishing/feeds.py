"""What changed, for programs that look by themselves: Atom, JSON Feed, a map for search engines.

A retraction is told as one (RFC 6721 in Atom), so that programs drop what they kept. Addresses are whole, since
a feed is read far from its site.
"""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext

from tocsin.core.appeal import AppealDocument
from tocsin.core.render import characters, labels_for, render
from tocsin.publishing import around, pages, queries
from tocsin.publishing.answers import Answer
from tocsin.publishing.queries import Listed

_MOST: Final = 50
# What the protocol lets one map hold (sitemaps.org).
MOST_ON_A_MAP: Final = 50_000
_ATOM, _GONE = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def atom(language: str, *, now: datetime) -> Answer:
    """Make the Atom feed (RFC 4287) of a language of the pages."""
    changes = queries.list_changes(_MOST, now=now)
    feed = Element(f"{{{_ATOM}}}feed", {"xml:lang": language})
    _texts(feed, id=_address(f"{language}/feed.atom"), title=_title(language), updated=_time(_newest(changes, now)))
    SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=_address(f"{language}/feed.atom"))
    SubElement(feed, f"{{{_ATOM}}}link", rel="alternate", href=_address(f"{language}/index.html"))
    author = SubElement(feed, f"{{{_ATOM}}}author")
    _texts(author, name=settings.SITE.publisher or _title(language))
    for each in changes:
        if each.appeal is None:
            gone = SubElement(feed, f"{{{_GONE}}}deleted-entry", ref=_id(each), when=_time(each.changed_at))
            SubElement(gone, f"{{{_GONE}}}comment").text = each.code
            continue
        document, tongue = _nearest(each, language)
        entry = SubElement(feed, f"{{{_ATOM}}}entry", {"xml:lang": tongue})
        _texts(entry, id=_id(each), title=_heading(document, each), updated=_time(each.changed_at))
        _texts(entry, published=_time(each.visible_from))
        SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=_page(each, tongue), hreflang=tongue)
        for country in document.countries:
            SubElement(entry, f"{{{_ATOM}}}category", term=country)
        content = SubElement(entry, f"{{{_ATOM}}}content", type="text")
        content.text = characters.in_xml(_text(document))
    return Answer(_written(feed, atom=_ATOM, at=_GONE), "application/atom+xml; charset=utf-8", language=language)


def json_feed(language: str, *, forms: Collection[str] = pages.FORMS, now: datetime) -> Answer:
    """Make the JSON Feed (version 1.1) of a language of the pages; `forms` are those that lie beside its pages."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(language),
        "home_page_url": _address(f"{language}/index.html"),
        "feed_url": _address(f"{language}/feed.json"),
        "language": language,
        "items": [_json_item(each, language, forms) for each in queries.list_changes(_MOST, now=now)],
    }
    content = json.dumps(feed, ensure_ascii=False, indent=1).encode()
    return Answer(content, "application/feed+json; charset=utf-8", language=language)


def site_map(number: int = 1, *, now: datetime) -> Answer:
    """Name pages that search engines should know of: all on one map, unless they are more than one may hold."""
    pages_there = _pages_there(now)[(number - 1) * MOST_ON_A_MAP : number * MOST_ON_A_MAP]
    if not pages_there:
        raise Http404
    root = Element(f"{{{_MAP}}}urlset")
    for address, changed in pages_there:
        dated = {"lastmod": _time(changed)} if changed else {}
        _texts(SubElement(root, f"{{{_MAP}}}url"), _MAP, loc=address, **dated)
    return Answer(_written(root, **{"": _MAP}), "application/xml; charset=utf-8")


def maps(*, now: datetime) -> list[str]:
    """Name the maps for search engines."""
    more = range(2, -(-len(_pages_there(now)) // MOST_ON_A_MAP) + 1)
    return ["sitemap.xml", *(f"sitemap-{number}.xml" for number in more)]


def robots(*, now: datetime) -> Answer:
    """Let everybody look at everything, and say where the maps are; nothing looked for is an address of ours."""
    rows = ["User-agent: *", "Disallow: /*?", *(f"Sitemap: {_address(each)}" for each in maps(now=now)), ""]
    return Answer("\n".join(rows).encode(), "text/plain; charset=utf-8")


def _pages_there(now: datetime) -> list[tuple[str, datetime | None]]:
    """Give the address of each page, and when it changed where that is known."""
    lists = [(_address(f"{language}/index.html"), None) for language in pages.languages()]
    shown = queries.list_addresses(now=now)
    return lists + [(_address(f"appeals/{slug}/{tag}.html"), changed) for slug, tags, changed in shown for tag in tags]


def _json_item(each: Listed, language: str, forms: Collection[str]) -> dict[str, object]:
    if each.appeal is None:
        with translation.override(language):
            words = gettext("This appeal was withdrawn")
        address = _address(f"appeals/{each.slug}/{language}.html")
        title = f"{each.code} – {words}"
        return {"id": _id(each), "url": address, "title": title, "content_text": title, "_tocsin": {"withdrawn": True}}
    document, tongue = _nearest(each, language)
    made = around.forms_made(document, {"pdf"} & set(forms))
    files = [_address(f"appeals/{each.slug}/{tongue}.{form}") for form in made]
    return {
        "id": _id(each),
        "url": _page(each, tongue),
        "title": _heading(document, each),
        "content_text": _text(document),
        "date_published": _time(each.visible_from),
        "date_modified": _time(each.changed_at),
        "language": tongue,
        "tags": [*document.countries, *(one.code for one in document.violations if one.code)],
        "attachments": [{"url": file, "mime_type": "application/pdf"} for file in files],
        "_tocsin": {"code": each.code, "kind": each.appeal.kind, "version": each.appeal.version},
    }


@lru_cache(maxsize=4 * _MOST)
def _text(document: AppealDocument) -> str:
    """Give the text of an edition, which stands in two feeds of each language."""
    return render(document, "txt")


def _nearest(each: Listed, language: str) -> tuple[AppealDocument, str]:
    assert each.appeal is not None  # noqa: S101 - who calls has looked
    _, tongue = around.title_in(each.appeal, language)
    edition = each.appeal.edition(tongue) or each.appeal.editions[0]
    return edition.document, edition.language


def _heading(document: AppealDocument, each: Listed) -> str:
    kind = labels_for(document.language).kind_of(document)
    return " – ".join(characters.in_xml(part) for part in (document.title.text if document.title else kind, each.code))


def _title(language: str) -> str:
    with translation.override(language):
        return " – ".join(filter(None, (gettext("Urgent appeals"), settings.SITE.publisher)))


def _newest(changes: tuple[Listed, ...], now: datetime) -> datetime:
    return changes[0].changed_at if changes else now


def _id(each: Listed) -> str:
    # The same whatever the site is called tomorrow: a mirror tells of the same appeal.
    return f"urn:tocsin:{each.slug}"


def _page(each: Listed, tongue: str) -> str:
    return _address(f"appeals/{each.slug}/{tongue}.html")


def _address(path: str) -> str:
    return f"{settings.SITE.publishing_address}{path}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _texts(parent: Element, space: str = _ATOM, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, f"{{{space}}}{name}").text = characters.in_xml(text)


def _written(root: Element, **spaces: str) -> bytes:
    for prefix, space in spaces.items():
        register_namespace("" if prefix == "atom" else prefix, space)
    return (_XML + tostring(root, "unicode")).encode()
