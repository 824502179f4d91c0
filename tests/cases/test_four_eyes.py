"""Four eyes that no door avoids: not by any sequence of acts on a decision, and not by another way to the services."""

import ast
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import services
from cases.models import Approval, Case, DecisionCondition, Measure, Package, PlannedMeasure, Recusal
from cases.services.package import TEXTS
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import DomainError
from tests.cases.deciding import ends, standing, written
from tests.cases.test_authority import now_check, serial, spans
from tests.cases.walk import Walk
from tests.world import World, code_for

CM, D = Role.CASE_MANAGER, Role.DECIDER
DECIDES = {
    "judge",
    "decide_level",
    "decide_package",
    "decide_relative",
    "designate_relative",
    "decide_escalation",
    "ratify_designation",
    "ratify_decision",
    "return_authority",
    "confirm_return",
    "confirm_merge",
    "sign_nomination",
    "sign_letter",
}
DOORS = ("api.py", "admin.py", "tasks.py")


# --- no other way ---


def test_what_takes_two_is_called_by_a_page_and_by_no_other_door() -> None:
    """REST, administration, jobs and commands neither decide nor sign: there is no code to type there."""
    root = Path(__file__).parents[2]
    modules = [*(path for door in DOORS for path in root.glob(f"*/{door}")), *root.glob("*/management/**/*.py")]
    modules += [*root.glob("stelsel/*/api.py"), *root.glob("stelsel/*/admin.py"), *root.glob("stelsel/*/tasks.py")]
    assert len(modules) > len(DOORS)

    called = {
        (path.relative_to(root).as_posix(), name)
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute | ast.Name)
        and (name := node.attr if isinstance(node, ast.Attribute) else node.id) in DECIDES
    }

    assert called == set()


# --- any sequence ---


@dataclass
class Line:
    """A decided case, three people who could sign, and who is kept out of it."""

    walk: Walk
    level_id: UUID
    at: datetime
    kept_out: set[UUID] = field(default_factory=set)

    def by(self, role: Role, nth: int = 1) -> Actor:
        return self.walk.world.actor(role, nth=nth)

    def newest(self) -> Package:
        with acting(self.by(D), at=self.at):
            return Package.objects.filter(case=self.walk.case).latest("prepared_at")


def _write(*kinds: str) -> Callable[[Line], object]:
    """Begin anew: what is of these kinds ends, the rest goes on."""

    def act(line: Line) -> object:
        line.walk.at = line.at
        lines = [ends(one) if one.kind in kinds else one for one in standing(line.walk).values()]
        return written(line.walk, line.level_id, *lines)

    return act


def _submit(line: Line) -> object:
    row = line.newest()
    return services.submit_package(package_id=row.pk, version=row.version, actor=line.by(CM), at=line.at)


def _answer(line: Line) -> object:
    line.walk.at = line.at - timedelta(hours=2)
    return line.walk.answered("reduction", line.newest().pk)


def _sign(role: Role, nth: int = 1) -> Callable[[Line], object]:
    def act(line: Line) -> object:
        row, who = line.newest(), line.by(role, nth)
        return services.decide_package(
            package_id=row.pk, reasons="Weighed.", version=row.version, code=code_for(who), actor=who, at=line.at
        )

    return act


def _back(line: Line) -> object:
    row = line.newest()
    return services.return_package(
        package_id=row.pk, reasons="Again.", version=row.version, actor=line.by(D), at=line.at
    )


def _again(line: Line) -> object:
    """What was laid before the decider is written over, by who wrote it."""
    row = line.newest()
    return services.write_package(
        package_id=row.pk,
        texts={**dict.fromkeys(TEXTS, f"Once more, on {line.at}."), "same_because": "The same threat."},
        planned=[ends(one) for one in standing(line.walk).values()],
        tier=2,
        review_due=(line.at + timedelta(days=60)).date(),
        version=row.version,
        actor=line.by(CM),
        at=line.at,
    )


