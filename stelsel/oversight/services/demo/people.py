"""The organisations of the field and the people who log in to the demonstration, all invented."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from stelsel.kernel.access import as_actor
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import Membership, Organisation, OrganisationKind, User
from stelsel.oversight.services.demo.codes import give_authenticator

K = OrganisationKind
ORGANISATIONS = (
    ("nctv", "NCTV", K.NCTV, ""),
    ("om-noord", "Parket Noord", K.PROSECUTION, "noord"),
    ("om-oost", "Parket Oost", K.PROSECUTION, "oost"),
    ("om-zuid", "Parket Zuid", K.PROSECUTION, "zuid"),
    ("om-west", "Parket West", K.PROSECUTION, "west"),
    ("politie-noord", "Politie, eenheid Noord", K.POLICE_REGION, "noord"),
    ("politie-oost", "Politie, eenheid Oost", K.POLICE_REGION, "oost"),
    ("politie-zuid", "Politie, eenheid Zuid", K.POLICE_REGION, "zuid"),
    ("politie-west", "Politie, eenheid West", K.POLICE_REGION, "west"),
    ("lx", "Politie, eenheid LX", K.POLICE_LX, ""),
    ("kmar", "Koninklijke Marechaussee", K.KMAR, ""),
    ("aivd", "AIVD", K.AIVD, ""),
    ("mivd", "MIVD", K.MIVD, ""),
    ("lcc", "LCC", K.LCC, ""),
    ("gemeente-noorderveen", "Gemeente Noorderveen", K.MUNICIPALITY, "noord"),
    ("gemeente-oosterwaard", "Gemeente Oosterwaard", K.MUNICIPALITY, "oost"),
    ("gemeente-zuiderdam", "Gemeente Zuiderdam", K.MUNICIPALITY, "zuid"),
    ("gemeente-westerkade", "Gemeente Westerkade", K.MUNICIPALITY, "west"),
    ("lantaarn", "Dagblad De Lantaarn, beveiliging", K.EMPLOYER, "west"),
    ("veenhogeschool", "Veenhogeschool, beveiliging", K.EMPLOYER, "noord"),
    ("inspectie", "Inspectie Justitie en Veiligheid", K.INSPECTORATE, ""),
    ("adviesorgaan", "Adviesorgaan bewaken en beveiligen", K.ADVISORY_BODY, ""),
)


@dataclass(frozen=True)
class LogIn:
    """Somebody of the demonstration: `also` is a second role in the same organisation."""

    username: str
    name: str
    role: Role
    organisation: str
    also: Role | None = None
    deputy_of: str = ""


DEPUTISES = timedelta(days=1000)
R = Role
LOG_INS = (
    LogIn("mirthe", "Mirthe Wolkenveld", R.CASE_MANAGER, "nctv"),
    LogIn("joren", "Joren Kortanui", R.CASE_MANAGER, "nctv"),
    LogIn("selma", "Selma Duinhaver", R.CASE_MANAGER, "nctv"),
    LogIn("aldert", "Aldert Lindewaard", R.DECIDER, "nctv"),
    LogIn("nienke", "Nienke Havikshorst", R.DECIDER, "nctv"),
    LogIn("tygo", "Tygo Meerzicht", R.DUTY_OFFICER, "nctv"),
    LogIn("esra", "Esra Yildaran", R.DUTY_OFFICER, "nctv"),
    LogIn("hidde", "Hidde Grashoven", R.DUTY_OFFICER, "om-noord"),
    LogIn("lieve", "Lieve Roggedam", R.DUTY_OFFICER, "lcc"),
    LogIn("rosanne", "Rosanne Vlasakker", R.THREAT_ANALYST, "nctv"),
    LogIn("idris", "Idris Benhadari", R.THREAT_ANALYST, "nctv"),
    LogIn("maud", "Maud Pijlkruid", R.THREAT_ANALYST, "nctv"),
    LogIn("wubbo", "Wubbo Steenwaarder", R.HEAD_OF_ANALYSIS, "nctv", also=R.THREAT_ANALYST),
    LogIn("stijn", "Stijn Klaverdijker", R.PRODUCT_SUPPLIER, "lx"),
    LogIn("fay", "Fay Achterduin", R.PRODUCT_SUPPLIER, "aivd"),
    LogIn("lucas", "Lucas Molendrift", R.PRODUCT_SUPPLIER, "mivd"),
    LogIn("amber", "Amber Zandewier", R.PRODUCT_SUPPLIER, "kmar"),
    LogIn("durk", "Durk Rietveen", R.PRODUCT_SUPPLIER, "politie-noord"),
    LogIn("femke", "Femke Waterhoek", R.POLICE_RCCB, "politie-noord"),
    LogIn("oumar", "Oumar Osseibo", R.POLICE_RCCB, "politie-oost"),
    LogIn("karlijn", "Karlijn Sintelhof", R.POLICE_RCCB, "politie-zuid"),
    LogIn("ruben", "Ruben Kerkelaar", R.POLICE_RCCB, "politie-west"),
    LogIn("hester", "Hester Windhoeve", R.PROSECUTION_ADVISER, "om-noord"),
    LogIn("bas", "Bas Oosterwolk", R.PROSECUTION_ADVISER, "om-oost"),
    LogIn("imke", "Imke Elzendriest", R.PROSECUTION_ADVISER, "om-zuid"),
    LogIn("sjors", "Sjors Ganzelaar", R.PROSECUTION_ADVISER, "om-west"),
    LogIn("diederik", "Diederik ter Wolde", R.CHIEF_PROSECUTOR, "om-noord"),
    LogIn("paulien", "Paulien Berkenvoort", R.CHIEF_PROSECUTOR, "om-noord", deputy_of="diederik"),
    LogIn("cato", "Cato Zwaluwhof", R.CHIEF_PROSECUTOR, "om-oost"),
    LogIn("menno", "Menno van der Lisse", R.CHIEF_PROSECUTOR, "om-zuid"),
    LogIn("yvette", "Yvette Wilgenstroom", R.CHIEF_PROSECUTOR, "om-west"),
    LogIn("joost", "Joost Zandewier", R.TABLE_MEMBER, "kmar"),
    LogIn("bram", "Bram Kievitsland", R.LCC_COORDINATOR, "lcc"),
    LogIn("zohra", "Zohra Benhadari", R.LCC_COORDINATOR, "lcc"),
    LogIn("jet", "Jet Molendrift", R.LCC_ADVISER, "lcc"),
    LogIn("sven", "Sven Achterduin", R.LCC_ADVISER, "lcc"),
    LogIn("tess", "Tess Rietveen", R.LCC_LIAISON, "lcc"),
    LogIn("gerben", "Gerben Waterhoek", R.UNIT_PLANNER, "lx"),
    LogIn("anne", "Anne Sintelhof", R.UNIT_PLANNER, "lcc"),
    LogIn("coen", "Coen Zandewier", R.UNIT_PLANNER, "kmar"),
    LogIn("joke", "Joke Kievitsland", R.UNIT_PLANNER, "politie-noord"),
    LogIn("rik", "Rik Duinhaver", R.UNIT_PLANNER, "politie-west"),
    LogIn("liselot", "Liselot Meerzicht", R.RESILIENCE_EXPERT, "nctv"),
    LogIn("marwan", "Marwan Osseibo", R.RESILIENCE_EXPERT, "nctv"),
    LogIn("tineke", "Tineke Grashoven", R.BUDDY_COORDINATOR, "nctv"),
    LogIn("vera", "Vera Kerkelaar", R.QUALITY_MANAGER, "nctv"),
    LogIn("otto", "Otto Lindewaard", R.METHOD_BOARD, "nctv"),
    LogIn("saar", "Saar Pijlkruid", R.METHOD_BOARD, "nctv"),
    LogIn("willemijn", "Willemijn Windhoeve", R.ADVISORY_BODY, "adviesorgaan"),
    LogIn("ebbe", "Ebbe Roggedam", R.INSPECTOR, "inspectie"),
    LogIn("nora", "Nora Vlasakker", R.LEGAL_OFFICER, "nctv"),
    LogIn("frank", "Frank Klaverdijker", R.SECURITY_OFFICER, "nctv"),
    LogIn("petra", "Petra Duinhaver", R.SECURITY_OFFICER, "nctv"),
    LogIn("hugo", "Hugo Steenwaarder", R.CONTROLLER, "nctv"),
    LogIn("linde", "Linde Havikshorst", R.POLICY_OFFICER, "nctv"),
    LogIn("ada", "Ada Ganzelaar", R.MAYORS_CONTACT, "gemeente-noorderveen"),
    LogIn("sem", "Sem Oosterwolk", R.MAYORS_CONTACT, "gemeente-westerkade"),
    LogIn("beheer", "Ines Berkenvoort", R.ADMINISTRATOR, "nctv"),
    LogIn("sanne", "Sanne Vlasveld", R.ADMINISTRATOR, "nctv"),
)


@dataclass
class Field:
    """Organisations by code and the actors that the demonstration's people are, by username."""

    organisations: dict[str, Organisation]
    _actors: dict[tuple[str, Role], Actor] = field(default_factory=dict)

    def actor(self, username: str, role: Role | None = None) -> Actor:
        """This person in their first role, or in `role`."""
        known = next(log_in for log_in in LOG_INS if log_in.username == username)
        return self._actors[username, role or known.role]

    def of(self, role: Role, organisation: str) -> Actor:
        """The first person who acts in `role` for the organisation with this code."""
        return next(self.all_of(role, organisation))

    def of_user(self, user_id: UUID | None) -> Actor:
        """The actor of this user, in their first role."""
        return next(actor for actor in self._actors.values() if actor.user_id == user_id)

    def all_of(self, role: Role, organisation: str) -> Iterator[Actor]:
        place = self.organisations[organisation].pk
        return (actor for (_, held), actor in self._actors.items() if held is role and actor.organisation_id == place)


