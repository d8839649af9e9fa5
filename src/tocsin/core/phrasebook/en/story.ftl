# Sentences of the chronology that tell no violation: what was planned, said and decided, detention and proceedings.
# $when is one of the times, or missing: those formulae end in -plain.

sentence = { $when }, { $clause }
attributed = { $when }, { $source }, { $clause }
at-place = { $clause } at { $place }
in-place = { $clause } in { $place }
in-country = { $clause } { IN_COUNTRY($place) }
on-place = { $clause } on { $place }
near-place = { $clause } { $place }
reportedly = according to the information received
alleged = it is alleged that { $clause }
among-them = { $all }, among them { $part },
as-well-as = { $people } as well as { $others }
the-members = the members of { $organisation }
somebody = somebody
counted-about = about { $about } { $label }
counted-min-max = { $min } to { $max } { $label }
counted-min = at least { $min } { $label }
counted-max = at most { $max } { $label }
a-defender = a human rights defender
manner = { $clause } { $manner }
times = { $clause }, { $times }
manner-quoted = { $clause }, { $manner } in the words of our sources
told = { $when }: { $what }

contested = this is contested: { $what }
length-years = { $n } { FORM($n, one: "year", other: "years") }
length-months = { $n } { FORM($n, one: "month", other: "months") }
length-days = { $n } { FORM($n, one: "day", other: "days") }
penalty-imprisonment = { $length } in prison
penalty-suspended_imprisonment = a suspended prison term of { $length }
penalty-fine = a fine of { $amount }
penalty-community_service = { $length } of community service
penalty-travel_ban = a travel ban of { $length }
penalty-other = another penalty

planned = { $organiser } had planned for { $day }, at { $time }: { $what }
planned-day = { $organiser } had planned for { $day }: { $what }
planned-by-nobody = the following had been planned for { $day }: { $what }
planned-ahead = the following is planned for { $day }: { $what }
hearing-ahead = a hearing in the case of { $people } is scheduled for { $day }

statement-that = { $speaker } told { $listeners } that { $what }
statement-untranslated = statement of { $speaker }: { $what }
statement-asked = { $speaker } { $what }
statement-alone = { $speaker } said that { $what }
# Quoted words that are no sentence.
statement-words = In a statement, { $speaker } used the words { $quote }.
statement-quote = In a statement, { $speaker } claimed: { $quote }.
rebuttal = However, { $what }

released = { $people } { FORM($people, one: "was", other: "were") } released
released-conditions = { $people } { FORM($people, one: "was", other: "were") } released on conditions ({ $conditions })
released-pending = { $people } { FORM($people, one: "was", other: "were") } released pending trial
released-expiry = { $people } { FORM($people, one: "was", other: "were") } released at the end of the term
released-pardon = { $people } { FORM($people, one: "was", other: "were") } pardoned and released
transferred = { $people } { FORM($people, one: "was", other: "were") } transferred to { $place }

status-in_police_custody = { $people } { FORM($people, one: "remains", other: "remain") } in police custody
status-unacknowledged = the whereabouts of { $people } remain unknown
status-pretrial_detention = { $people } { FORM($people, one: "remains", other: "remain") } in pre-trial detention
status-administrative_detention = { $people } { FORM($people, one: "remains", other: "remain") } in administrative detention
status-house_arrest = { $people } { FORM($people, one: "remains", other: "remain") } under house arrest
status-serving_sentence = { $people } { FORM($people, one: "is", other: "are") } serving { FORM($people, one-f: "her", one-m: "his", other: "their") } prison { FORM($people, one: "sentence", other: "sentences") }
status-psychiatric = { $people } { FORM($people, one: "is", other: "are") } held in a psychiatric institution
status-released = { $people } { FORM($people, one: "is", other: "are") } free
status-released_conditions = { $people } { FORM($people, one: "is", other: "are") } free under conditions
status-released_pending = { $people } { FORM($people, one: "is", other: "are") } free pending trial
status-died_in_custody = { $people } died in custody
status-expelled = { $people } { FORM($people, one: "has", other: "have") } been expelled from the country
status-transferred = { $people } { FORM($people, one: "has", other: "have") } been moved to another place of detention
status-released_expiry = { $people } { FORM($people, one: "is", other: "are") } free, the term having ended
status-released_pardon = { $people } { FORM($people, one: "is", other: "are") } free after a pardon
status-escaped = { $people } { FORM($people, one: "has", other: "have") } escaped from detention

