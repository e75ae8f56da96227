from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import processes
from deploy.local.processes import ROLES, process_names, stop_groups

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("service", ROLES)
def test_a_service_has_consumers_exactly_where_it_hears_something(service: str) -> None:
    room = ROOT / "services" / service
    assert ("consumers" in ROLES[service]) == ((room / "consumers.py").exists() or (room / "consumers").exists())


def test_who_asks_ends_before_who_answers() -> None:
    names = ["mongod", "sink", *process_names()]
    groups = stop_groups(names)
    assert sorted(name for group in groups for name in group) == sorted(names)
    order = {name: number for number, group in enumerate(groups) for name in group}
    assert order["gateway"] < order["care-dispatch"] < order["care-rpc"] < order["sink"] < order["mongod"]
    assert order["care-dispatch"] == order["kpi-consumers"]


def test_the_compose_file_runs_the_same_processes_as_a_laptop() -> None:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    backing = {"mongo", "mongo-users", "rabbitmq"}
    migrations = {f"{service}-migrate" for service in processes.SERVICES}
    assert set(composed) == {*process_names(), *backing, *migrations}


def test_the_compose_file_says_no_secret() -> None:
    text = (ROOT / "deploy/compose.yaml").read_text()
    passwords = [line.strip() for line in text.splitlines() if "PASSWORD" in line or "_PASS:" in line]
    assert passwords
    assert all("${" in line or "_FILE:" in line or "/run/secrets/" in line for line in passwords)
