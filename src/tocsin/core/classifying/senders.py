"""Whether who writes in the name of an authority is it: by the directory, and by what our own mail server verified.

Anybody may write any `From:`. What speaks for one is a result of DKIM, SPF or DMARC that our own mail server wrote
(RFC 8601) above the first line of the way that the mail took; whatever stands below it may come from the sender. That
it found a chain of forwarders (ARC, RFC 8617) whole proves who forwarded, never who wrote: it is told and no more.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Final, Literal

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from tocsin.core.preflight.tables import load

Proof = Literal["", "proven", "unproven", "failed", "lookalike"]
"""Nothing where a mail says nothing of being an authority's; that it is one's; that nothing proves it; that the results
speak against it; that its sender only looks like one."""

_FIELD: Final = "authentication-results"
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@([^\s<>()\[\]:;,\"'@]{1,253})")
_RESULT: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]{0,40})(?:\s*/\s*[0-9]{1,3})?\s*=\s*([A-Za-z]{1,20})")
_PROPERTY: Final = re.compile(r"\b(header|smtp)\s*\.\s*([A-Za-z-]{1,20})\s*=\s*([^\s;]{1,300})")
# Which property of a result names the domain that was verified.
_NAMES: Final = {"dmarc": ("header", "from"), "dkim": ("header", "d"), "spf": ("smtp", "mailfrom")}
_CHAIN: Final = "arc"
_AGAINST: Final = frozenset(("fail", "softfail", "permerror"))
# Letters of other scripts, and pairs, that look like a Latin one.
_ALIKE: Final = str.maketrans("асекорхуіјѕԁһν01", "acekopxyijsdhvol")
_SHORTEST: Final = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a sender who may be an authority.

    Attributes:
        proof: See `Proof`.
        because: The method that proves it or speaks against it; otherwise `no_results`, `not_aligned`, `forwarded`
            where a whole chain of forwarders is all there is, `several_senders`, `domain` for a domain like one of the
            directory, `name` for an address in the name.
        domain: Of the sender.
        like: The domain or address of the directory that the sender looks like.
        post: The key of the post that the address, or else the domain, belongs to.
    """

    proof: Proof
    because: str = ""
    domain: str = ""
    like: str = ""
    post: str = ""

    @property
    def official(self) -> bool:
        """Whether the sender is an address, or of a domain, of the directory."""
        return self.proof in ("proven", "unproven", "failed")


@dataclass(frozen=True, slots=True)
class Result:
    """One result that was written into a header: by which method, what it is, and for which domain; none of a chain."""

    method: str
    result: str
    domain: str


class Senders:
    """Addresses of the directory, each with the key of its post; what is asked of them at each mail is worked out once.

    A directory of a whole continent has thousands, and to look at each of them took three times as long as all else.
    """

    def __init__(self, posts: Mapping[str, str]) -> None:
        """Begin.

        Args:
            posts: Addresses in small letters, each with the key of its post.
        """
        self.posts = posts
        self._domains = _own_domains(posts)
        self._seen: dict[str, str] = {}
        self._by_length: dict[int, list[str]] = {}
        for domain in self._domains:
            seen = _skeleton(domain)
            if seen not in self._seen:
                self._seen[seen] = domain
                self._by_length.setdefault(len(seen), []).append(seen)

    def post_of_domain(self, domain: str) -> str:
        """Give a post of a domain, or of the nearest one above it; empty where none has one."""
        labels = domain.split(".")
        above = (".".join(labels[at:]) for at in range(len(labels)))
        return next((self._domains[each] for each in above if each in self._domains), "")

    def like(self, domain: str) -> str:
        """Give a domain of the directory that another could be taken for; empty where there is none."""
        one = _skeleton(domain)
        parts = (part for at in range(len(one)) for part in (one[at:], one[: at + 1]))
        if (found := next((each for each in parts if each in self._seen), None)) is not None:
            return self._seen[found]
        if len(one) < _SHORTEST:
            return ""
        lengths = (each for each in (len(one) - 1, len(one), len(one) + 1) if each >= _SHORTEST)
        near = (extractOne(one, self._by_length.get(each, ()), scorer=OSA.distance, score_cutoff=1) for each in lengths)
        return next((self._seen[each[0]] for each in near if each), "")


def stand(fields: Sequence[tuple[str, str]], host: str, directory: Senders) -> Standing:
    """Say what is known of the sender of a mail.

    Args:
        fields: Its header, from the top, names in small letters, encoded words decoded.
        host: The name under which our own mail server writes its results; empty if it writes none.
        directory: The addresses of the directory.
    """
    written = [value for name, value in fields if name == "from"]
    senders = [found[0].lower() for value in written for found in _ADDRESS.finditer(value)]
    if not senders:
        return Standing("")
    # The address stands last; one in the name before it is what some programs show instead.
    sender, domain = senders[-1], _ascii(senders[-1].rpartition("@")[2])
    post = directory.posts.get(sender) or directory.post_of_domain(domain)
    if post:
        if len(written) > 1 or len(senders) > 1:
            return Standing("unproven", "several_senders", domain, post=post)
        proof, because = _weighed(list(results(fields, host)), domain)
        return Standing(proof, because, domain, post=post)
    if named := next((each for each in senders[:-1] if each in directory.posts), ""):
        return Standing("lookalike", "name", domain, named)
    like = directory.like(domain)
    return Standing("lookalike", "domain", domain, like) if like else Standing("", domain=domain)


