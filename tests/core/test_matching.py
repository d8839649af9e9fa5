"""Which published appeal a mail is about, or that it cannot be known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.codes import find_all, format_code, load_scheme, read_registry
from tocsin.core.errors import BadRegistry
from tocsin.core.matching import Known, bare_subject, match, prefixes, read_known, read_mail, rules, words_for
from tocsin.core.names import NameIndex

PUBLISHED = read_registry(
    "XZV 001 / 0621 / OBS 064\nKAZ 002 / 0621 / OBS 065\nKAZ 002 / 0621 / OBS 065.1\nXOS 001 / 0721 / OBS 066\n"
    "XBM 001 / 0721 / OBS 067\tvoid\nXZV 004 / 0320 / OBS 065\nXZV 012 / 0821 / OBS 091\nXZV 013 / 0821 / OBS 092\n"
    "XZV 002 / 0921 / OBS 1234\n"
)
KAZ, XZV = "KAZ 002 / 0621 / OBS 065", "XZV 001 / 0621 / OBS 064"


def meant(mail: str) -> str | None:
    code = match(mail, PUBLISHED).code
    return code and format_code(code)


# Subject, body, what it is about. To report a mail that was matched wrongly, add a row.
MAILS = [
    (KAZ, "", KAZ),
    ("", KAZ, KAZ),
    (f"{KAZ}.1", "", f"{KAZ}.1"),
    (f"{KAZ}.9", "", KAZ),
    (KAZ, f"> {KAZ}.1", KAZ),
    ("", f"{KAZ} and {KAZ}.1", f"{KAZ}.1"),
    ("KAZ 002/0621", "", KAZ),
    ("0621 / OBS 065", "", KAZ),
    ("KAZ 002 / OBS 065", "", KAZ),
    ("KAZ / OBS 065", "", KAZ),
    ("OBS 065 of June 2021", "", KAZ),
    ("OBS 065", "", None),
    ("OBS 065", KAZ, KAZ),
    ("OBS 064", KAZ, XZV),
    ("OBS 066", "OBS 065", "XOS 001 / 0721 / OBS 066"),
    ("OBS 065", XZV, None),
    (KAZ, XZV, KAZ),
    (XZV, f"> {KAZ}", XZV),
    ("", f"{KAZ}; {XZV}", None),
    (f"{KAZ}, {XZV}", KAZ, None),
    ("XBM 001 / 0721 / OBS 067", "", None),
    ("XBM 001 / 0721 / OBS 067", KAZ, None),
    (KAZ, "XBM 001 / 0721 / OBS 067", KAZ),
    ("KAS 002 / 0621 / OBS 065", "", KAZ),
    ("KAZ 003 / 0621 / OBS 065", "", KAZ),
    ("KAZ 002 / 0612 / OBS 065", "", KAZ),
    ("KAZ 002 / 0622 / OBS 065", "", KAZ),
    ("KAZ 002 / 0621 / OBS 056", "", KAZ),
    ("KAZ 002 / 0621 / OBS 065", "KAZ 002 / 0621 / OBS 056", KAZ),
    ("KAZ 002 / 0621 / OBS 064", "", KAZ),
    ("KAZ 002 / 0621 / OBS 1065", "", KAZ),
    ("KAZ 002 / 0621 / OBS 1165", "", None),
    ("XZV 002 / 0921 / OBS 234", "", "XZV 002 / 0921 / OBS 1234"),
    ("XZV 002 / 0921 / OBS 123", "", "XZV 002 / 0921 / OBS 1234"),
    ("XZV 002 / 0921 / OBS 243", "", None),
    ("KAZ 003 / 0621 / OBS 056", "", None),
    ("KAZ 002 / 0621 / OBS 056", f"> {XZV}", None),
    ("XZV 012 / 0821 / OBS 092", "", None),
    ("", "we met on 12/05/2021", None),
    ("", f"On Monday you wrote:\n\n{KAZ}\n", KAZ),
    ("", f"{XZV}\n\n-----Original Message-----\n{KAZ}\n", XZV),
    ("", f"{XZV}\n\nLe 8 juin 2021, les Observateurs ont écrit :\n{KAZ}\n", XZV),
    ("", f"El lunes escribió:\n> {KAZ}\n\nNow about {XZV}\n", XZV),
    ("", f"{XZV}\n\nFrom: Observers\nSent: 8 June 2021\nTo: Group\nSubject: {KAZ}\n", XZV),
    ("", f"https://observers.example/{KAZ.lower().replace(' / ', '-').replace(' ', '-')}", KAZ),
    ("", f"{XZV}, see https://observers.example/kaz-002-0621-obs-065", XZV),
]


@pytest.mark.parametrize(("subject", "body", "expected"), MAILS)
def test_a_mail_is_about_one_published_appeal_or_it_is_not_known(subject: str, body: str, expected: str | None) -> None:
    mail = f"From: group@letters.example\nTo: appeals@observers.example\nSubject: Re: {subject}\n\n{body}\n"
    assert meant(mail) == expected


def test_a_code_in_the_address_that_the_mail_server_was_given_counts() -> None:
    mail = read_mail("From: a@x.example\nSubject: hello\n\nhello\n", recipients=["kaz-002-0621-obs-065@x.example"])
    result = match(mail, PUBLISHED)
    assert result.code is not None
    assert format_code(result.code) == KAZ
    assert [(one.where, one.span) for one in result.evidence] == [("recipient", None)]


def test_text_without_header_lines_is_all_body() -> None:
    result = match(f"Dear friends,\nwe wrote: {KAZ}", PUBLISHED)
    assert [(one.where, one.how) for one in result.evidence] == [("body", "exact")]


def test_the_address_that_was_written_to_counts_most() -> None:
    mail = f"To: appeals+kaz-002-0621-obs-065@observers.example\nSubject: {XZV}\n\n{XZV}\n"
    assert meant(mail) == KAZ


def test_a_mail_from_a_computer_whose_clock_stands_still_is_matched() -> None:
    assert meant("Date: Thu, 1 Jan 1970 00:00:00 +0000\nSubject: KAZ 002/0621\n\n") == KAZ


def test_a_subject_over_two_lines_and_a_subject_in_french_are_subjects() -> None:
    for mail in ("Subject: Re:\n KAZ 002 / 0621 /\n OBS 065\n\nhello", f"De : groupe\nObjet : {KAZ}\n\nbonjour"):
        assert [one.where for one in match(mail, PUBLISHED).evidence] == ["subject"]


EVIDENCE = [
    (KAZ, "exact"),
    ("KAZ002/0621/OBS065", "normalised"),
    ("KAZ 002/0621", "completed"),
    ("KAZ 002 / 0621 / OBS 056", "mended"),
    ("OBS 065", "unclear"),
    ("XBM 001 / 0721 / OBS 067", "unpublished"),
]


@pytest.mark.parametrize(("printed", "how"), EVIDENCE)
def test_the_evidence_says_how_each_code_was_understood(printed: str, how: str) -> None:
    evidence = match(printed, PUBLISHED).evidence
    assert [one.how for one in evidence] == [how]
    assert evidence[0].found.as_printed == printed


SUBJECTS = [
    *((f"{each.upper()}: Answer", "Answer") for each in prefixes()),
    ("İLT: Answer", "Answer"),
    ("RE[2]: Fwd : AW(3)： Answer to you: yes", "Answer to you: yes"),
    ("Results: three", "Results: three"),
    ("Re-trial: on 3 May", "Re-trial: on 3 May"),
    ("Re:", ""),
]


@pytest.mark.parametrize(("subject", "bare"), SUBJECTS)
def test_a_subject_without_what_mail_programs_put_before_it(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


REASONS = [
    ("hello", "no_code"),
    ("XBM 009 / 0921 / OBS 099", "unpublished"),
    ("OBS 065", "unclear"),
    (f"{KAZ}, {XZV}", "contradiction"),
    (KAZ, "matched"),
]


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_not_knowing_has_a_reason(text: str, reason: str) -> None:
    assert match(text, PUBLISHED).reason == reason


def test_candidates_are_ranked_by_evidence_then_by_the_date_of_the_mail() -> None:
    def ranked(mail: str) -> list[str]:
        return [format_code(candidate.code) for candidate in match(mail, PUBLISHED).candidates]

    assert ranked("Date: Mon, 12 Jul 2021 10:00:00 +0000\nSubject: OBS 065\n\n") == [KAZ, "XZV 004 / 0320 / OBS 065"]
    assert ranked("Date: Mon, 13 Jul 2020 10:00:00 +0000\nSubject: OBS 065\n\n") == ["XZV 004 / 0320 / OBS 065", KAZ]
    assert ranked(f"Subject: {XZV}, {KAZ}\n\n{KAZ}")[0] == KAZ


def test_another_scheme_is_matched_the_same_way() -> None:
    registry = read_registry("UA 219/06\nUA 54/19\nUA 54/19-1", scheme=load_scheme("amnesty"))
    result = match("Subject: Second UA: 54/19\n\n", registry)
    assert result.code is not None
    assert result.code.follow_up == 1


def test_an_early_code_is_known_in_either_order_of_month_and_year() -> None:
    registry = read_registry("KGZ 003 /0106/ OBS 058\t2001-06-29")
    for printed in ("KGZ 003 /0106/ OBS 058", "KGZ 003 / 0601 / OBS 058"):
        assert match(f"Date: Mon, 12 Jul 2021 10:00:00 +0000\nSubject: {printed}\n\n", registry).code is not None


code_pieces = st.sampled_from([KAZ, XZV, "OBS 065", "KAZ 002/0621", "XBM 001 / 0721 / OBS 067"])
mail_pieces = st.sampled_from(
    ["\n", "\n> ", " ", "https://", "Subject: ", "To: ", "Date: 31 Feb 2021\n", "You wrote:\n", "--Original message\n"]
)
fragments = code_pieces | mail_pieces


@given(st.lists(fragments, max_size=20).map("".join) | st.text(max_size=200))
def test_no_mail_raises_and_only_published_codes_are_named(mail: str) -> None:
    published = {entry.code for entry in PUBLISHED.entries if not entry.void}
    result = match(mail, PUBLISHED)
    assert (result.code is not None) == (result.reason == "matched")
    assert {candidate.code for candidate in result.candidates} | {result.code} - {None} <= published
    assert len(result.evidence) <= len(find_all(mail))


SECRET = "XBM 001 / 0721 / OBS 067"
UNPUBLISHED = [SECRET, "XBM 009 / 0921 / OBS 099"]
SECRET_CODES = [find_all(each)[0].code for each in UNPUBLISHED]
# A site that would betray what it keeps secret: whatever is asked leads to a code that was never published.
INDISCREET = Known(
    token=lambda _: SECRET_CODES,
    threads=lambda ids: dict.fromkeys(ids, SECRET_CODES[0]),
    sender=lambda _: SECRET_CODES,
    names=lambda: NameIndex((code, "Mirela Tosk") for code in SECRET_CODES),
)
secret_pieces = st.sampled_from(
    [
        *UNPUBLISHED,
        "To: office+0123456789abcdef0123@observers.example\n",
        "References: <1@letters.example> <2@letters.example>\n",
        "From: Office <office@president.example>\n",
        "Mirela Tosk\n",
        "----- forwarded message -----\n",
        "----- attachment: XBM 001-0721-OBS 067.pdf -----\n",
    ]
)


@given(st.lists(secret_pieces | mail_pieces, max_size=15).map("".join))
def test_a_mail_never_matches_an_unpublished_code_whatever_a_site_says(mail: str) -> None:
    result = match(read_mail(mail, recipients=["a+00000000000000000000@x.example"]), PUBLISHED, INDISCREET)
    assert (result.code, result.candidates) == (None, ())
    assert all(one.codes == () for one in result.evidence)


prose = st.text(
    st.characters(whitelist_categories=["Ll", "Lo", "Zs", "Po"], blacklist_characters=">:/\\&%|#"), max_size=80
)
SURE = [row for row in MAILS if row[2] is not None]


@given(st.sampled_from(SURE), prose, prose)
def test_unrelated_prose_never_turns_what_is_sure_into_another_appeal(
    row: tuple[str, str, str | None], before: str, after: str
) -> None:
    subject, body, expected = row
    mail = f"From: group@letters.example\nSubject: Re: {subject}\n\n{before}\n\n{body}\n\n{after}\n"
    assert meant(mail) in {expected, None}


FOUND = [
    ("To: a+0123456789abcdef0123@x.example\n\n", "token", "0123456789abcdef0123"),
    ("In-Reply-To: <42@x.example>\n\n", "thread", "42@x.example"),
    ('From: "a@b.example" <Office@President.example>\n\nhello', "sender", "Office@President.example"),
    ("Subject: hello\n\nwhere is Мирела Тоск?", "name", "Мирела Тоск"),
    ("Subject: hello\n\nЯ писал в защиту Мирелы Тоск вчера.", "name", "Мирелы Тоск"),
    (f"Subject: hello\n\n----- attachment: {KAZ}.pdf -----\nhello", "attachment_name", KAZ),
    (f"Subject: hello\n\n----- attachment: a.pdf -----\n{KAZ}", "attachment", KAZ),
    (f"Subject: hello\n\nİletilen ileti:\n{KAZ}", "forwarded", KAZ),
]
SITE = f"""
tokens.0123456789abcdef0123 = "{KAZ}"
threads."42@x.example" = "{KAZ}"
senders."office@president.example" = ["{KAZ}", "{XZV}"]
names."Mirela Tosk" = "{KAZ}"
"""


@pytest.mark.parametrize(("mail", "rule", "printed"), FOUND)
def test_each_rule_says_where_in_the_mail_it_found_what(mail: str, rule: str, printed: str) -> None:
    result = match(mail, PUBLISHED, read_known(SITE, scheme=load_scheme("observatory")))
    (one,) = result.evidence
    assert (one.where, one.printed) == (rule, printed)
    assert one.span is not None
    assert mail[slice(*one.span)] == printed
    assert result.result == ("sure" if rules()[rule].sure else "unsure")
    assert result.candidates[0].code == find_all(KAZ)[0].code


def test_each_rule_and_each_way_to_understand_has_words() -> None:
    assert all(words_for(code, "exact") == (rule.words, "as it was published") for code, rule in rules().items())
    assert words_for("of an older version", "unknown") == ("", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "not TOML"),
        ("[people]", "no such table: people"),
        ('tokens.a = "KAZ"', "not a reference code"),
        ("senders.a = []", "no code"),
    ],
)
def test_what_is_known_is_refused_where_it_says_nothing(text: str, message: str) -> None:
    with pytest.raises(BadRegistry, match=message):
        read_known(text, scheme=load_scheme("observatory"))


@given(st.lists(fragments, max_size=20).map("".join))
def test_every_position_of_a_mail_has_a_place(mail: str) -> None:
    parts = read_mail(mail)
    assert list(parts.starts) == sorted(parts.starts)
    assert {parts.place_of(i) for i in range(len(mail))} <= {"", "date", *rules()}


LONGER = ["OBS 065 ", "a\n", "> \n", "KAZ 003 / 0612 / OBS 056\n", "<a@x.example>"]


@pytest.mark.parametrize("piece", ["\n", *(pytest.param(each, marks=pytest.mark.long) for each in LONGER)])
def test_a_mail_as_long_as_the_sandbox_hands_it_on_costs_no_more_than_its_beginning(piece: str) -> None:
    mail = read_mail("Subject: hello\n\n" + piece * (4_000_000 // len(piece)))
    assert len(mail.text) <= 400_000
    assert len(match(mail, PUBLISHED).evidence) <= 1_000


def test_a_code_that_the_bound_would_cut_in_two_is_not_taken_for_a_part_of_it() -> None:
    for end in range(399_960, 400_000):
        start = "Subject: hello\n\n"
        text = start + "a" * (end - len(start) - 1) + "\n" + KAZ + ".1\n"
        assert {one.printed for one in match(text, PUBLISHED).evidence} <= {f"{KAZ}.1"}


def test_a_code_at_the_beginning_of_an_endless_line_is_found() -> None:
    assert meant(f"Subject: hello\n\n{KAZ} " + "and so on " * 50_000) == KAZ
