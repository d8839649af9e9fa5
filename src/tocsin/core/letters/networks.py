"""How much the networks on which readers post take: one table, `networks.toml`."""

import functools
import importlib.resources
import sys
from dataclasses import dataclass

import msgspec
import tomli


@dataclass(frozen=True, slots=True)
class Network:
    """A network: `takes` is in characters, of which those from the code point `heavy` on count twice.

    A link is counted whole, though some count it for less: what fits here fits there.
    """

    name: str
    takes: int
    source: str
    heavy: int = sys.maxunicode + 1

    def holds(self, post: str) -> bool:
        """Tell whether a post fits."""
        return len(post) + sum(ord(sign) >= self.heavy for sign in post) <= self.takes


@functools.cache
def networks() -> tuple[Network, ...]:
    """Give all networks, in the order of the table."""
    path = importlib.resources.files("tocsin.core.letters").joinpath("networks.toml")
    return tuple(msgspec.convert(tomli.loads(path.read_text("utf-8"))["network"], list[Network]))


def fits_everywhere(post: str) -> bool:
    """Tell whether a post fits into each network."""
    return all(each.holds(post) for each in networks())
