"""How many messages a second go to a mail server on this machine, and of what the cost of one consists.

Usage: `python bench/sending.py [--quick] [--messages N] [--connections N] [--delay-ms N]`. Every sender hands the same
appeal to readers one by one, in plain text and HTML, over this machine to a server that forgets it: that of the tests
(`tests/mail_sink.py`), which offers CHUNKING, and `smtp-sink` of Postfix where it is installed. Ours are measured as a
mailer would work: filled, checked, signed and sent by one process over some connections; Django builds and sends as its
`send_messages` does. Nothing is written to a database here: see `outbox_speed.py`. Peers that are not there are named.

A rate is by the clock, and the servers take their part of the same cores; so beside it stands the processor's time of
the sender alone, which neighbours disturb less.
"""

import argparse
import asyncio
import email.message
import email.policy
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import dkim
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from invented_appeals import ENGLISH
from post import BEGUN_AT, ED25519, MASTHEAD, rsa
from tocsin.adapters.smtp import HandedOver, MailServer, Outcome, connect
from tocsin.core.messages import Address, Message, Signer, Stencil, Variant, cut, tokens_for
from tocsin.core.render import lay_out, render

KEY = bytes(range(32))
Send = Callable[[int, int, int], None]  # to a port, so many messages, over so many connections
KINDS: dict[str, tuple[Signer, ...]] = {
    "unsigned": (),
    "RSA-2048": (Signer("harbour.example", "tocsin1", rsa()),),
    "Ed25519": (Signer("harbour.example", "tocsin2", ED25519),),
    "both keys": (Signer("harbour.example", "tocsin1", rsa()), Signer("harbour.example", "tocsin2", ED25519)),
}
_NODE = """
const [port, count, connections] = process.argv.slice(1).map(Number);
const [text, html, privateKey] = require("fs").readFileSync(0, "utf8").split("\\0");
const dkim = privateKey && {domainName: "harbour.example", keySelector: "tocsin1", privateKey};
const pool = require("nodemailer").createTransport({host: "127.0.0.1", port, pool: true, maxConnections: connections,
  maxMessages: Infinity, ignoreTLS: true, dkim});
Promise.all(Array.from({length: count}, (_, at) => pool.sendMail({from: "appeals@harbour.example",
  to: `reader${at}@reader.example`, subject: "Urgent appeal", text, html}))).then(() => pool.close());
"""


def stencil(kind: str) -> Stencil:
    """Cut the stencil of the appeal, signed as the kind says."""
    return cut(lay_out(ENGLISH), MASTHEAD, Variant(), begun_at=BEGUN_AT, signers=KINDS[kind])


def filled(made: Stencil, numbers: Sequence[int]) -> Iterator[Message]:
    """Give the messages of some readers, each made when it is asked for."""
    for number in numbers:
        yield made.fill(Address(f"reader{number}", "reader.example"), tokens_for(number.to_bytes(8, "big"), KEY))


def texts() -> tuple[str, str]:
    """Give the two texts of the appeal for the peers."""
    return render(ENGLISH, "txt"), render(ENGLISH, "html")


async def _ours(port: int, kind: str, count: int, connections: int) -> Counter[type]:
    made, seen = stencil(kind), Counter[type]()

    def settle(_: Message, outcome: Outcome) -> None:
        seen[type(outcome)] += 1

    async def one(numbers: Sequence[int]) -> None:
        line = await connect(MailServer("127.0.0.1", "harbour.example", port, security="none"))
        await line.send(filled(made, numbers), settle)
        await line.close()

    await asyncio.gather(*(one(range(start, count, connections)) for start in range(connections)))
    return seen


def ours(kind: str) -> Send:
    """Send as our mailer would."""

    def send(port: int, count: int, connections: int) -> None:
        seen = asyncio.run(_ours(port, kind, count, connections))
        assert seen == {HandedOver: count}, seen

    return send


def django(port: int, count: int, _: int) -> None:
    """Send by Django's own back end: it builds each mail and waits for each answer, over one connection."""
    from django.conf import settings  # noqa: PLC0415  only here
    from django.core.mail import EmailMultiAlternatives  # noqa: PLC0415
    from django.core.mail.backends.smtp import EmailBackend  # noqa: PLC0415

    if not settings.configured:
        settings.configure()
    text, html = texts()
    mails = []
    for number in range(count):
        mail = EmailMultiAlternatives("Urgent appeal", text, str(MASTHEAD.sender), [f"reader{number}@reader.example"])
        mail.attach_alternative(html, "text/html")
        mails.append(mail)
    assert EmailBackend("127.0.0.1", port).send_messages(mails) == count


def smtp_source(port: int, count: int, connections: int) -> None:
    """Let Postfix' own generator send as many bytes, which it makes of nothing."""
    size = len(next(filled(stencil("unsigned"), [1])).content)
    words = [found("smtp-source"), "-m", count, "-s", connections, "-l", size, "-d", f"127.0.0.1:{port}"]
    subprocess.run([str(word) for word in words], check=True)


