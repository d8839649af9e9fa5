"""The units and the image give the program what it needs and nothing besides."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from command_line import ROOT

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text("utf-8")
# systemd's own measure, from 0 (nothing left to take away) to 10, in tenths.
MOST_EXPOSED = 20
ENCLOSED = {
    "User": "tocsin",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
    "IPAddressDeny": "any",
}


def service(unit: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text("utf-8"))
    return dict(parser["Service"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_enclosed(unit: Path) -> None:
    assert service(unit).items() >= ENCLOSED.items()
    assert "SystemCallFilter=@system-service" in unit.read_text("utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_little_exposed_by_systemds_own_measure(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here; the settings themselves were compared")
    measured = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_COLORS": "0"},
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", measured.stdout)
    assert found, measured.stderr
    assert float(found[1]) * 10 <= MOST_EXPOSED


def test_units_call_commands_that_there_are() -> None:
    from tocsin.cli.site import site

    for unit in UNITS:
        settings = service(unit)
        for key in ("ExecStart", "ExecStartPost"):
            if key in settings:
                words = settings[key].split()
                assert words[:2] == ["/opt/tocsin/bin/tocsin", "site"]
                command = site.get_command(None, words[2])  # type: ignore[arg-type]
                assert command is not None
                known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
                assert {word for word in words[3:] if word.startswith("--")} <= known


def test_the_image_runs_for_nobody_in_particular_and_holds_no_secret() -> None:
    last = CONTAINERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert last.index("USER 10001") < last.index("ENTRYPOINT")
    copied = re.findall(r"^COPY (?!--from=build)(.*) \S+$", CONTAINERFILE, re.MULTILINE)
    assert {word for line in copied for word in line.split()} == {
        "requirements/run.txt",
        *("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE", "src"),
    }
    assert "ADD " not in CONTAINERFILE
    assert "--require-hashes" in CONTAINERFILE
    assert not re.search(r"https?://|\.io/|index-url|SECRET|PASSWORD", CONTAINERFILE)


def test_nothing_but_what_is_copied_reaches_the_build() -> None:
    lines = (ROOT / "deploy/Containerfile.dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {line.removeprefix("!") for line in rules if line.startswith("!")} == {
        "requirements/run.txt",
        *("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE", "src"),
    }
