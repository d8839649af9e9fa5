"""A reference code: the name under which an appeal is quoted, answered and followed up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a reference code says; a part that was not printed, or that a scheme does not have, is None.

    `month` and `year` are those of the first appeal of the chain and stay the same in every follow-up. The first
    follow-up has `follow_up` 1; the first appeal has None.
    """

    country: str | None = None
    country_number: int | None = None
    month: int | None = None
    year: int | None = None
    series: str | None = None
    number: int | None = None
    follow_up: int | None = None

    @property
    def chain(self) -> tuple[str, int, int] | None:
        """Identify an appeal and all its follow-ups, or None where the code says too little.

        The country number is left out on purpose: it drifts between the follow-ups of one chain.
        """
        if self.series is None or self.year is None or self.number is None:
            return None
        return self.series, self.year, self.number