charge = { $offence }
charge-law = { $offence } ({ $provision })
provision = Article { $article } of { $law }
law-of = { $law } { OF_COUNTRY($country) }
charges-announced = { $people } { FORM($people, one: "was", other: "were") } informed that a criminal case would be initiated against { FORM($people, one-f: "her", one-m: "him", other: "them") } on charges of { $charges }
charges-filed = { $people } { FORM($people, one: "was", other: "were") } charged with { $charges }
complaint-filed = { $people } filed a complaint
investigation-opened = the police opened an investigation into { $charges }
investigation-opened-plain = an investigation was opened
complaint-and-investigation = { $people } filed a complaint, and the police opened an investigation for { $charges }
investigation-stopped = the criminal investigation against { $people } was stopped
# Where a case stands on a date, if no event tells it.
standing-announced = { $people } { FORM($people, one: "faces", other: "face") } charges
standing-under_investigation = { $people } { FORM($people, one: "is", other: "are") } under investigation
    .charges = { $people } { FORM($people, one: "is", other: "are") } under investigation for { $charges }
standing-charged = { $people } { FORM($people, one: "remains", other: "remain") } charged
    .charges = { $people } { FORM($people, one: "remains", other: "remain") } charged with { $charges }
standing-at_trial = { $people } { FORM($people, one: "is", other: "are") } on trial
    .charges = { $people } { FORM($people, one: "is", other: "are") } on trial for { $charges }
standing-convicted = { $people } { FORM($people, one: "has", other: "have") } been convicted
    .charges = { $people } { FORM($people, one: "has", other: "have") } been convicted of { $charges }
standing-on_appeal = the appeal of { $people } is pending
standing-acquitted = { $people } { FORM($people, one: "has", other: "have") } been acquitted
standing-discontinued = the proceedings against { $people } have been stopped
standing-suspended = the proceedings against { $people } have been suspended
standing-final = the judgment against { $people } is final
standing-amnesty = { $people } { FORM($people, one: "has", other: "have") } been amnestied
standing-complaint-rejected = the complaint that { $people } had filed has been rejected
standing-complaint-discontinued = the investigation that { $people } had asked for has been stopped
not-opened-against = no investigation has been opened against { $suspects }
trial = the trial of { $people } began
hearing = { $people } appeared before { $authority }
hearing-plain = { $people } appeared in court
convicted = { $people } { FORM($people, one: "was", other: "were") } convicted
sentenced = { $authority } sentenced { $people } to { $sentence }
# $sentences: "sentenced Ms. A to three years in prison and sentenced Mr. B to a fine".
sentenced-each = { $authority } { $sentences }
sentenced-each-plain = the court { $sentences }
to-sentence = sentenced { $people } to { $sentence }
sentenced-plain = { $people } { FORM($people, one: "was", other: "were") } sentenced to { $sentence }
acquitted = { $people } { FORM($people, one: "was", other: "were") } acquitted
appealed = { $people } appealed
suspended = the proceedings against { $people } were suspended
registration-rejected = { $authority } rejected the applications of { $people } for registration
hunger-strike = { $people } began a hunger strike

# Steps of prisons and courts as things, for the title of a follow-up: named as acts are, in acts.ftl.
step-release = release
    .nominal = the release of { $victims }
step-conditional_release = conditional release
    .nominal = the conditional release of { $victims }
step-release_ordered = order to release
    .nominal = the order to release { $victims }
step-acquittal = acquittal
    .nominal = the acquittal of { $victims }
step-investigation_closed = end of the proceedings
    .nominal = the end of the proceedings against { $victims }
step-charge = charges
    .nominal = the charges against { $victims }
step-trial = trial
    .nominal = the trial of { $victims }
step-hearing = hearing
    .nominal = the hearing of { $victims }
step-transfer = transfer
    .nominal = the transfer of { $victims }
step-hunger_strike = hunger strike
    .nominal = the hunger strike of { $victims }
# Of the case against those who are said to have done it: $victims are those to whom it was done.
step-investigation_opened_for = opening of an investigation
    .nominal = the opening of an investigation into what was done to { $victims }
step-charge_for = charges
    .nominal = the charges brought over what was done to { $victims }
step-trial_for = trial
    .nominal = the trial over what was done to { $victims }
step-investigation_closed_for = closing of the investigation
    .nominal = the closing of the investigation into what was done to { $victims }
step-acquittal_for = acquittal
    .nominal = the acquittal in the trial over what was done to { $victims }
