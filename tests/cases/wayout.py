"""The way out of the scheme for tests: measures ended, people told, authority returned, the case closed."""

from collections.abc import Mapping
from uuid import UUID

from cases import services
from cases.models import AuthorityReturn, Case, CaseClosure, Designation, InformDuty, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.world import code_for


def end(walk: Walk, case_id: UUID, *kinds: str, by: Role = Role.DECIDER) -> None:
    """The authority ends the measures of these kinds, each by a decision of its own; without kinds, all."""
    actor = walk.actor(by)
    with acting(actor, at=walk.at):
        found = list(Measure.objects.filter(case_id=case_id).in_force())
    for measure in found:
        if not kinds or measure.kind in kinds:
            walk.answered("ending", measure.pk, case_id=case_id)
            services.end_measure(
                measure_id=measure.pk,
                reason="Not needed any more.",
                version=measure.version,
                actor=actor,
                at=walk.tick(),
            )


def seen(walk: Walk, case_id: UUID, role: Role = Role.CHIEF_PROSECUTOR) -> Case:
    with acting(walk.actor(role), at=walk.at):
        return Case.objects.get(pk=case_id)


def give_back(walk: Walk, case_id: UUID, outcomes: Mapping[str, str] | None = None) -> AuthorityReturn:
    """The decider returns authority; each measure in force continues, or does what is said of its kind."""
    decider = walk.actor(Role.DECIDER)
    with acting(decider, at=walk.at):
        in_force = list(Measure.objects.filter(case_id=case_id).in_force())
        designation = Designation.objects.get(case_id=case_id, ends_at=None)
    walk.answered("return", designation.pk, case_id=case_id)
    said = outcomes or {}
    return services.return_authority(
        case_id=case_id,
        reasons="The threat has gone.",
        outcomes={measure.pk: said.get(measure.kind, "continues") for measure in in_force},
        version=seen(walk, case_id, Role.DECIDER).version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


def confirm(walk: Walk, returned: AuthorityReturn) -> AuthorityReturn:
    chief = walk.actor(Role.CHIEF_PROSECUTOR)
    return services.confirm_return(return_id=returned.pk, code=code_for(chief), actor=chief, at=walk.tick())


def tell_everybody(walk: Walk, case_id: UUID) -> None:
    officer, at = walk.actor(Role.CASE_MANAGER), walk.tick()
    with acting(officer, at=at):
        open_now = list(InformDuty.objects.filter(case_id=case_id, settled_at=None))
    for duty in open_now:
        services.settle_duty(
            duty_id=duty.pk, channel="face_to_face", told="All of it.", withheld_ground="", actor=officer, at=at
        )


def close(walk: Walk, case_id: UUID, *, reason: str = "Nothing has happened for a year.") -> CaseClosure:
    return services.close_case(
        case_id=case_id,
        reason=reason,
        version=seen(walk, case_id).version,
        actor=walk.actor(Role.CHIEF_PROSECUTOR),
        at=walk.tick(),
    )


def reopen(walk: Walk, case_id: UUID, *, reason: str = "A new report.") -> CaseClosure:
    return services.reopen_case(
        case_id=case_id,
        reason=reason,
        version=seen(walk, case_id).version,
        actor=walk.actor(Role.CHIEF_PROSECUTOR),
        at=walk.tick(),
    )


def closed(walk: Walk) -> UUID:
    """A case that went the whole way: designated, measures decided and ended, returned, confirmed, closed."""
    walk.decided()
    case_id: UUID = walk.nomination.case_id
    end(walk, case_id)
    returned = give_back(walk, case_id)
    confirm(walk, returned)
    tell_everybody(walk, case_id)
    close(walk, case_id)
    return case_id
