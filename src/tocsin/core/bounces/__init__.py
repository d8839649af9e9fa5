"""What comes back to a return path: reports of failed deliveries, complaints, answers of machines, letters.

Nothing here believes a report: whoever counts one asks first whether its token is that of a message that was sent.
"""

from tocsin.core.bounces.glance import looks_automatic
from tocsin.core.bounces.reading import REPORTS, Returned, Sort, came_for_many, read
from tocsin.core.bounces.statuses import Course, Kind, row_of
from tocsin.core.bounces.words import Evidence, Failure

__all__ = [
    "REPORTS",
    "Course",
    "Evidence",
    "Failure",
    "Kind",
    "Returned",
    "Sort",
    "came_for_many",
    "looks_automatic",
    "read",
    "row_of",
]
