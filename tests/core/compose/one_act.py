"""A case in which one thing was done to one person, for tests that read back how it is told."""

from typing import Any

from tocsin.core.records import Case, from_plain

VICTIM, GROUP = "Mirela Tosk", {"en": "three soldiers", "fr": "trois soldats", "es": "tres soldados"}
HOUSE = {"en": "Open River Network", "fr": "Comité de la rivière", "es": "Comité del Río"}
# These are done to an organisation.
OF_ORGANISATIONS = frozenset({"dissolution", "registration_denied", "association_obstructed", "funding_restricted"})


def case_of_one_act(
    act_type: str, *, method: str | None = None, by_somebody: bool = True, mode: str | None = None, language: str = "en"
) -> Case:
    """Give a case of one act on a day in October 2021."""
    event: dict[str, Any] = {
        "id": "e1",
        "kind": "act",
        "act_type": act_type,
        "victims": ["org:river" if act_type in OF_ORGANISATIONS else "person:tosk"],
        "actors": ["grp:soldiers"] if by_somebody else [],
        "t": {"date": "2021-10-12", "precision": "day"},
    }
    if method:
        event["method"] = method
    if mode:
        event["mode"] = mode
    code = {"country": "XZV", "country_seq": 3, "month": 10, "year": 2021, "series": "OBS", "series_seq": 91}
    observatory = {
        "en": "Observatory for Human Rights Defenders",
        "fr": "Observatoire pour les défenseurs",
        "es": "Observatorio para los Defensores",
    }
    return from_plain(
        {
            "schema": "tocsin/case/1",
            "appeal": {
                "id": "appeal:one",
                "type": "urgent_appeal",
                "code": code,
                "issued_on": "2021-10-15",
                "issued_at_places": ["Geneva"],
                "language": language,
                "countries": ["XZV"],
                "publisher": "org:observatory",
                "protagonists": ["person:tosk"],
                **({"protagonist_org": "org:river"} if act_type in OF_ORGANISATIONS else {}),
            },
            "organisations": [
                {"id": "org:observatory", "name": observatory, "kind": "programme"},
                {"id": "org:river", "name": dict(HOUSE), "kind": "ngo_local"},
            ],
            "persons": [
                {
                    "id": "person:tosk",
                    "names": [{"full": VICTIM, "given": "Mirela", "family": "Tosk", "use": "preferred"}],
                    "title": {"en": "Ms.", "fr": "Mme", "es": "Sra."},
                    "grammatical_gender": "f",
                    "role": "defender",
                    "defender": {"is_hrd": True, "works_on": ["land_environment"]},
                    "identity_in_public": "full_name",
                }
            ],
            "groups": [
                {
                    "id": "grp:soldiers",
                    **{f"label_{tag}": label for tag, label in GROUP.items()},
                    "size": 3,
                    "actor_type": "military",
                }
            ],
            "places": [
                {
                    "id": "place:zarvania",
                    "name": {"en": "Zarvania", "fr": "Zarvanie", "es": "Zarvania"},
                    "type": "country",
                    "country": "XZV",
                }
            ],
            "events": [event],
        }
    )
