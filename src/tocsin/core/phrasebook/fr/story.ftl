# Phrases de la chronologie. Mêmes clés que dans en/story.ftl. Brouillon.

sentence = { $when }, { $clause }
attributed = { $when }, { $source }, { $clause }
at-place = { $clause } ({ $place })
in-place = { $clause } ({ $place })
near-place = { $clause } { $place }
on-place = { $clause } ({ $place })
reportedly = selon nos informations
alleged = selon nos informations, { $clause }
among-them = { $all }, dont { $part },
as-well-as = { $people } ainsi que { $others }
somebody = quelqu’un
a-defender = une personne défendant les droits humains
manner-quoted = { $clause }, { $manner } selon les termes de nos sources
told = { $when } : { $what }
manner = { $clause } { $manner }
times = { $clause }, { $times }

statement-that = { $speaker } { FORM($speaker, one: "a déclaré", other: "ont déclaré") } à { $listeners } que { $what }
statement-alone = { $speaker } { FORM($speaker, one: "a déclaré", other: "ont déclaré") } que { $what }
statement-quote = Dans une déclaration, { $speaker } { FORM($speaker, one: "a affirmé", other: "ont affirmé") } : { $quote }.
rebuttal = Or { $what }

released = { $people } { FORM($people, one-f: "a été libérée", one: "a été libéré", other-f: "ont été libérées", other: "ont été libérés") }

status-in_police_custody = { $people } { FORM($people, one: "est toujours", other: "sont toujours") } en garde à vue
status-unacknowledged = on ignore toujours où { FORM($people, one: "se trouve", other: "se trouvent") } { $people }
status-pretrial_detention = { $people } { FORM($people, one: "est toujours", other: "sont toujours") } en détention provisoire
status-released = { $people } { FORM($people, one: "est", other: "sont") } en liberté

charge = { $offence }
charge-law = { $offence } ({ $provision })
provision = article { $article }, { $law }
charges-filed = { $people } { FORM($people, one-f: "a été inculpée", one: "a été inculpé", other-f: "ont été inculpées", other: "ont été inculpés") } : { $charges }
not-opened-against = aucune enquête n’a été ouverte contre { $suspects }
investigation-stopped = l’enquête pénale contre { $people } a été arrêtée

planned = { $organiser } { FORM($organiser, one: "avait prévu", other: "avaient prévu") } pour le { $day } à { $time } : { $what }
planned-day = { $organiser } { FORM($organiser, one: "avait prévu", other: "avaient prévu") } pour le { $day } : { $what }
planned-by-nobody = il était prévu pour le { $day } : { $what }
planned-ahead = il est prévu pour le { $day } : { $what }
hearing-ahead = une audience est prévue le { $day } dans l’affaire { OF($people) }
contested = ceci est contesté : { $what }
statement-asked = { $speaker } { $what }
law-of = { $law } ({ $country })
charges-announced = { $people } { FORM($people, one-f: "a été informée", one: "a été informé", other-f: "ont été informées", other: "ont été informés") } de l’ouverture prochaine d’une procédure pénale : { $charges }
complaint-filed = { $people } { FORM($people, one: "a porté plainte", other: "ont porté plainte") }
complaint-and-investigation = { $people } { FORM($people, one: "a porté plainte", other: "ont porté plainte") } et la police a ouvert une enquête : { $charges }

length-years = { $n } { FORM($n, one: "an", other: "ans") }
length-months = { $n } mois
length-days = { $n } { FORM($n, one: "jour", other: "jours") }
penalty-imprisonment = { $length } de prison
penalty-suspended_imprisonment = { $length } de prison avec sursis
penalty-fine = une amende de { $amount }
penalty-community_service = { $length } de travail d’intérêt général
penalty-travel_ban = { $length } d’interdiction de voyager
penalty-other = une autre peine
released-conditions = { $people } { FORM($people, one-f: "a été libérée", one: "a été libéré", other-f: "ont été libérées", other: "ont été libérés") } sous condition : { $conditions }
released-pending = { $people } { FORM($people, one-f: "a été libérée", one: "a été libéré", other-f: "ont été libérées", other: "ont été libérés") } dans l’attente du procès
transferred = { $people } { FORM($people, one-f: "a été transférée", one: "a été transféré", other-f: "ont été transférées", other: "ont été transférés") } ({ $place })
status-administrative_detention = { $people } { FORM($people, one: "est toujours", other: "sont toujours") } en détention administrative
status-house_arrest = { $people } { FORM($people, one-f: "est toujours assignée", one: "est toujours assigné", other-f: "sont toujours assignées", other: "sont toujours assignés") } à résidence
status-serving_sentence = { $people } { FORM($people, one: "purge", other: "purgent") } une peine de prison
status-psychiatric = { $people } { FORM($people, one-f: "est retenue", one: "est retenu", other-f: "sont retenues", other: "sont retenus") } dans un établissement psychiatrique
status-released_conditions = { $people } { FORM($people, one: "est", other: "sont") } en liberté sous conditions
status-released_pending = { $people } { FORM($people, one: "est", other: "sont") } en liberté dans l’attente du procès
status-died_in_custody = { $people } { FORM($people, one-f: "est décédée", one: "est décédé", other-f: "sont décédées", other: "sont décédés") } en détention
status-expelled = { $people } { FORM($people, one-f: "a été expulsée", one: "a été expulsé", other-f: "ont été expulsées", other: "ont été expulsés") } du pays
investigation-opened = la police a ouvert une enquête : { $charges }
investigation-opened-plain = une enquête a été ouverte
trial = le procès { OF($people) } s’est ouvert
hearing = { $people } { FORM($people, one: "a comparu", other: "ont comparu") } devant { $authority }
hearing-plain = { $people } { FORM($people, one: "a comparu", other: "ont comparu") } devant le tribunal
convicted = { $people } { FORM($people, one-f: "a été reconnue", one: "a été reconnu", other-f: "ont été reconnues", other: "ont été reconnus") } coupable
sentenced = { $authority } { FORM($authority, one: "a condamné", other: "ont condamné") } { $people } à { $sentence }
sentenced-each = { $authority } { FORM($authority, one: "a condamné", other: "ont condamné") } { $sentences }
sentenced-each-plain = le tribunal a condamné { $sentences }
to-sentence = { $people } à { $sentence }
sentenced-plain = { $people } { FORM($people, one-f: "a été condamnée", one: "a été condamné", other-f: "ont été condamnées", other: "ont été condamnés") } à { $sentence }
acquitted = { $people } { FORM($people, one-f: "a été acquittée", one: "a été acquitté", other-f: "ont été acquittées", other: "ont été acquittés") }
appealed = { $people } { FORM($people, one: "a fait", other: "ont fait") } appel
suspended = les poursuites contre { $people } ont été suspendues
registration-rejected = { $authority } { FORM($authority, one: "a rejeté", other: "ont rejeté") } les demandes d’enregistrement { OF($people) }
hunger-strike = { $people } { FORM($people, one: "a entamé", other: "ont entamé") } une grève de la faim
