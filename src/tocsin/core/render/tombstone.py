"""From an appeal that does not stand any more to a page: what those who were sent it are told, and no word of it."""

import datetime as dt
from dataclasses import dataclass

from tocsin.core.render.characters import lines_of
from tocsin.core.render.labels import labels_for
from tocsin.core.render.page import Line, Link, Page, Part, Prose
from tocsin.core.vocab import direction_of


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That an appeal was withdrawn, or that it is void since a key that signed it was stolen.

    Attributes:
        code: As it was printed.
        on: The day of its retraction; none where it is void.
        note: What readers are told, by language.
    """

    code: str
    on: dt.date | None
    note: tuple[tuple[str, str], ...] = ()

    def told_in(self, language: str) -> str:
        """Give the note in a language, or in English, or in whatever language there is; empty where there is none."""
        texts = dict(self.note)
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def lay_out_tombstone(tombstone: Tombstone, language: str, archive: str) -> Page:
    """Lay a tombstone out in a language, or in English where it has no labels.

    Args:
        tombstone: What is told.
        language: A BCP 47 tag.
        archive: The public page of the appeal, which says the same and gives the signed proof.
    """
    labels = labels_for(language)
    kind = "void" if tombstone.on is None else "withdrawn"
    said = labels[f"{kind}_told"].format(day=labels.day(tombstone.on) if tombstone.on else "")
    lines: list[Line] = [(said,), *((line,) for line in lines_of(tombstone.told_in(labels.language)))]
    lines.append((labels["proof_there"], " ", Link(archive, archive)))
    return Page(
        language=labels.language,
        label_language=labels.language,
        direction=direction_of(labels.language),
        banner=labels[kind],
        urgent=True,
        public=True,
        code=tombstone.code,
        title=labels[f"{kind}_title"],
        violations=(),
        dateline=(),
        issued_on=None,
        act=None,
        back=labels["back"],
        colon=labels.colon,
        parts=(Part("section", None, tuple(Prose((line,)) for line in lines)),),
        colophon=(),
    )
