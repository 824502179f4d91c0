"""Score a file of evidence without the application, so that an auditor can repeat any score."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from threat.scoring import InvalidEvidence, canonical, read, score

BAD_INPUT = 2


class Command(BaseCommand):
    """`manage.py threat_score EVIDENCE.json > RESULT.json`; no database is opened.

    The exit status is 2 when the file cannot be read or scored, with every fault on standard error.
    """

    help = "Score a file of evidence by the threat-assessment method and print the result as JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("evidence", help="file with the EVIDENCE document; - reads standard input")

    def handle(self, *args: object, evidence: str, **options: object) -> None:
        try:
            content = sys.stdin.buffer.read() if evidence == "-" else Path(evidence).read_bytes()
            result = score(read(content))
        except OSError as error:
            self.stderr.write(f"{evidence}: {error.strerror}")
            sys.exit(BAD_INPUT)
        except InvalidEvidence as refusal:
            for fault in refusal.faults:
                self.stderr.write(f"{fault.field}: {fault.message} [{fault.code}]")
            sys.exit(BAD_INPUT)
        self.stdout.write(canonical(result.document()).decode())
