"""The house rules that no linter knows: what an import loads, how long things grow, what must never be written down."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from command_line import ROOT
from tocsin.core import errors, vocab
from tocsin.core.reader import lexicon, read

SOURCES = sorted((ROOT / "src").rglob("*.py"))
LEXICONS = ROOT / "src/tocsin/core/reader/lexicon"
SEEDS = sorted(ROOT.parent.joinpath("shared/seeds").glob("*.txt"))
needs_seeds = pytest.mark.skipif(not SEEDS, reason="the public appeals in ../shared/seeds are not on this machine")

_LOADED = """
import sys
before = set(sys.modules)
import {module}
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}}))
"""


@cache
def loaded_by(module: str) -> frozenset[str]:
    """Give the top packages that importing a module loads, in an interpreter without anything else."""
    words = [sys.executable, "-I", "-c", _LOADED.format(module=module)]
    return frozenset(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())


# What the start of the command line may load. A new name here is a decision: it makes every command slower.
ALLOWED_AT_START = {"tocsin", "click"}
HEAVY_OR_CONNECTING = {
    *("socket", "ssl", "http", "urllib3", "requests", "httpx", "smtplib", "imaplib", "ftplib", "asyncio", "sqlite3"),
    *("django", "multiprocessing", "lxml", "pypdfium2", "phonenumbers", "msgspec", "numpy", "pydantic"),
    *("typst", "docx"),
}


def test_the_command_line_starts_with_click_and_the_standard_library_alone() -> None:
    foreign = loaded_by("tocsin.cli") - set(sys.stdlib_module_names)
    assert {name for name in foreign if not name.startswith("_")} == ALLOWED_AT_START


@pytest.mark.parametrize("module", ["tocsin", "tocsin.cli", "tocsin.core", "tocsin.core.errors"])
def test_a_start_loads_nothing_that_connects_or_weighs(module: str) -> None:
    assert loaded_by(module) & HEAVY_OR_CONNECTING == set()


def test_a_case_in_json_needs_no_yaml() -> None:
    assert "yaml" not in loaded_by("tocsin.core.records")


def test_the_door_to_finished_files_loads_no_compiler_before_it_is_asked_for_one() -> None:
    assert loaded_by("tocsin.adapters.outlets") & {"typst", "docx", "pypdfium2"} == set()


CORE = {str(path.relative_to(ROOT / "src/tocsin")): path for path in SOURCES if "core" in path.parts}
IMPURE = {
    *("os", "pathlib", "io", "shutil", "tempfile", "glob", "subprocess", "multiprocessing", "threading", "asyncio"),
    *("socket", "ssl", "http", "urllib.request", "smtplib", "imaplib", "sqlite3", "time", "random", "secrets", "uuid"),
    *("logging", "locale", "getpass", "platform", "click", "lxml", "pypdfium2", "django", "requests", "httpx"),
    *("typst", "docx"),
}
REACHING = {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize("module", CORE)
def test_a_module_of_the_core_does_nothing_that_touches_the_world(module: str) -> None:
    imported: set[str] = set()
    called: set[str] = set()
    for node in ast.walk(ast.parse(CORE[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    assert {name for name in imported if name in IMPURE or name.partition(".")[0] in IMPURE} == set()
    assert called & REACHING == set()


def test_the_door_to_finished_files_loads_no_form_before_it_is_asked_for() -> None:
    assert loaded_by("tocsin.adapters.outlets") & {"docx", "lxml", "typst", "email"} == set()


def test_the_import_contract_holds() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def lengths_of_functions() -> list[tuple[int, str]]:
    return sorted(
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}: {node.name}")
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_functions_are_short() -> None:
    lengths = lengths_of_functions()
    assert [each for each in lengths if each[0] > 60] == []
    assert lengths[int(len(lengths) * 0.9)][0] <= 30


def test_files_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_no_except_is_bare_or_broad() -> None:
    broad = {"Exception", "BaseException"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in broad))
    ]
    assert found == []


ERRORS = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.TocsinError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_stands_in_the_tree_with_its_own_code(error: type[errors.TocsinError]) -> None:
    tree = (errors.__doc__ or "").split("```")[1]
    row = next((row for row in tree.splitlines() if re.search(rf"\b{error.__name__}\b", row)), None)
    assert row is not None, f"{error.__name__} is missing in the tree at the top of errors.py"
    assert "code" in vars(error), "it has the code of its parent"
    assert [other.__name__ for other in ERRORS if other.code == error.code] == [error.__name__]
    family = error.code.partition(".")[0]
    assert error is errors.TocsinError or error.code in row or f"{family}.*" in row


def test_an_error_is_one_line_whatever_it_was_given() -> None:
    message = str(errors.BadInput("broken\nby\r\nlines", where="a\nname", hint="do\u2028this"))
    assert len(message.splitlines()) == 1


def tracked() -> list[Path]:
    ended = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        pytest.skip("this is no git checkout, so it is not known which files are published")
    return [ROOT / name for name in ended.stdout.split("\0") if name and (ROOT / name).is_file()]


def published() -> list[tuple[str, str]]:
    """Give the name and text of each published file that is text."""
    texts = []
    for path in tracked():
        try:
            texts.append((str(path.relative_to(ROOT)), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


# Joined from pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    what: re.compile("".join(pieces))
    for what, pieces in {
        "address of a package index": (
            "(?i)py",
            r"pi\.org|python",
            r"hosted\.org|registry\.np",
            r"mjs|deb\.deb",
            "ian",
        ),
        "path of one machine": ("/ro", "ot/|/wo", "rk/|/ho", r"me/\w|/t", r"mp/\w+/|[A-Z]:\\Us", "ers"),
        "private key": ("BEGIN [A-Z ]*PRIV", "ATE KEY"),
        "unfinished mark": (r"\bTO", r"DO\b|\bFIX", r"ME\b"),
    }.items()
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_published_file_holds(what: str) -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in published()
        if name != "LICENSE" and (match := FORBIDDEN[what].search(text))
    ]
    assert found == []


def real_names() -> set[str]:
    """Name the people by their surnames, and what public appeals print in quotation marks or name as a single place."""
    names: set[str] = set()
    for reading in (reading for seed in SEEDS for reading in read(seed.read_text("utf-8"))):
        document, facts = reading.document, reading.document.facts
        people = [person.name for person in facts.people] + [one.name for one in document.addressees if one.name]
        names |= {name.split()[-1] for name in people if len(name.split()) > 1}
        listed = [one.name for one in (*facts.organisations, *facts.places)]
        names |= {quoted for name in listed for quoted in re.findall(r"[‘“]([^’”]{5,})[’”]", name)}
        names |= {place.name for place in facts.places if re.fullmatch(r"\w{6,}", place.name)}
    return names


@needs_seeds
def test_no_published_file_holds_the_name_of_a_real_person_group_or_place() -> None:
    names = real_names()
    assert len(names) > 8, "the reader does not find the names of the public appeals"
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    # Only where a name was found is said, not the name.
    assert [name for name, text in published() if pattern.search(text)] == []


@needs_seeds
def test_no_published_file_holds_a_sentence_of_a_real_appeal() -> None:
    runs = set()
    for seed in SEEDS:
        for reading in read(seed.read_text("utf-8")):
            story = [paragraph.text for section in reading.document.sections for paragraph in section.paragraphs]
            for text in story:
                words = re.findall(r"\w+", text)
                runs |= {" ".join(words[at : at + 14]) for at in range(len(words) - 13)}
    assert runs
    found = set()
    for name, text in published():
        words = re.findall(r"\w+", text)
        if any(" ".join(words[at : at + 14]) in runs for at in range(len(words) - 13)):
            found.add(name)
    assert found == set()


def tables(language: str) -> set[str]:
    """Name the files and tables of a language, down to the keys that code asks for."""
    return {
        f"{path.name}: {key}"
        for path in sorted((LEXICONS / language).glob("*.toml"))
        for key in tomllib.loads(path.read_text("utf-8"))
    }


@pytest.mark.parametrize("language", sorted(set(lexicon.LANGUAGES) - {"en"}))
def test_a_language_of_the_reader_has_the_tables_of_english(language: str) -> None:
    assert sorted(tables("en") - tables(language)) == []
    assert sorted(tables(language) - tables("en")) == []


# Tables whose keys are codes, and the lists that hold them; a key beyond the lists means something to the code alone.
CODED_TABLES = [
    ("acts", "act", ("violation_types", "procedure_types"), ()),
    ("groups", "heads", ("actor_types",), ("none",)),
    ("groups", "institutions", ("actor_types",), ("none",)),
    ("justice", "charge_openers", ("proceeding_status",), ()),
    ("justice", "procedure_verbs", ("proceeding_status",), ()),
    ("justice", "verdicts", ("proceeding_status",), ()),
    ("justice", "outcomes", ("detention_status",), ("killed", "disappeared")),
    ("justice", "instruments", ("instruments",), ()),
    ("people", "roles", ("person_roles",), ()),
    ("people", "place_words", ("place_kinds",), ()),
    ("structure", "demands", ("demand_types",), ()),
    ("structure", "violations", ("violation_types", "procedure_types"), ()),
    ("structure", "violation_modes", ("violation_modes",), ()),
    ("channels", "labels", ("channel_types",), ("salutation",)),
    ("structure", "requests", ("request_kinds",), ("other",)),
]


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
@pytest.mark.parametrize(
    ("subject", "table", "lists", "own"), [pytest.param(*row, id=".".join(row[:2])) for row in CODED_TABLES]
)
def test_the_codes_of_a_lexicon_are_codes_of_the_vocabulary(
    language: str, subject: str, table: str, lists: tuple[str, ...], own: tuple[str, ...]
) -> None:
    known = set(own).union(*(vocab.load(name) for name in lists))
    words = lexicon.load(language, subject)[table]
    named = {entry["type"] for entry in words} if isinstance(words, list) else set(words)
    assert named - known == set()


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
@pytest.mark.parametrize(
    ("key", "lists"),
    [
        ("method", ("act_methods",)),
        ("mode", ("violation_modes",)),
        ("also", ("violation_types", "procedure_types")),
    ],
)
def test_what_an_act_entry_names_is_a_code(language: str, key: str, lists: tuple[str, ...]) -> None:
    known = set().union(*(vocab.load(name) for name in lists))
    assert {entry[key] for entry in lexicon.load(language, "acts")["act"] if entry.get(key)} - known == set()


def pinned(name: str) -> list[str]:
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8").replace("\\\n", " ")
    return [row for row in text.splitlines() if row.strip() and not row.lstrip().startswith("#")]


def test_what_is_run_is_what_is_tested_and_measured() -> None:
    run, test, bench = (dict(row.split()[0].split("==") for row in pinned(name)) for name in ("run", "test", "bench"))
    assert run.items() <= test.items() <= bench.items()


@pytest.mark.parametrize("name", ["run", "test", "bench", "fuzz"])
def test_every_dependency_is_pinned_and_hashed(name: str) -> None:
    rows = pinned(name)
    assert rows
    assert [row for row in rows if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", row)] == []


def test_nothing_is_installed_from_outside_without_hashes() -> None:
    installs = re.findall(r"pip install [^;|&\n]*", (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " "))
    assert len(installs) > 2
    assert [line for line in installs if not {"--require-hashes", "--no-index"}.intersection(line.split())] == []


def test_a_new_room_must_be_declared_in_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = {tuple(contract["containers"]): contract for contract in contracts if contract["type"] == "layers"}
    assert set(layers) == {("tocsin",), ("tocsin.core",)}
    assert all(contract["exhaustive"] for contract in layers.values())
    assert {"forbidden", "acyclic_siblings"} <= {contract["type"] for contract in contracts}


_READ = """
import sys
sys.argv = ["tocsin", "read", "examples/appeal.txt"]
from tocsin.cli import main
try:
    main()
except SystemExit:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def test_reading_plain_text_loads_no_opener() -> None:
    ended = subprocess.run([sys.executable, "-c", _READ], cwd=ROOT, capture_output=True, text=True, check=True)
    assert '"title"' in ended.stdout
    # `read` needs the schema of a document, and a telephone number costs its library: both are in the measured start.
    assert HEAVY_OR_CONNECTING.intersection(ended.stderr.split()) <= {"msgspec", "phonenumbers"}


def test_no_two_files_of_tests_and_bench_bear_one_name() -> None:
    """Both are imported by their names alone: whichever comes first stands for both."""
    files = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/*.py")]
    names = Counter(path.name for path in files if path.name != "conftest.py")
    assert [name for name, count in names.items() if count > 1] == []
