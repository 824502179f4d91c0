"""`manage.py keys rotate`: puts every data key under the newest master key, and proves it."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from stelsel.kernel import lockout, vault
from stelsel.kernel.checks import require_sound


class Command(BaseCommand):
    """Safe to break off and to run again; the older master key may go only after it ends without faults."""

    help = "Wrap every person's key with the last master key of STELSEL_MASTER_KEYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["rotate"])

    def handle(self, *args: object, **options: object) -> None:
        require_sound()
        self.stdout.write(f"{vault.rotate()} keys wrapped now, {lockout.reseal()} secrets of authenticators sealed")
        proof = vault.prove_rotation()
        self.stdout.write(f"{proof.opened} keys open with {proof.current}; {proof.destroyed} were destroyed before")
        if proof.closed:
            raise CommandError("these do not: " + ", ".join(map(str, proof.closed)), returncode=1)
