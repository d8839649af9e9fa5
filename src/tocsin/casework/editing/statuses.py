"""Where something stands: the statuses of a record or of the case in their order, and the form that enters the next."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.editing import fields
from tocsin.casework.editing.fields import Around
from tocsin.casework.editing.tables import table, words_of_choices
from tocsin.casework.pages.naming import called
from tocsin.casework.pages.wording import label
from tocsin.casework.queries import SEALED
from tocsin.core import vocab
from tocsin.core.editing import Life, status_type
from tocsin.core.records import DemandStatus, Status
from tocsin.core.records.folding import fold
from tocsin.core.records.shape import slots_by_key

_ALWAYS = ("value", "as_of", "reason")


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A status as it is shown: what, when, for whom, why, what our appeal did, by whom, whether a mistake."""

    words: str
    as_of: dt.date
    whose: str
    reason: str
    causality: str
    by: str
    is_mistake: bool


def history(life: Life, holder: Any, around: Around, names: Mapping[Any, str]) -> tuple[StatusLine, ...]:
    """Give the statuses of a record, those that were mistakes too, the latest first."""
    rows = life.all_of(holder)
    standing = life.in_force(holder)
    return tuple(
        StatusLine(
            words=words_of_value(life, each.value, around.language),
            as_of=each.as_of,
            whose=_beneficiary(each, life, around),
            reason=each.reason or "",
            causality=gettext(words_of_choices("Status.causality")[each.causality])
            if isinstance(each, DemandStatus) and each.causality
            else "",
            by=names.get(account_of(each.by), ""),
            is_mistake=not any(each is other for other in standing),
        )
        for each in reversed(rows)
    )


def account_of(by: str | None) -> UUID | None:
    """Give the account by which something was entered; none where it came with a file of another house."""
    try:
        return UUID(by) if by else None
    except ValueError:
        return None


def _beneficiary(status: Status, life: Life, around: Around) -> str:
    ref = getattr(status, life.whose) if life.whose else None
    if ref is None:
        return ""
    record = around.case.by_id.get(ref)
    return called(around.case, record, around.language) if record else gettext(words_of_choices("class").get(ref, ref))


def words_of_value(life: Life, value: str, language: str) -> str:
    """Say the value of a status."""
    if life.list:
        return str(label(life.list, value, language))
    return gettext(words_of_choices(f"{status_type(life).__name__}.value").get(value, value))


class StatusForm(forms.Form):
    """The next status of a record, or of the case."""

    corrects = forms.BooleanField(
        required=False,
        label=_("The last one was a mistake, and this stands in its place"),
        help_text=_("The last one stays in the list, and you say why it was wrong."),
    )

    def __init__(self, posted: Any, life: Life, holder: Any, around: Around) -> None:
        super().__init__(posted, auto_id="status_%s")
        self.life, self.around = life, around
        kind = status_type(life)
        wanted = {*_ALWAYS, *life.asks, *(name for needed in life.needs.values() for name in needed)}
        wanted |= {life.whose} if life.whose else set()
        found = table("Status")
        for line in found.lines if found else ():
            if line.name in wanted:
                slot = slots_by_key(kind)[line.name]
                self.fields[line.name] = fields.field_of(
                    "CaseStatus" if line.name == "outcome" else "Status", slot, line, around
                )
        self.fields["value"] = self._values(holder, self.fields["value"])
        self.fields["as_of"].required = True
        self.fields["as_of"].initial = around.today
        corrects = self.fields.pop("corrects")
        if life.all_of(holder):
            self.fields["corrects"] = corrects
        if life.whose:
            self._only_those_it_is_for(holder)

    def _values(self, holder: Any, before: forms.Field) -> forms.Field:
        """Offer what may follow first, and the rest for a correction."""
        whose = {getattr(each, self.life.whose) for each in self.life.all_of(holder)} if self.life.whose else {None}
        may = dict.fromkeys(value for one in (whose or {None}) for value in self.life.next(holder, one))
        # Two people seal a case, on a page of its own.
        may.pop(SEALED, None)
        rest = [value for value in self._all() if value not in may]
        groups: list[Any] = [("", gettext("Choose one")), (gettext("May follow"), self._worded(may))]
        if rest:
            groups.append((gettext("On an earlier day, or as a correction"), self._worded(rest)))
        return forms.ChoiceField(label=before.label, choices=groups)

    def _all(self) -> Iterator[str]:
        known = (
            [term.code for term in vocab.load(self.life.list).offered(self.around.today)]
            if self.life.list
            else list(self.life.follows)
        )
        return (value for value in known if value in self.life.follows and value != SEALED)

    def _worded(self, values: Any) -> list[tuple[str, str]]:
        return [(value, words_of_value(self.life, value, self.around.language)) for value in values]

    def _only_those_it_is_for(self, holder: Any) -> None:
        """Offer those for whom a demand is made; where that is one, it is meant."""
        field = self.fields[self.life.whose]
        those = set(holder.beneficiaries)
        offered = [row for row in field.choices if not row[0] or row[0] in those]  # type: ignore[attr-defined]
        field.choices = [("", gettext("all of them together")), *offered[1:]]  # type: ignore[attr-defined]
        if len(those) == 1:
            field.initial = next(iter(those))

    def status(self) -> Status:
        """Give the status as it was written."""
        kind = status_type(self.life)
        known = slots_by_key(kind)
        plain = {name: fields.read(known[name], value) for name, value in self.cleaned_data.items() if name in known}
        made: Status = fold({**plain, "corrects": self.cleaned_data.get("corrects") or None}, kind)
        return made
