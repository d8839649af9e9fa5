"""`tocsin treaties`: what is known of a State, and lists taken over."""

import json
from pathlib import Path

import pytest

from command_line import call

HEADER = "country,instrument,signature,action,deposit,in_force,withdrawal,declarations,source,checked_on,notes"
GOOD = "XZV,cat,,accession,1999-03-02,,,,a source,2026-01-15,"
BAD = "XZV,cedaw,,accession,soon,,,,a source,2026-01-15,"


def test_show_says_by_which_treaties_a_state_was_bound() -> None:
    ended = call("treaties", "show", "xzv", "--on", "2021-10-14")
    answers = {line.split("\t")[1]: line.split("\t")[0] for line in ended.output.splitlines()}
    assert (answers["iccpr"], answers["iccpr_op1"], answers["iccpr_op2"]) == ("yes", "no", "no")
    assert (ended.status, ended.errors) == (0, [])


def test_show_in_json_names_source_and_check() -> None:
    ended = call("treaties", "show", "KAZ", "--on", "2021-06-08", "--format", "json")
    (row,) = [one for one in json.loads(ended.output) if one["instrument"] == "iccpr_op2"]
    assert (row["party"], row["action"], row["deposit"]) == ("no", "ratification", "2022-03-24")
    assert row["source"].startswith("https://")
    assert row["checked_on"] == "2022-04-01"


def test_show_ends_with_1_where_nothing_is_known() -> None:
    ended = call("treaties", "show", "FRA", "--on", "2021-06-08")
    assert (ended.status, ended.output) == (1, "")


def test_import_writes_the_rows_that_can_be_taken_and_names_the_others(tmp_path: Path) -> None:
    table, written = tmp_path / "mine.csv", tmp_path / "deep" / "treaties.csv"
    table.write_text(f"{HEADER}\n{GOOD}\n{BAD}\n", "utf-8")
    ended = call("treaties", "import", str(table), "-o", str(written))
    assert ended.status == 1
    assert ended.errors == [f"tocsin: {table}, line 3: deposit is no date such as 2006-01-24, 2006-01 or 2006"]
    assert written.read_text("utf-8") == f"{HEADER}\n{GOOD}\n"
    assert [path.name for path in written.parent.iterdir()] == ["treaties.csv"]
    shown = call("treaties", "show", "XZV", "--on", "1999-06-01", "--treaties", str(written))
    assert "yes\tcat\t1999-03-02\t2026-01-15\ta source" in shown.output.splitlines()


def test_import_takes_over_a_published_list() -> None:
    given = 'Participant,Signature,"Ratification, Accession(a)"\nKazakhstan,,\nXZV,4 Feb 1985,3 Mar 1990\n'
    words = ["treaties", "import", "-", "--instrument", "icrmw", "--source", "a list", "--checked-on", "2026-01-15"]
    ended = call(*words, stdin=given)
    assert ended.status == 0
    assert ended.output.splitlines() == [
        HEADER,
        "KAZ,icrmw,,none,,,,,a list,2026-01-15,",
        "XZV,icrmw,1985-02-04,ratification,1990-03-03,,,,a list,2026-01-15,",
    ]


@pytest.mark.parametrize(
    ("words", "given", "line"),
    [
        (["import", "-"], "", "-: the file is empty"),
        (["import", "-"], "a,b\n1,2\n", "-: unknown column 'a' (the columns are country, instrument"),
        (["import", "missing.csv"], "", "missing.csv: cannot be read (No such file or directory)"),
        (["import", "-", "--instrument", "cat"], "x", "a published list needs --source and --checked-on"),
        (["show", "XZV", "--on", "2021-10-14", "--treaties", "-"], f"{HEADER}\n{BAD}\n{BAD}\n", "-, line 2: deposit"),
    ],
)
def test_what_cannot_be_taken_is_one_line_and_exit_2(words: list[str], given: str, line: str) -> None:
    ended = call("treaties", *words, stdin=given)
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
    assert ended.errors[0].startswith(f"tocsin: {line}")


def test_a_file_that_is_no_utf_8_is_refused() -> None:
    ended = call("treaties", "import", "-", stdin=b"country\xff\n")
    assert (ended.status, ended.errors) == (2, ["tocsin: -: not UTF-8"])
