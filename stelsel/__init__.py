"""Stelsel: case management for the Dutch system for protecting persons (stelsel beveiligen van personen)."""
