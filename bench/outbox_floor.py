"""Below what no mailer of this design comes: what one message costs of the parts that cannot be left out, each alone.

Usage: `python bench/outbox_floor.py [--quick] [--database sqlite|postgresql]…`. Measured are one signature by the
library, one sealed address opened, one write to a socket and one reading of it (the message as we send it, put together
beforehand, by plain sockets one after the other, with what the mail server takes), and two durable changes of a row
with its claim, as the outbox makes them for some connections at once. Nothing is filled, read or waited for, and
nothing is done for two purposes at the same time; so the distance to `outbox_speed.py` is what Python does between.

Everything is the processor's time, and of what is repeated the least: others at work can only add to it.
"""

import argparse
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import outbox_speed  # it says where the rest is
import psutil
import sending
from django.utils import timezone
from mailroom import OPENER, Mailroom, reader

from invented_appeals import ENGLISH
from tocsin.dispatch import audience, outbox
from tocsin.dispatch.addresses import open_address
from tocsin.dispatch.outbox import LEASE, Claim, End, Mine

# As many connections share a transaction of the ledger where a mailer has 128.
_SHARED, _CLAIMED = 96, 960
_ROUNDS = 8
_KEY = bytes(range(32))
_END, _ASKED = b"\r\n.\r\n", b"MAIL FROM:<a@harbour.example>\r\nRCPT TO:<b@reader.example>\r\nDATA\r\n"


def least(act: Callable[[], object], times: int) -> float:
    """Give the seconds that something takes, as the least of some rounds."""
    return min(_each(act, times) for _ in range(_ROUNDS))


def _each(act: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) / times


def signatures(times: int) -> dict[str, float]:
    """Give what the signatures of a message take, by kind."""
    return {
        name: sum(least(lambda key=each.key: key.sign(bytes(32)), times) for each in signers)  # type: ignore[misc]
        for name, signers in sending.KINDS.items()
    }


def address(times: int) -> float:
    """Give what it takes to open the address of one reader."""
    one = reader(7)
    return least(lambda: open_address(one.address, one.id, OPENER), times)


def on_the_line(port: int, count: int, rounds: int) -> tuple[float, float]:
    """Give what one message takes of the sender and of the mail server, over connections one after the other."""
    message = next(sending.filled(sending.stencil("Ed25519"), [7]))
    window = message.head.stuffed + message.rest.stuffed + _END[2:] + _ASKED
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    for each in lines:
        each.recv(4096)
        each.sendall(b"EHLO harbour.example\r\n")
        each.recv(4096)
        each.sendall(_ASKED)
        _heard(each)
    servers = outbox_speed.below(os.getpid(), but=None)
    took, before = [], outbox_speed.busy(servers)
    for _ in range(rounds):
        begun = time.process_time()
        for each in lines:
            each.sendall(window)
        for each in lines:
            _heard(each)
        took.append((time.process_time() - begun) / count)
    there = (outbox_speed.busy(servers) - before) / (count * rounds)
    for each in lines:
        each.close()
    return min(took), there


def _heard(line: socket.socket) -> None:
    """Read up to where the server waits for the content of the next message."""
    said = b""
    while b"354" not in said or not said.endswith(b"\n"):
        said += line.recv(4096)


def rows(room: Mailroom, server: int | None, rounds: int) -> tuple[float, float]:
    """Give what claiming, intending and settling a message takes of the mailer, and of the database's server."""
    mailing, mine = room.send(), Mine(uuid4(), LEASE)
    while audience.unfixed():
        audience.go_on(mailing.id)
    those = [psutil.Process(server)] if server else []
    took, before = [], outbox_speed.busy(those)
    for _ in range(rounds):
        begun = time.process_time()
        claims = outbox.claim(mailing, mine, _CLAIMED, _KEY)
        _write(mine, claims)
        took.append((time.process_time() - begun) / len(claims))
    return min(took), (outbox_speed.busy(those) - before) / (rounds * _CLAIMED)


def _write(mine: Mine, claims: Sequence[Claim]) -> None:
    ends: list[End] = []
    for at in range(0, len(claims), _SHARED):
        some = claims[at : at + _SHARED]
        assert len(outbox.write(mine, ends, some)) == len(some)
        ends = [End(each.id, "handed_over", reply="250 2.0.0", queue_id="4d2xk31Zgjz4w7") for each in some]
    outbox.write(mine, ends, [])


def floors(kind: str, signed: dict[str, float], opened: float, rounds: int) -> Iterator[str]:
    """Give the rows of one kind of database."""
    with outbox_speed.databases(kind) as server, outbox_speed.sink()[1](0) as port:
        people = outbox_speed.press()
        appeal = people.publish([ENGLISH], now=timezone.now())
        room = Mailroom(people, appeal, Path(tempfile.mkdtemp()), id=UUID(int=1), lease=LEASE)
        room.readers(rounds * _CLAIMED)
        written, database = rows(room, server, rounds)
        sent, taken = on_the_line(port, _SHARED, 10 * rounds)
    for name, signature in signed.items():
        parts = {
            "signature": signature,
            "address": opened,
            "rows": written,
            "socket": sent,
            "database": database,
            "mail server": taken,
        }
        whole = sum(parts.values())
        each = ", ".join(f"{part} {seconds * 1e6:.0f}" for part, seconds in parts.items())
        yield f"  {kind:10} {name:9} {whole * 1e6:5.0f} µs ({each}): two processors {2 / whole:.0f}/s"


def main(words: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args(words)
    times, rounds = (5, 1) if given.quick else (300, _ROUNDS)
    print(f"to {outbox_speed.sink()[0]}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    signed, opened = signatures(times), address(times)
    for kind in given.database or ("sqlite", "postgresql"):
        try:
            print(*floors(kind, signed, opened, rounds), sep="\n", flush=True)
        except RuntimeError as missing:
            print(f"NOT MEASURED: {missing}")


if __name__ == "__main__":
    main(sys.argv[1:])
