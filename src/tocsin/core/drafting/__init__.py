"""A composed appeal as people go on writing it: its texts, changing one of them, and what two versions differ in.

A sentence that nobody touched keeps the records it rests on; a new one rests on those that its writer names. What the
text no longer says is not said by the data of the document either.
"""

from tocsin.core.drafting.changes import Change, Piece, changed_texts, changes
from tocsin.core.drafting.standing import without_unsaid
from tocsin.core.drafting.texts import (
    Passage,
    on_one_line,
    passages,
    same_texts,
    with_code,
    with_new_paragraph,
    with_text,
)

__all__ = [
    "Change",
    "Passage",
    "Piece",
    "changed_texts",
    "changes",
    "on_one_line",
    "passages",
    "same_texts",
    "with_code",
    "with_new_paragraph",
    "with_text",
    "without_unsaid",
]
