"""Who had authority at an instant, by which rule and on which decision; and who has it over a measure, by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.authority import Answer, Direction, Place, Post, Purpose, Question, Regime, Whose, by_code, decide
from cases.lifecycle import Authority, CaseState, Scope
from cases.models import AuthorityPeriod, AuthorityReturn, Case, Designation, Person, ReturnedMeasure
from cases.models.authority import AUTHORITIES
from cases.services.limitative.entries import rulings
from cases.services.reading import rows
from cases.services.reading.choices import people_of
from cases.services.reading.rows import Opened, _open
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor

GROUNDS: dict[str, str | Promise] = {
    "intake.open": _("first report"),
    "designation.decide": _("designation"),
    "relative.designate": _("designation of this relative"),
    "relative.end": _("end of the designation"),
    "authority.return": _("return of authority"),
    "authority.post": _("post of the person"),
    "case.reopen": _("case opened again"),
    "listing.designate": _("placed on the list"),
    "listing.purpose": _("change of purpose"),
    "listing.move": _("other place or office"),
}
BY_AUTHORITY = {Authority.NCTV: "scheme_person", Authority.CHIEF_PROSECUTOR: "local"}
WHOSE: dict[str, str | Promise] = {
    Whose.ONE: "",
    Whose.RESIDENCE: _("of the residence"),
    Whose.PLACE: _("of the place where the measure is carried out"),
    Whose.ANOTHER: _("of another district"),
    Whose.COORDINATING: _("the one that coordinates"),
}


@dataclass(frozen=True)
class Explained:
    """A rule in the reader's language. `sure`: read in the document itself, else said so wherever it shows."""

    code: str
    name: str
    article: str
    sure: bool


@dataclass(frozen=True)
class Held:
    """Authority over one person: who holds it, since when, by which act."""

    person: Person
    relation: str
    period: AuthorityPeriod
    ground: str | Promise

    @property
    def rule(self) -> Explained:
        return rule_of(self.period)


@dataclass(frozen=True)
class ByRule:
    """Who has authority over a measure on a day, in words."""

    authority: str
    whose: str
    rule: Explained
    refused: bool
    ruled: bool


def rule_of(period: AuthorityPeriod) -> Explained:
    """The rule a period rests on; periods from before rules were kept rest on the rule of their authority."""
    rule = by_code(period.rule or BY_AUTHORITY.get(Authority(period.authority), ""))
    if rule is None:
        return Explained("", "", "", sure=False)
    return Explained(rule.code, gettext(rule.name), rule.article, rule.sure)


def held_over(case: Case, *, at: datetime) -> list[Held]:
    """Who had authority over each person of the case at `at`. Part of reading a case."""
    people = {person.pk: (person, relation) for person, relation in people_of(case)}
    periods = AuthorityPeriod.objects.filter(
        case=case, scope=Scope.PERSON_DIRECTED, period__contains=at, person__in=people
    ).select_related("holder")
    held = {period.person_id: period for period in periods}
    return [
        Held(person, relation, held[key], GROUNDS.get(held[key].ground, held[key].ground))
        for key, (person, relation) in people.items()
        if key in held
    ]


@act
def authority_at(*, case_id: UUID, when: datetime, actor: Actor, at: datetime) -> tuple[Case, list[Held]]:
    """Who had, has or as far as is known will have authority over the people of a case at `when`.

    Empty before the first report and while the case was closed.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role does not need this, or the case is about the actor.
    """
    case = rows.open_case_file(case_id=case_id, actor=actor, at=at)
    held = held_over(case, at=when)
    audit.saw([(one.person.pk, case.pk) for one in held])
    return case, held


@act
def authority_history(*, case_id: UUID, actor: Actor, at: datetime) -> Sequence[Held]:
    """Every period of authority over the person of a case, the newest first."""
    case = rows.open_case_file(case_id=case_id, actor=actor, at=at)
    periods = AuthorityPeriod.objects.filter(case=case, person=case.person, scope=Scope.PERSON_DIRECTED)
    return [
        Held(case.person, "", period, GROUNDS.get(period.ground, period.ground))
        for period in periods.select_related("holder").order_by("-period")
    ]


def by_rule(
    case: Case, *, when: datetime, direction: Direction, place: Place, purpose: Purpose, official: bool = False
) -> ByRule:
    """The authority over a measure for the person of this case on that day, by rule. Part of reading a case."""
    designated = Designation.objects.filter(case=case, starts_at__lte=when).exclude(ends_at__lte=when).exists()
    question = Question(
        direction=direction,
        on=when.date(),
        regime=Regime.SCHEME if designated and case.state != CaseState.CLOSED else Regime.LOCAL,
        place=place,
        purpose=purpose,
        post=Post(case.post),
        own_district=case.post_in_district,
        official_function=official,
    )
    return in_words(decide(question, rulings=rulings(on=when.date())))


def in_words(answer: Answer) -> ByRule:
    labels = dict(AUTHORITIES)
    return ByRule(
        authority=str(labels[answer.authority]) if answer.authority else gettext("None"),
        whose=str(WHOSE[answer.whose]) if answer.authority else "",
        rule=Explained(answer.rule, gettext(answer.name), answer.article, answer.sure),
        refused=answer.authority is None,
        ruled=answer.ruled,
    )


@act
def read_return(*, return_id: UUID, actor: Actor, at: datetime) -> Opened[AuthorityReturn]:
    """A return of authority with its reasons."""
    return _open(
        AuthorityReturn.objects.select_related(
            "decided_by", "confirmed_by", "office", "signature", "confirm_signature"
        ),
        return_id,
        part="judgement",
        actor=actor,
        at=at,
    )


def lines_of(returned: AuthorityReturn) -> list[ReturnedMeasure]:
    """What becomes of each measure. Part of reading a return."""
    found = ReturnedMeasure.objects.filter(returned=returned).select_related("measure__person")
    return list(found.order_by("outcome", "measure__ordered_at", "measure__kind", "pk"))
