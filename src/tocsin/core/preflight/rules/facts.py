"""Facts and attribution: who did what, who says so, and whether the words are fair."""

from collections.abc import Iterator

from tocsin.core.preflight.findings import Place
from tocsin.core.preflight.rule import Hit, rule
from tocsin.core.preflight.subject import Passage, Subject

_CLOSING = {"“": "”", "«": "»", "„": "“”"}
_OPENING = {closing: opening for opening, closings in _CLOSING.items() for closing in closings if closing != "“"}


@rule("FCT-08")
def unbalanced_quotation_marks(subject: Subject) -> Iterator[Hit]:
    """Find quotation marks that are opened and not closed in kind, a text at a time."""
    for passage in subject.passages:
        if place := _unbalanced(passage):
            yield Hit.at(place, cause=passage.path)


def _unbalanced(passage: Passage) -> Place | None:
    """Give the place of the first mark without its other half, with some words behind or before it."""
    opened: tuple[int, str] | None = None
    for at, sign in enumerate(passage.text):
        if opened is not None and sign in _CLOSING[opened[1]]:
            opened = None
        elif opened is not None and sign in '“«„"':
            return passage.place(opened[0], at + 1)
        elif sign in _CLOSING:
            opened = (at, sign)
        elif sign in _OPENING:
            return passage.place(max(at - 40, 0), at + 1)
    if opened is not None:
        return passage.place(opened[0], min(opened[0] + 40, len(passage.text)))
    straight = [at for at, sign in enumerate(passage.text) if sign == '"']
    return passage.place(straight[-1], min(straight[-1] + 40, len(passage.text))) if len(straight) % 2 else None
