"""Addresses of the pages of threat analysis; ids are UUIDs only."""

from django.urls import path

from threat.views import adoption, gaps, information, methods, pictures

app_name = "threat"
urlpatterns = [
    path("", pictures.desk, name="desk"),
    path("gaps", gaps.gaps, name="gaps"),
    path("cases/<uuid:case_id>/gap", gaps.escalate, name="gap_escalate"),
    path("cases/<uuid:case_id>/gap/take", gaps.take, name="gap_take"),
    path("requests/<uuid:request_id>/check", gaps.check, name="check"),
    path("methods", methods.methods, name="methods"),
    path("methods/<uuid:version_id>/propose", methods.propose, name="method_propose"),
    path("methods/decisions/<uuid:change_id>/approve", methods.approve, name="method_approve"),
    path("methods/decisions/<uuid:change_id>/refuse", methods.refuse, name="method_refuse"),
    path("requests", information.requests, name="requests"),
    path("cases/<uuid:case_id>", information.information, name="information"),
    path("cases/<uuid:case_id>/commission", information.commission, name="commission"),
    path("cases/<uuid:case_id>/register", information.register, name="register"),
    path("cases/<uuid:case_id>/urgent", information.urgent, name="urgent"),
    path("cases/<uuid:case_id>/start", pictures.start, name="start"),
    path("requests/<uuid:request_id>", information.asked, name="request"),
    path("requests/<uuid:request_id>/deliver", information.deliver, name="deliver"),
    path("requests/<uuid:request_id>/refuse", information.refuse, name="refuse"),
    path("requests/<uuid:request_id>/again", information.again, name="again"),
    path("requests/<uuid:request_id>/note", information.note, name="note"),
    path("products/<uuid:product_id>", information.product, name="product"),
    path("products/<uuid:product_id>/withdraw", information.withdraw, name="withdraw"),
    path("products/<uuid:product_id>/acknowledge", information.acknowledge, name="acknowledge"),
    path("signals/<uuid:signal_id>", information.signal, name="signal"),
    path("pictures/<uuid:picture_id>", pictures.picture, name="picture"),
    path("pictures/<uuid:picture_id>/line", pictures.add_line, name="add_line"),
    path("pictures/<uuid:picture_id>/severity", pictures.severity, name="severity"),
    path("pictures/<uuid:picture_id>/score", pictures.score, name="score"),
    path("pictures/<uuid:picture_id>/propose", adoption.propose, name="propose"),
    path("pictures/<uuid:picture_id>/adopt", adoption.adopt, name="adopt"),
    path("pictures/<uuid:picture_id>/second", adoption.second, name="second"),
    path("pictures/<uuid:picture_id>/give-back", adoption.give_back, name="give_back"),
    path("pictures/<uuid:picture_id>/abandon", adoption.abandon, name="abandon"),
    path("pictures/<uuid:picture_id>/new-version", adoption.new_version, name="new_version"),
    path("lines/<uuid:line_id>/evidence", pictures.add_evidence, name="add_evidence"),
    path("lines/<uuid:line_id>/remove", pictures.remove_line, name="remove_line"),
    path("evidence/<uuid:evidence_id>", pictures.evidence, name="evidence"),
    path("evidence/<uuid:evidence_id>/lapse", pictures.lapse, name="lapse"),
    path("evidence/<uuid:evidence_id>/remove", pictures.remove_evidence, name="remove_evidence"),
]
