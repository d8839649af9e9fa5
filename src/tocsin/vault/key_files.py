"""Private keys in files of their own, for programs that have to open them by themselves: in clear, for one owner."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tocsin.core.errors import BadOutput, BadSettings


def read_pem(path: Path) -> PrivateKeyTypes:
    """Read a private key from a file in PEM that nobody but its owner can read.

    Raises:
        BadSettings: It cannot be read, others can read it, or it holds no private key.
    """
    where = path.name
    try:
        if path.stat().st_mode & 0o077:
            raise BadSettings("others can read this key", where=where, hint="chmod 600")
        return load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise BadSettings("this key cannot be read", where=where) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadSettings("this is no private key in PEM without a passphrase", where=where) from error


def write_new(path: Path, pem: bytes) -> None:
    """Write a private key into a new file that its owner alone can read.

    Raises:
        BadOutput: There is such a file already, or it cannot be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise BadOutput("there is such a file already", where=path.name) from error
    except OSError as error:
        raise BadOutput("this file cannot be written", where=path.name) from error
