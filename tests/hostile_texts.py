"""Texts that have broken programs, and what a reader must find of a document whatever it says."""

from collections.abc import Iterator

from hypothesis import strategies as st

from tocsin.core.appeal import AppealDocument
from tocsin.core.render.characters import printable

# Add a string here and every field of a document will have held it.
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!-- ",
    "--> ]]> <![CDATA[",
    "</title></style><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp; &#60; &copy",
    "javascript:alert(1)",
    "https://evil.example/?a=1&b=<2>",
    "www.evil.example",
    "a@evil.example",
    'https://evil.example" onclick="alert(1)',
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "[ref]: https://evil.example 'x'",
    "[1] [2] ¹ ²",
    "# heading #",
    "===",
    "---",
    "* * *",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    "    code",
    "\tcode",
    "```",
    "~~~ x",
    "`code`",
    "*a* _b_ **c** __d__ ~~e~~",
    "| a | b |\n|---|---|\n| c | d |",
    "a\\",
    "a  ",
    "line\nline\r\nline\u2028line\x0bline\x85line",
    "\x00\x01\x07\x1b[31mred\x1b[0m\x7f\x9b31m",
    "\u202egnp.exe\u202c \u2066x",
    "\u202d\u2067\u2068 open for ever",
    "\ufeffbom \ufffe \uffff \U0001ffff",
    "مرحبا <b>Harbour</b> (+99 12 34) ٣",
    "e\u0301 \u200d\u200c 👩‍👩‍👧 𐍈",
    "{digest} {count} %s ${x} {{y}}",
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0": *',
    '#include "/etc/passwd"',
    '#eval("1 + 1") #sys.inputs #panic()',
    '"); #read("/etc/passwd"); ("',
    "$ x^2 $ @note-1 <note-1> _x_ *y* `#z`",
    "]#[ } #{ /* */ // = heading",
    '\\u{41} \\" #"x"',
    "\ud83d",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=12)


def shown(document: AppealDocument) -> Iterator[str]:
    """Give every text that a reader of the page must find in it."""
    yield document.title.text if document.title else ""
    yield document.about.text if document.about else ""
    yield document.opening.text if document.opening else ""
    yield from (violation.as_printed for violation in document.violations)
    yield from document.issued_at
    yield from document.publishers
    for section in document.sections:
        yield (section.heading or "").rstrip(" \u00a0\u202f:：\t\n")
        yield from (paragraph.text for paragraph in section.paragraphs)
    yield from (demand.text for demand in document.demands)
    yield from (demand.ordinal or "" for demand in document.demands)
    yield from (request.text for request in document.requests)
    yield from (note.text for note in document.notes)
    yield from (note.marker for note in document.notes)
    yield from (contact.display for contact in document.contacts)
    yield from (contact.holder or "" for contact in document.contacts)
    for addressee in document.addressees:
        yield from (part or "" for part in (addressee.style, addressee.title, addressee.name, addressee.post))
        yield from (addressee.location or "", addressee.salutation or "")
        yield from (channel.display for channel in addressee.channels)
    if document.kind == "report":
        yield from (unread.text for unread in document.unread)
        yield from (event.sentence for event in document.facts.events)
        yield from (person.name for person in document.facts.people)
        yield from (proceeding.sentence for proceeding in document.facts.proceedings)


def solid(text: str) -> str:
    """Leave out white space and what no outlet prints: where lines break is the outlet's business."""
    return "".join(printable(text).split())
