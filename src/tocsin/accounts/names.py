"""The directory: who works here, as a small case of its own that everybody on the site holds."""

from uuid import UUID

from tocsin.vault.sealing import Place

DIRECTORY = UUID("6f5bd5b6-2f0e-4f6e-9c0b-0d2f5a0e7a11")
COMPARTMENT = "names"


def name_place(account: UUID) -> Place:
    """Tell where the name of an account is sealed to."""
    return Place("account", account, "name")
