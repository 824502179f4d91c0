"""Two cases of one person are merged without loss and taken apart again; a wrong hint is taken away."""

from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import services
from cases.merging import MERGE_LIFECYCLE, Known, MergeState, Pair, what_keeps_apart
from cases.models import Alias, AuthorityPeriod, Case, CaseMerge, Distinction, Nomination
from cases.services import reading
from cases.services.naming import Keys
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases import wayout
from tests.cases.test_authority import now_check
from tests.cases.walk import Walk, an_intake
from tests.world import World, code_for

ADVISER, CHIEF, POLICE, DESK = Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR, Role.POLICE_RCCB, Role.DUTY_OFFICER
MANAGER = Role.CASE_MANAGER
OTHER_NAME = "Femke Brandsma"
PARTNER = (services.Relation(name="Sietse van der Wold", kind="partner", core_household=True),)


class Two:
    """A case in the local domain of which everybody was told, and a newer one about the same person."""

    def __init__(self, world: World) -> None:
        self.walk = walk = Walk(world)
        walk.prepared()
        decider = walk.actor(Role.DECIDER)
        walk.answered("rejection", walk.nomination.pk)
        walk._step(services.judge, Role.DECIDER, outcome="reject", reasons="Not serious.", code=code_for(decider))
        self.old = walk.nomination.case_id
        wayout.tell_everybody(walk, self.old)
        self.new = self.reported(name=OTHER_NAME, birth_date="", relations=PARTNER).case_id

    def reported(self, **changes: object) -> Nomination:
        nomination = services.open_intake(
            intake=an_intake(self.walk.world, **changes), actor=self.walk.actor(POLICE), at=self.walk.tick()
        )
        services.hand_in(
            nomination_id=nomination.pk, version=nomination.version, actor=self.walk.actor(POLICE), at=self.walk.tick()
        )
        return nomination

    def by(self, role: Role) -> dict[str, Any]:
        return {"actor": self.walk.actor(role), "at": self.walk.tick()}

    def proposed(self, role: Role = ADVISER, *, old: UUID | None = None, new: UUID | None = None) -> CaseMerge:
        return services.propose_merge(
            case_id=old or self.old, leading_id=new or self.new, reason="One house, one face.", **self.by(role)
        )

    def merged(self) -> CaseMerge:
        return services.confirm_merge(merge_id=self.proposed().pk, **self.by(CHIEF))

    def undone(self, row: CaseMerge) -> CaseMerge:
        return services.undo_merge(merge_id=row.pk, reason="They met each other.", **self.by(CHIEF))

    def state(self, case_id: UUID) -> str:
        return wayout.seen(self.walk, case_id).state

    def hinted(self, case_id: UUID, role: Role = ADVISER) -> list[UUID]:
        file = reading.read_case(case_id=case_id, **self.by(role))
        return [one.case.pk for one in file.alike]

    def file(self, case_id: UUID, role: Role = ADVISER) -> reading.CaseFile:
        return reading.read_case(case_id=case_id, **self.by(role))

    def rows(self, case_id: UUID) -> dict[str, str]:
        """What the records of a case hold, by table."""
        tables = ("nomination", "judgement", "closerelation", "informduty", "contactentry", "authorityperiod")
        found = {}
        with acting(self.walk.actor(CHIEF), at=self.walk.at), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f"SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM cases_{table} t WHERE case_id = %s",  # noqa: S608
                    [case_id],
                )
                found[table] = str(cursor.fetchone())
        return found


@pytest.fixture
def two(world: World) -> Two:
    return Two(world)


# --- the rules ---


def test_r007_a_merge_is_answered_once_and_only_what_was_merged_is_undone() -> None:
    done = {
        (step, state)
        for step, state in product(("confirm", "decline", "withdraw", "undo"), MergeState)
        if _goes(step, state)
    }
    proposed, merged = MergeState.PROPOSED, MergeState.MERGED
    assert done == {("confirm", proposed), ("decline", proposed), ("withdraw", proposed), ("undo", merged)}


def _goes(step: str, state: str) -> bool:
    try:
        MERGE_LIFECYCLE.apply(step, state=state)
    except IllegalMove:
        return False
    return True


