"""Readers tell that they acted: it is counted, shows as a sum, and nothing else is kept."""

import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from invented_appeals import ENGLISH
from people import NOW
from public_site import Clock, Press, slug_of
from tocsin.adapters.rate import Rate
from tocsin.core.guarding import questions
from tocsin.core.letters import EMBASSY
from tocsin.core.publication import PublicAppeal
from tocsin.publishing import acting, copying, pages, told, views
from tocsin.publishing.models import ToldActions, ToldCountry

pytestmark = pytest.mark.database("sqlite")
# What adds up is asked of both kinds of database.
both = pytest.mark.database("sqlite", "postgresql")
MARK = "198.51.100.77"
SHOWN = re.compile(
    r"Letters, calls and posts of readers: (\d+)\..*?Countries of readers: (\d+)\..*?Replies of authorities: (\d+)"
)


@pytest.fixture(autouse=True)
def rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TOLD_RATE", Rate(burst=1000, seconds=1))
    monkeypatch.setattr(views, "CLICKED_RATE", Rate(burst=1000, seconds=1))


def address(appeal: PublicAppeal, number: int = 1, language: str = "en") -> str:
    return f"/{language}/act/{slug_of(appeal)}/tell.{number}.html"


def tell(site: Client, where: str, **words: str) -> HttpResponse:
    found = re.search(r'name="asked" value="(\d+)"', site.get(where).content.decode())
    assert found
    answer = {"asked": found[1], "number": str(questions()[int(found[1])].answer), "channel": "email"}
    return site.post(where, answer | words, REMOTE_ADDR=MARK, HTTP_USER_AGENT=MARK, HTTP_REFERER=f"http://{MARK}/")


def shown(site: Client, appeal: PublicAppeal) -> tuple[int, int] | None:
    """Give the letters and the countries that the page of an appeal shows; what the API gives is the same."""
    found = SHOWN.search(site.get(f"/appeals/{slug_of(appeal)}/en.html").content.decode())
    record = site.get(f"/api/1/appeals/{slug_of(appeal)}.json").json()["record"]
    figures = {each["name"]: each["figure"] for each in record}
    numbers = tuple(map(int, found.groups())) if found else (0, 0, 0)
    assert (figures["actions"], figures["countries"], figures["replies"]) == numbers
    return numbers[:2] if found else None


def pass_a_day(clock: Clock) -> None:
    clock.now, clock.seconds = clock.now + timedelta(days=1), clock.seconds + 86_400


@both
def test_an_action_is_counted_by_appeal_day_addressee_and_channel_and_shows_when_the_day_is_over(
    site: Client, lawyer: PublicAppeal, clock: Clock
) -> None:
    assert shown(site, lawyer) is None
    for number, channel in ((1, "email"), (1, "email"), (2, "phone"), (0, "other")):
        assert "It is counted" in tell(site, address(lawyer, number), channel=channel).content.decode()
    assert shown(site, lawyer) is None, "the day is not over"
    pass_a_day(clock)
    assert shown(site, lawyer) == (4, 0)
    tell(site, address(lawyer))
    assert shown(site, lawyer) == (4, 0)
    days = [NOW.date(), NOW.date() + timedelta(days=1)]
    assert set(ToldActions.objects.values_list("slug", "day", "number", "channel", "actions")) == {
        (slug_of(lawyer), days[0], 1, "email", 2),
        (slug_of(lawyer), days[0], 2, "phone", 1),
        (slug_of(lawyer), days[0], 0, "other", 1),
        (slug_of(lawyer), days[1], 1, "email", 1),
    }
    assert "Nobody checked them." in site.get(f"/appeals/{slug_of(lawyer)}/en.html").content.decode()
    until_yesterday = told.figures_of(slug_of(lawyer), before=days[1])
    assert (until_yesterday.actions, told.all_figures(before=days[1])) == (4, {slug_of(lawyer): until_yesterday})


