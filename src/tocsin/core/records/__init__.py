"""The case: every record of what happened, to whom, by whom, who says so and who agreed to what, as frozen values.

```python
case = from_yaml(text)
[event.id for event in chronology(case)]
[act.victim for act in acts(case)]       # exactly one victim an act
case.get_record("person:name", Person).preferred.full
```
"""

from tocsin.core.records.actors import (
    Coordinates,
    Defender,
    Group,
    LifeStatus,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Place,
    RegistrationStatus,
    Relationship,
    Subdivision,
)
from tocsin.core.records.acts import (
    Act,
    InvolvedActor,
    acts,
)
from tocsin.core.records.asks import (
    Addressee,
    BodyCall,
    Demand,
    DemandStatus,
    Occupancy,
    Position,
)
from tocsin.core.records.case import (
    Case,
)
from tocsin.core.records.changes import Change, changes_since
from tocsin.core.records.chronology import (
    chronology,
    event_bounds,
)
from tocsin.core.records.corroboration import independent
from tocsin.core.records.joining import changed_after, joined, parted
from tocsin.core.records.justice import (
    FREE,
    Charge,
    Custody,
    Detention,
    DetentionStatus,
    InstrumentArticle,
    LawCited,
    Penalty,
    Proceeding,
    ProceedingStatus,
    Step,
)
from tocsin.core.records.notation import (
    SCHEMA,
    from_json,
    from_plain,
    from_yaml,
    to_json,
    to_plain,
    to_yaml,
)
from tocsin.core.records.ordering import (
    Bounds,
)
from tocsin.core.records.plan import (
    Anchor,
    AppealCode,
    AppealPlan,
    Boilerplate,
    ContactBlock,
    EarlierAppeal,
    ExtraAction,
    Footnote,
    InformationBasis,
    ViolationHeading,
)
from tocsin.core.records.release import release_class
from tocsin.core.records.safety import (
    Citation,
    Claim,
    ClaimStatus,
    Consent,
    ConsentAnswer,
    ConsentStatus,
    CustodyEntry,
    Evidence,
    RiskAssessment,
    Source,
)
from tocsin.core.records.schema import json_schema
from tocsin.core.records.standing import CaseReference, CaseStatus, Cover, PartnerContact
from tocsin.core.records.story import (
    Event,
    EventLink,
    Harm,
    Involvement,
    InvolvementDefaults,
    Statement,
    Threat,
    ThreatContent,
)
from tocsin.core.records.values import (
    ContactPoint,
    Count,
    Provision,
    Record,
    Status,
    TemporalExpression,
    Translation,
    Wording,
    in_force,
)

__all__ = [
    "FREE",
    "SCHEMA",
    "Act",
    "Addressee",
    "Anchor",
    "AppealCode",
    "AppealPlan",
    "BodyCall",
    "Boilerplate",
    "Bounds",
    "Case",
    "CaseReference",
    "CaseStatus",
    "Change",
    "Charge",
    "Citation",
    "Claim",
    "ClaimStatus",
    "Consent",
    "ConsentAnswer",
    "ConsentStatus",
    "ContactBlock",
    "ContactPoint",
    "Coordinates",
    "Count",
    "Cover",
    "Custody",
    "CustodyEntry",
    "Defender",
    "Demand",
    "DemandStatus",
    "Detention",
    "DetentionStatus",
    "EarlierAppeal",
    "Event",
    "EventLink",
    "Evidence",
    "ExtraAction",
    "Footnote",
    "Group",
    "Harm",
    "InformationBasis",
    "InstrumentArticle",
    "InvolvedActor",
    "Involvement",
    "InvolvementDefaults",
    "LawCited",
    "LifeStatus",
    "Membership",
    "Occupancy",
    "Organisation",
    "OrganisationName",
    "PartnerContact",
    "Penalty",
    "Person",
    "PersonName",
    "Place",
    "Position",
    "Proceeding",
    "ProceedingStatus",
    "Provision",
    "Record",
    "RegistrationStatus",
    "Relationship",
    "RiskAssessment",
    "Source",
    "Statement",
    "Status",
    "Step",
    "Subdivision",
    "TemporalExpression",
    "Threat",
    "ThreatContent",
    "Translation",
    "ViolationHeading",
    "Wording",
    "acts",
    "changed_after",
    "changes_since",
    "chronology",
    "event_bounds",
    "from_json",
    "from_plain",
    "from_yaml",
    "in_force",
    "independent",
    "joined",
    "json_schema",
    "parted",
    "release_class",
    "to_json",
    "to_plain",
    "to_yaml",
]
