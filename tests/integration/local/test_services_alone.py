"""A service is whole without the others: its files, the chassis, the protos, and the packages of its own extra."""

import os
import runpy
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import MongoClient

from tests.house.images import SERVICES, copied

ROOT = Path(__file__).parents[3]
SUBSET = runpy.run_path(str(ROOT / "deploy/images/subset.py"))
OWNERS = metadata.packages_distributions()
IMPORT_ALL = """
import ast, importlib, pkgutil, sys

def wanted(module):
    for node in ast.walk(ast.parse(open(module.__file__).read())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)

package = importlib.import_module(f"services.{sys.argv[1]}")
for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
    importlib.import_module(found.name)
seen = set()
while new := {name for name in sys.modules if name.startswith("services.")} - seen:
    seen |= new
    for name in new:
        for module, part in wanted(sys.modules[name]):
            if part and not hasattr(importlib.import_module(module), part):
                module = f"{module}.{part}"
            importlib.import_module(module)
others = {name.split(".")[1] for name in seen} - {sys.argv[1], "chassis"}
print(len(seen), sorted(others))
"""
"""Imports every module of the service and what any of them imports, within functions and for types only, too."""


def laid_out(service: str, folder: Path) -> dict[str, str]:
    """Lay out what the image of a service holds, and return the environment that its processes run in."""
    dockerfile = (ROOT / "deploy/images/service.Dockerfile").read_text().replace("${SERVICE}", service)
    app, packages = folder / "app", folder / "packages"
    for path in copied(dockerfile[dockerfile.rindex("\nFROM ") :]):
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        (app / path).symlink_to(ROOT / path)
    (app / "protos").mkdir()
    (app / "protos/gen").symlink_to(ROOT / "protos/gen")
    for name in installed(service):
        for place, target in parts(name).items():
            (packages / place).parent.mkdir(parents=True, exist_ok=True)
            (packages / place).symlink_to(target)
    path = os.pathsep.join(map(str, (app, app / "protos/gen", packages)))
    return {"PATH": os.environ["PATH"], "PYTHONPATH": path}


def parts(name: str) -> dict[Path, Path]:
    """Return what a distribution puts beside others: folders of its own as a whole, of shared ones each file."""
    found: dict[Path, Path] = {}
    for file in metadata.distribution(name).files or ():
        top = file.parts[0]
        if top == "..":  # a command
            continue
        place = Path(file) if len(OWNERS.get(top, ())) > 1 else Path(top)
        found[place] = Path(str(metadata.distribution(name).locate_file(place)))
    return found


def installed(service: str) -> list[str]:
    """Return the names of the distributions that the image of a service installs."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pins = SUBSET["entries"]((ROOT / "requirements.lock").read_text())
    names: list[str] = SUBSET["closure"](pins, SUBSET["declared"](pyproject["project"], service))
    return [name for name in names if present(name)]


def present(name: str) -> bool:
    """Say whether it is there: the lock holds what other systems need, too."""
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def run(*arguments: str, env: dict[str, str], folder: Path) -> str:
    # Without `-S` the packages of everybody who tests would be found as well.
    ended = subprocess.run(
        [sys.executable, "-S", *arguments], env=env, cwd=folder / "app", capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.usefixtures("nobody_listens")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_alone_imports_whole_and_prepares_its_database(
    service: str, tmp_path: Path, mongo_url: str, mongo_client: MongoClient[dict[str, object]]
) -> None:
    env = laid_out(service, tmp_path)
    count, others = run("-c", IMPORT_ALL, service, env=env, folder=tmp_path).split(maxsplit=1)
    assert int(count) > 50
    assert others.strip() == "[]"
    database = f"{service}_{uuid4().hex[:12]}"
    settings = {"MONGO_URL": mongo_url, f"{service.upper()}_DATABASE": database}
    run("-m", f"services.{service}", "migrate", env=env | settings, folder=tmp_path)
    assert "parked" in mongo_client[database].list_collection_names()
    mongo_client.drop_database(database)
