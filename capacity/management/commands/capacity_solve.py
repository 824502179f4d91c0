"""`manage.py capacity_solve PROBLEM.json > PLAN.json`.

Compute a plan without the application and without a database.
"""

import ctypes
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from capacity.optimiser import Progress, solve
from capacity.priority import canonical, plan_document, read_problem
from capacity.working_time import RULE_SET_CODES
from stelsel.kernel.errors import Invalid


class Command(BaseCommand):
    """Reads a planning problem, writes the plan as canonical JSON, shows progress on the error stream."""

    help = "Compute the plan for a planning problem (JSON). Needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012 - the name and type are Django's
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file, or `-` for standard input."""
        parser.add_argument("problem", help="file with the planning problem, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Solve; exit status 1 where the problem holds faults."""
        try:
            problem = read_problem(read_json(options["problem"]), rule_sets=RULE_SET_CODES)
        except Invalid as refusal:
            raise CommandError("\n".join(f"{f.field}: {f.message}" for f in refusal.faults)) from refusal
        with _results_only():
            plan = solve(problem, report=self._show if options["verbosity"] > 1 else None)
        self.stdout.write(canonical(plan_document(plan)))

    def _show(self, progress: Progress) -> None:
        self.stderr.write(
            f"{progress.done:4.0%} {progress.level} {progress.tier}: {progress.best:g} (bound {progress.bound:g})"
        )


@contextmanager
def _results_only() -> Iterator[None]:
    """Keep standard output for the plan: HiGHS greets there from C, which goes to the error stream meanwhile."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


def read_json(name: str) -> Any:  # noqa: ANN401 - JSON is anything until it is read
    """The JSON in a file, or on standard input where the name is `-`.

    Raises:
        CommandError: no such file, or no JSON.
    """
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise CommandError(f"{name}: {fault}") from fault