def _keep_out(line: Line) -> object:
    who = line.by(D)
    row = services.recuse(
        case_id=line.walk.nomination.case_id,
        user_id=who.user_id,
        ground="other",
        reason="A neighbour.",
        actor=line.by(CM),
        at=line.at,
    )
    line.kept_out.add(who.user_id)
    return row


def _let_in(line: Line) -> object:
    security = line.by(Role.SECURITY_OFFICER)
    with acting(line.by(CM), at=line.at):
        row = Recusal.objects.filter(ended_at=None).order_by("pk")[:1].get()
    services.give_access(
        case_id=row.case_id,
        role=security.role,
        reason="x",
        ground="x",
        user_id=security.user_id,
        actor=line.by(CM),
        at=line.at,
    )
    done = services.end_recusal(recusal_id=row.pk, reason="Moved away.", actor=security, at=line.at)
    line.kept_out.discard(row.user_id)
    return done


def _call(line: Line) -> object:
    return services.order_urgent_measures(
        case_id=line.walk.nomination.case_id,
        caller="on duty",
        note="shots",
        kinds=["attention"],
        actor=line.by(Role.DUTY_OFFICER),
        at=line.at,
    )


def _look(line: Line) -> object:
    with acting(line.by(CM), at=line.at):
        row = DecisionCondition.objects.latest("check_on")
    return services.check_condition(
        condition_id=row.pk, outcome="not_met", again_on=None, note="They moved.", actor=line.by(CM), at=line.at
    )


ACTS: dict[str, Callable[[Line], object]] = {
    "end_camera": _write("camera"),
    "end_all": _write("camera", "close_protection", "attention"),
    "keep_all": _write(),
    "submit": _submit,
    "answer": _answer,
    "sign_first": _sign(D),
    "sign_second": _sign(D, 2),
    "sign_third": _sign(D, 3),
    "sign_own": _sign(CM),
    "back": _back,
    "again": _again,
    "keep_out": _keep_out,
    "let_in": _let_in,
    "call": _call,
    "look": _look,
}
LIKELY = ["end_camera", "submit", "answer", "sign_first", "sign_second", "keep_all", "submit", "sign_first"]


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=7), st.integers(0, len(LIKELY)))
def test_r068_no_sequence_of_acts_ends_a_measure_on_fewer_than_two_signatures(
    world: World, detours: list[str], straight: int
) -> None:
    walk = Walk(world)
    walk.opened(name=f"Persoon {next(serial)}", birth_date="")
    first = walk.decided()
    line = Line(walk, first.level_id, walk.at)
    ended: set[UUID] = set()

    for name in [*LIKELY[:straight], *detours, *LIKELY[straight:]]:
        line.at += timedelta(hours=3)
        out = set(line.kept_out)
        with suppress(DomainError, ObjectDoesNotExist):  # refused: nothing changed
            ACTS[name](line)
            assert not (name == "sign_first" and out), "who is kept out signed"
            assert name != "sign_own"
        now_check()
        ended = _only_by_two(line, ended)


def _only_by_two(line: Line, before: set[UUID]) -> set[UUID]:
    """What ended since was named in a decided package under two signatures; authority is whole. Returns what ended."""
    with acting(line.by(CM), at=line.at):
        case = Case.objects.get(pk=line.walk.nomination.case_id)
        assert all(len(periods) for periods in spans(case).values())
        ended = set(Measure.objects.filter(case=case, state="ended").values_list("pk", flat=True))
        for measure_id in ended - before:
            planned = PlannedMeasure.objects.get(standing_id=measure_id, step="end", package__state="decided")
            package = planned.package
            signed = Approval.objects.filter(package=package, package_version=package.version - 1)  # deciding counts on
            signers = {package.decided_by_id, *signed.values_list("approved_by_id", flat=True)}
            assert len(signers) == 2
            assert package.prepared_by_id not in signers
    return ended
