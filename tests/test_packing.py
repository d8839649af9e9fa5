"""What is packed: the same bytes wherever and whenever it is built, with the list of the parts that it runs with."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatch_build import PARTS, list_parts

from command_line import ROOT
from test_architecture import pinned

COPIED = ("src", "requirements", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE")


def test_every_pinned_part_is_listed_with_the_hashes_of_its_files() -> None:
    listed = json.loads(list_parts(ROOT, "1.2.3"))
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    assert listed["metadata"]["component"]["purl"] == "pkg:pypi/tocsin@1.2.3"
    rows = {row.split()[0].lower(): row for row in pinned("run")}
    parts = {f"{each['name']}=={each['version']}": each for each in listed["components"]}
    assert parts.keys() == rows.keys()
    assert all(
        {one["content"] for one in parts[name]["hashes"]} == {word[-64:] for word in row.split() if "--hash" in word}
        for name, row in rows.items()
    )
    named = {each["bom-ref"] for each in listed["components"]}
    assert len(named) == len(rows)
    assert {"pkg:pypi/django@", "pkg:pypi/lxml@"} <= {
        f"{each.partition('@')[0]}@" for each in listed["dependencies"][0]["dependsOn"] if each in named
    }


def build(folder: Path, **environment: str) -> dict[str, bytes]:
    """Pack a copy of what is in the repository, and give what was made."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        ignored = {"ignore": shutil.ignore_patterns("__pycache__", "*.mo")} if (ROOT / name).is_dir() else {}
        copy(ROOT / name, folder / name, **ignored)
    words = [sys.executable, "-m", "hatchling", "build", "-d", "made"]
    subprocess.run(words, cwd=folder, env=os.environ | environment, check=True, capture_output=True)
    return {each.name: each.read_bytes() for each in (folder / "made").iterdir()}


@pytest.mark.long
def test_two_builds_are_the_same_bytes_and_hold_the_list_of_parts(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    one = build(tmp_path / "here", TZ="Asia/Tokyo", PYTHONHASHSEED="1")
    before = os.umask(0o077)
    try:
        other = build(tmp_path / "there", TZ="America/Lima", PYTHONHASHSEED="2", LC_ALL="C")
    finally:
        os.umask(before)
    assert sorted(name.rpartition(".")[2] for name in one) == ["gz", "whl"]
    assert {name: other[name] == content for name, content in one.items()} == dict.fromkeys(one, True)
    with zipfile.ZipFile(next((tmp_path / "here/made").glob("*.whl"))) as wheel:
        (parts,) = (name for name in wheel.namelist() if name.endswith(f".dist-info/sboms/{PARTS}"))
        assert "django" in {each["name"] for each in json.loads(wheel.read(parts))["components"]}
        assert any(name.endswith("/ar/LC_MESSAGES/django.mo") for name in wheel.namelist())
