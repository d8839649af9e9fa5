"""`tocsin verify`: a proof and its keys say what is genuine; a copy in any form is held against them word for word."""

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from command_line import Ended, call
from invented_appeals import ARABIC, ENGLISH
from signing import CODE, appeal, coded, is_signed, signatory, signed
from tocsin.adapters import fetching
from tocsin.adapters.outlets import FORMATS, render_file
from tocsin.config.inventing import invented_countries
from tocsin.core.errors import Unfetched
from tocsin.core.publication import (
    Disavowal,
    Retraction,
    Signatory,
    Words,
    digest_of,
    disavow,
    signatories_to_file,
    to_file,
)
from tocsin.core.render.alert import PROTOCOL, alert_of

PUBLISHED = signed(appeal(documents=(ENGLISH, ARABIC)))
ENGLISH_EDITION, ARABIC_EDITION = coded(ENGLISH, CODE), coded(ARABIC, CODE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys = [signatory("ana"), replace(signatory("boris"), retired_on=date(2026, 11, 20))]
    (tmp_path / "keys.json").write_bytes(signatories_to_file(keys))
    (tmp_path / "proof.json").write_bytes(to_file(PUBLISHED))
    return tmp_path


def verified(folder: Path, file: str, *words: str) -> Ended:
    return call("verify", str(folder / file), "--keys", str(folder / "keys.json"), *words)


def compared(folder: Path, name: str, content: bytes) -> Ended:
    (folder / name).write_bytes(content)
    return verified(folder, name, "--proof", str(folder / "proof.json"))


def test_a_proof_names_its_signatories(folder: Path) -> None:
    ended = verified(folder, "proof.json")
    assert ended.status == 0
    assert ended.output.splitlines()[0] == f"genuine: {CODE} · ar en"
    assert f"{signatory('ana').id} ana\n" in ended.output
    assert f"{signatory('boris').id} boris (signs no more since 2026-11-20)" in ended.output


def test_a_retraction_is_told_as_one(folder: Path) -> None:
    gone = signed(Retraction(CODE, datetime(2026, 11, 25, 12, tzinfo=UTC)))
    (folder / "proof.json").write_bytes(to_file(gone))
    assert verified(folder, "proof.json").output.startswith(f"WITHDRAWN on 2026-11-25: {CODE}")
    assert compared(folder, "copy.txt", b"any text").status == 1


def test_an_archived_appeal_is_never_called_genuine(folder: Path) -> None:
    archived = replace(appeal(documents=(ENGLISH, ARABIC)), archived_from=("0" * 64, "1" * 64))
    (folder / "proof.json").write_bytes(to_file(signed(archived)))
    ended = verified(folder, "proof.json")
    assert ended.status == 0
    assert ended.output.startswith(f"ARCHIVED: {CODE} · ar en\n  published before")
    assert "genuine:" not in ended.output
    assert "signed by" not in ended.output
    (folder / "proof.json").write_bytes(to_file(replace(archived, signatures=PUBLISHED.signatures)))
    assert verified(folder, "proof.json").status != 0, "who approved an appeal signed for no archive"


STOLEN = Disavowal(signatory("ana").id, datetime(2026, 11, 20, 8, tzinfo=UTC), (), (Words("en", "A key was stolen."),))
FOUR = tuple(map(signatory, ("ana", "boris", "chiara", "dario")))


def keys_after(disavowal: Disavowal) -> tuple[Signatory, ...]:
    return disavow(FOUR, [signed(disavowal, by=("chiara", "dario"))], is_signed)


def test_what_a_stolen_key_signed_is_void_and_ends_with_3(folder: Path) -> None:
    (folder / "keys.json").write_bytes(signatories_to_file(keys_after(STOLEN)))
    ended = verified(folder, "proof.json")
    assert (ended.status, ended.output.splitlines()[0]) == (3, f"VOID: {CODE}")
    assert f"{signatory('ana').id}, a key that others had from 2026-11-20 on" in ended.output
    assert "  A key was stolen.\n" in ended.output
    assert compared(folder, "copy.txt", render_file(ENGLISH_EDITION, "txt")).status == 3
    kept = replace(STOLEN, confirmed=(digest_of(PUBLISHED),))
    (folder / "keys.json").write_bytes(signatories_to_file(keys_after(kept)))
    assert verified(folder, "proof.json").output.startswith(f"genuine: {CODE}")
    (folder / "proof.json").write_bytes(to_file(signed(STOLEN, by=("chiara", "dario"))))
    ended = verified(folder, "proof.json")
    assert (ended.status, ended.output.splitlines()[0]) == (3, "VOID: an appeal that stood here")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("document", [ENGLISH_EDITION, ARABIC_EDITION], ids=["en", "ar"])
def test_a_copy_in_any_form_is_known(folder: Path, form: Any, document: Any) -> None:
    ended = compared(folder, f"copy.{form}", render_file(document, form))
    assert ended.status == 0, (ended.output, ended.errors)
    assert ended.output.splitlines()[-1].endswith(f": {document.language}")
    assert "nobody signed" not in ended.output


def test_another_picture_than_the_card_is_not_called_genuine(folder: Path) -> None:
    ended = compared(folder, "copy.png", render_file(ENGLISH_EDITION, "png") + b"\0")
    assert (ended.status, "is not the share card" in ended.output) == (1, True)


HEAD = ("identifier", "sender", "sent", "status", "msgType", "scope", "code", "references")


def alert(changes: dict[str, str] | None = None) -> str:
    """Write an alert as a site sends it, with other texts under some tags; nothing under one leaves it out."""
    said = dict(alert_of(ENGLISH_EDITION, CODE, invented=invented_countries()).signed)
    said["web"] = f"https://appeals.example/{said['web']}"
    site = {"sender": "appeals.example", "sent": "2026-11-25T12:00:00-00:00", "status": "Actual", "language": "en"}
    told = {**site, **said, **(changes or {})}
    texts = {tag: f"<{tag}>{escape(text)}</{tag}>" for tag, text in told.items() if text}
    area = f"<area>{texts.pop('areaDesc', '')}</area>"
    head = "".join(texts.pop(tag) for tag in HEAD if tag in texts)
    info = f"<info>\n{''.join(texts.values())}\n{area}</info>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<alert xmlns="{PROTOCOL}">{head}{info}</alert>'


def alert_compared(folder: Path, text: str) -> Ended:
    return compared(folder, "copy.xml", text.encode())


def test_an_alert_is_held_against_what_was_signed_and_what_is_not_signed_is_named(folder: Path) -> None:
    ended = alert_compared(folder, alert())
    assert (ended.status, ended.output.splitlines()[-5:]) == (
        0,
        [
            "the copy has the words that were signed, and no others: en",
            "  said by who sent it, and signed by nobody: sender appeals.example",
            "  said by who sent it, and signed by nobody: sent 2026-11-25T12:00:00-00:00",
            "  said by who sent it, and signed by nobody: status Actual",
            f"  said by who sent it, and signed by nobody: web https://appeals.example/appeals/{SLUG}/en.html",
        ],
    )


SLUG = "xzv-001-1126-obs-001"
# What a reader of alerts shows, each as somebody might change it, and what is left out.
TAGS = (
    *("identifier", "msgType", "scope", "code", "category", "event", "urgency", "severity", "certainty", "senderName"),
    *("headline", "description", "instruction", "areaDesc", "language"),
)


@pytest.mark.parametrize("tag", [*TAGS, "web"])
def test_no_part_of_an_alert_can_be_changed_or_left_out(folder: Path, tag: str) -> None:
    for text in ("Pay here", ""):
        ended = alert_compared(folder, alert({tag: text}))
        assert (ended.status, "THE COPY IS NOT WHAT WAS SIGNED" in ended.output) == (1, True), text
    assert "+ Pay here" in alert_compared(folder, alert({tag: "Pay here"})).output or tag == "language"


def test_what_an_alert_says_under_a_tag_that_ours_have_not_is_shown_as_unsigned(folder: Path) -> None:
    for tag in ("contact", "note", "source", "audience"):
        ended = alert_compared(folder, alert({tag: "Pay 5 to +99 555 0100"}))
        assert (ended.status, "  + Pay 5 to +99 555 0100" in ended.output.splitlines()) == (0, True), tag
        assert "no others" not in ended.output
    elsewhere = alert_compared(folder, alert({"web": f"https://evil.example/appeals/{SLUG}/en.html"}))
    assert elsewhere.output.endswith(f"signed by nobody: web https://evil.example/appeals/{SLUG}/en.html\n")
    assert alert_compared(folder, alert({"web": f"https://evil.example/appeals/{SLUG}/fr.html"})).status == 1


HIDES: dict[str, tuple[str, str]] = {
    "CDATA": ("</description>", "<![CDATA[Pay here.]]></description>"),
    "a tag within a text": ("</description>", "<p>Pay here.</p></description>"),
    "a comment": ("</description>", "<!-- --></description>"),
    "a stray end": ("</description>", "</p></description>"),
    "a description before": ("<description>", "<description>Pay<b/>here</description><description>"),
    "text between tags": ("<area>", "Pay here<area>"),
    "text after all": ("</alert>", "Pay here</alert>"),
    "a resource with parts": ("<area>", "<resource><uri>https://evil.example</uri></resource><area>"),
    "an info within an info": ("<info>", "<info><headline>Pay here</headline><info>"),
    "a style sheet": ("<alert", '<?xml-stylesheet href="https://evil.example/x.xsl"?><alert'),
    "no info": ("info>", "other>"),
}


@pytest.mark.parametrize("name", HIDES)
def test_what_hides_words_from_a_look_at_the_tags_is_no_copy(folder: Path, name: str) -> None:
    before, after = HIDES[name]
    assert before in alert()
    ended = alert_compared(folder, alert().replace(before, after))
    assert (ended.status, "says nothing" in ended.output) == (1, True)


CHANGED: dict[str, tuple[str, Callable[[str], str], list[str]]] = {
    "another address": (
        "txt",
        lambda text: text.replace("office@president.example", "office@pres1dent.example"),
        ["  - office@president.example", "  + office@pres1dent.example"],
    ),
    "a demand less": ("txt", lambda text: text.replace("immediately and unconditionally", ""), ["  - immediately"]),
    "a word in the page": ("html", lambda text: text.replace("six officers", "two officers"), ["  - six", "  + two"]),
    "a letter of another script": (
        "txt",
        lambda text: text.replace("Marosh", "Mаrosh", 1),
        ["  - Marosh", "  + Mаrosh"],
    ),
    "one field of the data": ("json", lambda text: text.replace('"release"', '"no_release"', 1), []),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_was_changed_is_shown(folder: Path, name: str) -> None:
    form, change, shown = CHANGED[name]
    whole = render_file(ENGLISH_EDITION, form).decode()  # type: ignore[arg-type]
    assert change(whole) != whole
    ended = compared(folder, f"copy.{form}", change(whole).encode())
    assert ended.status == 1
    assert [line for line in shown if not any(each.startswith(line) for each in ended.output.splitlines())] == []


def test_words_that_nobody_signed_are_shown_beside_those_that_are_there(folder: Path) -> None:
    copy = "Forwarded by a friend:\n\n" + render_file(ENGLISH_EDITION, "txt").decode() + "\nSend money to us\n"
    ended = compared(folder, "copy.txt", copy.encode())
    assert ended.status == 0
    assert "words that nobody signed" in ended.output
    assert "  + Forwarded by a friend:" in ended.output
    assert "  + Send money to us" in ended.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (to_file(signed(appeal(), by=["ana", "mallory"])), "1 of the 2 signatures"),
        (to_file(PUBLISHED).replace(b"Velm", b"Vilm", 1), "0 of the 2 signatures"),
        (b"not even JSON", "this is no JSON"),
        (b'{"schema":"tocsin/public-appeal/9"}', "update tocsin"),
    ],
)
def test_what_is_not_genuine_is_one_line_and_ends_with_2(folder: Path, content: bytes, said: str) -> None:
    (folder / "proof.json").write_bytes(content)
    ended = verified(folder, "proof.json")
    assert (ended.status, ended.output) == (2, "")
    assert len(ended.errors) == 1
    assert said in ended.errors[0]


