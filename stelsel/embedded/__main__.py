"""`python -m stelsel.embedded`: run, stop, remove, test, exec and check-deploy."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from stelsel.embedded import lock
from stelsel.embedded.account import service_account, service_folder
from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.environment import Addresses, environments, read_file, with_surroundings
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.processes import process
from stelsel.embedded.run import ROOT, Run, data_folder, say, settings_module
from stelsel.embedded.services import Services

STOPS_WITHIN = 120.0  # seconds


def main(argv: list[str]) -> int:
    """Do what the arguments ask, and return the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    arguments = _parser().parse_args(argv)
    rest: list[str] = getattr(arguments, "argv", [])
    rest = rest[1:] if rest[:1] == ["--"] else rest
    os.environ["STELSEL_DATA"] = str(data_folder())  # the same for every child, wherever this was started
    alone = {"run": run, "stop": stop, "remove": remove, "check-deploy": check_deploy}
    try:
        if arguments.command in alone:
            return alone[arguments.command]()
        if arguments.command == "exec":
            return execute(arguments.process, rest)
        return subprocess.call([sys.executable, "-m", "pytest", *rest], cwd=ROOT)
    except CannotStart as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def run() -> int:
    """Run everything until Ctrl-C or SIGTERM."""
    try:
        Run(data_folder())()
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def stop() -> int:
    """Stop the run that uses this data folder, and wait until it is gone."""
    path = data_folder() / "lock"
    pid = lock.holder(path)
    if pid is None:
        say("Nothing runs in this data folder.")
        return 0
    os.kill(pid, signal.SIGTERM)
    last = time.monotonic() + STOPS_WITHIN
    while lock.holder(path) == pid:
        if time.monotonic() > last:
            raise CannotStart(f"Process {pid} does not stop.")
        time.sleep(0.1)
    say("Stopped.")
    return 0


def remove() -> int:
    """Remove the data folder with everything in it, wherever the services keep their part."""
    data = data_folder()
    base = service_folder(data, service_account())
    with lock.held(data / "lock"):
        for folder in {data, base}:
            shutil.rmtree(folder)
    say(f"Removed {data}.")
    return 0


def execute(name: str, argv: list[str]) -> int:
    """Run a command as one of the processes, beside the run of this data folder or on services of its own."""
    wanted = process(name)
    data = data_folder()
    with ExitStack() as stack:
        service_folder(data, service_account())
        if lock.holder(data / "lock"):
            own = read_file(data / "env" / f"{name}.env")
        else:
            stack.enter_context(lock.held(data / "lock"))
            services = Services(data)
            stack.callback(services.stop)
            own = environments(data=data, addresses=services.start(), settings_module=settings_module())[name]
        program, *others = argv or wanted.argv
        beside = Path(sys.executable).parent / program
        return subprocess.call([beside if beside.exists() else program, *others], cwd=ROOT, env=with_surroundings(own))


def check_deploy() -> int:
    """Django's own checks of the production settings, on throw-away secrets; no service is needed."""
    with tempfile.TemporaryDirectory() as folder:
        nowhere = Addresses(dict.fromkeys(LOG_INS, "postgresql:///unused"), "redis://unused/0", "redis://unused/1")
        own = environments(data=Path(folder), addresses=nowhere, settings_module="stelsel.settings.production")["web"]
        argv = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        scanner = f"clamd:{folder}/clamd.socket"
        surroundings = {"STELSEL_HOSTS": "stelsel.example", "STELSEL_DATA": folder, "STELSEL_SCANNER": scanner}
        return subprocess.call(argv, cwd=ROOT, env=with_surroundings({**own, **surroundings}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stelsel.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run everything until Ctrl-C")
    commands.add_parser("stop", help="stop the run that uses this data folder")
    commands.add_parser("remove", help="remove the data folder: everything that was entered is lost")
    commands.add_parser("check-deploy", help="check the production settings")
    test = commands.add_parser("test", help="run pytest on real services")
    command = commands.add_parser("exec", help="run a command with the address and the keys of a process")
    command.add_argument("process")
    for each in (test, command):
        each.add_argument("argv", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
