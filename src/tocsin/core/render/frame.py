"""What a site puts around an appeal: ways to other pages and files, and what readers should know before they read.

The words come from the site, in the language of the page's labels; targets are relative, so that a copy of the whole
site works from a folder.
"""

from dataclasses import dataclass

from tocsin.core.render.markup import escaped


@dataclass(frozen=True, slots=True)
class Way:
    """A link: its words, where it leads, and the language of either where it is another than the page's.

    `code` stands before the words, and is never broken; `day` (as ISO 8601 and in words) stands behind the link.
    """

    words: str
    target: str
    language: str | None = None
    here: bool = False
    code: str | None = None
    day: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that readers should see, with its ways behind it; `grave` where it changes what to do."""

    words: str
    ways: tuple[Way, ...] = ()
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around an appeal on a site.

    Attributes:
        home: The list of all appeals.
        editions: The languages of this appeal, this one `here`.
        notices: Before the text: that there is something newer, that it was corrected.
        files: The same text in other forms.
        chain: The other appeals of the chain, under `chain_heading`.
        defenders: The pages of those whom the appeal is about, behind `defenders_heading`.
        genuine: How to verify it.
        languages_label: What the list of editions is called.
        feed: Where the feed of the site is.
        figures: What readers did because of it, and what is counted.
        act: Where readers find letters to write; without it they are not asked to.
        is_record: Whether it is shown as a record of its time, so that nothing asks readers to write to anybody.
    """

    home: Way
    editions: tuple[Way, ...]
    languages_label: str
    notices: tuple[Notice, ...]
    files: tuple[Way, ...]
    chain_heading: str
    chain: tuple[Way, ...]
    defenders_heading: str
    defenders: tuple[Way, ...]
    genuine: Notice
    feed: str
    act: str | None = None
    figures: tuple[str, ...] = ()
    is_record: bool = False


def head(frame: Frame) -> list[str]:
    """Give the links of the head: the other languages, and the feed."""
    others = [
        f'<link rel="alternate" hreflang="{escaped(each.language or "")}" href="{escaped(each.target)}">'
        for each in frame.editions
    ]
    return [*others, f'<link rel="alternate" type="application/atom+xml" href="{escaped(frame.feed)}">']


def above(frame: Frame, foreign: str) -> str:
    """Print what stands above the appeal; `foreign` marks words in another language than the page's."""
    tongues = "".join(f"<li>{way(each)}</li>" for each in frame.editions) if len(frame.editions) > 1 else ""
    listed = f'<ul role="list" aria-label="{escaped(frame.languages_label)}">{tongues}</ul>' if tongues else ""
    return f'<nav class="site"{foreign}><p>{way(frame.home)}</p>{listed}</nav>'


def before(frame: Frame, foreign: str) -> str:
    """Print what stands between the head of the appeal and its text."""
    return "\n".join([*(notice(each, foreign) for each in frame.notices), _listed("files", frame.files, foreign)])


def behind(frame: Frame, foreign: str) -> str:
    """Print what stands behind the appeal."""
    chain = _listed("chain", frame.chain, foreign, frame.chain_heading)
    defenders = _listed("chain", frame.defenders, foreign, frame.defenders_heading)
    figures = "".join(f"<p>{escaped(each)}</p>" for each in frame.figures)
    told = f'<div class="figures"{foreign}>{figures}</div>' if figures else ""
    return "\n".join(filter(None, [told, chain, defenders, notice(frame.genuine, foreign, "genuine")]))


def way(each: Way) -> str:
    """Print a link."""
    language = f' lang="{escaped(each.language)}" hreflang="{escaped(each.language)}"' if each.language else ""
    here = ' aria-current="true"' if each.here else ""
    code = f'<bdi class="code" dir="ltr">{escaped(each.code)}</bdi> – ' if each.code else ""
    day = f' · <time datetime="{escaped(each.day[0])}">{escaped(each.day[1])}</time>' if each.day else ""
    return f'<a href="{escaped(each.target)}"{language}{here}>{code}<bdi>{escaped(each.words)}</bdi></a>{day}'


def notice(each: Notice, foreign: str = "", kind: str = "notice") -> str:
    """Print a notice."""
    grave = " grave" if each.grave else ""
    ways = "".join(f" {way(one)}" for one in each.ways)
    return f'<p class="{kind}{grave}"{foreign}>{escaped(each.words)}{ways}</p>'


def _listed(kind: str, ways: tuple[Way, ...], foreign: str, heading: str = "") -> str:
    if not ways:
        return ""
    items = " ".join(f"<li>{way(each)}</li>" for each in ways)
    title = f"<h2>{escaped(heading)}</h2>" if heading else ""
    return f'<div class="{kind}"{foreign}>{title}<ul role="list">{items}</ul></div>'
