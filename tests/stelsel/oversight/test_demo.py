"""The demonstration hangs together: every state occurs, authority is whole, everybody has a log-in, seeds repeat."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.lifecycle import Authority, CaseState, HandoverState, NominationState, PackageState, Scope, Span, unbroken
from cases.models import AuthorityPeriod, Case, CaseClosure, Designation, Handover, Measure, Nomination, Package
from stelsel.kernel.access import acting, as_actor
from stelsel.kernel.authorisation import Role
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import AuditEntry, Membership, Organisation, OrganisationKind, Signature, WorkItem
from stelsel.oversight.services import demo
from stelsel.oversight.services.demo.codes import Codes, secret_of
from stelsel.oversight.services.demo.ending import WAYS
from stelsel.oversight.services.demo.plan import Ending
from threat.models import Assumption, BlindMatch, ElsewherePicture, Hit, Picture, ShadowRun
from threat.services import review_figures

TODAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
SMALL = 0.1  # at least one case of every kind


def load(seed: int = 1) -> None:
    demo.load(demo.Wanted("known to all who read this", seed=seed, size=SMALL), at=TODAY)


def everything() -> Counter[tuple[str, ...]]:
    """What was loaded, as counts: of cases by number and state, nominations, measures and open work.

    Among equals a plan displaces by ids, which are new in each load, and as far as it comes in its time: what that
    displaces, and who is then told, is left out.
    """
    with acting(system_actor(), at=TODAY):
        return Counter(
            [
                *(("case", *row) for row in Case.objects.order_by("pk").values_list("number", "state", "region")),
                *(("nomination", state) for (state,) in Nomination.objects.order_by("pk").values_list("state")),
                *(("measure", *row) for row in Measure.objects.order_by("pk").values_list("kind", "state")),
                *(
                    ("work", kind, "" if kind == "inform.person" else label)
                    for kind, label in WorkItem.objects.filter(closed_at=None).values_list("kind", "label")
                    if not kind.startswith("displacement.")
                ),
            ]
        )


@pytest.fixture(scope="module")
def _loaded(worker_database: None) -> None:  # asked for its effect
    """The demonstration, loaded once for these tests."""
    load()


pytestmark = pytest.mark.usefixtures("_loaded")


def test_every_state_occurs_and_nothing_lies_ahead_of_today() -> None:
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


def test_an_urgent_designation_waits_for_ratification_and_another_is_overdue() -> None:
    with acting(system_actor(), at=TODAY):
        waiting = Designation.objects.filter(ratified_at=None, judgement=None)
        assert waiting.filter(ratify_due__lt=TODAY).count() == 1
        assert waiting.filter(ratify_due__gt=TODAY).count() == 1


def test_every_open_case_is_under_one_authority_without_a_gap() -> None:
    with acting(system_actor(), at=TODAY):
        for case in Case.objects.order_by("number"):
            _has_whole_authority(case)


def _has_whole_authority(case: Case) -> None:
    periods = AuthorityPeriod.objects.filter(case=case, person=case.person_id, scope=Scope.PERSON_DIRECTED)
    spans = [
        Span(Authority(p.authority), p.period.lower, p.period.upper)
        for p in periods.order_by("period")
        if p.period.lower is not None
    ]
    closed = CaseClosure.objects.filter(case=case, reopened_at__isnull=False)
    between = [Span(Authority.CHIEF_PROSECUTOR, one.closed_at, one.reopened_at) for one in closed]
    if case.state == CaseState.CLOSED:
        assert spans[-1].end == case.closed_at
    else:
        assert unbroken([*spans, *between])
        assert (spans[-1].authority is Authority.NCTV) == (case.state == CaseState.SCHEME)


def test_o2_one_match_is_seen_and_one_is_blind_and_asked_about() -> None:
    with acting(system_actor(), at=TODAY):
        open_work = set(WorkItem.objects.filter(closed_at=None).values_list("kind", flat=True))
        assert (Hit.objects.count(), BlindMatch.objects.count()) == (2, 1)
    assert {"threat.match", "threat.blind_match", "threat.match_question"} <= open_work


def test_r063_pictures_are_of_many_levels_some_depart_from_the_score_and_a_version_was_tried() -> None:
    with acting(system_actor(), at=TODAY):
        adopted = Picture.objects.filter(state="adopted")
        assert set(adopted.values_list("likelihood", flat=True)) >= {2, 3, 4}
        assert adopted.exclude(departure="").exists()
        assert ShadowRun.objects.get().counts["unchanged"] > 0
        assert Assumption.objects.exists()
        assert ElsewherePicture.objects.get().state == "registered"


def test_every_role_and_kind_of_organisation_has_a_log_in() -> None:
    roles = Counter(Membership.objects.in_force(at=TODAY).order_by("pk").values_list("role", flat=True))

    assert set(roles) == set(Role) - {Role.SYSTEM}
    for role in (Role.CASE_MANAGER, Role.DECIDER, Role.THREAT_ANALYST, Role.CHIEF_PROSECUTOR):
        assert roles[role] >= 2
    kinds = set(Organisation.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds >= set(OrganisationKind) - {OrganisationKind.TEAM, OrganisationKind.PRIVATE}


def test_the_people_one_meets_first_have_work_waiting() -> None:
    with acting(system_actor(), at=TODAY):
        waiting = WorkItem.objects.filter(closed_at=None)
        assert waiting.filter(owner__username="mirthe").count() >= 5
        assert waiting.filter(owner__username="aldert").count() >= 3


def test_r093_products_were_reviewed_often_enough_for_figures() -> None:
    at = timezone.now()
    held = Membership.objects.in_force(at=at).filter(role=Role.QUALITY_MANAGER).select_related("user")[0]

    assert review_figures(actor=as_actor(held, held.user), at=at)


def test_signatures_are_confirmed_by_a_code_and_signers_keep_the_known_secret() -> None:
    assert Signature.objects.filter(method="totp").count() == Signature.objects.count() > 20
    for held in Authenticator.objects.select_related("user").order_by("pk"):
        assert decrypt(held.data["secret"]) == secret_of(held.user.username)
        assert held.data["secret"] != secret_of(held.user.username)  # sealed
    assert Authenticator.objects.count() == len(demo.LOG_INS)


def test_once_loads_nothing_a_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()

    call_command("demo", once=True)

    assert everything() == before
    assert "there already" in capsys.readouterr().out


def test_a_load_that_broke_off_leaves_nothing_and_the_same_seed_gives_the_same_world(
    worker_database: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = everything()
    worker_database()
    broken = {**WAYS, Ending.CLOSED: None}
    with monkeypatch.context() as patch:
        patch.setattr("stelsel.oversight.services.demo.loading.WAYS", broken)
        with pytest.raises(TypeError):
            load()
    assert not Organisation.objects.exists()
    worker_database()  # the running number of cases is the one thing a broken load moves on

    load()

    assert everything() == first


def test_it_refuses_outside_demonstration_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)

    with pytest.raises(CommandError, match="not for this environment"):
        call_command("demo")
    with pytest.raises(RuntimeError):
        Codes()
