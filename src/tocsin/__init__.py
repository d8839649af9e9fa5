"""Tocsin: from a report of an attack on a human rights defender to a coded urgent appeal, until the person is safe."""

__version__ = "0.1.0"