def test_nothing_is_read_twice_from_standard_input(folder: Path) -> None:
    assert call("verify", "-", "--keys", "-").status == 2
    assert call("verify", str(folder / "nowhere.json"), "--keys", str(folder / "keys.json")).status == 2


class Elsewhere(BaseHTTPRequestHandler):
    """A public site on this machine: what lies where is written into `lies` by a test."""

    lies: ClassVar[dict[str, tuple[int, bytes]]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers['User-Agent']}")
        status, content = self.lies.get(self.path, (404, b""))
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", content.decode())
            content = b""
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def lies(host: str) -> dict[str, tuple[int, bytes]]:
    Elsewhere.asked.clear()
    Elsewhere.lies.clear()
    page = render_file(ENGLISH_EDITION, "html")
    Elsewhere.lies.update({"/appeals/x/en.html": (200, page), "/appeals/x/proof.json": (200, to_file(PUBLISHED))})
    return Elsewhere.lies


def looked_at(folder: Path, address: str, *words: str) -> Ended:
    return call("verify", address, "--keys", str(folder / "keys.json"), *words)


def test_an_address_is_held_against_the_proof_beside_it(
    folder: Path, host: str, lies: dict[str, tuple[int, bytes]]
) -> None:
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    lines = ended.output.splitlines()
    assert (ended.status, lines[0], lines[1]) == (0, f"genuine: {CODE} · ar en", "  issued on 2026-11-04, 2026-11-18")
    assert f"  signed by {signatory('ana').id} ana" in lines
    assert any(
        re.fullmatch(rf"  looked at {host}/appeals/x/en.html on \d{{4}}-\d\d-\d\d \d\d:\d\d UTC", each)
        for each in lines
    )
    assert lines[-1].endswith(": en")
    asked = ["/appeals/x/en.html", "/appeals/x/proof.json", "/signatories.json"]
    assert Elsewhere.asked == [f"{each} tocsin" for each in asked]
    assert looked_at(folder, f"{host}/appeals/x/proof.json").status == 0
    changed = lies["/appeals/x/en.html"][1].replace(b"six officers", b"two officers")
    lies["/appeals/x/en.html"] = (200, changed)
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert ended.status == 1
    assert "  - six" in ended.output


