"""What every page of the desk shows around its content: the menu, the person, the languages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from tocsin.accounts.actor import NO_PROOF, may
from tocsin.accounts.door import SIGNED_IN, DeskRequest
from tocsin.accounts.queries import name_of
from tocsin.appeals.waiting import count_waiting
from tocsin.config.languages import languages
from tocsin.config.saying import said


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu."""

    address: str
    words: str
    is_here: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates what stands around the content (a context processor)."""
    asked = cast("DeskRequest", request) if getattr(request, "actor", None) else None
    return {
        "menu": _menu(asked) if asked else (),
        "me": SimpleLazyObject(lambda: name_of(asked.actor, now=asked.now)) if asked else "",
        "languages": languages(),
        "is_draft": any(each.draft for each in languages() if each.tag == get_language()),
        "count_waiting_appeals": lambda: count_waiting(asked.actor, now=asked.now) if asked else 0,
        "said": SimpleLazyObject(lambda: said(request)),
        "demonstration": settings.TOCSIN_DEMONSTRATION is not None,
    }


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    rows = tomllib.loads(files("tocsin.config").joinpath("menu.toml").read_text("utf-8"))["menu"]
    return tuple((row["address"], row["words"]) for row in rows)


def _menu(request: DeskRequest) -> tuple[Item, ...]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    if request.actor.proof == NO_PROOF:
        return ()
    return tuple(
        Item(address, gettext(words), address == here)
        for address, words in _rows()
        if (verb := settings.TOCSIN_ACCESS[address]) == SIGNED_IN or may(request.actor, verb, now=request.now)
    )
