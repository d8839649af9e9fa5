# Las palabras fijas de un llamado: las mismas claves que en en/. Borrador, por revisar por un hablante nativo.

publisher-partnership = { $name }, una alianza { OF($partners) },
publisher-alone = { $name }
opening-urgent = { $publisher } solicita su intervención urgente ante la siguiente situación { IN_COUNTRY($country) }.
opening-calm = { $publisher } solicita su intervención ante la siguiente situación { IN_COUNTRY($country) }.
opening-new = { $publisher } ha recibido nuevas informaciones y solicita su intervención urgente ante la siguiente situación { IN_COUNTRY($country) }.
opening-new-calm = { $publisher } ha recibido nuevas informaciones y solicita su intervención ante la siguiente situación { IN_COUNTRY($country) }.
opening-again = { $publisher } solicita de nuevo su intervención urgente ante la siguiente situación { IN_COUNTRY($country) }.
opening-again-calm = { $publisher } solicita de nuevo su intervención ante la siguiente situación { IN_COUNTRY($country) }.
opening-closing = { $publisher } cierra su llamado sobre la siguiente situación { IN_COUNTRY($country) }.

heading-situation = Descripción de la situación:
heading-new_information = Nuevas informaciones:
heading-background = Antecedentes:
heading-actions = Acciones solicitadas:
heading-addressees = Direcciones:
heading-contacts = Para contactar { TO($publisher) }, llame a la línea de emergencia:

title = { $country }: { $violations }
title-others = { $country }: { $violations } en el caso { OF($people) }
other-violations = otras violaciones
title-situation = { $country }: Situación { OF($people) }
title-nobody = { $country }: Situación de las personas defensoras de los derechos humanos
title-case = { $country }: { $violations } en el caso { OF($people) }

summary = { $publisher } ha recibido información sobre { $acts }.
summary-situation = { $publisher } ha recibido información sobre la situación { OF($people) }.
summary-nobody = { $publisher } ha recibido información sobre la situación de las personas defensoras de los derechos humanos { IN_COUNTRY($country) }.
summary-new = { $publisher } ha recibido información sobre nuevos hechos en el caso { OF($people) }.
summary-unchanged = { $publisher } no ha tenido conocimiento de ningún cambio en el caso { OF($people) } desde el { $date }.
summary-again = { $publisher } recuerda el caso { OF($people) }.
who-they-are = { $people } { FORM($people, one: "es", other: "son") } { $what }.
who-they-were = { $people } { FORM($people, one: "era", other: "eran") } { $what }.
member-of = { FORM($people, one: "miembro", other: "miembros") } { OF($organisation) }
defender = { FORM($people, one-f: "defensora", one: "defensor", other-f: "defensoras", other: "defensores") } de los derechos humanos
defender-of = { FORM($people, one-f: "defensora", one: "defensor", other-f: "defensoras", other: "defensores") } de los derechos humanos ({ $topics })
acts-of = los siguientes hechos: { $what } ({ $victims })
acts-against = los siguientes hechos contra { $victims }: { $what }
the-release = puesta en libertad
and-release = puesta en libertad
release-of = la puesta en libertad { OF($victims) }
recap-code = El presente llamado da seguimiento a { $code }, publicado el { $date }.
recap-first = El primer llamado en este caso fue { $code }, publicado el { $date }.

these-acts = estos actos contra { $people }
position-aim = { $acts }, que no { FORM($acts, one: "parece", other: "parecen") } tener otro objetivo que sancionar las actividades legítimas { OF($people) } en favor de los derechos humanos
position-and = { $acts }, { $what }
position-condemns = { $publisher } condena { $what }
position-strongly_condemns = { $publisher } condena enérgicamente { $what }
position-deplores = { $publisher } deplora { $what }
position-welcomes = { $publisher } acoge con satisfacción { $what }
position-welcomes-release = { $publisher } acoge con satisfacción la puesta en libertad { OF($people) }.
position-remains_concerned = { $publisher } sigue preocupado por { $what }
thanks = { $publisher } agradece a todas las personas que intervinieron en favor { OF($people) }.
closure = { $publisher } no solicita por el momento ninguna otra acción en este caso y agradece a todas las personas que intervinieron.
position-underlines = { $publisher } subraya { $what }
position-recalls = { $publisher } recuerda { $what }
position-expresses_concern = { $publisher } expresa su preocupación por { $what }
position-expresses_utmost_concern = { $publisher } expresa su más profunda preocupación por { $what }
position-calls_on = { $publisher } hace un llamado a { $what }
position-urges = { $publisher } insta a las autoridades { OF_COUNTRY($country) } a { $calls }.
position-calls = { $publisher } exhorta además a las autoridades { OF_COUNTRY($country) } a { $calls }.
position-bound = { $publisher } recuerda que las autoridades { OF_COUNTRY($country) } siguen obligadas a { $calls }.
guarantee-right = garantizar { $right }, consagrado en { $law }
right = el siguiente derecho: { $right }
right-freedom_of_association = el derecho a la libertad de asociación
right-freedom_of_assembly = el derecho a la libertad de reunión pacífica
right-freedom_of_expression = el derecho a la libertad de expresión
right-freedom_of_movement = el derecho a la libertad de circulación
right-independence_of_civil_society = el principio de independencia de la sociedad civil
right-liberty = el derecho a la libertad y a la seguridad personales
right-fair_trial = el derecho a un juicio justo
right-life = el derecho a la vida
right-privacy = el derecho a la vida privada
right-freedom_from_torture = el derecho a no ser sometido a tortura
right-defend_human_rights = el derecho a defender los derechos humanos
law-article = el artículo { $article } { OF($law) }
law-articles = los artículos { $article } { OF($law) }

actions-intro = Por favor, escriban a las autoridades { OF_COUNTRY($country) } instándolas a:
request-write_to_mission = Por favor, escriban también a la representación diplomática o a la embajada { OF_COUNTRY($country) } en su país.
request-report_action = Por favor, infórmennos de toda acción emprendida citando el código de este llamado.

about-created = { $name } ({ $short }) fue creado en { $year } por { $founders }.
about-created-plain = { $name } fue creado en { $year } por { $founders }.
about-members = { $names } { FORM($names, one: "es miembro", other: "son miembros") } { OF($consortium) }.
about-consortium = { $consortium }, { $what }
note-organisation = { $name } es { $kind } que trabaja { IN_COUNTRY($country) } en los siguientes ámbitos: { $topics }.
note-organisation-plain = { $name } es { $kind } { IN_COUNTRY($country) }.

kind-ngo_local = una organización no gubernamental
kind-ngo_international = una organización no gubernamental internacional
kind-grassroots_collective = un colectivo ciudadano
kind-network = una red
kind-programme = un programa
kind-consortium = un consorcio
kind-trade_union = un sindicato
kind-media = un medio de comunicación
kind-law_firm = un bufete de abogados

topic-womens_rights = derechos de las mujeres
topic-lgbtq_rights = derechos de las personas LGBTQ+
topic-land_environment = derechos a la tierra y al medio ambiente
topic-indigenous_rights = derechos de los pueblos indígenas
topic-lawyers_justice = acceso a la justicia
topic-journalism_expression = libertad de expresión
topic-labour = derechos laborales
topic-minorities = derechos de las minorías
topic-migrants = derechos de las personas migrantes
topic-anti_torture = lucha contra la tortura
topic-democracy = democracia
topic-corruption = lucha contra la corrupción
topic-child_rights = derechos de la infancia
topic-disability = derechos de las personas con discapacidad

title-mr = Sr.
title-ms = Sra.