def test_an_address_that_was_withdrawn_says_so(folder: Path, host: str, lies: dict[str, tuple[int, bytes]]) -> None:
    gone = signed(Retraction(CODE, datetime(2026, 11, 25, 12, tzinfo=UTC)))
    lies |= {"/appeals/x/en.html": (410, b"gone"), "/appeals/x/proof.json": (200, to_file(gone))}
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert (ended.status, ended.output.splitlines()[0]) == (1, f"WITHDRAWN on 2026-11-25: {CODE}")


def test_that_a_key_was_stolen_is_learnt_from_the_site_where_ones_own_keys_say_so(
    folder: Path, host: str, lies: dict[str, tuple[int, bytes]]
) -> None:
    (folder / "keys.json").write_bytes(signatories_to_file(FOUR))
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert (ended.status, "no list of keys there can be read" in ended.output) == (0, True)
    mallory, mara = signatory("mallory"), signatory("mara")
    forged = disavow((*FOUR, mallory, mara), [signed(STOLEN, by=("mallory", "mara"))], is_signed)
    lies["/signatories.json"] = (200, signatories_to_file(forged))
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert (ended.status, "no list of keys" in ended.output) == (0, False)
    assert f"NOT BELIEVED: its list says that {signatory('ana').id} was stolen" in ended.output
    lies["/signatories.json"] = (200, signatories_to_file(keys_after(STOLEN)))
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert (ended.status, ended.output.splitlines()[0]) == (3, f"VOID: {CODE}")


