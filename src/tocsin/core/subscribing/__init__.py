"""What readers ask for, and lists of readers as organisations keep them: rows of a file, or why a row is refused.

Nothing is guessed that would send somebody's mail to somebody else: an address that is not written plainly is refused.
"""

from tocsin.core.subscribing.decoding import Line, lines_of
from tocsin.core.subscribing.lists import COLUMNS, Refusal, read_list
from tocsin.core.subscribing.openpgp import check_public_key
from tocsin.core.subscribing.refusals import REASONS
from tocsin.core.subscribing.wishes import GROUPS, LANGUAGES, Wish, groups_of

__all__ = [
    "COLUMNS",
    "GROUPS",
    "LANGUAGES",
    "REASONS",
    "Line",
    "Refusal",
    "Wish",
    "check_public_key",
    "groups_of",
    "lines_of",
    "read_list",
]
