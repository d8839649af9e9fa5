"""What the site puts around an appeal, in the language of its page; targets are relative to the appeal's folder."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from tocsin.adapters.outlets import FORMATS, Format, formats_made
from tocsin.core.appeal import AppealDocument
from tocsin.core.publication import PublicAppeal, Words
from tocsin.core.render import Frame, Notice, Way, labels_for
from tocsin.publishing import record
from tocsin.publishing.defenders import Named, listed_in
from tocsin.publishing.queries import Listed, Near
from tocsin.publishing.told import Figures

_FILES = {"pdf": "PDF", "docx": "Word", "txt": None, "md": "Markdown", "json": "JSON"}


def frame(
    listed: Listed,
    appeal: PublicAppeal,
    document: AppealDocument,
    forms: Collection[str],
    near: Near,
    figures: Figures,
) -> Frame:
    """Give what stands around one edition of an appeal."""
    here = document.language or ""
    labels = labels_for(here)
    offices = [each.office_in(here) for each in record.offices_in(appeal, figures)]
    with translation.override(labels.language):
        return Frame(
            home=Way(gettext("All appeals"), f"../../{labels.language}/index.html"),
            editions=tuple(
                Way(name_of(each.language), f"{each.language}.html", each.language, each.language == here)
                for each in appeal.editions
            ),
            languages_label=gettext("Languages of this appeal"),
            notices=tuple(_notices(listed, appeal, near.later, here)),
            files=tuple(_files(document, here, forms, alert=not appeal.is_archived)),
            chain_heading=gettext("Other appeals on this case"),
            chain=tuple(way_to(each, here) for each in (*near.earlier, *near.later)),
            defenders_heading=gettext("All appeals for"),
            defenders=tuple(_defenders(near.defenders, document, labels.language)),
            genuine=_genuine(appeal, labels.language),
            feed=f"../../{labels.language}/feed.atom",
            act=f"../../{labels.language}/act/{listed.slug}.html" if may_act(appeal, near.later) else None,
            figures=tuple(record.lines_of(figures, offices, labels.language)),
            is_record=appeal.is_archived,
        )


def may_act(appeal: PublicAppeal, later: Collection[Listed]) -> bool:
    """Tell whether readers are asked to write: not because of what is old, closed, or has newer information."""
    asks = any(each.document.addressees for each in appeal.editions)
    return asks and not appeal.is_archived and appeal.kind != "closure" and not later


def _genuine(appeal: PublicAppeal, language: str) -> Notice:
    """Say who stands for an appeal; of one from an archive nobody does as of those that were approved here."""
    how = Way(gettext("How to verify it"), f"../../{language}/verify.html")
    if appeal.is_archived:
        words = gettext(
            "Is this genuine? Nobody signed it when it was published: that was before this site. The people who took "
            "it over from the archive signed only that it lay there like this."
        )
        return Notice(words, (how, Way(gettext("Proof that it was taken over"), "proof.json")))
    words = ngettext(
        "Is this genuine? %(count)s person signed it.",
        "Is this genuine? %(count)s people signed it, each with a key of their own.",
        len(appeal.signatures),
    )
    return Notice(words % {"count": len(appeal.signatures)}, (how, Way(gettext("Signed proof"), "proof.json")))


@cache
def name_of(language: str) -> str:
    """Give the name of a language in itself; its tag where CLDR has none."""
    try:
        name = Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:]


def in_language(note: Iterable[Words], language: str) -> Words | None:
    """Give a note in a language, or in English, or in whatever language there is; `None` where there is no note."""
    texts = {each.language: each for each in note}
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), None)


def title_in(appeal: PublicAppeal, language: str) -> tuple[str, str]:
    """Give the title of an appeal in the language that is nearest to a language, and which one that is."""
    edition = appeal.edition(language) or appeal.edition("en") or appeal.editions[0]
    title = edition.document.title
    return (title.text if title else appeal.code), edition.language


def _notices(listed: Listed, appeal: PublicAppeal, later: tuple[Listed, ...], here: str) -> Iterable[Notice]:
    if settings.SITE.is_demonstration:
        yield Notice(gettext("This is a demonstration: everybody and everything here is invented."))
    if appeal.is_archived:
        words = gettext(
            "From the archive: this was published before this site, and is shown as it was found. Names, offices and "
            "addresses in it are of that time. Please do not write to anybody because of it."
        )
        yield Notice(words, grave=True)
    if later:
        closed = later[-1].appeal is not None and later[-1].appeal.kind == "closure"
        newer = gettext("There is newer information on this case:")
        words = gettext("This case is closed. Please do not write any more:") if closed else newer
        yield Notice(words, (way_to(later[-1], here),), grave=True)
    if appeal.note:
        day = labels_for(here).day(timezone.localdate(listed.changed_at))
        note = in_language(appeal.note, here)
        yield Notice(gettext("Corrected on %(day)s: %(note)s") % {"day": day, "note": note.text if note else ""})


def _files(document: AppealDocument, here: str, forms: Collection[str], *, alert: bool) -> Iterable[Way]:
    for form in forms_made(document, _FILES.keys() & set(forms)):
        yield Way(_FILES[form] or gettext("Text"), f"{here}.{form}")
    if alert:
        yield Way("CAP", "cap.xml")


def forms_made(document: AppealDocument, wanted: Collection[str]) -> tuple[Format, ...]:
    """List those of some forms in which an edition lies beside its page: its page, each feed and each file ask."""
    return tuple(form for form in _forms_made(document) if form in wanted)


@lru_cache(maxsize=256)
def _forms_made(document: AppealDocument) -> tuple[Format, ...]:
    return formats_made(document, FORMATS)


def defender_in(listed: Listed, names: Collection[str], language: str) -> Named | None:
    """Give how an appeal prints one of some folded names, in the edition nearest to a language; `None` if nowhere."""
    if listed.appeal is None:
        return None
    _, nearest = title_in(listed.appeal, language)
    editions = sorted(listed.appeal.editions, key=lambda each: each.language != nearest)
    return next((one for each in editions for one in listed_in(each.document) if one.words in names), None)


def _defenders(ids: Mapping[str, str], document: AppealDocument, pages: str) -> Iterable[Way]:
    for each in listed_in(document):
        if each.words in ids:
            yield Way(each.name, f"../../{pages}/defender/{ids[each.words]}.html", document.language)


def way_to(other: Listed, here: str) -> Way:
    """Give the way to another appeal, in the language nearest to one."""
    assert other.appeal is not None  # noqa: S101 - chains hold no retraction
    title, language = title_in(other.appeal, here)
    tag = language if language != here else None
    edition = other.appeal.edition(language) or other.appeal.editions[0]
    on = edition.document.issued_on
    day = (on.isoformat(), labels_for(here).day(on)) if on else None
    return Way(title, f"../{other.slug}/{language}.html", tag, code=other.code, day=day)
