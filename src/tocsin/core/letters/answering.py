"""What is answered to who wrote: drafts of people, and what a program says. One TOML file a language in `answers/`."""

import functools
import importlib.resources
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
import tomli

from tocsin.core.errors import BadPhrasebook
from tocsin.core.letters.words import languages
from tocsin.core.reader import detect_language

DRAFTS: Final = ("acknowledgement", "details", "thanks", "information", "press", "received")
"""To an authority that replied, to whom more is to be asked, to a reader, to a partner who tells something, to the
press, and to anybody else."""

DRAFT_OF: Final = {
    "authority_reply": "acknowledgement",
    "reader_report": "thanks",
    "new_information": "information",
    "press": "press",
    "other": "received",
}
"""With which draft the answer to a kind of mail begins, a code of `mail_kinds`.

A kind that is not here has none: machines are not answered, who wants no more messages gets none, and what to say to
abuse is for people to find."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a program answers: the same to everybody, whatever the mail is."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """The words of one language. `about` has a place for `code`, `whole` for `address`; all others have none."""

    status: Literal["draft", "reviewed"]
    greeting: str
    about: str
    whole: str
    closing: str
    drafts: dict[str, str]
    acknowledgement: Acknowledgement


@functools.cache
def answer_words(language: str) -> AnswerWords:
    """Give the words of a language in which letters are written.

    Raises:
        BadPhrasebook: There are none, or they cannot be read.
    """
    path = importlib.resources.files("tocsin.core.letters").joinpath("answers", f"{language}.toml")
    try:
        words = msgspec.convert(tomli.loads(path.read_text("utf-8")), AnswerWords)
    except (OSError, tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadPhrasebook(str(error), where=f"letters/answers/{language}.toml") from error
    if set(words.drafts) != set(DRAFTS):
        raise BadPhrasebook("these are not the drafts that there are", where=f"{language}.toml", hint=", ".join(DRAFTS))
    return words


def draft_answer(kind: str, language: str, *, code: str, address: str, publisher: str) -> str:
    """Write a draft, to be changed before it is sent; without a code it names no appeal.

    Raises:
        BadPhrasebook: There is no such draft.
    """
    words = answer_words(language)
    if kind not in words.drafts:
        raise BadPhrasebook("there is no such draft", where=kind, hint=", ".join(DRAFTS))
    about = words.about.format(code=code) if code else ""
    whole = words.whole.format(address=address) if code and address else ""
    parts = (words.greeting, about, words.drafts[kind], whole, f"{words.closing}\n{publisher}".strip())
    return "\n\n".join(part for part in parts if part)


@functools.cache
def acknowledgement() -> Acknowledgement:
    """Give what a program answers: all languages in one, English first, so that nothing in a mail chooses anything."""
    tongues = sorted(languages(), key=lambda tag: (tag != "en", tag))
    said = [answer_words(each).acknowledgement for each in tongues]
    return Acknowledgement(" · ".join(each.subject for each in said), "\n\n".join(each.text for each in said))


def language_of(text: str, otherwise: str) -> str:
    """Guess the language of a mail among those in which letters are written, by what is not quoted in it.

    Args:
        text: The words of the mail.
        otherwise: The language where the words tell nothing, or one in which no letters are written.
    """
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    found = detect_language(own)
    return next((tag for tag in (found, otherwise) if tag in languages()), "en")
