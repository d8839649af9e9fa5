"""What an alert of the Common Alerting Protocol 1.2 (OASIS, 2010) says of an edition, and what a copy of one says.

Nearly all of it follows from what was signed. What does not is what the site adds when it sends one: by whom and when,
whether in earnest, what it replaces, and the host that its link leads to.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from types import MappingProxyType
from typing import Final

from tocsin.core.appeal import AppealDocument
from tocsin.core.codes import slug_of
from tocsin.core.render.characters import in_xml
from tocsin.core.render.labels import labels_for
from tocsin.core.vocab import country_name

PROTOCOL: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_BEGINNING: Final = 2_000
_HEAD: Final = ("identifier", "msgType", "scope", "code")
# What an alert says in each language, in the order of the protocol.
_SAID: Final = (
    *("category", "event", "urgency", "severity", "certainty", "senderName"),
    *("headline", "description", "instruction", "web", "areaDesc"),
)
_BY_THE_SITE: Final = ("sender", "sent", "status", "references")
_PARTS: Final = frozenset({"alert", "info", "area"})
_INFO: Final = re.compile(r"<(?:\w+:)?info\b[^>]*>(.*?)</(?:\w+:)?info\s*>", re.DOTALL)
_TAG: Final = re.compile(r"</?(?:\w+:)?(\w+)[^>]*>")
_TEXT: Final = re.compile(r"<(?:\w+:)?(\w+)(?:\s[^>]*)?(?<!/)>([^<]*)</(?:\w+:)?\1\s*>")
_DECLARED: Final = re.compile(r"\A\ufeff?<\?xml\s[^>]*\?>")
_PAGE: Final = re.compile(r"appeals/[^/]+/[^/]+\Z")


@dataclass(frozen=True, slots=True)
class Alert:
    """What an alert says in one language, each text under its tag: what was signed, and what the site adds to it."""

    language: str
    signed: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """Everything that has to have been signed, to be compared word for word."""
        return "\n".join(text for _, text in self.signed)


def alert_of(
    document: AppealDocument,
    code: str,
    *,
    version: int = 1,
    invented: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Alert:
    """Give what an alert says of an edition.

    Args:
        document: The edition.
        code: The code of the appeal.
        version: Which version of it.
        invented: Names of countries that are in no table, by code and language.
    """
    labels, slug = labels_for(document.language), slug_of(code)
    countries = (country_name(each, labels.language, invented) for each in document.countries)
    said = {
        "identifier": f"{slug}.v{version}",
        "msgType": "Update" if version > 1 else "Alert",
        "scope": "Public",
        "code": code,
        "category": "Security",
        "event": labels.kind_of(document),
        "urgency": "Past" if document.kind == "closure" else "Immediate",
        # The protocol means both of storms and floods: of an attack on a person we claim neither.
        "severity": "Unknown",
        "certainty": "Unknown",
        "senderName": ", ".join(document.publishers),
        "headline": document.title.text if document.title else code,
        "description": "\n\n".join(_story(document)),
        "instruction": "\n".join(each.text for each in document.demands),
        "web": f"appeals/{slug}/{document.language}.html",
        "areaDesc": ", ".join(countries) or "-",
    }
    return Alert(document.language or "", tuple((tag, in_xml(text)) for tag, text in said.items()))


def is_alert(content: bytes) -> bool:
    """Tell whether a file says that it is an alert."""
    return PROTOCOL.encode() in content[:_BEGINNING]


def read_alerts(content: bytes) -> tuple[Alert, ...]:
    """Read a copy of an alert, one value a language.

    Looked for by its tags alone: no parser of XML is given the file of a stranger. So one with what hides words from
    this, comments, CDATA, style sheets, tags within a text or text between tags, which no alert of ours has, is read as
    saying nothing. What stands under a tag that ours have not is taken for words that have to have been signed.
    """
    text = _DECLARED.sub("", content.decode("utf-8", "replace"))
    head = _INFO.sub("", text)
    infos = _INFO.findall(text)
    if "<!" in text or "<?" in text or not all(map(_is_plain, (head, *infos))):
        return ()
    alert = _texts(head)
    return tuple(_alert(alert, _texts(info)) for info in infos)


def _is_plain(part: str) -> bool:
    """Tell whether a part holds nothing but texts under their tags, and those of an alert and an area around them."""
    around = _TEXT.sub("", part)
    return not _TAG.sub("", around).strip() and set(_TAG.findall(around)) <= _PARTS - {"info"}


def _texts(part: str) -> dict[str, str]:
    """Give what stands under each tag, all of it where a tag stands twice."""
    found: dict[str, str] = {}
    for tag, words in _TEXT.findall(part):
        found[tag] = "\n".join(filter(None, (found.get(tag), unescape(words))))
    return found


def _alert(head: dict[str, str], info: dict[str, str]) -> Alert:
    web = info.get("web", "")
    page = _PAGE.search(web)
    known = [(tag, head.get(tag, "")) for tag in _HEAD]
    known += [(tag, page[0] if page and tag == "web" else info.get(tag, "")) for tag in _SAID]
    foreign = [pair for pair in head.items() if pair[0] not in (*_HEAD, *_BY_THE_SITE)]
    foreign += [pair for pair in info.items() if pair[0] not in (*_SAID, "language")]
    added = [(tag, head[tag]) for tag in _BY_THE_SITE if tag in head] + ([("web", web)] if web else [])
    return Alert(info.get("language", ""), tuple(known + foreign), tuple(added))


def _story(document: AppealDocument) -> Iterator[str]:
    for section in document.sections:
        if section.role in ("situation", "new_information", "background"):
            yield from (paragraph.text for paragraph in section.paragraphs)
