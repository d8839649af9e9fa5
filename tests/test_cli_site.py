"""`tocsin site`: a site is set up whole or not at all, checked, and served to this machine."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

import demonstrations
from demonstrations import TOCSIN
from imap_server import Post, mailbox_of
from visiting import fetched

pytestmark = pytest.mark.long


def site(
    directory: Path, *words: str | Path, typed: str = "", under: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TOCSIN_SITE": str(directory / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [*under, *TOCSIN, *words],
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstrations.demonstration(tmp_path_factory, tmp_path_factory.mktemp("made") / "var")


def test_a_demonstration_is_sound(demonstration: Path) -> None:
    ended = site(demonstration, "check")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("sound; the journal holds ")


def test_what_a_site_writes_is_for_its_owner_alone(demonstration: Path) -> None:
    assert {each.name: oct(each.stat().st_mode & 0o077) for each in [demonstration, *demonstration.rglob("*")]} == {
        each.name: "0o0" for each in [demonstration, *demonstration.rglob("*")]
    }


def test_no_word_of_the_case_and_no_name_stands_in_the_databases(demonstration: Path) -> None:
    # Offices stand in the directory of authorities, and other people's appeals are published: both are for the public.
    # What the case says of anybody is not.
    words = [
        b"Marosh",
        b"plain clothes",
        b"nobody was held",
        b"who hides in",
        b"99900000001",
        b"Tomas",
        b"lena-marosh",
        b"approx_minute",
    ]
    files = [each for each in demonstration.iterdir() if each.is_file() and each.suffix != ".toml"]
    assert {each.name for each in files} >= {"data.db", "keys.db"}
    assert [(each.name, word) for each in files for word in words if word in each.read_bytes()] == []


def test_a_site_is_never_set_up_over_another(demonstration: Path) -> None:
    before = (demonstration / "site.toml").read_bytes()
    ended = site(demonstration, "init", "--demonstration")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "there is a site already" in ended.stderr
    assert (demonstration / "site.toml").read_bytes() == before


@pytest.mark.parametrize(
    "case", ["schema: tocsin/case/1\nevents: 5\n", "x: [", b"\xff\xfe"], ids=["no case", "no YAML", "no UTF-8"]
)
def test_a_case_that_cannot_be_taken_leaves_nothing_behind(tmp_path: Path, case: str | bytes) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(case if isinstance(case, bytes) else case.encode())
    ended = site(tmp_path / "var", "init", "--demonstration", "--case", file)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["case.yaml"]


def test_a_founding_that_breaks_leaves_nothing_behind(tmp_path: Path) -> None:
    ended = site(tmp_path / "var", "init", "--demonstration", under=["sh", "-c", 'ulimit -f 300; exec "$@"', "sh"])
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "full" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_site_every_command_says_how_to_make_one(tmp_path: Path) -> None:
    for command in ("check", "serve"):
        ended = site(tmp_path, command)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr == "tocsin: site.toml: there is no site here (tocsin site init, or set TOCSIN_SITE)\n"


def test_a_demonstration_is_not_served_to_others(demonstration: Path) -> None:
    ended = site(demonstration, "serve", "--address", "0.0.0.0")  # noqa: S104
    assert ended.returncode == 2
    assert "this machine alone" in ended.stderr


def test_a_changed_journal_is_said(demonstration: Path, tmp_path: Path) -> None:
    import sqlite3

    copy = tmp_path / "var"
    shutil.copytree(demonstration, copy)
    with sqlite3.connect(copy / "data.db") as database:
        database.execute("DROP TRIGGER journal_entry_no_update")
        database.execute("UPDATE journal_entry SET facts = '{}' WHERE number = (SELECT max(number) FROM journal_entry)")
    database.close()
    ended = site(copy, "check")
    assert ended.returncode == 2
    assert "the chain breaks here" in ended.stdout


def test_an_anchor_that_was_kept_shows_that_the_journal_was_set_back(demonstration: Path, tmp_path: Path) -> None:
    site_then, site_now = tmp_path / "then", tmp_path / "now"
    shutil.copytree(demonstration, site_then)
    shutil.copytree(demonstration, site_now)
    first = site(site_now, "journal", "anchor")
    second = site(site_now, "journal", "anchor")
    assert re.fullmatch(r"anchor \d+ entry \d+ at \S+ digest [0-9a-f]{64} key [0-9a-f]{64}\n", first.stdout)
    assert int(second.stdout.split()[1]) == int(first.stdout.split()[1]) + 1
    kept = tmp_path / "anchors.txt"
    kept.write_text(f"{first.stdout}\n{second.stdout}")
    whole = site(site_now, "journal", "verify", "--anchors", kept)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.endswith("it is the journal of the 2 anchors that were kept\n")
    # The records of then beside the keys of now.
    for old in site_now.glob("data.db*"):
        old.unlink()
    shutil.copy(site_then / "data.db", site_now)
    for words in (["check"], ["serve"], ["journal", "verify"]):
        ended = site(site_now, *words)
        assert ended.returncode == 2
        assert "set back" in ended.stdout + ended.stderr
    assert site(site_now, "journal", "resume").returncode == 0
    resumed = site(site_now, "journal", "verify")
    assert "begun anew after entry" in resumed.stdout
    assert site(site_now, "check").returncode == 0


@pytest.mark.parametrize(
    ("text", "said"), [("anchor 1\n", "anchors.txt, line 1: this is no line"), ("\n", "no anchor in this file")]
)
def test_a_file_without_anchors_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "anchors.txt").write_text(text)
    ended = site(tmp_path / "var", "journal", "verify", "--anchors", tmp_path / "anchors.txt")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_desk_is_served_until_it_is_stopped(demonstration: Path) -> None:
    port, public, publishing = free_port(), free_port(), free_port()
    environment = {**os.environ, "TOCSIN_SITE": str(demonstration / "site.toml")}
    server = subprocess.Popen(
        [
            *TOCSIN,
            "serve",
            *("--port", str(port)),
            *("--public-port", str(public)),
            *("--publishing-port", str(publishing)),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"The desk: http://localhost:{port}/  (Ctrl-C stops it)\n"
        by_number = f"By its number, where passkeys do not work: http://127.0.0.1:{port}/\n"
        assert server.stdout.readline() == by_number
        assert server.stdout.readline() == f"The public form: http://localhost:{public}/\n"
        assert server.stdout.readline() == f"The public site: http://localhost:{publishing}/\n"
        assert server.stdout.readline() == "What it mails: var/sent-mail/, and to nobody\n"
        form = fetched(f"http://127.0.0.1:{public}/en/")
        appeals = fetched(f"http://127.0.0.1:{publishing}/en/index.html")
        assert "Ilka Vardell" in appeals
        assert asked(publishing, b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith("HTTP/1.1 404 ")
        assert "<textarea" in form
        assert asked(public, b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith("HTTP/1.1 404 ")
        page = fetched(f"http://127.0.0.1:{port}/sign-in")
        assert "Tomas Oray" in page
        assert "desk" in fetched(f"http://127.0.0.1:{port}/static/desk.css")
        for request, status in REQUESTS.items():
            answer = asked(port, request)
            assert answer.startswith(f"HTTP/1.1 {status} "), answer
            assert "\r\nserver: granian\r\n" in answer, "no version is told"
            assert re.search(r"content-security-policy: [^\r]*default-src 'none'", answer)
    finally:
        server.send_signal(signal.SIGINT)
        ended = server.wait(30)
        server.stdout.close()  # type: ignore[union-attr]
    assert ended == 0


# As bytes on the wire, with the answer that they get at once, whatever would have followed.
REQUESTS = {
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\nx": 413,
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n": 411,
    b"GET /sign-in?" + b"a" * 3_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n": 414,
    b"GET /sign-in HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n": 400,
    b"PUT /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n": 403,
    b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n": 404,
}


def asked(port: int, request: bytes) -> str:
    """Send bytes and give the head of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer and (more := line.recv(65_536)):
            answer += more
        return answer.decode("latin-1")