def test_a_click_beside_a_letter_is_counted_and_too_many_are_asked_a_question(
    site: Client, lawyer: PublicAppeal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CLICKED_RATE", Rate(burst=1, seconds=1000))
    letter = site.get(f"/en/act/{slug_of(lawyer)}/1.en.html").content.decode()
    assert '<form class="ask" method="post" action="tell.1.html">' in letter
    assert '<button name="channel" value="email">I wrote</button>' in letter
    assert "It is counted" in site.post(address(lawyer), {"channel": "email"}).content.decode()
    asked = site.post(address(lawyer), {"channel": "email"}).content.decode()
    assert 'name="asked"' in asked
    assert "It is counted" not in asked
    assert "It is counted" in tell(site, address(lawyer)).content.decode()
    assert ToldActions.objects.get().actions == 2


def test_a_country_shows_once_five_named_it_and_the_one_concerned_is_never_asked_for(
    site: Client, lawyer: PublicAppeal, clock: Clock
) -> None:
    for country, times in (("FRA", told.FEWEST), ("CHE", told.FEWEST - 1)):
        for _ in range(times):
            tell(site, address(lawyer), country=country)
    pass_a_day(clock)
    assert shown(site, lawyer) == (9, 1)
    form = site.get(address(lawyer)).content.decode()
    assert 'value="FRA"' in form
    assert not re.search('value="X(?:ZV|BM)"', form)
    for country in ("XZV", "XBM", "XXX", "<b>", ""):
        assert tell(site, address(lawyer), country=country).status_code == 200
    assert dict(ToldCountry.objects.values_list("country", "actions")) == {"FRA": 5, "CHE": 4}


@both
def test_a_country_that_five_named_shows_when_the_day_is_over(site: Client, lawyer: PublicAppeal, clock: Clock) -> None:
    tell(site, address(lawyer))
    for _ in range(told.FEWEST - 1):
        tell(site, address(lawyer), country="FRA")
    pass_a_day(clock)
    assert shown(site, lawyer) == (5, 0)
    tell(site, address(lawyer), country="FRA")
    tell(site, address(lawyer), country="CHE")
    today = NOW.date() + timedelta(days=1)
    figures = told.figures_of(slug_of(lawyer), before=today)
    assert figures == told.all_figures(before=today)[slug_of(lawyer)] == told.Figures(5, 0)
    pass_a_day(clock)
    assert shown(site, lawyer) == (7, 1)
    assert not {each.name for each in ToldCountry._meta.concrete_fields} & {"day"}, "who may have done what"


@both
@pytest.mark.usefixtures("committed")
def test_of_many_who_tell_at_once_each_is_counted() -> None:
    """Over midnight, too, where the first of a day settles what was told before."""
    failed: list[Exception] = []

    def tell_some(worker: int) -> None:
        try:
            for number in range(10):
                told.tell("xzv-001", worker % 2, "email", "FRA", on=NOW.date() + timedelta(days=number // 5))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell_some, args=[worker]) for worker in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert told.told_by_addressee("xzv-001") == {0: 20, 1: 20}
    assert ToldCountry.objects.get().actions == 40
    assert told.figures_of("xzv-001", before=NOW.date() + timedelta(days=2)) == told.Figures(40, 1)


@both
def test_replies_show_as_a_sum_of_the_days_that_are_over(
    site: Client, press: Press, lawyer: PublicAppeal, clock: Clock
) -> None:
    told.confirm(slug_of(lawyer), {(NOW.date(), ""): 2})
    assert shown(site, lawyer) is None
    pass_a_day(clock)
    page = site.get(f"/appeals/{slug_of(lawyer)}/en.html").content.decode()
    assert "Replies of authorities: 2" in page
    assert "confirmed as the reply of an authority" in page
    assert "Who answered" not in page
    told.confirm(slug_of(lawyer), {(NOW.date(), ""): 1, (NOW.date() + timedelta(days=1), ""): 4})
    assert told.figures_of(slug_of(lawyer), before=NOW.date() + timedelta(days=2)).replies == 5
    press.retract(lawyer, now=NOW)
    assert told.all_figures(before=NOW.date() + timedelta(days=3)) == {}


def test_who_comes_from_a_mail_says_to_whom_she_wrote_or_does_not(site: Client, lawyer: PublicAppeal) -> None:
    where = f"/en/act/{slug_of(lawyer)}/tell.html"
    assert "Oren Tavik – President of the Republic of Zarvania</option>" in site.get(where).content.decode()
    for whom in ("2", "", "77", str(told.NOT_SAID)):
        assert tell(site, where, whom=whom).status_code == 200
    assert "Thank you" in tell(site, where, whom="0").content.decode()
    assert told.told_by_addressee(slug_of(lawyer)) == {2: 1, told.NOT_SAID: 3, EMBASSY: 1}


def test_who_answered_is_named_by_office_where_it_may_be_told_on_the_page_to_programs_and_in_a_copy(
    site: Client, lawyer: PublicAppeal, clock: Clock, tmp_path: Path
) -> None:
    slug, today = slug_of(lawyer), NOW.date()
    told.confirm(slug, {(today, ""): 2, (today, "office@president.example"): 1, (today, "gone@nowhere.example"): 1})
    assert "Who answered" not in site.get(f"/appeals/{slug}/en.html").content.decode()
    pass_a_day(clock)
    tomorrow = today + timedelta(days=1)
    assert told.figures_of(slug, before=tomorrow) == told.all_figures(before=tomorrow)[slug]
    page = site.get(f"/appeals/{slug}/en.html").content.decode()
    (line,) = re.findall(r"<p>(Who answered[^<]*)</p>", page)
    assert line.startswith("Who answered: President of the Republic of Zarvania. Offices")
    assert site.get(f"/api/1/appeals/{slug}.json").json()["answered"] == [
        {"names": [{"language": "en", "text": "President of the Republic of Zarvania"}]}
    ]
    copying.copy_to(tmp_path / "mirror", (), now=NOW + timedelta(days=1))
    assert line in (tmp_path / "mirror" / "appeals" / slug / "en.html").read_text("utf-8")


def test_nothing_is_kept_of_who_told_it(site: Client, lawyer: PublicAppeal, caplog: pytest.LogCaptureFixture) -> None:
    answer = tell(site, address(lawyer), country="FRA")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    rows = [repr(row) for model in apps.get_models() for row in model.objects.values()]  # type: ignore[attr-defined]
    assert len(rows) > 10
    assert not [row for row in rows if MARK in row]
    assert MARK not in caplog.text
    names = {each.name for model in (ToldActions, ToldCountry) for each in model._meta.concrete_fields}
    assert names == {"id", "slug", "day", "number", "channel", "country", "actions", "settled"}
    assert not {each.name for each in ToldActions._meta.concrete_fields} & {"country"}, "who may have done what"


@pytest.mark.parametrize(
    ("words", "status"),
    [({"number": "no"}, 400), ({"asked": "x" * 200, "number": "x"}, 400), ({"channel": "x" * 2000}, 413)],
)
def test_what_no_reader_fills_in_counts_nothing(
    site: Client, lawyer: PublicAppeal, words: dict[str, Any], status: int
) -> None:
    assert tell(site, address(lawyer), **words).status_code == status
    assert not ToldActions.objects.exists()
    assert tell(site, address(lawyer), channel="no such").status_code == 200
    assert ToldActions.objects.get().channel == "email"


def test_a_flood_is_not_counted(site: Client, lawyer: PublicAppeal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TOLD_RATE", Rate(burst=2, seconds=3600))
    answers = [tell(site, address(lawyer)) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 429, 429]
    again = address(lawyer).rpartition("/")[2]
    assert f'<a href="{again}">Try again</a>' in answers[-1].content.decode()
    assert ToldActions.objects.get().actions == 2


def test_nothing_is_told_of_what_asks_for_no_letters_and_a_retraction_forgets_what_was(
    site: Client, press: Press, lawyer: PublicAppeal
) -> None:
    tell(site, address(lawyer), country="FRA")
    newer = press.follow_up(lawyer, [ENGLISH], now=NOW)
    for where in (address(lawyer), address(newer, 9), "/en/act/nothing/tell.1.html"):
        assert site.get(where).status_code == site.post(where).status_code == 404
    assert tell(site, address(newer)).status_code == 200
    press.retract(lawyer, now=NOW)
    assert site.post(address(lawyer)).status_code == 410
    assert list(ToldActions.objects.values_list("slug", flat=True)) == [slug_of(newer)]
    assert not ToldCountry.objects.exists()


def test_the_next_copy_shows_what_was_told_since(site: Client, lawyer: PublicAppeal, tmp_path: Path) -> None:
    page = tmp_path / "copy" / "appeals" / slug_of(lawyer) / "en.html"
    copying.copy_to(page.parents[2], ("txt",), now=NOW)
    assert not SHOWN.search(page.read_text("utf-8"))
    tell(site, address(lawyer))
    copying.copy_to(page.parents[2], ("txt",), now=NOW + timedelta(days=1))
    assert SHOWN.search(page.read_text("utf-8"))
    letter = page.parents[2] / "en" / "act" / slug_of(lawyer) / "1.en.html"
    assert "tell." not in letter.read_text("utf-8"), "no program is there that could be told"


def test_one_action_makes_no_letter_and_no_file_anew(
    site: Client, lawyer: PublicAppeal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(site, address(lawyer))
    copying.copy_to(tmp_path / "copy", ("txt",), now=NOW)
    for room, name in ((pages, "file"), (acting, "letter_of"), (pages, "proof_of")):
        monkeypatch.setattr(room, name, None)
    copying.copy_to(tmp_path / "copy", ("txt",), now=NOW + timedelta(days=1))
    assert SHOWN.search((tmp_path / "copy" / "appeals" / slug_of(lawyer) / "en.html").read_text("utf-8"))
