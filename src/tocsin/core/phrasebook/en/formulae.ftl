# The fixed words of an appeal, as the genre has them.

publisher-partnership = { $name }, a partnership of { $partners },
publisher-alone = { $name }
opening-urgent = { $publisher } requests your urgent intervention in the following situation { IN_COUNTRY($country) }.
opening-calm = { $publisher } requests your intervention in the following situation { IN_COUNTRY($country) }.
opening-new = { $publisher } has received new information and requests your urgent intervention in the following situation { IN_COUNTRY($country) }.
opening-new-calm = { $publisher } has received new information and requests your intervention in the following situation { IN_COUNTRY($country) }.
opening-again = { $publisher } again requests your urgent intervention in the following situation { IN_COUNTRY($country) }.
opening-again-calm = { $publisher } again requests your intervention in the following situation { IN_COUNTRY($country) }.
opening-closing = { $publisher } closes its appeal on the following situation { IN_COUNTRY($country) }.

heading-situation = Description of the situation:
heading-new_information = New information:
heading-background = Background information:
heading-actions = Actions requested:
heading-addressees = Addresses:
heading-contacts = To contact { $publisher }, call the emergency line:

title = { $country }: { $violations }
# $violations ends with "other-violations".
title-others = { $country }: { $violations } in the case of { $people }
other-violations = other violations
title-situation = { $country }: Situation of { $people }
title-nobody = { $country }: Situation of human rights defenders
title-case = { $country }: { $violations } in the case of { $people }

# $acts: "the attack against Ms. A and the arrest of Mr. B"
summary = { $publisher } has been informed about { $acts }.
# Where no act may be told.
summary-situation = { $publisher } has been informed about the situation of { $people }.
summary-nobody = { $publisher } has been informed about the situation of human rights defenders { IN_COUNTRY($country) }.
summary-new = { $publisher } has been informed of new developments in the case of { $people }.
# A follow-up that tells nothing new. It says that no change is known only where none is: not that there was none.
summary-unchanged = { $publisher } has learned of no change in the case of { $people } since { $date }.
summary-again = { $publisher } recalls the case of { $people }.
who-they-are = { $people } { FORM($people, one: "is", other: "are") } { $what }.
# Of the dead.
who-they-were = { $people } { FORM($people, one: "was", other: "were") } { $what }.
member-of = { FORM($people, one: "a member", other: "members") } of { $organisation }
defender = { FORM($people, one: "a human rights defender", other: "human rights defenders") }
defender-of = { FORM($people, one: "a defender of", other: "defenders of") } { $topics }
acts-of = the { $what } of { $victims }
acts-against = the { $what } against { $victims }
the-release = release
and-release = subsequent release
release-of = the release of { $victims }
recap-code = This appeal follows { $code }, issued on { $date }.
recap-first = The first appeal in this case was { $code }, issued on { $date }.

these-acts = these acts against { $people }
# $meant: the people as they are named behind the acts, where a pronoun might mean somebody else.
position-aim-named = { $acts }, which { FORM($acts, one: "seems", other: "seem") } to have no other aim than to punish { $meant } for { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } legitimate human rights work
position-aim = { $acts }, which { FORM($acts, one: "seems", other: "seem") } to have no other aim than to punish { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } for { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } legitimate human rights work
position-and = { $acts }, { $what }
position-condemns = { $publisher } condemns { $what }
position-strongly_condemns = { $publisher } strongly condemns { $what }
position-deplores = { $publisher } deplores { $what }
position-welcomes = { $publisher } welcomes { $what }
position-welcomes-release = { $publisher } welcomes the release of { $people }.
position-remains_concerned = { $publisher } remains concerned about { $what }
thanks = { $publisher } thanks all those who intervened in favour of { $people }.
closure = { $publisher } requests no further action in this case for the time being and thanks all those who intervened.
position-underlines = { $publisher } underlines { $what }
position-recalls = { $publisher } recalls { $what }
position-expresses_concern = { $publisher } expresses its concern about { $what }
position-expresses_utmost_concern = { $publisher } expresses its utmost concern about { $what }
position-calls_on = { $publisher } calls on { $what }
position-urges = { $publisher } urges the authorities { OF_COUNTRY($country) } to { $calls }.
position-calls = { $publisher } further calls on the authorities { OF_COUNTRY($country) } to { $calls }.
# In a closing update, which urges nobody any more.
position-bound = { $publisher } recalls that the authorities { OF_COUNTRY($country) } remain bound to { $calls }.
guarantee-right = guarantee { $right } as enshrined in { $law }
# A right that has no words of its own below.
right = the right to { $right }
right-freedom_of_association = the right to freedom of association
right-freedom_of_assembly = the right to freedom of peaceful assembly
right-freedom_of_expression = the right to freedom of expression
right-freedom_of_movement = the right to freedom of movement
right-independence_of_civil_society = the principle of the independence of civil society
right-liberty = the right to liberty and security of person
right-fair_trial = the right to a fair trial
right-life = the right to life
right-privacy = the right to privacy
right-freedom_from_torture = the right to freedom from torture
right-defend_human_rights = the right to defend human rights
law-article = Article { $article } of { $law }
law-articles = Articles { $article } of { $law }

actions-intro = Please write to the authorities { IN_COUNTRY($country) }, urging them to:
request-write_to_mission = Please also write to the diplomatic mission or embassy { OF_COUNTRY($country) } located in your country.
request-report_action = Kindly inform us of any action undertaken quoting the code of this appeal in your reply.

about-created = { $name } ({ $short }) was created in { $year } by { $founders }.
about-created-plain = { $name } was created in { $year } by { $founders }.
about-members = { $names } { FORM($names, one: "is a member", other: "are both members") } of { $consortium }.
about-consortium = { $consortium }, { $what }
note-organisation = { $name } is { $kind } that works for { $topics } { IN_COUNTRY($country) }.
note-organisation-plain = { $name } is { $kind } { IN_COUNTRY($country) }.

kind-ngo_local = a non-governmental organisation
kind-ngo_international = an international non-governmental organisation
kind-grassroots_collective = a grassroots collective
kind-network = a network
kind-programme = a programme
kind-consortium = a consortium
kind-trade_union = a trade union
kind-media = a media outlet
kind-law_firm = a law firm

topic-womens_rights = women’s rights
topic-lgbtq_rights = LGBTQ+ rights
topic-land_environment = land and environmental rights
topic-indigenous_rights = indigenous peoples’ rights
topic-lawyers_justice = access to justice
topic-journalism_expression = freedom of expression
topic-labour = labour rights
topic-minorities = minority rights
topic-migrants = migrants’ rights
topic-anti_torture = freedom from torture
topic-democracy = democracy
topic-corruption = the fight against corruption
topic-child_rights = children’s rights
topic-disability = the rights of persons with disabilities

title-mr = Mr.
title-ms = Ms.
