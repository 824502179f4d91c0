"""An API of the tests' own."""

from django.contrib.auth.models import Group
from django.urls import path
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Fault, Invalid
from stelsel.kernel.rest import ClientView, expected_version, once
from tests.stelsel.kernel import doors


@act
def refuse(*, actor: Actor, at: object) -> None:  # a service's own arguments
    raise Invalid("test_rule", "That is not so.", faults=(Fault("name", "wrong", "Not this name."),))


class Things(ClientView):
    """Adds one thing per Idempotency-Key; changes need If-Match."""

    scope = "capacity"
    purpose = "test"

    def post(self, request: ApiRequest) -> Response:
        def effect() -> Response:
            group = Group.objects.create(name=str(dict(request.data)["name"]))
            return Response({"id": group.pk, "name": group.name}, status=201)

        return once(request, effect)

    def put(self, request: ApiRequest) -> Response:
        return Response({"version": expected_version(request)})

    def delete(self, request: ApiRequest) -> Response:
        refuse(actor=request._request.actor, at=request._request.at)  # type: ignore[attr-defined]
        return Response()


urlpatterns = [path("api/v1/things", Things.as_view()), *doors.urlpatterns]
