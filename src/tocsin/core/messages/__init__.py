"""Appeals as mail: one message made once for all readers of a language and variant, and filled for each of them.

Nothing here sends. What differs from reader to reader are three lines of the header, the return path and the
signatures; no link but that for leaving, and no picture, tells anybody who reads.
"""

from tocsin.core.messages.addresses import Address
from tocsin.core.messages.letters import Envelope, letter
from tocsin.core.messages.openpgp import PgpReader, PgpSigner
from tocsin.core.messages.signing import Algorithm, Key, Signer
from tocsin.core.messages.stencil import HEADERS, OWN, Masthead, Message, Stencil, Variant, cut
from tocsin.core.messages.threads import Thread, conversation_of
from tocsin.core.messages.tokens import Tokens, reply_token, tokens_for
from tocsin.core.messages.wire import LONGEST_LINE, Wire

__all__ = [
    "HEADERS",
    "LONGEST_LINE",
    "OWN",
    "Address",
    "Algorithm",
    "Envelope",
    "Key",
    "Masthead",
    "Message",
    "PgpReader",
    "PgpSigner",
    "Signer",
    "Stencil",
    "Thread",
    "Tokens",
    "Variant",
    "Wire",
    "conversation_of",
    "cut",
    "letter",
    "reply_token",
    "tokens_for",
]