def nodemailer(port: int, count: int, connections: int, key: str = "") -> None:
    """Send by nodemailer's pool, signed if there is a key."""
    words = [found("node"), "-e", _NODE, str(port), str(count), str(connections)]
    subprocess.run(words, input="\0".join([*texts(), key]).encode(), check=True)


def nodemailer_signing(port: int, count: int, connections: int) -> None:
    """The same, with a signature by RSA-2048 on each message."""
    nodemailer(port, count, connections, _pem().decode())


def _pem() -> bytes:
    return rsa().private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def has_nodemailer() -> bool:
    """Say whether Node.js is there, and finds nodemailer (by NODE_PATH, or from here)."""
    node = found("node")
    return (
        bool(node)
        and not subprocess.run([node, "-e", "require('nodemailer')"], stderr=subprocess.DEVNULL, check=False).returncode
    )


def found(program: str) -> str:
    """Give where a program is, if it is installed."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


@contextmanager
def bundled(delay_ms: float) -> Iterator[int]:
    """Let the server of the tests run, and see at its end that it took something."""
    words = [sys.executable, str(ROOT / "tests/mail_sink.py"), "--chunking", "--delay-ms", str(delay_ms)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        yield int(sink.stdout.readline())
        said, _ = sink.communicate()
        assert int(said) > 0


@contextmanager
def postfix(_: float) -> Iterator[int]:
    """Let smtp-sink of Postfix run."""
    port = 20_000 + os.getpid() % 20_000
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen([found("smtp-sink"), *user, f"127.0.0.1:{port}", "1000"]) as sink:
        try:
            _wait_for(port)
            yield port
        finally:
            sink.terminate()


def _wait_for(port: int) -> None:
    async def knock() -> None:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
        raise SystemExit("smtp-sink does not listen")

    asyncio.run(knock())


def _busy() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(send: Send, port: int, count: int, connections: int) -> tuple[float, float]:
    """Give messages a second by the clock, and microseconds of the processor for one, of the sender alone."""
    begun, busy = time.perf_counter(), _busy()
    send(port, count, connections)
    return count / (time.perf_counter() - begun), (_busy() - busy) / count * 1e6


def parts(count: int) -> Iterator[tuple[str, float]]:
    """Give the microseconds of the processor for each way to make one message, without sending it."""
    for kind in KINDS:
        made = stencil(kind)
        yield f"fill, check: {kind}", _each(lambda made=made: next(filled(made, [7])), count)  # type: ignore[misc]
    text, html = texts()

    def build() -> bytes:
        mail = email.message.EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = "appeals@harbour.example", "reader7@reader.example", "Urgent appeal"
        mail.set_content(text)
        mail.add_alternative(html, subtype="html")
        return mail.as_bytes()

    yield "build by email of the standard library", _each(build, max(count // 20, 5))
    content = next(filled(stencil("unsigned"), [7])).content
    pem = _pem()
    fields = [b"from", b"to", b"subject", b"date", b"message-id", b"list-unsubscribe", b"list-unsubscribe-post"]

    def sign() -> object:
        return dkim.sign(content, b"tocsin1", b"harbour.example", pem, include_headers=fields)

    yield "sign by dkimpy, RSA-2048", _each(sign, max(count // 50, 3))


def _each(make: Callable[[], object], count: int) -> float:
    begun = time.process_time()
    for _ in range(count):
        make()
    return (time.process_time() - begun) / count * 1e6


def main(words: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--delay-ms", type=float, default=0, help="by which the server of the tests answers late")
    given = parser.parse_args(words)
    count = 40 if given.quick else given.messages
    size = len(next(filled(stencil("both keys"), [7])).content)
    print(f"{size} bytes a message, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name, took in parts(min(count, 2000)):
        print(f"  {name:40} {took:9.1f} µs of the processor")
    senders: dict[str, tuple[Send, int]] = {f"ours, {kind}": (ours(kind), count) for kind in KINDS}
    senders |= {"Django": (django, max(count // 8, 5))}
    missing = ["django-post_office (needs a database)"]
    peers: dict[str, tuple[Send, bool]] = {
        "nodemailer": (nodemailer, has_nodemailer()),
        "nodemailer, RSA-2048": (nodemailer_signing, has_nodemailer()),
        "smtp-source": (smtp_source, bool(found("smtp-source"))),
    }
    senders |= {name: (send, count) for name, (send, there) in peers.items() if there}
    missing += [f"{name} is not installed" for name, (_, there) in peers.items() if not there]
    sinks = {"server of the tests": bundled} | ({"smtp-sink": postfix} if found("smtp-sink") else {})
    for sink, serve in sinks.items():
        with serve(given.delay_ms) as port:
            for name, (send, some) in senders.items():
                rate, busy = measure(send, port, some, given.connections)
                print(f"  to {sink:20} {name:18} {rate:9.0f}/s {busy:9.1f} µs of the processor", flush=True)
    if "smtp-sink" not in sinks:
        missing.append("smtp-sink is not installed")
    print(*(f"NOT MEASURED: {each}" for each in missing), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
