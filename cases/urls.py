"""Addresses of the pages of cases; ids are UUIDs only, and nothing about a person stands in an address."""

from django.urls import path

from cases.views import (
    attachments,
    case,
    contact,
    emergency,
    grants,
    handover,
    level,
    lists,
    measures,
    nomination,
    package,
    triage,
    urgent,
)

app_name = "cases"
urlpatterns = [
    path("", lists.case_list, name="list"),
    path("search", lists.search, name="search"),
    path("report", lists.report, name="report"),
    path("emergency", emergency.emergency, name="emergency"),
    path("emergencies/<uuid:emergency_id>", emergency.review, name="emergency_review"),
    path("call", urgent.call, name="call"),
    path("<uuid:case_id>", case.case, name="case"),
    path("<uuid:case_id>/identity", case.identity, name="identity"),
    path("<uuid:case_id>/assign", triage.assign, name="assign"),
    path("<uuid:case_id>/urgent", urgent.urgent, name="urgent"),
    path("<uuid:case_id>/contact", contact.contact, name="contact"),
    path("<uuid:case_id>/risk-moment", contact.risk_moment, name="risk_moment"),
    path("<uuid:case_id>/access", grants.give, name="access"),
    path("<uuid:case_id>/attachments", attachments.attachments, name="attachments"),
    path("attachments/<uuid:attachment_id>", attachments.attachment, name="attachment"),
    path("nominations/<uuid:nomination_id>", nomination.nomination, name="nomination"),
    path("nominations/<uuid:nomination_id>/prepare", triage.prepare, name="prepare"),
    path("nominations/<uuid:nomination_id>/judge", triage.judge, name="judge"),
    path("designations/<uuid:designation_id>/ratify", triage.ratify, name="ratify"),
    path("handovers/<uuid:handover_id>", handover.handover, name="handover"),
    path("pictures/<uuid:picture_id>/level", level.level, name="level"),
    path("levels/<uuid:level_id>/advice", level.advice, name="advice"),
    path("levels/<uuid:level_id>/package", package.start, name="package_start"),
    path("packages/<uuid:package_id>", package.package, name="package"),
    path("packages/<uuid:package_id>/decide", package.decide, name="package_decide"),
    path("measures/<uuid:measure_id>", measures.measure, name="measure"),
    path("duties/<uuid:duty_id>", contact.settle, name="duty"),
]
