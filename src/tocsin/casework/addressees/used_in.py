"""Which cases name an authority: only those that one may open, found in memory and then opened to make sure."""

from datetime import datetime

from tocsin.accounts.actor import Actor, demand
from tocsin.casework import actions
from tocsin.casework.search.actions import Hit, search
from tocsin.core.addressing import Post, names_post, search_word
from tocsin.core.errors import Locked, NotAllowed


def cases_naming(actor: Actor, post: Post, *, now: datetime) -> tuple[list[Hit], bool]:
    """Find one's cases among whose addressees a post is, and tell whether there may be more.

    Looked for are the key of the post, which the records of a case have if it was chosen out of the directory, and its
    addresses, which those have that were written by hand. Each hit is opened, since words alone may mean another thing.
    """
    demand(actor, "case.read", now=now)
    questions = [search_word(post.key), *(each.address for each in post.contact_points)]
    hits: dict[object, Hit] = {}
    more = False
    for question in questions:
        found = search(actor, question, now=now)
        hits |= {hit.case: hit for hit in found.hits}
        more = more or found.more
    return [hit for hit in hits.values() if _names(actor, hit, post, now)], more


def _names(actor: Actor, hit: Hit, post: Post, now: datetime) -> bool:
    try:
        addressees = actions.look_up_addressees(actor, hit.case, now=now)
    except (Locked, NotAllowed):
        return False
    return any(names_post(each, post) for each in addressees)
