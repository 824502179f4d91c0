"""Production starts what was tested: docker-compose.yml is in order and tells what processes.py tells."""

import base64
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jsonschema import Draft202012Validator

from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.processes import PROCESSES

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "tests" / "schemas" / "compose-spec.json"
SERVICES = (*PROCESSES, "database", "broker", "proxy")
FROM_FILES = {
    "DATABASE_URL",
    "STELSEL_BROKER_URL",
    "STELSEL_CACHE_URL",
    "STELSEL_SECRET_KEY",
    "STELSEL_SEAL_PUBLIC_KEY",
}
ONCE = {"migrate", "verify"}

Service = dict[str, Any]


@cache
def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert isinstance(found, dict)
    return found


def service(name: str) -> Service:
    found = compose()["services"][name]
    assert isinstance(found, dict)
    return found


def environment(name: str) -> dict[str, str]:
    return {key: str(value) for key, value in service(name).get("environment", {}).items()}


def test_the_file_follows_the_compose_specification() -> None:
    schema = json.loads(SCHEMA.read_text())

    faults = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(compose())]

    assert faults == []


def test_the_schema_finds_a_fault() -> None:
    schema = json.loads(SCHEMA.read_text())
    broken = {"services": {"web": {**service("web"), "comand": ["true"]}}}

    assert list(Draft202012Validator(schema).iter_errors(broken))


def test_every_process_is_a_service_and_nothing_else_is() -> None:
    assert set(compose()["services"]) == set(SERVICES)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_runs_what_make_run_runs(name: str) -> None:
    assert service(name)["command"] == list(PROCESSES[name].argv)
    assert "entrypoint" not in service(name)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_logs_in_as_its_own_role(name: str) -> None:
    own, role = environment(name), PROCESSES[name].role.removeprefix("stelsel_")

    assert own["STELSEL_PROCESS"] == name
    assert own["DATABASE_URL_FILE"] == f"/run/secrets/database_url_{role}"


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_has_the_settings_it_needs_and_no_secret_in_clear(name: str) -> None:
    own = environment(name)
    secret = FROM_FILES | {key for process in PROCESSES.values() for key in process.keys}

    for needed in PROCESSES[name].needs:
        assert (f"{needed}_FILE" if needed in secret else needed) in own
    assert not secret & set(own)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_gets_only_the_secrets_of_its_role(name: str) -> None:
    named = {value.removeprefix("/run/secrets/") for key, value in environment(name).items() if key.endswith("_FILE")}
    allowed = {key.removeprefix("STELSEL_").lower() for key in PROCESSES[name].needs}
    role = PROCESSES[name].role.removeprefix("stelsel_")

    assert set(service(name)["secrets"]) == named
    assert {secret.replace(f"database_url_{role}", "database_url") for secret in named} <= allowed


