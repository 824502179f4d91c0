"""`manage.py audit seal` and `manage.py audit verify`: the sealer's and the verifier's doors to the trail."""

import functools
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stelsel.kernel import audit
from stelsel.kernel.checks import require_sound
from stelsel.kernel.management.loop import every
from stelsel.kernel.models import Seal

PAUSE = 1.0  # seconds between two seals


class Command(BaseCommand):
    help = "Seal the trail, or check that nothing in it was changed, cut or slipped in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        seal = acts.add_parser("seal", help="seal what was committed since the last seal")
        seal.add_argument("--forever", action="store_true", help="again every second, until stopped")
        acts.add_parser("verify", help="check every row, every seal and the anchor; ends with 1 and the faults")

    def handle(self, *args: object, act: str, forever: bool = False, **options: object) -> None:
        require_sound()
        anchor = audit.FileAnchor(Path(settings.ANCHOR))
        if act == "verify":
            self._verify(anchor)
        elif forever:
            every(PAUSE, functools.partial(_seal, anchor), name="sealer")
        else:
            made = _seal(anchor)
            self.stdout.write(f"seal {made.number}: {made.leaves} rows" if made else "nothing to seal")

    def _verify(self, anchor: audit.Anchor) -> None:
        if not settings.SEAL_PUBLIC_KEY:
            raise CommandError("STELSEL_SEAL_PUBLIC_KEY is not set.")
        found = audit.verify(public_key=settings.SEAL_PUBLIC_KEY, anchor=anchor)
        for remark in found.remarks:
            self.stdout.write(remark)
        self.stdout.write(f"{found.sealed} rows sealed, {found.unsealed} not yet sealed")
        if found.faults:
            raise CommandError("\n".join(found.faults), returncode=1)
        self.stdout.write("no faults")


def _seal(anchor: audit.Anchor) -> Seal | None:
    if not settings.SEAL_KEY:
        raise CommandError("STELSEL_SEAL_KEY is not set.")
    return audit.seal(key=settings.SEAL_KEY, anchor=anchor, at=timezone.now())
