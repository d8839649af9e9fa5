"""The saboteurs' judge must be able to find a suite guilty."""

from pathlib import Path

import pytest
from run import SABOTEURS, CannotSabotage, Saboteur, chosen, judge, read_saboteurs, sabotage

ENDS = {
    "a test went red": (1, "..F\nFAILED tests/a.py::test_x[a::b c] - assert\n1 failed", "noticed", "test_x"),
    "a test of a class went red": (1, "FAILED tests/a.py::TestA::test_x\n", "noticed", "test_x"),
    "all green": (0, "3 passed in 1s", "UNNOTICED", "every test stayed green"),
    "all skipped": (0, "SKIPPED [1] tests/a.py:3: missing\n1 skipped", "UNNOTICED", "every test stayed green"),
    "only a fixture fell": (1, "ERROR tests/a.py::test_x - OSError\n1 error", "ERROR", "pytest ended with 1: 1 error"),
    "does not import": (2, "ERROR tests/a.py\n1 error", "ERROR", "pytest ended with 2: 1 error"),
    "no such test": (4, "\nERROR: not found: a.py\n\n", "ERROR", "pytest ended with 4: ERROR: not found: a.py"),
    "nothing said": (3, "", "ERROR", "pytest ended with 3"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "output", "outcome", "by"), ENDS.values(), ids=ENDS.keys())
def test_only_a_test_that_ran_and_failed_has_noticed(status: int, output: str, outcome: str, by: str) -> None:
    verdict = judge(status, output)
    assert (verdict.outcome, verdict.by) == (outcome, by)


@pytest.mark.parametrize(
    "text", ["kept = False\n", "kept = True\nkept = True\n", None], ids=["gone", "twice", "no file"]
)
def test_a_saboteur_that_no_longer_fits_is_an_error(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "a.py").write_text(text)
    with pytest.raises(CannotSabotage, match="not once"):
        sabotage(Saboteur("A promise", "a.py", "kept = True", "kept = False", ()), tmp_path)


def test_a_saboteur_changes_its_file_and_forgets_what_was_compiled(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("kept = True\n")
    compiled = tmp_path / "__pycache__" / "a.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.touch()
    sabotage(Saboteur("A promise", "a.py", "True", "None", ()), tmp_path)
    assert (tmp_path / "a.py").read_text() == "kept = None\n"
    assert not compiled.exists()


def test_each_saboteur_breaks_one_promise_and_names_tests_that_are_there() -> None:
    saboteurs = read_saboteurs(SABOTEURS.read_text("utf-8"))
    root = Path(__file__).parents[2]
    promises = [one.promise for one in saboteurs]
    assert len(promises) >= 14
    assert len(set(promises)) == len(promises)
    for one in saboteurs:
        assert one.old != one.new
        assert (root / one.file).read_text("utf-8").count(one.old) == 1, f"{one.promise}: its text stands elsewhere now"
        for test in one.tests:
            file, _, name = test.partition("::")
            wanted = f"def {name.partition('[')[0]}(" if name else "def test_"
            assert wanted in (root / file).read_text("utf-8"), test


def test_the_parts_hold_every_saboteur_once_and_words_choose_by_promise() -> None:
    everyone = read_saboteurs(SABOTEURS.read_text("utf-8"))
    parts = [one.promise for turn in (1, 2, 3) for one in chosen(everyone, [f"{turn}/3"])]
    assert sorted(parts) == sorted(one.promise for one in everyone)
    assert chosen(everyone, []) == everyone
    assert {one.promise for one in chosen(everyone, ["MARKUP"])} == {
        one.promise for one in everyone if "markup" in one.promise.lower()
    }
    with pytest.raises(CannotSabotage, match="no part 4/3"):
        chosen(everyone, ["4/3"])
