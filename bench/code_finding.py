"""Precision and recall of code finding on generated replies, and its speed; run `python bench/code_finding.py`.

The replies are written from a seed: each of the codes of an invented registry is quoted several times, in one of five
languages, with one kind of dirt, in one part of a mail: its own words, its subject, what it quotes or forwards, an
attachment or the name of one; or no code leads there, but the address for answers or a mail that is answered. Between
them lie texts that hold no code. The peer is the strict pattern that most people would write first, run over the same
texts in the same process. Ends with 1 where precision or recall is below what we claim.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice

from tocsin.core.codes import Code, Entry, Registry, find_all, format_code, slug
from tocsin.core.matching import Known, match, prefixes, read_mail
from tocsin.core.messages import reply_token

CLAIMED_PRECISION, CLAIMED_RECALL = 0.999, 0.98
KEY = bytes(32)

COUNTRIES = ["XZV", "XOS", "XBM", "KAZ", "BLR", "IRN", "COD", "COL", "DZA", "EGY", "TUR", "UZB", "HND", "PHL", "MEX"]
PEER = re.compile(r"([A-Z]{3})\s*(\d{3})\s*/\s*(0[1-9]|1[0-2])(\d{2})\s*/\s*([A-Z]{2,5})\s*(\d{3,4})(?:\.(\d{1,3}))?")

OPENINGS = {
    "en": [
        "Dear friends, we wrote to the ministry about {}, and have had no answer.",
        "Action taken on {}: two letters.",
    ],
    "fr": [
        "Chers amis, nous avons écrit au sujet de l’appel {}, sans réponse.",
        "Suite donnée à {} : trois courriers.",
    ],
    "es": ["Estimadas y estimados: sobre el llamamiento {}, enviamos una carta.", "Acción sobre {}: dos faxes."],
    "ru": ["Здравствуйте! Мы написали письмо по обращению {}, ответа нет.", "По вопросу {} отправлено два письма."],
    "ar": ["تحية طيبة، كتبنا إلى الوزارة بخصوص النداء {} ولم يصلنا رد.", "بخصوص {} أرسلنا رسالتين."],
}
CLOSINGS = {
    "en": "Kind regards,\nGroup 12, Almora\nTel. +41 22 555 01 23, open 9-17, since 1998.",
    "fr": "Bien à vous,\nGroupe 7, article 19/2004 de la loi 91-647, tél. 01 55 55 01 23",
    "es": "Un saludo,\nGrupo 3, expediente 045/2009, tel. (506) 555-0123",
    "ru": "С уважением,\nгруппа 5, ст. 130 ч. 2, тел. 8 (800) 555-01-23, 12.05.2021",
    "ar": "مع التحية\nالمجموعة ٤، هاتف ٠١٢٣-٥٥٥، ١٢/٠٥/٢٠٢١",
}
PREFIXES = [*(f"{each.capitalize()}: " for each in prefixes()), "RE[2]: ", "TR: Re: ", "Re: Fwd: TR: RE[2]: ", ""]

NO_CODES = [
    "The offices observed 065 obstacles; jobs 100, obs. 3 and 4, see the observatory of 2021.",
    "OBS 100 personer deltog i mötet den 12/05/2021.",
    "Record it with OBS 28.1 or OBS Studio 30, released in {year}.",
    "Call +7 (727) 250-{n:04d} or 8 800 {m:03d} 06 21, fax 002/0621-{n:04d}.",
    "TEL {m:03d} / {n:04d}, FAX {m:03d}/{n:04d}, office {m:03d}.",
    "Article {m} of Law No. {m:03d}/{year}, as amended by Decree {n}/{year} of 12/06/{year}.",
    "LEY {m:03d}/{year}, DEC {m:03d}/{n:04d}, RES {m:03d}/0621, CPP art. {m}/2.",
    "Case No. {n}/{m:02d}, communication CCPR/C/{m}/D/{n}/{year}, A/HRC/RES/22/6.",
    "Invoice INV-{year}-{n:04d}, IBAN XZ86 125K ZT50 0410 {n:04d}, amount 1,065.00 / 0621.",
    "UA {m}/21 Index: ASA 31/013/2006, AMR 23/{m:03d}/{year}, MDE 30/011/1993.",
    "AHRC-UAC-{m:03d}-{year}, Case XZV 090802, RAN 05/2018, PM 506-22, AL XZV 12/2021.",
    "Meeting 16:00 on 06/21, rooms 002/0621 and 065; flight XZ 0621, gate 65.",
    "Order {m:03d}/{n:04d}; the per 123/0405 and the are 012/0611 of est 004/0512.",
    "XZV {m:03d} / 0621 / ABC {m:03d} is another organisation's number.",
    "https://paper.example/{year}/06/21/obstruction-of-justice-065/?id={n}",
    "Приказ № {m:03d}/{n:04d} от 21.06.{year}, протокол {m:03d}/06-21, обс. 065.",
    "المادة {m} من القانون رقم {n}/{year}، هاتف ٠٠٢/٠٦٢١",
]

Dirt = Callable[[str, Code, random.Random], str]


def _spaces(code: str, _: Code, dice: random.Random) -> str:
    return "".join(dice.choice(["\u00a0", "\u202f", "\u2009", "\t", " "]) if c == " " else c for c in code)


def _no_spaces(code: str, _: Code, dice: random.Random) -> str:
    return "".join("" if c == " " and dice.random() < 0.7 else c for c in code)


def _slashes(code: str, _: Code, dice: random.Random) -> str:
    return code.replace("/", dice.choice("⁄∕／\\|⧸"))


def _dashes(code: str, _: Code, dice: random.Random) -> str:
    return code.replace("/", dice.choice("-–—‑"))


def _letter_for_digit(code: str, _: Code, dice: random.Random) -> str:
    head, tail = code[:3], code[3:]
    return head + "".join(
        dice.choice({"0": "Oo0", "1": "Il1"}.get(c, c)) if c.isdigit() and dice.random() < 0.6 else c for c in tail
    ).replace("OBS", dice.choice(["0BS", "OBS"]))


def _cyrillic(code: str, _: Code, dice: random.Random) -> str:
    shapes = dict(zip("ABEKMHOPCTXS", "АВЕКМНОРСТХЅ", strict=True))
    return "".join(shapes.get(c, c) if dice.random() < 0.7 else c for c in code)


def _full_width(code: str, _: Code, dice: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isalnum() and dice.random() < 0.8 else c for c in code)


def _other_digits(code: str, _: Code, dice: random.Random) -> str:
    zero = dice.choice([0x660, 0x6F0])
    return "".join(chr(zero + int(c)) if c.isdigit() else c for c in code)


def _wrapped(code: str, _: Code, dice: random.Random) -> str:
    return _broken(code, dice.choice(["\n", "\r\n", " \n", "=\n "]), dice)


def _quoted(code: str, _: Code, dice: random.Random) -> str:
    return _broken(code, dice.choice(["\n> ", "\n>> ", "\n> > "]), dice)


def _broken(code: str, joint: str, dice: random.Random) -> str:
    places = [i for i, c in enumerate(code) if c.isspace()] or [code.rfind("/") + 1]
    cut = dice.choice(places)
    return code[:cut] + joint + code[cut:].lstrip()


def _invisible(code: str, _: Code, dice: random.Random) -> str:
    signs = "\u00ad\u200b\u200e\u200f\u2066\u2069\ufeff"
    return "".join(c + (dice.choice(signs) if dice.random() < 0.3 else "") for c in code)


def _entities(code: str, _: Code, dice: random.Random) -> str:
    spaces, slashes = ["&nbsp;", "&#8239;", "&#xA0;", "&amp;nbsp;"], ["&#x2F;", "&#47;", "&sol;", "&frasl;"]
    return code.replace(" ", dice.choice(spaces)).replace("/", dice.choice(slashes))


def _web_address(_: str, code: Code, dice: random.Random) -> str:
    return f"https://{dice.choice(['www.', ''])}appeals.example/{dice.choice(['en/', 'fr/a/', ''])}{slug(code)}"


def _lower_case(code: str, _: Code, __: random.Random) -> str:
    return code.lower()


def _padding(code: str, parts: Code, _: random.Random) -> str:
    tail = f".{parts.follow_up:02d}" if parts.follow_up else ""
    return f"{code.rsplit('OBS', 1)[0]}OBS {parts.number}{tail}"


def _no_series(_: str, code: Code, dice: random.Random) -> str:
    slash = dice.choice([" / ", "/"])
    return f"{code.country} {code.country_number:03d}{slash}{_month(code)}{slash}{code.number:03d}"


def _country_part(_: str, code: Code, dice: random.Random) -> str:
    return f"{code.country} {code.country_number:03d}{dice.choice([' / ', '/'])}{_month(code)}"


def _number_and_year(_: str, code: Code, dice: random.Random) -> str:
    form = dice.choice(["OBS {n:03d}/{y}", "OBS {n:03d} of {y}", "OBS {n:03d}, June 8, {y}", "OBS{n:03d} ({y})"])
    return form.format(n=code.number, y=code.year)


def _month_and_number(_: str, code: Code, __: random.Random) -> str:
    return f"{_month(code)} / OBS {code.number:03d}"


def _two_kinds(code: str, parts: Code, dice: random.Random) -> str:
    for dirt in dice.sample([_spaces, _slashes, _letter_for_digit, _cyrillic, _quoted, _invisible, _no_spaces], 2):
        code = dirt(code, parts, dice)
    return code


def _slip(code: str, _: Code, dice: random.Random) -> str:
    place = dice.choice([i for i, c in enumerate(code[:24]) if c.isdigit()])
    if dice.random() < 0.3 and code[place + 1 : place + 2].isdigit() and code[place] != code[place + 1]:
        return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    return code[:place] + dice.choice([d for d in "0123456789" if d != code[place]]) + code[place + 1 :]


def _month(code: Code) -> str:
    return f"{code.month:02d}{(code.year or 0) % 100:02d}"


DIRTS: dict[str, Dirt] = {
    "clean": lambda code, _, __: code,
    "no-break spaces": _spaces,
    "missing spaces": _no_spaces,
    "other slashes": _slashes,
    "dashes": _dashes,
    "O for 0, l for 1": _letter_for_digit,
    "Cyrillic": _cyrillic,
    "full width": _full_width,
    "Arabic-Indic digits": _other_digits,
    "line wrap": _wrapped,
    "quoted wrap": _quoted,
    "invisible": _invisible,
    "entities": _entities,
    "web address": _web_address,
    "lower case": _lower_case,
    "padding": _padding,
    "series dropped": _no_series,
    "country part": _country_part,
    "number and year": _number_and_year,
    "month and number": _month_and_number,
    "two kinds at once": _two_kinds,
    "one slip": _slip,
}
# Codes that only the registry can read rightly; `find_all` gives what is printed.
NEEDS_REGISTRY = {"one slip"}

TRAPS = ["unpublished", "two codes", "number alone"]


@dataclass(frozen=True)
class Reply:
    """A generated mail, the code that it is about, or None, what was done to the code, and where it stands."""

    text: str
    code: Code | None
    kind: str
    carrier: str = "no code"
    unread: tuple[str, ...] = ()


def make_registry(size: int, dice: random.Random) -> Registry:
    """Give out codes as a publisher would, over 24 years, with follow-ups to one in five."""
    registry: list[Code] = []
    per_year = -(-size * 5 // 6 // 24)
    for year in range(2000, 2024):
        in_country: Counter[str] = Counter()
        for number in range(1, per_year + 1):
            country = dice.choice(COUNTRIES)
            in_country[country] += 1
            month = 1 + (number - 1) * 12 // per_year
            registry.append(
                Code(
                    country=country,
                    country_number=in_country[country],
                    month=month,
                    year=year,
                    series="OBS",
                    number=number,
                )
            )
    follow_ups = dice.sample(registry, max(0, size - len(registry)))
    registry += [_follow_up(code) for code in follow_ups]
    return Registry([Entry(code) for code in registry[:size]])


def _follow_up(code: Code) -> Code:
    return replace(code, follow_up=1)


def make_replies(registry: Registry, dice: random.Random, most: int | None = None) -> Iterator[Reply]:
    """Write so many replies, one for each code if nothing else is said, and after each a text that must not match."""
    for entry in islice(cycle(registry.entries), len(registry) if most is None else most):
        kind = dice.choice(list(DIRTS))
        printed = DIRTS[kind](format_code(entry.code), entry.code, dice)
        carrier = dice.choice([name for name, (_, many_lines) in CARRIERS.items() if many_lines or "\n" not in printed])
        yield CARRIERS[carrier][0](Letter(printed, entry.code, kind, dice))
        sentence = dice.choice(NO_CODES)
        year, number = dice.randint(1998, 2023), dice.randint(1, 9999)
        yield Reply(sentence.format(year=year, n=number, m=dice.randint(1, 999)), None, "no code")
        if dice.random() < 0.1:
            yield _trap(entry.code, registry, dice)


class Letter:
    """What a reply is written of: the code as it is printed in it, what was done to it, and the dice."""

    def __init__(self, printed: str, code: Code, kind: str, dice: random.Random) -> None:
        language = dice.choice(list(OPENINGS))
        self.printed, self.code, self.kind = printed, code, kind
        self.subject = dice.choice(PREFIXES)
        self.closing = CLOSINGS[language]
        self.plain = OPENINGS[language][0].format("…")
        self.naming = dice.choice(OPENINGS[language]).format(printed)
        self.file = dice.choice(["{}.pdf", "answer {}.docx", "scan_{}.jpg", "Ответ {}.pdf"]).format(
            printed.replace("/", "-") if "://" not in printed else slug(code)
        )
        self.at = dice.choice([2, 3]) * "-----"

    def reply(self, carrier: str, body: str, subject: str = "…", *more: str, to: str = "") -> Reply:
        """Write the mail."""
        head = (
            "From: Group <group@letters.example>",
            f"To: {to or 'appeals@observers.example'}",
            f"Subject: {self.subject}{subject}",
            "Date: Mon, 11 Mar 2024 10:00:00 +0000",
            *more,
        )
        text = "\n".join((*head, "", body, "", self.closing, ""))
        return Reply(text, self.code, self.kind if carrier not in WITHOUT_CODE else carrier, carrier)


def _quoting(letter: Letter) -> Reply:
    quoted = "\n".join(f"> {line.removeprefix('> ')}" for line in letter.naming.splitlines())
    return letter.reply("quoted", f"{letter.plain}\n\nOn Monday the Observers wrote:\n{quoted}")


def _forwarding(letter: Letter) -> Reply:
    head = f"{letter.at} Forwarded message {letter.at}\nFrom: Group <g@letters.example>\nSubject: …"
    return letter.reply("forwarded", f"{letter.plain}\n\n{head}\n\n{letter.naming}")


def _attaching(letter: Letter) -> Reply:
    return letter.reply("attachment", f"{letter.plain}\n\n----- attachment: answer.docx -----\n{letter.naming}")


def _naming_a_file(letter: Letter) -> Reply:
    return letter.reply("attachment name", f"{letter.plain}\n\n----- attachment: {letter.file} -----\n{letter.plain}")


def _naming_a_scan(letter: Letter) -> Reply:
    return replace(letter.reply("name of a scan", letter.plain), unread=(letter.file,))


def _by_token(letter: Letter) -> Reply:
    to = f"Observers <office+{reply_token(slug(letter.code), KEY)}@observers.example>"
    return letter.reply("token", letter.plain, to=to)


def _by_thread(letter: Letter) -> Reply:
    return letter.reply("thread", letter.plain, "…", f"References: <a@x.example>\n <{_id_of(letter.code)}>")


def _id_of(code: Code) -> str:
    return f"sent.{slug(code)}@observers.example"


# How a code is carried, and whether it may stand on several lines there.
CARRIERS: dict[str, tuple[Callable[[Letter], Reply], bool]] = {
    "body": (lambda letter: letter.reply("body", letter.naming), True),
    "subject": (lambda letter: letter.reply("subject", letter.plain, letter.printed), False),
    "quoted": (_quoting, True),
    "forwarded": (_forwarding, True),
    "attachment": (_attaching, True),
    "attachment name": (_naming_a_file, False),
    "name of a scan": (_naming_a_scan, False),
    "token": (_by_token, True),
    "thread": (_by_thread, True),
}
WITHOUT_CODE = ["token", "thread"]


def known_of(registry: Registry) -> Known:
    """Give what a site would know of these codes."""
    codes = [entry.code for entry in registry.entries]
    tokens = {reply_token(slug(code), KEY): (code,) for code in codes}
    threads = {_id_of(code): code for code in codes}
    return Known(
        token=lambda word: tokens.get(word, ()),
        threads=lambda ids: {each: threads[each] for each in ids if each in threads},
    )


def _trap(code: Code, registry: Registry, dice: random.Random) -> Reply:
    """Write a mail with codes that do not say which appeal is meant."""
    other = dice.choice(registry.entries).code
    if dice.random() < 0.4 or other.chain == code.chain:
        guessed = replace(code, country="XZZ", number=999, country_number=998)
        return Reply(f"What do you know about {format_code(guessed)}?", None, "unpublished")
    if dice.random() < 0.5:
        return Reply(f"We wrote about {format_code(code)} and {format_code(other)}.", None, "two codes")
    return Reply(f"Please see OBS {dice.randint(1, 99):03d}, as you know.", None, "number alone")


@dataclass
class Score:
    """Counts of what was right, wrongly said, and not said."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, expected: object, given: object) -> None:
        """Count one answer; None is no answer."""
        self.right += expected is not None and given == expected
        self.wrong += given is not None and given != expected
        self.missed += expected is not None and given != expected

    @property
    def precision(self) -> float:
        """The share of the answers that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the codes that was found."""
        return self.right / max(1, self.right + self.missed)


