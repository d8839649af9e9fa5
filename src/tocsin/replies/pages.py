"""What the pages of the inbox show of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.core.matching import PICTURED, SEALED, words_for
from tocsin.replies.kinds import Kind
from tocsin.replies.models import RawMessage
from tocsin.replies.reading import Clue, Reading, first_of, head_and_body

_EXCERPT = 160
# Beside Alt, Chromium on Linux keeps d, e, f and the digits but 0 to itself; no other control of the page has one of
# these.
_KEYS = "gjkqtuxyz"
# What a person can say that a mail is, each by one key of its own.
_CHOICES = {
    "authority_reply": "a",
    "reader_report": "w",
    "new_information": "i",
    "press": "p",
    "leaving": "v",
    "abuse": "b",
    "automatic": "m",
    "other": "o",
}
_SHOWN = {"From": _("From"), "To": _("To"), "Cc": _("Copy to"), "Date": _("Sent"), "Subject": _("Subject")}
#: Why a mail could not be opened, in words; what else may be the reason is said by its code alone.
_TROUBLES: Mapping[str, Promise] = {
    "stopped": _("The program stopped at it each time."),
    "input.bad": _("It is not written as mail is."),
    "input.damaged": _("It is damaged."),
    "input.encrypted": _("It is encrypted."),
    "input.refused": _("It was too dangerous or took too long to open."),
    "input.too_large": _("It is too large."),
    "vault.cannot_open": _("Somebody changed or moved it after it was kept."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A mail in a list."""

    row: RawMessage
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    excerpt: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Guess:
    """An appeal with which a mail may be filed, and the key that does it."""

    key: str
    code: str


RULES: Mapping[str, Promise] = {
    "sender_of_the_directory": _("the sender is of the directory"),
    "answer_of_a_machine": _("a machine wrote it"),
    "wrote_a_letter": _("says that a letter was sent"),
    "reports_an_action": _("tells of an action"),
    "office_speaks": _("an office speaks"),
    "learned_something": _("tells something new"),
    "press_enquiry": _("somebody of the press asks"),
    "wants_no_more": _("wants to be off the list"),
    "insults_or_threatens": _("insults or threatens"),
    "wants_to_sell": _("wants to sell or cheat"),
    "it_is_done": _("says that it is done"),
    "it_is_promised": _("promises something"),
    "denied_or_justified": _("denies or justifies"),
    "asks_for_something": _("asks for something"),
    "received_and_noted": _("says that it was received"),
    "puts_a_question": _("puts a question"),
    "signs_of_relief": _("speaks as one who tells of relief"),
    "signs_of_undertaking": _("speaks as one who means to act"),
    "signs_of_denial": _("speaks as one who denies or justifies"),
    "signs_of_asking": _("speaks as one who needs to know more"),
    "signs_of_filing": _("speaks as one who only files it"),
}
"""What each rule of `core.classifying` found, in the words of the screen."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """A rule that spoke for a kind, in words, and what it found in the mail."""

    said: Promise
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of mail that can be chosen, and the key that chooses it."""

    code: str
    key: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownClue:
    """One thing found in a mail, in words: by which rule it counts, as it stands there, how it was understood."""

    rule: str
    printed: str = field(repr=False)
    how: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail as it is shown: never its own markup, a paragraph for each line."""

    head: tuple[tuple[Promise, str], ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)
    guesses: tuple[Guess, ...]
    found: tuple[ShownClue, ...] = field(repr=False)
    kind: Kind | None = field(repr=False)
    why: tuple[Spoke, ...] = field(repr=False)
    choices: tuple[Choice, ...]
    unread: tuple[ShownClue, ...] = field(repr=False)


def line_of(row: RawMessage, reading: Reading | None) -> Line:
    """Give a mail as a line of a list; without a reading, its name is all there is."""
    head, body = head_and_body(reading.text) if reading else ([], "")
    return Line(row, first_of(head, "From"), first_of(head, "Subject"), " ".join(body.split())[:_EXCERPT])


def page_of(reading: Reading, row: RawMessage, chosen: str = "") -> MailPage:
    """Give a mail as a page; `chosen` is the kind that somebody chose and that was not saved."""
    head, body = head_and_body(reading.text)
    return MailPage(
        head=tuple((_SHOWN[name], value) for name, value in head if name in _SHOWN),
        paragraphs=tuple(line for line in body.splitlines() if line.strip()),
        guesses=tuple(Guess(key, code) for key, code in zip(_KEYS, reading.guesses, strict=False)),
        found=tuple(_shown(clue) for clue in reading.clues if clue.printed not in reading.attachments),
        kind=reading.kind,
        why=tuple(Spoke(RULES[each.rule], each.words) for each in reading.kind.why) if reading.kind else (),
        choices=tuple(Choice(code, key, code == (chosen or row.kind)) for code, key in _CHOICES.items()),
        unread=tuple(
            ShownClue("", name, words_for("unread", PICTURED if name in reading.pictures else SEALED)[1])
            for name in reading.attachments
        ),
    )


def trouble_of(row: RawMessage) -> Promise | str:
    """Say why a mail could not be opened."""
    return _TROUBLES.get(row.trouble, "")


def _shown(clue: Clue) -> ShownClue:
    rule, how = words_for(clue.where, clue.how)
    return ShownClue(rule, clue.printed, how)
