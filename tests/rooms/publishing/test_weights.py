"""Every page of the public site is light, whatever its address: a slow phone shows its first view at once."""

import gzip
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import URLPattern

from invented_appeals import ARABIC, ENGLISH, SPANISH
from people import NOW
from public_site import Press, slug_of
from tocsin.config.urls_publishing import urlpatterns
from tocsin.core.appeal import AppealDocument, Paragraph, Section
from tocsin.core.publication import Mission, Way
from tocsin.core.vocab import countries_by_name
from tocsin.dispatch import filling
from tocsin.dispatch import pages as readers
from tocsin.publishing import queries
from tocsin.publishing.answers import Answer
from tocsin.publishing.api.table import QUESTIONS
from tocsin.publishing.models import Defender

pytestmark = pytest.mark.database("sqlite")
FIRST_VIEW, PAGE = 14_000, 50_000
PHONE = "+99 555 0100"
# What is no page, but a file or a step to another address. A new address is a page until somebody says here it is none.
NO_PAGES = {
    *"home icon robots site-map signatories editions alert proof appeal-file api openapi atom json-feed".split(),
    "letter-script",
    "statistics-year",
    "site-map-more",
    *(each.name for each in QUESTIONS),
}
# One address or several of each page, with an appeal that stands, one that was withdrawn, and a defender.
ADDRESSES = {
    "appeal": ["/appeals/{stands}/{tag}.html", "/appeals/{gone}/{tag}.html", "/appeals/{chained}/{tag}.html"],
    "act": ["/{tag}/act/{stands}.html", "/{tag}/act/{gone}.html"],
    "tell": ["/{tag}/act/{stands}/tell.1.html"],
    "tell-any": ["/{tag}/act/{stands}/tell.html"],
    "letter": ["/{tag}/act/{stands}/1.en.html", "/{tag}/act/{stands}/2.ar.html", "/{tag}/act/{stands}/0.{tag}.html"],
    "api-page": ["/{tag}/api.html"],
    "list": ["/{tag}/"],
    "list-file": ["/{tag}/index.html", "/{tag}/index.html?q=marosh&country=XZV&year=2026", "/{tag}/index.html?q=qq"],
    "list-page": ["/{tag}/page-2.html"],
    "verify": ["/{tag}/verify.html"],
    "statistics": ["/{tag}/statistics.html"],
    "country": ["/{tag}/country/XZV.html"],
    "country-page": ["/{tag}/country/XZV-2.html"],
    "defender": ["/en/defender/{defender}.html"],
    "defender-page": ["/en/defender/{defender}-2.html"],
}


MISSIONS = tuple(
    Mission(
        code,
        "embassy",
        (("en", f"Embassy of the Republic of Zarvania in {code}"),),
        f"Capital of {code}",
        (
            Way("email", f"{code}@embassies.zarvania.example", f"{code}@embassies.zarvania.example"),
            Way("phone", PHONE, PHONE),
        ),
    )
    for code in sorted(set(countries_by_name("en").values()))[:60]
)
TOKEN = 32 * "0"
# Pages that stand under a link of one reader, or only while readers may subscribe: weighed as they are made.
READERS: dict[str, Callable[[str], Answer]] = {
    "subscribe": readers.subscribing,
    "change-ask": readers.asking_for_link,
    "confirm": lambda tag: readers.confirming(tag, TOKEN),
    "change": lambda tag: readers.changing(tag, TOKEN, filling.empty(tag), has_key=True),
    "leave": readers.leaving,
}


def long(document: AppealDocument, dice: random.Random) -> AppealDocument:
    """Give an appeal twice as long as most, with a title of its own: pages that are all alike would pack too well."""

    def drawn(count: int) -> str:
        return " ".join("".join(dice.choices("bcdfghklmnprst", k=dice.randint(3, 9))) for _ in range(count))

    section = Section("situation", None, tuple(Paragraph(f"{drawn(120)}.") for _ in range(4)))
    title = replace(document.title, text=f"{document.title.text}: {drawn(10)}") if document.title else None
    return replace(document, title=title, sections=(*document.sections, section))


@pytest.fixture
def addresses(press: Press) -> dict[str, str]:
    """Publish so much that each list has a second page, in two languages, with what an appeal may bring at most.

    One goes to sixty embassies, and one is the first of a chain of 32, as the longest of an observatory are.
    """
    dice = random.Random(20261126)
    published = [
        press.publish([long(ENGLISH, dice), long(ARABIC, dice)], now=NOW, missions=MISSIONS if at == 0 else ())
        for at in range(queries.ON_A_PAGE + 1)
    ]
    for _ in range(31):
        press.follow_up(published[1], [replace(ENGLISH, title=long(ENGLISH, dice).title)], now=NOW)
    gone = press.publish([SPANISH], now=NOW)
    press.retract(gone, now=NOW)
    names_her = Defender.objects.filter(naming__language="en").first()
    assert names_her
    return {
        "stands": slug_of(published[0]),
        "chained": slug_of(published[1]),
        "gone": slug_of(gone),
        "defender": names_her.pk,
    }


def weigh(address: str, content: bytes) -> None:
    packed = len(gzip.compress(content, 9))
    assert packed <= FIRST_VIEW, (address, packed)
    assert len(content) <= PAGE, (address, len(content))


def test_every_address_of_the_site_is_a_light_page_or_said_to_be_none(site: Client, addresses: dict[str, str]) -> None:
    names = {each.name for each in urlpatterns if isinstance(each, URLPattern)}
    assert names == NO_PAGES | ADDRESSES.keys() | READERS.keys()
    for kind, shapes in ADDRESSES.items():
        for address in [shape.format(tag=tag, **addresses) for shape in shapes for tag in ("en", "ar")]:
            answer = site.get(address)
            assert answer.status_code == (410 if addresses["gone"] in address else 200), address
            assert answer.headers["Content-Type"].startswith("text/html"), address
            assert answer.resolver_match.url_name == kind, address
            weigh(address, answer.content)
    for kind, make in READERS.items():
        for tag in ("en", "ar"):
            weigh(kind, make(tag).body)
    for address, status in [("/nowhere", 404), ("/en/index.html?q=" + "x" * 2000, 414)]:
        answer = site.get(address)
        assert answer.status_code == status
        weigh(address, answer.content)