def by_tocsin(reply: Reply, registry: Registry, known: Known) -> Code | None:
    """Answer with the matcher."""
    return match(read_mail(reply.text, unread=reply.unread), registry, known).code


def by_peer(reply: Reply) -> Code | None:
    """Answer with the strict pattern, which needs no registry."""
    found = PEER.search("\n".join((reply.text, *reply.unread)))
    if not found:
        return None
    country, country_number, month, year, series, number, follow_up = found.groups()
    return Code(
        country=country,
        country_number=int(country_number),
        month=int(month),
        year=2000 + int(year),
        series=series,
        number=int(number),
        follow_up=int(follow_up) if follow_up else None,
    )


def score(replies: list[Reply], answer: Callable[[Reply], object]) -> dict[str, Score]:
    """Score answers by kind of dirt and by carrier, and all under `all`; a follow-up counts as its first appeal."""
    scores: dict[str, Score] = defaultdict(Score)
    for reply in replies:
        given, expected = answer(reply), reply.code
        for name in {reply.kind, f"in: {reply.carrier}", "all"}:
            scores[name].add(_chain(expected), _chain(given))
    return scores


def _chain(code: object) -> object:
    return code.chain if isinstance(code, Code) else None


def found_only(text: str) -> object:
    """Answer with what `find_all` alone says: the one code of the text, or anything else where it says more."""
    found = {one.code for one in find_all(text)}
    return next(iter(found)) if len(found) == 1 else (None if not found else tuple(found))


