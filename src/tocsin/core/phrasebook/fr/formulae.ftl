# Les mots fixes d'un appel : mêmes clés que dans en/. Brouillon, à relire par une personne de langue maternelle.

publisher-partnership = { $name }, un partenariat { OF($partners) },
publisher-alone = { $name }
opening-urgent = { $publisher } sollicite votre intervention urgente dans la situation suivante { IN_COUNTRY($country) }.
opening-calm = { $publisher } sollicite votre intervention dans la situation suivante { IN_COUNTRY($country) }.
opening-new = { $publisher } a reçu de nouvelles informations et sollicite votre intervention urgente dans la situation suivante { IN_COUNTRY($country) }.
opening-new-calm = { $publisher } a reçu de nouvelles informations et sollicite votre intervention dans la situation suivante { IN_COUNTRY($country) }.
opening-again = { $publisher } sollicite de nouveau votre intervention urgente dans la situation suivante { IN_COUNTRY($country) }.
opening-again-calm = { $publisher } sollicite de nouveau votre intervention dans la situation suivante { IN_COUNTRY($country) }.
opening-closing = { $publisher } clôt son appel sur la situation suivante { IN_COUNTRY($country) }.

heading-situation = Description de la situation :
heading-new_information = Nouvelles informations :
heading-background = Rappel des faits :
heading-actions = Actions requises :
heading-addressees = Adresses :
heading-contacts = Pour contacter { $publisher }, appelez la ligne d’urgence :

title = { $country } : { $violations }
title-others = { $country } : { $violations } visant { $people }
other-violations = autres violations
title-situation = { $country } : Situation { OF($people) }
title-nobody = { $country } : Situation des défenseurs des droits humains
title-case = { $country } : { $violations } visant { $people }

summary = { $publisher } a été informé { OF($acts) }.
summary-situation = { $publisher } a été informé de la situation { OF($people) }.
summary-nobody = { $publisher } a été informé de la situation des défenseurs des droits humains { IN_COUNTRY($country) }.
summary-new = { $publisher } a été informé de nouveaux développements dans la situation { OF($people) }.
summary-unchanged = { $publisher } n’a eu connaissance d’aucun changement dans la situation { OF($people) } depuis le { $date }.
summary-again = { $publisher } rappelle la situation { OF($people) }.
who-they-are = { $people } { FORM($people, one: "est", other: "sont") } { $what }.
who-they-were = { $people } { FORM($people, one: "était", other: "étaient") } { $what }.
member-of = { FORM($people, one: "membre", other: "membres") } { OF($organisation) }
defender = { FORM($people, one-f: "défenseure", one: "défenseur", other-f: "défenseures", other: "défenseurs") } des droits humains
acts-of = les faits suivants : { $what } ({ $victims })
acts-against = les faits suivants contre { $victims } : { $what }
the-release = libération
and-release = libération
release-of = la libération { OF($victims) }
recap-code = Le présent appel fait suite à { $code }, publié le { $date }.
recap-first = Le premier appel dans cette affaire était { $code }, publié le { $date }.

these-acts = ces actes contre { $people }
position-aim = { $acts }, qui ne { FORM($acts, one: "semble", other: "semblent") } viser qu’à sanctionner les activités légitimes { OF($people) } en faveur des droits humains
position-and = { $acts }, { $what }
position-condemns = { $publisher } dénonce { $what }
position-strongly_condemns = { $publisher } dénonce fermement { $what }
position-deplores = { $publisher } déplore { $what }
position-welcomes = { $publisher } se félicite { OF($what) }
position-welcomes-release = { $publisher } se félicite de la libération { OF($people) }.
position-remains_concerned = { $publisher } reste préoccupé par { $what }
thanks = { $publisher } remercie toutes les personnes qui sont intervenues en faveur { OF($people) }.
closure = { $publisher } ne demande pas d’autre action dans cette affaire pour le moment et remercie toutes les personnes qui sont intervenues.
position-underlines = { $publisher } souligne { $what }
position-recalls = { $publisher } rappelle { $what }
position-expresses_concern = { $publisher } exprime sa préoccupation au sujet { OF($what) }
position-expresses_utmost_concern = { $publisher } exprime sa plus vive préoccupation au sujet { OF($what) }
position-calls_on = { $publisher } appelle { $what }
position-urges = { $publisher } prie instamment les autorités { OF_COUNTRY($country) } { OF($calls) }.
position-calls = { $publisher } demande également aux autorités { OF_COUNTRY($country) } { OF($calls) }.
position-bound = { $publisher } rappelle que les autorités { OF_COUNTRY($country) } restent tenues { OF($calls) }.
guarantee-right = garantir { $right }, tel qu’énoncé { TO($law) }
right = le droit suivant : { $right }
right-freedom_of_association = le droit à la liberté d’association
right-freedom_of_assembly = le droit à la liberté de réunion pacifique
right-freedom_of_expression = le droit à la liberté d’expression
right-freedom_of_movement = le droit de circuler librement
right-independence_of_civil_society = le principe d’indépendance de la société civile
right-liberty = le droit à la liberté et à la sécurité de la personne
right-fair_trial = le droit à un procès équitable
right-life = le droit à la vie
right-privacy = le droit au respect de la vie privée
right-freedom_from_torture = le droit de ne pas être soumis à la torture
right-defend_human_rights = le droit de défendre les droits humains
law-article = l’article { $article } { OF($law) }
law-articles = les articles { $article } { OF($law) }

actions-intro = Merci d’écrire aux autorités { OF_COUNTRY($country) } en leur demandant de :
request-write_to_mission = Merci d’écrire également à la représentation diplomatique ou à l’ambassade { OF_COUNTRY($country) } dans votre pays.
request-report_action = Merci de nous informer de toute action entreprise en citant le code de cet appel.

about-created = { $name } ({ $short }) a été créé en { $year } par { $founders }.
about-created-plain = { $name } a été créé en { $year } par { $founders }.
about-members = { $names } { FORM($names, one: "est membre", other: "sont membres") } { OF($consortium) }.
about-consortium = { $consortium }, { $what }

title-mr = M.
title-ms = Mme

defender-of = { FORM($people, one-f: "défenseure", one: "défenseur", other-f: "défenseures", other: "défenseurs") } des droits humains ({ $topics })
note-organisation = { $name } est { $kind } qui œuvre { IN_COUNTRY($country) } dans les domaines suivants : { $topics }.
note-organisation-plain = { $name } est { $kind } { IN_COUNTRY($country) }.

kind-ngo_local = une organisation non gouvernementale
kind-ngo_international = une organisation non gouvernementale internationale
kind-grassroots_collective = un collectif citoyen
kind-network = un réseau
kind-programme = un programme
kind-consortium = un consortium
kind-trade_union = un syndicat
kind-media = un média
kind-law_firm = un cabinet d’avocats

topic-womens_rights = droits des femmes
topic-lgbtq_rights = droits des personnes LGBTQ+
topic-land_environment = droits fonciers et environnementaux
topic-indigenous_rights = droits des peuples autochtones
topic-lawyers_justice = accès à la justice
topic-journalism_expression = liberté d’expression
topic-labour = droits des travailleurs
topic-minorities = droits des minorités
topic-migrants = droits des migrants
topic-anti_torture = lutte contre la torture
topic-democracy = démocratie
topic-corruption = lutte contre la corruption
topic-child_rights = droits de l’enfant
topic-disability = droits des personnes handicapées