def test_a_server_leads_to_addresses_of_its_own_only(
    folder: Path, host: str, lies: dict[str, tuple[int, bytes]]
) -> None:
    lies["/appeals/x/"] = (302, b"/appeals/x/en.html")
    assert looked_at(folder, f"{host}/appeals/x/").status == 0
    for elsewhere in (b"http://127.0.0.2:9/appeals/x/en.html", b"https://127.0.0.1/", b"file:///etc/hostname"):
        lies["/appeals/x/"] = (302, elsewhere)
        ended = looked_at(folder, f"{host}/appeals/x/")
        assert (ended.status, ended.output) == (2, "")
        # What is no address of the web, Python's own library follows nowhere.
        assert ("leads to another host" if elsewhere.startswith(b"http") else "answers 302") in ended.errors[0]
    lies["/appeals/x/"] = (302, b"/appeals/x/")
    assert looked_at(folder, f"{host}/appeals/x/").status == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://appeals.example/appeals/x/en.html", "https"),
        ("ftp://appeals.example/appeals/x/en.html", "https"),
        ("file:///etc/hostname", "no address"),
        ("https://somebody@appeals.example/x", "no address"),
        ("https://appeals.example:99999/x", "no address"),
        ("https://appeals.example/x y", "no address"),
        ("https:///x", "no address"),
    ],
)
def test_what_cannot_be_believed_is_not_asked_for(folder: Path, address: str, said: str) -> None:
    ended = looked_at(folder, address)
    assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
    assert said in ended.errors[0]


