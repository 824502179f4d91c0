"""What was changed without a release: house norms by the administrators, and what the method board decided."""

from dataclasses import replace
from datetime import datetime, timedelta

from stelsel.kernel import norms
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.people import Field
from threat.methodology import GDB_1_0, Factor
from threat.models import MethodVersion
from threat.services import (
    approve_mapping,
    approve_template,
    propose_mapping,
    propose_template,
    propose_use,
    refuse_use,
    register_version,
    start_shadow_run,
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


NEXT_VERSION = """GDB-1.1 weegt hetzelfde als GDB-1.0, met twee verschillen.
Wat over voorbereidingen bekend is, veroudert in zestig dagen voor de helft in plaats van in negentig.
De grens tussen midden en hoog ligt bij 62 in plaats van 60 punten, want bij de ijking bleek dat beoordelaars daar
het vaakst uiteen liepen."""


def try_next_version(field: Field, *, at: datetime) -> None:
    """The board registered a next version and had it tried on every picture in force. Part of the loading."""
    factors = dict(GDB_1_0.factors)
    factors[Factor.PREPARATION] = replace(factors[Factor.PREPARATION], half_life_days=60)
    candidate = replace(GDB_1_0, version="GDB-1.1", factors=factors, band_tops=(20.0, 40.0, 62.0, 80.0))
    version = register_version(
        definition=candidate.text(), document=NEXT_VERSION, actor=field.actor("otto"), at=at - timedelta(days=2)
    )
    start_shadow_run(
        version_id=version.pk,
        reason="Wat zou deze versie veranderen, voordat wij erover beslissen?",
        actor=field.actor("saar"),
        at=at - timedelta(hours=3),
    )
    while work_off(at=at - timedelta(hours=2)):
        pass


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
    """What the method board decided. Part of the loading."""
    judge_method(field, at=at)
    map_local_levels(field, since=since, at=at)
    agree_template(field, since=since, at=at)
