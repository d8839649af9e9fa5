"""The forms of readers, filled in: what was chosen, what is wrong with it, and the form as it is shown again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext_noop

from tocsin.core import vocab
from tocsin.core.errors import BadAddress, BadWish, PrivateKey
from tocsin.core.messages import Address
from tocsin.core.subscribing import GROUPS, LANGUAGES, Wish, check_public_key
from tocsin.dispatch.choices import Chosen
from tocsin.publishing import guarding

# Three choices are on the page: who reads more languages than that gets the first there is.
CHOICES: Final = 3
_LONGEST: Final = 254


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as somebody filled it in; `mistakes` are sentences by the field that they belong to."""

    address: str = ""
    languages: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    html: bool = True
    neutral: bool = False
    openpgp: str = ""
    drop_key: bool = False
    asked: int = 0
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """Give the question against programs, in the language of the page."""
        return guarding.words_of(self.asked)

    def chosen(self, has_key: bool) -> Chosen:
        """Give what a reader who is known wants from now on."""
        return Chosen(
            self.languages, tuple(sorted(self.countries)), tuple(sorted(self.topics)), self.html, self.neutral, has_key
        )

    def wish(self) -> Wish:
        """Give what was asked for; only of a form without mistakes."""
        chosen = self.chosen(bool(self.openpgp))
        return Wish(
            Address.parse(self.address),
            chosen.languages,
            chosen.countries,
            chosen.topics,
            self.html,
            self.neutral,
            self.openpgp,
        )


def empty(language: str) -> Filled:
    """Give the form as it is shown first, in a language of the pages."""
    return Filled(languages=(language,), asked=guarding.any_question())


def of_reader(chosen: Chosen) -> Filled:
    """Give the form with what a reader gets at present."""
    return Filled(
        languages=chosen.languages,
        countries=frozenset(chosen.countries),
        topics=frozenset(chosen.topics),
        html=chosen.html,
        neutral=chosen.neutral,
    )


def read_address(posted: QueryDict) -> Filled:
    """Read the form of which the address is all."""
    filled = Filled(address=posted.get("address", "")[: _LONGEST + 1].strip(), asked=guarding.asked_in(posted))
    return replace(filled, mistakes={**_of_address(filled.address), **guarding.mistakes_of(posted, filled.asked)})


def read_subscribing(posted: QueryDict, countries: Collection[str]) -> Filled:
    """Read the form for subscribing."""
    asking, choosing = read_address(posted), read_choosing(posted, countries)
    return replace(
        choosing, address=asking.address, asked=asking.asked, mistakes={**asking.mistakes, **choosing.mistakes}
    )


def read_choosing(posted: QueryDict, countries: Collection[str]) -> Filled:
    """Read what was chosen; a value that the form does not offer is as if it had not been."""
    chosen = (posted.get(f"language{number}", "") for number in range(1, CHOICES + 1))
    languages = tuple(dict.fromkeys(tag for tag in chosen if tag in LANGUAGES))
    filled = Filled(
        languages=languages,
        countries=frozenset(posted.getlist("country")) & frozenset(countries),
        topics=frozenset(posted.getlist("topic")) & frozenset(GROUPS),
        html=posted.get("form") != "text",
        neutral=posted.get("neutral") == "yes",
        openpgp=posted.get("openpgp", "").strip(),
        drop_key=posted.get("drop_key") == "yes",
    )
    mistakes = {} if languages else {"language": gettext_noop("Choose a language.")}
    if filled.openpgp:
        try:
            filled = replace(filled, openpgp=check_public_key(filled.openpgp))
        except BadWish as error:
            mistakes["openpgp"] = gettext_noop("This is no OpenPGP public key.")
            if isinstance(error, PrivateKey):
                mistakes["openpgp"] = gettext_noop(
                    "This is a private key: keep it to yourself, and paste the public one."
                )
            # A private key is not shown again: it should not have come here at all.
            filled = replace(filled, openpgp="")
    return replace(filled, mistakes=mistakes)


def _of_address(written: str) -> dict[str, str]:
    try:
        Address.parse(written)
    except BadAddress:
        said = gettext_noop("This is no address that mail can be sent to. It looks like name@host.example.")
        return {"address": said}
    return {}


def topics(language: str) -> list[tuple[str, str]]:
    """Give the groups of violations with their names."""
    return [(code, term.label(language).text) for code, term in vocab.load("violation_groups").items()]
