"""What leads a mail to its appeal beside a code, of what is public: tokens, threads, addressees, names of defenders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Final

from django.conf import settings

from tocsin.authorities.queries import get_directory
from tocsin.core.codes import Code, Registry, format_code, slug
from tocsin.core.matching import Known
from tocsin.core.messages import reply_token
from tocsin.core.names import NameIndex
from tocsin.publishing import queries
from tocsin.publishing.queries import Wanted
from tocsin.replies import threads

# An authority that answers without a code answers what is new: older appeals are not opened for their addressees.
_NEWEST: Final = 200
_Slugs = Mapping[str, Sequence[str]]


def what_is_known(registry: Registry, *, now: datetime) -> Known:
    """Look up what leads to published appeals; what costs much is looked up when a mail asks for it."""
    public = {slug(each.code, registry.scheme): each.code for each in registry.entries if not each.void}
    tokens = {reply_token(name, settings.TOCSIN_REPLIES_KEY): (code,) for name, code in public.items()}
    printed = {format_code(code, registry.scheme): code for code in public.values()}
    posts = cache(addresses_of_posts)

    def sender(address: str) -> list[Code]:
        # Until the hour is over: what is under embargo till then is left out below.
        addressees = _addressees(queries.number(), now.replace(minute=59, second=59, microsecond=0))
        slugs = {name for each in {address, *posts().get(address, ())} for name in addressees.get(each, ())}
        return [public[name] for name in sorted(slugs) if name in public]

    return Known(
        token=lambda word: tokens.get(word, ()),
        threads=partial(_threads, printed),
        sender=sender,
        names=lambda: _names(queries.number(), tuple(public.items())),
    )


def _threads(printed: Mapping[str, Code], ids: Sequence[str]) -> dict[str, Code]:
    return {each: printed[code] for each, code in threads.find_codes(ids).items() if code in printed}


def addresses_of_posts() -> dict[str, set[str]]:
    """Give with each mail address of the directory those of the same posts: an authority answers from any of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for post in get_directory().posts.values():
        own = {point.address.lower() for point in post.contact_points if point.type == "email"}
        for address in own:
            found[address] |= own
    return found


def addresses_by_other_ways() -> dict[tuple[str, str], set[str]]:
    """Give the mail addresses of a post by each other way that leads to it, and to no post beside it."""
    found: dict[tuple[str, str], list[set[str]]] = defaultdict(list)
    for post in get_directory().posts.values():
        own = {point.address.lower() for point in post.contact_points if point.type == "email"}
        ways = {(point.type, " ".join(point.address.split())) for point in post.contact_points if point.type != "email"}
        for way in ways:
            found[way].append(own)
    return {way: posts[0] for way, posts in found.items() if len(posts) == 1}


@lru_cache(1)
def _addressees(number: int, until: datetime) -> _Slugs:  # noqa: ARG001 - while it is the same, nothing new was let in
    """Give the appeals shown last by the mail addresses to which they ask their readers to write."""
    found: dict[str, list[str]] = defaultdict(list)
    for listed in queries.list_after(Wanted(), None, _NEWEST, now=until).items:
        documents = (edition.document for edition in listed.appeal.editions) if listed.appeal else ()
        channels = (way for each in documents for addressee in each.addressees for way in addressee.channels)
        addresses = {way.value.lower() for way in channels if way.kind == "email" and way.value}
        embassies = (way for each in (listed.appeal.missions if listed.appeal else ()) for way in each.ways)
        for address in addresses | {way.value.lower() for way in embassies if way.kind == "email"}:
            found[address].append(listed.slug)
    return found


@lru_cache(1)
def _names(number: int, public: tuple[tuple[str, Code], ...]) -> "NameIndex[Code]":  # noqa: ARG001 - as above
    """Index the names of those whom public appeals defend, as their editions print them."""
    codes = dict(public)
    defended = queries.all_defenders()
    return NameIndex((codes[name], words) for name in sorted(defended) if name in codes for words in defended[name])


def forget() -> None:
    """Forget what was looked up: tests share one process."""
    _addressees.cache_clear()
    _names.cache_clear()