def make_field(*, password: str, since: datetime) -> Field:
    """Make organisations, users, their roles from `since` on and their authenticators. Part of a service."""
    organisations = {
        code: Organisation.objects.create(
            code=code,
            name=name,
            kind=kind,
            region=region,
            duty_phone=f"088 000 00 {nth:02}" if kind in (K.NCTV, K.PROSECUTION, K.LCC) else "",
        )
        for nth, (code, name, kind, region) in enumerate(ORGANISATIONS, 1)
    }
    made = Field(organisations)
    hashed = make_password(password)  # once: a password hash takes a third of a second, and this one is no secret
    users: dict[str, User] = {}
    for nth, log_in in enumerate(LOG_INS):
        administrator = log_in.role is Role.ADMINISTRATOR
        users[log_in.username] = user = User.objects.create(
            username=log_in.username,
            full_name=log_in.name,
            password=hashed,
            is_staff=administrator,
            is_superuser=administrator,
            date_joined=since + timedelta(seconds=nth),  # the order in which the log-in page offers them
        )
        give_authenticator(user)
        for role in filter(None, (log_in.role, log_in.also)):
            organisation = organisations[log_in.organisation]
            membership = Membership.objects.create(
                user=user,
                organisation=organisation,
                role=role,
                group=organisation.group_for(role),
                period=(since, since + DEPUTISES if log_in.deputy_of else None),
                deputy_of=users.get(log_in.deputy_of),
            )
            made._actors[log_in.username, role] = as_actor(membership, user)  # noqa: SLF001  # being made here
    return made
