"""The measuring scripts work at small size; what they measure is not judged here."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import composing
import directory_files
import fuzz
import preflight as preflight_bench
import public_site_speed
import reading_speed
import rendering
import round_trip

from tocsin.adapters.outlets import FORMATS
from tocsin.core.appeal import AppealDocument, Demand


@pytest.mark.long
def test_the_reading_bench_prints_its_tables(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"fixtures en": reading_speed.text_sets()["fixtures en"][:2]}
    monkeypatch.setattr(reading_speed, "text_sets", lambda: {**few, "all fixtures": few["fixtures en"]})
    reading_speed.main(["--quick"])
    shown = capsys.readouterr().out
    assert all(words in shown for words in ("fixtures en", "where the time goes", "one long appeal", "python -c pass"))


@pytest.mark.long
def test_the_rendering_bench_measures_every_form_and_says_where_the_peer_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    rendering.main(["--quick"])
    shown = capsys.readouterr().out
    assert all(f"  {form} " in shown for form in FORMATS)
    assert "NOT MEASURED: WeasyPrint cannot be loaded" in shown


def test_a_figure_of_the_public_site_that_was_missed_is_marked_and_ends_its_bench_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_site_speed, "missed", [])
    for value, wanted in ((30, "≤ 30"), (500, "≥ 500"), (9, "")):
        public_site_speed.row("met", value, "ms", wanted)
    public_site_speed.end()
    for value, wanted in ((30.1, "≤ 30"), (499.9, "≥ 500")):
        public_site_speed.row("not met", value, "ms", wanted)
    with pytest.raises(SystemExit, match="1"):
        public_site_speed.end()
    assert [each.endswith("MISSED") for each in capsys.readouterr().out.splitlines()] == [False] * 3 + [True] * 2


@pytest.mark.long
def test_the_preflight_bench_counts_what_is_found_and_what_was_judged_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"fixtures en": reading_speed.text_sets()["fixtures en"][:2]}
    monkeypatch.setattr(preflight_bench, "text_sets", lambda: few)
    preflight_bench.main(["--quick"])
    shown = capsys.readouterr().out
    assert all(words in shown for words in ("one long appeal", "tocsin check --case CASE", "silent in the corpus"))
    row = next(line for line in shown.splitlines() if line.startswith("COD-11"))
    findings, _, _, wrong = map(int, row.split()[1:5])
    assert findings > wrong > 0


@pytest.mark.long
def test_every_finding_that_was_judged_wrong_is_still_found() -> None:
    judged = tomllib.loads(preflight_bench.FALSE_ALARMS.read_text("utf-8"))["false_alarm"]
    found = preflight_bench.findings_of_the_corpus()
    idle = [one for one in judged if not any(preflight_bench.is_false_alarm(*each, [one]) for each in found)]
    assert judged
    assert idle == []


def test_the_shares_of_the_modules_add_up_to_the_whole() -> None:
    shares = reading_speed.shares([reading_speed.story(4_000)])
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["core/reader/tokens"] > 0


def test_the_composing_bench_prints_a_short_and_a_long_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composing, "EVENTS", (2, 4))
    composing.main(["--quick"])
    records = [int(line.split()[0]) for line in capsys.readouterr().out.splitlines()[1:]]
    assert len(records) == 2
    assert records[0] < records[1]


def test_the_round_trip_prints_what_went_in_and_what_came_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_trip, "load", list)
    round_trip.main(["--cases", "1", "--seed", "1", "--misses"])
    shown = capsys.readouterr().out
    assert "seed 1, 1 cases made by dice" in shown
    assert all(f"\n{kind} " in shown for kind in ("acts", "actors", "demands", "beneficiaries", "codes", "all"))


def test_a_round_trip_counts_what_was_lost_and_what_came_without_having_gone_in() -> None:
    table = round_trip.Table()
    names = [
        AppealDocument(kind="report", language="en", demands=(Demand("i", "", ("release",), (name,)),)) for name in "AB"
    ]
    table.add("one", *names)
    assert table.lost == ["one: lost beneficiaries ('i', 'a')", "one: came beneficiaries ('i', 'b')"]
    assert table.recall() == pytest.approx(1 / 2)


@pytest.mark.parametrize("make", [reading_speed.story, reading_speed.page, reading_speed.crowd])
def test_long_texts_have_about_the_length_that_was_asked_for(make: Any) -> None:
    assert len(make(40_000)) == pytest.approx(40_000, rel=0.1)


class Choices:
    """A stand-in for the fuzzer's source of choices: hands out what it was given, and nothing when that is used up."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers

    def remaining_bytes(self) -> int:
        return len(self.numbers)

    def ConsumeIntInRange(self, low: int, high: int) -> int:  # noqa: N802 - the name in atheris
        return low + (self.numbers.pop(0) if self.numbers else 0) % (high - low + 1)

    def ConsumeUnicode(self, count: int) -> str:  # noqa: N802
        return "\u0301" * count

    def PickValueInList(self, values: list[str]) -> str:  # noqa: N802
        return values[self.ConsumeIntInRange(0, len(values) - 1)]


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_every_target_takes_what_the_fuzzer_may_put_together(target: str, tmp_path: Path) -> None:
    pieces = fuzz.pieces_for(target)
    raw = fuzz.put_together(Choices([4, 0, 1, 1, 5, 2, 3, 7, 0, 2, 9, 11]), pieces)
    assert raw
    watch = fuzz.Watch(target, tmp_path)
    for watch.raw in [raw, *pieces[:10]]:
        with watch:
            fuzz.TARGETS[target](watch.raw)
    assert watch.seen == set()


