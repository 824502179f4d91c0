"""Versions of the threat-assessment method as data: every anchor, weight and threshold that scoring uses.

A version is added and never edited: a picture stores its version, so that its score can be repeated years
later. The numbers are expert choices that still have to be calibrated (docs/method/gdb-1.0.md, "Limits"), not
results from literature.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from stelsel.kernel.errors import gettext_noop
from stelsel.kernel.scales import Likelihood, Severity

NAME: Final = re.compile(r"[A-Z]{2,10}-\d{1,3}\.\d{1,3}")
SCALE_TOP: Final = 4
"""Factors run from 0 to this value."""


class Factor(StrEnum):
    """What is judged of a threat line. Vulnerability is absent: it belongs to resistance (weerstand)."""

    INTENT = "F1"
    CAPACITY = "F2"
    PREPARATION = "F3"
    CONCRETENESS = "F4"
    CONTEXT = "F5"
    DAMPING = "F6"


class Phenomenon(IntEnum):
    """Dreigingsfenomeen; the names shown to people are dated code lists, those of 2 and 4 changed in 2026."""

    ORGANISED_CRIME = 1
    TERRORISM = 2
    STATE_ACTORS = 3
    FIXATED_INDIVIDUALS = 4


@dataclass(frozen=True, slots=True)
class FactorDefinition:
    """One factor: its names, the written anchors for 0..4, its weight and how fast what is known of it ages.

    `weight` is a share of the index (F1-F5 sum to 1); for the damping factor it is 0. `half_life_days` is in
    days.
    """

    factor: Factor
    name_nl: str
    name_en: str
    anchors_nl: tuple[str, str, str, str, str]
    anchors_en: tuple[str, str, str, str, str]
    weight: float
    half_life_days: int


@dataclass(frozen=True, slots=True)
class Condition:
    """The belief (for floors: the support) that `factor` is at least `value`, 1..4, reaches the threshold."""

    factor: Factor
    value: int


@dataclass(frozen=True, slots=True)
class Cap:
    """`level` or higher stands only if one of `any_of` holds entirely; otherwise the level is one lower."""

    level: Likelihood
    any_of: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """The level is at least `level` when all conditions hold."""

    level: Likelihood
    all_of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class HouseNorms:
    """Norms of our own that no law sets; the method board changes them by a new version.

    `review_provisional_days` in days; `consensus_index_gap` in points of the index (0-100);
    `calibration_kappa` is the quadratic weighted kappa under which a calibration session follows;
    `quality_sample_assessors` counts blind codings.
    """

    review_provisional_days: int
    consensus_index_gap: float
    calibration_kappa: float
    assessors: int
    quality_sample_assessors: int
    steps_up_alone: int
    cumulation_lines: int
    cumulation_level: Likelihood


@dataclass(frozen=True, slots=True)
class Methodology:
    """One version of the method.

    `priors` are the beliefs that a factor is at least 1, 2, 3, 4 when nothing is known of it. `band_tops` are
    the upper borders (not included) of W1..W4 on the index. Weights, priors, reliabilities and beliefs lie in
    0..1.
    """

    version: str
    factors: Mapping[Factor, FactorDefinition]
    reliability: Mapping[str, float]
    credibility: Mapping[int, float]
    confirmed_credibility: int
    priors: tuple[float, float, float, float]
    least_freshness: float
    contradiction_strength: float
    covering_weight: float
    least_coverage: float
    largest_damping: float
    damped_phenomena: frozenset[Phenomenon]
    band_tops: tuple[float, float, float, float]
    cap_belief: float
    caps: tuple[Cap, ...]
    floor_support: float
    floors: tuple[Floor, ...]
    proposing_floor: Likelihood
    provisional_floor: Likelihood
    searched_factors: tuple[Factor, ...]
    searched_value: int
    searching_groups: int
    urgent_high: float
    urgent_severity: Severity
    advice: tuple[tuple[int, int, int, int, int], ...]
    norms: HouseNorms

    @property
    def weighed(self) -> tuple[FactorDefinition, ...]:
        """The factors that make up the index (F1-F5), in order; the damping factor is not among them."""
        return tuple(definition for factor, definition in self.factors.items() if factor is not Factor.DAMPING)

    def text(self) -> str:
        """Every number, anchor and table of this version as one JSON document, always in the same form."""
        return json.dumps(self, default=_plain, sort_keys=True, separators=(",", ":"))

    def fingerprint(self) -> str:
        """SHA-256 over `text()`, in hexadecimal."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def advisory_step(self, severity: Severity, likelihood: Likelihood) -> int:
        """Advisory step D1-D5 of a pair: it sorts work lists, it never allocates and never decides."""
        return self.advice[severity - 1][likelihood - 1]

    def flaws(self) -> tuple[str, ...]:
        """Why this version must not be used; empty for a sound one. Checked when the module is loaded."""
        rows = (*self.advice, *zip(*self.advice, strict=True))
        steps = [abs(left - right) for row in rows for left, right in pairwise(row)]
        weights = math.fsum(definition.weight for definition in self.weighed)
        asked = [condition.value for condition in self._conditions()]
        cells = {step for row in self.advice for step in row}
        shares = list(self._shares())
        norms = [getattr(self.norms, each.name) for each in fields(self.norms)]
        damping = self.factors.get(Factor.DAMPING)
        defined = {factor for factor, definition in self.factors.items() if definition.factor is factor}
        grades = ("".join(sorted(self.reliability)), sorted(self.credibility))
        checks = {
            gettext_noop("the name is not written as CODE-1.0"): bool(NAME.fullmatch(self.version)),
            gettext_noop("the weights of F1-F5 do not sum to 1"): math.isclose(weights, 1.0),
            gettext_noop("a factor has no definition"): defined == set(Factor),
            gettext_noop("the damping factor carries weight in the index"): damping is None or damping.weight == 0,
            gettext_noop("a half-life is not positive"): all(f.half_life_days > 0 for f in self.factors.values()),
            gettext_noop("a share, belief or reliability lies outside 0 to 1"): min(shares) >= 0 and max(shares) <= 1,
            gettext_noop("the grades are not A to F and 1 to 6"): grades == ("ABCDEF", [1, 2, 3, 4, 5, 6]),
            gettext_noop("a condition asks a value outside 1 to 4"): all(1 <= value <= SCALE_TOP for value in asked),
            gettext_noop("the priors rise"): list(self.priors) == sorted(self.priors, reverse=True),
            gettext_noop("the bands do not rise"): list(self.band_tops) == sorted(set(self.band_tops)),
            gettext_noop("the advice is not five rows of steps 1 to 5"): len(rows) == 2 * len(Severity)
            and cells <= set(range(1, len(Severity) + 1)),
            gettext_noop("neighbouring cells of the advice differ by more than one step"): max(steps) <= 1,
            gettext_noop("a norm is not positive"): min(norms) > 0,
        }
        return tuple(flaw for flaw, sound in checks.items() if not sound)

    def _shares(self) -> Iterator[float]:
        yield from (*self.reliability.values(), *self.credibility.values(), *self.priors)
        yield from (definition.weight for definition in self.factors.values())
        yield from (self.least_freshness, self.contradiction_strength, self.covering_weight, self.least_coverage)
        yield from (self.largest_damping, self.cap_belief, self.floor_support)

    def _conditions(self) -> Iterator[Condition]:
        yield from (condition for cap in self.caps for either in cap.any_of for condition in either)
        yield from (condition for floor in self.floors for condition in floor.all_of)


