"""Finding a name again that was written in another way: recall, precision and speed; `python bench/name_matching.py`.

A standing set of cases, each with some people, their names written in one or two of the usual ways; then people are
asked for in other ways, as many who are in no case as who are. Right is a case that holds the same name in its bearer's
own spelling. Not counted, and printed apart, is what is alike by chance: a case with another person whom nobody could
tell apart by their names as they are written. That is so where the names are the same as far as both are written (Ana
Tosk, and Ana Marosh Tosk); where one of the two texts, letter by letter, is also a way to write the other person's name
(a Turkish hand makes one of names that differ in two kinds of h); and where one is called after a father of whom the
other says that he is hers (Maryam Yusuf Haddad, and Maryam bin Yusuf).

The peer is what most would write first: every name in plain letters, compared by its sorted words. Runs with different
seeds give different people and ways; the comparison was made with the seeds 11 to 13, 101 to 107 and 20261125. What is
printed by default is another one, whose mistakes nobody looks at; its sums were seen when `LEAST_SCORE` was chosen.
"""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from anyascii import anyascii
from invented_names import Name, Written, name, variant
from rapidfuzz import fuzz, process

from tocsin.adapters.collecting import collect_seldom
from tocsin.core.names import LEAST_SCORE, NameIndex, compare

TARGET_RECALL, TARGET_PRECISION, TARGET_SECONDS = 0.95, 0.9, 0.3
PEER_LEAST = 80
_MOST = 1000
Finder = Callable[[str], set[int]]


@dataclass
class Standing:
    """Cases with their people, each written in one or two of the usual ways."""

    written: list[tuple[int, Written]] = field(default_factory=list)
    people: list[Name] = field(default_factory=list)

    def in_case(self) -> dict[int, list[Written]]:
        """Give the names of each case."""
        names = defaultdict(list)
        for case, written in self.written:
            names[case].append(written)
        return names

    def texts(self) -> list[tuple[int, str]]:
        """Give the names as texts, each with its case."""
        return [(case, written.text) for case, written in self.written]


def standing_set(cases: int, dice: random.Random) -> Standing:
    """Make cases with one to three people each."""
    standing = Standing()
    for case in range(cases):
        for _ in range(dice.choice([1, 1, 2, 3])):
            person = name(dice)
            standing.people.append(person)
            standing.written += [(case, variant(person, dice)) for _ in range(dice.choice([1, 2]))]
    return standing


@dataclass(frozen=True)
class Asked:
    """A question: a name as it is written, the cases that are right, and those that are alike by chance."""

    written: Written
    right: set[int]
    by_chance: set[int]


def questions(standing: Standing, count: int, dice: random.Random) -> Iterator[Asked]:
    """Ask for people of the set and for as many others."""
    by_given: dict[str, list[tuple[int, Written]]] = defaultdict(list)
    for case, written in standing.written:
        by_given[written.of.given].append((case, written))
    for _ in range(count):
        for person in (dice.choice(standing.people), name(dice)):
            asked = variant(person, dice)
            alike = [each for each in by_given[asked.of.given] if asked.may_be(each[1])]
            right = {case for case, written in alike if written.of.family == asked.of.family}
            yield Asked(asked, right, {case for case, _ in alike} - right)


def peer(written: Sequence[tuple[int, str]]) -> Finder:
    """Give the finder that most would write first."""
    plain = [anyascii(each).lower().replace(",", "") for _, each in written]

    def find(asked: str) -> set[int]:
        near = process.extract(
            anyascii(asked).lower().replace(",", ""), plain, scorer=fuzz.token_sort_ratio, score_cutoff=PEER_LEAST,
            limit=None,
        )  # fmt: skip
        return {written[at][0] for _, _, at in near}

    return find


@dataclass
class Score:
    """What a finder found, by the script in which it was asked."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    by_chance: int = 0
    seconds: list[float] = field(default_factory=list)

    def row(self, title: str) -> str:
        """Give a line of the table."""
        recall = self.right / max(1, self.right + self.missed)
        precision = self.right / max(1, self.right + self.wrong)
        slowest = max(self.seconds)
        middle = sorted(self.seconds)[len(self.seconds) // 2]
        return f"{title:<24}{recall:>8.3f}{precision:>11.3f}{middle * 1000:>12.1f}{slowest * 1000:>15.1f}"


def measure(find: Finder, asked: Sequence[Asked], standing: Standing) -> dict[str, Score]:
    """Ask a finder all questions."""
    names = standing.in_case()
    scores: dict[str, Score] = defaultdict(Score)
    for question in asked:
        start = time.process_time()
        found = find(question.written.text)
        seconds = time.process_time() - start
        wrong = found - question.right - question.by_chance
        by_chance = {case for case in wrong if any(question.written.cannot_be_told_from(each) for each in names[case])}
        for score in (scores["all"], scores[question.written.script]):
            score.right += len(found & question.right)
            score.wrong += len(wrong - by_chance)
            score.missed += len(question.right - found)
            score.by_chance += len(found & question.by_chance) + len(by_chance)
            score.seconds.append(seconds)
    return scores


def print_mistakes(index: NameIndex[int], standing: Standing, asked: Sequence[Asked]) -> None:
    """Print what was missed, with its best likeness, and what is wrong."""
    names = standing.in_case()
    texts = {case: [written.text for written in each] for case, each in names.items()}
    for question in asked:
        text = question.written.text
        found = {each.key: each for each in index.find(text, most=_MOST)}
        for case in question.right - found.keys():
            best = max((compare(text, each) for each in texts[case]), key=lambda each: each.score)
            print(f"  missed {text} | {texts[case]} {best.score:.2f} {best.pairs}")
        for case in found.keys() - question.right - question.by_chance:
            if any(question.written.cannot_be_told_from(each) for each in names[case]):
                continue
            print(f"  wrong {text} | {found[case].name} {found[case].likeness.score:.2f}")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=20261126)
    options.add_argument("--cases", type=int, default=20_000)
    options.add_argument("--questions", type=int, default=300)
    options.add_argument("--least", type=float, default=LEAST_SCORE)
    options.add_argument("--mistakes", action="store_true", help="print each")
    chosen = options.parse_args()
    collect_seldom()
    dice = random.Random(chosen.seed)
    standing = standing_set(chosen.cases, dice)
    asked = list(questions(standing, chosen.questions, dice))
    print(f"seed {chosen.seed}, {chosen.cases} cases, {len(standing.written)} names, {len(asked)} questions")
    start = time.process_time()
    index = NameIndex(standing.texts())
    print(f"index made in {time.process_time() - start:.2f} s\n")
    if chosen.mistakes:
        print_mistakes(index, standing, asked)
    print(f"{'asked in':<24}{'recall':>8}{'precision':>11}{'ms, median':>12}{'ms, slowest':>15}")
    found = partial(index.find, least=chosen.least, most=_MOST)
    scores = measure(lambda text: {each.key for each in found(text)}, asked, standing)
    for script in ("Latn", "Cyrl", "Arab", "all"):
        print(scores[script].row(script))
    print(measure(peer(standing.texts()), asked[:100], standing)["all"].row("all, by the peer"))
    print(f"found by chance, and counted neither as right nor as wrong: {scores['all'].by_chance}")
    print(f"wished for: recall {TARGET_RECALL}, precision {TARGET_PRECISION}, {TARGET_SECONDS * 1000:.0f} ms at worst")


if __name__ == "__main__":
    main()