def test_the_sealing_key_and_the_content_keys_are_never_together() -> None:
    holders = {name: set(service(name)["secrets"]) for name in SERVICES}

    assert [name for name, held in holders.items() if "seal_key" in held] == ["sealer"]
    assert [name for name, held in holders.items() if "master_keys" in held] == ["web", "worker"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened(name: str) -> None:
    own = service(name)

    assert own["read_only"] is True
    assert own["cap_drop"] == ["ALL"]
    assert "cap_add" not in own
    assert "privileged" not in own
    assert own["security_opt"] == ["no-new-privileges:true"]
    assert not re.match(r"(0|root)\b", own["user"])
    assert {"cpus", "memory", "pids"} <= set(own["deploy"]["resources"]["limits"])


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ONCE])
def test_a_service_that_stays_has_a_health_check_and_is_started_again(name: str) -> None:
    assert service(name)["healthcheck"]["test"][0] == "CMD"
    assert service(name)["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["worker", "beat", "relay", "sealer"])
def test_a_background_process_is_healthy_when_it_makes_progress(name: str) -> None:
    assert service(name)["healthcheck"]["test"] == ["CMD", "python", "manage.py", "alive"]


def test_the_web_server_starts_after_the_migrations() -> None:
    for name in PROCESSES.keys() - ONCE:
        assert service(name)["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_proxy_is_reached_from_outside_and_it_does_not_reach_the_database() -> None:
    assert [name for name in SERVICES if "ports" in service(name)] == ["proxy"]
    assert not set(service("proxy")["networks"]) & set(service("database")["networks"])
    assert not set(service("proxy")["networks"]) & set(service("broker")["networks"])
    assert all(compose()["networks"][name] == {"internal": True} for name in ("front", "data"))
    assert [name for name in SERVICES if "edge" in service(name)["networks"]] == ["proxy"]


def test_the_web_server_listens_where_the_proxy_and_the_probe_look() -> None:
    assert "--bind 0.0.0.0:8000" in environment("web")["GUNICORN_CMD_ARGS"]
    assert "reverse_proxy web:8000" in (ROOT / "Dockerfile").read_text()
    assert "http://127.0.0.1:8000/health" in service("web")["healthcheck"]["test"][-1]


def test_the_database_and_the_broker_keep_what_they_hold() -> None:
    assert "database:/var/lib/postgresql" in service("database")["volumes"]
    assert "synchronous_commit=on" in service("database")["command"]
    assert service("broker")["command"][-3:] == ["noeviction", "--aclfile", "/run/secrets/broker_users"]


def test_only_the_sealer_writes_the_anchor() -> None:
    mounts = {name: [v for v in service(name).get("volumes", []) if v.startswith("anchor:")] for name in SERVICES}

    assert {name: mount for name, mount in mounts.items() if mount} == {
        "sealer": ["anchor:/var/lib/stelsel/anchor"],
        "verify": ["anchor:/var/lib/stelsel/anchor:ro"],
    }


def test_every_secret_is_a_file_and_is_used() -> None:
    used = {secret for name in SERVICES for secret in service(name)["secrets"]}

    assert set(compose()["secrets"]) == used
    for name, secret in compose()["secrets"].items():
        assert set(secret) == {"file"}
        assert secret["file"].endswith(f"/{name}")


# --- the images -----------------------------------------------------------------------------------------------


def stages() -> dict[str, str]:
    """The text of each stage of the Dockerfile, by name."""
    parts = re.split(r"^FROM (\S+) AS (\S+)$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[2::3], parts[3::3], strict=True))


@pytest.mark.parametrize("target", ["stelsel", "database", "proxy"])
def test_an_image_does_not_run_as_root(target: str) -> None:
    user = re.findall(r"^USER (\S+)$", stages()[target], flags=re.MULTILINE)[-1]

    assert {service(name)["user"] for name in SERVICES if service(name).get("build", {}).get("target") == target} == {
        user
    }


def test_packages_are_installed_from_the_lock_files_alone() -> None:
    assert "--require-hashes --no-deps --only-binary :all: -r requirements.txt" in stages()["packages"]
    assert "npm ci --ignore-scripts" in stages()["assets"]


def test_the_database_sets_the_password_of_every_log_in() -> None:
    for role in LOG_INS:
        name = role.removeprefix("stelsel_")
        assert f"\\set {name} `cat /run/secrets/password_{name}`" in stages()["database"]
        assert f"ALTER ROLE {role} PASSWORD :'{name}';" in stages()["database"]
        assert f"password_{name}" in service("database")["secrets"]


# --- the recipe in README.md that makes the secrets -----------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("the recipe needs openssl")
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    recipe = next(block for block in blocks if "openssl" in block)
    subprocess.run(
        ["/usr/bin/env", "bash", "-euc", recipe],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "STELSEL_SECRETS": str(tmp_path / "secrets")},
        check=True,
        capture_output=True,
    )
    return tmp_path / "secrets"


def test_the_recipe_makes_every_secret_but_the_certificate(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == set(compose()["secrets"]) - {"tls_certificate", "tls_key"}
    assert made.stat().st_mode & 0o077 == 0


def test_the_recipe_makes_keys_of_the_right_kind(made: Path) -> None:
    content = {path.name: path.read_text() for path in made.iterdir()}
    sealing = Ed25519PrivateKey.from_private_bytes(base64.b64decode(content["seal_key"]))

    assert base64.b64encode(sealing.public_key().public_bytes_raw()).decode() == content["seal_public_key"]
    assert len(base64.b64decode(content["master_keys"].removeprefix("k1:"), validate=True)) == 32
    assert len(base64.b64decode(content["index_key"], validate=True)) == 32
    assert not [name for name, text in content.items() if text != text.strip()]


def test_the_recipe_makes_addresses_with_their_passwords(made: Path) -> None:
    for role in LOG_INS:
        name = role.removeprefix("stelsel_")
        password = (made / f"password_{name}").read_text()
        assert (made / f"database_url_{name}").read_text() == f"postgresql://{role}:{password}@database:5432/stelsel"
