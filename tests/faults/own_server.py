"""A server of PostgreSQL for one module of faults alone: with `fsync` on, and to be killed."""

import os

from lacking import lacking
from two_databases import Server, start_postgresql


def own_server(name: str) -> Server:
    """Start a server that nobody else uses; skip, or fail where it must be there, if there is none."""
    try:
        return start_postgresql(f"{name[:5]}-{os.getpid()}")
    except RuntimeError as missing:
        lacking(str(missing))
