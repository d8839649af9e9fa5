"""Words of a text laid out in buckets, so that a search looks at few of them."""

from collections.abc import Iterable

BUCKETS = 32


def bucket_of(word: str) -> int:
    """Tell in which of the buckets a word lies: its first two letters decide, which every beginning of it shares."""
    return (ord(word[0]) * 31 + (ord(word[1]) if len(word) > 1 else 0)) % BUCKETS


def in_buckets(words: Iterable[str]) -> bytes:
    """Write the distinct words, each after a space, in lines: one for each bucket."""
    lines: list[list[str]] = [[] for _ in range(BUCKETS)]
    for word in sorted(set(words)):
        lines[bucket_of(word)].append(f" {word}")
    return "\n".join("".join(line) for line in lines).encode()