def _plain(value: object) -> object:
    """A part of a version as JSON knows it.

    Raises:
        TypeError: a part that has no such form.
    """
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return {each.name: getattr(value, each.name) for each in fields(value)}  # type: ignore[arg-type]  # or TypeError


def _published(*methods: Methodology) -> Mapping[str, Methodology]:
    """The versions by name.

    Raises:
        ValueError: a version is flawed, or two have the same name.
    """
    for method in methods:
        if method.flaws():
            raise ValueError(f"{method.version}: {'; '.join(method.flaws())}")
    by_version = {method.version: method for method in methods}
    if len(by_version) != len(methods):
        raise ValueError("two versions of the method have the same name")
    return MappingProxyType(by_version)


_FACTORS: Final = (
    FactorDefinition(
        Factor.INTENT,
        "Intentie",
        "Intent",
        (
            "geen",
            "vage vijandigheid",
            "doelwit genoemd of motief aanwezig",
            "wil om te schaden uitgesproken of uit handelen af te leiden",
            "opdracht, besluit of contract",
        ),
        (
            "none",
            "vague hostility",
            "target named or motive present",
            "wish to harm stated or inferred from acts",
            "order, decision or contract",
        ),
        weight=0.25,
        half_life_days=365,
    ),
    FactorDefinition(
        Factor.CAPACITY,
        "Kennis en capaciteit",
        "Knowledge and capacity",
        ("geen", "weinig", "gedeeltelijk", "voldoende", "bewezen (eerdere vergelijkbare daad)"),
        ("none", "little", "partly", "sufficient", "proven (earlier comparable act)"),
        weight=0.20,
        half_life_days=730,
    ),
    FactorDefinition(
        Factor.PREPARATION,
        "Voorbereidingshandelingen",
        "Preparations",
        (
            "geen",
            "oriëntatie",
            "zoekt naar middelen",
            "verkenning of middelen aanwezig",
            "logistiek rond, generale repetitie",
        ),
        (
            "none",
            "orientation",
            "looking for means",
            "reconnaissance or means present",
            "logistics complete, rehearsal",
        ),
        weight=0.25,
        half_life_days=90,
    ),
    FactorDefinition(
        Factor.CONCRETENESS,
        "Concreetheid van tijd en plaats",
        "Concreteness of time and place",
        (
            "geen",
            "periode of gebied",
            "een van beide ongeveer",
            "een van beide precies",
            "tijd en plaats bekend",
        ),
        ("none", "period or area", "one of both roughly", "one of both exactly", "time and place known"),
        weight=0.15,
        half_life_days=30,
    ),
    FactorDefinition(
        Factor.CONTEXT,
        "Context, fenomeen en doelwitprofiel",
        "Context, phenomenon and target profile",
        (
            "geen",
            "zwak",
            "patroon past",
            "patroon past en er is een aanleiding",
            "patroon, aanleiding en vrijwel gelijke eerdere gevallen",
        ),
        (
            "none",
            "weak",
            "pattern fits",
            "pattern fits and there is a trigger",
            "pattern, trigger and near-identical earlier cases",
        ),
        weight=0.15,
        half_life_days=365,
    ),
    FactorDefinition(
        Factor.DAMPING,
        "Remmende factoren",
        "Damping factors",
        ("geen", "zwak", "gedeeltelijk", "sterk", "beslissend en blijvend"),
        ("none", "weak", "partial", "strong", "decisive and lasting"),
        weight=0.0,
        half_life_days=180,
    ),
)

