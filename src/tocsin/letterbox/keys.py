"""The key that what comes from outside is sealed to, as those processes see it that hold public halves only."""

from typing import TypeVar

from tocsin.core.errors import LetterboxClosed, NotVouched
from tocsin.letterbox.models import OutsideKey
from tocsin.vault import letters as vault

_Key = TypeVar("_Key", bound=OutsideKey)


def key_in_use(table: type[_Key]) -> _Key:
    """Give the key of a table that what comes is sealed to.

    Raises:
        LetterboxClosed: if there is none, or nobody of the site stands for it.
    """
    key = table._default_manager.filter(retired_at=None).order_by("-made_at").first()
    if key is None:
        raise LetterboxClosed("nothing is taken here: it is closed")
    try:
        vouched = vault.is_vouched(key.made_by, key.id, bytes(key.public), bytes(key.signature))
    except NotVouched:
        vouched = False
    if not vouched:
        raise LetterboxClosed("nobody of this site stands for the key of what comes here")
    return key