def failing_with(error: Exception) -> Any:
    def check(raw: object) -> None:
        raise error

    return check


@pytest.mark.parametrize("error", [IndexError("boom"), fuzz.BrokenPromise("lost: 'x'"), RecursionError("deep")])
def test_a_finding_is_saved_once_with_its_cause(error: Exception, tmp_path: Path) -> None:
    watch = fuzz.Watch("codes.parse", tmp_path)
    for watch.raw in ("first \ud800", "second"):
        with watch:
            failing_with(error)(watch.raw)
    assert [path.name for path in sorted(tmp_path.glob("*.txt"))] == ["codes.parse-1.txt"]
    assert (tmp_path / "codes.parse-1.txt").read_bytes() == "first \ud800".encode("utf-8", "surrogatepass")
    assert str(error) in (tmp_path / "codes.parse-1.log").read_text("utf-8")


def test_an_input_that_takes_too_long_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "CPU_SECONDS", 0.05)
    watch = fuzz.Watch("codes.parse", tmp_path)
    with watch:
        while True:
            pass
    assert [kind for kind, _ in watch.seen] == ["TooSlow"]


def test_an_error_of_our_own_tree_is_an_answer(tmp_path: Path) -> None:
    watch = fuzz.Watch("codes.parse", tmp_path)
    with watch:
        fuzz.check_parse("no code at all")
    assert list(tmp_path.iterdir()) == []