def test_r007_who_would_be_left_without_authority_keeps_two_cases_apart() -> None:
    def known(name: str, born: str = "") -> Known:
        keys = Keys.of(name, born)
        return Known(keys.name, keys.born)

    def apart(resting: Known, leading: Known) -> bool:
        pair = Pair(kept_open=[], resting=[resting], leading=[leading], moments_ahead=False, asked=False)
        return bool(what_keeps_apart(pair))

    child = known("Noor Wold", "2015-02-03")
    assert not apart(child, known("noor wold", "2015-02-03"))
    assert not apart(child, known("Noor Wold"))
    assert not apart(known("Noor Wold"), child)
    assert apart(child, known("Noor Wold", "2016-02-03"))
    assert apart(child, known("Sam Wold", "2015-02-03"))


# --- merged and taken apart ---


def test_r007_merged_one_case_rests_and_the_person_goes_on_in_the_other(two: Two) -> None:
    before = two.rows(two.new)

    row = two.merged()

    now_check()
    assert (two.state(two.old), two.state(two.new)) == ("closed", "intake")
    file = two.file(two.old)
    assert (file.goes_on_in and file.goes_on_in.pk) == two.new
    assert [one.row.pk for one in two.file(two.new).resting] == [row.pk]
    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        held = AuthorityPeriod.objects.filter(case=two.old, period__contains=two.walk.at)
        assert not held.exists()
    assert two.rows(two.new) == before


def test_r007_nothing_of_the_resting_case_changes_or_moves(two: Two) -> None:
    before = two.rows(two.old)
    two.merged()

    after = two.rows(two.old)
    assert {name for name in before if before[name] != after[name]} == {"authorityperiod"}
    with pytest.raises(Conflict):
        services.add_alias(case_id=two.old, name="x y", kind="alias", **two.by(ADVISER))


def test_r007_a_report_by_a_name_of_the_resting_case_is_refused_as_known(two: Two) -> None:
    two.merged()

    with pytest.raises(Conflict):
        two.reported()
    found = reading.find_person(name="Fenna van der Wold", birth_date="1981-04-12", **two.by(ADVISER))
    assert {row.case.pk for row in found.rows} | {one.case.pk for one in found.possibly} == {two.old, two.new}


def test_r007_who_works_on_the_leading_case_sees_the_resting_one_until_it_is_undone(two: Two) -> None:
    walk = two.walk
    manager = walk.world.actor(MANAGER, nth=2)
    with acting(walk.actor(CHIEF), at=walk.at):
        Case.objects.filter(pk=two.new).update(case_manager_id=manager.user_id)
    row = two.merged()

    assert reading.read_case(case_id=two.old, actor=manager, at=walk.tick()).closure is not None
    two.undone(row)
    with pytest.raises(Case.DoesNotExist):
        reading.read_case(case_id=two.old, actor=manager, at=walk.tick())


def test_r007_undone_the_case_is_as_it_was_and_its_names_are_its_own_again(two: Two) -> None:
    before = two.rows(two.old)
    row = two.merged()

    two.undone(row)

    now_check()
    assert (two.state(two.old), two.state(two.new)) == ("local", "intake")
    after = two.rows(two.old)
    assert {name for name in before if before[name] != after[name]} == {"authorityperiod"}
    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        assert not Alias.objects.filter(case=two.new, withdrawn_at=None).exists()
        assert AuthorityPeriod.objects.filter(case=two.old, period__contains=two.walk.at).count() == 2
    two.merged()
    now_check()


def test_r007_undoing_does_not_wait_for_a_leading_case_that_was_closed(two: Two) -> None:
    row = two.merged()
    nomination = two.walk.nomination
    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        nomination = Nomination.objects.get(case=two.new)
    services.withdraw_nomination(
        nomination_id=nomination.pk, version=nomination.version, reason="Withdrawn.", **two.by(CHIEF)
    )
    wayout.close(two.walk, two.new)

    two.undone(row)

    now_check()
    assert (two.state(two.old), two.state(two.new)) == ("local", "closed")


def test_r007_a_merged_case_is_not_opened_again_by_another_way(two: Two) -> None:
    two.merged()

    with pytest.raises(Conflict, match="merged"):
        wayout.reopen(two.walk, two.old)


# --- proposals ---


def test_r007_a_proposal_is_work_of_the_chief_prosecutor_until_it_is_answered(two: Two) -> None:
    row = two.proposed()
    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        item = WorkItem.objects.get(kind="merge.answer", closed_at=None)
    assert (item.scope_id, item.due_at) == (two.old, row.due_at)

    services.decline_merge(merge_id=row.pk, answer="A cousin.", **two.by(CHIEF))

    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        assert not WorkItem.objects.filter(kind="merge.answer", closed_at=None).exists()
    assert (two.state(two.old), two.state(two.new)) == ("local", "intake")
    two.proposed()


