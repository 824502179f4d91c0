"""All addresses: pages of people, the API, admin."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from stelsel.kernel import views

urlpatterns = [
    path("", views.home, name="home"),
    path("role", views.switch_role, name="switch_role"),
    path("language", set_language, name="set_language"),
    path("demonstration/log-in", views.demo_login, name="demo_login"),
    path("health", views.health, name="health"),
    # Accounts are made by administrators; there is no e-mail: these addresses of allauth are closed.
    re_path(r"^account/(signup|password/reset|email|confirm-email|3rdparty|social)", views.closed),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
