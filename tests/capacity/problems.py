"""Planning problems for tests, measurements and demonstrations: fictional, varied, the same for the same seed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

START = datetime(2026, 3, 23, 6, tzinfo=UTC)
REGIONS = ("north", "east", "south", "west")
KINDS = ("person", "person", "person", "object")
BASES = {"LX": ["pw42"], "KMAR": ["pw4", "pw57"], "BE": ["pw3"]}
ORGANISATIONS = ("LX", "LX", "LX", "KMAR", "KMAR", "BE")
PATTERNS = (((0, 8), (8, 8), (16, 8)), ((0, 8), (8, 8)), ((0, 8),), ((8, 8),))
"""Begin and length of a day's shifts, in hours after the first: round the clock, the day, half the day."""

Row = dict[str, Any]


def at(hours: float) -> str:
    """An instant so many hours after the start of the example horizon."""
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def example_problem(persons: int, teams: int, days: int, seed: int) -> Row:
    """A planning problem of three shifts a day with too few teams; floors, tiers, rosters and histories vary."""
    chance = Random(seed)  # noqa: S311 - a reproducible example, no secret
    assignments, lines = [], []
    for number in range(persons):
        assignment, own = _person(chance, number, days)
        assignments.append(assignment)
        lines.extend(own)
    rows = [_team(chance, number, days) for number in range(teams)]
    return {
        "horizon": {"start": at(0), "end": at(24 * days)},
        "frozenUntil": at(24),
        "zone": "Europe/Amsterdam",
        "assignments": assignments,
        "lines": lines,
        "teams": rows,
        "travel": [
            {"from": origin, "to": other, "minutes": 90 if {origin, other} == {"north", "south"} else 60}
            for origin in REGIONS
            for other in REGIONS
            if origin != other
        ],
        "present": [],
        "thawed": [],
        "pins": [],
        "borne": [{"person": f"P{number:03}", "hours": 8 * chance.randint(0, 3)} for number in range(0, persons, 5)],
        "limits": {"work": 400, "seed": 7, "costNorm": 3},
    }


def _person(chance: Random, number: int, days: int) -> tuple[Row, list[Row]]:
    kind, region = chance.choice(KINDS), chance.choice(REGIONS)
    tier = chance.choices((1, 2, 3, 4), (1, 2, 4, 3))[0]
    pattern = chance.choices(PATTERNS, (4, 2, 3, 3))[0]
    bases = ["pw42", "pw57"] if kind == "person" else ["pw3", "pw4"]
    required = chance.choices((1, 2), (4, 1))[0]
    floor = required if tier == 1 else chance.choice((0, 1))
    lines = [
        {
            "id": f"L{number:03}-{day:02}-{hour:02}",
            "assignment": f"A{number:03}",
            "concept": "standard",
            "start": at(24 * day + hour),
            "end": at(24 * day + hour + length),
            "competence": "escort" if kind == "person" else "guard",
            "required": required,
            "floor": floor,
            "tier": tier,
            "region": region,
            "kind": kind,
            "legalBases": bases,
        }
        for day in range(days)
        for hour, length in pattern
        if tier <= 2 or chance.random() < 0.75
    ]
    assignment = {
        "id": f"A{number:03}",
        "person": f"P{number:03}",
        "authority": "NCTV",
        "agreed": False,
        "concepts": ["standard"],
    }
    return assignment, lines


def _team(chance: Random, number: int, days: int) -> Row:
    organisation = chance.choice(ORGANISATIONS)
    codes = {"LX": ("escort",), "KMAR": ("escort", "guard"), "BE": ("guard",)}[organisation]
    return {
        "id": f"T{number:03}",
        "unit": f"U{number % 7}",
        "organisation": organisation,
        "ruleSet": {"LX": "LAR", "KMAR": "DEFENCE", "BE": "LAR"}[organisation],
        "region": chance.choice(REGIONS),
        "operationalFrom": at(-2000),
        "operationalTo": None,
        "legalBases": BASES[organisation],
        "competences": [{"code": code, "from": at(-2000), "to": None} for code in codes],
        "available": _available(chance, days),
        "members": [{"id": f"M{number:03}-{place}", "worked": _worked(chance, number)} for place in range(4)],
    }


def _available(chance: Random, days: int) -> list[Row]:
    """Away for a stretch of some days now and then."""
    periods, day = [], 0
    while day < days:
        length = chance.randint(4, 9)
        periods.append({"start": at(24 * day), "end": at(24 * min(days, day + length) + 8)})
        day += length + chance.randint(1, 3)
    return periods


def _worked(chance: Random, number: int) -> Sequence[Row]:
    """Five days of eight hours, two days off, the last four weeks; the week's rhythm differs per team."""
    worked = []
    for day in range(-28, 0):
        if (day + number) % 7 < 5 and chance.random() < 0.9:
            begin = 24 * day + 8 * (number % 2)
            worked.append({"start": at(begin), "end": at(begin + 8)})
    return worked