def score_finding(replies: list[Reply]) -> Score:
    """Score `find_all` without a registry: each part of a code that it gives has to be right, and none invented."""
    total = Score()
    for reply in replies:
        if reply.kind in NEEDS_REGISTRY or reply.kind in TRAPS or reply.kind in WITHOUT_CODE:
            continue
        given = found_only("\n".join((reply.text, *reply.unread)))
        agrees = isinstance(given, Code) and reply.code is not None and _is_part_of(given, reply.code)
        total.add(reply.code, reply.code if agrees else given)
    return total


def _is_part_of(part: Code, whole: Code) -> bool:
    names = ("country", "country_number", "month", "year", "series", "number", "follow_up")
    return all(getattr(part, name) in (None, getattr(whole, name)) for name in names)


def speed(text: str, repeats: int = 3) -> float:
    """Megabytes (of UTF-8) that `find_all` reads in a second, the best of some runs."""
    size = len(text.encode())
    best = min(_time(text) for _ in range(repeats))
    return size / best / 1e6


def _time(text: str) -> float:
    start = time.perf_counter()
    find_all(text)
    return time.perf_counter() - start


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=20210608)
    options.add_argument("--codes", type=int, default=20_000)
    options.add_argument("--replies", type=int, default=100_000)
    chosen = options.parse_args()
    dice = random.Random(chosen.seed)
    registry = make_registry(chosen.codes, dice)
    known = known_of(registry)
    replies = list(make_replies(registry, dice, chosen.replies))
    print(
        f"seed {chosen.seed}, {len(registry)} codes, {chosen.replies} replies,"
        f" {len(replies) - chosen.replies} other texts"
    )
    ours = score(replies, lambda reply: by_tocsin(reply, registry, known))
    peer = score(replies, by_peer)
    print(f"\n{'kind':<22}{'precision':>10}{'recall':>10}{'peer prec.':>12}{'peer rec.':>11}")
    for kind in [*DIRTS, *(f"in: {carrier}" for carrier in CARRIERS), "all"]:
        a, b = ours[kind], peer[kind]
        print(f"{kind:<22}{a.precision:>10.4f}{a.recall:>10.4f}{b.precision:>12.4f}{b.recall:>11.4f}")
    print(f"\n{'must not be matched':<22}{'matched':>10}{'':>10}{'by the peer':>12}")
    for kind in ["no code", *TRAPS]:
        print(f"{kind:<22}{ours[kind].wrong:>10}{'':>10}{peer[kind].wrong:>12}")
    alone = score_finding(replies)
    print(f"\nfind_all alone, no registry: precision {alone.precision:.4f}, recall {alone.recall:.4f}")
    _print_speed(replies)
    whole = ours["all"]
    if whole.precision < CLAIMED_PRECISION or whole.recall < CLAIMED_RECALL:
        sys.exit(f"claimed are a precision of {CLAIMED_PRECISION} and a recall of {CLAIMED_RECALL}")


def _print_speed(replies: list[Reply]) -> None:
    prose = " ".join(words for lines in OPENINGS["en"] for words in [lines.format("it")] * 12_000)
    texts = {
        "English prose, no codes": prose[:2_000_000],
        "Russian prose, no codes": (" ".join(OPENINGS["ru"]).format("it", "it") * 20_000)[:1_000_000],
        "numbers, no codes": "\n".join(reply.text for reply in replies if reply.code is None)[:2_000_000],
        "replies, one code in each": "\n".join(reply.text for reply in replies if reply.code)[:2_000_000],
        "nothing but codes": "KAZ 002 / 0621 / OBS 065 " * 40_000,
    }
    print(f"\n{'text':<28}{'MB/s':>8}")
    for name, text in texts.items():
        print(f"{name:<28}{speed(text):>8.1f}")
    print(
        "growth: "
        + ", ".join(f"{n} kB {_time('OBS 065 / ' * n * 100) * 1e3:.0f} ms" for n in (50, 100, 200, 400, 1000))
    )


if __name__ == "__main__":
    main()
