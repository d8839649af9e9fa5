"""What a mail is, and what a reply of an authority amounts to: by rules that are data, each with the words it found.

Nothing here decides anything: a person confirms. Only what the writer says herself counts, not what she quotes.
"""

from tocsin.core.classifying.kinds import LIKELY, SURE, UNSURE, Classified, Signs, Why, classify
from tocsin.core.classifying.senders import Proof, Senders, Standing, proven_sender, stand

__all__ = [
    "LIKELY",
    "SURE",
    "UNSURE",
    "Classified",
    "Proof",
    "Senders",
    "Signs",
    "Standing",
    "Why",
    "classify",
    "proven_sender",
    "stand",
]
