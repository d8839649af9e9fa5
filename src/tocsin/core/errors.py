"""Every error that Tocsin raises on purpose, as one tree.

```text
TocsinError
├── BadInput             input.*        a file or text that cannot be taken
│   ├── MissingInput     input.missing      no such file, or not readable
│   ├── EmptyInput       input.empty        nothing but white space
│   ├── BinaryInput      input.binary       not text and not a known document type
│   ├── TooLarge         input.too_large    over a limit, before or while it is opened
│   ├── UndecodableInput input.encoding     bytes that fit no encoding we read
│   ├── Unfetched        input.unfetched    an address from which nothing can be fetched
│   ├── DamagedFile      input.damaged      truncated or broken document
│   └── RefusedFile      input.refused      a document that behaves like an attack, or breaks a limit while it is opened
│       └── Encrypted    input.encrypted    a document that only its password opens
├── BadOutput            output.bad     a place that cannot be written to
├── NoCard               card.none      a document that is not published or has no code is given no share card
├── MissingFont          font.missing   no face of ours prints a script, or a face is gone
├── NotTypeset           page.unset     an appeal that cannot be made a page, whatever the fonts
├── BadCode              code.bad       not a reference code of the scheme
├── BadRegistry          registry.bad   a list of codes that cannot be used
├── BadDocument          document.bad   JSON that is no appeal document
│   └── NewerSchema      document.newer a document of a later version of the schema
├── BadPublication       publication.bad    what cannot be published, or a file that is no publication
│   ├── NewerPublication publication.newer  a publication of a later version of Tocsin
│   ├── NotSigned        publication.unsigned   fewer than two publishers signed it
│   │   └── Disavowed    publication.disavowed  signed by a key that was stolen, and not confirmed by others
│   ├── Withdrawn        publication.withdrawn  an appeal that was retracted
│   └── NotPublished     publication.none       nothing is published under this name, or not yet
├── BadCase              case.bad       YAML or JSON that is no case, or a record that breaks a rule
│   ├── NewerCase        case.newer         a case of a later version of the schema
│   ├── DanglingReference case.dangling     a record names another one that is not there
│   ├── UnknownCode      case.code          a code that is in none of the lists of its field
│   └── ContradictoryChronology case.chronology times of events that exclude one another
├── BadVocabulary        vocabulary.bad a list that breaks the rules for lists
├── BadPhrasebook        phrasebook.bad a formula that is missing or has a hole, or a language without formulae
├── BadTreaties          treaties.bad   a table of treaty statuses that cannot be used
├── BadDirectory         directory.bad  a file of authorities that cannot be taken, or of which a row cannot
├── BadMessage           message.bad    bytes, a header or settings of a mailing that may not leave as mail
├── BadKey               openpgp.bad    an OpenPGP key to which nothing can be encrypted, or that cannot sign
├── BadAddress           address.bad    an address of e-mail that is not of the strict form
├── BadWish              wish.bad       what a reader asks for, and no list or form has
│   └── PrivateKey       wish.private_key   a private key, pasted where the public one belongs
├── NoMailServer         mail.unreachable   a mail server that cannot be reached, or does not talk to us
│   └── NotSecure        mail.insecure  a connection to a mail server that nobody could vouch for
├── BadWaiver            waiver.bad     a waiver that cannot be given
├── BadSettings          settings.bad   a site whose settings are missing, wrong or unsafe
├── Locked               vault.locked   what stays closed
│   ├── WrongSecret      vault.wrong_secret     a passphrase or recovery code that opens nothing
│   ├── CannotOpen       vault.cannot_open      key, sealed bytes and place do not belong together
│   ├── NewerSeal        vault.newer            sealed by a later version of Tocsin
│   ├── NoGrant          vault.no_grant         no key of this compartment for this person
│   └── NotVouched       vault.not_vouched      public keys that nobody of this site stands for
├── NotAllowed           access.denied  missing or not yours: the two are never told apart
├── StepUpNeeded         access.step_up something dangerous, for which the second factor is shown again
├── TooManyTries         access.tries   tries at a name or from a place, more than anybody needs
├── TooManyCases         access.hurry   more cases opened within an hour than one person works on
├── StillOpening         search.opening  a page that speaks of all cases of a person, while they are not all open yet
├── BadRequest           access.bad     a wish that cannot be met as it was put
├── BadQuestion          api.question   a question to the public API that it cannot read
├── LetterboxClosed      letterbox.closed   a letter that cannot be taken now: no key to seal it to, or too much waits
├── InboxFull            inbox.full     mail that is not taken, because too much came in one day
├── Frozen               site.frozen    nothing is done until those who run the site lift it
├── ClockDoubted         site.clock     what waits for a time, while nobody can tell what time it is
├── Unreachable          site.unreachable   a database that is held by another process, or cannot be reached
├── BadBackup            backup.bad     a backup that is cut short, changed, for another key, or does not fit
│   └── NewerBackup      backup.newer   a backup of a later version of Tocsin
├── ChangedMeanwhile     record.changed somebody else saved between reading and saving
└── BrokenJournal        journal.broken an entry is missing or was changed
```

`code` is stable and for machines; the message is one line for a person: what, where, and what to do.
"""

