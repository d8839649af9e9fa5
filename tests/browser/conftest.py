"""The desk in a real browser: a demonstration of its own for each run, and Debian's Chromium.

Without Chromium the tests are skipped and say so; in CI that is a failure. With `PICTURES=1` each page that is looked
at goes to `out/screens/`, too.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from at_the_desk import Opener
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from command_line import ROOT
from demonstrations import TOCSIN, demonstration
from lacking import lacking
from visiting import fetched


class Served(NamedTuple):
    """Where a demonstration is served: its desk, its public form, and its public site."""

    desk: str
    public: str
    publishing: str


@pytest.fixture(scope="session")
def desk(served: Served) -> str:
    """Give the address of the desk."""
    return served.desk


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of the demonstration."""
    return demonstration(tmp_path_factory, tmp_path_factory.mktemp("browser") / "var", ROOT / "examples/case.yaml")


@pytest.fixture(scope="session")
def served(directory: Path) -> Iterator[Served]:
    """Serve a demonstration and give its addresses."""
    environment = {**os.environ, "TOCSIN_SITE": str(directory / "site.toml")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    port, public, publishing = _free_port(), _free_port(), _free_port()
    with (directory / "log").open("wb") as log:
        ports = {"--port": port, "--public-port": public, "--publishing-port": publishing}
        words = [*TOCSIN, "serve", *(str(each) for pair in ports.items() for each in pair)]
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    try:
        fetched(f"http://localhost:{port}/sign-in")
        fetched(f"http://localhost:{public}/en/")
        fetched(f"http://localhost:{publishing}/en/")
        yield Served(f"http://localhost:{port}", f"http://localhost:{public}", f"http://localhost:{publishing}")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    assert " ERROR " not in (directory / "log").read_text("utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        lacking("there is no Chromium on this machine (Debian: apt install chromium): the desk was not seen")
    with sync_playwright() as playwright:
        # Chromium does not sandbox itself for root; what it is shown here are our own pages.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [], chromium_sandbox=os.geteuid() != 0
        )
        asyncio._set_running_loop(None)
        yield browser
        asyncio._set_running_loop(browser._loop)
        browser.close()


@pytest.fixture(autouse=True)
def loop_of_the_driver(chromium: Browser) -> Iterator[None]:
    """Call the loop of the browser's driver running in its own tests alone: it would let no other run in this thread,
    nor Django ask a database, until the last test has ended.
    """
    asyncio._set_running_loop(chromium._loop)
    yield
    asyncio._set_running_loop(None)


@pytest.fixture
def open_page(chromium: Browser, served: Served) -> Iterator[Opener]:
    """Open a page of its own in a browser without a past; at the end nothing was blocked, asked of others, or broke."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        *,
        public: bool = False,
        publishing: bool = False,
        scripts: bool = True,
        language: str = "en",
        dark: bool = False,
        width: int = 1280,
        height: int = 800,
    ) -> Page:
        context = chromium.new_context(
            base_url=served.publishing if publishing else served.public if public else served.desk,
            java_script_enabled=scripts,
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(served) else None)
        page.on("console", lambda said: complaints.append(said.text) if _is_refusal(said.text) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda given: complaints.append(given.url) if given.status >= 500 else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_refusal(words: str) -> bool:
    # An address that leads to a place on the page outweighs what would have the focus: that is meant so.
    if words.startswith("Autofocus processing was blocked"):
        return False
    return any(each in words for each in ("Content Security Policy", "Refused", "blocked", "Permissions-Policy"))
