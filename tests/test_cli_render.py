"""`tocsin render`: which files it writes, what it says, and how it ends."""

import dataclasses
import json
from pathlib import Path

import pytest

from command_line import call
from invented_appeals import ENGLISH, FRENCH, REPORT
from tocsin.adapters.outlets import FORMATS, render_file
from tocsin.core.appeal import AppealDocument, Reference, to_json
from tocsin.core.errors import BadOutput


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command in an empty folder; give its exit code, its output and its errors."""
    monkeypatch.chdir(tmp_path)

    def rendered(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        ended = call("render", *arguments, stdin=stdin)
        return ended.status, ended.output, "\n".join(ended.errors)

    return rendered


def given_file(name: str, *documents: AppealDocument) -> str:
    texts = [to_json(document) for document in documents]
    Path(name).write_text(texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]", "utf-8")
    return name


def pages(folder: str = "out") -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


def test_a_page_in_each_format_is_written_and_its_path_printed(run) -> None:
    code, output, errors = run(given_file("a.json", ENGLISH), "-o", "out")
    assert (code, errors) == (0, "")
    name = "xzv-003-1126-obs-091.en"
    assert output.split() == [str(Path("out") / f"{name}.{kind}") for kind in FORMATS]
    assert all((Path("out") / f"{name}.{kind}").read_bytes() == render_file(ENGLISH, kind) for kind in FORMATS)
    assert pages() == {f"{name}.{kind}" for kind in FORMATS}


def test_only_the_formats_asked_for_are_written(run) -> None:
    code, _, _ = run(given_file("a.json", ENGLISH), "--to", "txt, html", "-o", "out/deep")
    assert code == 0
    assert pages("out/deep") == {"xzv-003-1126-obs-091.en.html", "xzv-003-1126-obs-091.en.txt"}


def test_language_editions_lie_side_by_side(run) -> None:
    edition = dataclasses.replace(FRENCH, reference=ENGLISH.reference)
    run(given_file("two.json", ENGLISH, edition), "--to", "md", "-o", "out")
    assert pages() == {"xzv-003-1126-obs-091.en.md", "xzv-003-1126-obs-091.fr.md"}


@pytest.mark.parametrize(
    ("asked", "editions"),
    [("fr", {"fr", "fr-CM"}), ("FR_cm", {"fr-CM"}), ("en", {"en"}), ("fra", set()), ("ar", set())],
)
def test_language_picks_the_editions_in_it(run, asked: str, editions: set[str]) -> None:
    languages = ("en", "fr", "fr-CM", None)
    given = [dataclasses.replace(ENGLISH, language=language) for language in languages]
    code, _, errors = run(given_file("four.json", *given), "--to", "md", "-o", "out", "--language", asked)
    assert code == (0 if editions else 1)
    assert editions or f"no appeal or report in {asked} found" in errors
    assert (pages() if editions else set()) == {f"xzv-003-1126-obs-091.{language}.md" for language in editions}


def test_a_form_that_cannot_be_made_leaves_no_other_form_behind(run, monkeypatch) -> None:
    def refuse(document: AppealDocument, kind: str, address: object) -> bytes:
        if kind == FORMATS[-1]:
            raise BadOutput("cannot be made")
        return render_file(document, kind)

    monkeypatch.setattr("tocsin.cli.render.render_file", refuse)
    code, output, errors = run(given_file("a.json", ENGLISH), "-o", "out")
    assert (code, output, errors) == (2, "", "tocsin: cannot be made")
    assert not Path("out").exists()


def test_a_report_has_no_share_card(run) -> None:
    code, output, errors = run(given_file("a.json", REPORT), "--to", "png", "-o", "out")
    assert (code, output) == (0, "")
    assert "has no share card" in errors
    run("a.json", "-o", "out")
    assert {Path(page).suffix for page in pages()} == {f".{form}" for form in FORMATS if form != "png"}


def test_a_page_names_its_card_where_its_address_is_known_and_only_there(run) -> None:
    run(given_file("a.json", ENGLISH), "--to", "html", "--base-url", "https://www.harbour.example/2026", "-o", "out")
    page = Path("out/xzv-003-1126-obs-091.en.html").read_text("utf-8")
    where = "https://www.harbour.example/2026/xzv-003-1126-obs-091.en"
    assert f'<meta property="og:url" content="{where}.html">' in page
    assert f'<meta property="og:image" content="{where}.png">' in page
    assert "Marosh" not in "".join(row for row in page.splitlines() if "og:" in row or "twitter:" in row)
    run("a.json", "--to", "html", "-o", "out")
    assert "og:" not in Path("out/xzv-003-1126-obs-091.en.html").read_text("utf-8")


def test_a_document_without_a_code_is_named_after_its_file_and_never_after_a_person(run) -> None:
    run(given_file("case 17 (new).json", REPORT, REPORT), "--to", "txt", "-o", "out")
    assert pages() == {"case-17-new.txt", "case-17-new-2.txt"}


def test_standard_input_is_read(run) -> None:
    code, _, _ = run("-", "--to", "txt", "-o", "out", stdin=to_json(REPORT))
    assert code == 0
    assert len(pages()) == 1


def test_a_code_can_name_no_place_outside_the_folder(run) -> None:
    evil = Reference("../../../evil", "../../../evil\x00/..", "XZV")
    run(
        given_file("a.json", dataclasses.replace(ENGLISH, reference=evil, language="../en")), "--to", "txt", "-o", "out"
    )
    assert pages() == {"evil.en.txt"}


def test_an_older_page_is_replaced_and_nothing_else_is_left(run) -> None:
    given_file("a.json", ENGLISH)
    run("a.json", "--to", "txt", "-o", "out")
    Path("out/xzv-003-1126-obs-091.en.txt").write_text("old")
    run("a.json", "--to", "txt", "-o", "out")
    assert Path("out/xzv-003-1126-obs-091.en.txt").read_bytes() == render_file(ENGLISH, "txt")
    assert pages() == {"xzv-003-1126-obs-091.en.txt"}


def test_what_was_not_understood_is_counted_on_the_error_output(run) -> None:
    _, output, errors = run(given_file("a.json", REPORT), "--to", "txt", "-o", "out")
    assert "not understood: 1" in errors
    assert output.count("\n") == 1


def test_an_array_without_documents_ends_with_1(run) -> None:
    Path("none.json").write_text("[]")
    assert run("none.json", "-o", "out")[0] == 1


@pytest.mark.parametrize(
    ("content", "arguments", "says"),
    [
        (json.dumps({"schema": "tocsin/appeal/9"}), (), "later version"),
        ('{"schema": "tocsin/appeal/1", "kind": "poem", "language": null}', (), "kind"),
        ('[{"kind": "report"}]', (), "schema"),
        (None, (), "a.json"),
        (to_json(ENGLISH), ("--to", "poem"), "poem is no format"),
        (to_json(ENGLISH), ("--to", ","), "no format"),
        (to_json(ENGLISH), ("--language", "English please"), "no language tag"),
        (to_json(ENGLISH), ("--base-url", 'https://x.example/"onload="'), "no web address"),
        (to_json(ENGLISH), ("--base-url", "javascript:alert(1)"), "no web address"),
        (to_json(ENGLISH), ("-o", "a.json/out"), "a.json"),
    ],
    ids=[
        "newer",
        "bad",
        "no object",
        "missing",
        "unknown format",
        "no format",
        "no language",
        "bad address",
        "no address",
        "no folder",
    ],
)
def test_bad_input_ends_with_2_and_says_what_is_wrong(run, content: str | None, arguments, says: str) -> None:
    if content is not None:
        Path("a.json").write_text(content, "utf-8")
    code, output, errors = run("a.json", *arguments)
    assert (code, output) == (2, "")
    assert says in errors
    assert "Traceback" not in errors
