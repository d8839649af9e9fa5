"""What is written to the log of the server: enough to find a fault, nothing of whom or what it was about.

Messages in code are templates; what is put into their places (paths with ids, values in the words of an error) is left
out, and so are the words of exceptions. A fault is found by its number, the name of the address, and the lines of code.
"""

import logging
import traceback
from typing import Any


class Sparing(logging.Formatter):
    """Writes one line: when, how grave, where in the program, and which answer to which address, by its name."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        words = [self.formatTime(record), record.levelname, record.name]
        request = getattr(record, "request", None)
        if request is None:
            words.append(_one_line(str(record.msg)))
        else:
            match = getattr(request, "resolver_match", None)
            words += [
                str(getattr(record, "status_code", "")),
                getattr(request, "method", None) or "-",
                (match.view_name if match else "") or "-",
                getattr(request, "number", "-"),
            ]
        if record.exc_info and record.exc_info[1] is not None:
            words += [type(record.exc_info[1]).__name__, *_lines(record.exc_info[1])]
        return " ".join(words)


def _one_line(words: str) -> str:
    return " ".join(word for word in words.split() if word.isprintable())


def _lines(error: BaseException) -> list[str]:
    """Name the lines of code that an error passed, without what they worked on."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"sparing": {"()": Sparing}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "sparing", "level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django's own would print paths, and would mail whole requests to administrators.
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # What is not there, and forms that are too old, are everyday.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
