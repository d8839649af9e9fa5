"""`tocsin verify`: whether a copy of an appeal is genuine."""

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import click

from tocsin.adapters.documents import Extracted, extract
from tocsin.adapters.outlets import Format, formats_of, render_file
from tocsin.cli.inputs import read_table
from tocsin.cli.terminal import one_line
from tocsin.core.errors import BadInput, BadPublication, Disavowed, Unfetched
from tocsin.core.publication import (
    Difference,
    Disavowal,
    Edition,
    PublicAppeal,
    Retraction,
    Signatory,
    Statement,
    canonical,
    differences,
    disavow,
    disavowal_of,
    from_file,
    signatories_from_file,
)
from tocsin.core.publication import (
    verify as verify_statement,
)
from tocsin.core.render.alert import Alert, alert_of, is_alert, read_alerts

_LARGEST = 20_000_000
_LONGEST_SHOWN = 400
# How it ends where a key that was stolen signed: neither changed (1) nor unreadable or unsigned (2).
_VOID = 3
_HOSTED = re.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?/appeals/", re.IGNORECASE)
# The forms of a file that a copy of some kind is compared with.
_FORMS: dict[str, tuple[Format, ...]] = {
    "text": ("txt", "md"),
    "html": ("html",),
    "docx": ("docx",),
    "pdf": ("pdf",),
    "eml": ("eml",),
}
_PICTURE = b"\x89PNG"


@click.command(epilog="Example: tocsin verify proof.json --keys signatories.json")
@click.argument("file", metavar="FILE")
@click.option("--keys", "keys_path", required=True, metavar="FILE", help="The publisher's list of keys.")
@click.option("--proof", "proof_path", metavar="FILE", help="The signed proof, where FILE is a copy of another kind.")
@click.option("--tor", metavar="HOST:PORT", help="Fetch through Tor (SOCKS), as an onion name needs: 127.0.0.1:9050.")
def verify(file: str, keys_path: str, proof_path: str | None, tor: str | None) -> None:
    """Say whether FILE, a signed proof or a copy of an appeal, is genuine: signed by two keys of the publisher.

    A copy may be the JSON of an edition, or HTML, PDF, DOCX, mail, Markdown, text or an alert (CAP): it is compared
    with the signed proof word for word, and what is missing in it, and what stands in it unsigned, is printed;
    where its links lead is not looked at, and of an alert that and its sender are printed. A share card (PNG) is
    the one that is made of what was signed, or is not. An appeal that was published before the publisher's site is
    said to be ARCHIVED, never genuine. Make sure by another way that the keys are the publisher's. Ends with 1
    where the copy is not what was signed, and with 3 where a key signed it that the publisher says was stolen: it
    is VOID, whatever its words are.

    FILE may be the address of an appeal on a public site: then it is fetched with the proof beside it, over https
    and from that host alone, with the list of keys there, of which only is believed what your own keys signed: that
    one of them was stolen. The server learns that you asked, and with --tor not who you are. Nothing else is looked
    up anywhere.

    Example: tocsin verify appeal.pdf --proof proof.json --keys signatories.json
    """
    if is_address(file):
        if proof_path is not None:
            raise BadInput("the proof of an address lies beside it", hint="leave --proof out")
        raise SystemExit(0 if _verified_there(file, keys_path, _proxy(tor)) else 1)
    if [file, keys_path, proof_path].count("-") > 1:
        raise BadInput("standard input cannot be two of the files")
    keys = _keys(keys_path)
    path = proof_path or file
    statement = from_file(read_table(path, largest=_LARGEST, what="a proof"), where=path)
    if _is_void(statement, keys, path):
        raise SystemExit(_VOID)
    if proof_path is not None and not _compared(_read(file), file, statement):
        raise SystemExit(1)


def is_address(text: str) -> bool:
    """Say whether this is an address and no file: it names a scheme, or a host with an appeal of a public site."""
    return "://" in text or (_HOSTED.match(text) is not None and not Path(text).exists())


def _proxy(tor: str | None) -> tuple[str, int] | None:
    if tor is None:
        return None
    host, _, port = tor.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):
        raise BadInput("this is no host and port", where=one_line(tor), hint="--tor 127.0.0.1:9050")
    return host.strip("[]"), int(port)


