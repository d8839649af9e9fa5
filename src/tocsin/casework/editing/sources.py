"""Who says what is added: one of the sources of the case, or another one of some kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.casework.editing.actions import Rests
from tocsin.casework.editing.fields import Around
from tocsin.casework.pages.naming import called
from tocsin.core import vocab
from tocsin.core.records import Detention, Event, Group, Organisation, Person, Proceeding, Statement

# What a claim can be about; the first have to rest on one, of the others a name may be all that is known.
_FACTS: tuple[type, ...] = (Event, Statement, Detention, Proceeding)
_NAMED: tuple[type, ...] = (Person, Organisation, Group)


class SourceForm(forms.Form):
    """Who says so."""

    source = forms.ChoiceField(label=_("Who says so"), help_text=_("Every fact rests on somebody who says it."))

    def __init__(self, posted: Any, kind: type, around: Around) -> None:
        super().__init__(posted)
        own = [(each.id, called(around.case, each, around.language)) for each in around.case.sources]
        others = [
            (term.code, term.label(around.language).text) for term in vocab.load("source_types").offered(around.today)
        ]
        groups: list[Any] = [("", gettext("Choose one"))]
        groups += [(gettext("Sources of this case"), own)] if own else []
        groups.append((gettext("Another source"), others))
        self.fields["source"].choices = groups  # type: ignore[attr-defined]
        self.fields["source"].required = kind in _FACTS
        if len(own) == 1:
            self.fields["source"].initial = own[0][0]

    @staticmethod
    def fits(kind: type) -> bool:
        """Tell whether records of a type rest on claims."""
        return kind in (*_FACTS, *_NAMED)

    def rests(self) -> Rests | None:
        """Give what was chosen."""
        source = self.cleaned_data["source"]
        return Rests(source) if source else None