def test_an_address_without_a_scheme_is_one_with_https(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetched(address: str, **_: object) -> tuple[bytes, bool]:
        asked.append(address)
        return to_file(PUBLISHED), False

    monkeypatch.setattr(fetching, "fetch", fetched)
    assert looked_at(folder, "appeals.example/appeals/x/proof.json").status == 0
    assert asked == ["https://appeals.example/appeals/x/proof.json", "https://appeals.example/signatories.json"]


class Tor(StreamRequestHandler):
    """A SOCKS proxy on this machine, as Tor is: it leads every name to `leads_to`, and notes each."""

    leads_to: ClassVar[int] = 0
    asked: ClassVar[list[bytes]] = []
    refuses: ClassVar[int] = 0

    def handle(self) -> None:
        assert self.rfile.read(3) == b"\5\1\0"
        self.wfile.write(b"\5\0")
        assert self.rfile.read(4) == b"\5\1\0\3"
        self.asked.append(self.rfile.read(self.rfile.read(1)[0]) + b":%d" % int.from_bytes(self.rfile.read(2), "big"))
        self.wfile.write(bytes((5, self.refuses, 0, 1, 0, 0, 0, 0, 0, 0)))
        if self.refuses:
            return
        with socket.create_connection(("127.0.0.1", self.leads_to)) as there:
            there.sendall(self.rfile.readline() + b"Host: x\r\nConnection: close\r\nUser-Agent: tocsin\r\n\r\n")
            while piece := there.recv(65_536):
                self.wfile.write(piece)


@pytest.fixture
def tor(host: str, lies: dict[str, tuple[int, bytes]], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a proxy to the public site of this machine; nobody may look up a name meanwhile."""
    Tor.leads_to, Tor.refuses = int(host.rsplit(":", 1)[1]), 0
    Tor.asked.clear()

    def looked_up(name: str, *_: object, **__: object) -> None:
        pytest.fail(f"{name} was looked up")

    with ThreadingTCPServer(("127.0.0.1", 0), Tor) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        found = socket.getaddrinfo

        def only_here(name: str, *words: Any, **more: Any) -> Any:
            return found(name, *words, **more) if name == "127.0.0.1" else looked_up(name)

        monkeypatch.setattr(socket, "getaddrinfo", only_here)
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


ONION = f"{56 * 'a'}.onion"


def test_an_onion_name_is_asked_for_through_tor_and_never_looked_up(
    folder: Path, tor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://nobody.example:9")
    ended = looked_at(folder, f"http://{ONION}/appeals/x/en.html", "--tor", tor)
    assert (ended.status, ended.output.splitlines()[0]) == (0, f"genuine: {CODE} · ar en")
    assert Tor.asked == [f"{ONION}:80".encode()] * 3
    ended = looked_at(folder, "https://appeals.example/appeals/x/en.html", "--tor", tor)
    assert (ended.status, Tor.asked[-1]) == (2, b"appeals.example:443")
    Tor.refuses = 4
    ended = looked_at(folder, f"http://{ONION}/appeals/x/en.html", "--tor", tor)
    assert (ended.status, "nobody is found by this name" in ended.errors[0]) == (2, True)


@pytest.mark.usefixtures("tor")
def test_without_tor_an_onion_name_is_refused_and_the_way_is_told(folder: Path) -> None:
    # The name as IDNA reads it: other dots, other shapes of letters, and signs that stand for nothing.
    dots = [ONION.replace(".", dot) for dot in ("\u3002", "\uff0e")]
    letters = [
        ONION.replace("onion", written)
        for written in ("\U0001d40e\U0001d40d\U0001d408\U0001d40e\U0001d40d", "on\ufe0fion")
    ]
    for name in (ONION, ONION.upper(), f"{ONION}.", *dots, *letters):
        address = f"https://{name}/appeals/x/en.html"
        ended = looked_at(folder, address)
        assert (ended.status, ended.output, len(ended.errors)) == (2, "", 1)
        assert "through Tor alone" in ended.errors[0]
    assert Tor.asked == []
    ended = looked_at(folder, f"http://{ONION}/appeals/x/en.html", "--tor", "127.0.0.1:1")
    assert (ended.status, "does Tor run?" in ended.errors[0]) == (2, True)
    for wrong in ("9050", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:x"):
        assert "no host and port" in looked_at(folder, f"http://{ONION}/x", "--tor", wrong).errors[0]


def test_what_is_too_large_too_slow_or_missing_is_one_line(
    folder: Path, host: str, lies: dict[str, tuple[int, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = looked_at(folder, f"{host}/nowhere")
    assert (ended.status, "answers 404" in ended.errors[0]) == (2, True)
    monkeypatch.setattr(fetching, "LARGEST", 1_000)
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert (ended.status, "more comes" in ended.errors[0]) == (2, True)
    monkeypatch.undo()
    ticks = iter(range(0, 1000, 50))
    with pytest.raises(Unfetched, match="too long"):
        fetching.fetch(f"{host}/appeals/x/en.html", clock=lambda: next(ticks))
    assert looked_at(folder, f"{host}/appeals/x/en.html", "--proof", "x").status == 2
    (folder / "keys.json").write_bytes(signatories_to_file([signatory("mallory"), signatory("ana")]))
    ended = looked_at(folder, f"{host}/appeals/x/en.html")
    assert (ended.status, ended.output) == (2, "")
