"""The settings of a site: read once, and every mistake said in one line with what to do."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import ROOT
from tocsin.config import site, writing
from tocsin.config.databases import databases
from tocsin.core.errors import BadSettings

NO_DATABASE = True


def written(directory: Path, kind: str = "working", hosts: tuple[str, ...] = ("desk.example",)) -> dict[str, str]:
    writing.write_new(directory / "site.toml", kind, hosts)
    return {"TOCSIN_SITE": str(directory / "site.toml")}


def test_a_new_site_keeps_its_databases_beside_its_file(tmp_path: Path) -> None:
    read = site.read(written(tmp_path))
    assert (read.kind, read.hosts, read.roots) == ("working", ("desk.example",), ())
    assert (read.database.path, read.keys_database.path) == (tmp_path / "data.db", tmp_path / "keys.db")
    assert len(read.index_key) == 32


def test_two_sites_share_no_secret(tmp_path: Path) -> None:
    one = site.read(written(tmp_path))
    other = site.read(written(tmp_path))
    assert one.secret_key != other.secret_key
    assert one.index_key != other.index_key


def test_the_first_root_is_named_in_the_file(tmp_path: Path) -> None:
    environment = written(tmp_path)
    writing.write_root(tmp_path / "site.toml", "ab" * 32)
    assert site.read(environment).roots == ("ab" * 32,)


def test_the_environment_names_postgresql(tmp_path: Path) -> None:
    environment = written(tmp_path) | {
        "DATABASE_URL": "postgresql://tocsin:p%40ss@db.example:5433/tocsin",
        "KEYS_DATABASE_URL": "postgresql:///keys?host=/run/postgresql",
    }
    read = site.read(environment)
    assert read.database == site.Database(name="tocsin", user="tocsin", password="p@ss", host="db.example", port="5433")
    assert (read.keys_database.name, read.keys_database.host) == ("keys", "/run/postgresql")
    assert {each["ENGINE"] for each in databases(read.database, read.keys_database).values()} == {
        "django.db.backends.postgresql"
    }


def test_secrets_do_not_show_when_the_settings_are_printed(tmp_path: Path) -> None:
    read = site.read(written(tmp_path) | {"DATABASE_URL": "postgresql://u:hidden@h/n"})
    assert "hidden" not in repr(read)
    assert read.secret_key not in repr(read)
    assert read.index_key.hex() not in repr(read)
    assert str(read.index_key) not in repr(read)


MISTAKES = {
    "no file": (lambda text: None, "no site here"),
    "no TOML": (lambda text: text + "x", "cannot be read"),
    "unknown key": (lambda text: text + 'colour = "red"\n', "unknown key colour"),
    "kind": (lambda text: text.replace('"working"', '"playing"'), "kind is neither"),
    "no kind": (lambda text: text.replace('kind = "working"\n', ""), "kind is missing"),
    "hosts": (lambda text: text.replace('["desk.example"]', '"desk.example"'), "hosts is missing or no list"),
    "demonstration for all": (lambda text: text.replace('"working"', '"demonstration"'), "this machine alone"),
    "no hexadecimal": (lambda text: text.replace('secret_key = "', 'secret_key = "zz'), "not hexadecimal"),
    "short secret": (
        lambda text: text.replace(text.split('index_key = "')[1].split('"')[0], "abcd"),
        "fewer than 32 bytes",
    ),
    "no address": (
        lambda text: text.replace('database_url = ""\nkeys', 'database_url = "mysql://h/n"\nkeys'),
        "no address of a",
    ),
    "no way to report": (lambda text: f'security_contact = "call us\\nnow"\n{text}', "no address to report to"),
    "no table of anchors": (lambda text: f"{text}[anchors]\nmailbox = 1\n", "anchors: unknown key mailbox"),
    "one database": (
        lambda text: text.replace('database_url = ""', 'database_url = "postgresql://h/n"'),
        "keys and records lie in the same database",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_that_says_what_and_where(tmp_path: Path, mistake: str) -> None:
    environment = written(tmp_path)
    change, said = MISTAKES[mistake]
    file = tmp_path / "site.toml"
    changed = change(file.read_text("utf-8"))
    file.unlink() if changed is None else writing.write_private(file, changed)
    with pytest.raises(BadSettings, match=said) as told:
        site.read(environment)
    assert len(str(told.value).splitlines()) == 1
    assert str(tmp_path) not in str(told.value)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    environment = written(tmp_path)
    (tmp_path / "site.toml").chmod(0o640)
    with pytest.raises(BadSettings, match="chmod 600"):
        site.read(environment)


def test_a_private_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        writing.write_private(tmp_path / "secret", "words")
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


def test_sqlite_keeps_what_it_acknowledged_and_locks_at_once(tmp_path: Path) -> None:
    read = site.read(written(tmp_path))
    settings = databases(read.database, read.keys_database)
    for alias, journal in (("default", "WAL"), ("keys", "PERSIST")):
        options = settings[alias]["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "secure_delete=ON"):
            assert pragma in options["init_command"]


def with_line(directory: Path, line: str, kind: str = "working") -> dict[str, str]:
    environment = written(directory, kind, ("localhost",))
    path = directory / "site.toml"
    writing.write_private(path, path.read_text("utf-8") + line + "\n")
    return environment


def test_a_working_site_believes_a_proxy_on_its_own_machine_and_a_demonstration_none(tmp_path: Path) -> None:
    assert site.read(written(tmp_path)).proxies == ("127.0.0.1", "::1")
    assert site.read(written(tmp_path, "demonstration", ("localhost",))).proxies == ()
    assert site.read(with_line(tmp_path, 'proxies = ["10.0.0.2"]')).proxies == ("10.0.0.2",)


def test_the_office_has_a_time_zone(tmp_path: Path) -> None:
    assert site.read(written(tmp_path)).time_zone == "UTC"
    assert site.read(with_line(tmp_path, 'time_zone = "Europe/Paris"')).time_zone == "Europe/Paris"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('proxies = ["proxy.example"]', "site.toml, proxies: this is no IP address"),
        ('proxies = "127.0.0.1"', "proxies is missing or no list of texts"),
        ('code_scheme = "ours"', "site.toml, code_scheme: there is no such scheme of codes"),
        ('time_zone = "Mars/Olympus"', "site.toml, time_zone: there is no such time zone"),
        ("time_zone = 5", "site.toml, time_zone: there is no such time zone"),
    ],
)
def test_a_wrong_proxy_or_time_zone_is_said(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadSettings, match=re.escape(says)):
        site.read(with_line(tmp_path, line))


MAILINGS = f"""
[mailings]
sender = "appeals@office.example"
bounces = "bounces@office.example"
list_id = "appeals.office.example"
address_key = "{"0" * 64}"
"""


def test_links_in_the_mail_of_a_demonstration_lead_to_this_machine_and_those_of_a_working_site_never(
    tmp_path: Path,
) -> None:
    here = {"TOCSIN_PUBLISHING_ADDRESS": "http://localhost:9002/"}
    read = site.read(with_line(tmp_path, MAILINGS, "demonstration") | here).mailings
    assert read is not None
    assert read.pages == "http://localhost:9002/"
    for line in (MAILINGS, f'{MAILINGS}pages = "http://localhost:9002/"'):
        with pytest.raises(BadSettings, match="pages"):
            site.read(with_line(tmp_path, line) | here)
    with pytest.raises(BadSettings, match="pages"):
        site.read(with_line(tmp_path, f'{MAILINGS}pages = "https://office.example/"', "demonstration"))


def test_no_program_answers_mail_but_where_the_site_says_so(tmp_path: Path) -> None:
    table = f'{MAILINGS}pages = "https://office.example/"\n'
    said = [site.read(with_line(tmp_path, f"{table}{each}")).mailings for each in ("", "acknowledges = true")]
    assert [each and each.acknowledges for each in said] == [False, True]
    with pytest.raises(BadSettings, match="acknowledges is neither true nor false"):
        site.read(with_line(tmp_path, f'{table}acknowledges = "yes"'))


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
def test_a_server_looks_for_dead_objects_seldom(interface: str) -> None:
    program = f"import gc, tocsin.config.{interface}; print(gc.get_threshold())"
    where = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "DJANGO_SETTINGS_MODULE": "desk_settings"}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=where, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "(10000, 20, 50)\n"


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_any_address_of_a_database_is_written_as_it_was_meant(address: str) -> None:
    wanted = {"database_url": address, "keys_database_url": address}
    for text in ('kind = "working"\ndatabase_url = "x"\n[anchors]\nhours = 1\n', "# database_url = 1\n[anchors]\n"):
        table = tomllib.loads(writing.with_databases(text, wanted))
        assert {key: table[key] for key in wanted} == wanted
        assert "anchors" in table


@pytest.mark.parametrize("proxies", [(), ("172.17.0.1",), ("192.0.2.1", "2001:db8::1")])
def test_a_new_site_believes_the_servers_that_were_named_or_those_of_its_machine(
    tmp_path: Path, proxies: tuple[str, ...]
) -> None:
    writing.write_new(tmp_path / "site.toml", "working", ("desk.example",), (), proxies)
    read = site.read({"TOCSIN_SITE": str(tmp_path / "site.toml")})
    assert read.proxies == (proxies or ("127.0.0.1", "::1"))
