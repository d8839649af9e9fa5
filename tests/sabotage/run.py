"""Breaks each safety promise on purpose, in a copy of the tree, and expects the tests to notice.

A promise that can be broken without a red test is not kept by anything. What is broken, and which tests should see it,
stands in `saboteurs.toml`. Ends with 1 unless every saboteur was noticed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
SABOTEURS = Path(__file__).with_name("saboteurs.toml")
COPIED = ("src", "tests", "bench", "deploy", "docs", "examples", "requirements", "pyproject.toml", "hatch_build.py",
          "README.md", "LICENSE", "NOTICE")  # fmt: skip
AT_ONCE = 2
LONGEST_SECONDS = 120
LONGEST_OF_ALL_SECONDS = 1_200  # for the tests of all saboteurs together, on a busy machine

NOTICED, UNNOTICED, ERROR, NOT_TRIED = "noticed", "UNNOTICED", "ERROR", "not tried"

# The same order and the same examples in every run, so that a saboteur is noticed always or never.
PYTEST = ("-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-seed=0",
          "--hypothesis-profile=sabotage", "-p", "first_failure")  # fmt: skip
PART = re.compile(r"(\d+)/(\d+)")
FAILED_TEST = re.compile(r"^FAILED [^\s\[]*::(\w+)", re.MULTILINE)
BUBBLEWRAP_WORKS = "import sys; from tocsin.adapters.documents import sandbox; sys.exit(not sandbox.bubblewrap_works())"


class CannotSabotage(Exception):
    """A saboteur no longer fits the tree, or the tree is not fit to be broken."""


@dataclass(frozen=True, slots=True)
class Saboteur:
    """One way to break a promise.

    Attributes:
        promise: What holds while nobody breaks it.
        file: The file to change, from the root of the repository.
        old: The text to replace; it stands there once.
        new: What it is replaced by.
        tests: Node ids of the tests that should notice.
        needs_bubblewrap: Whether they notice only where bubblewrap works.
    """

    promise: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    needs_bubblewrap: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a saboteur: `by` is the test that noticed, or what was wrong."""

    outcome: str
    by: str = ""
    seconds: float = 0.0


def read_saboteurs(text: str) -> list[Saboteur]:
    """Read the list of saboteurs."""
    return [
        Saboteur(
            promise=entry["promise"],
            file=entry["file"],
            old=entry["replace"],
            new=entry["with"],
            tests=tuple(entry["tests"]),
            needs_bubblewrap="bubblewrap" in entry.get("needs", ()),
        )
        for entry in tomllib.loads(text)["saboteur"]
    ]


def sabotage(saboteur: Saboteur, tree: Path) -> None:
    """Change the file in this tree.

    Raises:
        CannotSabotage: The text to replace does not stand there exactly once.
    """
    path = tree / saboteur.file
    text = path.read_text("utf-8") if path.is_file() else ""
    if (count := text.count(saboteur.old)) != 1:
        raise CannotSabotage(f"the text to replace stands {count} times in {saboteur.file}, not once")
    path.write_text(text.replace(saboteur.old, saboteur.new), "utf-8")
    # Python would trust a compiled file of the same size that is not older than a second.
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()


def judge(status: int, output: str) -> Verdict:
    """Judge a run of pytest; only a test that ran and failed has noticed anything."""
    failed = FAILED_TEST.search(output)
    if status == 1 and failed:
        return Verdict(NOTICED, failed[1])
    if status == 0:
        return Verdict(UNNOTICED, "every test stayed green")
    said = [line for line in output.splitlines() if line.strip()]
    return Verdict(ERROR, ": ".join([f"pytest ended with {status}", *said[-1:]]))


def python(tree: Path, words: Iterable[str], longest: int = LONGEST_SECONDS) -> subprocess.CompletedProcess[str]:
    """Run this Python in a tree, whose own `src` comes before anything that is installed."""
    # Where CI is set, tests that lack bubblewrap fail instead of being skipped: that would look like noticing.
    env = {name: value for name, value in os.environ.items() if name != "CI"}
    env["PYTHONPATH"] = os.pathsep.join([str(tree / "src"), str(tree / "tests" / "sabotage")])
    return subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=longest,
        check=False,
    )


