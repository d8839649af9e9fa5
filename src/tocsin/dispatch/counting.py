"""How many readers there are, for those who run the site: numbers alone."""

from collections import Counter

from django.db.models import Count

from tocsin.dispatch.models import SUBSCRIBER_STATES, Subscriber, Suppression


def count_by_state() -> dict[str, int]:
    """Count readers by where they stand."""
    counts = dict(Subscriber.objects.values_list("state").annotate(Count("id")))
    return {state: counts.get(state, 0) for state in SUBSCRIBER_STATES}


def count_by_first_language() -> dict[str, int]:
    """Count active readers by the language that each wants first, the most wanted one first."""
    rows = Subscriber.objects.filter(state="active").values_list("languages").annotate(Count("id"))
    counts: Counter[str] = Counter()
    for languages, readers in rows:
        counts[languages.split()[0]] += readers
    return dict(sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def count_suppressed() -> int:
    """Count the addresses to which nothing is sent."""
    return Suppression.objects.count()
