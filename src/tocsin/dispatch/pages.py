"""The pages of readers on the public site, as finished answers: to subscribe, to confirm, to change and to leave."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.utils import translation

from tocsin.core.subscribing import LANGUAGES
from tocsin.core.vocab import direction_of
from tocsin.dispatch import filling
from tocsin.dispatch.filling import CHOICES, Filled
from tocsin.publishing import pages
from tocsin.publishing.answers import Answer
from tocsin.publishing.countries import country_names


def subscribing(language: str, filled: Filled | None = None, *, status: int = 200) -> Answer:
    """Make the form by which a reader subscribes."""
    with translation.override(language):
        context = _choices(language, filled or filling.empty(language))
        return _page("subscribe", language, context, here="subscribe.html", status=status)


def asking_for_link(language: str, filled: Filled | None = None, *, status: int = 200) -> Answer:
    """Make the form by which a reader asks for a link, to change what she gets or to leave."""
    with translation.override(language):
        context: dict[str, object] = {"filled": filled or filling.empty(language)}
        return _page("change_ask", language, context, here="change.html", status=status)


def sent(language: str) -> Answer:
    """Say what happens next: the same to everybody who asked, whatever is known of the address."""
    return _page("sent", language, {}, here="subscribe.html")


def closed(language: str) -> Answer:
    """Say that nothing can be asked for just now."""
    return _page("closed", language, {}, here="subscribe.html", status=503)


def too_many(language: str, form: str) -> Answer:
    """Say that more is asked for than is taken, and lead back to a form."""
    return _page("closed", language, {"again": form}, here=form, status=429)


def confirming(language: str, token: str) -> Answer:
    """Make the page with the button by which a reader confirms."""
    return _page("confirm", language, {}, here=f"confirm/{token}", depth=2)


def confirmed(language: str, token: str) -> Answer:
    """Say that a reader is one."""
    return _page("confirmed", language, {}, here=f"confirm/{token}", depth=2)


def changing(
    language: str, token: str, filled: Filled, *, has_key: bool, saved: bool = False, status: int = 200
) -> Answer:
    """Make the form in which a reader changes what she gets."""
    with translation.override(language):
        context = {**_choices(language, filled), "has_key": has_key, "saved": saved}
        return _page("change", language, context, here=f"change/{token}", depth=2, status=status)


def link_is_over(language: str) -> Answer:
    """Say that a link holds no more, and how to get another one."""
    return _page("link_over", language, {}, here="change.html", depth=2, status=404)


def leaving(language: str, *, left: bool = False, known: bool = True) -> Answer:
    """Make the page for leaving, which stands under one address in all languages; others lead to asking for a link."""
    context = {"left": left, "known": known}
    return _page("leave", language, context, here="change.html", status=200 if known else 404)


def _page(
    name: str, language: str, context: Mapping[str, object], *, here: str, depth: int = 1, status: int = 200
) -> Answer:
    with translation.override(language):
        return pages.filled(f"dispatch/{name}", language, context, here=here, depth=depth, status=status)


def _choices(language: str, filled: Filled) -> dict[str, object]:
    wanted = [*filled.languages[:CHOICES], *[""] * (CHOICES - len(filled.languages))]
    named = country_names(language)
    return {
        "filled": filled,
        "wanted": list(enumerate(wanted, 1)),
        "tongues": [(tag, _own_name(tag), direction_of(tag)) for tag in LANGUAGES],
        "topics": [(code, name, code in filled.topics) for code, name in filling.topics(language)],
        "countries": [(code, name, code in filled.countries) for code, name in named],
        "count": len(filled.countries),
    }


@cache
def _own_name(tag: str) -> str:
    """Give the name of a language in itself, as those write it who read it."""
    locale = Locale.parse(tag, sep="-")
    return (locale.get_display_name() or tag).capitalize()