from typing import ClassVar


class TocsinError(Exception):
    """Root of the tree.

    Args:
        what: What is wrong, in one sentence without a full stop.
        where: The file, line, key or position; never text of a case.
        hint: What the person can do about it.
    """

    code: ClassVar[str] = "tocsin"

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what, self.where, self.hint = what, where, hint

    def __str__(self) -> str:
        """Give the one line a person reads."""
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return " ".join(f"{place}{self.what}{advice}".split())


class BadInput(TocsinError):
    """A file or text that cannot be taken."""

    code = "input.bad"


class MissingInput(BadInput):
    """No such file, or not readable."""

    code = "input.missing"


class EmptyInput(BadInput):
    """Nothing but white space."""

    code = "input.empty"


class BinaryInput(BadInput):
    """Neither text nor a known document type."""

    code = "input.binary"


class TooLarge(BadInput):
    """Over a limit, before or while it is opened."""

    code = "input.too_large"


class UndecodableInput(BadInput):
    """Bytes that fit no encoding we read."""

    code = "input.encoding"


class Unfetched(BadInput):
    """An address from which nothing can be fetched, or nothing that can be believed."""

    code = "input.unfetched"


class DamagedFile(BadInput):
    """A truncated or broken document."""

    code = "input.damaged"


class RefusedFile(BadInput):
    """A document that behaves like an attack, or breaks a limit while it is opened."""

    code = "input.refused"


class Encrypted(RefusedFile):
    """A document that only its password opens."""

    code = "input.encrypted"


class BadOutput(TocsinError):
    """A place that cannot be written to."""

    code = "output.bad"


class NoCard(TocsinError):
    """A document that is not published or has no code is given no share card."""

    code = "card.none"


class MissingFont(TocsinError):
    """No face of ours prints a script, or a face that was installed is gone."""

    code = "font.missing"


class NotTypeset(TocsinError):
    """An appeal that cannot be made a page: a word or a line of it is beyond what the form of the file allows."""

    code = "page.unset"


class BadCode(TocsinError):
    """Not a reference code of the scheme."""

    code = "code.bad"


class BadRegistry(TocsinError):
    """A list of codes that cannot be used."""

    code = "registry.bad"


class BadDocument(TocsinError):
    """JSON that is no appeal document."""

    code = "document.bad"


class NewerSchema(BadDocument):
    """A document of a later version of the schema."""

    code = "document.newer"


class BadPublication(TocsinError):
    """What cannot be published, or a file that is no publication."""

    code = "publication.bad"


class NewerPublication(BadPublication):
    """A publication of a later version of Tocsin."""

    code = "publication.newer"


class NotSigned(BadPublication):
    """Fewer than two publishers signed it."""

    code = "publication.unsigned"


class Disavowed(NotSigned):
    """It was signed, but by a key that the publisher disavowed, and is not among what stays genuine of that key."""

    code = "publication.disavowed"


class Withdrawn(BadPublication):
    """An appeal that was retracted."""

    code = "publication.withdrawn"


class BadMessage(TocsinError):
    """Bytes, a header or settings of a mailing that may not leave as mail."""

    code = "message.bad"


class BadKey(TocsinError):
    """An OpenPGP key to which nothing can be encrypted, or that cannot sign."""

    code = "openpgp.bad"


class BadAddress(TocsinError):
    """An address of e-mail that is not of the strict form; the message never holds the address."""

    code = "address.bad"


class BadWish(TocsinError):
    """What a reader asks for, and no list or form has."""

    code = "wish.bad"


class PrivateKey(BadWish):
    """A private key, pasted where the public one belongs."""

    code = "wish.private_key"


class NotPublished(BadPublication):
    """Nothing is published under this name, or not yet: the two are never told apart."""

    code = "publication.none"


class NoMailServer(TocsinError):
    """A mail server that cannot be reached, or does not talk to us."""

    code = "mail.unreachable"


class NotSecure(NoMailServer):
    """A connection to a mail server that nobody could vouch for: no encryption, or no certificate that is trusted."""

    code = "mail.insecure"


