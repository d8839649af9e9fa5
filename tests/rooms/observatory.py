"""What Mozilla's Observatory would say of an answer over TLS, recomputed from its published table of scores.

Only what an answer itself shows: the redirection to TLS is tested apart, and preloading depends on a list of others.
"""

from django.http import HttpResponse

_HALF_A_YEAR = 15_768_000


def score(answer: HttpResponse) -> int:
    """Give the points; extra points count from 90 on."""
    rows = [_policy(answer), _cookies(answer), _transport(answer), _referrer(answer), _types(answer), _frames(answer)]
    base = 100 + sum(each for each in rows if each < 0)
    return base + sum(each for each in rows if each > 0) if base >= 90 else base


def _directives(answer: HttpResponse) -> dict[str, list[str]]:
    parts = answer.headers.get("Content-Security-Policy", "").split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def _policy(answer: HttpResponse) -> int:
    policy = _directives(answer)
    if not policy:
        return -25
    sources = {
        word for name in ("default-src", "script-src", "style-src", "object-src") for word in policy.get(name, [])
    }
    if {"'unsafe-inline'", "'unsafe-eval'", "data:", "*", "https:", "http:"} & sources:
        return -20
    return 10 if policy.get("default-src") == ["'none'"] else 5


def _cookies(answer: HttpResponse) -> int:
    session = [each for each in answer.cookies.values() if "session" in each.key or "csrf" in each.key]
    if any(not each["secure"] for each in answer.cookies.values()):
        return -40 if session else -20
    if any(not each["httponly"] for each in session):
        return -30
    if answer.cookies and all(each["samesite"] in ("Strict", "Lax") for each in answer.cookies.values()):
        return 5
    return 0


def _transport(answer: HttpResponse) -> int:
    words = answer.headers.get("Strict-Transport-Security", "").replace(" ", "").split(";")
    age = next((int(word.partition("=")[2]) for word in words if word.startswith("max-age=")), None)
    if age is None:
        return -20
    return 0 if age >= _HALF_A_YEAR else -10


def _referrer(answer: HttpResponse) -> int:
    said = answer.headers.get("Referrer-Policy", "")
    if said in {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}:
        return 5
    return -5 if said else 0


def _types(answer: HttpResponse) -> int:
    return 0 if answer.headers.get("X-Content-Type-Options") == "nosniff" else -5


def _frames(answer: HttpResponse) -> int:
    if "frame-ancestors" in _directives(answer):
        return 5
    return 0 if answer.headers.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"} else -20
