"""What a list says of an appeal, in the edition that is nearest to the language of the page.

A copy of the site holds each row in all languages of the pages, in the list, of its countries and of its defenders:
filled into a template these rows took a third of its time.
"""

from collections.abc import Iterable, Mapping
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import PublicAppeal
from tocsin.core.render import labels_for
from tocsin.core.vocab import direction_of
from tocsin.publishing import around
from tocsin.publishing.countries import country_name
from tocsin.publishing.queries import Listed
from tocsin.publishing.standings import Standing, asks_for_letters


def rows_of(items: Iterable[Listed], standings: Mapping[str, Standing], language: str, up: str) -> SafeString:
    """Write the rows of a list, in a language of the pages; `up` leads to the top of the site.

    `standings` tell by their codes what has newer information, was corrected or is closed.
    """
    return SafeString("\n".join(_row(each, standings.get(each.code), language, up) for each in items))


def _row(listed: Listed, standing: Standing | None, language: str, up: str) -> str:
    appeal = listed.appeal
    assert appeal is not None  # noqa: S101 - lists leave retractions out
    title, tongue = around.title_in(appeal, language)
    document = (appeal.edition(tongue) or appeal.editions[0]).document
    spoken = f'lang="{escape(tongue)}"{{}} dir="{direction_of(tongue)}"'
    # As on the page itself.
    asks = asks_for_letters(appeal.kind, standing, is_archived=appeal.is_archived)
    urgent = ' class="urgent"' if asks else ""
    marks = "".join(f' <span class="mark">{escape(each)}</span>' for each in _marks(appeal, standing))
    linked = spoken.format(f' hreflang="{escape(tongue)}"')
    return f"""<li{urgent}>
<p class="banner"><span class="kind">{escape(labels_for(language).kind_of(document))}</span> \
<bdi class="code" dir="ltr">{escape(appeal.code)}</bdi>{marks}</p>
<h2><a href="{up}appeals/{listed.slug}/{escape(tongue)}.html" {linked}>{escape(title)}</a></h2>
{_violations(document, spoken.format(""))}
<p class="issued">{_places(document, language, up)}{_day(document, language)}{_others(listed, tongue, up)}</p>
</li>"""


def _marks(appeal: PublicAppeal, standing: Standing | None) -> Iterable[str]:
    if appeal.is_archived:
        yield gettext("From the archive")
    # What closes a case says so by its kind.
    if standing and not (standing == "closed" and appeal.kind == "closure"):
        yield from filter(None, [marks().get(standing)])


def marks() -> dict[Standing, str]:
    """Give the words by which a list marks what does not stand as it was published."""
    return {
        "superseded": gettext("Newer information"),
        "closed": gettext("Case closed"),
        "corrected": gettext("Corrected"),
    }


def _violations(document: AppealDocument, spoken: str) -> str:
    if not document.violations:
        return ""
    named = "".join(f"<li>{escape(each.as_printed)}</li> " for each in document.violations)
    return f'<ul class="violations" role="list" {spoken}>{named}</ul>'


def _places(document: AppealDocument, language: str, up: str) -> str:
    return "".join(
        f'<a href="{up}{language}/country/{escape(code)}.html"><bdi>{escape(country_name(code, language))}</bdi></a> · '
        for code in document.countries
    )


def _day(document: AppealDocument, language: str) -> str:
    on = document.issued_on
    return f'<time datetime="{on.isoformat()}">{escape(labels_for(language).day(on))}</time>' if on else ""


def _others(listed: Listed, tongue: str, up: str) -> str:
    tags = (each.language for each in listed.appeal.editions if each.language != tongue) if listed.appeal else ()
    return "".join(
        f' · <a href="{up}appeals/{listed.slug}/{escape(tag)}.html" lang="{escape(tag)}" hreflang="{escape(tag)}">'
        f"<bdi>{escape(around.name_of(tag))}</bdi></a>"
        for tag in tags
    )
