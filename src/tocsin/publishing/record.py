"""The record of an appeal as the public sees it: figures, each with what it counts (`record.toml`)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import tomli
from babel.lists import format_list
from django.utils.translation import gettext

from tocsin.core.letters import Whom, whom
from tocsin.core.publication import PublicAppeal
from tocsin.publishing.told import Figures


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure counts, in English: its words are looked up in the catalogues."""

    name: str
    label: str
    text: str

    def said(self, figure: object) -> str:
        """Say it in the language of the page."""
        words = {"label": gettext(self.label), "figure": figure, "definition": gettext(self.text)}
        return gettext("%(label)s: %(figure)s. %(definition)s") % words


@cache
def _table() -> dict[str, Any]:
    return tomli.loads(files("tocsin.publishing").joinpath("record.toml").read_text("utf-8"))


@cache
def definitions() -> tuple[Counted, ...]:
    """Give what each figure counts."""
    return tuple(Counted(**each) for each in _table()["figures"])


def lines_of(figures: Figures, offices: Iterable[str], language: str) -> Iterator[str]:
    """Say what became of an appeal, in the language of the page; nothing where nothing is known of it."""
    if figures == Figures():
        return
    yield gettext("What became of this appeal, until yesterday. No figure says who anybody is.")
    for each in definitions():
        yield each.said(getattr(figures, each.name))
    if named := list(dict.fromkeys(filter(None, offices))):
        yield Counted("offices", **_table()["offices"]).said(format_list(named, locale=language))


def offices_in(appeal: PublicAppeal, figures: Figures) -> tuple[Whom, ...]:
    """Give those who answered and whom readers may learn of: each alone has the way that was kept of it."""
    everybody = whom(appeal) if figures.offices else ()
    having = Counter(way for each in everybody for way in each.known_by)
    kept = {each for each in figures.offices if having[each] == 1}
    return tuple(each for each in everybody if not kept.isdisjoint(each.known_by))
