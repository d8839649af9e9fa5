"""The form by which a reader tells that she acted: what it asks, what was filled in, and its pages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext

from tocsin.core.letters import Whom
from tocsin.core.render import labels_for
from tocsin.publishing import acting, guarding, pages, told
from tocsin.publishing.acting import Act
from tocsin.publishing.answers import Answer
from tocsin.publishing.countries import country_names

_USUAL: Final = "email"
# Who comes from a mail has not said yet to whom she wrote.
_ANYBODY: Final = Whom(told.NOT_SAID, "institution", MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Telling:
    """A form as a reader filled it in, with the number of the addressee; `mistakes` are sentences by their field."""

    asked: int
    channel: str = _USUAL
    country: str = ""
    number: int = told.NOT_SAID
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """Give the question against programs, in the language of the page."""
        return guarding.words_of(self.asked)


def find(slug: str, number: int, *, now: datetime) -> tuple[Act, Whom] | None:
    """Give an appeal with whom a reader tells that she wrote to, or nobody yet; `None` where it was withdrawn."""
    if number != told.NOT_SAID:
        return acting.find(slug, number, now=now)
    act = acting.find_act(slug, now=now)
    return (act, _ANYBODY) if act else None


def is_click(posted: QueryDict) -> bool:
    """Tell whether it is the button beside a letter that was pressed, where no question is asked."""
    return "asked" not in posted and "channel" in posted


def read(posted: QueryDict, act: Act, whom: Whom) -> Telling:
    """Read a form, or a click; a value that it does not offer is as if nothing had been chosen."""
    chosen = {str(each.number): each.number for each in (act.everybody if whom is _ANYBODY else ())}
    channel, country, asked = posted.get("channel", ""), posted.get("country", ""), guarding.asked_in(posted)
    offered = {code for code, _ in _countries(act, "en")}
    return Telling(
        asked,
        channel if channel in told.CHANNELS else _USUAL,
        country if country in offered else "",
        chosen.get(posted.get("whom", ""), whom.number),
        {} if is_click(posted) else guarding.mistakes_of(posted, asked),
    )


def asking(act: Act, whom: Whom, language: str, filled: Telling, *, status: int = 200) -> Answer:
    """Make the form."""
    with translation.override(language):
        labels = labels_for(language)
        named = {each: labels.term(each, "channel_types") for each in told.CHANNELS if each != "other"}
        context = {
            "filled": filled,
            "ways": [
                (each, named.get(each) or gettext("In another way"), each == filled.channel) for each in told.CHANNELS
            ],
            "countries": [(code, name, code == filled.country) for code, name in _countries(act, language)],
            "fewest": told.FEWEST,
            "everybody": acting.all_shown(act, language) if whom is _ANYBODY else [],
        }
        return _page(act, whom, language, context, status)


def thanks(act: Act, whom: Whom, language: str) -> Answer:
    """Say that it is counted."""
    return _page(act, whom, language, {"is_told": True}, 200)


def closed(act: Act, whom: Whom, language: str) -> Answer:
    """Say that more is coming in than is taken."""
    return _page(act, whom, language, {"is_closed": True}, 429)


def _page(act: Act, whom: Whom, language: str, context: Mapping[str, object], status: int) -> Answer:
    with translation.override(language):
        words = {**acting.around_letter(act, whom, language), **context}
        name = "tell.html" if whom is _ANYBODY else f"tell.{whom.number}.html"
        here = f"act/{act.listed.slug}/{name}"
        return pages.filled("tell", language, {**words, "name": name}, here=here, depth=3, status=status)


def _countries(act: Act, language: str) -> Collection[tuple[str, str]]:
    """Give the countries that may be named: never that of the appeal, where it could endanger who acted."""
    own = {code for each in act.appeal.editions for code in each.document.countries}
    return [(code, name) for code, name in country_names(language) if code not in own]
