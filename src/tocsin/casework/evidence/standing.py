"""Whether a copy may leave, as its chain of custody and the consents of the case say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from tocsin.casework.evidence import custody
from tocsin.casework.evidence.custody import Line
from tocsin.casework.evidence.naming import record_id
from tocsin.core.records import Case, Consent

NOBODY = "nobody"
"""The ground that nobody can be recognised in it."""

NAMED, EVERYBODY = CLASSES = ("R", "P")
_USE, _PUBLIC = "publish_photo", "public"
_AGREED = frozenset({"given", "limited"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the release of a copy stands.

    Attributes:
        asked: The line that asked, if nobody has answered it.
        agreed: The line that agreed, if it holds.
        release_class: The class that was asked for, or agreed.
        ground: A consent of the case, or `NOBODY`.
        holds: Whether the ground is still one.
    """

    asked: Line | None = None
    agreed: Line | None = None
    release_class: str = ""
    ground: str = ""
    holds: bool = False

    @property
    def released(self) -> bool:
        """Tell whether the copy may leave."""
        return self.agreed is not None and self.holds


def people_shown(case: Case, *files: UUID | None) -> frozenset[str]:
    """Tell whose photo a file is, or the original that it is a copy of, as the records of the people say."""
    photos = {record_id(file) for file in files if file is not None}
    return frozenset(each.id for each in case.persons if photos & {*each.photos})


def standing(case: Case, lines: Sequence[Line], now: datetime, shown: frozenset[str]) -> Standing:
    """Read where the release of a copy stands; `shown` are the people whose photo it is."""
    asked: Line | None = None
    agreed: Line | None = None
    for line in lines:
        if line.action == custody.ASKED:
            asked, agreed = line, None
        elif line.action == custody.AGREED and asked is not None and line.by != asked.by:
            agreed = line
        elif line.action == custody.WITHDRAWN:
            asked = agreed = None
    if asked is None:
        return Standing()
    release_class, _, ground = asked.choice.partition(" ")
    holds = is_ground(case, ground, release_class, now, shown)
    return Standing(None if agreed else asked, agreed, release_class, ground, holds)


def grounds(case: Case, now: datetime, shown: frozenset[str]) -> tuple[str, ...]:
    """List on what ground a copy of this case may be released: that nobody can be recognised, or who consented."""
    offered = (NOBODY, *(each.id for each in case.consents))
    return tuple(each for each in offered if any(is_ground(case, each, one, now, shown) for one in CLASSES))


def is_ground(case: Case, ground: str, release_class: str, now: datetime, shown: frozenset[str]) -> bool:
    """Tell whether a copy may be released on a ground to those whom a class stands for.

    In the photo of somebody she is recognised: then no other ground counts than that she consented, and everybody else
    whose photo it is.
    """
    if release_class not in CLASSES:
        return False
    agreed = {each.id: each.person for each in case.consents if _permits(each, release_class, now)}
    if shown:
        return agreed.get(ground) in shown and shown <= set(agreed.values())
    return ground == NOBODY or ground in agreed


def _permits(consent: Consent, release_class: str, now: datetime) -> bool:
    over = consent.expires_on is not None and consent.expires_on < timezone.localdate(now)
    if consent.state not in _AGREED or consent.withdrawn_at is not None or over:
        return False
    if release_class == EVERYBODY:
        said = consent.answer(_USE, _PUBLIC)
        return said is not None and said.answer == "yes"
    return any(each.use == _USE and each.answer == "yes" for each in consent.answers)
