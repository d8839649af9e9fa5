"""Chains of appeals: an invented case, what becomes of it in two steps, and the days on which it is told."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from command_line import ROOT
from tocsin.core.compose import Composition, LastTold, compose
from tocsin.core.records import Case, from_plain, from_yaml, to_plain

Step = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Chain:
    """A case of `tests/cases`, and what changes in it before each follow-up."""

    case: str
    first: str
    steps: tuple[tuple[str, Step], ...]

    def states(self) -> Iterator[Case]:
        """Give the case as it stands for each appeal of the chain."""
        plain = to_plain(from_yaml((ROOT / f"tests/cases/{self.case}.yaml").read_text("utf-8")))
        plain["appeal"].pop("code", None)
        plain["appeal"] |= {"issued_on": self.first, "follows": []}
        yield from_plain(plain)
        for number, (day, step) in enumerate(self.steps):
            plain = copy.deepcopy(plain)
            step(plain)
            code = f"XZV 001 / 0121 / OBS 004{f'.{number}' if number else ''}"
            plain["appeal"]["follows"].append({"display": code, "issued_on": plain["appeal"]["issued_on"]})
            plain["appeal"]["issued_on"] = day
            yield from_plain(plain)

    def appeals(self, language: str) -> Iterator[Composition]:
        """Give the appeals of the chain, each composed of what is new since the one before."""
        last: LastTold | None = None
        for case in self.states():
            made = compose(case, kind="new_information" if last else "urgent_appeal", language=language, last=last)
            yield made
            last = LastTold(case, frozenset(record for each in made.grounds for record in each.records))


def happened(day: str, **fields: Any) -> Step:
    """Add what was done, or decided, on a day."""

    def add(plain: dict[str, Any]) -> None:
        kind = "procedure" if "procedure" in fields else "act"
        plain["events"].append({"id": f"e{len(plain['events']) + 40}", "kind": kind, "t": {"date": day}, **fields})

    return add


def stands(record: str, value: str, day: str, **fields: Any) -> Step:
    """Say where a detention or a proceeding stands."""

    def change(plain: dict[str, Any]) -> None:
        found = next(
            each for name in ("detentions", "proceedings") for each in plain.get(name, ()) if each["id"] == record
        )
        found |= {"status": {"value": value, "as_of": day}, **fields}

    return change


def added(section: str, **record: Any) -> Step:
    """Add a record."""
    return lambda plain: plain.setdefault(section, []).append(record)


def both(*steps: Step) -> Step:
    """Take several steps at once."""

    def take(plain: dict[str, Any]) -> None:
        for step in steps:
            step(plain)

    return take


GUARDS = {
    "label_en": "two former guards of the estate",
    "label_fr": "deux anciens gardes du domaine",
    "label_es": "dos antiguos guardias de la finca",
    "size": 2,
}
BOTH = ["person:varn", "person:otteken"]
CHAINS = {
    "suspects-on-trial": Chain(
        "killing",
        "2021-03-19",
        (
            (
                "2021-04-05",
                both(
                    added("groups", id="grp:guards", **GUARDS),
                    added("proceedings", id="pr9", kind="criminal", about=["e03"], suspects=["grp:guards"],
                          status={"value": "under_investigation", "as_of": "2021-04-02"}),
                    happened("2021-04-02", procedure="investigation_opened", proceeding="pr9"),
                ),
            ),
            (
                "2021-09-03",
                both(
                    stands("pr9", "at_trial", "2021-09-01", suspects=[], defendants=["grp:guards"]),
                    happened("2021-09-01", procedure="trial", proceeding="pr9"),
                ),
            ),
        ),
    ),
    "disappeared-and-found": Chain(
        "disappearance",
        "2021-11-12",
        (
            (
                "2021-11-22",
                both(
                    stands("det1", "pretrial_detention", "2021-11-20"),
                    added("proceedings", id="pr9", kind="criminal", defendants=["person:halvek"],
                          charges=[{"label_en": "sabotage", "label_fr": "sabotage", "label_es": "sabotaje"}]),
                    happened("2021-11-20", procedure="charge", concerns=["person:halvek"], proceeding="pr9"),
                ),
            ),
            (
                "2022-01-12",
                both(
                    happened("2022-01-10", procedure="release", concerns=["person:halvek"], detention="det1"),
                    stands("det1", "released_pending", "2022-01-10"),
                ),
            ),
        ),
    ),
    "banned-then-arrested": Chain(
        "travel-ban",
        "2021-06-11",
        (
            (
                "2021-07-04",
                both(
                    happened("2021-07-02", act_type="arbitrary_arrest", victims=["person:sturm"]),
                    added("detentions", id="det9", persons=["person:sturm"],
                          status={"value": "in_police_custody", "as_of": "2021-07-03"}),
                ),
            ),
            ("2021-07-10", happened("2021-07-08", act_type="ill_treatment", victims=["person:sturm"])),
        ),
    ),
    "one-of-two-threatened": Chain(
        "smeared-online",
        "2021-10-29",
        (
            ("2021-11-10", happened("2021-11-08", act_type="death_threat", medium=["sms"], victims=["person:doran"])),
            ("2021-12-10", happened("2021-12-08", act_type="abduction", mode="attempted", victims=["person:doran"])),
        ),
    ),
    "sentenced-then-acquitted": Chain(
        "trial-and-sentence",
        "2021-01-22",
        (
            ("2021-03-04", happened("2021-03-01", act_type="denial_medical_care", victims=["person:varn"])),
            (
                "2021-06-02",
                both(
                    happened("2021-06-01", procedure="acquittal", concerns=BOTH, proceeding="pr1"),
                    stands("pr1", "acquitted", "2021-06-01"),
                    stands("det1", "released", "2021-06-01"),
                ),
            ),
        ),
    ),
}  # fmt: skip
