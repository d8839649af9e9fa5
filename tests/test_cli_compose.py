"""`tocsin compose`: from a case file to a document that the other commands take."""

import json
from pathlib import Path

import pytest

from command_line import ROOT, call
from tocsin.core.appeal import from_json

CASE = str(ROOT / "examples/case.yaml")


def test_a_case_becomes_a_document_on_standard_output() -> None:
    ended = call("compose", CASE)
    assert ended.status == 0
    document = from_json(ended.output)
    assert document.reference
    assert document.reference.canonical == "XZV 003 / 1021 / OBS 091"


def test_the_document_is_written_whole_and_its_path_told(tmp_path: Path) -> None:
    path = tmp_path / "appeal.json"
    ended = call("compose", CASE, "-o", str(path))
    assert ended.output == f"{path}\n"
    assert from_json(path.read_text("utf-8")).kind == "urgent_appeal"
    assert [each.name for each in tmp_path.iterdir()] == ["appeal.json"]


def test_standard_input_is_a_case_too() -> None:
    assert call("compose", "-", stdin=Path(CASE).read_text("utf-8")).output == call("compose", CASE).output


def test_grounds_say_on_which_records_each_sentence_rests(tmp_path: Path) -> None:
    path = tmp_path / "grounds.json"
    call("compose", CASE, "-o", str(tmp_path / "appeal.json"), "--grounds", str(path))
    grounds = json.loads(path.read_text("utf-8"))
    assert {"path", "start", "end", "records"} == set(grounds[0])
    assert any("e08" in ground["records"] for ground in grounds)


def test_what_is_still_to_be_written_is_told(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(
        Path(CASE).read_text("utf-8").replace("text_en: the men left and nobody followed them, ", ""), "utf-8"
    )
    errors = call("compose", str(case)).errors
    assert [line for line in errors if line.startswith("tocsin: e12: text_en: ")]


def test_a_composed_appeal_can_be_checked_and_rendered(tmp_path: Path) -> None:
    path = tmp_path / "appeal.json"
    call("compose", CASE, "-o", str(path))
    assert call("check", str(path), "--case", CASE).status in {0, 1}
    assert call("render", str(path), "--to", "txt", "-o", str(tmp_path)).status == 0


@pytest.mark.parametrize("kind", ["urgent_appeal", "new_information"])
def test_the_kind_can_be_chosen(kind: str) -> None:
    ended = call("compose", CASE, "--kind", kind, "--since", "2021-10-12")
    assert from_json(ended.output).kind == kind


BAD = [
    ("persons", "dangling", "demands: [d1, d2, d3, d4]", "demands: [d1, d2, d3, d99]", "appeal:xzv-003-1021-obs-091"),
    ("code", "unknown", "act_type: physical_attack", "act_type: levitation", "e08"),
    ("newer", "newer", "schema: tocsin/case/1", "schema: tocsin/case/99", "99"),
    (
        "order",
        "chronology",
        't: {after: e07, date: "2021-10-12"}, place: place:library, episode: library, motive',
        't: {after: e07, date: "2020-10-12"}, place: place:library, episode: library, motive',
        "e08",
    ),
]


@pytest.mark.parametrize(("name", "kind", "old", "new", "named"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_case_is_refused_in_one_line_and_nothing_is_written(
    tmp_path: Path, name: str, kind: str, old: str, new: str, named: str
) -> None:
    text = Path(CASE).read_text("utf-8")
    assert old in text, kind
    case, out = tmp_path / f"{name}.yaml", tmp_path / "out"
    case.write_text(text.replace(old, new, 1), "utf-8")
    ended = call("compose", str(case), "-o", str(out / "appeal.json"))
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
    assert named in ended.errors[0]
    assert not out.exists()


def test_a_language_without_phrasebook_is_refused() -> None:
    ended = call("compose", CASE, "--language", "tlh")
    assert ended.status == 2
    assert "tlh: no phrasebook for this language" in ended.errors[0]


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "\\x1b[31mred\\x07", "\\ud83d", "{$people} %s"]
)
def test_a_hostile_case_is_composed_whole_or_refused_in_one_line(tmp_path: Path, hostile: str) -> None:
    case, out = tmp_path / "case.yaml", tmp_path / "out"
    text = Path(CASE).read_text("utf-8").replace("label_en: four masked men", f'label_en: "{hostile}"')
    case.write_text(text.replace("label_en: disorderly conduct", f'label_en: "{hostile}"'), "utf-8")
    ended = call("compose", str(case), "-o", str(out / "appeal.json"))
    assert ended.status in {0, 2}
    assert "\x1b" not in ended.output + "".join(ended.errors)
    if ended.status == 2:
        assert (len(ended.errors), out.exists()) == (1, False)
    else:
        assert from_json((out / "appeal.json").read_text("utf-8")).kind == "urgent_appeal"
        assert (
            call("render", str(out / "appeal.json"), "--to", "html,txt,eml", "-o", str(tmp_path / "pages")).status == 0
        )
