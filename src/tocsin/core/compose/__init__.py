"""From a case to an appeal: the document, in plain sentences that each name the records they rest on.

Composing decides nothing that people should decide. It prints what the records say and may be printed (release class P,
the form of a name that was agreed), says how sure each thing is, and lists as gaps what somebody still has to write.
"""

import datetime as dt

from tocsin.core.compose.changes import LastTold, News, news_since, starting_point
from tocsin.core.compose.composer import ComposedKind, Composer
from tocsin.core.compose.composition import Composition, Gap, Ground
from tocsin.core.compose.draft import Draft, names_somebody_hidden
from tocsin.core.phrasebook import open_phrasebook
from tocsin.core.records import Case

__all__ = [
    "ComposedKind",
    "Composition",
    "Gap",
    "Ground",
    "LastTold",
    "News",
    "compose",
    "names_somebody_hidden",
    "news_since",
]


_FOLLOWS = frozenset({"follow_up", "closure_note"})


def compose(
    case: Case,
    *,
    kind: ComposedKind | None = None,
    since: dt.date | None = None,
    language: str | None = None,
    last: LastTold | None = None,
) -> Composition:
    """Compose an appeal from a case.

    Args:
        case: The case.
        kind: A first appeal, a follow-up or a closure; what the plan of the case says where it is not given.
        since: For a follow-up: what happened or became known after this day is new. The date of the last appeal of the
            chain where it is not given.
        language: A BCP 47 tag; the language of the plan where it is not given.
        last: For a follow-up: what the last appeal was made of, where that is known better than by its day.

    Returns:
        The document, what each sentence rests on, and what somebody still has to write.

    Raises:
        BadPhrasebook: There are no formulae in the language.
        BadCase: A follow-up is asked for, and nothing says since when.
    """
    language = language or case.appeal.language
    chosen: ComposedKind = kind or ("new_information" if case.appeal.type in _FOLLOWS else "urgent_appeal")
    draft = Draft(case, open_phrasebook(language))
    follows = chosen != "urgent_appeal"
    return Composer(draft, chosen, news_since(case, starting_point(case, since), last) if follows else None).compose()
