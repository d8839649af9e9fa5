"""What a person holds of a case while she works on it: its data keys, opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tocsin.core.errors import CannotOpen, NoGrant
from tocsin.vault.sealing import DataKey, Place, key_version_of


@dataclass(frozen=True, slots=True)
class CompartmentKeys:
    """All versions of one compartment's data key, newest first."""

    versions: tuple[DataKey, ...]

    @property
    def newest(self) -> DataKey:
        """Give the key that new values are sealed with."""
        return self.versions[0]

    def seal(self, value: bytes, place: Place) -> bytes:
        """Seal a value with the newest key."""
        return self.newest.seal(value, place)

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Open a value with the key that it was sealed with."""
        wanted = key_version_of(sealed)
        key = next((key for key in self.versions if key.version == wanted), None)
        if key is None:
            raise CannotOpen("this was sealed with a key that you do not hold")
        return key.open(sealed, place)


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """The compartments of a case that a person may open."""

    case: UUID
    compartments: Mapping[str, CompartmentKeys]

    def __getitem__(self, compartment: str) -> CompartmentKeys:
        """Give the keys of a compartment.

        Raises:
            NoGrant: if the person holds none.
        """
        if compartment not in self.compartments:
            raise NoGrant("you hold no key of this part of the case")
        return self.compartments[compartment]
