"""The settings of the desk for tests: those of a real site in a directory of its own, but cheap to guess at."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tocsin.config import writing
from tocsin.config.site import LOOPBACK

_DIRECTORY = Path(tempfile.mkdtemp(prefix="tocsin-site-"))
atexit.register(shutil.rmtree, _DIRECTORY, ignore_errors=True)
writing.write_new(_DIRECTORY / "site.toml", "demonstration", LOOPBACK)
writing.write_private(_DIRECTORY / "demonstration.toml", "people = []\n")
os.environ["TOCSIN_SITE"] = str(_DIRECTORY / "site.toml")

from tocsin.config.settings import *  # noqa: E402, F403
from tocsin.vault.secrets import Cost  # noqa: E402

TOCSIN_COST = Cost(memory=64, rounds=1, lanes=1)
