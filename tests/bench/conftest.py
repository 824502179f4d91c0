"""Measurements load the demonstration's made-up cases, as the worker does."""

from tests.stelsel.oversight.conftest import worker_database

__all__ = ["worker_database"]