def _verified_there(typed: str, keys_path: str, proxy: tuple[str, int] | None) -> bool:
    """Fetch what lies at an address and the proof beside it, and compare the two."""
    from tocsin.adapters import fetching  # noqa: PLC0415 - nothing else of the command line connects
    from tocsin.vault.keyring import is_signed  # noqa: PLC0415 - the help needs no cryptography

    address = typed if "://" in typed else f"https://{typed}"
    keys, proof = _keys(keys_path), urljoin(address, "proof.json")
    fetch = partial(fetching.fetch, proxy=proxy)
    content, _ = fetch(address)
    signed = content if address == proof else fetch(proof)[0]
    statement = from_file(signed, where=proof)
    there = _keys_at(urljoin(proof, "../../signatories.json"), fetch)
    stolen = [each.disavowal for each in there or () if each.disavowal]
    # Nothing else of that list is believed: whoever has the server can write any keys into it.
    keys = disavow(keys, stolen, is_signed)
    is_void = _is_void(statement, keys, proof)
    click.echo(f"  looked at {one_line(address)} on {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC")
    if there is None:
        click.echo("  no list of keys there can be read: whether one was stolen since yours was saved is not known")
    for each in sorted({each.id for each in keys if each.disavowal is None} & {each.key for each in stolen}):
        click.echo(f"  NOT BELIEVED: its list says that {each} was stolen, and no two keys of yours signed that")
    if is_void:
        raise SystemExit(_VOID)
    if isinstance(statement, Retraction):
        return False
    return address == proof or _compared(content, PurePosixPath(urlsplit(address).path).name, statement)


def _keys(path: str) -> tuple[Signatory, ...]:
    from tocsin.vault.keyring import is_signed  # noqa: PLC0415 - the help needs no cryptography

    return signatories_from_file(read_table(path, largest=_LARGEST, what="a list of keys"), is_signed, where=path)


def _keys_at(address: str, fetch: Callable[[str], tuple[bytes, bool]]) -> tuple[Signatory, ...] | None:
    """Give the list of keys at an address; `None` where none lies that can be read."""
    from tocsin.vault.keyring import is_signed  # noqa: PLC0415

    try:
        return signatories_from_file(fetch(address)[0], is_signed, where=address)
    except (Unfetched, BadPublication):
        return None


def _is_void(statement: Statement, keys: tuple[Signatory, ...], path: str) -> bool:
    """Say what a statement is and who signed it, and tell whether it is void."""
    try:
        signed_by = _verified(statement, keys, path)
    except Disavowed:
        lines, is_void = _described_void(statement, disavowal_of(statement, keys)), True
    else:
        is_void = isinstance(statement, Disavowal)
        lines = _described(statement, signed_by)
    for line in lines:
        click.echo(line)
    return is_void


def _verified(statement: Statement, keys: tuple[Signatory, ...], path: str) -> tuple[Signatory, ...]:
    from tocsin.vault.keyring import is_signed  # noqa: PLC0415 - the help needs no cryptography

    try:
        return verify_statement(statement, keys, is_signed)
    except BadPublication as error:
        error.where = path
        raise


def _described_void(statement: Statement, disavowal: Disavowal) -> list[str]:
    """Say that a key was stolen. In the place of an appeal that is void lies the disavowal, which names no appeal."""
    what = "an appeal that stood here" if isinstance(statement, Disavowal) else one_line(statement.code)
    return [
        f"VOID: {what}",
        f"  signed with {disavowal.key}, a key that others had from {disavowal.since.date()} on, says its publisher",
        *(f"  {one_line(each.text)}" for each in disavowal.note),
    ]


def _described(statement: Statement, signed_by: tuple[Signatory, ...]) -> list[str]:
    if isinstance(statement, Disavowal):
        return _described_void(statement, statement)
    if isinstance(statement, PublicAppeal) and statement.is_archived:
        return _described_archived(statement, signed_by)
    if isinstance(statement, PublicAppeal):
        version = f", version {statement.version}" if statement.version > 1 else ""
        languages = " ".join(each.language for each in statement.editions)
        lines = [f"genuine: {one_line(statement.code)}{version} · {languages}"]
        days = sorted({str(each.document.issued_on) for each in statement.editions if each.document.issued_on})
        lines += [f"  issued on {', '.join(days)}"] if days else []
    else:
        lines = [f"WITHDRAWN on {statement.retracted_at.date()}: {one_line(statement.code)}"]
    for each in signed_by:
        retired = f" (signs no more since {each.retired_on})" if each.retired_on else ""
        lines.append(f"  signed by {each.id} {one_line(each.label)}".rstrip() + retired)
    return lines


