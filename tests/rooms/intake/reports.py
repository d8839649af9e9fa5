"""A report of invented people, and the steps that its tests take with it."""

from datetime import datetime
from uuid import UUID

from people import NOW
from tocsin.accounts.actor import Actor
from tocsin.intake import actions
from tocsin.intake.actions import Incoming
from tocsin.intake.opened import OpenReport

TEXT = """\
I am writing about Lena Marosh, a lawyer of the Velm Legal Aid Centre in Velm, Zarvania.

On 3 November 2026, at around 8 pm, two men in plain clothes arrested Ms. Marosh at her office. They reportedly beat \
her assistant, Pavel Ondrich.

She was charged with "public insult" (Article 312 of the Criminal Code).
"""
# Words that nobody but who holds the report may see anywhere.
PRIVATE = ("Marosh", "Ondrich", "Velm", "plain clothes", "public insult", "Irja", "Solveen", "velmlegal")
INCOMING = Incoming(TEXT.encode(), source_type="local_partner", told_by="Irja Solveen", file_name="velmlegal.txt")


def received(actor: Actor, incoming: Incoming = INCOMING, now: datetime = NOW) -> UUID:
    """Put a report in and have it read."""
    report = actions.receive(actor, incoming, now=now)
    actions.understand(actor, report, now=now)
    return report


def look(actor: Actor, report: UUID, now: datetime = NOW) -> OpenReport:
    return actions.open_report(actor, report, now=now)


def ready(actor: Actor, report: UUID, now: datetime = NOW) -> None:
    """Answer what has to be answered, and confirm everything."""
    for question in ("defender", "work"):
        actions.answer(actor, report, question, "yes", seen=look(actor, report).report.version, now=now)
    opened = look(actor, report)
    facts = [each.key for each in opened.facts]
    actions.decide(actor, report, facts, "confirmed", seen=opened.report.version, now=now)
