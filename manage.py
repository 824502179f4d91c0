#!/usr/bin/env python
"""Run a management command in the settings of this machine (development unless told otherwise)."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stelsel.settings.dev")
    execute_from_command_line(sys.argv)
