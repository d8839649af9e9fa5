"""Treaty statuses: bound, not bound or unknown on a day; tables and published lists taken over row by row."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core import treaties, vocab
from tocsin.core.errors import BadTreaties
from tocsin.core.treaties import Known, TreatyStatus, TreatyTable, load_statuses, read_published, read_statuses

HEADER = "country,instrument,signature,action,deposit,in_force,withdrawal,declarations,source,checked_on,notes"
ROW = "XZV,cat,,accession,1999-03-02,,,21 2003,a source,2026-01-15,"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("country", "instrument", "on", "answer"),
    [
        # By the entry into force, not by the law and not by the deposit.
        ("KAZ", "iccpr", "2005-11-29", "no"),
        ("KAZ", "iccpr", "2006-01-24", "no"),
        ("KAZ", "iccpr", "2006-04-23", "no"),
        ("KAZ", "iccpr", "2006-04-24", "yes"),
        ("KAZ", "iccpr", "2021-06-08", "yes"),
        ("KAZ", "iccpr_op2", "2021-06-08", "no"),
        ("KAZ", "iccpr_op2", "2022-06-23", "no"),
        ("KAZ", "iccpr_op2", "2022-06-24", "yes"),
        # The deposit alone is known: the final clauses bound the rest, and between is unknown.
        ("KAZ", "iccpr_op1", "2009-06-29", "no"),
        ("KAZ", "iccpr_op1", "2009-08-01", "unknown"),
        ("KAZ", "iccpr_op1", "2009-09-30", "yes"),
        ("KAZ", "cat", "1997-12-31", "no"),
        ("KAZ", "cat", "1998-09-01", "unknown"),
        ("KAZ", "cat", "1999-01-30", "yes"),
        # Deposited before the treaty itself was in force.
        ("KAZ", "ced", "2010-12-22", "no"),
        ("KAZ", "ced", "2010-12-23", "yes"),
        # Not a party as of the check; who knows what came after.
        ("KAZ", "icrmw", "2021-06-08", "no"),
        ("KAZ", "icrmw", "2024-01-01", "unknown"),
        ("KAZ", "crpd_op", "2022-08-25", "no"),
        ("KAZ", "crpd_op", "2022-08-26", "unknown"),
        # Nobody has looked.
        ("KAZ", "rome_statute", "2021-06-08", "unknown"),
        ("FRA", "iccpr", "2021-06-08", "unknown"),
        ("XZV", "iccpr", "1996-08-13", "no"),
        ("XZV", "iccpr", "1996-08-14", "yes"),
        ("XZV", "iccpr_op1", "2019-06-30", "yes"),
        ("XZV", "iccpr_op1", "2019-07-01", "no"),
        ("XZV", "cedaw", "1992-06-01", "yes"),
    ],
)
def test_who_is_bound_on_a_day(country: str, instrument: str, on: str, answer: str) -> None:
    assert treaties.bundled().party_on(country, instrument, day(on)) == answer


@pytest.mark.parametrize(
    ("country", "instrument", "article", "on", "answer"),
    [
        ("KAZ", "cat", "22", "2021-06-08", "yes"),
        ("KAZ", "cat", "22", "2007-12-31", "no"),
        ("KAZ", "cat", "22", "2008-05-05", "unknown"),
        ("XZV", "cat", "21", "2021-10-14", "yes"),
        ("XZV", "cat", "22", "2021-10-14", "no"),
        ("XZV", "cat", "22", "2027-01-01", "unknown"),
        ("XZV", "cedaw", "29", "2021-10-14", "no"),
        ("XZV", "iccpr", "41", "2021-10-14", "unknown"),
        ("FRA", "cat", "22", "2021-10-14", "unknown"),
    ],
)
def test_which_declaration_stood_on_a_day(country: str, instrument: str, article: str, on: str, answer: str) -> None:
    assert treaties.bundled().declared_on(country, instrument, article, day(on)) == answer


def test_every_bundled_status_names_its_source_and_the_day_of_its_check() -> None:
    assert len(treaties.bundled()) > 20
    assert {status.country for status in treaties.bundled()} == {"KAZ", "XZV"}
    for status in treaties.bundled():
        assert status.source
        assert status.checked_on <= dt.date(2026, 11, 25)


def test_every_treaty_with_final_clauses_is_a_treaty_of_the_vocabulary() -> None:
    from tocsin.core.treaties.clauses import final_clauses

    for code, clause in final_clauses().items():
        assert vocab.load("instruments")[code].properties["force"] == "treaty"
        assert clause.article
        assert 30 <= clause.days <= 123


KNOWN_DAYS = st.one_of(
    st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)).map(str),
    st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)).map(lambda one: str(one)[:7]),
    st.integers(1950, 2030).map(str),
)


@given(KNOWN_DAYS)
def test_a_day_lies_within_its_bounds_and_is_written_as_it_was(text: str) -> None:
    known = Known.parse(text)
    assert known.earliest <= known.latest
    assert known.as_written == text
    assert str(known.earliest).startswith(text)
    assert str(known.latest).startswith(text)


@given(KNOWN_DAYS, st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 4000))
def test_who_is_bound_stays_bound_until_a_withdrawal(in_force: str, on: dt.date, later: int) -> None:
    status = TreatyStatus("XZV", "cat", "accession", "a source", dt.date(2020, 1, 1), in_force=Known.parse(in_force))
    if status.party_on(on) == "yes":
        assert status.party_on(on + dt.timedelta(days=later)) == "yes"
    if status.party_on(on) == "unknown":
        assert len(in_force) < 10, "a whole day leaves nothing unknown"


def test_a_table_comes_back_as_it_was_written() -> None:
    text = treaties.write_statuses(treaties.bundled())
    again = read_statuses(text)
    assert again.refusals == ()
    assert list(again.statuses) == list(treaties.bundled())


def test_a_given_row_counts_before_a_bundled_one() -> None:
    mine = load_statuses(f"{HEADER}\nKAZ,icrmw,,accession,2023-02-01,2023-06-01,,,a source,2024-01-01,\n")
    table = mine.over(treaties.bundled())
    assert table.party_on("KAZ", "icrmw", day("2024-01-01")) == "yes"
    assert table.party_on("KAZ", "iccpr", day("2021-06-08")) == "yes"
    assert len(table) == len(treaties.bundled())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("ZZZ,cat,,accession,1999,,,,s,2026-01-15,", "country is no ISO 3166-1 alpha-3 code"),
        ("XZV,catt,,accession,1999,,,,s,2026-01-15,", "instrument is no code of a treaty"),
        ("XZV,constitution,,accession,1999,,,,s,2026-01-15,", "instrument is no code of a treaty"),
        ("XZV,cat,,joined,1999,,,,s,2026-01-15,", "action is none of"),
        ("XZV,cat,,accession,May 1999,,,,s,2026-01-15,", "deposit is no date"),
        ("XZV,cat,,accession,1999-02-30,,,,s,2026-01-15,", "deposit is no date"),
        ("XZV,cat,,accession,0000,,,,s,2026-01-15,", "deposit is no date"),
        ("XZV,cat,,accession,,,,,s,2026-01-15,", "there is an action, but neither deposit"),
        ("XZV,cat,,none,1999,,,,s,2026-01-15,", "action is none, and yet"),
        ("XZV,cat,,accession,1999,,,,,2026-01-15,", "source is empty"),
        ("XZV,cat,,accession,1999,,,,s,,", "checked_on is empty"),
        ("XZV,cat,,accession,1999,,,,s,2026,", "checked_on is no date"),
        ("XZV,cat,,accession,1999,1998,,,s,2026-01-15,", "in_force lies before deposit"),
        ("XZV,cat,2001,ratification,1999,,,,s,2026-01-15,", "deposit lies before signature"),
        ("XZV,cat,,accession,1999,,1998,,s,2026-01-15,", "withdrawal lies before deposit"),
        ("XZV,cat,,accession,2027,,,,s,2026-01-15,", "deposit lies after checked_on"),
        ("XZV,cat,,accession,1999,,,; 22,s,2026-01-15,", "declarations are not of the form"),
        ("XZV,cat,,accession,1999,,,22 soon,s,2026-01-15,", "declarations is no date"),
        ("XZV,cat,,accession,1999,,,,s", "it has 9 columns and not 11"),
        (f"XZV,cat,,accession,1999,,,,s,2026-01-15,{'x' * 2001}", "a cell has more than 2000"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_the_reason_and_the_others_are_kept(row: str, why: str) -> None:
    reading = read_statuses(f"{HEADER}\n{row}\nXZV,ced,,none,,,,,s,2026-01-15,\n")
    assert [status.instrument for status in reading.statuses] == ["ced"]
    assert [refusal.line for refusal in reading.refusals] == [2]
    assert reading.refusals[0].why.startswith(why)
    with pytest.raises(BadTreaties, match=r"table\.csv, line 2"):
        load_statuses(f"{HEADER}\n{row}\n", name="table.csv")


def test_a_second_row_for_one_state_and_treaty_is_refused() -> None:
    reading = read_statuses(f"{HEADER}\n{ROW}\n{ROW}\n")
    assert len(reading.statuses) == 1
    assert [(one.line, one.why) for one in reading.refusals] == [(3, "line 2 has this country and instrument already")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (f"{HEADER},remark\n", "unknown column 'remark'"),
        ("country,instrument,action,source\n", "the column 'checked_on' is missing"),
        (f"{HEADER},notes\n", "two columns have one name"),
        (f'{HEADER}\n"open', "not a CSV file"),
        (f"{HEADER}\n\x00", "country is no|not a CSV file|it has 1 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(text: str, what: str) -> None:
    with pytest.raises(BadTreaties, match=what):
        load_statuses(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_a_table(text: str) -> None:
    for given_text in (text, f"{HEADER}\n{text}", f"Participant,Signature,Ratification\n{text}"):
        with suppress(BadTreaties):
            read_statuses(given_text)
        with suppress(BadTreaties):
            read_published(given_text, instrument="cat", source="s", checked_on=dt.date(2026, 1, 15))


UNTC = '"Participant","Signature","Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"'
BODIES = '"Country","Signature Date","Ratification Date, Accession(a), Succession(d) Date"'


@pytest.mark.parametrize("header", [UNTC, BODIES])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("XZV,4 Feb 1985,21 Dec 1987", ("XZV", "ratification", "1985-02-04", "1987-12-21", "")),
        ("XZV,,3 March 1990 a", ("XZV", "accession", None, "1990-03-03", "")),
        ("XZV,,1990-03-03 d", ("XZV", "succession", None, "1990-03-03", "")),
        ("XZV,4 Feb 1985,5 Sept 1990 A", ("XZV", "acceptance", "1985-02-04", "1990-09-05", "")),
        ("XZV,4 Feb 1985,5 Sep 1990 AA", ("XZV", "approval", "1985-02-04", "1990-09-05", "")),
        ("XZV,4 Feb 1985,", ("XZV", "none", "1985-02-04", None, "")),
        ("XZV,,", ("XZV", "none", None, None, "")),
        ('"XZV 3, 4",,3 Mar 1990 a', ("XZV", "accession", None, "1990-03-03", "Footnote 3, 4 of the list")),
        ("Kazakhstan,,", ("KAZ", "none", None, None, "")),
        ('"Kazakhstan 5",,', ("KAZ", "none", None, None, "Footnote 5 of the list")),
    ],
)
def test_a_row_of_a_published_list(header: str, cells: str, expected: tuple[str | None, ...]) -> None:
    reading = read_published(f"{header}\n{cells}\n", instrument="cat", source="a list", checked_on=dt.date(2026, 1, 15))
    assert reading.refusals == ()
    (status,) = reading.statuses
    country, action, signature, deposit, notes = expected
    assert (status.country, status.action) == (country, action)
    assert (status.signature and status.signature.as_written) == signature
    assert (status.deposit and status.deposit.as_written) == deposit
    assert status.notes.startswith(notes or "")
    assert bool(status.notes) == bool(notes)
    assert (status.source, status.checked_on) == ("a list", dt.date(2026, 1, 15))


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("Atlantis,,3 Mar 1990 a", "the State is not known by this name"),
        ("XZV,,3 Mar 1990 s", "the ratification or accession has a mark that we do not know"),
        ("XZV,,[3 Mar 1990]", "the ratification or accession is no date"),
        ("XZV,,3 Mär 1990", "the ratification or accession is no date"),
        ("XZV,,31 Feb 1990", "the ratification or accession is no date"),
        ("XZV,3 Mar 1990 a,", "the signature has a mark"),
        ("XZV,,3 Mar 2026 a", "a day lies after the day of the list"),
    ],
)
def test_a_row_of_a_published_list_that_cannot_be_taken_is_refused(cells: str, why: str) -> None:
    reading = read_published(f"{UNTC}\n{cells}\n", instrument="cat", source="s", checked_on=dt.date(2026, 1, 15))
    assert reading.statuses == ()
    assert reading.refusals[0].line == 2
    assert reading.refusals[0].why.startswith(why)


@pytest.mark.parametrize(
    ("header", "instrument", "what"),
    [
        ("Name,Signature,Ratification", "cat", "no column begins with Participant or Country or State"),
        ("Country,State,Signature,Ratification", "cat", "several columns begin with"),
        ("Country,Signature", "cat", "no column begins with Ratification or Accession"),
        (UNTC, "udhr", "instrument is no code of a treaty"),
    ],
)
def test_a_list_without_its_columns_is_refused_whole(header: str, instrument: str, what: str) -> None:
    with pytest.raises(BadTreaties, match=what):
        read_published(f"{header}\n", instrument=instrument, source="s", checked_on=dt.date(2026, 1, 15))


def test_what_was_imported_is_bound_after_the_longest_time_that_the_treaty_gives() -> None:
    text = f"{UNTC}\nXZV,,1 Mar 2020 a\n"
    statuses = read_published(text, instrument="cat", source="s", checked_on=dt.date(2026, 1, 15)).statuses
    table = TreatyTable(statuses)
    answers = [table.party_on("XZV", "cat", day(on)) for on in ("2020-02-29", "2020-03-10", "2020-03-31")]
    assert answers == ["no", "unknown", "yes"]