def test_a_saved_input_is_shown_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setitem(fuzz.TARGETS, "codes.parse", failing_with(IndexError("boom")))
    saved = tmp_path / "codes.parse-1.txt"
    saved.write_text("anything")
    assert fuzz.main(["--show", str(saved)]) == 1
    assert "fails" in capsys.readouterr().out


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no build for this Python")
def test_the_fuzzer_runs_a_target_in_a_process_of_its_own(tmp_path: Path) -> None:
    command = [
        sys.executable,
        fuzz.__file__,
        "--seconds",
        "1",
        "--only",
        "codes.parse",
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "codes.parse" in done.stdout
    assert "stopped" not in done.stdout
    assert done.returncode == 0, done.stdout


@pytest.mark.long
def test_the_bench_of_the_journal_prints_its_table() -> None:
    """In a process of its own, since it starts a site of its own."""
    script = Path(__file__).parents[1] / "bench/journal.py"
    ended = subprocess.run([sys.executable, script, "--quick"], capture_output=True, text=True, check=True, timeout=120)
    assert [line.split("|")[0].strip() for line in ended.stdout.splitlines()[1:3]] == ["200", "400"]


@pytest.mark.long
def test_the_bench_of_evidence_prints_its_table() -> None:
    # In a process of its own: it starts Django on a site of its own.
    script = Path(__file__).parents[1] / "bench/evidence.py"
    done = subprocess.run([sys.executable, str(script), "--quick"], capture_output=True, text=True, check=True)
    assert "hash and copy" in done.stdout
    assert "5 MB" in done.stdout


@pytest.mark.long
def test_the_bench_of_the_desk_measures_every_page_and_counts_its_questions() -> None:
    script = Path(__file__).parents[1] / "bench/desk_speed.py"
    words = [sys.executable, str(script), "--quick"]
    shown = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert shown.returncode in {0, 1}, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[-1] == "all as wanted" or lines[-1].startswith("missed: ")
    for page in ("30 cases: first page ", "30 cases: list ", "a case of 300 records", "a report of 1500 words"):
        assert any(line.startswith(page) and " ms" in line for line in lines), page


@pytest.mark.long
def test_the_bench_of_the_standing_set_measures_desk_and_public_site_of_one_installation() -> None:
    script = Path(__file__).parents[1] / "bench/standing_set.py"
    words = [sys.executable, str(script), "--appeals", "30", "--cases", "60"]
    shown = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert shown.returncode in {0, 1}, shown.stderr
    for figure in (
        "an appeal composed of a case of 300 records",
        "page of an appeal: requests a second of two cores",
        "search: 95 of 100 within",
        "first copy, with all forms: of two cores",
        "the next copy, with all forms: of two cores",
    ):
        assert re.search(rf"^{re.escape(figure)} +\d+\.\d ", shown.stdout, re.MULTILINE), figure
    assert "the next copy, with all forms: 30 appeals" in shown.stdout, "one was published, and one taken back"


@pytest.mark.long
def test_the_bench_of_sending_measures_each_kind_of_signature_and_names_who_is_missing() -> None:
    # In a process of its own: it gives Django settings of its own.
    script = Path(__file__).parents[1] / "bench/sending.py"
    words = [sys.executable, str(script), "--quick"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout
    for sender in ("ours, unsigned", "ours, RSA-2048", "ours, Ed25519", "ours, both keys", "Django"):
        assert re.search(rf"{sender} +\d+/s", shown), sender
    assert "NOT MEASURED: django-post_office" in shown


@pytest.mark.long
def test_the_bench_of_the_outbox_sends_whole_mailings() -> None:
    script = Path(__file__).parents[1] / "bench/outbox_speed.py"
    words = [sys.executable, str(script), "--quick", "--database", "sqlite", "--connections", "4", "--mailers", "2"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout
    for kind in ("unsigned", "RSA-2048", "Ed25519", "both keys"):
        parts = ", ".join(rf"{part} \d+" for part in ("fix", "claim", "fill", "sign", "record", "line"))
        assert re.search(rf"sqlite +2 × {kind} +\d+/s; +\d+ µs of the processor \({parts}\)", shown), kind
    for peer in ("Django", "django-post_office", "nodemailer", "smtp-source"):
        assert re.search(rf"{peer} +\d+/s|NOT MEASURED: {peer}", shown), peer


@pytest.mark.long
def test_the_bench_of_a_growing_outbox_measures_each_part_at_each_size_and_says_where_it_stops() -> None:
    script = Path(__file__).parents[1] / "bench/outbox_growth.py"
    words = [sys.executable, str(script), "--quick", "--database", "sqlite"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout
    for size in ("1,000", "5,000"):
        found = re.search(rf"sqlite +{size}((?: +\d+){{9}})   load", shown)
        assert found, shown
        *parts, whole = map(int, found[1].split())
        assert abs(sum(parts) - whole) <= len(parts), "they are rounded each"
        assert min(parts[:2]) > 0
    assert "NOT MEASURED: more than 5,000 messages" in shown


@pytest.mark.long
def test_the_bench_of_what_cannot_be_left_out_adds_up_each_kind_of_message() -> None:
    script = Path(__file__).parents[1] / "bench/outbox_floor.py"
    words = [sys.executable, str(script), "--quick", "--database", "sqlite"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout
    wholes = {}
    for kind in ("unsigned", "RSA-2048", "Ed25519", "both keys"):
        named = ", ".join(
            rf"{part} (\d+)" for part in ("signature", "address", "rows", "socket", "database", "mail server")
        )
        found = re.search(rf"sqlite +{kind} +(\d+) µs \({named}\): two processors (\d+)/s", shown)
        assert found, shown
        whole, *parts, rate = map(int, found.groups())
        assert abs(sum(parts) - whole) <= len(parts), "they are rounded each"
        assert abs(rate * whole / 2e6 - 1) < 0.05
        assert min(parts[1:4]) > 0
        wholes[kind] = whole
    assert min(wholes, key=wholes.__getitem__) == "unsigned"


@pytest.mark.long
def test_the_bench_of_the_desk_beside_a_mailing_sends_by_the_page_and_sees_all_of_it_go() -> None:
    script = Path(__file__).parents[1] / "bench/desk_beside_mailing.py"
    words = [sys.executable, str(script), "--readers", "60", "--connections", "4"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=240).stdout
    assert re.search(r"pages while a mailing runs +\d+ ms in the middle", shown)
    went = re.search(r"first message \d+\.\d\d s .* (\d+) messages", shown)
    assert went, shown
    assert int(went[1]) > 60, "those who subscribed and those of the demonstration"


def test_the_bench_of_the_directory_reads_what_it_writes(capsys: pytest.CaptureFixture[str]) -> None:
    directory_files.main(["--quick"])
    shown = capsys.readouterr().out
    assert "read Popolo" in shown
    assert "of 50 posts" in shown
