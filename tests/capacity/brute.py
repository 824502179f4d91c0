"""Planning problems small enough to try every plan, and the trying of it.

Knows the rules only through the checker's eyes.
"""

from collections.abc import Iterator
from itertools import chain, combinations, product
from random import Random

from capacity.optimiser.check import check
from capacity.optimiser.field import Field
from capacity.optimiser.values import aims, values
from capacity.priority import Problem, Roster, Service
from tests.capacity.problems import Row, at

BEGINS = (0, 4, 8, 12, 16, 24, 32, 35, 48)
LENGTHS = (2, 4, 8, 8, 8, 12)


def tiny_problem(seed: int) -> Row:
    """Two or three teams and at most six lines, with pins, frozen services, foreign lines, concepts and histories."""
    chance = Random(seed)  # noqa: S311 - a reproducible example, no secret
    assignments = [_assignment(chance, number) for number in range(chance.randint(1, 3))]
    lines = list(_lines(chance, assignments))
    teams = [_team(chance, number) for number in range(chance.randint(1, 3))]
    pairs = [(line["id"], team["id"]) for line in lines for team in teams]
    present = sorted(pair for pair in pairs if chance.random() < 0.15)
    pinned = sorted(pair for pair in pairs if chance.random() < 0.08)
    return {
        "horizon": {"start": at(0), "end": at(24 * chance.choice((3, 14, 20)))},
        "frozenUntil": at(chance.choice((0, 0, 6))),
        "zone": "Europe/Amsterdam",
        "assignments": assignments,
        "lines": lines,
        "teams": teams,
        "travel": [{"from": "north", "to": "south", "minutes": chance.choice((30, 300, 600))}],
        "present": [{"line": line, "team": team} for line, team in present],
        "thawed": [line["id"] for line in lines if chance.random() < 0.3],
        "pins": [{"line": line, "team": team, "must": chance.random() < 0.5} for line, team in pinned],
        "borne": [{"person": "P0", "hours": chance.choice((0, 3.5, 8))}],
        "limits": {"work": 1000, "seed": 1, "costNorm": 3},
    }


def _assignment(chance: Random, number: int) -> Row:
    concepts = ["full", "light"][: chance.choice((1, 1, 2))]
    authority = chance.choice(("NCTV", "NCTV", "NCTV", "Mayor"))
    return {
        "id": f"A{number}",
        "person": f"P{number}",
        "authority": authority,
        "agreed": chance.random() < 0.5,
        "concepts": concepts,
    }


def _lines(chance: Random, assignments: list[Row]) -> Iterator[Row]:
    wanted = [(row["id"], concept) for row in assignments for concept in row["concepts"]]
    wanted += [chance.choice(wanted) for _ in range(max(0, chance.randint(3, 6) - len(wanted)))]
    for number, (assignment, concept) in enumerate(wanted):
        begin, required = chance.choice(BEGINS), chance.choice((1, 1, 1, 2))
        yield {
            "id": f"L{number}",
            "assignment": assignment,
            "concept": concept,
            "start": at(begin),
            "end": at(begin + chance.choice(LENGTHS)),
            "competence": chance.choice(("escort", "escort", "guard")),
            "required": required,
            "floor": chance.randint(0, required),
            "tier": chance.randint(1, 3),
            "region": chance.choice(("north", "north", "south")),
            "kind": chance.choice(("person", "object")),
            "legalBases": ["pw42"],
        }


def _team(chance: Random, number: int) -> Row:
    return {
        "id": f"T{number}",
        "unit": "U",
        "organisation": chance.choice(("LX", "LX", "BE")),
        "ruleSet": "LAR",
        "region": "north",
        "operationalFrom": at(-2000),
        "operationalTo": chance.choice((None, None, at(40))),
        "legalBases": ["pw42"],
        "competences": [{"code": code, "from": at(-2000), "to": None} for code in ("escort", "guard")],
        "available": [{"start": at(-9), "end": at(chance.choice((44, 100)))}],
        "members": [{"id": f"M{number}{place}", "worked": _worked(chance)} for place in range(chance.randint(1, 2))],
    }


def _worked(chance: Random) -> list[Row]:
    """A past that leaves little: a full week, a shortened rest, or no weekly rest; or nothing at all."""
    begins = chance.choice(
        (
            (),
            (-20,),
            (-14, -30),
            (-10, -29),
            (-13, -37, -61, -85, -109),
            (-13, -32, -61, -85, -109),
            (-24, -48, -72, -96, -120, -144),
            tuple(range(-24, -300, -24)),
        )
    )
    length = chance.choice((6, 8, 8, 9))
    return [{"start": at(begin), "end": at(begin + length)} for begin in sorted(begins)]


def every_plan(problem: Problem) -> Iterator[Roster]:
    """Every choice of concepts and of sets of teams per line, lawful or not, without more teams than are of use."""
    names = [assignment.id for assignment in problem.assignments]
    for chosen in product(*(assignment.concepts for assignment in problem.assignments)):
        concepts = tuple(zip(names, chosen, strict=True))
        lines = [line for line in problem.lines if dict(concepts)[line.assignment] == line.concept]
        for sets in product(*(list(_subsets([team.id for team in problem.teams])) for _ in lines)):
            services = (Service(line.id, team) for line, teams in zip(lines, sets, strict=True) for team in teams)
            yield Roster(tuple(sorted(services)), tuple(sorted(concepts)))


def _subsets(teams: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(teams, size) for size in range(len(teams) + 1))


def _planned_rest(field: Field, plan: Roster) -> bool:
    """The optimiser plans rest a little stricter than the law (docs/prioritisation.md)."""
    for team in field.problem.team:
        spans = [field.span[service.line] for service in plan.services if service.team == team]
        fixed = [field.span[line] for line, teams in field.fixed.items() if team in teams]
        if sorted(fixed) == sorted(spans):
            continue
        early = min((start for start, _ in spans), default=field.until) < field.ready[team]
        if not field.obeys_time(team, spans) or (early and not field.fixed_team(team)):
            return False
    return True


def best_value(problem: Problem) -> tuple[int, ...] | None:
    """The best value any lawful plan has, by trying them all from the best down; None when there is no lawful plan."""
    levels, field = aims(), Field(problem)
    plans = sorted(every_plan(problem), key=lambda plan: values(problem, plan, levels))
    return next(
        (values(problem, plan, levels) for plan in plans if not check(problem, plan) and _planned_rest(field, plan)),
        None,
    )
