"""Suppliers of threat products over REST: the requests to them, and their delivery."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from stelsel.kernel.rest import ClientView, once
from stelsel.legal.models import DataRegime, Marking
from threat import services
from threat.lifecycle import Caveat, ProductKind
from threat.services import exchange
from threat.services.products import Delivery

ONCE = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class InformationRequest(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    pseudonym = serializers.CharField()
    kind = serializers.CharField()
    question = serializers.CharField()
    factors = serializers.ListField(child=serializers.CharField())
    dueAt = serializers.DateTimeField(source="due_at")
    state = serializers.CharField()
    version = serializers.IntegerField()


class ProductToDeliver(serializers.Serializer[Any]):
    """A product; above the marking ceiling only a reference without text."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ProductKind])
    number = serializers.CharField(max_length=60)
    dated = serializers.DateField()
    reliability = serializers.ChoiceField(choices="ABCDEF")
    credibility = serializers.IntegerField(min_value=1, max_value=6)
    validFrom = serializers.DateField(source="valid_from")
    validTo = serializers.DateField(source="valid_to", required=False, default=None, allow_null=True)
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=200_000)
    marking = serializers.ChoiceField(choices=Marking.values, required=False, default=Marking.DEP_V)
    markedUntil = serializers.DateField(source="marked_until", required=False, default=None, allow_null=True)
    dataRegime = serializers.ChoiceField(
        source="data_regime", choices=DataRegime.values, required=False, default=DataRegime.WPG
    )
    caveat = serializers.ChoiceField(
        choices=[caveat.value for caveat in Caveat], required=False, default=Caveat.NONE.value
    )
    phenomenonKnowledge = serializers.BooleanField(source="phenomenon_knowledge", required=False, default=False)


class ProductDelivered(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()


class SupplierView(ClientView):
    scope = "products"
    purpose = "supply"


class InformationRequests(SupplierView):
    @extend_schema(operation_id="listInformationRequests", responses=InformationRequest(many=True))
    def get(self, request: Request) -> Response:
        """Requests that wait for this supplier, most urgent first."""
        rows = exchange.requests_to_supplier(actor=self.actor, at=self.at)
        return Response(InformationRequest(rows, many=True).data)


class Products(SupplierView):
    @extend_schema(
        operation_id="deliverProduct",
        parameters=[ONCE],
        request=ProductToDeliver,
        responses={201: ProductDelivered},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Deliver a product in answer to a request."""
        sent = ProductToDeliver(data=request.data)
        sent.is_valid(raise_exception=True)

        def effect() -> Response:
            product = services.deliver_product(
                request_id=request_id, delivery=Delivery(**sent.validated_data), actor=self.actor, at=self.at
            )
            return Response(ProductDelivered(product).data, status=201)

        return once(request, effect)