def _described_archived(appeal: PublicAppeal, signed_by: tuple[Signatory, ...]) -> list[str]:
    """Say what the signatures on an archived appeal mean, and what they do not."""
    languages = " ".join(each.language for each in appeal.editions)
    return [
        f"ARCHIVED: {one_line(appeal.code)} · {languages}",
        "  published before this publisher's site: nobody approved or signed it there as genuine",
        *(f"  found in the archive like this, says {each.id} {one_line(each.label)}".rstrip() for each in signed_by),
    ]


def _compared(content: bytes, file: str, statement: Statement) -> bool:
    if not isinstance(statement, PublicAppeal):
        click.echo("the proof is that of a retraction: no copy of this appeal is to be passed on")
        return False
    edition = _edition_in(content, statement)
    if edition is not None:
        click.echo(f"the copy is the signed edition, to the last sign: {edition.language}")
        return True
    if content.lstrip()[:1] == b"{":
        click.echo("the copy is no edition of this appeal: something in it was changed")
        return False
    if content.startswith(_PICTURE):
        return _is_card(content, statement)
    if is_alert(content):
        return _compared_alerts(read_alerts(content), statement)
    return _compared_by_words(extract(content, name=file), statement)


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(_LARGEST + 1)
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BadInput("the file cannot be read", where=file) from error


def _edition_in(content: bytes, appeal: PublicAppeal) -> Edition | None:
    try:
        form = canonical(json.loads(content))
    except (ValueError, RecursionError, BadPublication):
        return None
    return next((each for each in appeal.editions if each.content == form), None)


def _compared_by_words(copy: Extracted, appeal: PublicAppeal) -> bool:
    """Compare a copy with each edition in the same form, and tell of the one that it is nearest to."""
    found: list[tuple[int, str, tuple[Difference, ...]]] = []
    for edition, form in product(appeal.editions, _FORMS[copy.format]):
        made = render_file(edition.document, form)
        departures = differences(copy.text, extract(made, name=f"edition.{form}").text)
        found.append((sum(len(each.missing) + len(each.unsigned) for each in departures), edition.language, departures))
    _, language, departures = min(found, key=lambda each: each[:2])
    return _has_all(language, departures)


def _is_card(picture: bytes, appeal: PublicAppeal) -> bool:
    """Compare a picture with the share card of each edition: one is made the same to the last byte, or is another."""
    cards = (each for each in appeal.editions if "png" in formats_of(each.document))
    language = next((each.language for each in cards if render_file(each.document, "png") == picture), None)
    click.echo(
        f"the copy is the share card of the signed edition, to the last byte: {language}"
        if language
        else "the picture is not the share card of this appeal, byte for byte: no words in it can be compared"
    )
    return language is not None


def _compared_alerts(alerts: Sequence[Alert], appeal: PublicAppeal) -> bool:
    """Compare all that an alert says in each of its languages with the edition, and tell what no signature covers."""
    if not alerts:
        click.echo("THE COPY IS NOT WHAT WAS SIGNED: this alert says nothing")
    compared = [_compared_alert(each, appeal) for each in alerts]
    return bool(compared) and all(compared)


def _compared_alert(alert: Alert, appeal: PublicAppeal) -> bool:
    from tocsin.config.inventing import invented_countries  # noqa: PLC0415 - few copies are alerts

    edition = appeal.edition(alert.language)
    if edition is None:
        click.echo(f"THE COPY IS NOT WHAT WAS SIGNED: there is no edition in {one_line(alert.language)}")
        return False
    signed = alert_of(edition.document, appeal.code, version=appeal.version, invented=invented_countries())
    has_all = _has_all(alert.language, differences(alert.words, signed.words))
    for tag, text in alert.added:
        click.echo(f"  said by who sent it, and signed by nobody: {tag} {one_line(text)[:_LONGEST_SHOWN]}")
    return has_all


def _has_all(language: str, departures: Sequence[Difference]) -> bool:
    """Tell how a copy departs from what was signed, and whether all that was signed is in it."""
    missing = [each for each in departures if each.missing]
    if not departures:
        click.echo(f"the copy has the words that were signed, and no others: {language}")
    elif not missing:
        click.echo(f"the copy has all words that were signed: {language}. Besides, it has words that nobody signed:")
    else:
        click.echo(f"THE COPY IS NOT WHAT WAS SIGNED: {language}")
    for each in departures:
        for mark, words in (("-", each.missing), ("+", each.unsigned)):
            if words:
                click.echo(f"  {mark} {one_line(words)[:_LONGEST_SHOWN]}")
    return not missing
