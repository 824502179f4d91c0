"""A process whose guarantees would be inert does not start."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from stelsel.embedded.processes import PROCESSES
from stelsel.kernel.checks import ROLES, database_role, require_sound, secrets

Become = Callable[..., None]
OWN = {"migrate": "migrator", "verify": "verifier", "beat": "worker", "relay": "worker"}


def found() -> set[str]:
    return {str(fault.id) for fault in database_role(databases=["default"])}


@pytest.mark.parametrize("process", sorted(ROLES))
def test_each_process_starts_in_its_own_role(connected_as: Become, settings: Settings, process: str) -> None:
    settings.PROCESS = process
    connected_as(OWN.get(process, process))

    assert found() == set()
    require_sound()


@pytest.mark.parametrize("process", sorted(ROLES))
def test_no_process_starts_as_a_superuser(connected_as: Become, settings: Settings, process: str) -> None:
    settings.PROCESS = process
    connected_as("superuser")

    assert {"stelsel.E001", "stelsel.E002"} <= found()
    with pytest.raises(ImproperlyConfigured, match="superuser"):
        require_sound()


@pytest.mark.parametrize("process", ["web", "worker", "sealer", "verify"])
def test_no_process_starts_in_the_role_of_another(connected_as: Become, settings: Settings, process: str) -> None:
    settings.PROCESS = process
    for other in {"web", "worker", "sealer", "verifier", "migrator"} - {OWN.get(process, process)}:
        connected_as(other)
        assert "stelsel.E002" in found(), other


def test_lost_commits_are_refused(connected_as: Become) -> None:
    connected_as("web", options="&options=-c%20synchronous_commit%3Doff")

    assert found() == {"stelsel.E003"}


@pytest.mark.parametrize("missing", ["MASTER_KEYS", "INDEX_KEY"])
def test_who_reads_content_needs_its_keys(settings: Settings, missing: str) -> None:
    setattr(settings, missing, "")

    assert [fault.id for fault in secrets()] == ["stelsel.E004"]
    settings.PROCESS = "sealer"
    assert secrets() == []


def test_the_roles_are_those_that_the_processes_are_given() -> None:
    given = {name: process.role for name, process in PROCESSES.items()}

    assert {name: role.replace("migrator", "owner") for name, role in given.items()} == ROLES
