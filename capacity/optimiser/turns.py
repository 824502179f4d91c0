"""The turns a team can work: one line, or several so close together that the law takes them for one shift.

A turn obeys the twelve hours of a shift and leaves at least eight hours of rest within the 24 hours that
begin with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capacity.optimiser.field import Seconds
from capacity.working_time import DAY, HOUR, RuleSet, lawful, merged, shifts

MOST_TURNS = 1500
"""Turns of several lines considered per team; beyond it only turns of one line are, which is stricter than the law."""


@dataclass(frozen=True)
class Turn:
    """Slots worked in one shift. `begin` is where the shift began, in the worked past perhaps.

    Seconds since the epoch.
    """

    slots: tuple[int, ...]
    start: int
    end: int
    begin: int
    joins_past: bool = False

    def full_rest_fits(self, rules: RuleSet) -> bool:
        """Whether eleven hours of rest still fit in the 24 hours that begin with the shift."""
        return self.begin + DAY - self.end >= rules.daily_rest * HOUR


def turns(rules: RuleSet, slots: Sequence[Seconds], pasts: Sequence[Sequence[Seconds]], until: int) -> list[Turn]:
    """Every turn over the slots (in order of time) that is lawful by itself, given each member's past."""
    single = [(number,) for number in range(len(slots))]
    several: list[tuple[int, ...]] = []
    for chain in _chains(rules, slots):
        several.append(chain)
        if len(several) > MOST_TURNS:
            several = []
            break
    found = []
    for chain in [*single, *several]:
        turn = _turn(rules, [slots[number] for number in chain], chain, pasts)
        work = [slots[number] for number in chain]
        if all(lawful(rules, past=past, planned=work, until=until) for past in pasts):
            found.append(turn)
    return found


def _turn(rules: RuleSet, work: Sequence[Seconds], chain: tuple[int, ...], pasts: Sequence[Sequence[Seconds]]) -> Turn:
    start, end = work[0][0], max(span[1] for span in work)
    begin, joins = start, False
    for past in pasts:
        run = next(run for run in shifts(rules, merged([*past, *work])) if run.start <= start < run.end)
        joins = joins or run.start < start
        begin = min(begin, run.start)
    return Turn(chain, start, end, begin, joins)


def _chains(rules: RuleSet, slots: Sequence[Seconds]) -> Iterator[tuple[int, ...]]:
    """Chains of two or more slots, each less than eight hours after the one before, within the limits of one shift."""
    open_chains: list[tuple[int, ...]] = [(number,) for number in range(len(slots))]
    while open_chains:
        longer: list[tuple[int, ...]] = []
        for chain in open_chains:
            longer.extend(_extended(rules, slots, chain))
        yield from longer
        open_chains = longer


def _extended(rules: RuleSet, slots: Sequence[Seconds], chain: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    start, end = slots[chain[0]][0], slots[chain[-1]][1]
    work = sum(slots[number][1] - slots[number][0] for number in chain)
    for number in range(chain[-1] + 1, len(slots)):
        begin, finish = slots[number]
        if begin - end >= rules.between_shifts * HOUR:
            return
        fits = begin >= end and finish - start <= DAY - rules.short_rest * HOUR
        if fits and work + finish - begin <= rules.shift_hours * HOUR:
            yield (*chain, number)
