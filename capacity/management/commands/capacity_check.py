"""`manage.py capacity_check PROBLEM.json PLAN.json`: an independent check of a plan, without a database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from capacity.management.commands.capacity_solve import read_json
from capacity.optimiser.check import check_document
from capacity.priority import read_plan, read_problem
from capacity.working_time import RULE_SET_CODES
from stelsel.kernel.errors import Invalid


class Command(BaseCommand):
    """Prints each broken rule; exit status 1 if there is any."""

    help = "Check a plan against its planning problem (both JSON). Needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012 - the name and type are Django's
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two files; one of them may be `-` for standard input."""
        parser.add_argument("problem", help="file with the planning problem, or - for standard input")
        parser.add_argument("plan", help="file with the plan, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Check; nothing is trusted that the plan says about itself."""
        try:
            problem = read_problem(read_json(options["problem"]), rule_sets=RULE_SET_CODES)
            plan = read_plan(read_json(options["plan"]))
        except Invalid as refusal:
            raise CommandError("\n".join(f"{f.field}: {f.message}" for f in refusal.faults)) from refusal
        broken = check_document(problem, plan)
        for line in broken:
            self.stdout.write(line)
        if broken:
            raise CommandError(f"{len(broken)} rules broken.")
        self.stdout.write("No rule is broken.")
