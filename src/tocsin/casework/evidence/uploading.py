"""How Django hands over the bytes of files that are being sent: straight into the seal, never to memory or disk."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from tocsin.accounts.door import DeskRequest
from tocsin.casework.evidence import actions, files
from tocsin.casework.evidence.files import Arrived, Intaking
from tocsin.core.errors import TooLarge


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that was sealed as it came; there is nothing to be read from it."""

    def __init__(self, arrived: Arrived, name: str) -> None:
        super().__init__(file=None, name=name, content_type=arrived.media_type, size=arrived.size)
        self.arrived = arrived


class Sealing(FileUploadHandler):
    """The one handler of an upload of evidence; it replaces Django's, which keep files in clear."""

    def __init__(self, request: DeskRequest, case: UUID) -> None:
        super().__init__(request)
        self._asked, self._case = request, case
        self._taking: Intaking | None = None
        self.arrived: list[UUID] = []
        self.too_large = False

    def new_file(self, *of: Any, **also: Any) -> None:
        """Begin with a file."""
        super().new_file(*of, **also)
        if self.field_name != "upload":
            raise SkipFile
        self._taking = actions.begin(self._asked.actor, self._case, now=self._asked.now)
        self.arrived.append(self._taking.id)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django hands it over
        """Seal some bytes."""
        if self._taking is None:
            raise SkipFile
        try:
            self._taking.take(raw_data)
        except TooLarge as error:
            self.too_large = True
            raise StopUpload(connection_reset=False) from error

    def file_complete(self, file_size: int) -> SealedUpload | None:  # noqa: ARG002 - counted while it came
        """Give what the form sees of a file."""
        if self._taking is None or self.too_large:
            return None
        taken, self._taking = self._taking, None
        return SealedUpload(taken.end(), self.file_name or "")

    def discard(self) -> None:
        """Remove what came for nothing."""
        files.discard(self.arrived)
