"""An appeal as an alert of the Common Alerting Protocol 1.2 (OASIS, 2010), for those who collect alerts of all kinds.

One `info` a language; a correction is an `Update`, a retraction a `Cancel`. How severe and how certain something is the
protocol means of storms and floods: of an attack on a person we claim neither, and say `Unknown`.
"""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.conf import settings
from django.http import Http404

from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import PROTOCOL, PublicAppeal
from tocsin.core.publication import alert_of as said_of
from tocsin.core.render import labels_for
from tocsin.publishing import feeds, queries
from tocsin.publishing.answers import Answer
from tocsin.publishing.countries import country_name
from tocsin.publishing.queries import Listed


def alert(slug: str, *, now: datetime) -> Answer:
    """Make the alert of what stands under a slug, or its cancellation."""
    listed = queries.find(slug, now=now)
    # An alert warns of now: what was archived is none.
    if listed is None or (listed.appeal and listed.appeal.is_archived):
        raise Http404
    return alert_of(listed)


def alert_of(listed: Listed) -> Answer:
    """Make the alert of an appeal, or its cancellation."""
    slug = listed.slug
    version = listed.appeal.version if listed.appeal else 0
    root = Element(f"{{{PROTOCOL}}}alert")
    _add(root, "identifier", _identifier(slug, version))
    _add(root, "sender", _sender())
    _add(root, "sent", _time(listed.changed_at))
    _add(root, "status", "Exercise" if settings.SITE.is_demonstration else "Actual")
    _add(root, "msgType", "Cancel" if listed.appeal is None else "Update" if version > 1 else "Alert")
    _add(root, "scope", "Public")
    _add(root, "code", listed.code)
    earlier = queries.list_versions(slug, before=version or None) if version != 1 else []
    if earlier:
        of = (f"{_sender()},{_identifier(slug, number)},{_time(sent)}" for number, sent in earlier)
        _add(root, "references", " ".join(of))
    if listed.appeal is not None:
        for edition in listed.appeal.editions:
            _inform(root, listed, listed.appeal, edition.document)
    register_namespace("", PROTOCOL)
    content = '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode")
    return Answer(content.encode(), "application/cap+xml; charset=utf-8")


def _inform(root: Element, listed: Listed, appeal: PublicAppeal, document: AppealDocument) -> None:
    info, labels = SubElement(root, f"{{{PROTOCOL}}}info"), labels_for(document.language)
    _add(info, "language", document.language or "")
    _add(info, "category", "Security")
    _add(info, "event", labels.kind_of(document))
    _add(info, "urgency", "Past" if appeal.kind == "closure" else "Immediate")
    _add(info, "severity", "Unknown")
    _add(info, "certainty", "Unknown")
    _add(info, "senderName", ", ".join(document.publishers) or settings.SITE.publisher or _sender())
    said = said_of(document, listed.code)
    _add(info, "headline", said.headline)
    _add(info, "description", said.description)
    if said.instruction:
        _add(info, "instruction", said.instruction)
    _add(info, "web", f"{settings.SITE.publishing_address}appeals/{listed.slug}/{document.language}.html")
    area = SubElement(info, f"{{{PROTOCOL}}}area")
    names = [country_name(code, labels.language) for code in document.countries]
    _add(area, "areaDesc", ", ".join(names) or "-")


def _identifier(slug: str, version: int) -> str:
    return f"{slug}.v{version}" if version else f"{slug}.withdrawn"


def _sender() -> str:
    return urlsplit(settings.SITE.publishing_address).hostname or "localhost"


def _time(at: datetime) -> str:
    # The protocol forbids the Z that all others take.
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "-00:00")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{PROTOCOL}}}{name}").text = feeds.clean(text)
