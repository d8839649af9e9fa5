"""What is published on a demonstration from its first day: invented appeals, signed by two of its invented people."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any, cast

from django.utils import timezone

from tocsin.accounts.actor import Actor
from tocsin.appeals.letter_languages import letter_languages_for
from tocsin.appeals.missions import missions_for
from tocsin.appeals.salutations import salutations_for
from tocsin.core.appeal import AppealDocument, from_json
from tocsin.core.archive import Shelf, find_in, plan
from tocsin.core.compose import compose
from tocsin.core.publication import NEEDED, PublicAppeal, PublishedKind, Retraction, Words, edition_of
from tocsin.core.records import from_yaml
from tocsin.publishing import actions, codes, signatories
from tocsin.publishing.signatories import Signable

_FOLDER = files("tocsin.config").joinpath("demonstration")


def publish_first_appeals(root: Actor, signing: Sequence[tuple[Actor, str]], *, now: datetime) -> None:
    """Publish what `appeals.toml` lists, and take over what lies in `archive/`.

    Args:
        root: Who lets the others sign.
        signing: Who signs, and what the public may know of each.
        now: The time of founding; each appeal was published on the day of its issue.
    """
    for actor, label in signing:
        signatories.admit(root.ring, actor.id, label=label, now=now)
    rows = tomllib.loads(_FOLDER.joinpath("appeals.toml").read_text("utf-8"))["appeals"]
    found = [(row, sorted(documents_of(row), key=lambda each: each.language or "")) for row in rows]
    codes.import_codes("\n".join(_code(documents) for _, documents in found), now=now)
    for row, documents in found:
        today = timezone.localdate(now)
        missions = missions_for(documents[0], on=today)
        appeal = PublicAppeal(
            code=_code(documents),
            kind=cast("PublishedKind", documents[0].kind),
            editions=tuple(map(edition_of, documents)),
            supersedes=row.get("follows"),
            missions=missions,
            letter_languages=letter_languages_for(documents, missions, on=today),
            salutations=salutations_for(documents, missions, on=today),
        )
        published_at = _noon_of(documents[0], now)
        actions.publish(_signed(appeal, signing), now=published_at)
        if "withdrawn" in row:
            gone = (published_at + timedelta(days=3)).astimezone(UTC)
            retraction = Retraction(appeal.code, gone, tuple(Words(*each) for each in row["withdrawn"].items()))
            actions.retract(_signed(retraction, signing), now=gone)
    _take_over(signing, now)


def _take_over(signing: Sequence[tuple[Actor, str]], now: datetime) -> None:
    files = sorted(_FOLDER.joinpath("archive").iterdir(), key=lambda each: each.name)
    texts = [(each.name, each.read_bytes()) for each in files]
    found = [one for name, text in texts for one in find_in(text.decode(), file=name, digest=sha256(text).hexdigest())]
    planned = plan(found, Shelf(codes.list_entries()))
    codes.take_in(planned.codes, now=now)
    for unit in planned.units:
        actions.take_over(_signed(unit.appeal, signing), now=now)


def documents_of(row: dict[str, Any]) -> Iterator[AppealDocument]:
    """Give the editions of a row of `appeals.toml`, composed where it names a case."""
    for name in row.get("editions", ()):
        yield from_json(_FOLDER.joinpath("appeals", name).read_text("utf-8"), where=name)
    if "case" in row:
        case = from_yaml(_FOLDER.joinpath("cases", row["case"]).read_text("utf-8"))
        for language in row["languages"]:
            yield compose(case, kind="urgent_appeal", language=language).document


def _code(documents: Sequence[AppealDocument]) -> str:
    reference = documents[0].reference
    return reference.canonical if reference else ""


def _noon_of(document: AppealDocument, now: datetime) -> datetime:
    """Give noon of the day of issue, and no time that is still to come."""
    on = document.issued_on
    return min(datetime.combine(on, time(12), UTC), now) if on else now


def _signed(statement: Signable, signing: Sequence[tuple[Actor, str]]) -> Signable:
    for actor, _ in signing[:NEEDED]:
        statement = signatories.sign(statement, actor.ring)
    return statement
