"""Writing the file of a new site."""

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from tocsin.adapters import files

_FILE = """\
# The settings and secrets of this site; a copy is in each backup of the keys. Whoever has it cannot read cases, but
# could find out who has an account.
kind = "{kind}"
hosts = [{hosts}]
# The names of the public form, if there is one: none of those above. And where its button "Leave this page now" leads.
# public_hosts = ["report.example"]
# leave_for = "https://www.wikipedia.org/"
# The names of the public site, if there is one; links begin with the first. And who publishes there.
# publishing_hosts = ["appeals.example"]
# publisher = "Observatory for Human Rights Defenders"
# Under which name the mail server in front writes what it verified of mail that comes back (authserv-id, RFC 8601).
# receiving_host = "mx.desk.example"
# How the codes of appeals look and are counted: observatory (XZV 003 / 1126 / OBS 091), amnesty (UA 219/26) or pen.
# code_scheme = "observatory"
# The addresses of the servers that speak TLS for this site. Nobody else is believed about who asks, and over what.
{proxies}
# Where somebody who finds a weakness of this site can tell you; shown at /.well-known/security.txt.
# security_contact = "mailto:security@desk.example"
# The time zone of the office, in which the journal is shown.
# time_zone = "Europe/Paris"
secret_key = "{secret_key}"
index_key = "{index_key}"
# If the public site has a site.toml of its own: the same in both, so that it gives the files that were made here.
# files_key = "64 hexadecimal digits"
# The public keys that everybody's trust in everybody's keys begins with.
roots = [{roots}]
# The public keys that backups are sealed to. What opens them is kept away from this machine.
backup_recipients = [{recipients}]
database_url = ""
keys_database_url = ""

# Where anchors of the journal are kept, so that nobody who takes this machine can rewrite what was done: directories on
# other media, and mailboxes of people outside of this office. Without them, print one every week (tocsin site journal
# anchor).
# [anchors]
# directories = ["/media/anchors"]
# mailboxes = ["officer@outside.example"]
# sender = "tocsin@desk.example"
# server = "smtps://user:password@mail.example"
# mail_hours = 1

# By which server people who want it are told that something waits for them at the desk; the mail says no more.
# [notices]
# sender = "desk@office.example"
# server = "smtps://user:password@mail.example"
# minutes = 60

# In whose name published appeals are mailed to subscribers. The command `tocsin site mailer-keys` draws the keys of the
# mailer and prints the last line. Messages lead to the first of publishing_hosts, or to other pages if you name them.
# [mailings]
# name = "Observatory for Human Rights Defenders"
# sender = "appeals@office.example"
# reply_to = "office@office.example"
# reply_tokens = true  # if that mailbox takes office+word@ too: then an answer tells by its address what it is about
# acknowledges = true  # a program tells proven senders that their mail came: read docs/operating.md first
# bounces = "bounces@office.example"
# list_id = "appeals.office.example"
# pages = "https://appeals.example/"
# address_key = "64 hexadecimal digits"
"""


_MAILINGS = """
[mailings]
name = "Observatory (demonstration)"
sender = "appeals@observatory.example"
bounces = "bounces@observatory.example"
list_id = "appeals.observatory.example"
address_key = "{address_key}"
"""


def write_new(
    path: Path, kind: str, hosts: tuple[str, ...], recipients: tuple[str, ...] = (), proxies: tuple[str, ...] = ()
) -> None:
    """Write the file of a new site with fresh secrets, readable by its owner only."""
    # What nobody named is shown as it is without being named.
    named = ", ".join(json.dumps(proxy) for proxy in proxies or ("127.0.0.1", "::1"))
    text = _FILE.format(
        kind=kind,
        proxies=f"{'' if proxies else '# '}proxies = [{named}]",
        hosts=", ".join(f'"{host}"' for host in hosts),
        recipients=", ".join(f'"{recipient}"' for recipient in recipients),
        secret_key=secrets.token_hex(32),
        index_key=secrets.token_hex(32),
        roots="",
    )
    write_private(path, text)


def write_root(path: Path, root: str) -> None:
    """Name the first root in the file of a new site."""
    text = path.read_text("utf-8")
    write_private(path, text.replace("roots = []", f'roots = ["{root}"]'))


def write_mailings(path: Path, address_key: str) -> None:
    """Write into the file of a new demonstration in whose name it mails, behind all other keys."""
    write_private(path, path.read_text("utf-8") + _MAILINGS.format(address_key=address_key))


def with_databases(text: str, addresses: Mapping[str, str]) -> str:
    """Give the text of a site's file with other addresses of databases, by their keys; all else as it stands there."""
    for key, address in addresses.items():
        # JSON writes a text as TOML reads it.
        line, there = f"{key} = {json.dumps(address)}", re.search(rf"^{key}\s*=.*$", text, re.MULTILINE)
        text = text[: there.start()] + line + text[there.end() :] if there else f"{line}\n{text}"
    return text


def write_private(path: Path, text: str) -> None:
    """Write a file of settings that its owner alone can read, whole or not at all."""
    files.write_private(path, text.encode("utf-8"))