def test_r007_nobody_confirms_what_they_proposed(two: Two) -> None:
    row = two.proposed(CHIEF)

    with pytest.raises(Forbidden):
        services.confirm_merge(merge_id=row.pk, **two.by(CHIEF))
    with transaction.atomic(), acting(two.walk.actor(CHIEF), at=two.walk.at), pytest.raises(IntegrityError):
        CaseMerge.objects.filter(pk=row.pk).update(
            state="merged", settled_by_id=two.walk.actor(CHIEF).user_id, settled_at=two.walk.at
        )


@pytest.mark.parametrize("role", [ADVISER, POLICE, MANAGER, Role.DECIDER])
def test_r007_only_the_chief_prosecutor_of_the_resting_case_answers(two: Two, role: Role) -> None:
    row = two.proposed()

    with pytest.raises((Forbidden, CaseMerge.DoesNotExist, Case.DoesNotExist)):
        services.confirm_merge(merge_id=row.pk, **two.by(role))
    with pytest.raises((Forbidden, CaseMerge.DoesNotExist, Case.DoesNotExist)):
        services.decline_merge(merge_id=row.pk, answer="x", **two.by(role))


def test_r007_who_does_not_see_both_cases_neither_proposes_nor_confirms(two: Two) -> None:
    hidden = services.open_intake(
        intake=an_intake(two.walk.world, name="F. Wold", birth_date="", relations=PARTNER),
        actor=two.walk.actor(POLICE),
        at=two.walk.tick(),
    ).case_id

    with pytest.raises(Case.DoesNotExist):
        two.proposed(new=hidden)
    with pytest.raises(Case.DoesNotExist):
        services.say_distinct(case_id=two.old, other_id=hidden, reason="x", **two.by(ADVISER))


def test_r007_what_is_unfinished_keeps_the_cases_apart(two: Two) -> None:
    row = two.proposed()
    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        person_id = Case.objects.get(pk=two.old).person_id
    services.make_promise(
        case_id=two.old,
        person_id=person_id,
        text="A call back.",
        due_on=two.walk.at.date(),
        **two.by(MANAGER),
    )

    with pytest.raises(Conflict):
        services.confirm_merge(merge_id=row.pk, **two.by(CHIEF))
    assert two.state(two.old) == "local"


def test_r007_a_case_in_triage_or_the_scheme_does_not_rest(two: Two) -> None:
    with pytest.raises(Conflict, match="not_mergeable"):
        two.proposed(old=two.new, new=two.old)


def test_r007_one_proposal_at_a_time_with_a_reason_and_of_two_cases(two: Two) -> None:
    with pytest.raises(Invalid):
        services.propose_merge(case_id=two.old, leading_id=two.new, reason=" ", **two.by(ADVISER))
    with pytest.raises(Conflict):
        two.proposed(new=two.old)
    row = two.proposed()
    with pytest.raises(Conflict):
        two.proposed()
    with pytest.raises(Forbidden):
        services.withdraw_merge(merge_id=row.pk, **two.by(CHIEF))
    services.withdraw_merge(merge_id=row.pk, **two.by(ADVISER))
    for service in (services.withdraw_merge, services.confirm_merge):
        with pytest.raises((IllegalMove, Forbidden)):
            service(merge_id=row.pk, **two.by(ADVISER if service is services.withdraw_merge else CHIEF))


def test_r007_confirmed_twice_it_is_merged_once(two: Two) -> None:
    row = two.merged()

    with pytest.raises(DomainError):
        services.confirm_merge(merge_id=row.pk, **two.by(CHIEF))
    with acting(two.walk.actor(CHIEF), at=two.walk.at):
        assert Case.objects.get(pk=two.old).closures.count() == 1


def test_r007_a_merge_without_a_resting_case_is_refused_by_the_database(two: Two) -> None:
    row = two.proposed()

    with (
        pytest.raises(IntegrityError, match="rests"),
        transaction.atomic(),
        acting(two.walk.actor(CHIEF), at=two.walk.at),
    ):
        CaseMerge.objects.filter(pk=row.pk).update(
            state="merged", settled_by_id=two.walk.actor(CHIEF).user_id, settled_at=two.walk.at
        )
        now_check()


# --- two persons ---


