"""What the documents say is so: their examples run, their links lead somewhere, the generated pages are current."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from command_line import ROOT, run
from rules_page import rules_page
from tocsin.adapters.documents import LIMITS
from tocsin.adapters.outlets import FORMATS
from tocsin.cli import tocsin

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "tests/corpus").glob("*.md")])
ELISION = "…"


def examples(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Give each `$ command` of the console blocks with the output lines under it."""
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        command, output = "", []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line.removeprefix("$ "), []
            else:
                output.append(line)
        if command:
            yield command, output


EXAMPLES = [
    pytest.param(*example, id=f"{page.name}: {example[0][:50]}") for page in PAGES for example in examples(page)
]


def test_the_readme_shows_commands_with_their_output() -> None:
    assert len({command.split()[1] for command, _ in examples(ROOT / "README.md")}) >= 3


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_an_example_prints_what_the_page_shows(command: str, shown: list[str]) -> None:
    program, *arguments = shlex.split(command)
    assert program == "tocsin"
    ended = run(*arguments)
    # Where the full sandbox cannot be had, each file that is opened brings a line that says so.
    warnings = [line for line in ended.errors if "bubblewrap is missing" in line or "no system-call filter" in line]
    printed = [*ended.output.splitlines(), *(line for line in ended.errors if line not in warnings)]
    assert _agree(shown, printed), "\n".join([f"$ {command}", *printed])


def _agree(shown: list[str], printed: list[str]) -> bool:
    """Compare line by line; an elision stands for any number of lines."""
    pattern = "".join("(?:.*\n)*?" if line == ELISION else re.escape(line) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "agrees"),
    [
        (["a", "…"], ["a", "b", "c"], True),
        (["a", "…", "c"], ["a", "c"], True),
        (["a"], ["a", "b"], False),
        (["…", "x", "…"], ["a", "b"], False),
    ],
)
def test_an_elision_stands_for_lines_and_nothing_else_does(shown: list[str], printed: list[str], agrees: bool) -> None:
    assert _agree(shown, printed) is agrees


def test_the_first_look_ends_well_and_says_where_the_pages_lie(tmp_path: Path) -> None:
    beside = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8"}
    words = ["sh", str(ROOT / "examples/run.sh"), str(tmp_path)]
    ended = subprocess.run(words, env=env, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert len(lines) <= 120
    pages = {Path(line) for line in lines if line.startswith(str(tmp_path))}
    assert {page.suffix for page in pages} == {f".{form}" for form in FORMATS}
    assert {"appeal.json", "grounds.json"} < {page.name for page in pages}
    assert pages == set(tmp_path.iterdir())
    # Each part shows something: report, marked paragraph, case, appeal, what is to be mended, match.
    parts = (
        "Chronology",
        "[four masked men|group]",
        "act_type: physical_attack",
        "They threatened Ms. Tosk with death",
    )
    for words_shown in (*parts, "no error; 2 warnings", "subject: normalised"):
        assert words_shown in " ".join(ended.stdout.split())


LINKS = [
    pytest.param(page, target, id=f"{page.relative_to(ROOT)}: {target}")
    for page in PAGES
    for target in sorted(set(re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))))
    if not target.startswith("https://")
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_a_link_leads_to_a_page_and_its_heading(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    aim = (page.parent / path).resolve() if path else page
    assert aim.exists()
    if anchor:
        headings = re.findall(r"^#+ (.+)$", aim.read_text("utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


NAMED_PATH = re.compile(r"`((?:src|tests|bench|docs|examples|requirements|core|adapters|cli)/[\w./-]+)`")
HOMES = (ROOT, ROOT / "src/tocsin")


def test_every_file_that_a_page_names_exists() -> None:
    named = {(page.name, path) for page in PAGES for path in NAMED_PATH.findall(page.read_text("utf-8"))}
    assert len(named) > 30
    assert {name for name in named if not any((home / name[1]).exists() for home in HOMES)} == set()


def test_the_limits_that_the_pages_promise_are_those_of_the_program() -> None:
    promised = (ROOT / "SECURITY.md").read_text("utf-8")
    for words in (
        f"{LIMITS.input_bytes // 10**6} MB, {LIMITS.unpacked_bytes // 10**6} MB unpacked, ratio {LIMITS.ratio}",
        f"{LIMITS.entries:,} entries, {LIMITS.pages} pages, {LIMITS.elements:,} elements",
        f"{LIMITS.cpu_seconds} s processor time, {LIMITS.wall_seconds} s in all, {LIMITS.memory_bytes // 2**20} MB",
    ):
        assert words in promised


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert named <= targets


def test_messages_that_the_reader_guide_explains_are_those_of_the_program() -> None:
    guide = (ROOT / "docs/reader.md").read_text("utf-8").partition("## When it says no")[2]
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    messages = [
        message for row in guide.splitlines() if row.startswith("| `") for message in re.findall(r"`([^`]+)`", row)
    ]
    assert messages
    assert [message for message in messages if message not in source] == []


def test_every_field_that_the_reader_guide_explains_is_one_of_the_schema() -> None:
    schema = (ROOT / "docs/appeal-schema.json").read_text("utf-8")
    guide = (ROOT / "docs/reader.md").read_text("utf-8").partition("## The fields")[2].partition("**Spans.**")[0]
    rows = [row.split("|")[1] for row in guide.splitlines() if row.startswith("| `")]
    named = {name.removeprefix("facts.") for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    assert len(named) > 15
    assert {name for name in named if f'"{name}"' not in schema} == set()


def test_the_page_of_commands_is_current(golden: Callable[[str | Path, str], None]) -> None:
    golden(ROOT / "docs/commands.md", commands_page())


def test_the_page_of_rules_is_current(golden: Callable[[str | Path, str], None]) -> None:
    golden(ROOT / "docs/preflight.md", rules_page())


def commands_page() -> str:
    """Write the help of every command, in the order of the program's own list."""
    parts = [
        "# Commands",
        "Generated from the commands' help by `make docs`; do not edit. `python -m tocsin` is the same as `tocsin`.",
        'Completion: `eval "$(_TOCSIN_COMPLETE=bash_source tocsin)"`; also `zsh_source` and `fish_source`.',
    ]
    parts += [f"## {name}\n\n```text\n{text}\n```" for name, text in _helps(tocsin, "tocsin")]
    return "\n\n".join(parts) + "\n"


def _helps(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    word = name.rsplit(maxsplit=1)[-1]
    context = click.Context(command, parent, word, terminal_width=90, help_option_names=["-h", "--help"])
    yield name, "\n".join(line.rstrip() for line in command.get_help(context).strip().splitlines())
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            assert inner is not None
            yield from _helps(inner, f"{name} {each}", context)
