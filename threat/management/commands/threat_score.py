"""Score a file of evidence without the application, so that an auditor can repeat any score."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import BaseCommand

from threat.methodology import METHODOLOGIES, Methodology
from threat.scoring import InvalidEvidence, canonical, read, score
from threat.scoring.version import InvalidVersion, read_version

BAD_INPUT = 2


class Command(BaseCommand):
    """`manage.py threat_score EVIDENCE.json > RESULT.json`; no database is opened.

    The exit status is 2 when the file cannot be read or scored, with every fault on standard error.
    """

    help = "Score a file of evidence by the threat-assessment method and print the result as JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--method", help="file with a version of the method that this release does not hold")
        parser.add_argument("evidence", help="file with the EVIDENCE document; - reads standard input")

    def handle(self, *args: object, evidence: str, method: str | None = None, **options: object) -> None:
        try:
            content = sys.stdin.buffer.read() if evidence == "-" else Path(evidence).read_bytes()
            result = score(read(content, methods=_versions(method)))
        except OSError as error:
            self.stderr.write(f"{error.filename or evidence}: {error.strerror}")
            sys.exit(BAD_INPUT)
        except (InvalidEvidence, InvalidVersion) as refusal:
            for fault in refusal.faults:
                self.stderr.write(f"{fault.field}: {fault.message} [{fault.code}]")
            sys.exit(BAD_INPUT)
        self.stdout.write(canonical(result.document()).decode())


def _versions(method: str | None) -> Mapping[str, Methodology]:
    """The versions of this release and, beside them, the one in a file."""
    if method is None:
        return METHODOLOGIES
    added = read_version(Path(method).read_text(encoding="utf-8"))
    return {added.version: added, **METHODOLOGIES}
