"""Labels for people beside the states of pure rules."""

from enum import StrEnum

from django.utils.functional import Promise


def labels(states: type[StrEnum], **names: str | Promise) -> list[tuple[str, str | Promise]]:
    """Choices for a model field: every member of `states` with its label.

    Raises:
        ValueError: a member has no label, or a label has no member.
    """
    if {state.value for state in states} != set(names):
        raise ValueError(f"labels of {states.__name__} do not match: {set(names) ^ {s.value for s in states}}")
    return [(state.value, names[state.value]) for state in states]
