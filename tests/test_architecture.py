"""What holds of every table of ours, read from the database's own catalogue."""

import pytest
from django.apps import apps
from django.db import connection, models

OURS = {"kernel", "legal", "cases", "threat", "resilience", "capacity", "oversight"}

# Without row history, each with the reason.
UNTRACKED = {
    "kernel_auditentry": "the trail itself",
    "kernel_readentry": "the trail itself",
    "kernel_historyentry": "the trail itself",
    "kernel_seal": "the trail itself",
    "kernel_outboxmessage": "an errand; the act that caused it and its effect are in the trail",
    "kernel_idempotencykey": "an answer kept for a client that asks again",
    "kernel_loginlock": "a count",
}
# Tables that point at a case and still are not behind its grants, each with the reason.
OPEN: dict[str, str] = {}


def our_models() -> list[type[models.Model]]:
    """Those with a table of their own: a proxy is another name for somebody else's."""
    every = (model for model in apps.get_models() if model._meta.app_label in OURS)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in our_models())


def case_bound() -> list[str]:
    """Tables that point at a case, or at a row that does, in any number of steps."""
    case = apps.get_model("cases", "Case")
    bound: set[type[models.Model]] = {case}
    while True:
        more = {
            model
            for model in our_models()
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in bound
        }
        if more <= bound:
            return sorted(model._meta.db_table for model in bound)
        bound |= more


def column(query: str, *args: str | list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, args)
        return [str(row[0]) for row in cursor.fetchall()]


def triggers(function: str) -> list[str]:
    return column(
        """SELECT DISTINCT tgrelid::regclass FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
           WHERE proname = %s AND tgenabled = 'O'""",
        function,
    )


@pytest.mark.django_db
def test_every_table_of_ours_keeps_row_history() -> None:
    assert set(tables()) - set(UNTRACKED) - set(triggers("kernel_history")) == set()


@pytest.mark.django_db
def test_row_history_is_kept_once() -> None:
    twice = column(
        """SELECT tgrelid::regclass FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
           WHERE proname = 'kernel_history' GROUP BY tgrelid HAVING count(*) > 1"""
    )

    assert twice == []


@pytest.mark.django_db
def test_no_table_with_history_can_be_emptied_past_its_triggers() -> None:
    guarded = column("SELECT tgrelid::regclass FROM pg_trigger WHERE tgtype & 32 = 32 AND tgtype & 1 = 0")

    assert set(triggers("kernel_history")) - set(guarded) == set()


@pytest.mark.django_db
def test_every_table_of_a_case_has_row_level_security_with_a_policy() -> None:
    secured = column(
        """SELECT oid::regclass FROM pg_class WHERE relrowsecurity
           AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid)"""
    )

    assert set(case_bound()) - set(OPEN) - set(secured) == set()


@pytest.mark.django_db
def test_no_process_owns_a_table_or_may_remove_history() -> None:
    assert column("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'") == ["stelsel_owner"]
    for role in ("stelsel_web", "stelsel_worker", "stelsel_sealer", "stelsel_verifier"):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            assert column(
                "SELECT name FROM unnest(%s::text[]) AS name WHERE has_table_privilege(%s, name, %s)",
                [name for name in UNTRACKED if UNTRACKED[name] == "the trail itself"],
                role,
                right,
            ) == []  # fmt: skip


@pytest.mark.django_db
def test_functions_with_the_owners_rights_name_their_schemas() -> None:
    """Without it, a caller's own search_path decides what a name in the function means."""
    loose = column(
        """SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
           WHERE nspname = 'public' AND prosecdef AND NOT EXISTS (
               SELECT 1 FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%%')"""
    )

    assert loose == []


@pytest.mark.django_db
def test_no_row_of_a_case_goes_with_another() -> None:
    """ON DELETE CASCADE is for grants and for what is no fact of the domain."""
    cascading = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if field.is_relation and getattr(field.remote_field, "on_delete", None) is models.CASCADE
    }

    assert {name for name in cascading if not name.endswith(("Grant.content_object", "Grant.user", "Grant.group"))} <= {
        "kernel.IdempotencyKey.user",
        "cases.CaseUserGrant.permission",
        "cases.CaseGroupGrant.permission",
    } | {name for name in cascading if name.endswith("Grant.permission")}
