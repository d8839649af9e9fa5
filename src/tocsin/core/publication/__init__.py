"""What is published: an appeal, its retraction, that a key was stolen; each signed by two, and how anybody checks it.

Through the hatch between the private house and the public one goes nothing but these values. `PublicAppeal` holds the
canonical bytes of each edition; `verify` says which signatories signed them, with an Ed25519 that the caller brings.
"""

from tocsin.core.publication.canonical import canonical, canonical_bytes
from tocsin.core.publication.copies import Difference, differences
from tocsin.core.publication.files import from_file, signatories_from_file, signatories_to_file, to_file
from tocsin.core.publication.letter_languages import LetterLanguages
from tocsin.core.publication.missions import MOST, OFFICES, Mission, Way
from tocsin.core.publication.salutations import Salutation
from tocsin.core.publication.statements import (
    Disavowal,
    Edition,
    PublicAppeal,
    PublishedKind,
    Retraction,
    Signature,
    Statement,
    Words,
    digest_of,
    edition_of,
)
from tocsin.core.publication.verifying import NEEDED, Signatory, disavow, disavowal_of, key_id_of, verify

__all__ = [
    "MOST",
    "NEEDED",
    "OFFICES",
    "Difference",
    "Disavowal",
    "Edition",
    "LetterLanguages",
    "Mission",
    "PublicAppeal",
    "PublishedKind",
    "Retraction",
    "Salutation",
    "Signatory",
    "Signature",
    "Statement",
    "Way",
    "Words",
    "canonical",
    "canonical_bytes",
    "differences",
    "digest_of",
    "disavow",
    "disavowal_of",
    "edition_of",
    "from_file",
    "key_id_of",
    "signatories_from_file",
    "signatories_to_file",
    "to_file",
    "verify",
]
