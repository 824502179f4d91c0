"""Every address of the product, with those of threat analysis."""

from django.urls import include, path

from stelsel.urls import urlpatterns as of_all

urlpatterns = [
    *of_all,
    path("threat/", include("threat.urls")),
    path("capacity/", include("capacity.urls")),
    path("resilience/", include("resilience.urls")),
]
