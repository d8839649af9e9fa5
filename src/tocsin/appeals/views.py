"""The pages of appeals at the desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.accounts.actor import may
from tocsin.accounts.door import DeskRequest, seen_version
from tocsin.accounts.queries import list_names
from tocsin.adapters.outlets import why_no_pdf
from tocsin.appeals import (
    actions,
    archiving,
    becoming,
    clearing,
    copies,
    disavowing,
    hatch,
    looking,
    mailing,
    pages,
    recalling,
    releasing,
    stating,
    translating,
    waiting,
    waivers,
)
from tocsin.appeals.actions import Writing
from tocsin.appeals.checking import check_draft, consents_ended
from tocsin.appeals.comparing import compare
from tocsin.appeals.following import follow_ups, may_close
from tocsin.appeals.forms import DayForm, WaiveForm, WriteText
from tocsin.appeals.missions import lacks_missions, missions_shown
from tocsin.appeals.pages import AppealPage
from tocsin.appeals.standing import standing_of, standings_in_case
from tocsin.appeals.store import AppealKey, OpenDraft, keys_of, open_draft
from tocsin.appeals.tables import reasons_to_abandon, standings, verbs
from tocsin.appeals.weighing import too_heavy
from tocsin.authorities.tables import reasons
from tocsin.casework.actions import OpenCase, read_case
from tocsin.casework.pages.naming import list_records
from tocsin.casework.pages.standing import title_of
from tocsin.core.errors import (
    BadCase,
    BadPhrasebook,
    BadPublication,
    BadRequest,
    BadWaiver,
    ChangedMeanwhile,
    ClockDoubted,
)
from tocsin.core.phrasebook import languages
from tocsin.core.render import render_for_screen
from tocsin.journal import clocks
from tocsin.publishing import queries as published

_REFUSED = (BadRequest, BadWaiver, BadCase, BadPhrasebook, ChangedMeanwhile, ClockDoubted)


@require_safe
def waiting_appeals(request: DeskRequest) -> HttpResponse:
    """List the appeals of all cases that one holds, those that wait for one first."""
    shown = {
        "rows": waiting.list_waiting(request.actor, now=request.now),
        "states": standings(),
        "asked": stating.list_asked(request.actor, now=request.now),
        "waits": stating.list_waiting(request.actor, now=request.now),
        "names": list_names(request.actor, now=request.now),
        "disavows": may(request.actor, disavowing.DISAVOW, now=request.now),
        "takes_over": may(request.actor, archiving.TAKE_OVER, now=request.now),
        "done": next((each for each in ("said", "left") if each in request.GET), ""),
    }
    return render(request, "appeals/waiting.html", shown)


@require_safe
def appeals(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List the appeals of a case, and offer to draft one."""
    return _list(request, read_case(request.actor, case_id, now=request.now))


def _list(request: DeskRequest, opened: OpenCase, problem: str = "") -> HttpResponse:
    rows = actions.list_appeals(opened.id)
    drafts = may(request.actor, "appeal.draft", opened.id, now=request.now)
    keys, today = keys_of(request.actor, opened.id, request.now), timezone.localdate(request.now)
    stand = standings_in_case(rows, keys, now=request.now)
    being_written = any(each.state in verbs()["write"].states for each in rows)
    offers, language = drafts and not being_written, get_language() or "en"
    shown = {
        "case_id": opened.id,
        "title": title_of(opened.case),
        "rows": [
            (row, *waiting.title_in(keys, row), stand[row.id], consents_ended(keys, row, opened.case, on=today))
            for row in rows
        ],
        "states": standings(),
        "offers": offers,
        "news": pages.news_of(request.actor, opened, language, now=request.now) if offers else None,
        "usual": opened.case.appeal.language,
        "composed_in": languages(),
        "problem": problem,
        "before": request.POST.get("before", ""),
        "may_close": may_close(opened.case),
        "is_first": not any(each.times for each in rows),
    }
    return render(request, "appeals/appeals.html", shown, status=400 if problem else 200)