def test_a_desk_that_cannot_use_bubblewrap_says_so_when_it_starts(demonstration: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstration, tmp_path / "var")
    settings = tmp_path / "var/site.toml"
    text = settings.read_text("utf-8").replace('kind = "demonstration"', 'kind = "working"')
    settings.write_text(text.partition("\n[mailings]")[0], "utf-8")
    environment = {**os.environ, "TOCSIN_SITE": str(settings), "PATH": str(tmp_path)}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # tests in a browser need it, and leave it in their process
    words = [*TOCSIN, "serve", "--no-worker", "--port", str(free_port())]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        said = server.stderr.readline()
        server.stdout.readline()
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
    assert said.startswith("tocsin: bubblewrap does not work here: files of strangers are opened under limits")


def test_mail_is_fetched_from_a_mailbox_and_stays_there_while_the_inbox_is_closed(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailbox_of(Post()) as post:
        post.put(b"Subject: x\r\n\r\nx\r\n")
        file = tmp_path / "mailbox.toml"
        file.write_text(f'server = "imap://appeals:word@127.0.0.1:{post.port}"\n')
        file.chmod(0o644)
        said = site(demonstration, "receive", "--imap", str(file), "--once")
        assert (said.returncode, "chmod 600" in said.stderr, post.commands) == (2, True, [])
        file.chmod(0o440)
        said = site(demonstration, "receive", "--imap", str(file), "--once")
        assert (said.returncode, "chmod 600" in said.stderr, post.commands) == (2, True, [])
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))  # as systemd does with what it hands to a unit
        said = site(demonstration, "receive", "--imap", str(file), "--once")
    assert (said.returncode, said.stdout) == (
        0,
        "kept: 0; too large, left there: 0; nothing more was taken (closed)\n",
    )
    assert (len(post.inbox), post.moved) == (1, [])
