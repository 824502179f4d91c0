"""The working-time rules (rule 3) of one team as rows of a linear model, exact for the turns it is given.

A turn of work with the eight hours of rest that end a shift is an interval, and a team's intervals never
overlap: per
moment, at most one interval holds it. Where a turn is followed within eleven hours the rest is shortened,
once per 7x24
hours; a long rest is an interval without work that each week of 7x24 hours must hold. Only turns need to be
whole.

Stricter than the law in one thing (docs/prioritisation.md): the weekly rest is always planned as 36 hours in
7x24 hours.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from capacity.optimiser.field import Seconds
from capacity.optimiser.matrix import INFINITY, Matrix, Terms, minus, ones, total
from capacity.optimiser.turns import turns
from capacity.working_time import DAY, HOUR, RuleSet, Shift, shifts


class Path:
    """Columns and rows for one team; `worked` holds, per slot, a column that is one where the team works it."""

    def __init__(
        self,
        matrix: Matrix,
        rules: RuleSet,
        slots: Sequence[Seconds],
        pasts: Sequence[Sequence[Seconds]],
        *,
        until: int,
        ready: int,
    ) -> None:
        self.matrix, self.rules, self.slots, self.pasts = matrix, rules, slots, pasts
        found = turns(rules, slots, pasts, until)
        self.turns = [turn for turn in found if turn.start >= ready or turn.joins_past]
        several = any(len(turn.slots) > 1 for turn in self.turns)
        self.column = {turn: matrix.column(0, 1, whole=several) for turn in self.turns}
        self.starts = sorted({turn.start for turn in self.turns})
        self.ends = sorted({turn.end for turn in self.turns})
        self.worked = [self._working(number) for number in range(len(slots))]
        self.past_runs = [runs for runs in (shifts(rules, past) for past in pasts) if runs]
        self._one_at_a_time()
        self._hours_per_week()
        self._short_rests()
        self._weekly_rests()

    def _working(self, slot: int) -> Terms:
        columns = [column for turn, column in self.column.items() if slot in turn.slots]
        if len(columns) <= 1:
            return ones(columns)
        own = self.matrix.column(0, 1)
        self.matrix.equal({own: 1}, ones(columns))
        return {own: 1.0}

    def _at(self, moment: int, *, after: int = 0) -> list[int]:
        """Columns of the turns whose interval holds a moment, of those that end later than `after`."""
        rest = self.rules.between_shifts * HOUR
        return [
            column
            for turn, column in self.column.items()
            if turn.start <= moment < turn.end + rest and turn.end > after
        ]

    def _one_at_a_time(self) -> None:
        for columns in sorted({tuple(self._at(start)) for start in self.starts}):
            if len(columns) > 1:
                self.matrix.row(ones(columns), upper=1)

    def _running(self, terms: Iterable[Terms]) -> list[int]:
        """Columns with the running total of sums, so that any stretch of time is a difference of two of them."""
        columns: list[int] = []
        for term in terms:
            columns.append(self.matrix.column(0, INFINITY))
            before = {columns[-2]: 1.0} if len(columns) > 1 else {}
            self.matrix.equal({columns[-1]: 1.0}, total([*before.items(), *term.items()]))
        return columns

    def _stretch(self, running: Sequence[int], keys: Sequence[int], after: int, upto: int) -> Terms:
        """What the keys with after < key <= upto bring to a running total."""
        first, last = bisect_right(keys, after) - 1, bisect_right(keys, upto) - 1
        if last <= first:
            return {}
        return minus({running[last]: 1.0}, {} if first < 0 else {running[first]: 1.0})

    def _hours_per_week(self) -> None:
        """Art. 5:7(2)(b). The past counts as it was, and where it fills the window nothing is added."""
        if not self.slots:
            return
        most = self.rules.week_hours * 60
        rows: dict[tuple[tuple[int, int], ...], int] = {}
        for begin in self._week_begins():
            end = begin + 7 * DAY
            load = [(number, _overlap(span, begin, end)) for number, span in enumerate(self.slots)]
            key = tuple((number, minutes) for number, minutes in load if minutes)
            before = max((sum(_overlap(s, begin, end) for s in spans) for spans in self.pasts), default=0)
            rows[key] = min(rows.get(key, most), max(0, most - before))
        for key, limit in sorted(rows.items()):
            if sum(minutes for _, minutes in key) > limit:
                self._limit(key, limit)

    def _limit(self, load: Sequence[tuple[int, int]], limit: int) -> None:
        sizes = {minutes for _, minutes in load}
        unit = sizes.pop() if len(sizes) == 1 else 60
        terms = [(c, f * minutes / unit) for number, minutes in load for c, f in self.worked[number].items()]
        self.matrix.row(total(terms), upper=limit // unit if not sizes else limit / unit)

    def _week_begins(self) -> list[int]:
        """Begins of windows of 7x24 hours that may be the fullest: at a begin of work, or a week before an end."""
        week = 7 * DAY
        spans = [*self.slots, *(span for spans in self.pasts for span in spans)]
        begins = {span[0] for span in spans} | {span[1] - week for span in spans}
        first, last = min(span[0] for span in self.slots), max(span[1] for span in self.slots)
        return sorted(b for b in begins if first < b + week <= last or b + week == max(last, first + week))

    def _short_rests(self) -> None:
        """Art. 5:3(2): one shortened rest in 7x24 hours, measured from end of work to end of work."""
        span = self.rules.short_rest_days * DAY
        marked = {end: self._shortened(end) for end in self.ends}
        ends = [end for end in self.ends if marked[end]]
        running = self._running(marked[end] for end in ends)
        for end in ends:
            self.matrix.row(self._stretch(running, ends, end - 1, end + span - 1), upper=1)
        for runs in self.past_runs:
            last = runs[-1].end
            own = self._first_shortened(runs[-1])
            near = self._stretch(running, ends, 0, last + span - 1)
            self.matrix.row(total([*own.items(), *near.items()]), upper=1)
            for end in self._past_short(runs):
                near = self._stretch(running, ends, 0, end + span - 1)
                extra = own if end < last < end + span else {}
                self.matrix.row(total([*extra.items(), *near.items()]), upper=0)

    def _shortened(self, end: int) -> Terms:
        """A column that is one where the rest after an end of work is shortened; nothing where it cannot be."""
        daily, short = end + self.rules.daily_rest * HOUR, end + self.rules.between_shifts * HOUR
        before = [turn for turn in self.turns if turn.end == end]
        after = [column for turn, column in self.column.items() if short <= turn.start < daily]
        tight = [self.column[turn] for turn in before if not turn.full_rest_fits(self.rules)]
        if not after and not tight:
            return {}
        mark = self.matrix.column(0, 1)
        self.matrix.at_least({mark: 1}, ones(tight))
        if after:
            self.matrix.row(minus(ones([*after, *(self.column[turn] for turn in before)]), {mark: 1.0}), upper=1)
        return {mark: 1.0}

    def _first_shortened(self, last: Shift) -> Terms:
        """Columns that are one where the rest after a member's last worked shift is shortened by the plan."""
        daily, short = last.end + self.rules.daily_rest * HOUR, last.end + self.rules.between_shifts * HOUR
        if last.start + DAY < daily:
            return {}
        return ones(column for turn, column in self.column.items() if short <= turn.start < daily)

    def _past_short(self, runs: Sequence[Shift]) -> list[int]:
        """Ends of worked shifts after which the rest was shortened already, whatever the plan does."""
        found = []
        for place, run in enumerate(runs):
            following = runs[place + 1].start if place + 1 < len(runs) else run.start + DAY
            rest = min(following, run.start + DAY) - run.end
            if self.rules.short_rest * HOUR <= rest < self.rules.daily_rest * HOUR:
                found.append(run.end)
        return found

    def _weekly_rests(self) -> None:
        """Art. 5:5(2)(a), for each start of planned work and each worked shift whose week reaches the plan."""
        rests = self._running(self._long_rest(end) for end in self.ends)
        week, weekly = self.rules.weekly_rest_days * DAY, self.rules.weekly_rest * HOUR
        for number, (start, _) in enumerate(self.slots):
            within = self._stretch(rests, self.ends, start, start + week - weekly)
            self.matrix.at_least(within, self.worked[number])
        for runs in self.past_runs:
            first = self._long_rest(runs[-1].end)
            for place, run in enumerate(runs):
                self._past_week(runs[place:], run.start + week, first, rests)

    def _past_week(self, runs: Sequence[Shift], until: int, first: Terms, rests: Sequence[int]) -> None:
        """A week that began with worked shift `runs[0]`: it has its rest already, or the plan leaves it one."""
        weekly, last = self.rules.weekly_rest * HOUR, runs[-1].end
        gaps = [(early.end, late.start) for early, late in pairwise(runs)]
        if any(min(end, until) - since >= weekly for since, end in gaps):
            return
        fits = first if last + weekly <= until else {}
        within = total([*fits.items(), *self._stretch(rests, self.ends, last, until - weekly).items()])
        for number, (begin, _) in enumerate(self.slots):
            if begin < until:
                self.matrix.at_least(within, self.worked[number])

    def _long_rest(self, since: int) -> Terms:
        """A column that is one only where no work lies in the 36 hours from a moment."""
        own = self.matrix.column(0, 1)
        until = since + self.rules.weekly_rest * HOUR
        moments = [since, *(start for start in self.starts if since < start < until)]
        for columns in sorted({tuple(self._at(moment, after=since)) for moment in moments}):
            if columns:
                self.matrix.row(ones([own, *columns]), upper=1)
        return {own: 1.0}


def _overlap(span: Seconds, begin: int, end: int) -> int:
    """Minutes of a span that lie between two moments, rounded up."""
    return max(0, -(-(min(span[1], end) - max(span[0], begin)) // 60))
