"""Dates and times as appeals print them, and where a story places them. Each row can be extended by hand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.reader.dates import Clock, find_dates, find_moments, time_words
from tocsin.core.reader.tokens import Tokens

DATES = [
    ("en", "On May 29, 2021, they met", "2021-05-29", None),
    ("en", "29th June 2001", "2001-06-29", None),
    ("en", "31th May", "XXXX-05-31", None),
    ("en", "January10, 2011", "2011-01-10", None),
    ("en", "December 7,2016", "2016-12-07", None),
    ("en", "between 2 and 5 May 2020", "2020-05-02", "2020-05-05"),
    ("en", "from May 30 to June 2, 2019", "2019-05-30", "2019-06-02"),
    ("en", "30 May – 2 June 2019", "2019-05-30", "2019-06-02"),
    ("en", "May 29-31, 2021", "2021-05-29", "2021-05-31"),
    ("en", "early June 2019", "2019-06", None),
    ("en", "in 2017", "2017", None),
    ("en", "Paris-Geneva, June 8, 2021", "2021-06-08", None),
    ("fr", "le 1er mars 2016", "2016-03-01", None),
    ("fr", "dans la nuit du 3 au 4 mars", "XXXX-03-03", "XXXX-03-04"),
    ("fr", "fin mai 2019", "2019-05", None),
    ("fr", "Genève, le 18 février 2005", "2005-02-18", None),
    ("es", "del 3 al 5 de mayo de 2012", "2012-05-03", "2012-05-05"),
    ("es", "7 de julio de 2012", "2012-07-07", None),
    ("es", "a finales de mayo de 2019", "2019-05", None),
    (None, "26.07.17", "2017-07-26", None),
    (None, "16/03/2015", "2015-03-16", None),
    (None, "2014/12/19", "2014-12-19", None),
    (None, "07-12-2021", "2021-12-07", None),
    ("en", "yesterday (tues 24/11/26) at dawn", "2026-11-24", None),
    ("en", "Tue 24/11/26", "2026-11-24", None),
    ("en", "on Weds, 25 Nov. 2026", "2026-11-25", None),
    ("en", "tues 24/11 at six", "XXXX-11-24", None),
    ("en", "on 24/11 they came", "XXXX-11-24", None),
    ("fr", "hier (mar. 24/11/26)", "2026-11-24", None),
    ("fr", "le mer. 25/11", "XXXX-11-25", None),
    ("es", "ayer (mar 24/11/26)", "2026-11-24", None),
    ("es", "el mar. 24/11", "XXXX-11-24", None),
    ("es", "el lun, 3 mar 2026", "2026-03-03", None),
    ("ru", "31 мая 2021 г. в городе", "2021-05-31", None),
    ("ru", "с 5 по 7 июня 2021 года", "2021-06-05", "2021-06-07"),
    ("ru", "в ночь с 8 на 9 июня", "XXXX-06-08", "XXXX-06-09"),
    ("ru", "в начале апреля 2020 года", "2020-04", None),
    ("ru", "в мае прошли обыски", "XXXX-05", None),
    ("uk", "3 червня 2021 року", "2021-06-03", None),
    ("ar", "07، يوليو 2021", "2021-07-07", None),
    ("ar", "٧ تموز ٢٠٢١", "2021-07-07", None),
    ("ar", "19 نوفمبر/تشرين الثاني 2019", "2019-11-19", None),
    ("ar", "5 كانون الثاني 2018", "2018-01-05", None),
    ("ar", "في كانون الأول 2018", "2018-12", None),
    ("ar", "بين 5 و7 مايو 2021", "2021-05-05", "2021-05-07"),
    ("pt", "3 de maio de 2021", "2021-05-03", None),
    ("de", "am 8. Juni 2021", "2021-06-08", None),
    ("it", "3 maggio 2021", "2021-05-03", None),
    ("tr", "3 Mayıs 2021", "2021-05-03", None),
]

NO_DATES = [
    "XZV 14/007/2021",
    "they may go",
    "Article 2014 of the Code",
    "+33 1 43 55 25 18",
    "the march of 300 people",
    "²/²/²",
    "case no. 24/11",
    "situation report no. 7, May",
    "note de situation n° 7, mai",
    "informe de situación n.º 7, mayo",
    "he sat 3 hours",
    "99/99/9999",
]

# Each story is read in order; a document of 8 June 2021. date, time, precision, ambiguous.
STORIES = {
    "en": [
        ("On May 29, 2021, they were to speak at a meeting at 16:00.", "2021-05-29", "16:00", "minute", False),
        ("Previously, a room had been rented.", None, None, "vague", False),
        ("However, on the same day, the owner called.", "2021-05-29", None, "day", False),
        ("At 15:30, three men came.", "2021-05-29", "15:30", "minute", False),
        ("He said so five minutes before the start of the meeting.", "2021-05-29", "15:55", "minute", False),
        ("They were released on May 29, 2021 at midnight.", "2021-05-29", "00:00", "minute", True),
        ("The next morning, at around 8 am, she left.", "2021-05-30", "08:00", "hour", False),
        ("On 2 June at 11.30 p.m. he returned.", "2021-06-02", "23:30", "minute", False),
        ("On 2 June at 7 :15 p.m. he returned.", "2021-06-02", "19:15", "minute", False),
        ("On 2 June he, who had fled in the early 1980s, returned.", "2021-06-02", None, "day", False),
        ("Two days later he fled.", "2021-06-04", None, "day", False),
        ("At seven in the evening she called.", "2021-06-04", "19:00", "hour", False),
        ("On Sunday he came back.", "2021-06-06", None, "day", False),
        ("On Mon 7/6 he left.", "2021-06-07", None, "day", False),
        ("As of issuing this urgent appeal, nobody knows.", "2021-06-08", None, "day", False),
        ("In April 2020 he was fined.", "2020-04", None, "month", False),
        ("They were questioned on May 29, 2021 until midnight.", "2021-05-29", "00:00", "minute", False),
    ],
    "fr": [
        ("Le 29 mai 2021, vers 20 heures, il est sorti.", "2021-05-29", "20:00", "hour", False),
        ("Le lendemain, à 9h30, elle a appelé.", "2021-05-30", "09:30", "minute", False),
        ("Deux heures plus tard, ils sont partis.", "2021-05-30", "11:30", "hour", False),
        ("Le 5 juin au matin, il est revenu.", "2021-06-05", None, "part_of_day", False),
        ("À 6 heures du matin, on a frappé.", "2021-06-05", "06:00", "hour", False),
    ],
    "es": [
        ("El 29 de mayo de 2021, a las 15:30 horas, salió.", "2021-05-29", "15:30", "minute", False),
        ("Al día siguiente volvió.", "2021-05-30", None, "day", False),
        ("En la madrugada del 5 de junio llegaron.", "2021-06-05", None, "part_of_day", False),
        ("A las ocho de la noche se fueron.", "2021-06-05", "20:00", "hour", False),
        ("Dos horas después regresaron.", "2021-06-05", "22:00", "hour", False),
    ],
    "ru": [
        ("31 мая 2021 года в 15:30 к ней подошли неизвестные.", "2021-05-31", "15:30", "minute", False),
        ("Утром следующего дня её отпустили.", "2021-06-01", None, "part_of_day", False),
        ("2 июня, около 10 утра, она подала жалобу.", "2021-06-02", "10:00", "hour", False),
        ("Собрание назначили на 16:00 того же дня.", "2021-06-02", "16:00", "minute", False),
        ("За пять минут до начала собрания пришла полиция.", "2021-06-02", "15:55", "minute", False),
        ("В полночь в дверь постучали.", "2021-06-02", "00:00", "minute", True),
        ("Через три дня в доме прошёл обыск.", "2021-06-05", None, "day", False),
        ("Два дня назад суд отложил слушание.", "2021-06-06", None, "day", False),
        ("Вчера вечером ей позвонили.", "2021-06-07", None, "part_of_day", False),
    ],
    "ar": [
        ("في 31 مايو 2021 الساعة 15:30 أوقفوها في الشارع.", "2021-05-31", "15:30", "minute", False),
        ("في صباح اليوم التالي أفرج عنها.", "2021-06-01", None, "part_of_day", False),
        ("يوم الأربعاء 2 حزيران، حوالي الساعة 8 مساء، عادوا.", "2021-06-02", "20:00", "hour", False),
        ("عند منتصف الليل طرقوا الباب.", "2021-06-02", "00:00", "minute", True),
        ("قبل ثلاثة أيام فتشوا المكتب.", "2021-06-05", None, "day", False),
        ("أمس اتصلوا بها.", "2021-06-07", None, "day", False),
    ],
}


@pytest.mark.parametrize(("language", "text", "date", "until"), DATES, ids=[row[1] for row in DATES])
def test_a_printed_date_is_found_whole(language: str | None, text: str, date: str, until: str | None) -> None:
    assert [(found.date, found.until) for found in find_dates(text, language)] == [(date, until)]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert find_dates(text, None) == []


@pytest.mark.parametrize("language", STORIES)
def test_a_story_places_each_sentence_after_the_one_before(language: str) -> None:
    words = time_words(language)
    clock = Clock(dt.date(2021, 6, 8), words.planned)
    for sentence, date, time, precision, ambiguous in STORIES[language]:
        tokens = Tokens(sentence)
        placed = clock.place(tokens, find_moments(tokens, words))
        assert (placed.date, placed.time, placed.precision, placed.ambiguous) == (date, time, precision, ambiguous), (
            sentence
        )


def test_a_sentence_without_words_of_time_goes_on_where_the_story_stands() -> None:
    clock, tokens = Clock(dt.date(2021, 6, 8)), Tokens("On 2 May she was followed.")
    clock.place(tokens, find_moments(tokens, time_words("en")))
    assert (clock.carry().date, clock.carry().precision, clock.carry().words) == ("2021-05-02", "day", None)
    clock.turn_back()
    assert clock.carry().date is None


@pytest.mark.parametrize(
    ("later", "derived"),
    [
        ("One hour later they left.", "18:30 + 1 h"),
        ("They left 40 minutes later.", "18:30 + 40 min"),
        ("Two days later they left.", "2021-05-02 + 2 day"),
    ],
)
def test_what_was_reckoned_says_from_what(later: str, derived: str) -> None:
    clock, words = Clock(dt.date(2021, 6, 8)), time_words("en")
    first, second = Tokens("On 2 May 2021, at 18:30, they came."), Tokens(later)
    clock.place(first, find_moments(first, words))
    assert clock.place(second, find_moments(second, words)).derived_from == derived


def test_a_day_without_a_year_lies_before_the_issue_of_the_document() -> None:
    tokens = Tokens("On 20 December he was arrested.")
    placed = Clock(dt.date(2021, 1, 8)).place(tokens, find_moments(tokens, time_words("en")))
    assert placed.date == "2020-12-20"


def test_a_day_without_a_year_stays_so_where_nothing_tells_the_year() -> None:
    tokens = Tokens("On 20 December he was arrested.")
    assert Clock(None).place(tokens, find_moments(tokens, time_words("en"))).date == "XXXX-12-20"


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "es", "ru", None]))
def test_no_text_breaks_the_grammar_of_dates(text: str, language: str | None) -> None:
    for found in find_dates(text, language):
        assert text[found.start : found.end].strip()
    tokens = Tokens(text)
    moments = find_moments(tokens, time_words(language or "en"))
    if moments:
        Clock(dt.date(2021, 6, 8)).place(tokens, moments)


@given(st.dates(dt.date(1997, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_written_out_is_read_back(day: dt.date) -> None:
    months = "January February March April May June July August September October November December".split()
    month = months[day.month - 1]
    for text in (f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}", f"{day:%d/%m/%Y}"):
        assert [found.date for found in find_dates(text, "en")] == [day.isoformat()]


LAST = [
    ("en", "Last Friday she was followed.", "2021-06-04"),
    ("en", "On 14 July 2017 he was held; his car was burnt last December.", "2017-07-14"),
    ("fr", "Le 14 juillet dernier, sa voiture a brûlé.", "2020-07-14"),
    ("fr", "Lundi dernier, elle a été suivie.", "2021-06-07"),
    ("es", "El lunes pasado fue citada.", "2021-06-07"),
    ("es", "El 3 de marzo pasado fue citada.", "2021-03-03"),
]


@pytest.mark.parametrize(("language", "sentence", "date"), LAST, ids=[row[1] for row in LAST])
def test_the_last_such_day_is_counted_from_the_day_of_writing(language: str, sentence: str, date: str) -> None:
    clock, words = Clock(dt.date(2021, 6, 8)), time_words(language)
    for told in ({"en": "In 2015", "fr": "En 2015", "es": "En 2015"}[language], sentence):
        tokens = Tokens(told)
        placed = clock.place(tokens, find_moments(tokens, words))
    assert placed.date == date


UNDATED = [
    ("en", "They told us by phone today (3 June 2022).", "On Tuesday evening she was followed.", "2022-05-31"),
    ("es", "Ayer, martes 14 de junio de 2022, fue detenida.", "Hoy la trasladaron.", "2022-06-15"),
    ("fr", "Hier, lundi 9 mai 2022, elle a été frappée.", "Aujourd'hui, elle est à l'hôpital.", "2022-05-10"),
]


@pytest.mark.parametrize(("language", "first", "second", "day"), UNDATED)
def test_a_date_beside_yesterday_tells_when_an_undated_text_was_written(
    language: str, first: str, second: str, day: str
) -> None:
    clock, words = Clock(None), time_words(language)
    for sentence in (first, second):
        tokens = Tokens(sentence)
        placed = clock.place(tokens, find_moments(tokens, words))
    assert placed.date == day


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "She must report to the police every Monday."),
        ("fr", "Elle doit se présenter chaque lundi."),
        ("es", "Debe presentarse todos los lunes."),
    ],
)
def test_a_day_that_comes_back_is_no_day_of_the_story(language: str, sentence: str) -> None:
    assert find_moments(Tokens(sentence), time_words(language)) == []


def test_not_until_three_days_later_is_told_of_that_day() -> None:
    clock, words = Clock(dt.date(2016, 7, 1)), time_words("en")
    for sentence in ("On June 17, 2016, it was ordered.", "However, she was not let out until three days later."):
        tokens = Tokens(sentence)
        placed = clock.place(tokens, find_moments(tokens, words))
    assert placed.date == "2016-06-20"
