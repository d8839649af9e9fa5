"""The addresses of the desk. Each name has a line in `access.toml`, or is closed."""

from django.conf import settings
from django.urls import path

from tocsin.accounts import own_views as own
from tocsin.accounts import staff_views as staff
from tocsin.accounts import views as accounts
from tocsin.authorities import views as authorities
from tocsin.casework import views as casework
from tocsin.casework.evidence import views as evidence
from tocsin.casework.search.views import cases, search
from tocsin.casework.together import views as together
from tocsin.config import errors, views
from tocsin.intake import views as intake

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.broken

urlpatterns = [
    path("", casework.home, name="home"),
    path(".well-known/security.txt", views.security_contact, name="security-contact"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("lock", accounts.lock, name="lock"),
    path("language", views.language, name="language"),
    path("lost-second-factor", accounts.lost_factor, name="lost-factor"),
    path("link/<str:secret>", accounts.link, name="link"),
    path("confirm", accounts.confirm, name="confirm"),
    path("account", own.account, name="account"),
    path("account/passphrase", own.passphrase, name="passphrase"),
    path("account/recovery-code", own.recovery_code, name="recovery-code"),
    path("account/second-factor", own.second_factors, name="second-factor"),
    path("account/second-factor/offer", own.offer_totp, name="totp-offer"),
    path("account/second-factor/picture", own.picture, name="totp-picture"),
    path("account/second-factor/code", own.confirm_totp, name="totp-code"),
    path("account/passkeys", own.add_passkey, name="passkey-add"),
    path("account/passkeys/<uuid:passkey_id>/remove", own.remove_passkey, name="passkey-remove"),
    path("account/notices", casework.notices, name="notices"),
    path("people", staff.people, name="people"),
    path("people/invite", staff.invite, name="invite"),
    path("people/<uuid:account_id>", staff.person, name="person"),
    path("people/<uuid:account_id>/vouch", staff.vouch, name="vouch"),
    path("people/<uuid:account_id>/roles", staff.roles, name="person-roles"),
    path("people/<uuid:account_id>/disable", staff.disable, name="person-disable"),
    path("people/<uuid:account_id>/enable", staff.enable, name="person-enable"),
    path("people/<uuid:account_id>/reset", staff.reset, name="person-reset"),
    path("people/<uuid:account_id>/invite-again", staff.invite_again, name="invite-again"),
    path("people/<uuid:account_id>/restore", staff.restore, name="person-restore"),
    path("cases/<uuid:case_id>", casework.case, name="case"),
    path("cases/<uuid:case_id>/together", together.together, name="together"),
    path("cases/<uuid:case_id>/tasks", together.new_task, name="task-new"),
    path("cases/<uuid:case_id>/comments", together.new_comment, name="comment-new"),
    path("cases/<uuid:case_id>/remarks/<uuid:remark_id>/settle", together.settle, name="remark-settle"),
    path("cases/<uuid:case_id>/remarks/<uuid:remark_id>/reopen", together.reopen, name="remark-reopen"),
    path("cases/<uuid:case_id>/watch", together.watch, name="watch"),
    path("cases/<uuid:case_id>/hand-over", together.new_hand_over, name="hand-over"),
    path("cases/<uuid:case_id>/hand-over/answer", together.answer_hand_over, name="hand-over-answer"),
    path("cases/<uuid:case_id>/access", casework.access, name="access"),
    path("cases/<uuid:case_id>/access/<uuid:grant_id>/end", casework.end_access, name="end-access"),
    path("cases/<uuid:case_id>/access/<uuid:grant_id>/prolong", casework.prolong_access, name="prolong-access"),
    path("cases/<uuid:case_id>/shred", casework.shred, name="shred"),
    path("cases/<uuid:case_id>/status", casework.case_status, name="case-status"),
    path("cases/<uuid:case_id>/add/<slug:section>", casework.add_record, name="add-record"),
    path("cases/<uuid:case_id>/records/<uuid:record_id>", casework.record, name="record"),
    path("cases/<uuid:case_id>/evidence/new", evidence.new, name="evidence-new"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>", evidence.evidence, name="evidence"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/look", evidence.look, name="evidence-look"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/page/<int:page>", evidence.picture, name="evidence-picture"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/take-out", evidence.take_out, name="evidence-take-out"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/copy", evidence.copy, name="evidence-copy"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/cite", evidence.cite, name="evidence-cite"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/describe", evidence.describe, name="evidence-describe"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/check", evidence.check, name="evidence-check"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/hand-over", evidence.hand_over, name="evidence-hand-over"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/ask", evidence.ask, name="evidence-ask"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/agree", evidence.agree, name="evidence-agree"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/withdraw", evidence.withdraw, name="evidence-withdraw"),
    path("cases/<uuid:case_id>/records/<uuid:record_id>/status", casework.record_status, name="record-status"),
    path("cases/<uuid:case_id>/records/<uuid:record_id>/withdraw", casework.withdraw_record, name="withdraw-record"),
    path("cases/<uuid:case_id>/addressees", casework.addressees, name="addressees"),
    path("cases/<uuid:case_id>/addressees/choose", casework.choose_addressee, name="addressee-choose"),
    path("cases/<uuid:case_id>/addressees/out", casework.take_out_addressee, name="addressee-out"),
    path("reports", intake.reports, name="reports"),
    path("reports/new", intake.new, name="report-new"),
    path("reports/collect", intake.collect, name="report-collect"),
    path("reports/public-form", intake.public_form, name="public-form"),
    path("reports/<uuid:report_id>", intake.report, name="report"),
    path("reports/<uuid:report_id>/read", intake.read, name="report-read"),
    path("reports/<uuid:report_id>/decide", intake.decide, name="report-decide"),
    path("reports/<uuid:report_id>/answer", intake.answer, name="report-answer"),
    path("reports/<uuid:report_id>/sender", intake.answer_sender, name="report-answer-sender"),
    path("reports/<uuid:report_id>/decline", intake.decline, name="report-decline"),
    path("reports/<uuid:report_id>/resume", intake.resume, name="report-resume"),
    path("reports/<uuid:report_id>/known", casework.known, name="report-known"),
    path("reports/<uuid:report_id>/case", casework.open_from_report, name="report-open-case"),
    path("authorities", authorities.authorities, name="authorities"),
    path("authorities/new", authorities.new, name="authority-new"),
    path("authorities/import", authorities.take, name="authority-import"),
    path("authorities/export/<slug:form>", authorities.export, name="authority-export"),
    path("authorities/governments", authorities.governments, name="authority-governments"),
    path("authorities/governments/<uuid:turnover_id>/back", authorities.take_back, name="authority-take-back"),
    path("authorities/posts/<slug:authority>", authorities.authority, name="authority"),
    path("authorities/posts/<slug:authority>/cases", casework.authority_cases, name="authority-cases"),
    path("authorities/posts/<slug:authority>/edit", authorities.edit, name="authority-edit"),
    path("authorities/posts/<slug:authority>/check", authorities.check, name="authority-check"),
    path("authorities/posts/<slug:authority>/holder", authorities.holder, name="authority-holder"),
    path("authorities/posts/<slug:authority>/contact", authorities.contact_point, name="authority-contact"),
    path("authorities/posts/<slug:authority>/contact/end", authorities.end_contact_point, name="authority-contact-end"),
    path("journal", casework.journal, name="journal"),
    path("search", search, name="search"),
    path("cases", cases, name="cases"),
]
if settings.TOCSIN_DEMONSTRATION is not None:
    urlpatterns.append(path("demonstration", accounts.demonstration_sign_in, name="demonstration-sign-in"))
