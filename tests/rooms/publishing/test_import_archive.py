"""An archive of past appeals: what is taken over, marked as archived, once; what is left to a person, and why."""

import csv
import signal
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from child import run_child
from invented_archive import english, french, write
from people import LATER, NOW, PASSPHRASE, Hire
from public_site import publishing_process
from terminal import at_the_terminal
from tocsin.accounts import second_factor
from tocsin.accounts.actions import NewAccount
from tocsin.accounts.actor import TERMINAL
from tocsin.appeals import archiving
from tocsin.cli.site import site
from tocsin.core.archive import OUTCOMES, Shelf, find_in, plan
from tocsin.core.errors import BadRequest, NotSigned, StepUpNeeded
from tocsin.core.publication import PublicAppeal, Words, from_file, verify
from tocsin.journal.models import Entry
from tocsin.publishing import answers, codes, queries, signatories
from tocsin.publishing.api.table import ROOT
from tocsin.publishing.models import GivenCode, Publication, Shown
from tocsin.vault.keyring import is_signed

FIRST, FOLLOW_UP = "XZV 001 / 0309 / OBS 040", "XZV 001 / 0309 / OBS 040.1"


@dataclass
class Importing:
    """Who comes to the machine, and where the archive lies."""

    people: dict[str, NewAccount]
    folder: Path
    now: datetime = NOW

    def typed(self, people: str) -> str:
        """Give what people type who show who they are."""
        factors = ((login, second_factor.code_at(self.people[login].totp, self.now)) for login in people.split())
        return "".join(f"{login}\n{PASSPHRASE}\n{code}\n" for login, code in factors)

    def run(self, *options: str, people: str = "ada bo") -> tuple[Result, list[dict[str, str]]]:
        """Import the folder; gives how it ended, and the report."""
        report = self.folder.with_suffix(".csv")
        ended = at_the_terminal(
            site, ["import-archive", str(self.folder), "--report", str(report), *options], self.typed(people)
        )
        rows = list(csv.DictReader(report.read_text("utf-8").splitlines())) if report.exists() else []
        report.unlink(missing_ok=True)
        return ended, rows


