"""The file of a door that the world comes to by SMTP, and the mail that comes through it."""

import ssl
from pathlib import Path

import pytest

from certificates import certificate
from mailing_site import MAILINGS
from people import NOW
from tocsin.adapters.lmtp import Delivered
from tocsin.adapters.lmtp.server import received
from tocsin.config.door import read_door
from tocsin.core.errors import BadSettings
from tocsin.replies import receiving
from tocsin.replies.models import RawMessage

US = "appeals@observers.example"
NAME = 'name = "mx.observers.example"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "door.toml"
    path.touch(0o600)
    return path


def test_a_door_takes_what_is_for_the_addresses_of_the_site_and_of_its_file(file: Path) -> None:
    ours = MAILINGS
    file.write_text(f'{NAME}addresses = ["Press@observers.example"]\n')
    door = read_door(file, ours)
    assert all(door.takes(str(each)) for each in (ours.sender, ours.reply_to, ours.bounces))
    assert door.takes(f"{ours.bounces.local}+0123@{ours.bounces.domain.upper()}")
    assert door.takes("press@observers.example")
    assert door.takes("Postmaster")
    assert not any(map(door.takes, ("", "@", "press", "press@elsewhere.example", "root@observers.example")))
    assert door.tls is None


def test_a_door_with_a_certificate_secures_its_lines(file: Path) -> None:
    _, both = certificate()
    file.write_text(f'{NAME}addresses = ["{US}"]\ncertificate = "{both}"\n')
    assert isinstance(read_door(file, None).tls, ssl.SSLContext)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('name = "mx"', "MX record"),
        (NAME, "nobody is to get mail here"),
        (f'{NAME}addresses = "{US}"', "list of addresses"),
        (f"{NAME}addresses = [7]", "list of addresses"),
        (f'{NAME}addresses = ["{US}"]\ncertificate = "/nowhere.pem"', "cannot be read"),
        (f'{NAME}addresses = ["{US}"]\nrelay = true', "unknown key relay"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(file: Path, written: str, why: str) -> None:
    file.write_text(written)
    with pytest.raises(BadSettings, match=why):
        read_door(file, None)


@pytest.mark.usefixtures("lead")
def test_a_mail_that_comes_twice_through_the_door_is_kept_once_though_its_line_of_the_way_says_another_hour() -> None:
    first, again = (
        Delivered(
            "a@b.example", (US,), b"Subject: x\r\n\r\nx\r\n", received("mx.example", "192.0.2.7", "us", secured, NOW)
        )
        for secured in (False, True)
    )
    assert [receiving.take(each, now=NOW) for each in (first, again)] == ["kept", "kept"]
    assert RawMessage.objects.count() == 1
