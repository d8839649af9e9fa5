"""A mailing through a real Postfix as smart host, with the settings that `deploy/postfix-main.cf` gives for it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dkim
import pytest
from mailroom import Mailroom

import smtp_sink
from command_line import ROOT
from lacking import lacking
from post import ED25519
from tocsin.dispatch.models import Delivery

SETTINGS = (ROOT / "deploy/postfix-main.cf").read_text("utf-8")
PROGRAMS = f"{os.environ.get('PATH', '')}:/usr/sbin"
QUEUES = "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace".split()
# Nobody is asked for names here, and one reader is unknown to it at once.
HERE = """
smtp_host_lookup = native
smtp_dns_support_level = disabled
relayhost = [127.0.0.1]:{next_port}
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = /dev/stdout
alias_maps =
smtpd_recipient_restrictions = check_recipient_access inline:{{{{reader3@reader.example = 550 5.1.1 nobody here}}}}
smtpd_tls_security_level = none
"""
MASTER = """
{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
smtp unix - - n - - smtp
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def postfix(folder: Path, next_port: int) -> Iterator[int]:
    """Let a Postfix of our own run, which hands all mail to a port of this machine; gives its own port."""
    port, settings = free_port(), folder / "settings"
    settings.mkdir()
    (settings / "main.cf").write_text(SETTINGS + HERE.format(next_port=next_port, folder=folder), "utf-8")
    (settings / "master.cf").write_text(MASTER.format(port=f"127.0.0.1:{port}"), "utf-8")
    owner = setting(settings, "mail_owner")
    for each in (folder / "data", *(folder / "queue" / name for name in QUEUES)):
        each.mkdir(parents=True)
        if each.name != "pid":
            shutil.chown(each, owner)
    folder.chmod(0o755)
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [f"{setting(settings, 'daemon_directory')}/master", "-d", "-c", settings],
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as master,
    ):
        try:
            until = time.monotonic() + 10
            while not answers(port):
                assert time.monotonic() < until, (folder / "log").read_text("utf-8")
                time.sleep(0.05)
            yield port
        finally:
            master.terminate()


def setting(settings: Path, name: str) -> str:
    words = [str(shutil.which("postconf", path=PROGRAMS)), "-c", settings, "-h", name]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as one:
            return one.recv(3) == b"220"
    except OSError:
        return False


@pytest.mark.database("sqlite")
def test_postfix_takes_a_mailing_over_and_delivers_it_as_it_was_signed(mailroom: Mailroom) -> None:
    if not shutil.which("postconf", path=PROGRAMS):
        lacking("Postfix is not installed here: no mailing was sent through it")
    if os.geteuid():
        lacking("Postfix gives its mail to a user of its own, which root alone can do: nothing was sent through it")
    mailroom.readers(12)
    mailroom.send()
    # In no folder of pytest, since its processes belong to somebody else.
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-postfix-") as folder,
        smtp_sink.serving() as sink,
        postfix(Path(folder), sink.port) as port,
    ):
        mailroom.work(load=lambda _: mailroom.equipment(port), connections=4)
        until = time.monotonic() + 10
        while len(sink.mails) < 11 and time.monotonic() < until:
            time.sleep(0.05)
    assert mailroom.states() == {"handed_over": 11, "failed": 1}
    gone = Delivery.objects.get(state="failed")
    assert (gone.reason, gone.reply) == ("gone", "550 5.1.1")
    names = set(Delivery.objects.filter(state="handed_over").values_list("queue_id", flat=True))
    assert len(names) == 11, "each is known by the name that Postfix gave it"
    assert all(any(name.encode() in mail for mail in sink.mails) for name in names), "which stands in its own log"
    assert len(set(sink.to)) == 11
    record = ED25519.record().encode()
    for mail in sink.mails:
        added, _, _ = mail.partition(b"DKIM-Signature:")
        assert [line for line in added.splitlines() if not line.startswith((b" ", b"\t", b"Received:"))] == []
        assert dkim.verify(mail, dnsfunc=lambda *_, **__: record), "it arrives as it was signed"