@pytest.fixture
def importing(hire: Hire, administrator: NewAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importing:
    monkeypatch.setattr("tocsin.cli.site.asking.boot", lambda *_: None)
    people = {login: hire(login, "approver") for login in ("ada", "bo", "cleo")} | {"dora": hire("dora", "case_lead")}
    for login in ("ada", "bo", "dora"):
        signatories.admit(administrator.actor.ring, people[login].actor.id, label="Approver", now=NOW)
    queries.forget()
    made = Importing(people, tmp_path / "archive")
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    return made


def outcomes(rows: list[dict[str, str]]) -> dict[str, str]:
    return {Path(row["file"]).name: row["outcome"] for row in rows}


def test_a_chain_in_two_languages_is_taken_over_as_archived_and_twice_is_once(importing: Importing) -> None:
    write(
        importing.folder,
        {
            "2009/a.txt": english(),
            "2009/a-fr.txt": french(),
            "2009/b.txt": english(FOLLOW_UP, "April 2, 2009", follow_up=True),
        },
    )
    ended, rows = importing.run("--dry-run", people="")
    assert (ended.exit_code, Publication.objects.count(), GivenCode.objects.count()) == (0, 0, 0)
    assert [row["outcome"] for row in rows] == ["taken"] * 3
    ended, rows = importing.run()
    assert ended.exit_code == 0, ended.output
    assert outcomes(rows) == dict.fromkeys(("a.txt", "a-fr.txt", "b.txt"), "taken")
    first, follow_up = (from_file(bytes(each.statement)) for each in Publication.objects.order_by("code"))
    assert isinstance(first, PublicAppeal)
    assert isinstance(follow_up, PublicAppeal)
    assert [each.language for each in first.editions] == ["en", "fr"]
    assert first.is_archived
    assert follow_up.is_archived
    assert (follow_up.code, follow_up.kind, follow_up.supersedes) == (FOLLOW_UP, "new_information", FIRST)
    assert len(verify(first, signatories.in_office(), is_signed)) == 2
    kinds = list(Entry.objects.filter(kind__startswith="appeals.archive").values_list("kind", flat=True))
    assert kinds == ["appeals.archive.begun", "appeals.archive.taken_over"]
    ended, rows = importing.run()
    assert ended.exit_code == 0
    assert Counter(row["outcome"] for row in rows) == {"same": 3}
    assert Publication.objects.count() == 2


@pytest.mark.database("sqlite")
def test_an_archive_under_the_scheme_of_the_site_is_chained_by_it_and_goes_on(
    importing: Importing, settings: Settings
) -> None:
    settings.TOCSIN_CODE_SCHEME = "amnesty"
    texts = {"a": english("UA 40/09"), "b": english("UA 40/09-1", "April 2, 2009", follow_up=True)}
    doubtful = {"c": english("Further information on UA 31/09", "April 3, 2009", follow_up=True)}
    write(importing.folder, {f"{name}.txt": text for name, text in (texts | doubtful).items()})
    ended, rows = importing.run()
    assert (ended.exit_code, outcomes(rows)) == (1, {"a.txt": "taken", "b.txt": "taken", "c.txt": "doubtful"})
    assert rows[2]["doubts"] == "odd_code"
    shown = Publication.objects.order_by("code").values_list("code", "slug", "supersedes")
    assert list(shown) == [("UA 40/09", "ua-40-09", ""), ("UA 40/09-1", "ua-40-09-1", "UA 40/09")]
    assert codes.give_code(None, date(2009, 5, 1), now=NOW) == "UA 41/09"
    assert codes.give_follow_up("UA 40/09", date(2009, 5, 1), now=NOW) == "UA 40/09-2"


def test_what_is_archived_is_found_and_says_that_nobody_signed_it_and_is_no_news(importing: Importing) -> None:
    write(importing.folder, {"a.txt": english(), "b.txt": english(FOLLOW_UP, "April 2, 2009", follow_up=True)})
    assert importing.run()[0].exit_code == 0
    answers.kept.forget()
    with publishing_process():
        browser = Client()
        page = browser.get("/appeals/xzv-001-0309-obs-040/en.html").content.decode()
        assert "From the archive" in page
        assert "Nobody signed it" in page
        assert "people signed it" not in page
        assert "Write to the authorities" not in page
        assert 'class="urgent"' not in page
        assert "xzv-001-0309-obs-040-1/en.html" in page, "the follow-up"
        listed = browser.get("/en/index.html", {"q": "quiet water"}).content.decode()
        assert listed.count('class="mark">From the archive') == 2
        for feed in ("feed.atom", "feed.json"):
            assert b"040" not in browser.get(f"/en/{feed}").content
        assert b"xzv-001-0309-obs-040/en.html" in browser.get("/sitemap.xml").content
        assert browser.get("/appeals/xzv-001-0309-obs-040/cap.xml").status_code == 404
        told = browser.get(f"/{ROOT}appeals/xzv-001-0309-obs-040.json").json()
        assert (told["archived"], told["signed_by"], told["corrections"]) == (True, [], [])
        assert b'"archived_from"' in browser.get("/appeals/xzv-001-0309-obs-040/proof.json").content


def test_an_imported_code_is_never_given_out_again_whether_its_document_was_taken_or_not(importing: Importing) -> None:
    write(importing.folder, {"a.txt": english(), "b.txt": english("XZV 002 / 0309 / OBS 041", day="")})
    ended, rows = importing.run()
    assert ended.exit_code == 1
    assert outcomes(rows) == {"a.txt": "taken", "b.txt": "doubtful"}
    assert codes.give_code("XZV", date(2009, 5, 1), now=NOW) == "XZV 003 / 0509 / OBS 042"
    assert codes.give_follow_up(FIRST, date(2026, 11, 25), now=NOW) == FOLLOW_UP


@pytest.mark.database("sqlite")
def test_each_file_is_told_of_and_the_sums_agree(importing: Importing) -> None:
    write(
        importing.folder, {"a.txt": english(), "sub/b.txt": english(""), "two.txt": english() + "\n" * 3 + english("")}
    )
    (importing.folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (importing.folder / "empty.txt").write_bytes(b"")
    (importing.folder / "read.json").write_text("{}", "utf-8")
    ended, rows = importing.run("--dry-run", people="")
    assert ended.exit_code == 1
    assert {Path(row["file"]).name for row in rows} == {each.name for each in importing.folder.rglob("*.*")}
    counts = Counter(row["outcome"] for row in rows)
    said = ", ".join(f"{counts[each]} {each}" for each in OUTCOMES)
    assert f"6 files, {len(rows)} documents: {said}" in ended.output
    for row in rows:
        assert (row["outcome"] == "taken") == (not row["says"]) or row["outcome"] == "same", row


@pytest.mark.database("sqlite")
def test_two_approvers_take_an_archive_over_and_nobody_else(importing: Importing) -> None:
    write(importing.folder, {"a.txt": english()})
    for people, says in (("ada cleo", "does not count for what is published"), ("bo dora", "may not do this")):
        ended, rows = importing.run(people=people)
        assert says in str(ended.exception)
        assert rows == []
    assert not Publication.objects.exists()
    assert not GivenCode.objects.exists()


@pytest.mark.database("sqlite")
def test_one_approver_is_not_two(importing: Importing) -> None:
    ada = replace(importing.people["ada"].actor, proof=TERMINAL, confirmed_at=NOW)
    planned = plan(find_in(english(), file="a", digest="0" * 64), Shelf())
    with pytest.raises(BadRequest, match="two different people"):
        archiving.begin((ada, ada), planned, now=NOW)
    with pytest.raises(NotSigned):
        archiving.take_over((ada, ada), planned.units, now=NOW)


@pytest.mark.database("sqlite")
def test_a_document_that_was_let_stand_is_told_with_its_doubt(importing: Importing) -> None:
    write(importing.folder, {"b.txt": english(FOLLOW_UP, "April 2, 2009", follow_up=True)})
    _, rows = importing.run("--accept", "without_first")
    assert (rows[0]["outcome"], rows[0]["doubts"]) == ("taken", "without_first")
    statement = from_file(bytes(Publication.objects.get().statement))
    assert isinstance(statement, PublicAppeal)
    assert statement.supersedes is None


# Takes the archive over, one appeal at a time, and dies while the n-th of them is being written.
_DYING = """
import signal
from click.testing import CliRunner
from datetime import datetime
from django.utils import timezone
from tocsin.cli.site import asking, import_archive, site
from tocsin.publishing import shelf
folder, typed, moment, left = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3]), [int(sys.argv[4])]
settings.TOCSIN_INDEX_KEY = bytes.fromhex(sys.argv[5])
timezone.now, asking.boot, import_archive._AT_ONCE, put = lambda: moment, lambda *_: None, 1, shelf.put

def dying(*words):
    put(*words)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)

shelf.put = dying
words = ["import-archive", folder, "--report", folder + ".csv"]
ended = CliRunner().invoke(site, words, input=typed)
raise SystemExit(f"{ended.exit_code} {ended.output} {ended.exception!r}")
"""


@pytest.mark.long
@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("committed")
def test_killed_in_the_middle_and_begun_again_it_takes_nothing_twice_and_loses_nothing(importing: Importing) -> None:
    files = {f"{n}.txt": english(f"{FIRST}.{n}", f"April {n}, 2009", follow_up=True) for n in range(1, 4)}
    write(importing.folder, files | {"0.txt": english(), "fr.txt": french()})
    done = 0
    for dies_at in (3, 2):
        importing.now += timedelta(minutes=1)
        key = settings.TOCSIN_INDEX_KEY.hex()
        words = [str(importing.folder), importing.typed("ada bo"), importing.now.isoformat(), str(dies_at), key]
        ended = run_child(_DYING, *words, roots=settings.TOCSIN_ROOTS)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        done += dies_at - 1
        assert Publication.objects.count() == Shown.objects.count() == done
    importing.now += timedelta(minutes=1)
    ended, rows = importing.run()
    assert ended.exit_code == 0, ended.output
    assert Counter(row["outcome"] for row in rows) == {"same": 4, "taken": 1}
    assert sorted(Publication.objects.values_list("code", "version")) == [
        (code, 1) for code in (FIRST, *(f"{FIRST}.{n}" for n in range(1, 4)))
    ]
    assert sorted(GivenCode.objects.values_list("follow_up", flat=True)) == [0, 1, 2, 3]


# --- afterwards ---

PAGE = "/appeals/xzv-001-0309-obs-040"
WHY = "Withdrawn for the safety of a person."


def afterwards(importing: Importing, *words: str, people: str = "ada bo") -> Result:
    """Run a command on what was taken over, a minute later: no code of an authenticator counts twice."""
    importing.now += timedelta(minutes=1)
    ended = at_the_terminal(site, ["archive", *words], importing.typed(people))
    answers.kept.forget()
    return ended


def taken_over(importing: Importing, **files: str) -> None:
    write(importing.folder, {f"{name}.txt": text for name, text in files.items()})
    assert importing.run()[0].exit_code == 0


def test_a_withdrawn_appeal_of_the_archive_is_gone_everywhere_and_no_import_brings_it_back(
    importing: Importing,
) -> None:
    taken_over(importing, a=english(), fr=french(), b=english(FOLLOW_UP, "April 2, 2009", follow_up=True))
    ended = afterwards(importing, "withdraw", "xzv 1/0309/obs 40", "--say", WHY)
    assert ended.exit_code == 0, ended.output
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.kind, entry.actor) == ("appeals.archive.withdrawn", importing.people["ada"].actor.id)
    with publishing_process():
        browser = Client()
        for edition in ("en", "fr"):
            page = browser.get(f"{PAGE}/{edition}.html")
            assert page.status_code == 410
            assert WHY in page.content.decode()
            assert "Marosh" not in page.content.decode()
        assert browser.get(f"{PAGE}/en.pdf").status_code == browser.get(f"{PAGE}/en.json").status_code == 410
        for place in ("/en/index.html", "/en/country/XZV.html", "/sitemap.xml", f"{PAGE}-1/en.html"):
            assert b"obs-040/" not in browser.get(place).content, place
        found = browser.get("/en/index.html", {"q": "lena marosh"}).content
        assert b"obs-040-1/" in found
        assert b"obs-040/" not in found
        told = browser.get(f"/{ROOT}appeals/xzv-001-0309-obs-040.json")
        assert told.status_code == 410
        assert "Marosh" not in told.content.decode()
        for feed in ("feed.atom", "feed.json"):
            assert b"040" not in browser.get(f"/en/{feed}").content, "it was no news, nor is that it is gone"
    importing.now += timedelta(minutes=1)
    ended, rows = importing.run()
    assert ended.exit_code == 1
    assert {Path(row["file"]).name: row["doubts"] for row in rows if row["doubts"]} == {
        "a.txt": "withdrawn",
        "fr.txt": "withdrawn",
    }
    with publishing_process():
        assert Client().get(f"{PAGE}/en.html").status_code == 410


def test_a_corrected_appeal_of_the_archive_says_so_and_no_import_brings_the_old_text_back(importing: Importing) -> None:
    taken_over(importing, a=english(), fr=french())
    mended = importing.folder.with_name("mended.txt")
    mended.write_text(english(more="She was taken from her house on March 10, 2009."), "utf-8")
    ended = afterwards(importing, "correct", FIRST, str(mended), "--say", "It was her house.")
    assert ended.exit_code == 0, ended.output
    assert Entry.objects.order_by("-number")[0].kind == "appeals.archive.corrected"
    with publishing_process():
        page = Client().get(f"{PAGE}/en.html").content.decode()
        assert "from her house on March 10" in page
        assert "It was her house." in page
        assert "From the archive" in page
        assert "Mme Lena Marosh" in Client().get(f"{PAGE}/fr.html").content.decode()
        told = Client().get(f"/{ROOT}appeals/xzv-001-0309-obs-040.json").json()
        assert [each["version"] for each in told["corrections"]] == [2]
    importing.now += timedelta(minutes=1)
    _, rows = importing.run()
    assert outcomes(rows) == {"a.txt": "doubtful", "fr.txt": "same"}
    assert Publication.objects.count() == 2


@pytest.mark.database("sqlite")
def test_what_takes_no_part_in_the_archive_is_left_alone_and_one_person_is_not_two(importing: Importing) -> None:
    taken_over(importing, a=english())
    old = str(importing.folder / "a.txt")
    for words, people, says in (
        (("withdraw", FIRST, "--say", WHY), "ada dora", "may not do this"),
        (("withdraw", FIRST, "--say", WHY), "ada cleo", "does not count for what is published"),
        (("withdraw", FOLLOW_UP, "--say", WHY), "", "no appeal of the archive is shown under this code"),
        (("withdraw", "Ref. 1182-14", "--say", WHY), "", "not a reference code"),
        (("withdraw", FIRST, "--say", " "), "ada bo", "between 1 and 2000 characters"),
        (("correct", FIRST, old, "--say", WHY), "", "it says what is published already"),
    ):
        ended = afterwards(importing, *words, people=people)
        assert says in str(ended.exception), words
    ada = replace(importing.people["ada"].actor, proof=TERMINAL, confirmed_at=NOW)
    with pytest.raises(BadRequest, match="two different people"):
        archiving.withdraw((ada, ada), archiving.find_archived(FIRST, now=LATER), Words("en", WHY), now=NOW)
    tired = replace(ada, confirmed_at=None)
    with pytest.raises(StepUpNeeded):
        archiving.withdraw((tired, ada), archiving.find_archived(FIRST, now=LATER), Words("en", WHY), now=NOW)
    assert Shown.objects.get().retracted_at is None


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (english("XZV 002 / 0309 / OBS 041"), "bears another code"),
        (french(), "no text in its language"),
        (english(day="May 12, 2009"), "does not fit the month of its code"),
        (english() + english(FOLLOW_UP), "more than one document"),
    ],
)
def test_a_correction_is_one_document_of_the_same_code_and_language(importing: Importing, text: str, says: str) -> None:
    taken_over(importing, a=english())
    mended = importing.folder.with_name("mended.txt")
    mended.write_text(text, "utf-8")
    ended = afterwards(importing, "correct", FIRST, str(mended), "--say", WHY, people="")
    assert says in str(ended.exception)
