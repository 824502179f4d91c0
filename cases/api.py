"""Measures over REST: what is ordered, and what those who carry it out report about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import services
from cases.models import MeasureReport
from cases.models.incident import IncidentKind
from cases.models.moment import RISK_MOMENTS
from cases.services import exchange, reading
from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from stelsel.kernel.rest import ClientView, expected_version, once

STEPS = ("accept", "promise", "put_in_place", "verify", "fall_away")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
AT = OpenApiParameter("at", OpenApiTypes.DATETIME, description="An instant; left out it is now")
ONCE = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class MeasureInForce(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    caseId = serializers.UUIDField(source="case_id")
    personId = serializers.UUIDField(source="person_id")
    pseudonym = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    orderedAt = serializers.DateTimeField(source="ordered_at")
    inPlaceAt = serializers.DateTimeField(source="in_place_at", allow_null=True)
    verifiedAt = serializers.DateTimeField(source="verified_at", allow_null=True)
    verifyDue = serializers.DateField(source="verify_due", allow_null=True)
    promisedOn = serializers.DateField(source="promised_on", allow_null=True)
    chasedAt = serializers.DateTimeField(
        source="chased_at", allow_null=True, help_text="The authority waits for a date: report the step promise"
    )
    version = serializers.IntegerField(help_text="Send it as If-Match with a report")


class ReportToMake(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=STEPS)
    promisedOn = serializers.DateField(required=False, help_text="With the step promise: by which day it is in place")
    supplier = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class ReportMade(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    measureId = serializers.UUIDField(source="measure_id")
    step = serializers.CharField()
    reportedAt = serializers.DateTimeField(source="reported_at")


class IncidentToReport(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=IncidentKind.choices)
    happenedAt = serializers.DateTimeField()
    stopped = serializers.BooleanField(default=False, help_text="Whether the measure stopped because of it")
    text = serializers.CharField(max_length=10_000, help_text="No names of those who guard")


class IncidentReported(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    measureId = serializers.UUIDField(source="measure_id")
    reportedAt = serializers.DateTimeField(source="reported_at")


class MomentToReport(serializers.Serializer[Any]):
    caseId = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RISK_MOMENTS)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    region = serializers.CharField(max_length=60)
    description = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class Asked(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The address of its word")
    personId = serializers.UUIDField(source="person_id")
    word = serializers.CharField(help_text="in_place, not_in_place, or empty: not given yet")
    answer = serializers.CharField(help_text="ready, not_ready, not_concerned, or empty: not answered yet")


class Moment(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    caseId = serializers.UUIDField(source="case_id")
    personId = serializers.UUIDField(source="person_id")
    kind = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    region = serializers.CharField()
    gate = serializers.CharField(help_text="waiting, not_ready, ready, postpone or called_off")
    round = serializers.IntegerField(help_text="Goes up when the moment is moved; all is asked anew then")
    readiness = Asked(many=True)


class MomentReported(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class WordToGive(serializers.Serializer[Any]):
    word = serializers.ChoiceField(choices=("in_place", "not_in_place"))
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class WordGiven(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    momentId = serializers.UUIDField(source="moment_id")
    word = serializers.CharField()
    givenAt = serializers.DateTimeField(source="word_at")


class RuleShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    article = serializers.CharField()
    sure = serializers.BooleanField(help_text="False where the circulars do not settle it")


class Decision(serializers.Serializer[Any]):
    act = serializers.CharField(source="period.ground")
    id = serializers.UUIDField(source="period.ground_id", allow_null=True)


class AuthorityHeld(serializers.Serializer[Any]):
    personId = serializers.UUIDField(source="person.pk")
    pseudonym = serializers.CharField(source="person.pseudonym")
    scope = serializers.CharField(source="period.scope")
    authority = serializers.CharField(source="period.authority")
    holder = serializers.CharField(source="period.holder.name")
    start = serializers.DateTimeField(source="period.period.lower")
    end = serializers.DateTimeField(source="period.period.upper", allow_null=True)
    rule = RuleShown()
    decision = Decision(source="*")


class AuthorityAt(serializers.Serializer[Any]):
    caseId = serializers.UUIDField()
    at = serializers.DateTimeField()
    holders = AuthorityHeld(many=True)


class CaseAuthority(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(operation_id="getAuthorityOfCase", parameters=[AT], responses=AuthorityAt)
    def get(self, request: Request, case_id: UUID) -> Response:
        """Who had, has or as far as is known will have authority over each person; nobody while the case was closed."""
        when = asked_instant(request, now=self.at)
        _case, held = reading.authority_at(case_id=case_id, when=when, actor=self.actor, at=self.at)
        return Response(AuthorityAt({"caseId": case_id, "at": when, "holders": held}).data)


def asked_instant(request: Request, *, now: datetime) -> datetime:
    """The instant in `at`, or now.

    Raises:
        Invalid: it is no instant with its offset.
    """
    asked = serializers.DateTimeField(required=False, default=now)
    try:
        return asked.run_validation(request.query_params.get("at", now))  # type: ignore[no-any-return]  # a datetime
    except serializers.ValidationError as error:
        fault = Fault("at", "instant", gettext_noop("Give an instant, such as 2026-03-02T12:00:00Z."))
        raise Invalid("invalid", fault.message, faults=(fault,)) from error


class EntryMeasureShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    purpose = serializers.CharField()
    state = serializers.CharField()
    reviewDue = serializers.DateField(source="review_due")


class ListedEntry(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="entry.pk")
    number = serializers.CharField(source="entry.number")
    kind = serializers.CharField(source="entry.kind")
    title = serializers.CharField(source="entry.title")
    category = serializers.CharField(source="entry.category")
    marking = serializers.CharField(source="entry.marking")
    endsOn = serializers.DateField(source="entry.ends_on", allow_null=True)
    measures = EntryMeasureShown(many=True)


class EntryHeld(serializers.Serializer[Any]):
    scope = serializers.CharField(source="period.scope")
    authority = serializers.CharField(source="period.authority")
    holder = serializers.CharField(source="period.holder.name")
    start = serializers.DateTimeField(source="period.period.lower")
    end = serializers.DateTimeField(source="period.period.upper", allow_null=True)
    rule = RuleShown()
    decision = Decision(source="*")


class EntryAuthorityAt(serializers.Serializer[Any]):
    entryId = serializers.UUIDField()
    at = serializers.DateTimeField()
    holder = EntryHeld(allow_null=True, help_text="None while the entry does not stand on the list")


class ListEntries(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(operation_id="listEntriesOfTheLimitativeList", responses=ListedEntry(many=True))
    def get(self, request: Request) -> Response:
        """Objects and services on the limitative list that this client sees, with their measures in force."""
        return Response(ListedEntry(exchange.listed_entries(actor=self.actor, at=self.at), many=True).data)


class EntryAuthority(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(operation_id="getAuthorityOfEntry", parameters=[AT], responses=EntryAuthorityAt)
    def get(self, request: Request, entry_id: UUID) -> Response:
        """Who had, has or as far as is known will have authority over an entry of the limitative list."""
        when = asked_instant(request, now=self.at)
        _entry, held = reading.authority_over_entry(entry_id=entry_id, when=when, actor=self.actor, at=self.at)
        return Response(EntryAuthorityAt({"entryId": entry_id, "at": when, "holder": held}).data)


class Measures(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(operation_id="listMeasures", responses=MeasureInForce(many=True))
    def get(self, request: Request) -> Response:
        """Measures in force, with the version a report is based on."""
        return Response(MeasureInForce(exchange.measures(actor=self.actor, at=self.at), many=True).data)


class MeasureReports(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(
        operation_id="reportOnMeasure",
        parameters=[IF_MATCH, ONCE],
        request=ReportToMake,
        responses={201: ReportMade},
    )
    def post(self, request: Request, measure_id: UUID) -> Response:
        """Report that it was accepted, promised for a day, is in place, was verified or fell away. None ends it."""
        sent = ReportToMake(data=request.data)
        sent.is_valid(raise_exception=True)
        version = expected_version(request)

        def effect() -> Response:
            made = _report(sent.validated_data, measure_id=measure_id, version=version, actor=self.actor, at=self.at)
            return Response(ReportMade(made).data, status=201)

        return once(request, effect)


def _report(given: dict[str, Any], **act: Any) -> MeasureReport:  # noqa: ANN401  # what every service takes
    """A step of the measure, or a day that is promised: the day belongs to the promise alone."""
    promised, promises = given.get("promisedOn"), given["step"] == "promise"
    if promises and promised is not None:
        return services.promise_date(promised_on=promised, supplier=given["supplier"], note=given["note"], **act)
    if promises or promised is not None:
        fault = Fault("promisedOn", "with_promise", gettext_noop("Send promisedOn with the step promise alone."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    return services.report_measure(step=given["step"], note=given["note"], **act)


class Incidents(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(
        operation_id="reportGuardIncident",
        parameters=[ONCE],
        request=IncidentToReport,
        responses={201: IncidentReported},
    )
    def post(self, request: Request, measure_id: UUID) -> Response:
        """Report what happened to those who guard. The authority and the LCC are told at once."""
        sent = IncidentToReport(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data

        def effect() -> Response:
            made = services.report_incident(
                measure_id=measure_id,
                kind=given["kind"],
                happened_at=given["happenedAt"],
                stopped=given["stopped"],
                text=given["text"],
                actor=self.actor,
                at=self.at,
            )
            return Response(IncidentReported(made).data, status=201)

        return once(request, effect)


class RiskMoments(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(operation_id="listRaisedRiskMoments", responses=Moment(many=True))
    def get(self, request: Request) -> Response:
        """Moments of raised risk that are not over."""
        return Response(Moment(exchange.risk_moments(actor=self.actor, at=self.at), many=True).data)

    @extend_schema(
        operation_id="reportRaisedRiskMoment",
        parameters=[ONCE],
        request=MomentToReport,
        responses={201: MomentReported},
    )
    def post(self, request: Request) -> Response:
        """Report a moment of raised risk of a person whose case this client sees."""
        sent = MomentToReport(data=request.data)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data

        def effect() -> Response:
            moment = services.report_risk_moment(
                case_id=given["caseId"],
                kind=given["kind"],
                starts_at=given["start"],
                ends_at=given["end"],
                region=given["region"],
                description=given["description"],
                actor=self.actor,
                at=self.at,
            )
            return Response(MomentReported(moment).data, status=201)

        return once(request, effect)


class ReadinessWords(ClientView):
    scope = "capacity"
    purpose = "execution"

    @extend_schema(
        operation_id="giveWordOnReadiness",
        parameters=[ONCE],
        request=WordToGive,
        responses={201: WordGiven},
    )
    def post(self, request: Request, readiness_id: UUID) -> Response:
        """Say whether protection of one person is in place for a moment of raised risk; the authority answers on it."""
        sent = WordToGive(data=request.data)
        sent.is_valid(raise_exception=True)

        def effect() -> Response:
            given = services.give_word(readiness_id=readiness_id, actor=self.actor, at=self.at, **sent.validated_data)
            return Response(WordGiven(given).data, status=201)

        return once(request, effect)
