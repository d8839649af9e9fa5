"""What an alert of the Common Alerting Protocol 1.2 (OASIS, 2010) says of an edition, and what a copy of one says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

from tocsin.core.appeal import AppealDocument

PROTOCOL: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_BEGINNING: Final = 2_000
_INFO: Final = re.compile(r"<(?:\w+:)?info\b[^>]*>(.*?)</(?:\w+:)?info>", re.DOTALL)
_NAMES: Final = r"(?:\w+:)?(code|language|headline|description|instruction)"
_OPENS: Final = re.compile(rf"<{_NAMES}\b")
_TEXT: Final = re.compile(rf"<{_NAMES}\b[^>]*>([^<]*)</(?:\w+:)?\1\s*>")


@dataclass(frozen=True, slots=True)
class Alert:
    """The texts of an alert in one language: title, what happened, and what is demanded; none is empty text."""

    code: str
    language: str
    headline: str
    description: str
    instruction: str

    @property
    def words(self) -> str:
        """Everything that it says, to be compared word for word."""
        return "\n".join((self.code, self.headline, self.description, self.instruction))


def alert_of(document: AppealDocument, code: str) -> Alert:
    """Give what an alert says of an edition under a code."""
    return Alert(
        code,
        document.language or "",
        document.title.text if document.title else code,
        "\n\n".join(_story(document)),
        "\n".join(each.text for each in document.demands),
    )


def is_alert(content: bytes) -> bool:
    """Tell whether a file says that it is an alert."""
    return PROTOCOL.encode() in content[:_BEGINNING]


def read_alerts(content: bytes) -> tuple[Alert, ...]:
    """Read a copy of an alert, one value a language; of what else stands in it nothing is looked at.

    Looked for by its tags alone: no parser of XML is given the file of a stranger. So one with what hides words from
    this, comments, CDATA or tags within a text, which no alert of ours has, is read as saying nothing.
    """
    text = content.decode("utf-8", "replace")
    if "<!" in text or len(_OPENS.findall(text)) != len(_TEXT.findall(text)):
        return ()
    code = _texts(_INFO.sub("", text), "code")
    names = ("language", "headline", "description", "instruction")
    return tuple(Alert(code, *(_texts(info, name) for name in names)) for info in _INFO.findall(text))


def _texts(part: str, name: str) -> str:
    """Give what stands under a tag, all of it where the tag stands twice."""
    return "\n".join(unescape(words) for tag, words in _TEXT.findall(part) if tag == name)


def _story(document: AppealDocument) -> Iterator[str]:
    for section in document.sections:
        if section.role in ("situation", "new_information", "background"):
            yield from (paragraph.text for paragraph in section.paragraphs)
