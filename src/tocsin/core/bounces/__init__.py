"""What comes back to a return path: reports of failed deliveries, complaints, answers of machines, letters.

Nothing here believes a report: whoever counts one asks first whether its token is that of a message that was sent.
"""

from tocsin.core.bounces.glance import looks_automatic
from tocsin.core.bounces.heading import COUNTING, read_heading
from tocsin.core.bounces.parts import Fields
from tocsin.core.bounces.reading import REPORTS, Returned, Sort, came_for_many, read
from tocsin.core.bounces.statuses import Course, Kind, row_of
from tocsin.core.bounces.unanswered import may_be_answered, read_head
from tocsin.core.bounces.words import Evidence, Failure

__all__ = [
    "COUNTING",
    "REPORTS",
    "Course",
    "Evidence",
    "Failure",
    "Fields",
    "Kind",
    "Returned",
    "Sort",
    "came_for_many",
    "looks_automatic",
    "may_be_answered",
    "read",
    "read_head",
    "read_heading",
    "row_of",
]
