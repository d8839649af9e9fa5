"""Correcting what was taken over from an archive: the next version of an appeal, with one of its texts anew."""

from collections.abc import Collection
from dataclasses import replace

from tocsin.core.archive.doubts import DOUBTS
from tocsin.core.archive.found import Found
from tocsin.core.errors import BadPublication
from tocsin.core.publication import PublicAppeal, Words


def corrected(there: PublicAppeal, found: Found, note: Words, accepted: Collection[str] = ()) -> PublicAppeal:
    """Give an archived appeal with another text in one of its languages, unsigned; the other languages stay.

    Args:
        there: What is published.
        found: The document that takes the place of the one in its language.
        note: What readers are told that it changes.
        accepted: The doubts that a person lets stand.

    Raises:
        BadPublication: It is of another code or language, says the same, or a doubt stands against it.
    """
    if found.printed != there.code:
        raise BadPublication("this document bears another code, or none", where=found.file)
    stand = {name for name in accepted if DOUBTS[name].may_stand}
    told = [name for name in DOUBTS if name in found.doubts - stand]
    if told or found.content is None:
        says = "; ".join(f"{DOUBTS[name].says} ({name})" for name in told) or "it cannot be published"
        raise BadPublication(says, where=found.file, hint=DOUBTS[told[0]].fix if told else None)
    new = found.edition(there.kind)
    place = next((number for number, each in enumerate(there.editions) if each.language == new.language), None)
    if place is None:
        raise BadPublication("there is no text in its language to correct", hint="add it: tocsin site import-archive")
    if there.editions[place].content == new.content:
        raise BadPublication("it says what is published already", where=found.file)
    editions, digests = list(there.editions), list(there.archived_from)
    editions[place], digests[place] = new, found.digest
    return replace(
        there,
        editions=tuple(editions),
        archived_from=tuple(digests),
        version=there.version + 1,
        note=(note,),
        signatures=(),
    )
