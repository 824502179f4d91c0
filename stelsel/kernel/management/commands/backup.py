"""`manage.py backup FILE`: the whole database in one file that `manage.py restore` reads."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stelsel.kernel.management import postgres


class Command(BaseCommand):
    """The file holds ciphertext and wrapped keys; the master keys are not in it and are kept elsewhere."""

    help = "Write a backup of the database to FILE, readable by its owner alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        unfinished = file.with_name(f"{file.name}.unfinished")
        if file.exists():
            raise CommandError(f"{file} exists already.")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        try:
            postgres.run("pg_dump", "--format=custom", f"--file={unfinished}")
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{file}: {file.stat().st_size} bytes")
