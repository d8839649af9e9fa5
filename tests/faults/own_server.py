"""A server of PostgreSQL for one module of faults alone: with `fsync` on, and to be killed."""

import os

import pytest

from two_databases import Server, must_have_postgresql, start_postgresql


def own_server(name: str) -> Server:
    """Start a server that nobody else uses; skip, or fail where it must be there, if there is none."""
    try:
        return start_postgresql(f"{name[:5]}-{os.getpid()}")
    except RuntimeError as missing:
        (pytest.fail if must_have_postgresql() else pytest.skip)(str(missing))
