# The fixed words of an appeal, as the genre has them.

publisher-partnership = { $name }, a partnership of { $partners },
publisher-alone = { $name }
opening-urgent = { $publisher } requests your urgent intervention in the following situation in { $country }.
opening-calm = { $publisher } requests your intervention in the following situation in { $country }.
opening-new = { $publisher } has received new information and requests your urgent intervention in the following situation in { $country }.
opening-new-calm = { $publisher } has received new information and requests your intervention in the following situation in { $country }.

heading-situation = Description of the situation:
heading-new_information = New information:
heading-background = Background information:
heading-actions = Actions requested:
heading-addressees = Addresses:
heading-contacts = To contact { $publisher }, call the emergency line:

title = { $country }: { $violations }
title-release = { $country }: Release of { $people }

# $acts: "the attack against Ms. A and the arrest of Mr. B"
summary = { $publisher } has been informed about { $acts }.
summary-new = { $publisher } has been informed of new developments in the case of { $people }.
summary-reliable = { $publisher } has been informed by reliable sources about { $acts }.
apposition = { $people }, { $what },
member-of = { FORM($people, one: "a member", other: "members") } of { $organisation }
defender = human rights { FORM($people, one: "defender", other: "defenders") }
defender-of = { $topics } { FORM($people, one: "defender", other: "defenders") }
lawyer = human rights { FORM($people, one: "lawyer", other: "lawyers") }
and-subsequent-release = subsequent release
release-of = the release of { $victims }
recap-code = This appeal follows { $code }, issued on { $date }.

position-underlines = { $publisher } underlines that { $what }.
position-condemns = { $publisher } condemns { $acts }, which { FORM($acts, one: "seems", other: "seem") } to have no other aim than to punish { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } for { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } legitimate human rights work.
position-condemns-only = { $publisher } condemns { $acts }.
position-concern = { $publisher } expresses its utmost concern about { $what }.
position-welcomes = { $publisher } welcomes the release of { $people }.
position-urges = { $publisher } urges the authorities of { $country } to { $calls }.
position-calls = { $publisher } further calls on the authorities of { $country } to { $calls }.
guarantee-right = guarantee the right to { $right } as enshrined in { $law }
respect-law = comply with { $law }
law-article = Article { $article } of { $law }
law-articles = Articles { $article } of { $law }

actions-intro = Please write to the authorities in { $country }, urging them to:
request-write_to_mission = Please also write to the diplomatic mission or embassy of { $country } located in your country.
request-report_action = Kindly inform us of any action undertaken quoting the code of this appeal in your reply.
dateline = { $places }, { $date }

about-created = { $name } ({ $short }) was created in { $year } by { $founders }.
about-created-plain = { $name } was created in { $year } by { $founders }.
about-members = { $names } { FORM($names, one: "is a member", other: "are both members") } of { $consortium }.
about-consortium = { $consortium }, { $what }
note-organisation = { $name } is { $kind } that works for { $topics } in { $country }.
note-organisation-plain = { $name } is { $kind } in { $country }.
note-registration-rejected = { $name } applied for registration as an organisation { $times }, but { $authority } rejected the { FORM($times, one: "application", other: "applications") }.
note-registration-rejected-unknown = { $name } applied for registration as an organisation { $times }, but the { FORM($times, one: "application was", other: "applications were") } rejected.

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
topic-defender-corruption = anti-corruption
topic-defender-land_environment = land and environmental rights
topic-defender-democracy = democracy
topic-defender-lawyers_justice = human rights
topic-defender-journalism_expression = freedom of expression

title-mr = Mr.
title-ms = Ms.
