"""The pages and files of the public site, each made of what was signed, as finished answers."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language_info, gettext
from django.utils.translation.trans_real import parse_accept_lang_header

from tocsin.adapters.outlets import Address, render_file
from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import Disavowal, Statement, signatories_to_file, to_file
from tocsin.core.render import labels_for, policy_of, render_framed, style_of
from tocsin.core.vocab import direction_of
from tocsin.publishing import around, finished, queries, signatories, told
from tocsin.publishing.answers import Answer
from tocsin.publishing.countries import country_name
from tocsin.publishing.queries import Listed, Near, Page, Wanted
from tocsin.publishing.rows import marks, rows_of
from tocsin.publishing.standings import ASKS, Standing, find_places, list_standings
from tocsin.publishing.told import Figures

FORMS = finished.FORMS
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
# What the header of a page can say, and the page itself cannot.
_ON_EACH = "frame-ancestors 'none'"
# Pages for readers who act need more of a style than the lists do.
_ACTING = frozenset({"act", "letter", "tell"})
# The one page that has a script, and no other may run one: buttons that copy, links that take along what was changed.
_SCRIPTED = frozenset({"letter"})
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def languages() -> tuple[str, ...]:
    """Name the languages of the pages around the appeals."""
    return tuple(tag for tag, _ in settings.LANGUAGES)


def tongues() -> Answer:
    """Make the first page of a copy: the languages to choose from, since no server chooses."""
    return filled("tongues", "en", {"top": True}, here="", depth=0)


def index(language: str, page: int = 1, wanted: Wanted | None = None, *, now: datetime) -> Answer:
    """Make a page of the list of all appeals, or of what was looked for among them."""
    wanted = wanted or Wanted()
    found = queries.list_shown(wanted, page, among=find_places(wanted.standing, now=now), now=now)
    choices = queries.years_and_countries(now=now)
    return index_of(language, found, choices, _standings_of(found, now), searchable=True)


def index_of(
    language: str,
    found: Page,
    choices: tuple[Iterable[int], Iterable[str]],
    stand: Mapping[str, Standing],
    *,
    searchable: bool,
) -> Answer:
    """Make a page of the list of what was found; `stand` tells how each of it stands, by its code.

    A copy that no program serves is not `searchable`: it leads to the countries instead. `choices` are the years and
    countries that one may look for.
    """
    page, wanted = _turned_to(found), found.wanted
    years, countries = choices
    with translation.override(language):
        context = {
            "found": found,
            "items": rows_of(found.items, stand, language, "../"),
            "wanted": wanted,
            "searched": wanted != Wanted(),
            "searchable": searchable,
            "years": years,
            "countries": sorted((country_name(code, language), code) for code in countries),
            "kinds": [(kind, labels_for(language).kinds[kind]) for kind in queries.KINDS],
            "standings": [(ASKS, gettext("Letters are asked for")), *marks().items()],
            "before": _turned(page - 1, wanted) if page > 1 else None,
            "after": _turned(page + 1, wanted) if page < found.pages else None,
        }
        return filled("list", language, context, here="index.html" if page == 1 else numbered(page), depth=1)


def of_country(language: str, code: str, page: int = 1, *, now: datetime) -> Answer:
    """Make the page of a country: all its appeals."""
    found = queries.list_shown(Wanted(country=code), page, now=now)
    return country_of(language, code, found, _standings_of(found, now))


def country_of(language: str, code: str, found: Page, stand: Mapping[str, Standing]) -> Answer:
    """Make a page of a country of what was found of it."""
    page = _turned_to(found)
    if not found.total:
        raise Http404
    with translation.override(language):
        context = {
            "found": found,
            "items": rows_of(found.items, stand, language, "../../"),
            "country": country_name(code, language),
            "before": numbered(page - 1, code) if page > 1 else None,
            "after": numbered(page + 1, code) if page < found.pages else None,
        }
        return filled("country", language, context, here=f"country/{numbered(page, code)}", depth=2)


def of_defender(language: str, defender: str, page: int = 1, *, now: datetime) -> Answer:
    """Make the page of a defender: all appeals that name her, under a name that the newest of them prints.

    One in the language of the page comes before all others. There is a page in each language that an edition
    names her in, since from there one comes to it.
    """
    found = queries.list_naming(defender, page, now=now)
    return defender_of(language, defender, found, queries.names_of(defender), _standings_of(found, now))


def defender_of(
    language: str,
    defender: str,
    found: Page,
    printed: Collection[tuple[str, str]],
    stand: Mapping[str, Standing],
) -> Answer:
    """Make a page of a defender of what was found that names her; `printed` are her names (`queries.names_of`)."""
    page = _turned_to(found)
    names, tags = {words for words, _ in printed}, tags_of(tongue for _, tongue in printed)
    if language not in tags:
        raise Http404
    named = {each.slug: name for each in found.items if (name := around.defender_in(each, names, language))}
    if not named:
        raise Http404
    items = [each for each in found.items if each.slug in named]
    in_language = (each for each in named.values() if labels_for(each.language).language == language)
    with translation.override(language):
        context = {
            "found": found,
            "items": rows_of(items, stand, language, "../../"),
            "name": next(in_language, next(iter(named.values()))),
            "before": numbered(page - 1, defender) if page > 1 else None,
            "after": numbered(page + 1, defender) if page < found.pages else None,
        }
        here = f"defender/{numbered(page, defender)}"
        return filled("defender", language, context, here=here, depth=2, tags=tags)


def _standings_of(found: Page, now: datetime) -> Mapping[str, Standing]:
    return list_standings([each.code for each in found.items], now=now)


def _turned_to(found: Page) -> int:
    """Give the number of a page that there is."""
    if found.number > found.pages:
        raise Http404
    return found.number


def tags_of(tongues: Iterable[str]) -> tuple[str, ...]:
    """Name the languages of the pages in which a defender has one: those around the editions that name her."""
    return tuple(sorted({labels_for(each).language for each in tongues}))


def verifying(language: str) -> Answer:
    """Make the page that says how anybody can verify an appeal, with the keys that count."""
    with translation.override(language):
        context = {"signatories": signatories.list_signatories(), "site": settings.SITE.publishing_address}
        return filled("verify", language, context, here="verify.html", depth=1)


def appeal(
    slug: str,
    language: str,
    *,
    forms: Collection[str] = FORMS,
    listed: Listed | None = None,
    near: Near | None = None,
    figures: Figures | None = None,
    now: datetime,
) -> Answer:
    """Make the page of one edition of an appeal, or the one that says that it stands no more.

    `forms` are those in which the edition lies beside it; `listed` is what stands under the slug, `near` what stands
    around it, and `figures` what readers told, if that is known.
    """
    listed = listed or queries.find(slug, now=now)
    if listed is None:
        raise Http404
    if listed.appeal is None:
        return tombstone(listed, language)
    document = _document(listed, language)
    address = Address(
        *(f"{settings.SITE.publishing_address}appeals/{slug}/{language}.{form}" for form in ("html", "png"))
    )
    near = near or queries.find_near(listed, now=now)
    figures = figures or told.figures_of(slug, before=timezone.localdate(now))
    frame = around.frame(listed, listed.appeal, document, forms, near, figures)
    return _html(render_framed(document, frame, address if "png" in forms else None), document.language)


def file(
    slug: str,
    language: str,
    form: str,
    *,
    listed: Listed | None = None,
    kept: Mapping[tuple[str, str], bytes] | None = None,
    now: datetime,
) -> Answer:
    """Give one edition of an appeal in another form: as it is kept finished, or made now.

    `listed` is what stands under the slug, and `kept` what is kept of it, if that is known.
    """
    listed = listed or queries.find(slug, now=now)
    if listed is None:
        raise Http404
    if listed.appeal is None:
        return Answer(f"{listed.code}\n410\n".encode(), _TYPES["txt"], status=410)
    document = _document(listed, language)
    files = finished.of(listed, language=language, form=form) if kept is None else kept
    content = files.get((language, form))
    if content is None:
        made = around.forms_made(document, {form} & set(FORMS))
        if not made:
            raise Http404
        content = render_file(document, made[0])
    return Answer(content, _TYPES[form], language=document.language)


def proof(slug: str, *, now: datetime) -> Answer:
    """Give the signed statement: of the appeal, or of its retraction."""
    listed = queries.find(slug, now=now)
    statement = listed.appeal or queries.find_gone(slug) if listed else None
    if statement is None:
        raise Http404
    return proof_of(statement)


def proof_of(statement: Statement) -> Answer:
    """Give a signed statement as a file."""
    return Answer(to_file(statement), _TYPES["json"])


def keys() -> Answer:
    """Give the keys that count."""
    return Answer(signatories_to_file(signatories.list_signatories()), _TYPES["json"])


def editions_of(slug: str, *, now: datetime) -> tuple[str, ...]:
    """Name the languages of an appeal; those of the pages for what was retracted."""
    listed = queries.find(slug, now=now)
    if listed is None:
        raise Http404
    return tuple(each.language for each in listed.appeal.editions) if listed.appeal else languages()


def _document(listed: Listed, language: str) -> AppealDocument:
    edition = listed.appeal.edition(language) if listed.appeal else None
    if edition is None:
        raise Http404
    return edition.document


def tombstone(listed: Listed, language: str, *, depth: int = 2) -> Answer:
    """Say that an appeal stands no more, in signed words alone: nothing of its text, title or country is left."""
    statement = queries.find_gone(listed.slug)
    shown = labels_for(language).language
    note = around.in_language(statement.note, language) if statement else None
    with translation.override(shown):
        context = {
            "code": listed.code,
            "is_void": isinstance(statement, Disavowal),
            "on": labels_for(language).day(timezone.localdate(listed.changed_at)),
            "note": note,
            "note_direction": direction_of(note.language) if note else "auto",
        }
        return filled("withdrawn", shown, context, here="", depth=depth, status=410)


def _turned(page: int, wanted: Wanted) -> str:
    """Give the address of a page of a list: a file of its own, but for what was looked for."""
    if wanted == Wanted():
        return numbered(page)
    narrowed = {"country": wanted.country, "year": wanted.year or "", "kind": wanted.kind, "standing": wanted.standing}
    asked = {"q": wanted.words, **narrowed, "page": page}
    return f"index.html?{urlencode({name: value for name, value in asked.items() if value})}"


def numbered(page: int, name: str = "page") -> str:
    """Give the name of the file of a page of a list."""
    if page == 1:
        return "index.html" if name == "page" else f"{name}.html"
    return f"{name}-{page}.html"


def nowhere(language: str, *, depth: int) -> Answer:
    """Say that there is no such page; `depth` is how many folders the address lies below the top."""
    with translation.override(language):
        return filled("nowhere", language, {}, here="", depth=depth, status=404)


def filled(
    name: str,
    language: str,
    context: Mapping[str, object],
    *,
    here: str,
    depth: int,
    status: int = 200,
    tags: Collection[str] = (),
) -> Answer:
    """Fill in a template of the site.

    `depth` is how many folders the page lies below the top, `here` its name in its language; `tags` are the languages
    in which there is such a page, where not in all. A template of another room is named with its folder.
    """
    up = "../" * depth
    style, policy = _styled(("list", "act") if name in _ACTING else ("list",))
    around_it = {
        **context,
        "up": up,
        "language": language,
        "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
        "style": style,
        "publisher": settings.SITE.publisher,
        "mails": settings.TOCSIN_MAILINGS is not None,
        "demonstration": settings.SITE.is_demonstration,
        "is_draft": language in settings.TOCSIN_DRAFTS,
        "languages": [
            {"tag": tag, "name": around.name_of(tag), "address": f"{up}{tag}/{here or 'index.html'}"}
            for tag in tags or languages()
        ],
    }
    if name in _SCRIPTED:
        policy = f"{policy}; script-src 'self'"
    text = render_to_string(f"{name if '/' in name else f'publishing/{name}'}.html", around_it)
    return Answer(text.encode(), "text/html; charset=utf-8", status, policy, language)


def script() -> Answer:
    """Give the script of the pages with letters, a file of its own: no page has one inside."""
    return Answer(files("tocsin.publishing").joinpath("letter.js").read_bytes(), "text/javascript; charset=utf-8")


def _html(text: str, language: str | None) -> Answer:
    """Send the page of an appeal with the policy that it states itself; a header can say more than a page."""
    stated = _POLICY.search(text)
    policy = stated[1] if stated else "default-src 'none'"
    return Answer(text.encode(), "text/html; charset=utf-8", policy=f"{policy}; {_ON_EACH}", language=language)


@cache
def _styled(styles: tuple[str, ...]) -> tuple[str, str]:
    """Give the style of the pages around the appeals, and the policy that lets it in."""
    folder = files("tocsin.publishing")
    own = (folder.joinpath(f"{name}.css").read_text("utf-8").strip() for name in styles)
    style = "\n".join((style_of(framed=True), *own))
    policy = policy_of(style).replace("form-action 'none'", "form-action 'self'")
    return style, f"{policy}; {_ON_EACH}"


def best_of(tags: Iterable[str], accepted: str) -> str:
    """Choose of some languages the one that a reader asks for most; English or the first if she asks for none."""
    there = list(tags)
    for asked, _weight in parse_accept_lang_header(accepted):
        found = next((tag for tag in there if tag.partition("-")[0] == asked.partition("-")[0]), None)
        if found:
            return found
    return "en" if "en" in there else there[0]
