# Ce qui est demandé aux autorités. Mêmes clés que dans en/demands.ftl. Brouillon.

demand-guarantee_integrity = Garantir en toutes circonstances l’intégrité physique et le bien-être psychologique { OF($people) } ainsi que de l’ensemble des défenseurs des droits humains du pays
    .nobody = Garantir en toutes circonstances l’intégrité physique et le bien-être psychologique de l’ensemble des défenseurs des droits humains du pays
demand-guarantee_safety = Assurer en tout temps la sécurité { OF($people) }
demand-release = Libérer { $people } immédiatement et sans condition, dans la mesure où cette détention est arbitraire et ne vise qu’à sanctionner des activités en faveur des droits humains
demand-disclose_whereabouts = Révéler immédiatement le sort { OF($people) } et l’endroit où { FORM($people, one-f: "elle se trouve", one: "il se trouve", other-f: "elles se trouvent", other: "ils se trouvent") }
demand-drop_charges = Abandonner immédiatement et sans condition toutes les charges contre { $people }
demand-fair_trial = Garantir à { $people } un procès équitable devant un tribunal indépendant
demand-end_harassment = Mettre un terme à tout acte de harcèlement, y compris au niveau judiciaire, à l’encontre { OF($people) } ainsi que de l’ensemble des défenseurs des droits humains du pays
    .nobody = Mettre un terme à tout acte de harcèlement, y compris au niveau judiciaire, à l’encontre de l’ensemble des défenseurs des droits humains du pays
demand-investigate = Mener immédiatement une enquête exhaustive, transparente, indépendante et impartiale sur { $acts }, afin d’identifier tous les responsables, de les traduire devant un tribunal indépendant et de les sanctionner conformément à la loi
    .people = Mener immédiatement une enquête exhaustive, transparente, indépendante et impartiale sur ce qu’{ FORM($people, one: "a", other: "ont") } subi { $people }, afin d’identifier tous les responsables, de les traduire devant un tribunal indépendant et de les sanctionner conformément à la loi
demand-access_lawyer = Accorder à { $people } un accès immédiat et sans restriction à un avocat
demand-access_family = Accorder à { $people } un accès immédiat et sans restriction à la famille
demand-access_medical = Accorder à { $people } un accès immédiat à des soins médicaux appropriés
demand-respect_declaration = Se conformer aux dispositions de la Déclaration des Nations unies sur les défenseurs des droits de l’Homme, en particulier à ses articles 1 et 12.2
demand-respect_treaty = Garantir en toutes circonstances le respect des droits humains et des libertés fondamentales conformément aux instruments internationaux ratifiés par le pays
demand-quash_conviction = Annuler la condamnation { OF($people) }
demand-prosecute = Traduire devant un tribunal indépendant les responsables de ce qu’{ FORM($people, one: "a", other: "ont") } subi { $people }
demand-sanction = Sanctionner conformément à la loi les responsables de ce qu’{ FORM($people, one: "a", other: "ont") } subi { $people }
demand-reparation = Accorder à { $people } une réparation pleine et effective
demand-humane_conditions = Garantir à { $people } des conditions de détention conformes aux normes internationales
demand-protection_measures = Accorder à { $people } des mesures de protection effectives et concertées
demand-lift_restrictions = Lever toute restriction à la liberté de mouvement { OF($people) }
demand-register_org = Procéder sans délai à l’enregistrement { OF($people) }
demand-return_property = Restituer à { $people } tous les biens saisis
demand-no_refoulement = S’abstenir de renvoyer { $people } vers un pays à risque
demand-reform_law = Mettre la législation du pays en conformité avec les normes internationales relatives aux droits humains
demand-respect_constitution = Respecter les droits humains garantis par la Constitution du pays
demand-invite_mechanism = Inviter la Rapporteuse spéciale des Nations unies sur la situation des défenseurs des droits humains à se rendre dans le pays

call-investigate = mener une enquête immédiate, exhaustive, transparente, indépendante et impartiale sur ce qu’{ FORM($people, one: "a", other: "ont") } subi { $people }
call-guarantee_integrity = garantir en toutes circonstances l’intégrité physique et le bien-être psychologique { OF($people) }
call-end_harassment = mettre un terme à tout acte de harcèlement à l’encontre { OF($people) }
call-release = libérer immédiatement et sans condition { $people }
call-drop_charges = abandonner toutes les charges contre { $people }
call-disclose_whereabouts = révéler immédiatement le sort { OF($people) }
