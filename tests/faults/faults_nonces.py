"""No nonce is used twice, in whichever process it is drawn: processes that were forked from one another seal at once.

`FAULT_NONCES` says how many each draws (50,000; 250,000 take half a minute).
"""

import os
from uuid import UUID

from tocsin.vault.sealing import seal_with

COUNT = int(os.environ.get("FAULT_NONCES", "50000"))
WORKERS, HEAD, NONCE = 4, 5, 24


def drawn(count: int) -> bytes:
    return b"".join(seal_with(bytes(32), b"", UUID(int=1).bytes)[HEAD : HEAD + NONCE] for _ in range(count))


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
