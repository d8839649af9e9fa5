"""The acts of a case one by one: one type, one victim, one episode, with the involvement of each actor."""

from dataclasses import dataclass

from tocsin.core.records.case import Case
from tocsin.core.records.story import Event, Involvement
from tocsin.core.records.values import TemporalExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvedActor:
    """An actor of one act, and how far it is said to have taken part; `involvement` where a record says so."""

    actor: str
    degree: str
    involvement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing done to one victim, or not done for one. `id` is that of the event and the victim."""

    id: str
    event: str
    type: str
    victim: str
    mode: str
    method: str | None = None
    medium: tuple[str, ...] = ()
    actors: tuple[InvolvedActor, ...] = ()
    place: str | None = None
    t: TemporalExpression | None = None


def acts(case: Case) -> tuple[Act, ...]:
    """Give the acts of a case, in the order of its events and of their victims."""
    degree = case.involvement_defaults.degree if case.involvement_defaults else "suspected"
    return tuple(
        _act(event, act_type, victim, case.involvements, degree)
        for event in case.events
        if (act_type := event.act_type) is not None
        for victim in event.victims
    )


def _act(event: Event, act_type: str, victim: str, involvements: tuple[Involvement, ...], degree: str) -> Act:
    said = {each.actor: each for each in involvements if each.event == event.id and each.victim in {victim, None}}
    actors = tuple(
        InvolvedActor(
            actor=actor,
            degree=said[actor].degree if actor in said else degree,
            involvement=said[actor].id if actor in said else None,
        )
        for actor in dict.fromkeys((*event.actors, *said))
    )
    return Act(
        id=f"{event.id}/{victim}",
        event=event.id,
        type=act_type,
        victim=victim,
        mode=event.mode or ("omission" if event.kind == "omission" else "occurred"),
        method=event.method,
        medium=event.medium,
        actors=actors,
        place=event.place,
        t=event.t,
    )
