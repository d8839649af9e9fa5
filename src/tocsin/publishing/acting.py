"""Pages for readers who act: whom to write to because of an appeal, and letters to open, copy, print, read out or post.

A page is made of what was signed, the same for everybody; what a reader makes of a letter stays in her browser.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from itertools import groupby
from typing import Final

from babel.lists import format_list
from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext

from tocsin.core import letters, vocab
from tocsin.core.appeal import Addressee
from tocsin.core.letters import EMBASSY, Letter, Matter, Whom
from tocsin.core.publication import PublicAppeal
from tocsin.core.render import channel_text, labels_for
from tocsin.core.render.page import Link
from tocsin.core.vocab import direction_of
from tocsin.publishing import around, pages, queries
from tocsin.publishing.answers import Answer
from tocsin.publishing.countries import country_called, country_name
from tocsin.publishing.queries import Listed, Near

_COMMA: Final = re.compile("[,،]")
_BUILDS: Final = ((letters.mailto, None), (letters.gmail, "Gmail"), (letters.outlook, "Outlook"))


@dataclass(frozen=True)
class Act:
    """What the pages for one appeal have alike."""

    listed: Listed
    appeal: PublicAppeal
    later: tuple[Listed, ...]
    everybody: tuple[Whom, ...]

    @cached_property
    def matter(self) -> Matter:
        """What letters are about."""
        countries = dict.fromkeys(code for each in self.appeal.editions for code in each.document.countries)
        named = {
            tongue: format_list([country_name(code, tongue) for code in countries], locale=tongue)
            for tongue in {*letters.languages(), *pages.languages()}
        }
        return Matter(self.appeal, f"{settings.SITE.publishing_address}appeals/{self.listed.slug}/", named)


def page(slug: str, language: str, *, now: datetime) -> Answer:
    """Make the page on which readers choose whom to write to."""
    listed = _listed(slug, now=now)
    act = act_of(listed, queries.find_near(listed, now=now))
    return choosing(act, language, served=True) if act else pages.tombstone(listed, language)


def letter(slug: str, number: int, tongue: str, language: str, *, now: datetime) -> Answer:
    """Make the page with a letter to one of those whom readers may write to."""
    found = find(slug, number, now=now)
    return letter_of(*found, tongue, language, served=True) if found else gone(slug, language, now=now)


def find(slug: str, number: int, *, now: datetime) -> tuple[Act, Whom] | None:
    """Give an appeal with one whom its readers may write to; `None` where it was withdrawn."""
    act = find_act(slug, now=now)
    if act is None:
        return None
    whom = next((each for each in act.everybody if each.number == number), None)
    if whom is None:
        raise Http404
    return act, whom


def find_act(slug: str, *, now: datetime) -> Act | None:
    """Give what readers of an appeal are asked to do; `None` where it was withdrawn."""
    listed = _listed(slug, now=now)
    return act_of(listed, queries.find_near(listed, now=now))


def gone(slug: str, language: str, *, now: datetime) -> Answer:
    """Say that an appeal was withdrawn, where a letter or a form was."""
    return pages.tombstone(_listed(slug, now=now), language, depth=3)


def act_of(listed: Listed, near: Near) -> Act | None:
    """Give what readers are asked to do; `None` where the appeal was withdrawn.

    An appeal that has newer information has a page, which leads there, since letters and mails name its address.
    """
    if listed.appeal is None:
        return None
    if not around.may_act(listed.appeal, ()):
        raise Http404
    return Act(listed, listed.appeal, near.later, () if near.later else letters.whom(listed.appeal))


def choosing(act: Act, language: str, *, served: bool) -> Answer:
    """Make the page on which readers choose; a copy that no program serves cannot be told anything."""
    with translation.override(language):
        context = {
            **_around(act, language),
            "served": served,
            "later": around.way_to(act.later[-1], language) if act.later else None,
            **_chosen_from(act, language),
        }
        return pages.filled("act", language, context, here=f"act/{act.listed.slug}.html", depth=2)


def letter_of(act: Act, whom: Whom, tongue: str, language: str, *, served: bool) -> Answer:
    """Make the page with a letter; a copy that no program serves cannot be told anything."""
    if tongue not in letters.letter_languages(act.appeal, whom, language):
        raise Http404
    written, post = letters.write_letter(act.matter, whom, tongue), letters.write_post(act.matter, whom, tongue)
    with translation.override(language):
        context = {
            **around_letter(act, whom, language),
            **_openers(written, whom, act.everybody),
            "served": served,
            "letter": written,
            "longest": letters.LONGEST,
            "copy": gettext("Copy"),
            "copied": gettext("Copied."),
            "is_read_best": not whom.languages or tongue in whom.languages,
            "is_draft_letter": letters.phrases_in(tongue).status == "draft",
            "tongue_direction": direction_of(tongue),
            "call": letters.write_call(act.matter, tongue),
            "post": post,
            "networks": ", ".join(each.name for each in letters.networks() if each.holds(post)),
            "envelope": _envelope(whom, tongue),
        }
        here = f"act/{act.listed.slug}/{whom.number}.{tongue}.html"
        return pages.filled("letter", language, context, here=here, depth=3, tags=_tags(act, whom, tongue))


def files_of(listed: Listed, near: Near) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Name the files of an appeal on which readers may act, each with what makes it."""
    if listed.appeal is None or not around.may_act(listed.appeal, ()):
        return
    act = act_of(listed, near)
    assert act is not None  # noqa: S101 - it was not withdrawn
    for language in pages.languages():
        yield f"{language}/act/{listed.slug}.html", partial(choosing, act, language, served=False)
        # A copy has one letter to embassies for all: sixty of them in each language would be most of its files.
        for whom in (each for each in act.everybody if not each.residence):
            for tongue in letters.letter_languages(act.appeal, whom, language):
                name = f"{language}/act/{listed.slug}/{whom.number}.{tongue}.html"
                yield name, partial(letter_of, act, whom, tongue, language, served=False)


