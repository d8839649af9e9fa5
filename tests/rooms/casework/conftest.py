"""A case that two people hold, for what takes two of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from people import LATER, NOW, Hire
from tocsin.accounts.actions import NewAccount
from tocsin.casework import actions
from tocsin.casework.actions import OpenCase
from tocsin.casework.editing.actions import change_record, find, rows_by_id
from tocsin.casework.parts import compartments
from tocsin.core.records import from_yaml

CASE = from_yaml(Path(__file__).with_name("case.yaml").read_text("utf-8"))


@pytest.fixture
def mara(hire: Hire) -> NewAccount:
    return hire("mara", "case_lead")


@pytest.fixture
def opened(tomas: NewAccount, mara: NewAccount) -> OpenCase:
    """Give a case that two people hold, in which an arrest is confidential."""
    opened = actions.open_new_case(tomas.actor, CASE, reason="a report", now=NOW)
    actions.give_accesses(
        tomas.actor, opened.id, compartments().words, mara.actor.id, reason="works on it", ends_at=LATER, now=NOW
    )
    newest = actions.read_case(tomas.actor, opened.id, now=NOW)
    record = find(newest, rows_by_id(newest)["e01"])
    change_record(tomas.actor, record, replace(record.record, rc="C"), now=NOW)
    return opened
