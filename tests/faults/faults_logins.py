"""Forty people sign in at once, and the memory does not fill: each of them costs 128 MiB, and most wait.

All at once would take five gigabytes. `FAULT_LOGINS` says how many (each takes a quarter of a second).
"""

import os
import subprocess
import sys

COUNT, MOST_MEGABYTES = int(os.environ.get("FAULT_LOGINS", "40")), 1_500
_WORK = """
import sys, threading
from pathlib import Path
from tocsin.vault import secrets
made = []
one = lambda: made.append(secrets.stretch("correct horse battery staple", bytes(16), secrets.STRONG))
threads = [threading.Thread(target=one) for _ in range(int(sys.argv[1]))]
for thread in threads: thread.start()
for thread in threads: thread.join()
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(len(made), len(set(made)), int(most.split()[1]) // 1024)
"""


def test_many_who_sign_in_at_once_stay_below_a_gigabyte_and_a_half() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _WORK, str(COUNT)], capture_output=True, text=True, check=True, timeout=600
    )
    made, different, most = map(int, ended.stdout.split())
    print(f"{COUNT} at once: {most} MB at most")
    assert (made, different) == (COUNT, 1)
    assert most < MOST_MEGABYTES