def _tags(act: Act, whom: Whom, tongue: str) -> tuple[str, ...]:
    """Name the languages in which there is a page around a letter in some language."""
    return tuple(tag for tag in pages.languages() if tongue in letters.letter_languages(act.appeal, whom, tag))


def _tongues(act: Act, whom: Whom, language: str) -> dict[str, object]:
    """Give the languages of letters to somebody for a reader of some language, each with its name in itself.

    Sixty embassies with a link in each language would be most of a page: there one is linked, and leads to the others.
    """
    tags = letters.letter_languages(act.appeal, whom, language)
    wanted = [tag for tag in (*whom.languages, language) if tag in tags]
    names = vocab.load("languages")
    return {
        "tongues": [(tag, around.name_of(tag)) for tag in tags],
        "tongue": (*wanted, *tags)[0],
        "reads": [str(names[tag].label(language)) if tag in names else around.name_of(tag) for tag in whom.languages],
        "is_unwritten": bool(whom.languages) and not set(tags) & set(whom.languages),
    }


def _listed(slug: str, *, now: datetime) -> Listed:
    found = queries.find(slug, now=now)
    if found is None:
        raise Http404
    return found


def around_letter(act: Act, whom: Whom, language: str) -> dict[str, object]:
    """Give what a page for one whom readers may write to says above everything else."""
    return {**_around(act, language), "whom": _shown(act, whom, language)}


def _around(act: Act, language: str) -> dict[str, object]:
    title, tongue = around.title_in(act.appeal, language)
    return {
        "slug": act.listed.slug,
        "code": act.appeal.code,
        "title": title,
        "title_language": tongue,
        "title_direction": direction_of(tongue),
        "country": act.matter.country[language],
    }


