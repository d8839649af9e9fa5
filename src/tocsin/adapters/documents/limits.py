"""How much a file may ask for before it is refused."""

import struct
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for one file, applied before and while it is opened.

    Attributes:
        input_bytes: Size of the file.
        unpacked_bytes: Sum of what a ZIP container unpacks to.
        ratio: Unpacked size over packed size of a ZIP container.
        entries: Members of a ZIP container.
        pages: Pages of a PDF.
        elements: XML or HTML elements of one part.
        depth: Nested elements of a page or a Word part.
        mail_parts: MIME parts of a mail, forwarded mails included.
        mail_depth: Mails and documents within each other.
        text_characters: Text that is handed on.
        cpu_seconds: Processor time of the child process.
        wall_seconds: Time until the child process is killed.
        memory_bytes: Address space of the child process.
        open_files: File descriptors of the child process.
    """

    input_bytes: int = 25_000_000
    unpacked_bytes: int = 200_000_000
    ratio: int = 100
    entries: int = 2_000
    pages: int = 300
    elements: int = 100_000
    depth: int = 200
    mail_parts: int = 200
    mail_depth: int = 10
    text_characters: int = 4_000_000
    cpu_seconds: int = 20
    wall_seconds: int = 25
    memory_bytes: int = 512 * 1024 * 1024
    open_files: int = 64

    def to_arguments(self) -> list[str]:
        """Write the limits as words of a command line, in the order of the fields."""
        return [str(value) for value in asdict(self).values()]

    @classmethod
    def from_arguments(cls, words: list[str]) -> "Limits":
        """Read what `to_arguments` wrote."""
        return cls(**dict(zip((field.name for field in fields(cls)), map(int, words), strict=True)))


LIMITS = Limits()

# The first line of the child's answer, written when its confinement stands and before it reads the file.
READY = b"ready\n"
READY_UNFILTERED = b"ready, without a system-call filter\n"

# How long a file is that a child is given behind others.
SIZE = struct.Struct(">I")

# How a child ended that was forked for one file: its return code, or below zero the number of a signal.
STATUS = struct.Struct(">i")
