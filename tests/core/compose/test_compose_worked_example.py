"""Every fact of a published appeal stands in what is composed of its case; both lie outside the project."""

import sys
import tomllib
from pathlib import Path

import pytest

from command_line import ROOT

sys.path.insert(0, str(ROOT / "bench"))

from round_trip import again, facts_of

from tocsin.core import reader
from tocsin.core.compose import compose
from tocsin.core.records import from_yaml

SHARED = ROOT.parent / "shared"
WORKED = SHARED / "domain/worked-example.yaml"
MISSES = tomllib.loads(Path(__file__).with_name("worked_example_misses.toml").read_text("utf-8"))["misses"]


def test_every_fact_of_the_published_appeal_stands_in_the_composed_one() -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not WORKED.is_file() or not seeds:
        pytest.skip("the worked example is not there: it lies beside the project, under shared/")
    case = from_yaml(WORKED.read_text("utf-8"))
    assert case.appeal.code
    code = case.appeal.code.display or ""
    published = reader.read(next(text for seed in seeds if code in (text := seed.read_text("utf-8"))))[0].document
    composed = compose(case).document
    # What the composed document says it holds, and what a reader of its text finds.
    told = {*facts_of(composed), *facts_of(again(composed))}
    wanted = set(facts_of(published))
    assert len(wanted) > 60
    missed = {f"{kind} {fact[0]}" for kind, fact in wanted - told}
    assert (sorted(missed - set(MISSES)), sorted(set(MISSES) - missed)) == ([], []), "lost; told now, take off the list"


def test_everything_listed_has_a_reason() -> None:
    assert all(len(reason.split()) > 3 for reason in MISSES.values())
