"""The violation line: which words of the header are violations, their codes and modes."""

import re

from tocsin.core.appeal import Violation
from tocsin.core.appeal.document import Mode
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.phrases import Hit
from tocsin.core.reader.structure.wording import Wording

_SLASH = re.compile(r"[/⁄∕／|•]")
_JOINTS = frozenset({"and", "et", "y", "e", "&"})
_MODES: dict[str, Mode] = {"risk": "risk", "attempted": "attempted", "ongoing": "ongoing"}


def is_violation_line(line: Line, words: Wording) -> bool:
    """Whether a line of the header is a list of violations, with slashes or without."""
    parts = cut_at_slashes(line)
    if line.text.endswith((".", ":", "?")) or any(len(part.text) > 110 for part in parts):
        return False
    shares = [share_known(part, words) for part in parts]
    known = [share for share in shares if share >= 0.5]
    if len(parts) > 1 or line.text.rstrip().endswith("/"):
        # A title may hold a slash too: it has a country before a colon, or mostly other words.
        return bool(known) and ":" not in line.text and len(known) * 2 >= len(parts)
    return bool(known) and shares[0] >= 0.6 and len(line.text.split()) <= 9 and ":" not in line.text


def share_known(part: Line, words: Wording) -> float:
    """Give the share of the words of a part that phrases of the lexicon explain."""
    hits = [*words.violations.find(part.flat), *words.modes.find(part.flat)]
    if not hits:
        return 0.0
    letters = len(part.flat.replace(" ", "")) or 1
    covered = {at for hit in hits for at in range(hit.start, hit.end)}
    return sum(part.flat[at] != " " for at in covered) / letters


def cut_at_slashes(line: Line) -> list[Line]:
    """Cut a violation line at its slashes; empty parts fall away."""
    parts, position = [], line.start
    for piece in _SLASH.split(line.text):
        part = line.part(position, position + len(piece))
        part = part.part(part.start, part.start + len(part.text.rstrip(" .,;-–—")))
        if part.text.strip(" -–—."):
            parts.append(part)
        position += len(piece) + 1
    return parts or [line]


def read_violations(part: Line, words: Wording) -> list[Violation]:
    """Read one part of the line: one violation, or two that `and` joins."""
    mode = _mode(part.flat, words)
    violations = []
    for number, (stretch, code) in enumerate(_entries(part, words.violations.find(part.flat))):
        own = mode if (number == 0 or mode == "risk") and code != "attempted_killing" else "occurred"
        violations.append(Violation(code, stretch.text, own, (stretch.start, stretch.end)))
    return violations


def _mode(flat: str, words: Wording) -> Mode:
    hit = words.modes.first(flat)
    return _MODES[hit.value] if hit and hit.start <= 12 else "occurred"


def _entries(part: Line, hits: list[Hit]) -> list[tuple[Line, str | None]]:
    """Give the entries of one part: two where `and` joins two whole violations, else one."""
    if not hits:
        return [(part, None)]
    if len(hits) == 2:
        between = part.flat[hits[0].end : hits[1].start].strip(" ,")
        tail = part.flat[hits[1].end :].strip()
        if between in _JOINTS and not tail and hits[0].value != hits[1].value:
            cut = part.start + hits[1].start
            first = part.part(part.start, part.start + hits[0].end)
            return [(first, hits[0].value), (part.part(cut, part.end), hits[1].value)]
    longest = max(hits, key=lambda hit: hit.end - hit.start)
    return [(part, hits[0].value if hits[0].start <= 2 else longest.value)]