def _shown(act: Act, whom: Whom, language: str) -> dict[str, object]:
    """Give what a page says of one whom readers may write to."""
    addressee = whom.shown_in(language)
    tongue = next((tag for tag, each in whom.printed.items() if each is addressee), language)
    labels = labels_for(language)
    channels = [
        (labels.term(each.kind, "channel_types"), *_linked(channel_text(each)))
        for each in (addressee.channels if addressee else ())
        if each.value not in whom.mail
    ]
    mail = [(labels.term("email", "channel_types"), each, letters.mailto([each], [], "", "")) for each in whom.mail]
    return {
        **_tongues(act, whom, language),
        "number": whom.number,
        "is_embassy": whom.number == EMBASSY,
        "name": named(addressee) if addressee else "",
        "post": _post(addressee) if addressee else "",
        "is_copy": whom.is_copy,
        "is_beside": bool(whom.residence),
        "language": tongue,
        "direction": direction_of(tongue),
        "channels": [*mail, *channels],
    }


def all_shown(act: Act, language: str) -> list[dict[str, object]]:
    """Give what a page says of each whom readers may write to."""
    return [_shown(act, each, language) for each in act.everybody]


def _chosen_from(act: Act, language: str) -> dict[str, object]:
    """Give those whom readers choose from: embassies by the country in which they sit, where readers write to theirs.

    No form asks where she lives: all of them stand on the page, which is the same for everybody.
    """
    to_theirs = any(each.number == EMBASSY for each in act.everybody)
    near = {each.number: code for each in act.everybody if to_theirs and (code := _residence(each))}
    embassies = [
        (country_name(near[each.number], language), _shown(act, each, language))
        for each in act.everybody
        if each.number in near
    ]
    return {
        "everybody": [_shown(act, each, language) for each in act.everybody if each.number not in near],
        "embassies": [
            (country, [shown for _, shown in rows])
            for country, rows in groupby(sorted(embassies, key=lambda row: row[0].casefold()), key=lambda row: row[0])
        ],
    }


def _residence(whom: Whom) -> str:
    """Give the country in which an embassy sits: as it was published, or as an edition prints it behind the town."""
    if whom.residence:
        return whom.residence
    printed = whom.printed.items() if whom.at_embassy else ()
    seats = ((_COMMA.split(each.location or "")[-1].strip(), tag) for tag, each in printed)
    return next(filter(None, (country_called(*each) for each in seats)), "")


def _linked(printed: object) -> tuple[str, str]:
    if isinstance(printed, Link):
        return printed.text, printed.target
    return str(getattr(printed, "text", printed)), ""


def named(addressee: Addressee) -> str:
    """Give the name of an addressee with its title; the post where no name is printed."""
    parts = (addressee.style, addressee.title, addressee.name)
    named = " ".join(dict.fromkeys(each for each in parts if each)) if addressee.name else ""
    return named or addressee.post or addressee.as_printed


def _post(addressee: Addressee) -> str:
    """Give the post and the place, where the name stands before them."""
    parts = (addressee.post if addressee.name else "", addressee.location)
    return ", ".join(each for each in parts if each)


def _openers(letter: Letter, whom: Whom, everybody: Iterable[Whom]) -> dict[str, object]:
    """Give the links that open a letter, unless it can go by other ways only; the embassy's address readers put in.

    Those who only get a copy are named in it where there is room.
    """
    if not whom.mail and whom.number != EMBASSY:
        return {"openers": [], "is_short": False}
    takes_copies = whom.mail and not whom.is_copy
    copies = [each.mail[0] for each in everybody if takes_copies and each.is_copy and each.mail]
    made = [(letters.opened(letter, whom.mail, copies, build), name) for build, name in _BUILDS]
    found = [(each, name or gettext("Open in my mail program")) for each, name in made if each]
    return {
        "openers": [{"name": name, "target": each.target} for each, name in found],
        "is_short": any(each.form for each, _ in found),
    }


def _envelope(whom: Whom, language: str) -> list[str]:
    """Give the lines of an envelope; none where no postal address is printed."""
    addressee = whom.shown_in(language)
    post = next((each.display for each in addressee.channels if each.kind == "post"), "") if addressee else ""
    if addressee is None or not post:
        return []
    return [each for each in (named(addressee), _post(addressee), *post.split(", ")) if each]
