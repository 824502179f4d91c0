"""Sends what somebody typed on a page of a case, and says whether a refusal kept it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from stelsel.kernel.authorisation import Role
from tests.browsing import as_client
from tests.cases.walk import Walk

TYPED = "An account that must not get lost"


def send(walk: Walk, role: Role, name: str, key: UUID | None, told: Mapping[str, object]) -> Any:
    """Post `told`; its entry "?" is the query of the address."""
    address = reverse(f"cases:{name}", args=[key] if key else [])
    return as_client(walk.actor(role)).post(address + str(told.get("?", "")), told)


def refused_with_what_was_typed(answer: Any, status: int) -> bool:
    return answer.status_code == status and TYPED in answer.text
