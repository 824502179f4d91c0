"""From threat lines to a person: the highest line counts, an unknown actor is read with each named one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stelsel.kernel.errors import Fault
from stelsel.kernel.scales import Likelihood
from threat.scoring.evidence import EvidenceSet, InvalidEvidence, evidence_faults, fault
from threat.scoring.outcome import Outcome, Result, appraise


@dataclass(frozen=True, slots=True)
class Line:
    """One threat line (dreigingslijn): actor x phenomenon x target x modus, with the evidence about it.

    `key` is unique within the person. `actor` is None when unknown. Origin groups of all lines of one person
    share one naming, so that the same origin counts once when two lines are read together.
    """

    key: str
    target: str
    actor: str | None
    evidence: EvidenceSet


@dataclass(frozen=True, slots=True)
class LineReading:
    """A line by itself, and read with each unknown actor's line on the same target (by that line's key)."""

    line: Line
    alone: Result
    with_unknown: Mapping[str, Result]

    @property
    def all(self) -> tuple[Result, ...]:
        return (self.alone, *self.with_unknown.values())

    @property
    def highest(self) -> Result:
        """The reading that counts."""
        return max(self.all, key=_height)


@dataclass(frozen=True, slots=True)
class PersonReading:
    """What all lines say of one person.

    `level` is the maximum over lines and never a sum; None when no line has a level. `multiple_threat`
    (meervoudige dreiging): more than one line at the highest or the next level.
    `cumulation_statement_needed`: so many lines by different actors are at a raised level that analysts must
    state whether they add up. `insufficient` holds the keys of lines without a level: their silence is not
    low.
    """

    lines: tuple[LineReading, ...]
    level: Likelihood | None
    provisional: bool
    multiple_threat: bool
    cumulation_statement_needed: bool
    ask_urgent: bool
    low_level_blocked: bool
    insufficient: tuple[str, ...]


def score_person(lines: Sequence[Line]) -> PersonReading:
    """Score every line of one person; the lines are frozen on one date and follow one version of the method.

    Raises:
        InvalidEvidence: with every fault of every line; the place of a fault starts with `lines[n].`.
    """
    faults = tuple(_faults(lines))
    if faults:
        raise InvalidEvidence(faults)
    readings = tuple(_read_line(line, lines) for line in lines)
    levels = [reading.highest.level for reading in readings if reading.highest.level is not None]
    highest = max(levels, default=None)
    return PersonReading(
        lines=readings,
        level=highest,
        provisional=highest is not None and _provisional(readings, highest),
        multiple_threat=highest is not None and sum(level >= highest - 1 for level in levels) > 1,
        cumulation_statement_needed=_cumulates(readings),
        ask_urgent=any(each.ask_urgent for reading in readings for each in reading.all),
        low_level_blocked=any(reading.alone.low_level_blocked for reading in readings),
        insufficient=tuple(reading.line.key for reading in readings if reading.highest.level is None),
    )


def _faults(lines: Sequence[Line]) -> Iterable[Fault]:
    keys = [line.key for line in lines]
    for position, line in enumerate(lines):
        where = f"lines[{position}]."
        for each in evidence_faults(line.evidence):
            yield replace(each, field=where + each.field)
        if line.key in keys[:position]:
            yield fault(f"{where}key", "named_twice")
        if (line.evidence.method, line.evidence.as_of) != (lines[0].evidence.method, lines[0].evidence.as_of):
            yield fault(f"{where}asOf", "lines_differ")


def _read_line(line: Line, lines: Sequence[Line]) -> LineReading:
    unknown = [
        other for other in lines if other.actor is None and other.target == line.target and line.actor is not None
    ]
    together = {other.key: appraise(_together(line.evidence, other.evidence)) for other in unknown}
    return LineReading(line=line, alone=appraise(line.evidence), with_unknown=together)


def _together(named: EvidenceSet, unknown: EvidenceSet) -> EvidenceSet:
    """The unknown actor's evidence as if it were about the named line, whose phenomenon it then takes."""
    return replace(named, items=named.items + unknown.items, withheld=named.withheld | unknown.withheld)


def _height(result: Result) -> tuple[int, float]:
    return (result.level or 0, result.index)


def _provisional(readings: Iterable[LineReading], level: Likelihood) -> bool:
    """Whether the person's level stands on provisional readings alone."""
    decisive = [each.highest.outcome for each in readings if each.highest.level == level]
    return all(outcome is Outcome.PROVISIONAL for outcome in decisive)


def _cumulates(readings: Sequence[LineReading]) -> bool:
    """Lines of unknown actors count one by one: nothing shows that they are the same."""
    if not readings:
        return False
    norms = readings[0].line.evidence.method.norms
    raised: dict[str | None, int] = defaultdict(int)
    for each in readings:
        if each.highest.level is not None and each.highest.level >= norms.cumulation_level:
            raised[each.line.actor] += 1
    unknown = raised.pop(None, 0)
    return len(raised) + unknown >= norms.cumulation_lines
