import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that the account of the services can reach: pytest's own temporary folder is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="stelsel-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