@require_POST
def new(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Draft an appeal from the case as it is."""
    try:
        made = actions.open_draft(
            request.actor,
            case_id,
            language=request.POST.get("language", ""),
            before=request.POST.get("before", "").strip(),
            closes=bool(request.POST.get("closes")),
            now=request.now,
        )
    except _REFUSED as error:
        return _list(request, read_case(request.actor, case_id, now=request.now), gettext(error.what))
    return HttpResponseRedirect(reverse("appeal", args=[case_id, made]))


@require_safe
def appeal(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Show an edition of an appeal: its texts with their facts, the findings, the gates, and what is next."""
    return _page(request, AppealKey(case_id, appeal_id))


def _page(request: DeskRequest, key: AppealKey, problem: str = "", written: WriteText | None = None) -> HttpResponse:
    draft, opened = actions.read_appeal(request.actor, key, now=request.now)
    language = get_language() or "en"
    wanted = request.POST.get("edition") or request.GET.get("edition") or draft.content.source.language
    page = _edition(request, draft, opened, wanted, language)
    changing = request.POST.get("path") or request.GET.get("change", "")
    after = request.POST.get("after") or request.GET.get("after", "")
    in_public = published.find_in_public(draft.row.code, now=request.now) if draft.row.released_at else None
    ended = consents_ended(draft.keys, draft.row, opened.case, on=timezone.localdate(request.now))
    shown = {
        "case_id": key.case,
        "draft": draft,
        "page": page,
        "editions": draft.content.editions,
        "state": standings()[standing_of(draft, now=request.now)],
        "day": hatch.day_of(draft),
        "day_form": DayForm(None, draft),
        "waive_form": WaiveForm(None, today=timezone.localdate(request.now)),
        "waivers": waivers.list_waivers(draft.keys, draft.row.id),
        "names": page.names,
        "changing": changing,
        "after": after,
        "form": written or _form(page, opened, changing, language, adding=bool(after)),
        "case_changed": opened.version != draft.content.case_version,
        **_missions(draft),
        "approvals": _approvals(draft),
        "sent_back": clearing.list_clearances(draft).get(clearing.APPROVAL),
        "recall": recalling.find(draft.keys, draft.row.id),
        "why_given_up": reasons_to_abandon(),
        "follow_ups": list(follow_ups(draft.row)) if page.next.retracts else [],
        "ended": ended,
        "is_found": bool(ended) or draft.content.public_doubt is not None or page.checked.is_unsafe,
        "new_languages": pages.new_languages(draft.content, language),
        "sees_record": may(request.actor, "reply.read", now=request.now),
        "in_public": in_public,
        "holds_back": in_public is not None
        and in_public.awaited_until is not None
        and not in_public.is_held_back
        and may(request.actor, recalling.HOLD_BACK, key.case, now=request.now),
        "to_mail": mailing.to_send(request.actor, in_public.slug, now=request.now) if in_public else None,
        "tombstone": mailing.tombstone_to_send(request.actor, in_public.slug, now=request.now) if in_public else None,
        "copies": copies.find(draft, in_public.slug, language) if in_public else None,
        "copy_kinds": copies.kinds(),
        "may_note_copies": may(request.actor, copies.NOTE, key.case, now=request.now),
        "public_site": settings.SITE.publishing_address,
        "is_clock_doubted": page.next.releases and bool(clocks.list_doubts(now=request.now)),
        "problem": problem,
        "done": next((each for each in _DONE if each in request.GET), ""),
    }
    return render(request, "appeals/appeal.html", shown, status=400 if problem else 200)


def _missions(draft: OpenDraft) -> dict[str, object]:
    content = draft.content
    return {
        "missions": missions_shown(content.missions, get_language() or "en"),
        "letter_languages": content.letter_languages,
        "salutations": content.salutations,
        "lacks_missions": lacks_missions(content.source.composition.document, content.missions),
    }


# What was done, as the page says it once.
_DONE = (
    "saved",
    "submitted",
    "cleared",
    "sent-back",
    "waived",
    "approved",
    "released",
    "correcting",
    "asked",
    "retracted",
    "left",
    "held-back",
)


def _approvals(draft: OpenDraft) -> list[tuple[object, bool]]:
    """Give what was signed of this version, and whether it counts."""
    rows = hatch.approvals_of(draft.row, draft.version)
    if not rows:
        return []
    counted = hatch.signed_by(rows, draft, hatch.public_appeal(draft, draft.row.code))
    return [(row, row.by in counted) for row in rows]


def _edition(request: DeskRequest, draft: OpenDraft, opened: OpenCase, wanted: str, language: str) -> AppealPage:
    edition = draft.content.edition(wanted)
    on = hatch.day_shown(draft, now=request.now)
    every = check_draft(draft, opened.case, hatch.code_that_stays(draft), on=on, language=language)
    checked = next(each for each in every if each.language == wanted)
    refused = why_no_pdf(edition.composition.document)
    gates, names = pages.gates_of(request.actor, draft, now=request.now), list_names(request.actor, now=request.now)
    texts = pages.lines(draft.content, edition, opened.case, checked, language)
    return AppealPage(
        edition=edition,
        no_pdf=refused.code if refused else None,
        heavy=too_heavy(draft, wanted, now=request.now),
        lines=texts,
        is_stale=draft.content.is_stale(edition),
        findings=pages.shown(checked.report.findings, edition, texts),
        checked=checked,
        gates=gates,
        next=pages.next_of(request.actor, draft, now=request.now),
        names=names,
        waits=pages.waits_of(request.actor, draft, gates, names, now=request.now),
    )


def _form(page: AppealPage, opened: OpenCase, path: str, language: str, *, adding: bool) -> WriteText | None:
    line = next((each for each in page.lines if each.passage.path == path), None)
    if line is None:
        return None
    tells = line.takes_more
    near = [(record, str(words or record)) for record, words in line.facts] if tells else []
    named = {record for record, _ in near}
    others = [
        (section, [each for each in rows if each[0] not in named])
        for section, rows in (list_records(opened.case, language, pages.GROUNDS) if tells else [])
    ]
    return WriteText(None, words="" if adding else line.passage.words, near=near, others=others)


def _back(key: AppealKey, done: str, edition: str = "", at: str = "") -> HttpResponseRedirect:
    query = f"edition={edition}&{done}" if edition else done
    return HttpResponseRedirect(f"{reverse('appeal', args=key)}?{query}{f'#{at}' if at else ''}")


def tried(
    request: DeskRequest, key: AppealKey, done: str, act: Callable[[], Any], at: str = "", edition: str | None = None
) -> HttpResponse:
    """Do something, and go back to the page; where it cannot be done, the page says why."""
    try:
        act()
    except _REFUSED as error:
        return _page(request, key, gettext(error.what))
    return _back(key, done, request.POST.get("edition", "") if edition is None else edition, at)


@require_POST
def text(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Write one text anew, or put a paragraph behind it."""
    key, path = AppealKey(case_id, appeal_id), request.POST.get("path", "")
    writing = Writing(
        request.POST.get("edition", ""), path, request.POST.get("words", ""), tuple(request.POST.getlist("records"))
    )
    write = actions.add_paragraph if request.POST.get("after") else actions.write_text

    def act() -> None:
        write(request.actor, key, writing, seen=seen_version(request), now=request.now)

    return tried(request, key, "saved", act, pages.anchor_of(path))


@require_POST
def day(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Set the day of issue."""
    key, form = AppealKey(case_id, appeal_id), DayForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise BadRequest("the day of issue is today, or within 60 days")
        on, hour = form.cleaned_data["on"], form.cleaned_data["hour"]
        actions.set_day(request.actor, key, on, hour, seen=seen_version(request), now=request.now)

    return tried(request, key, "saved", act)


@require_POST
def submit(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Give it to review."""
    key = AppealKey(case_id, appeal_id)
    return tried(
        request,
        key,
        "submitted",
        lambda: actions.submit(request.actor, key, seen=seen_version(request), now=request.now),
    )


@require_POST
def abandon(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Give it up."""
    key, reason = AppealKey(case_id, appeal_id), request.POST.get("reason", "")

    def act() -> None:
        actions.abandon(request.actor, key, reason=reason, seen=seen_version(request), now=request.now)

    return tried(request, key, "saved", act)


@require_POST
def clear(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Answer a gate."""
    key, gate, words = AppealKey(case_id, appeal_id), request.POST.get("gate", ""), request.POST.get("words", "")
    passed = request.POST.get("answer") == "passed"
    answer = clearing.clear if passed else clearing.send_back

    def act() -> None:
        answer(request.actor, key, gate, seen=seen_version(request), words=words, now=request.now)

    return tried(request, key, "cleared" if passed else "sent-back", act, "gates")


@require_POST
def waive(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Let a finding stand."""
    key, form = AppealKey(case_id, appeal_id), WaiveForm(request.POST, today=timezone.localdate(request.now))

    def act() -> None:
        if not form.is_valid():
            raise BadRequest("a waiver has a reason, and a last day within 90 days")
        said = form.cleaned_data
        named = waivers.Named(request.POST.get("rule", ""), request.POST.get("cause", ""))
        waivers.waive(request.actor, key, named, now=request.now, **said)

    return tried(request, key, "waived", act, "findings")


@require_POST
def edition(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Begin an edition, take one out, or say that one says what the source says now."""
    key, language = AppealKey(case_id, appeal_id), request.POST.get("edition", "")
    act = _OF_EDITIONS.get(request.POST.get("act", ""))

    def told() -> None:
        if act is None:
            raise BadRequest("there is no such language")
        act(request.actor, key, language, seen=seen_version(request), now=request.now)

    # The page of an edition that was taken out is not there any more.
    stays = language if act is not translating.take_out_edition else ""
    return tried(request, key, "saved", told, edition=stays)


_OF_EDITIONS = {
    "add": translating.add_edition,
    "out": translating.take_out_edition,
    "same": translating.say_same,
}


@require_POST
def correct(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Begin a correction of what is published."""
    key, note = AppealKey(case_id, appeal_id), request.POST.get("note", "")
    return tried(
        request,
        key,
        "correcting",
        lambda: actions.correct(request.actor, key, note, seen=seen_version(request), now=request.now),
    )


@require_POST
def recall(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Ask that it is taken back, agree to that, or let it stand."""
    key, step = AppealKey(case_id, appeal_id), request.POST.get("act", "")

    def act() -> None:
        if step == "ask":
            recalling.ask(request.actor, key, request.POST.get("note", ""), now=request.now)
        elif step == "agree":
            _publicly(lambda: recalling.agree(request.actor, key, now=request.now))
        else:
            recalling.leave(request.actor, key, now=request.now)

    return tried(request, key, {"ask": "asked", "agree": "retracted"}.get(step, "left"), act)


@require_http_methods(["GET", "HEAD", "POST"])
def final(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Show exactly what becomes public, and take the signature of an approver."""
    key, problem = AppealKey(case_id, appeal_id), ""
    if request.method == "POST":
        done = "sent-back" if request.POST.get("answer") == "failed" else "approved"
        try:
            _decide(request, key, done)
        except _REFUSED as error:
            problem = gettext(error.what)
        else:
            return _back(key, done)
    draft, opened = actions.read_appeal(request.actor, key, now=request.now)
    seen, signed = looking.last_seen(draft, request.actor.id)
    if request.method == "GET":
        looking.note(request.actor, draft, now=request.now)
    before = open_draft(draft.keys, draft.row, seen) if seen else None
    language = get_language() or "en"
    shown = {
        "case_id": case_id,
        "draft": draft,
        "state": standings()[standing_of(draft, now=request.now)],
        "title": title_of(opened.case),
        "texts": [
            (each, render_for_screen(each), becoming.list_named(each, opened.case, now=request.now))
            for each in hatch.documents(draft, hatch.code_that_stays(draft))
        ],
        "next_code": "" if hatch.code_that_stays(draft) else becoming.next_code(draft, now=request.now),
        "readers": becoming.count_readers(request.actor, draft, now=request.now),
        "since": before,
        "signed_since": signed,
        "roles": pages.ROLES,
        "compared": compare(before.content, draft.content, language) if before else None,
        "next": pages.next_of(request.actor, draft, now=request.now),
        "names": list_names(request.actor, now=request.now),
        **_missions(draft),
        "changed": becoming.list_changed(draft, language, now=request.now),
        "reasons": reasons(),
        "approvals": _approvals(draft),
        "waivers": waivers.list_waivers(draft.keys, draft.row.id),
        "problem": problem,
    }
    return render(request, "appeals/final.html", shown, status=400 if problem else 200)


def _decide(request: DeskRequest, key: AppealKey, done: str) -> None:
    seen = seen_version(request)
    if done == "approved":
        releasing.approve(request.actor, key, seen=seen, now=request.now)
    else:
        words = request.POST.get("words", "")
        clearing.send_back_from_approval(request.actor, key, seen=seen, words=words, now=request.now)


@require_POST
def release(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Publish it."""
    key = AppealKey(case_id, appeal_id)

    def act() -> None:
        _publicly(lambda: releasing.release(request.actor, key, seen=seen_version(request), now=request.now))

    return tried(request, key, "released", act)


def _publicly(act: Callable[[], Any]) -> None:
    """Do what the public house may refuse, and say so as every other refusal is said."""
    try:
        act()
    except BadPublication as error:
        raise BadRequest(error.what) from error


@require_POST
def hold_back(request: DeskRequest, case_id: UUID, appeal_id: UUID) -> HttpResponse:
    """Keep it from showing at its hour."""
    key = AppealKey(case_id, appeal_id)
    return tried(request, key, "held-back", lambda: recalling.hold_back(request.actor, key, now=request.now))
