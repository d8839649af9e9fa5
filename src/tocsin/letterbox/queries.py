"""Reading the letterbox with a receipt code."""

import datetime as dt
from dataclasses import dataclass, field

from tocsin.letterbox.letter import place_of_answer
from tocsin.letterbox.models import Answer, Conversation, Letter
from tocsin.vault.letters import Receipt


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, opened by the code."""

    text: str = field(repr=False)
    on: dt.date


@dataclass(frozen=True, slots=True)
class Seen:
    """What the holder of a code sees: whether all has arrived at the people, and what they wrote. Never a decision."""

    collected: bool
    answers: tuple[Answered, ...]


def find(receipt: Receipt) -> Seen | None:
    """Give what a code opens; nothing where no letter came with it, or it was long ago."""
    conversation = Conversation.objects.filter(lookup=receipt.lookup).first()
    if conversation is None:
        return None
    answers = tuple(
        Answered(
            receipt.open(bytes(each.sealed), place_of_answer(conversation.id, each.number)).decode(), each.written_on
        )
        for each in Answer.objects.filter(conversation=conversation).order_by("number")
    )
    return Seen(not Letter.objects.filter(conversation=conversation).exists(), answers)