def proven_sender(fields: Sequence[tuple[str, str]], host: str) -> str:
    """Give the one address that a mail is from, in small letters, if DKIM or DMARC proves its domain; else nothing.

    By SPF alone nothing is proven here: it says that a host may send, and many senders share one.

    Args:
        fields: As `stand` takes them.
        host: As `stand` takes it.
    """
    written = [value for name, value in fields if name == "from"]
    senders = [found[0].lower() for value in written for found in _ADDRESS.finditer(value)]
    if len(written) != 1 or len(senders) != 1:
        return ""
    counting = [each for each in results(fields, host) if each.method != "spf"]
    proof, _ = _weighed(counting, _ascii(senders[0].rpartition("@")[2]))
    return senders[0] if proof == "proven" else ""


def results(fields: Iterable[tuple[str, str]], host: str) -> Iterator[Result]:
    """Give the results that our own mail server wrote, of those methods that count."""
    if not host:
        return
    for name, value in takewhile(lambda field: field[0] != "received", fields):
        if name == _FIELD:
            server, *said = _bare(value).split(";")
            if server.split()[:1] == [host.lower()]:
                yield from filter(None, map(_result, said))


def _bare(value: str) -> str:
    """Take comments and quotation marks out, in small letters; nothing where they do not close.

    What a stranger wrote may be quoted in a result of ours, so nothing within marks may end it or begin another one.
    """
    plain, depth, quoted, signs = "", 0, False, iter(value.lower())
    for sign in signs:
        if sign == "\\" and (quoted or depth):
            next(signs, "")
        elif sign == '"' and not depth:
            quoted = not quoted
        elif quoted:
            plain += sign if sign.isalnum() or sign in ".@-" else "_"
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            plain += " "
        elif depth <= 0:
            plain += sign
    return "" if quoted or depth else plain


def _result(said: str) -> Result | None:
    found = _RESULT.match(said)
    if found is not None and found[1] == _CHAIN:
        return Result(_CHAIN, found[2], "")
    if found is None or found[1] not in _NAMES:
        return None
    properties = {(each[1], each[2]): each[3] for each in _PROPERTY.finditer(said)}
    domain = properties.get(_NAMES[found[1]], "").rpartition("@")[2]
    if found[1] == "dkim" and not domain:
        domain = properties.get(("header", "i"), "").rpartition("@")[2]
    return Result(found[1], found[2], _ascii(domain))


def _weighed(found: Sequence[Result], domain: str) -> tuple[Proof, str]:
    """Weigh the results for a domain: DMARC decides where it was asked, then any that passed for this domain."""
    forwarded = any((each.method, each.result) == (_CHAIN, "pass") for each in found)
    found = [each for each in found if each.method != _CHAIN]
    if not found:
        return "unproven", "forwarded" if forwarded else "no_results"
    dmarc = [each for each in found if each.method == "dmarc"]
    if any(each.result in _AGAINST for each in dmarc):
        return "failed", "dmarc"
    passed = [each for each in (*dmarc, *found) if each.result == "pass"]
    if ours := next((each for each in passed if _covers(each.domain, domain)), None):
        return "proven", ours.method
    if passed:
        return "unproven", "forwarded" if forwarded else "not_aligned"
    against = next((each for each in found if each.result in _AGAINST), None)
    return ("failed", against.method) if against else ("unproven", "no_results")


def _covers(verified: str, domain: str) -> bool:
    """Say whether what was verified speaks for a domain: the same, or one above it that is no whole country's."""
    return domain == verified or (verified.count(".") >= 1 and domain.endswith(f".{verified}"))


@cache
def _shared() -> frozenset[str]:
    return frozenset(" ".join(load("mail_providers").values()).split())


def _own_domains(posts: Mapping[str, str]) -> dict[str, str]:
    """Give the domains that are an authority's own, each with one of its posts; nobody owns that of a provider."""
    found = {_ascii(address.rpartition("@")[2]): post for address, post in posts.items()}
    return {domain: post for domain, post in found.items() if domain not in _shared()}


def _skeleton(domain: str) -> str:
    """Give what the eye sees of a domain: no dots and hyphens, letters that look alike as one."""
    shown = ".".join(map(_unicode, domain.split(".")))
    bare = "".join(each for each in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(each))
    plain = bare.lower().translate(_ALIKE).replace("rn", "m").replace("vv", "w")
    return "".join(each for each in plain if each.isalnum())


def _unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii", "replace").decode("punycode")
    except UnicodeError:
        return label


def _ascii(domain: str) -> str:
    """Give a domain as it is compared: small letters, other scripts as `xn--…`, no dot at the end."""
    return ".".join(map(_label, domain.strip().lower().rstrip(".").split(".")))


def _label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
