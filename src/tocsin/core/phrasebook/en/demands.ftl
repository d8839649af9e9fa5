# What the authorities are asked, one message for each demand type. $people: the beneficiaries, named; $country its name.
# A demand is a clause that follows "urging them to:" and begins with a capital.
#   .joined   where another demand follows in the same sentence;  .again  where one before it has named the people

demand-guarantee_integrity = Guarantee in all circumstances the physical integrity and psychological well-being of { $people }{ FORM($people, one: " and", other: ", as well as of") } all human rights defenders { IN_COUNTRY($country) }
    .nobody = Guarantee in all circumstances the physical integrity and psychological well-being of all human rights defenders { IN_COUNTRY($country) }
    .again = guarantee in all circumstances { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } physical integrity and psychological well-being
demand-guarantee_safety = Ensure the safety of { $people } at all times
    .again = ensure { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } safety at all times
demand-release = Release { $people } immediately and unconditionally, since { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } detention is arbitrary and only aims at punishing { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } for { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } human rights activities
    .joined = Release { $people } immediately and unconditionally
    .again = release { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } immediately and unconditionally
demand-disclose_whereabouts = Disclose immediately the fate and whereabouts of { $people }
    .again = disclose immediately { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } fate and whereabouts
demand-drop_charges = Drop all charges against { $people } immediately and unconditionally
    .again = drop all charges against { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } immediately and unconditionally
demand-quash_conviction = Quash the conviction of { $people }
    .again = quash { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } { FORM($people, one: "conviction", other: "convictions") }
demand-fair_trial = Ensure that all proceedings against { $people } respect the right to a fair trial before an independent tribunal
    .again = ensure that all proceedings against { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } respect the right to a fair trial before an independent tribunal
demand-end_harassment = Put an end to all acts of harassment, including at the judicial level, against { $people }{ FORM($people, one: " and", other: ", as well as against") } all human rights defenders { IN_COUNTRY($country) }
    .nobody = Put an end to all acts of harassment, including at the judicial level, against all human rights defenders { IN_COUNTRY($country) }
    .again = put an end to all acts of harassment, including at the judicial level, against { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") }
demand-investigate = Carry out an immediate, thorough, transparent, independent and impartial investigation into { $acts }, in order to identify all those responsible, bring them before an independent tribunal, and sanction them as provided by the law
    .again = carry out an immediate, thorough, transparent, independent and impartial investigation into what was done to { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") }, in order to identify all those responsible, bring them before an independent tribunal, and sanction them as provided by the law
    .people = Carry out an immediate, thorough, transparent, independent and impartial investigation into what was done to { $people }, in order to identify all those responsible, bring them before an independent tribunal, and sanction them as provided by the law
demand-prosecute = Bring those responsible for what was done to { $people } before an independent tribunal
    .again = bring those responsible before an independent tribunal
demand-sanction = Sanction those responsible for what was done to { $people } as provided by the law
    .again = sanction those responsible as provided by the law
demand-reparation = Grant { $people } full and effective reparation
    .again = grant { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } full and effective reparation
demand-access_lawyer = Grant { $people } immediate and unrestricted access to { FORM($people, one-f: "her lawyer", one-m: "his lawyer", other: "their lawyers") }
    .again = grant { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } immediate and unrestricted access to { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } { FORM($people, one: "lawyer", other: "lawyers") }
demand-access_family = Grant { $people } immediate and unrestricted access to { FORM($people, one-f: "her family", one-m: "his family", other: "their families") }
    .again = grant { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } immediate and unrestricted access to { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } { FORM($people, one: "family", other: "families") }
demand-access_medical = Grant { $people } immediate access to adequate medical care
    .again = grant { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } immediate access to adequate medical care
demand-humane_conditions = Ensure that { $people } { FORM($people, one: "is", other: "are") } held in conditions that meet international standards
    .again = ensure that { FORM($people, one-f: "she is", one-m: "he is", other: "they are") } held in conditions that meet international standards
demand-protection_measures = Grant { $people } effective protection measures agreed with { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") }
    .again = grant { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } effective protection measures agreed with { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") }
demand-lift_restrictions = Lift all restrictions on the freedom of movement of { $people }
    .again = lift all restrictions on { FORM($people, one-f: "her", one-m: "his", one-n: "its", other: "their") } freedom of movement
demand-register_org = Register { $people } without delay
    .again = register { FORM($people, one: "the organisation", other: "the organisations") } without delay
demand-return_property = Return to { $people } all property that was seized
    .again = return to { FORM($people, one-f: "her", one-m: "him", one-n: "it", other: "them") } all property that was seized
demand-no_refoulement = Refrain from returning { $people } to a country where { FORM($people, one-f: "she would be", one-m: "he would be", other: "they would be") } at risk
demand-reform_law = Bring the law { OF_COUNTRY($country) } into line with international human rights standards
demand-respect_declaration = Comply with the provisions of the UN Declaration on Human Rights Defenders, in particular with its Articles 1 and 12.2
demand-respect_treaty = Ensure in all circumstances respect for human rights and fundamental freedoms in accordance with the international instruments ratified by { $country }
demand-respect_constitution = Respect the human rights guaranteed by the Constitution { OF_COUNTRY($country) }
demand-invite_mechanism = Invite the UN Special Rapporteur on the situation of human rights defenders to visit { $country }


# The same in the prose of the position: "urges the authorities to …".
call-investigate = carry out an immediate, thorough, transparent, independent and impartial investigation into what was done to { $people }
call-guarantee_integrity = guarantee in all circumstances the physical integrity and psychological well-being of { $people }
call-end_harassment = put an end to all acts of harassment against { $people }
call-release = immediately and unconditionally release { $people }
call-drop_charges = drop all charges against { $people }
call-disclose_whereabouts = disclose immediately the fate and whereabouts of { $people }
