"""What was changed without a release: house norms by the administrators, and what the method board decided."""

from datetime import datetime, timedelta

from stelsel.kernel import norms
from stelsel.oversight.services.demo.people import Field
from threat.models import MethodVersion
from threat.services import (
    approve_mapping,
    approve_template,
    propose_mapping,
    propose_template,
    propose_use,
    refuse_use,
)


def change_norms(field: Field, *, since: datetime, at: datetime) -> None:
    """One norm changed at the beginning, so that every case has it; one proposal of this week. Part of the loading."""
    first, second = field.actor("beheer"), field.actor("sanne")
    change = norms.propose(
        code="cases.inform",
        value=36,
        starts_at=since,
        reason="Afgesproken met het OM: wie bedreigd wordt, hoort een besluit binnen anderhalve dag.",
        actor=first,
        at=since - timedelta(days=2),
    )
    norms.approve(change_id=change.pk, actor=second, at=since - timedelta(days=1))
    norms.propose(
        code="resilience.impact.first_talk",
        value=5,
        starts_at=at + timedelta(days=7),
        reason="Uit de evaluatie van het afgelopen kwartaal: een week is voor gezinnen lang.",
        actor=second,
        at=at - timedelta(days=1),
    )


def judge_method(field: Field, *, at: datetime) -> None:
    """The board kept the version in force: a proposal to withdraw it was refused last week. Part of the loading."""
    first, second = field.actor("otto"), field.actor("saar")
    change = propose_use(
        version_id=MethodVersion.objects.get(code="GDB-1.0").pk,
        usable=False,
        starts_at=at - timedelta(days=6),
        reason="De weging van de concreetheid staat ter discussie.",
        actor=first,
        at=at - timedelta(days=7),
    )
    refuse_use(change_id=change.pk, actor=second, at=at - timedelta(days=6))


def map_local_levels(field: Field, *, since: datetime, at: datetime) -> None:
    """One scale of the local domain is mapped, a second one waits, a third has no table yet. Part of the loading."""
    first, second = field.actor("otto"), field.actor("saar")
    change = propose_mapping(
        scale="police_estimate",
        table="zeer hoog = W5\nhoog = W4\ngemiddeld = W3\nlaag = W2",
        starts_at=since,
        reason="Afgesproken met de politie. Zeer laag is niet vertaald: daaronder viel ook wat onbekend was.",
        actor=first,
        at=since - timedelta(days=2),
    )
    approve_mapping(change_id=change.pk, actor=second, at=since - timedelta(days=1))
    propose_mapping(
        scale="office_level",
        table="niveau 3 = W4\nniveau 2 = W3\nniveau 1 = W2",
        starts_at=at + timedelta(days=14),
        reason="Voorstel van de arrondissementsparketten, na de proef van het afgelopen kwartaal.",
        actor=second,
        at=at - timedelta(days=2),
    )


TEMPLATE = """Dreiging: van wie, tegen wie, en hoe.
Wat is bekend, en uit hoeveel bronnen die los van elkaar staan.
Wat is niet bekend, en wat is daarover gevraagd.
Wat zou het niveau veranderen."""


def agree_template(field: Field, *, since: datetime, at: datetime) -> None:
    """The template of the picture as it holds, and a next version that waits. Part of the loading."""
    first, second = field.actor("otto"), field.actor("saar")
    change = propose_template(
        text=TEMPLATE,
        starts_at=since,
        reason="Afgesproken met de beslissers: zij lezen altijd dezelfde vier vragen.",
        actor=first,
        at=since - timedelta(days=2),
    )
    approve_template(change_id=change.pk, actor=second, at=since - timedelta(days=1))
    propose_template(
        text=f"{TEMPLATE}\nWelke momenten komen eraan die het risico verhogen.",
        starts_at=at + timedelta(days=7),
        reason="Uit de evaluatie: momenten met verhoogd risico werden soms vergeten.",
        actor=second,
        at=at - timedelta(days=3),
    )


def govern(field: Field, *, since: datetime, at: datetime) -> None:
    """What else the method board decided. Part of the loading."""
    map_local_levels(field, since=since, at=at)
    agree_template(field, since=since, at=at)
