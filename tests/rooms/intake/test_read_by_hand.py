"""A report in a language that the program does not read: what it tells is read by a person, without a script, too."""

import re
from uuid import UUID

import pytest

from desk import signed_in
from tocsin.accounts.actions import NewAccount
from tocsin.intake.models import Report

pytestmark = pytest.mark.usefixtures("frozen")


def unread(page: str) -> list[str]:
    return re.findall(r'class="unread" href="\?add=(\d+-\d+)#adding"', page)


ARABIC = "في 12 أكتوبر 2026 ضرب أربعة رجال المحامي إيلان دورفيل أمام مكتبه. وهددوا زميلته سينا روفيل بالقتل."


def test_of_a_text_that_the_program_does_not_read_each_sentence_yields_as_many_facts_as_it_tells(
    tomas: NewAccount,
) -> None:
    client = signed_in(tomas)
    given = client.post("/reports/new", {"source_type": "local_partner", "told_by": "", "text": ARABIC})
    report = UUID(given.headers["Location"].rpartition("/")[2])
    page = client.get(f"/reports/{report}").content.decode()
    assert "of a text in this language it takes the days at most" in page
    *_, last = unread(page)
    for name in ("سينا روفيل", "إيلان دورفيل"):
        fields = {"change-name": name, "change-role": "defender"}
        seen = Report.objects.get(id=report).version
        given = client.post(
            f"/reports/{report}/add", {"seen": seen, "add": last, "kind": "person", "within": "", **fields}
        )
        assert given.status_code == 302
        # Its sentence is read now, and without a script nothing else would lead to its other words.
        page = client.get(f"/reports/{report}").content.decode()
        assert last not in unread(page)
        assert f'href="?add={last}#adding">Another from these words<span class="hidden">: ' in page
    assert page.count('class="fact person') == 2
