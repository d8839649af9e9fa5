"""What a disk may hold after a power cut: the calls of a process are recorded, and disks are made of them.

What was written and synced is there. Of what was written since, each write may be there or not, in another order,
or torn at a sector of 512 bytes. The model leaves out that the name of a new file may be lost (SQLite syncs the
folder) and what a disk does that lies about syncing.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

CALLS = "openat,open,pwrite64,write,fsync,fdatasync,ftruncate,unlink,close"
STRACE = ["-xx", "-s", "300000", "-e", f"trace={CALLS}"]
_SECTOR = 512
Disk = dict[str, bytearray]


class Call(NamedTuple):
    """One recorded call: a write, a cut to a length, a sync, the removal of a file, or an acknowledgement."""

    kind: str
    file: str = ""
    at: int = 0
    written: bytes = b""


@dataclass(frozen=True)
class Cut:
    """A disk after a power cut, and what had been acknowledged by then."""

    disk: Disk
    acknowledged: frozenset[str]
    name: str


def read(log: Path, folder: Path) -> list[Call]:
    """Read what strace recorded of the files of a folder, and of acknowledgements."""
    calls: list[Call] = []
    names: dict[str, str] = {}
    places: dict[str, int] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        call = re.sub(r"^\d+\s+", "", line)
        if opened := re.match(r'open(?:at\([^,]+, |\()"([^"]*)", .*= (\d+)$', call):
            path = _bytes(opened[1]).decode(errors="replace")
            places.pop(opened[2], None)
            names[opened[2]] = Path(path).name if Path(path).parent == folder else ""
        elif closed := re.match(r"close\((\d+)\)", call):
            names.pop(closed[1], None)
        else:
            calls += _call(call, names, places)
    return calls


def _call(call: str, names: dict[str, str], places: dict[str, int]) -> Iterator[Call]:
    if written := re.match(r'pwrite64\((\d+), "([^"]*)", \d+, (\d+)', call):
        if name := names.get(written[1]):
            yield Call("write", name, int(written[3]), _bytes(written[2]))
    elif synced := re.match(r"f(?:data)?sync\((\d+)\)", call):
        if name := names.get(synced[1]):
            yield Call("sync", name)
    elif cut := re.match(r"ftruncate\((\d+), (\d+)", call):
        if name := names.get(cut[1]):
            yield Call("cut", name, int(cut[2]))
    elif removed := re.match(r'unlink\("([^"]*)"', call):
        yield Call("remove", Path(_bytes(removed[1]).decode()).name)
    elif told := re.match(r'write\((\d+), "([^"]*)"', call):
        yield from _plain_write(told[1], _bytes(told[2]), names, places)


def _plain_write(descriptor: str, text: bytes, names: dict[str, str], places: dict[str, int]) -> Iterator[Call]:
    if text.startswith(b"ACK "):
        yield Call("acknowledge", text[4:].decode().strip())
    elif name := names.get(descriptor):
        # The wash of the key store writes from the beginning of its file on, as no call says.
        yield Call("write", name, places.get(descriptor, 0), text)
        places[descriptor] = places.get(descriptor, 0) + len(text)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def cuts(before: Disk, calls: list[Call], seeds: int) -> Iterator[Cut]:
    """Give disks after a cut behind each call: seed 0 has what was synced and no more, others have some of the rest."""
    for end in range(1, len(calls) + 1):
        durable = {name: bytearray(content) for name, content in before.items()}
        pending: list[Call] = []
        acknowledged = set()
        for call in calls[:end]:
            if call.kind == "acknowledge":
                acknowledged.add(call.file)
            elif call.kind == "sync":
                for waiting in [each for each in pending if each.file == call.file]:
                    _apply(durable, waiting)
                pending = [each for each in pending if each.file != call.file]
            else:
                pending.append(call)
        for seed in range(seeds):
            disk = {name: bytearray(content) for name, content in durable.items()}
            for call in _some(pending, random.Random(end * 1000 + seed), seed):
                _apply(disk, call)
            yield Cut(disk, frozenset(acknowledged), f"cut behind call {end}, seed {seed}")


def _some(pending: list[Call], dice: random.Random, seed: int) -> Iterator[Call]:
    chosen = [call for call in pending if seed and dice.random() < 0.5]
    if seed % 3 == 2:
        dice.shuffle(chosen)
    for call in chosen:
        sectors = len(call.written) // _SECTOR
        if call.kind == "write" and seed % 2 and sectors > 1 and dice.random() < 0.3:
            yield call._replace(written=call.written[: _SECTOR * dice.randint(1, sectors)])
        else:
            yield call


def _apply(disk: Disk, call: Call) -> None:
    if call.kind == "remove":
        disk.pop(call.file, None)
        return
    content = disk.setdefault(call.file, bytearray())
    if call.kind == "cut":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
    elif call.kind == "write":
        content.extend(bytes(max(0, call.at + len(call.written) - len(content))))
        content[call.at : call.at + len(call.written)] = call.written
