"""Appeals are found by the beginnings of their words in any script, the newest first, and alike on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from invented_appeals import ARABIC, ENGLISH, SPANISH
from people import NOW
from public_site import Press, publishing_process
from signing import appeal
from tocsin.core.appeal import AppealDocument, Paragraph, Section, Text
from tocsin.core.publication import to_file
from tocsin.publishing import queries, search
from tocsin.publishing.models import Shown, ShownWords
from tocsin.publishing.queries import Wanted
from two_databases import PostgreSQL, SQLite, point_at

LONG = "x" * 5000


def telling(title: str, words: str = "", **changes: object) -> AppealDocument:
    """Give an appeal with no other words than these and its code."""
    told = (Section("situation", None, (Paragraph(words),)),)
    bare = replace(SPANISH, title=Text(title), sections=told, demands=(), opening=None, addressees=(), notes=())
    bare = replace(bare, violations=(), publishers=(), about=None, requests=(), contacts=(), issued_at=())
    return replace(bare, **changes)  # type: ignore[arg-type]


APPEALS = {
    "lawyer": (ENGLISH, ARABIC),
    "spanish": (SPANISH,),
    "cyrillic": (telling("Анна Воронова задержана"),),
    "persian": (telling("بازداشت وکیل", "کلانتری ۱۲", language="fa"),),
    "chinese": (telling("律師被捕", "王小明"),),
    "japanese": (telling("弁護士カタカナ"),),
    "devanagari": (telling("सुरक्षा बल"),),
    "georgian": (telling("ადვოკატი დააკავეს"),),
    "greek": (telling("Σύλληψη δικηγόρου"),),
    "turkish": (telling("İnsan hakları savunucusu Şeyma"),),
    "long": (telling(f"Ordinary {LONG}"),),
    "forms": (telling(" ".join(f"tremol{letter}" for letter in "abcdefghijklm")),),
    "joined": (telling("O’Hara d'Artois zweite-hälfte ma_ro"),),
}
# Which appeals each question finds; the code of each appeal holds "XZV", "1126" and "OBS".
FINDS = [
    ("marosh", "lawyer"),
    ("MAROSH velm", "lawyer"),
    ("maro", "lawyer"),
    ("marosh الورداني", "lawyer"),
    ("Воронова", "cyrillic"),
    ("воронов АННА", "cyrillic"),
    ("анны", ""),
    ("الورداني", "lawyer"),
    ("إعتقال", "lawyer"),
    ("وكيل", "persian"),
    ("کلانتري 12", "persian"),
    ("كلانتر ١", "persian"),
    ("Quell", "spanish"),
    ("AMAYA asesinato", "spanish"),
    ("律師", "chinese"),
    ("師", "chinese"),
    ("王 明", "chinese"),
    ("师", ""),
    ("カタ", "japanese"),
    ("ｶﾀｶﾅ", "japanese"),
    ("सुरक्षा", "devanagari"),
    ("सुर", "devanagari"),
    ("ადვოკატი", "georgian"),
    ("δικηγορ", "greek"),
    ("ΣΥΛΛΗΨΗ", "greek"),
    ("insan seyma", "turkish"),
    ("haklari", "turkish"),
    ("OBS 002", "spanish"),
    ("ordinary xxxxx", "long"),
    (LONG, "long"),
    (f"{LONG}y", "long"),
    ("tremol", "forms"),
    ("tremolc trem", "forms"),
    ("tremolz", ""),
    ("ohara dartois", "joined"),
    ("halfte", "joined"),
    ("zweite hal", "joined"),
    ("lirén puerto", "spanish"),
    ("agradecemos que", "spanish"),
    ("embassy kindly", "lawyer"),
    ("appeals@harbour.example", "lawyer"),
    ("998 20 555", "lawyer"),
    ("آشا", "lawyer"),
    ("arosh", ""),
    ("nothing of the kind", ""),
    ("\"') OR ('zzz", ""),
    ("***", ""),
    ("marosh OR quell", ""),
    ("marosh NOT quell", ""),
    ("marosh:* | quell", ""),
    ("\ue000urgentappeal", ""),
    ("", "*"),
    ("x", "*"),
    ("obs 11", "*"),
    ("OBS XZV 1126 OBS xzv o", "*"),
]


@pytest.fixture
def shelf(press: Press) -> Iterator[dict[str, str]]:
    """Publish them all, and give the name of each by its code."""
    with publishing_process():
        yield {press.publish(documents, now=NOW).code: name for name, documents in APPEALS.items()}


def found(wanted: Wanted, page: int = 1) -> list[str]:
    return [each.code for each in queries.list_shown(wanted, page, now=NOW).items]


def test_every_question_finds_the_same_on_the_page_in_the_api_and_on_both_databases(shelf: dict[str, str]) -> None:
    for question, names in FINDS:
        expected = set(shelf.values()) if names == "*" else set(names.split())
        wanted = Wanted(words=question)
        page = queries.list_shown(wanted, 1, now=NOW)
        assert {shelf[each.code] for each in page.items} == expected, question[:50]
        assert page.total == len(expected), question[:50]
        stretch = queries.list_after(wanted, None, 100, now=NOW)
        assert {shelf[each.code] for each in stretch.items} == expected, question[:50]


def test_a_search_is_narrowed_by_country_year_and_kind_and_by_nothing_that_anybody_types(press: Press) -> None:
    def issued(day: date, country: str) -> AppealDocument:
        return telling("alike", countries=(country,), issued_on=day)

    first = press.publish([issued(date(2024, 12, 31), "XZV")], now=NOW)
    old, new = first.code, press.publish([issued(date(2025, 1, 1), "XOS")], now=NOW).code
    last = press.follow_up(first, [issued(date(2025, 6, 1), "XZV")], now=NOW).code
    for narrowed, expected in [
        ({}, [last, new, old]),
        ({"country": "XZV"}, [last, old]),
        ({"year": 2025}, [last, new]),
        ({"kind": "new_information"}, [last]),
        ({"kind": "urgent_appeal", "country": "XZV"}, [old]),
        ({"year": 2024, "country": "XOS"}, []),
        ({"country": "XBM"}, []),
    ]:
        assert found(Wanted(words="alike", **narrowed)) == expected, narrowed  # type: ignore[arg-type]
        assert found(Wanted(**narrowed)) == expected, narrowed  # type: ignore[arg-type]
    for typed in ("2025", "urgentappeal", "newinformation", "xos"):
        assert found(Wanted(words=f"alike {typed}")) == [], typed


def test_what_is_found_comes_in_the_order_of_the_list_and_not_before_its_time(press: Press) -> None:
    def issued(day: date | None, minutes: int, **words: object) -> str:
        at = NOW - timedelta(minutes=minutes)
        return press.publish([telling("alike", issued_on=day)], now=at, **words).code

    days = [None, None, date(1790, 1, 1), date(2001, 1, 1), date(2026, 1, 1), date(2026, 1, 1)]
    codes = [issued(day, 50 - 10 * at) for at, day in enumerate(days)]
    twins = [issued(date(2026, 1, 2), 0) for _ in range(queries.ON_A_PAGE)]
    held = issued(date(2026, 1, 3), 0, not_before=NOW + timedelta(hours=1))
    in_order = [*reversed(twins), *reversed(codes)]
    for wanted in (Wanted(words="alike"), Wanted()):
        pages = [queries.list_shown(wanted, at, now=NOW) for at in (1, 2)]
        assert [each.code for page in pages for each in page.items] == in_order
        assert {page.total for page in pages} == {len(in_order)}
        later = queries.list_shown(wanted, 1, now=NOW + timedelta(hours=2))
        assert (later.items[0].code, later.total) == (held, len(in_order) + 1)


def test_places_leave_room_for_all_that_comes_in_a_minute() -> None:
    first, behind = search.first_place(date(2026, 1, 1), NOW)
    assert behind - first == 1 << 20
    assert search.first_place(date(2026, 1, 1), NOW + timedelta(minutes=1))[0] == behind
    assert search.first_place(date(2026, 1, 2), NOW - timedelta(days=9000))[0] > behind
    assert 0 <= search.first_place(None, NOW)[0] < search.first_place(date(1, 1, 1), NOW)[1]
    assert search.first_place(date.max, NOW + timedelta(days=100_000))[1] <= 1 << 63


@pytest.mark.usefixtures("committed")
def test_what_was_published_before_there_were_places_is_found_where_it_stood(maker: SQLite | PostgreSQL) -> None:
    point_at(maker.empty("places"))
    put_as_before(MigrationExecutor(connection).migrate([("publishing", "0006_archived")]).apps)
    MigrationExecutor(connection).migrate([("publishing", "0007_places")])
    assert list(Shown.objects.order_by("-place").values_list("slug", flat=True)) == ["new", "old-a", "old-b", "undated"]
    # Asked by name: the rows have columns since that are not there yet.
    (there,) = Shown.objects.exclude(languages="").values_list("slug", "languages", "place", named=True)
    assert (there.slug, there.languages) == ("new", " ar  en ")
    text = search.asked("maro الور", search.marks(["XZV"], 2026, "urgent_appeal"))
    assert text
    assert search.find(text, 20, now=NOW) == ([there.place], 1)
    search.drop(ShownWords.objects.all())
    assert search.find(text, 20, now=NOW) == ([], 0)


@pytest.mark.usefixtures("committed")
def test_an_upgrade_lets_what_stands_be_found_by_its_contacts_and_requests_too(maker: SQLite | PostgreSQL) -> None:
    point_at(maker.empty("words"))
    apps = MigrationExecutor(connection).migrate([("publishing", "0012_offices")]).apps
    statement, times = to_file(appeal(documents=(ENGLISH,))), {"published_at": NOW, "visible_from": NOW}
    for place, (slug, signed, words) in enumerate(
        [("there", statement, "marosh"), ("gone", statement, None), ("forged", b"nothing", "marosh")]
    ):
        publication = apps.get_model("publishing", "Publication").objects.create(
            code=slug, slug=slug, version=1, kind="urgent_appeal", statement=signed, **times
        )
        row = {"slug": slug, "publication": publication, "visible_from": NOW, "kind": "urgent_appeal", "place": place}
        day = date(2026, 11, 4)
        apps.get_model("publishing", "Shown").objects.create(**row, issued_on=day, countries=" XZV ")
        if words:
            search.keep(apps.get_model("publishing", "ShownWords").objects.create(place=place, words=words))
    MigrationExecutor(connection).migrate([("publishing", "0013_more_words")])
    marks = search.marks(["XZV"], 2026, "urgent_appeal")
    for question in ("appeals harbour example", "embassy kindly", "lena marosh"):
        text = search.asked(question, marks)
        assert text
        assert search.find(text, 20, now=NOW) == ([0], 1), question
    text = search.asked("marosh")
    assert text
    assert search.find(text, 20, now=NOW) == ([2, 0], 2)
    search.drop(ShownWords.objects.all())
    assert search.find(text, 20, now=NOW) == ([], 0)


def put_as_before(apps: object) -> None:
    """Put in some appeals as an earlier version kept them."""
    models = {name: apps.get_model("publishing", name) for name in ("Publication", "Shown", "ShownWords")}  # type: ignore[attr-defined]
    for slug, day in [("undated", None), ("old-b", "2020-01-01"), ("new", "2026-01-01"), ("old-a", "2020-01-01")]:
        times = {"published_at": NOW, "visible_from": NOW}
        publication = models["Publication"].objects.create(
            code=slug, slug=slug, version=1, kind="urgent_appeal", statement=b"", **times
        )
        models["Shown"].objects.create(
            slug=slug, publication=publication, visible_from=NOW, kind="urgent_appeal", issued_on=day, countries=" XZV "
        )
    for language, words in (("ar", "الورداني"), ("en", "marosh")):
        models["ShownWords"].objects.create(shown_id="new", language=language, words=words)
