"""To whom and what was done, as far as it is counted: types of acts, and organisations whose name is printed.

It is taken from the facts of the editions that were signed. What an archive holds has none: nobody read it so.
"""

from collections.abc import Iterator

from tocsin.core import vocab
from tocsin.core.appeal import Act, AppealDocument
from tocsin.core.names import words_of
from tocsin.core.publication import PublicAppeal
from tocsin.publishing.texts import printed_words

# What threatens, or was tried in vain, was not done to anybody.
_DONE = frozenset({"occurred", "ongoing", "omission"})


def types_of_acts(appeal: PublicAppeal) -> list[str]:
    """List the types of what was done to somebody, as any edition tells it, each once."""
    known = vocab.load("violation_types")
    done = (act.type for edition in appeal.editions for act in _acts(edition.document))
    return [each for each in dict.fromkeys(done) if each in known]


def organisations(appeal: PublicAppeal) -> list[str]:
    """List the folded names of organisations to which something was done, each once, where they are printed.

    One edition is asked, the English one if there is one: in another language an organisation has another name.
    """
    editions = sorted(appeal.editions, key=lambda each: (each.language != "en", each.language))
    found = (list(_organisations(edition.document)) for edition in editions)
    return next((each for each in found if each), [])


def _organisations(document: AppealDocument) -> Iterator[str]:
    victims = {name for act in _acts(document) for name in act.victims}
    suffered = [each for each in document.facts.organisations if victims & {each.name, *each.other_forms}]
    printed = printed_words(document) if suffered else ""
    names = dict.fromkeys(" ".join(words_of(each.name)) for each in suffered)
    yield from (each for each in names if each and f" {each} " in printed)


def _acts(document: AppealDocument) -> Iterator[Act]:
    for event in document.facts.events:
        yield from (each for each in event.acts if each.victims and each.mode in _DONE)
