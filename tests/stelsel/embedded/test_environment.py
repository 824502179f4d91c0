import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.environment import (
    ADDRESSES,
    KEYS,
    Addresses,
    Secrets,
    environments,
    read_file,
    with_surroundings,
    write_files,
)
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.processes import PROCESSES
from stelsel.embedded.surroundings import given_broker, given_databases

SOMEWHERE = Addresses({role: f"postgresql://{role}@/stelsel" for role in LOG_INS}, "redis://b/0", "redis://b/1")


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*KEYS, *ADDRESSES, "STELSEL_ANCHOR", "STELSEL_BROKER_URL", "STELSEL_CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def made(data: Path) -> dict[str, dict[str, str]]:
    return environments(data=data, addresses=SOMEWHERE, settings_module="stelsel.settings.dev")


def test_secrets_are_closed_to_others(tmp_path: Path) -> None:
    made(tmp_path)
    Secrets(tmp_path / "secrets").password("stelsel_web")

    files = list((tmp_path / "secrets").iterdir())

    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_environment_files_are_closed_to_others_and_read_back(tmp_path: Path) -> None:
    own = made(tmp_path)

    write_files(tmp_path / "env", own)

    assert read_file(tmp_path / "env" / "web.env") == own["web"]
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "env").iterdir()} == {0o600}


def test_secrets_are_made_once(tmp_path: Path) -> None:
    assert made(tmp_path) == made(tmp_path)


def test_each_process_has_the_address_of_its_own_role(tmp_path: Path) -> None:
    for name, own in made(tmp_path).items():
        assert own["DATABASE_URL"] == f"postgresql://{PROCESSES[name].role}@/stelsel"


def test_only_the_sealer_holds_the_sealing_key(tmp_path: Path) -> None:
    assert [name for name, own in made(tmp_path).items() if "STELSEL_SEAL_KEY" in own] == ["sealer"]


def test_only_web_and_worker_hold_the_keys_of_the_content(tmp_path: Path) -> None:
    holders = [name for name, own in made(tmp_path).items() if {"STELSEL_MASTER_KEYS", "STELSEL_INDEX_KEY"} & set(own)]

    assert holders == ["web", "worker"]


def test_public_key_belongs_to_the_sealing_key(tmp_path: Path) -> None:
    own = made(tmp_path)["sealer"]
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(own["STELSEL_SEAL_KEY"]))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(own["STELSEL_SEAL_PUBLIC_KEY"]))

    public.verify(private.sign(b"a batch"), b"a batch")


def test_master_key_is_an_id_and_32_bytes(tmp_path: Path) -> None:
    name, _, key = made(tmp_path)["web"]["STELSEL_MASTER_KEYS"].partition(":")

    assert name
    assert len(base64.b64decode(key)) == 32


def test_a_given_secret_goes_before_one_made_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index_key").write_text("given by file\n")
    monkeypatch.setenv("STELSEL_INDEX_KEY_FILE", str(tmp_path / "index_key"))
    monkeypatch.setenv("STELSEL_SECRET_KEY", "given")

    own = made(tmp_path)["web"]

    assert (own["STELSEL_INDEX_KEY"], own["STELSEL_SECRET_KEY"]) == ("given by file", "given")


def test_a_child_does_not_inherit_the_secrets_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STELSEL_SEAL_KEY", "of the sealer")
    monkeypatch.setenv("STELSEL_MASTER_KEYS_FILE", "/run/secrets/master")
    monkeypatch.setenv("DATABASE_URL_MIGRATOR", "postgresql://owner")
    monkeypatch.setenv("STELSEL_MARKING_CEILING", "DEP_V")

    own = with_surroundings({"STELSEL_PROCESS": "web"})

    assert not {"STELSEL_SEAL_KEY", "STELSEL_MASTER_KEYS_FILE", "DATABASE_URL_MIGRATOR"} & set(own)
    assert own["STELSEL_MARKING_CEILING"] == "DEP_V"
    assert own["STELSEL_PROCESS"] == "web"


def test_given_addresses_replace_the_embedded_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_databases() is None

    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere")
    monkeypatch.setenv("DATABASE_URL_WEB", "postgresql://web@elsewhere")

    found = given_databases()
    assert found is not None
    assert (found["stelsel_web"], found["stelsel_sealer"]) == (
        "postgresql://web@elsewhere",
        "postgresql://elsewhere",
    )


def test_half_of_the_addresses_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_WEB", "postgresql://web@elsewhere")
    monkeypatch.setenv("STELSEL_BROKER_URL", "redis://elsewhere/0")

    with pytest.raises(CannotStart, match="missing: DATABASE_URL_MIGRATOR, DATABASE_URL_WORKER"):
        given_databases()
    with pytest.raises(CannotStart, match="STELSEL_CACHE_URL is missing"):
        given_broker()
