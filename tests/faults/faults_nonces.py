"""No nonce is used twice, in whichever process it is drawn: processes that were forked from one another seal at once.

`FAULT_NONCES` says how many values each seals; of ten, one is a file. A generator whose state was forked gives the same
at the first draw, which 25,000 show; chance gives the same never, which no number shows.
"""

import os
from uuid import UUID

from tocsin.vault.sealing import DataKey, Place, seal_file, seal_with

COUNT = int(os.environ.get("FAULT_NONCES", "25000"))
WORKERS, HEAD, NONCE = 4, 5, 24
KEY = DataKey(UUID(int=1), "facts", 1, bytes(32))


def drawn(count: int) -> bytes:
    return b"".join(nonce(at) for at in range(count))


def nonce(at: int) -> bytes:
    if at % 10:
        return seal_with(bytes(32), b"", UUID(int=1).bytes)[HEAD : HEAD + NONCE]
    # A file of no bytes: its wrapped key, the head of its stream, its last chunk.
    return list(seal_file(KEY, [], Place("file", UUID(int=1), "content")))[1]


def test_forked_workers_draw_no_nonce_twice() -> None:
    first = drawn(100)
    pipes, children = [], []
    for _ in range(WORKERS):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            with os.fdopen(write, "wb") as told:
                told.write(drawn(COUNT))
            os._exit(0)
        os.close(write)
        pipes.append(read)
        children.append(pid)
    nonces = [first]
    for read, pid in zip(pipes, children, strict=True):
        with os.fdopen(read, "rb") as heard:
            nonces.append(heard.read())
        assert os.waitpid(pid, 0)[1] == 0
    every = [each[at : at + NONCE] for each in nonces for at in range(0, len(each), NONCE)]
    assert len(every) == 100 + WORKERS * COUNT
    assert len(set(every)) == len(every)
    # The control: the same comparison notices one that comes again.
    assert len({*every, every[0]}) == len(every)
    assert len({*every[1:], every[1]}) < len(every)
