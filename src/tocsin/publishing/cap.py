"""An appeal as an alert of the Common Alerting Protocol 1.2 (OASIS, 2010), for those who collect alerts of all kinds.

One `info` a language; a correction is an `Update`, a retraction a `Cancel`.
"""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.conf import settings
from django.http import Http404

from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import PublicAppeal
from tocsin.core.render import alert as alerts
from tocsin.core.render.characters import in_xml
from tocsin.publishing import queries
from tocsin.publishing.answers import Answer
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
    root = Element(f"{{{alerts.PROTOCOL}}}alert")
    _add(root, "identifier", _identifier(slug, version))
    _add(root, "sender", _sender())
    _add(root, "sent", _time(listed.changed_at))
    _add(root, "status", "Exercise" if settings.SITE.is_demonstration else "Actual")
    # What was held back was no alert that this one could update.
    earlier = queries.list_versions(slug, before=version or None) if version != 1 else []
    _add(root, "msgType", "Cancel" if listed.appeal is None else "Update" if earlier else "Alert")
    _add(root, "scope", "Public")
    _add(root, "code", listed.code)
    if earlier:
        of = (f"{_sender()},{_identifier(slug, number)},{_time(sent)}" for number, sent in earlier)
        _add(root, "references", " ".join(of))
    if listed.appeal is not None:
        for edition in listed.appeal.editions:
            _inform(root, listed.appeal, edition.document)
    register_namespace("", alerts.PROTOCOL)
    content = '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode")
    return Answer(content.encode(), "application/cap+xml; charset=utf-8")


def _inform(root: Element, appeal: PublicAppeal, document: AppealDocument) -> None:
    info = SubElement(root, f"{{{alerts.PROTOCOL}}}info")
    invented = settings.TOCSIN_INVENTED_COUNTRIES
    said = dict(alerts.alert_of(document, appeal.code, version=appeal.version, invented=invented).signed)
    _add(info, "language", document.language or "")
    for tag in ("category", "event", "urgency", "severity", "certainty"):
        _add(info, tag, said[tag])
    _add(info, "senderName", said["senderName"] or settings.SITE.publisher or _sender())
    for tag in ("headline", "description", "instruction"):
        if said[tag] or tag != "instruction":
            _add(info, tag, said[tag])
    _add(info, "web", f"{settings.SITE.publishing_address}{said['web']}")
    _add(SubElement(info, f"{{{alerts.PROTOCOL}}}area"), "areaDesc", said["areaDesc"])


def _identifier(slug: str, version: int) -> str:
    return f"{slug}.v{version}" if version else f"{slug}.withdrawn"


def _sender() -> str:
    return urlsplit(settings.SITE.publishing_address).hostname or "localhost"


def _time(at: datetime) -> str:
    # The protocol forbids the Z that all others take.
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "-00:00")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{alerts.PROTOCOL}}}{name}").text = in_xml(text)
