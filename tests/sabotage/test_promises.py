"""Promises about what never shows: each was broken once without any other test going red."""

import json
import shutil

import pytest

from lacking import lacking
from tocsin.adapters.documents import LIMITS, sandbox
from tocsin.core.render.html import to_html
from tocsin.core.render.page import Link, Moment, Page, Part, Prose

SECRET = "Mirela Tosk hides in Karvel"


@pytest.fixture(params=["bubblewrap", "limits only"])
def confinement(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test in the full sandbox, and in the child that has nothing but its own limits."""
    if request.param == "limits only":
        monkeypatch.setenv("PATH", "")
    elif shutil.which("bwrap") is None or not sandbox.bubblewrap_works():
        lacking("bubblewrap is missing, or this container forbids its namespaces")


@pytest.mark.usefixtures("confinement")
def test_what_a_parser_says_of_a_file_reaches_neither_the_terminal_nor_a_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    # Flushed, as a parser's own complaints are: the child leaves without flushing what Python still holds.
    answer = sandbox.run(f"print({SECRET!r}, file=sys.stderr, flush=True); sys.stdout.write('done')", b"", LIMITS)
    assert answer.output == b"done"
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("confinement")
def test_an_error_that_nobody_foresaw_is_confessed_without_its_message() -> None:
    code = f"""
from tocsin.adapters.documents import child
def fall(*_):
    raise ArithmeticError({SECRET!r})
child.open_document = fall
child.main("pdf", LIMITS)
"""
    confession = json.loads(sandbox.run(code, b"x", LIMITS).output)
    assert confession["code"] == "input.refused"
    assert "ArithmeticError" in confession["what"]
    assert SECRET not in str(confession)


@pytest.mark.usefixtures("confinement")
def test_the_child_is_told_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TOKEN", SECRET)
    told = sandbox.run("import os; print(dict(os.environ))", b"", LIMITS).output.decode()
    assert "TOCSIN_TOKEN" not in told
    assert SECRET not in told


@pytest.mark.parametrize(
    "inline",
    [Link("words", 'https://paper.example/" onclick="x'), Moment("8 June 2021", '2021" onclick="x')],
    ids=["target", "date"],
)
def test_an_attribute_holds_whatever_is_put_into_it(inline: Link | Moment) -> None:
    page = Page(
        language="en",
        label_language="en",
        direction="ltr",
        banner="Urgent appeal",
        urgent=True,
        public=True,
        code=None,
        title="A title",
        violations=(),
        dateline=(),
        issued_on=None,
        act=None,
        colon=": ",
        back="back",
        parts=(Part("opening", None, (Prose(((inline,),)),)),),
        colophon=(),
    )
    assert '" onclick="' not in to_html(page)
