"""Letters that ask for what an appeal asks for, in the language of whom they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tocsin.core import vocab
from tocsin.core.addressing import form_of_rank
from tocsin.core.appeal import Addressee, AppealDocument
from tocsin.core.letters.networks import fits_everywhere
from tocsin.core.letters.whom import Whom
from tocsin.core.letters.words import Phrases, phrases_in
from tocsin.core.publication import PublicAppeal
from tocsin.core.render import characters

_ENDS: Final = ".,:;!،؛…"


@dataclass(frozen=True, slots=True)
class Matter:
    """What letters are about.

    Attributes:
        appeal: The appeal.
        address: Where its pages are, with a stroke at the end.
        country: The name of its country by language.
    """

    appeal: PublicAppeal
    address: str
    country: Mapping[str, str]

    def edition(self, language: str) -> AppealDocument | None:
        """Give what is printed in a language."""
        edition = self.appeal.edition(language)
        return edition.document if edition else None

    def words(self, language: str) -> dict[str, str]:
        """Give what stands in the places of phrases."""
        page = f"{language}.html" if self.appeal.edition(language) else ""
        named = {"code": self.appeal.code, "address": f"{self.address}{page}", "country": self.country[language]}
        return {name: characters.one_line(each) for name, each in named.items()}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be sent or to be written on.

    Attributes:
        language: Which.
        subject: One line.
        forms: The whole letter, and the same in fewer words for links with less room. Lines end in a line feed.
        prints_demands: The demands stand in it as the appeal prints them, and not only by name.
    """

    language: str
    subject: str
    forms: tuple[str, ...]
    prints_demands: bool

    @property
    def whole(self) -> str:
        """The whole letter."""
        return self.forms[0]


def write_letter(matter: Matter, whom: Whom, language: str) -> Letter:
    """Write the letter to one whom readers may write to.

    Raises:
        BadPhrasebook: No letters are written in this language.
    """
    phrases, words = phrases_in(language), matter.words(language)
    form = form_of_rank(whom.rank, _title(whom), language, _salutation(whom, language, phrases.salutation_end))
    own = whom.salutations.get(language)
    ends = characters.one_line(own.closing) if own and own.closing else form.closing
    opening, closing = " / ".join(form.salutations), f"{ends}\n{phrases.sign}"
    read = f"{phrases.read.format(**words)}\n{phrases.answer}"
    short = phrases.short.format(**words)
    return Letter(
        language=language,
        subject=phrases.subject.format(**words),
        forms=(
            "\n\n".join((opening, *_cause(matter, language), read, closing)),
            "\n\n".join((opening, short, closing)),
            short,
            f"{words['code']}\n{words['address']}",
        ),
        prints_demands=matter.edition(language) is not None,
    )


def write_call(matter: Matter, language: str) -> str:
    """Write what somebody may say on the telephone."""
    phrases, words = phrases_in(language), matter.words(language)
    return "\n\n".join((phrases.call_begin.format(**words), *_cause(matter, language)[1:], phrases.call_end))


def write_post(matter: Matter, whom: Whom, language: str) -> str:
    """Write what somebody may post on a network, to the handle of an addressee; it names nobody whom it is about.

    A handle that does not fit is left out before the address is.
    """
    said = phrases_in(language).post.format(**matter.words(language))
    shown = whom.shown_in(language)
    handles = [each.value for each in shown.channels if each.kind == "twitter" and each.value] if shown else []
    posted = " ".join((*handles[:1], said))
    return posted if fits_everywhere(posted) else said


def _cause(matter: Matter, language: str) -> tuple[str, str]:
    """Say what the letter is about, and what it asks for: as the appeal prints it, or by the names of its demands."""
    phrases, words, document = phrases_in(language), matter.words(language), matter.edition(language)
    if document is None:
        labels = vocab.load("demand_types")
        first = matter.appeal.edition("en") or matter.appeal.editions[0]
        types = dict.fromkeys(code for each in first.document.demands for code in each.types)
        named = [str(labels[code].label(language)) for code in types if code in labels]
        return phrases.about_others.format(**words), _asked(phrases, phrases.ask_for, named)
    about = phrases.about.format(**words)
    title = characters.one_line(document.title.text) if document.title else ""
    demands = [characters.one_line(each.text) for each in document.demands]
    return f"{about}\n{title}" if title else about, _asked(phrases, phrases.ask, demands)


def _asked(phrases: Phrases, ask: str, demands: list[str]) -> str:
    numbered = (f"{number}. {each}" for number, each in enumerate(demands, 1))
    return "\n".join((ask, *numbered)) if demands else phrases.ask_all


def _title(whom: Whom) -> str:
    """Give the title that tells how somebody is addressed, in whatever language it is printed."""
    given = (title for each in whom.printed.values() for title in (each.title, each.style) if title)
    return next(given, "")


def _salutation(whom: Whom, language: str, end: str) -> str:
    """Give the salutation that the edition of a language prints, or else the directory's; empty where there is none."""
    printed: Addressee | None = whom.printed.get(language)
    own = whom.salutations.get(language)
    known = (printed.salutation if printed else None) or (own.words if own else "")
    words = characters.one_line(known) if known else ""
    return words if not words or words.endswith(tuple(_ENDS)) else f"{words}{end}"
