"""The demonstration hangs together: every state occurs, authority is whole, everybody has a log-in, seeds repeat."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from cases.lifecycle import Authority, CaseState, HandoverState, NominationState, PackageState, Scope, Span, unbroken
from cases.models import AuthorityPeriod, Case, Designation, Handover, Measure, Nomination, Package
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import AuditEntry, Membership, Organisation, OrganisationKind, Signature, User, WorkItem
from stelsel.oversight.services import demo
from stelsel.oversight.services.demo.codes import Codes, secret_of

TODAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
SMALL = 0.1  # at least one case of every kind


def load(seed: int = 1) -> None:
    demo.load(demo.Wanted("known to all who read this", seed=seed, size=SMALL), at=TODAY)


def everything() -> Counter[tuple[str, ...]]:
    """What was loaded, as counts: of cases by number and state, nominations, measures and open work."""
    with acting(system_actor(), at=TODAY):
        return Counter(
            [
                *(("case", *row) for row in Case.objects.order_by("pk").values_list("number", "state", "region")),
                *(("nomination", state) for (state,) in Nomination.objects.order_by("pk").values_list("state")),
                *(("measure", *row) for row in Measure.objects.order_by("pk").values_list("kind", "state")),
                *(("work", *row) for row in WorkItem.objects.filter(closed_at=None).values_list("kind", "label")),
            ]
        )


@pytest.mark.usefixtures("as_worker")
def test_the_demonstration_holds_together() -> None:
    load()

    with acting(system_actor(), at=TODAY):
        assert set(Case.objects.order_by().values_list("state", flat=True)) == set(CaseState)
        assert set(Nomination.objects.order_by().values_list("state", flat=True)) >= set(NominationState)
        assert set(Handover.objects.order_by().values_list("state", flat=True)) == set(HandoverState)
        assert set(Package.objects.order_by().values_list("state", flat=True)) >= {
            PackageState.SUBMITTED,
            PackageState.RETURNED,
            PackageState.DECIDED,
        }
        assert Case.objects.filter(opened_at__gt=TODAY).count() == 0
        assert AuditEntry.objects.filter(at__gt=TODAY).count() == 0
        assert Designation.objects.filter(ratify_due__lt=TODAY, ratified_at=None).count() == 1
        assert Designation.objects.filter(ratify_due__gt=TODAY, ratified_at=None).count() == 1
        assert Measure.objects.filter(state="ordered", ordered_at__lt=TODAY - timedelta(days=1)).exists()
        for case in Case.objects.order_by("number"):
            _has_whole_authority(case)


def _has_whole_authority(case: Case) -> None:
    periods = AuthorityPeriod.objects.filter(case=case, person=case.person_id, scope=Scope.PERSON_DIRECTED)
    spans = [Span(Authority(p.authority), p.period.lower, p.period.upper) for p in periods.order_by("period")]
    if case.state == CaseState.CLOSED:
        assert spans[-1].end == case.closed_at
    else:
        assert unbroken(spans)
        assert (spans[-1].authority is Authority.NCTV) == (case.state == CaseState.SCHEME)


@pytest.mark.usefixtures("as_worker")
def test_everybody_of_the_field_has_a_log_in_and_the_named_ones_have_work() -> None:
    load()

    roles = Counter(Membership.objects.in_force(at=TODAY).order_by("pk").values_list("role", flat=True))
    assert set(roles) == set(Role) - {Role.SYSTEM}
    for role in (Role.CASE_MANAGER, Role.DECIDER, Role.THREAT_ANALYST, Role.CHIEF_PROSECUTOR):
        assert roles[role] >= 2
    kinds = set(Organisation.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds >= set(OrganisationKind) - {OrganisationKind.TEAM, OrganisationKind.PRIVATE}
    with acting(system_actor(), at=TODAY):
        waiting = WorkItem.objects.filter(closed_at=None)
        assert waiting.filter(owner__username="mirthe").count() >= 5
        assert waiting.filter(owner__username="aldert").count() >= 3


@pytest.mark.usefixtures("as_worker")
def test_signatures_are_real_and_signers_keep_the_known_secret() -> None:
    load()

    assert Signature.objects.filter(method="totp").count() == Signature.objects.count() > 20
    for authenticator in Authenticator.objects.select_related("user").order_by("pk"):
        assert authenticator.wrap().instance.data["secret"] != secret_of(authenticator.user.username)  # sealed
        assert authenticator.data.keys() == {"secret"}
    assert Authenticator.objects.count() == len(demo.LOG_INS)


@pytest.mark.usefixtures("as_worker")
def test_the_same_seed_gives_the_same_world(services: object) -> None:
    load(seed=7)
    first = everything()
    services.remake_database()  # type: ignore[attr-defined]  # tests.services.Services
    load(seed=7)
    assert everything() == first


@pytest.mark.usefixtures("as_worker")
def test_once_loads_nothing_a_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", once=True, size=SMALL)
    before = (User.objects.count(), AuditEntry.objects.aggregate(all=Count("pk")))

    call_command("demo", once=True)

    assert (User.objects.count(), AuditEntry.objects.aggregate(all=Count("pk"))) == before
    assert "there already" in capsys.readouterr().out


@pytest.mark.usefixtures("as_worker")
def test_a_load_that_breaks_off_leaves_nothing_and_the_next_one_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("stelsel.oversight.services.demo.load.services.watch", break_off)
        with pytest.raises(KeyboardInterrupt):
            load()
    assert not Organisation.objects.exists()

    load()

    with acting(system_actor(), at=TODAY):
        assert Case.objects.exists()


def test_it_refuses_outside_demonstration_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)

    with pytest.raises(CommandError, match="not for this environment"):
        call_command("demo")
    with pytest.raises(RuntimeError):
        Codes()
