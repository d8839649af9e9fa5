"""What a mailer tells whoever looks after its machine: why nothing goes out. It stands in the log of the process."""

import logging
from typing import Final

_LOG: Final = logging.getLogger(__name__)


class Telling:
    """Tells what is wrong once, and again only after something else; never of a reader or of an appeal."""

    def __init__(self) -> None:
        self._told = ""

    def tell(self, words: str) -> None:
        """Tell it, unless it was the last that was told; nothing is wrong if there are no words."""
        if words and words != self._told:
            _LOG.warning(words)
        self._told = words
