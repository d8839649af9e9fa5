"""A rule: a small function that finds, and what `rules/<family>.toml` says of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tocsin.core.preflight.findings import Place, Severity
from tocsin.core.preflight.subject import Subject
from tocsin.core.preflight.wording import Value

Need = Literal["case", "registry", "treaties", "facts", "editions", "before"]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found: places of one cause.

    Attributes:
        places: Where; at least one.
        values: What the sentence of the rule (`says`) names in braces; `words` is there without asking.
        cause: Hits of one rule with the same cause become one finding; by default the words of the first place, or its
            path where there are none.
        severity: Milder than the rule's own, where the rule says so.
    """

    places: tuple[Place, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    cause: str | None = None
    severity: Severity | None = None

    @classmethod
    def at(cls, *places: Place, cause: str | None = None, severity: Severity | None = None, **values: Value) -> "Hit":
        """Make a hit of places and the values of its sentence."""
        return cls(places, values, cause, severity)


Finder = Callable[[Subject], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: `DAT-02`; never reused.
        severity: What its findings mean for approval.
        title: What it catches, in a line.
        why: The reason, for a person who asks.
        says: The sentence of a finding, with names in braces that a hit fills.
        fix: What to do.
        phrases: What differs from finding to finding within these two, by key.
        find: The function, or `None` for a rule that waits for something (`later`).
        needs: Inputs beside the document.
        partly: Inputs without which it runs and leaves a part of its question open.
        words: Tables of `words/<language>/` that it looks up.
        kinds: The kinds of document that it is about; empty for all.
        consults: Whether who lets a finding of it stand has to say who was consulted.
        later: What a rule without a function waits for.
        examples: Lines that it must find (`bad`) and must not (`good`), by the slot of an appeal that they fill.
    """

    id: str
    severity: Severity
    title: str
    why: str
    says: str
    fix: str
    phrases: Mapping[str, str] = field(default_factory=dict)
    find: Finder | None = None
    needs: tuple[Need, ...] = ()
    partly: tuple[Need, ...] = ()
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    consults: bool = False
    later: str | None = None
    examples: Mapping[Literal["bad", "good"], tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    @property
    def waivable(self) -> bool:
        """Tell whether a waiver may be given: never against the consent or the safety of a person."""
        return self.severity != "error" or self.id[:3] not in {"CON", "SEC"}


FINDERS: dict[str, Finder] = {}


def rule(id: str) -> Callable[[Finder], Finder]:  # noqa: A002 - it is what everybody calls it
    """Register a function as the finder of the rule that the family's TOML file describes under `id`."""

    def register(find: Finder) -> Finder:
        if id in FINDERS:
            raise ValueError(f"two functions for {id}")
        FINDERS[id] = find
        return find

    return register