def run_tests(tree: Path, tests: Iterable[str], processes: int, longest: int = LONGEST_SECONDS) -> Verdict:
    """Run tests on the package of a tree.

    Raises:
        CannotSabotage: Python would import another `tocsin` than that of the tree.
    """
    imported = Path(python(tree, ["-c", "import tocsin; print(tocsin.__file__)"]).stdout.strip())
    if not imported.is_relative_to(tree / "src"):
        raise CannotSabotage(f"the tests would import {imported}, not the copy")
    ended = python(tree, [*PYTEST, f"-n{processes}", *tests], longest)
    return judge(ended.returncode, ended.stdout)


def copy_tree(source: Path, target: Path) -> None:
    """Copy what the tests need, with the compiled files, which save seconds in every run."""
    target.mkdir()
    for name in COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns(".*"))
        else:
            shutil.copy2(source / name, target)


def try_out(saboteur: Saboteur, sound: Path, *, bubblewrap: bool) -> Verdict:
    """Let one saboteur loose in a copy of a sound tree."""
    if saboteur.needs_bubblewrap and not bubblewrap:
        return Verdict(NOT_TRIED, "bubblewrap is missing, or may not work here")
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sabotaged-") as folder:
        tree = Path(folder).resolve() / "tree"
        copy_tree(sound, tree)
        try:
            sabotage(saboteur, tree)
            verdict = run_tests(tree, saboteur.tests, 0)
        except CannotSabotage as error:
            verdict = Verdict(ERROR, str(error))
        except subprocess.TimeoutExpired:
            verdict = Verdict(ERROR, f"the tests ran for more than {LONGEST_SECONDS} seconds")
    return Verdict(verdict.outcome, verdict.by, time.monotonic() - start)


def row(promise: str, verdict: Verdict, width: int) -> str:
    """Print a row of the table; what is not well is said in capitals."""
    by = verdict.by if verdict.outcome == NOTICED else f"{verdict.outcome}: {verdict.by}"
    return f"{promise:<{width}} | {by} | {verdict.seconds:.1f}"


def chosen(everyone: Sequence[Saboteur], words: Sequence[str]) -> list[Saboteur]:
    """Give the saboteurs of a part ("2/3": every third one, from the second), or whose promise holds one of the words.

    Raises:
        CannotSabotage: There is no such part.
    """
    part = PART.fullmatch(words[0]) if len(words) == 1 else None
    if part is None:
        return [one for one in everyone if not words or any(word.lower() in one.promise.lower() for word in words)]
    turn, parts = int(part[1]), int(part[2])
    if not 1 <= turn <= parts:
        raise CannotSabotage(f"there is no part {words[0]}")
    return list(everyone[turn - 1 :: parts])


def main(words: Sequence[str]) -> int:
    """Try the saboteurs whose promise holds one of the words, those of a part, or all of them."""
    saboteurs = chosen(read_saboteurs(SABOTEURS.read_text("utf-8")), words)
    width = max((len(one.promise) for one in saboteurs), default=0)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sound-") as folder:
        sound = Path(folder).resolve() / "tree"
        copy_tree(ROOT, sound)
        tests = sorted({test for one in saboteurs for test in one.tests})
        before = run_tests(sound, tests, AT_ONCE, LONGEST_OF_ALL_SECONDS)
        if before.outcome != UNNOTICED:
            click.echo(f"sabotage: the tests are not green before anything is broken: {before.by}")
            return 1
        bubblewrap = python(sound, ["-c", BUBBLEWRAP_WORKS]).returncode == 0
        click.echo(f"{'promise':<{width}} | noticed by | seconds")
        outcomes: list[str] = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for one, verdict in zip(
                saboteurs, pool.map(partial(try_out, sound=sound, bubblewrap=bubblewrap), saboteurs), strict=True
            ):
                click.echo(row(one.promise, verdict, width))
                outcomes.append(verdict.outcome)
    counts = ", ".join(f"{outcomes.count(each)} {each}" for each in (NOTICED, UNNOTICED, ERROR, NOT_TRIED))
    click.echo(f"sabotage: {len(outcomes)} saboteurs in {time.monotonic() - start:.0f} s: {counts}")
    return 0 if outcomes and set(outcomes) <= {NOTICED, NOT_TRIED} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