def test_r007_said_to_be_two_persons_the_hint_is_gone_on_both_until_it_is_withdrawn(two: Two) -> None:
    twin = two.reported(birth_date="1990-01-01").case_id
    assert two.hinted(two.old) == [twin]

    said = services.say_distinct(case_id=two.old, other_id=twin, reason="Ten years apart.", **two.by(ADVISER))

    assert (two.hinted(two.old), two.hinted(twin)) == ([], [])
    with pytest.raises(Conflict):
        services.say_distinct(case_id=twin, other_id=two.old, reason="Again.", **two.by(ADVISER))
    with pytest.raises(Conflict):
        two.proposed(new=twin)
    services.withdraw_distinction(distinction_id=said.pk, **two.by(ADVISER))
    assert (two.hinted(two.old), two.hinted(twin)) == ([twin], [two.old])
    with pytest.raises(Conflict):
        services.withdraw_distinction(distinction_id=said.pk, **two.by(ADVISER))


def test_r007_the_reason_is_sealed_and_what_was_said_does_not_change(two: Two) -> None:
    said = services.say_distinct(case_id=two.old, other_id=two.new, reason="Ten years apart.", **two.by(ADVISER))

    with acting(two.walk.actor(ADVISER), at=two.walk.at):
        assert b"apart" not in bytes(Distinction.objects.get(pk=said.pk).reason)
    with transaction.atomic(), acting(two.walk.actor(ADVISER), at=two.walk.at), pytest.raises(IntegrityError):
        Distinction.objects.filter(pk=said.pk).update(said_at=two.walk.tick())


# --- the page ---


def page_of(two: Two, case_id: UUID) -> str:
    return reverse("cases:same_person", args=[case_id])


def test_r007_the_page_goes_the_whole_way(two: Two) -> None:
    adviser, chief, address = (
        as_client(two.walk.actor(ADVISER)),
        as_client(two.walk.actor(CHIEF)),
        page_of(two, two.old),
    )
    number = wayout.seen(two.walk, two.new).number
    asked = {"act": "propose", "number": number, "goes_on": "other", "reason": "One face."}

    unknown = adviser.post(address, {**asked, "number": "2026-99999"})
    assert (unknown.status_code, "You see no case with this number" in unknown.content.decode()) == (422, True)
    assert adviser.post(address, asked).status_code == 302
    assert "Proposed" in chief.get(reverse("cases:case", args=[two.old])).content.decode()
    assert chief.post(address, {"act": "confirm"}).status_code == 302
    assert number in chief.get(reverse("cases:case", args=[two.old])).content.decode()
    assert chief.post(address, {"act": "undo", "reason": "Two faces."}).status_code == 302
    said = {"act": "distinct", "number": number, "reason": "Two faces."}
    assert adviser.post(address, said).status_code == 302
    assert two.state(two.old) == "local"


def test_r007_who_answers_without_sight_of_the_other_case_is_told_so_and_no_more(two: Two) -> None:
    row, chief = two.proposed(), two.walk.actor(CHIEF)
    number = wayout.seen(two.walk, two.new).number
    unseen = two.walk.world.actor(CHIEF, of="om-zuid")
    with acting(chief, at=two.walk.at):
        case = Case.objects.get(pk=two.old)
        case.office = two.walk.world.organisations["om-zuid"]
        case.save()
    _give(two, case, unseen)

    body = as_client(unseen).get(page_of(two, two.old)).content.decode()

    assert number not in body
    assert "a case that you do not see" in body
    with pytest.raises(Case.DoesNotExist):
        services.confirm_merge(merge_id=row.pk, actor=unseen, at=two.walk.tick())
    services.decline_merge(merge_id=row.pk, answer="Not known here.", actor=unseen, at=two.walk.tick())


def _give(two: Two, case: Case, to: Actor) -> None:
    services.give_access(
        case_id=case.pk,
        role=to.role,
        reason="office",
        ground="test",
        user_id=to.user_id,
        actor=two.walk.actor(MANAGER),
        at=two.walk.tick(),
    )


def test_r007_the_page_costs_the_same_number_of_queries(two: Two) -> None:
    client, address = as_client(two.walk.actor(ADVISER)), page_of(two, two.old)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    first = two.reported(birth_date="1990-01-01").case_id
    services.say_distinct(case_id=two.old, other_id=first, reason="Apart.", **two.by(ADVISER))
    cost()
    few = cost()
    for day in ("1990-01-02", "1990-01-03"):
        other = two.reported(birth_date=day).case_id
        services.say_distinct(case_id=two.old, other_id=other, reason="Apart.", **two.by(ADVISER))
    assert cost() == few