GDB_1_0: Final = Methodology(
    version="GDB-1.0",
    factors=MappingProxyType({definition.factor: definition for definition in _FACTORS}),
    reliability=MappingProxyType({"A": 0.95, "B": 0.80, "C": 0.60, "D": 0.35, "E": 0.15, "F": 0.45}),
    credibility=MappingProxyType({1: 0.80, 2: 0.80, 3: 0.60, 4: 0.35, 5: 0.10, 6: 0.45}),
    confirmed_credibility=1,
    priors=(0.50, 0.35, 0.20, 0.05),
    least_freshness=0.10,
    contradiction_strength=0.75,
    covering_weight=0.25,
    least_coverage=0.40,
    largest_damping=0.30,
    damped_phenomena=frozenset({Phenomenon.TERRORISM, Phenomenon.FIXATED_INDIVIDUALS}),
    band_tops=(20.0, 40.0, 60.0, 80.0),
    cap_belief=0.50,
    caps=(
        Cap(
            Likelihood.VERY_HIGH,
            (
                (
                    Condition(Factor.CONCRETENESS, 3),
                    Condition(Factor.PREPARATION, 2),
                    Condition(Factor.INTENT, 2),
                ),
            ),
        ),
        Cap(
            Likelihood.HIGH,
            (
                (Condition(Factor.PREPARATION, 2),),
                (Condition(Factor.INTENT, 3), Condition(Factor.CAPACITY, 3)),
            ),
        ),
    ),
    floor_support=0.40,
    floors=(
        Floor(Likelihood.LOW, (Condition(Factor.INTENT, 2),)),
        Floor(Likelihood.MEDIUM, (Condition(Factor.INTENT, 2), Condition(Factor.CAPACITY, 2))),
        Floor(Likelihood.HIGH, (Condition(Factor.PREPARATION, 3),)),
        Floor(
            Likelihood.VERY_HIGH,
            (
                Condition(Factor.CONCRETENESS, 4),
                Condition(Factor.PREPARATION, 2),
                Condition(Factor.INTENT, 2),
            ),
        ),
    ),
    proposing_floor=Likelihood.HIGH,
    provisional_floor=Likelihood.MEDIUM,
    searched_factors=(Factor.INTENT, Factor.PREPARATION),
    searched_value=1,
    searching_groups=2,
    urgent_high=60.0,
    urgent_severity=Severity.SEVERE,
    advice=((1, 1, 1, 1, 2), (1, 1, 2, 2, 3), (1, 2, 2, 3, 4), (2, 2, 3, 4, 5), (2, 3, 4, 5, 5)),
    norms=HouseNorms(
        review_provisional_days=14,
        consensus_index_gap=15.0,
        calibration_kappa=0.60,
        assessors=2,
        quality_sample_assessors=3,
        steps_up_alone=1,
        cumulation_lines=3,
        cumulation_level=Likelihood.MEDIUM,
    ),
)

METHODOLOGIES: Final = _published(GDB_1_0)
"""Every version that can be scored with, by its name."""
