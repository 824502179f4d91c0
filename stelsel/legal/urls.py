"""Addresses of the register of agreements."""

from django.urls import path

from stelsel.legal import views

app_name = "legal"
urlpatterns = [
    path("agreements", views.agreements, name="agreements"),
    path("agreements/new", views.new_agreement, name="agreement_new"),
    path("agreements/<uuid:agreement_id>", views.agreement, name="agreement"),
    path("agreements/<uuid:agreement_id>/version", views.new_version, name="agreement_version"),
    path("agreements/conflicts/<uuid:conflict_id>", views.settle, name="agreement_conflict"),
]