class BadWaiver(TocsinError):
    """A waiver that cannot be given."""

    code = "waiver.bad"


class BadTreaties(TocsinError):
    """A table of treaty statuses that cannot be used."""

    code = "treaties.bad"


class BadDirectory(TocsinError):
    """A file of authorities that cannot be taken, or of which a row cannot."""

    code = "directory.bad"


class BadCase(TocsinError):
    """YAML or JSON that is no case, or a record that breaks a rule; `where` is the id of the record and the key."""

    code = "case.bad"


class NewerCase(BadCase):
    """A case of a later version of the schema."""

    code = "case.newer"


class DanglingReference(BadCase):
    """A record names another one that is not there, or of another kind."""

    code = "case.dangling"


class UnknownCode(BadCase):
    """A code that is in none of the lists of its field."""

    code = "case.code"


class ContradictoryChronology(BadCase):
    """Times of events that exclude one another; `where` are the ids of the events."""

    code = "case.chronology"


class BadVocabulary(TocsinError):
    """A list that breaks the rules for lists."""

    code = "vocabulary.bad"


class BadPhrasebook(TocsinError):
    """A formula that is missing or cannot be filled, or a language without formulae."""

    code = "phrasebook.bad"


class BadSettings(TocsinError):
    """A site whose settings are missing, wrong or unsafe."""

    code = "settings.bad"


class Locked(TocsinError):
    """What stays closed."""

    code = "vault.locked"


class WrongSecret(Locked):
    """A passphrase or recovery code that opens nothing."""

    code = "vault.wrong_secret"


class CannotOpen(Locked):
    """Key, sealed bytes and place do not belong together: something was changed or moved."""

    code = "vault.cannot_open"


class NewerSeal(Locked):
    """Sealed by a later version of Tocsin."""

    code = "vault.newer"


class NoGrant(Locked):
    """No key of this compartment for this person."""

    code = "vault.no_grant"


class NotVouched(Locked):
    """Public keys that nobody of this site stands for."""

    code = "vault.not_vouched"


class NotAllowed(TocsinError):
    """Missing or not yours: the two are never told apart."""

    code = "access.denied"


class StepUpNeeded(TocsinError):
    """Something dangerous, for which the second factor has to be shown again."""

    code = "access.step_up"


class TooManyTries(TocsinError):
    """More tries at a name or from a place than anybody needs; it passes within a minute."""

    code = "access.tries"


class TooManyCases(TocsinError):
    """More cases opened within an hour than one person works on; the next one opens when the hour is over."""

    code = "access.hurry"


class StillOpening(TocsinError):
    """The cases of a person are not all open yet: so many are, of so many. Nothing can be said of all of them.

    Where they are, and the names in them are still being sorted, that is counted (`is_sorting`).
    """

    code = "search.opening"

    def __init__(self, opened: int, held: int, *, is_sorting: bool = False) -> None:
        super().__init__("your cases are still being opened", hint="ask again")
        self.opened, self.held, self.is_sorting = opened, held, is_sorting


class BadRequest(TocsinError):
    """A wish that cannot be met as it was put."""

    code = "access.bad"


class BadQuestion(TocsinError):
    """A question to the public API that it cannot read; `where` is the parameter."""

    code = "api.question"


class LetterboxClosed(TocsinError):
    """A letter that cannot be taken now: there is no key to seal it to, or too much waits."""

    code = "letterbox.closed"


class InboxFull(TocsinError):
    """Mail that is not taken, because too much came in one day."""

    code = "inbox.full"


class Frozen(TocsinError):
    """Nothing is done until those who run the site lift it."""

    code = "site.frozen"


class ClockDoubted(TocsinError):
    """What goes out at a time is held back: the clock of this machine disagrees with what else knows the time."""

    code = "site.clock"


class Unreachable(TocsinError):
    """A database that is held by another process, or cannot be reached."""

    code = "site.unreachable"


class BadBackup(TocsinError):
    """A backup that is cut short, was changed, is for another key, or does not fit together."""

    code = "backup.bad"


class NewerBackup(BadBackup):
    """A backup of a later version of Tocsin."""

    code = "backup.newer"


class ChangedMeanwhile(TocsinError):
    """Somebody else saved between reading and saving; nothing was overwritten.

    `records` names what both changed by section and id, for the eyes of who has the case open; the message does not.
    """

    code = "record.changed"

    def __init__(
        self,
        what: str,
        *,
        records: frozenset[tuple[str, str]] = frozenset(),
        hint: str | None = "compare, and save again",
    ) -> None:
        super().__init__(what, hint=hint)
        self.records = records


class BrokenJournal(TocsinError):
    """An entry of the journal is missing or was changed."""

    code = "journal.broken"
