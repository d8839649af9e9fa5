"""What a title before a name tells of whom it stands before, in whatever language it was written."""

from typing import Final, Literal

Gender = Literal["f", "m"]
_TITLES: Final[dict[str, dict[Gender, frozenset[str]]]] = {
    "en": {"f": frozenset({"ms", "mrs", "miss"}), "m": frozenset({"mr"})},
    "fr": {"f": frozenset({"mme", "mlle"}), "m": frozenset({"m"})},
    "es": {"f": frozenset({"sra", "srta"}), "m": frozenset({"sr"})},
    "ru": {"f": frozenset({"г-жа", "госпожа"}), "m": frozenset({"г-н", "господин"})},
    "ar": {"f": frozenset({"السيدة"}), "m": frozenset({"السيد"})},
}


def gender_of_title(title: str, *, but: str = "") -> Gender | None:
    """Tell `Ms.` from `Mr.`; `None` where a title tells nothing (`Dr.`) or is not known.

    Args:
        title: As somebody wrote it.
        but: A language whose titles are passed over.
    """
    known = title.casefold().rstrip(".")
    genders = (
        gender for tag, by_gender in _TITLES.items() if tag != but for gender, of in by_gender.items() if known in of
    )
    return next(genders, None)
