"""The units and the image give the program what it needs and nothing besides."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT
from lacking import lacking
from tocsin.adapters.documents import sandbox
from tocsin.config import equipping
from tocsin.letterbox.letter import LARGEST_FILE

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
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
    "IPAddressDeny": "any",
}
# What bubblewrap calls before it has made its world, and what only the desk may do therefore.
OF_BUBBLEWRAP = {"capset", "mount", "pivot_root", "sethostname", "umount2"}


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
def test_the_desk_alone_may_make_worlds_for_files_of_strangers(unit: Path) -> None:
    text, opens = unit.read_text("utf-8"), unit.stem == "tocsin-desk"
    filters = [line.partition("=")[2] for line in text.splitlines() if line.startswith("SystemCallFilter=")]
    assert filters[:2] == ["@system-service", "~@privileged @resources"]
    assert {word for line in filters[2:] for word in line.split()} == (OF_BUBBLEWRAP if opens else set())
    assert ("RestrictNamespaces=yes" in text, "ProtectHostname=yes" in text) == (not opens, not opens)
    assert ("AF_NETLINK" in service(unit)["RestrictAddressFamilies"]) == opens
    assert ("ProcSubset" in service(unit)) == (not opens)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_mailer_alone_sees_the_keys_that_open_the_addresses_of_readers(unit: Path) -> None:
    settings = service(unit)
    site = Path(settings["Environment"].partition("TOCSIN_SITE=")[2]).parent
    hidden = settings.get("InaccessiblePaths") == f"-{site / equipping.FOLDER}"
    assert hidden == (unit.stem != "tocsin-mailer")


def test_bubblewrap_needs_what_the_desk_is_given_and_nothing_more(tmp_path: Path) -> None:
    if not (shutil.which("strace") and shutil.which("systemd-analyze") and sandbox.bubblewrap_works()):
        lacking("not on this machine: strace, systemd-analyze or a working bubblewrap: the calls were not compared")
    program = "from tocsin.adapters.documents.sandbox import bubblewrap_works; bubblewrap_works()"
    words = ["strace", "-f", "-qq", "-o", tmp_path / "calls", sys.executable, "-c", program]
    subprocess.run(words, check=True, capture_output=True)
    called = set(re.findall(r"^\d+ +(?:<\.\.\. )?(\w+)[( ]", (tmp_path / "calls").read_text("utf-8"), re.MULTILINE))
    allowed = calls_of("@system-service") - calls_of("@privileged") - calls_of("@resources")
    assert called - allowed == OF_BUBBLEWRAP


def test_bubblewrap_needs_more_of_proc_than_processes() -> None:
    if os.geteuid() != 0 or not (shutil.which("unshare") and sandbox.bubblewrap_works()):
        lacking("not on this machine: root, unshare or a working bubblewrap: not tried on a /proc with processes alone")
    program = "from tocsin.adapters.documents.sandbox import bubblewrap_works; print(bubblewrap_works())"
    tried = f"mount -t proc -o subset=pid proc /proc && exec {sys.executable} -c '{program}'"
    ended = subprocess.run(["unshare", "-m", "sh", "-c", tried], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n", "the desk may be given ProcSubset=pid again"


def calls_of(group: str) -> set[str]:
    """Give the calls of one of systemd's groups."""
    listed = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    words = {line.strip() for line in listed.stdout.splitlines()[1:]} - {""}
    calls = {word for word in words if not word.startswith(("@", "#"))}
    return calls.union(*(calls_of(word) for word in words if word.startswith("@")))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_little_exposed_by_systemds_own_measure(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        lacking("not on this machine: systemd-analyze: the settings themselves were compared")
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


def test_the_server_in_front_keeps_no_record_and_names_the_asker_itself() -> None:
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    assert text.count("access_log off;") == text.count("server {") == 2
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text, "what the asker claims is thrown away"
    assert "proxy_max_temp_file_size 0;" in text
    assert "proxy_request_buffering off;" in text, "what is sent would lie in clear in a file of this server"
    assert "client_max_body_size 202m;" in text
    assert "$proxy_add_x_forwarded_for" not in text
    desk = service(ROOT / "deploy/systemd/tocsin-desk.service")["ExecStart"]
    port = re.search(r"--port (\d+)", desk)
    assert port is not None
    assert f"proxy_pass http://127.0.0.1:{port[1]};" in text


def test_the_server_in_front_of_the_public_form_tells_it_nobodys_address() -> None:
    text = (ROOT / "deploy/nginx-letterbox.conf").read_text("utf-8")
    assert text.count("access_log off;") == text.count("server {") == 2
    assert re.findall(r"proxy_set_header (\S+) ([^;]*);", text) == [
        ("Host", "$host"),
        ("X-Forwarded-For", '""'),
        ("X-Real-IP", '""'),
        ("Forwarded", '""'),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", '""'),
    ]
    assert "error_log /dev/null crit;" in text
    assert "proxy_request_buffering off;" in text, "a letter would lie in clear in a file of this server"
    assert "proxy_max_temp_file_size 0;" in text
    largest = re.search(r"client_max_body_size (\d+)m;", text)
    assert largest is not None
    assert LARGEST_FILE < int(largest[1]) * 1_000_000 < 2 * LARGEST_FILE
    form = service(ROOT / "deploy/systemd/tocsin-letterbox.service")
    port = re.search(r"--port (\d+)", form["ExecStart"])
    assert port is not None
    assert f"proxy_pass http://127.0.0.1:{port[1]};" in text
    assert {"MemoryMax", "TasksMax", "CPUQuota"} <= form.keys(), "strangers would take from the desk what it needs"
    assert f"127.0.0.1:{port[1]}" in (ROOT / "deploy/torrc").read_text("utf-8")


def test_the_server_in_front_of_the_public_site_keeps_no_page_and_tells_it_nobodys_address() -> None:
    text = (ROOT / "deploy/nginx-public.conf").read_text("utf-8")
    assert text.count("access_log off;") == text.count("server {") == 2
    form = (ROOT / "deploy/nginx-letterbox.conf").read_text("utf-8")
    told = "proxy_set_header"
    assert [line for line in text.splitlines() if told in line] == [line for line in form.splitlines() if told in line]
    assert "error_log /dev/null crit;" in text
    assert "proxy_cache off;" in text, "a page that was withdrawn would stay"
    assert "proxy_max_temp_file_size 0;" in text
    assert "client_max_body_size 1k;" in text
    site = service(ROOT / "deploy/systemd/tocsin-public.service")
    port = re.search(r"--port (\d+)", site["ExecStart"])
    assert port is not None
    assert f"proxy_pass http://127.0.0.1:{port[1]};" in text
    assert {"MemoryMax", "TasksMax", "CPUQuota"} <= site.keys(), "strangers would take from the desk what it needs"


def test_the_public_form_and_the_public_site_are_two_onion_services() -> None:
    form, site = ((ROOT / "deploy" / name).read_text("utf-8") for name in ("torrc", "torrc-public"))
    named = [re.findall(r"^HiddenService(Dir|Port) (.*)$", text, re.MULTILINE) for text in (form, site)]
    assert named[0] == [("Dir", "/var/lib/tor/tocsin"), ("Port", "80 127.0.0.1:8001")]
    assert named[1] == [("Dir", "/var/lib/tor/tocsin-public"), ("Port", "80 127.0.0.1:8002")]
    for text in (form, site):
        assert "HiddenServicePoWDefensesEnabled 1" in text
        assert "SafeLogging 1" in text


def test_each_process_of_strangers_has_a_port_of_its_own() -> None:
    ports = [found[1] for unit in UNITS if (found := re.search(r"--port (\d+)", service(unit)["ExecStart"]))]
    assert len(ports) == len(set(ports)) == 4


def test_root_calls_the_program_as_the_user_of_the_site() -> None:
    text = (ROOT / "deploy/tocsin").read_text("utf-8")
    assert os.access(ROOT / "deploy/tocsin", os.X_OK)
    for unit in UNITS:
        assert f"runuser -u {service(unit)['User']} " in text
        assert f"env {service(unit)['Environment']} /opt/tocsin/bin/tocsin" in text
