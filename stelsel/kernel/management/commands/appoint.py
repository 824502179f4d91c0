"""`manage.py appoint`: gives the first administrator of a new installation their role; later ones come from admin."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from stelsel.kernel import audit, jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Membership, Organisation, OrganisationKind, User


class Command(BaseCommand):
    """Only while nobody is an administrator: after that, appointing is an act of people in admin."""

    help = "Make an existing user the first administrator, for the organisation named (made when it is not there)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--organisation", default="nctv", help="code of the organisation")

    def handle(self, *args: object, username: str, organisation: str, **options: object) -> None:
        at = timezone.now()
        with transaction.atomic(), acting(jobs.system_actor(), at=at):
            if Membership.objects.in_force(at=at).filter(role=Role.ADMINISTRATOR).exists():
                raise CommandError("There is an administrator already: they appoint others in admin.")
            user = User.objects.filter(username=username, is_active=True).first()
            if user is None:
                raise CommandError(f"There is no active user {username!r}; make one with createsuperuser.")
            employer, _ = Organisation.objects.get_or_create(
                code=organisation, defaults={"name": organisation.upper(), "kind": OrganisationKind.NCTV}
            )
            membership = Membership.objects.create(
                user=user,
                organisation=employer,
                role=Role.ADMINISTRATOR,
                group=employer.group_for(Role.ADMINISTRATOR),
                period=(at, None),
            )
            audit.record("membership.appoint", membership, detail={"role": Role.ADMINISTRATOR})
        self.stdout.write(f"{username} is administrator from now on; log in and set up a one-time code.")
