"""`manage.py demo`: loads the demonstration and shows its log-ins."""

import secrets
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stelsel.kernel.errors import DomainError
from stelsel.oversight.services import demo


class Command(BaseCommand):
    """All persons and events are made up; it refuses to run outside demonstration mode."""

    help = "Load the demonstration: organisations, people, cases, teams and plans, all made up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do nothing when there are data already")
        parser.add_argument("--logins", action="store_true", help="show the log-ins and load nothing")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other cases")
        parser.add_argument("--size", type=float, default=1, help="less than 1: fewer cases of each kind")

        parser.add_argument("--scale", type=int, default=0, help="add this many times 125 cases by bulk insert")

    def handle(self, *args: object, once: bool, logins: bool, scale: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is not for this environment (settings.DEMO is off).")
        if logins:
            self._show_log_ins()
            return
        if once and demo.loaded():
            self.stdout.write("The data are there already.")
        elif not (scale and demo.loaded()):
            self._load(options)
        if scale:
            self._multiply(scale, options)

    def _load(self, options: Mapping[str, Any]) -> None:
        given = settings.DEMO_PASSWORD
        password = given or secrets.token_urlsafe(12)
        began = time.monotonic()
        try:
            demo.load(
                demo.Wanted(password, seed=options["seed"], size=options["size"]),
                at=timezone.now(),
                progress=self.stdout.write,
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Loaded in {time.monotonic() - began:.0f} s.")
        if not given:
            self.stdout.write(f"Password of every log-in, shown once: {password}")

    def _multiply(self, scale: int, options: Mapping[str, Any]) -> None:
        began = time.monotonic()
        try:
            made = demo.multiply(
                scale * demo.CASES, seed=options["seed"], at=timezone.now(), progress=self.stdout.write
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{made} cases added in {time.monotonic() - began:.0f} s.")

    def _show_log_ins(self) -> None:
        self.stdout.write("Log-ins (one click on the log-in page, in demonstration mode alone):")
        for log_in in demo.LOG_INS:
            self.stdout.write(f"  {log_in.username:<10} {log_in.name:<24} {log_in.role}, {log_in.organisation}")
