"""The demonstration's agreements between organisations: in force, to be signed, in conflict, ended, and teams lent."""

from datetime import datetime, timedelta
from typing import Any

from capacity.models import Team
from capacity.services import lend_team
from stelsel.kernel.authorisation import Role
from stelsel.legal import services
from stelsel.legal.models import AgreementConflict, InteragencyAgreement
from stelsel.legal.services import Lent, Terms
from stelsel.oversight.services.demo.people import Field


def agree(field: Field, *, since: datetime, at: datetime) -> None:
    """The register as the legal officer keeps it. Part of the loading, after the teams."""
    book = _Book(field, since)
    book.signed(
        book.draft(
            "Bewaken en beveiligen van personen: taken van LX en KMar",
            ("lx", "kmar", "nctv"),
            "LX levert de persoonsgerichte beveiliging; de KMar beveiligt de aangewezen objecten.",
            "Te zien aan de opdrachten: geen KMar-team op een persoon zonder artikel 57.",
        )
    )
    older = book.draft(
        "Begeleiding naar rechtszittingen",
        ("lx", "politie-noord"),
        "De eenheid Noord begeleidt binnen de regio, LX daarbuiten.",
        "Het LCC deelt de begeleiding zo in.",
        subject="escort",
    )
    book.signed(older)
    newer = book.draft(
        "Begeleiding: proef met LX in het hele land",
        ("lx", "politie-noord", "lcc"),
        "LX begeleidt een half jaar in het hele land.",
        "Het LCC houdt bij hoe vaak een team niet beschikbaar was.",
        subject="escort",
        days=180,
    )
    book.signed(newer)
    services.settle_conflict(
        conflict_id=AgreementConflict.objects.get(second__agreement=newer).pk,
        prevails_id=newer.pk,
        reason="De proef is later en met alle betrokkenen afgesproken; daarna geldt de oude afspraak weer.",
        **book.by,
    )
    ended = book.draft(
        "Beveiliging van evenementen, zomer",
        ("kmar", "politie-west"),
        "De KMar springt bij op drukke dagen.",
        "Afgerond na de zomer.",
        subject="events",
    )
    book.signed(ended)
    book.end(ended, on=since + timedelta(days=20))
    book.draft(
        "Weerbaarheid: toegang van LX tot het aanbod",
        ("lx", "nctv"),
        "Gezinsleden van beveiligde personen kunnen via de LX-contactpersoon worden aangemeld.",
        "De expert weerbaarheid ziet de aanmelding.",
        subject="resilience",
    )
    lent = book.draft(
        "Twee teams van LX op de luchthaven",
        ("lx", "kmar"),
        "LX leent de KMar twee teams uit zolang de bezetting daar krap is.",
        "De planner van LX zet de teams op uitgeleend; zij staan niet in het plan.",
        kind="capacity",
        subject="objects",
        lent=(Lent(field.organisations["lx"].pk, field.organisations["kmar"].pk, 2, "bewaking luchthaven"),),
    )
    book.signed(lent)
    line = lent.versions.get().lent.get()
    team = Team.objects.filter(unit=field.organisations["lx"]).order_by("-code").first()
    if team is not None:
        lend_team(
            team_id=team.pk,
            line_id=line.pk,
            first_day=at.date() - timedelta(days=10),
            last_day=at.date() + timedelta(days=50),
            actor=field.of(Role.UNIT_PLANNER, "lx"),
            at=at - timedelta(days=10),
        )


class _Book:
    """What the legal officer writes, on the first day of the story."""

    def __init__(self, field: Field, at: datetime) -> None:
        self.field = field
        self.at = at
        self.by: dict[str, Any] = {"actor": field.actor("nora"), "at": at}

    def draft(
        self,
        title: str,
        parties: tuple[str, ...],
        text: str,
        effect: str,
        *,
        kind: str = "tasks",
        subject: str = "persons",
        days: int = 0,
        lent: tuple[Lent, ...] = (),
    ) -> InteragencyAgreement:
        today = self.at.date()
        ends = today + timedelta(days=days) if days else None
        return services.draft_agreement(
            title=title,
            kind=kind,
            subject=subject,
            parties=[self.field.organisations[code].pk for code in parties],
            terms=Terms(text, effect, today, ends, lent=lent),
            **self.by,
        )

    def signed(self, row: InteragencyAgreement) -> None:
        version = row.versions.get()
        for party in row.parties.order_by("name"):
            services.sign_version(
                version_id=version.pk,
                organisation_id=party.pk,
                signatory=f"namens {party.name}",
                signed_on=self.at.date(),
                **self.by,
            )

    def end(self, row: InteragencyAgreement, *, on: datetime) -> None:
        row.refresh_from_db()
        services.end_agreement(
            agreement_id=row.pk,
            last_day=on.date(),
            reason="De zomer is voorbij en de bezetting is op orde.",
            version=row.version,
            **self.by,
        )
