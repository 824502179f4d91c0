"""A result in terms a person can check: what carries a factor, what is missing, which origin matters."""

from dataclasses import dataclass

from threat.methodology import Factor, FactorDefinition
from threat.scoring.beliefs import Weighed
from threat.scoring.outcome import Result


@dataclass(frozen=True, slots=True)
class FactorExplanation:
    """One factor of the index, or the damping factor.

    `contribution` is in points of the index (all together they are the index), of which `from_prior` points
    come from the prior and not from evidence. `missing`: no item has weight enough. `withheld`: a request is
    open, refused or withheld.
    """

    definition: FactorDefinition
    expected: float
    spread: float
    contribution: float
    from_prior: float
    items: tuple[Weighed, ...]
    groups: tuple[str, ...]
    missing: bool
    withheld: bool


def explain(result: Result) -> tuple[FactorExplanation, ...]:
    """Every factor of the method, in its order."""
    return tuple(_explain_factor(factor, result) for factor in result.method.factors)


def missing_factors(result: Result) -> tuple[Factor, ...]:
    """The factors that collection tasks are made for: nothing of weight is known, or a request is open."""
    weighed = {definition.factor for definition in result.method.weighed}
    return tuple(
        each.definition.factor
        for each in explain(result)
        if each.withheld or (each.missing and each.definition.factor in weighed)
    )


def decisive_groups(result: Result) -> tuple[str, ...]:
    """The origins without which another level, or another outcome, would be proposed."""
    return tuple(
        group
        for group, without in result.without_group.items()
        if (without.level, without.outcome) != (result.level, result.outcome)
    )


def _explain_factor(factor: Factor, result: Result) -> FactorExplanation:
    reading = result.reading.factors[factor]
    items = tuple(each for each in result.weighed if each.item.factor is factor)
    return FactorExplanation(
        definition=result.method.factors[factor],
        expected=reading.expected,
        spread=reading.spread,
        contribution=result.reading.contributions[factor],
        from_prior=result.reading.prior_contributions[factor],
        items=items,
        groups=tuple(sorted({each.item.group for each in items})),
        missing=not reading.covered,
        withheld=factor in result.evidence.withheld,
    )
