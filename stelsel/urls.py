"""All addresses: pages of people, the API, admin."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularJSONAPIView

from capacity import api as capacity_api
from cases import api as cases_api
from stelsel.kernel import views
from stelsel.kernel.rest import Token, unknown
from threat import api as threat_api

OPENAPI = SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[])

api_v1 = [
    path("assignments", capacity_api.Assignments.as_view(), name="assignments"),
    path("demand-lines", capacity_api.Demand.as_view(), name="demand-lines"),
    path("teams", capacity_api.Teams.as_view(), name="teams"),
    path("published-plan", capacity_api.PublishedPlan.as_view(), name="published-plan"),
    path("cases/<uuid:case_id>/authority", cases_api.CaseAuthority.as_view(), name="case-authority"),
    path("list-entries", cases_api.ListEntries.as_view(), name="list-entries"),
    path("list-entries/<uuid:entry_id>/authority", cases_api.EntryAuthority.as_view(), name="entry-authority"),
    path("measures", cases_api.Measures.as_view(), name="measures"),
    path("measures/<uuid:measure_id>/reports", cases_api.MeasureReports.as_view(), name="measure-reports"),
    path("measures/<uuid:measure_id>/incidents", cases_api.Incidents.as_view(), name="measure-incidents"),
    path("raised-risk-moments", cases_api.RiskMoments.as_view(), name="raised-risk-moments"),
    path("readiness/<uuid:readiness_id>/word", cases_api.ReadinessWords.as_view(), name="readiness-word"),
    path("information-requests", threat_api.InformationRequests.as_view(), name="information-requests"),
    path("information-requests/<uuid:request_id>/products", threat_api.Products.as_view(), name="products"),
    path("openapi.json", OPENAPI, name="openapi"),
    path("oauth/token", Token.as_view(), name="token"),
    re_path(r"^.*$", unknown),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("role", views.switch_role, name="switch_role"),
    path("language", set_language, name="set_language"),
    path("demonstration/log-in", views.demo_login, name="demo_login"),
    path("health", views.health, name="health"),
    # Accounts are made by administrators; there is no e-mail: these addresses of allauth are closed.
    re_path(r"^account/(?:signup|password/reset|email|confirm-email|3rdparty|social)", views.closed),
    path("account/", include("allauth.urls")),
    path("cases/", include("cases.urls")),
    path("capacity/", include("capacity.urls")),
    path("legal/", include("stelsel.legal.urls")),
    path("resilience/", include("resilience.urls")),
    path("threat/", include("threat.urls")),
    path("api/v1/", include((api_v1, "api"))),
    path("admin/", admin.site.urls),
]
