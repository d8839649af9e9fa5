"""The pages of casework."""

from tocsin.casework.views.access import access, end_access, keep_access, prolong_access
from tocsin.casework.views.addressees import (
    addressees,
    authority_cases,
    choose_addressee,
    end_authority,
    take_out_addressee,
)
from tocsin.casework.views.case import case
from tocsin.casework.views.days import take_out_days
from tocsin.casework.views.editing import add_record, put_in_force, record, withdraw_record
from tocsin.casework.views.from_report import known, open_from_report
from tocsin.casework.views.home import home
from tocsin.casework.views.journal import journal
from tocsin.casework.views.left import left_cases
from tocsin.casework.views.lowering import agree_class, ask_class, refuse_class
from tocsin.casework.views.merge import merge, undo_merge
from tocsin.casework.views.notices import notices
from tocsin.casework.views.same import same, undo_same
from tocsin.casework.views.shred import shred
from tocsin.casework.views.statuses import case_status, record_status

__all__ = [
    "access",
    "add_record",
    "addressees",
    "agree_class",
    "ask_class",
    "authority_cases",
    "case",
    "case_status",
    "choose_addressee",
    "end_access",
    "end_authority",
    "home",
    "journal",
    "keep_access",
    "known",
    "left_cases",
    "merge",
    "notices",
    "open_from_report",
    "prolong_access",
    "put_in_force",
    "record",
    "record_status",
    "refuse_class",
    "same",
    "shred",
    "take_out_addressee",
    "take_out_days",
    "undo_merge",
    "undo_same",
    "withdraw_record",
]
