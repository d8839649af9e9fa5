"""The record of an appeal as the public sees it: figures, each with what it counts (`record.toml`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import tomli
from django.utils.translation import gettext

from tocsin.publishing.told import Figures


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure counts, in English: its words are looked up in the catalogues."""

    name: str
    label: str
    text: str


@cache
def definitions() -> tuple[Counted, ...]:
    """Give what each figure counts."""
    table = tomli.loads(files("tocsin.publishing").joinpath("record.toml").read_text("utf-8"))
    return tuple(Counted(**each) for each in table["figures"])


def lines_of(figures: Figures) -> Iterator[str]:
    """Say what became of an appeal, in the language of the page; nothing where nothing is known of it."""
    if figures == Figures():
        return
    yield gettext("What became of this appeal, until yesterday. No figure says who anybody is.")
    for each in definitions():
        said = gettext("%(label)s: %(figure)s. %(definition)s")
        figure = getattr(figures, each.name)
        yield said % {"label": gettext(each.label), "figure": figure, "definition": gettext(each.text)}
