"""Names the processes of the suite, their settings and their order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import sink_client
from deploy.local.child import Program, python
from deploy.local.keys import Keys
from deploy.local.ports import LOOPBACK, free_ports

SERVICES = ("contracts", "care", "feedback", "kpi")
ROLES: Mapping[str, tuple[str, ...]] = {
    "contracts": ("rpc", "consumers", "jobs"),
    "care": ("rpc", "consumers", "jobs", "dispatch"),
    "feedback": ("rpc", "consumers", "jobs"),
    "kpi": ("rpc", "consumers", "jobs"),
}
GATEWAY, SINK, MONGOD = "gateway", "sink", "mongod"
IMPATIENT = {"RENEWALS_SECONDS": "10"}
"""On a laptop somebody waits for the signing offer of a warranty that ends."""
STOP_ORDER = ("gateway", "consumers dispatch jobs", "rpc", "sink", "mongod")
"""Who asks ends before who answers; words of one entry end together."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where everything listens and lies."""

    data: Path
    keys: Keys
    mongo_url: str
    amqp_url: str
    smtp_url: str
    sink_url: str
    gateway_address: str
    rpc: Mapping[str, str]
    metrics: Mapping[str, str]

    @property
    def gateway_url(self) -> str:
        """The base address of the gateway."""
        return f"http://{self.gateway_address}"


def process_names() -> list[str]:
    """Return the long-running processes of ours, without the backing services."""
    return [f"{service}-{role}" for service in SERVICES for role in ROLES[service]] + [GATEWAY]


def choose_addresses() -> tuple[dict[str, str], dict[str, str]]:
    """Return an rpc address per service and a metrics address per process, on free ports."""
    measured = process_names()
    ports = [f"{LOOPBACK}:{port}" for port in free_ports(len(SERVICES) + len(measured))]
    rpc = dict(zip(SERVICES, ports, strict=False))
    return rpc, dict(zip(measured, ports[len(SERVICES) :], strict=True))


def environment(places: Places, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that every process is given; what the caller's own environment says comes through."""
    suite = {
        "ENV": os.environ.get("ENV", "development"),
        "MONGO_URL": places.mongo_url,
        "AMQP_URL": places.amqp_url,
        "INTERNAL_TOKEN_PUBLIC_KEY_FILE": str(places.keys.internal_public),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "protos/gen")]),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:::services.chassis.consumers_runner",  # eventlet says at each start that it is old
        "MALLOC_ARENA_MAX": "2",  # a laptop runs fifteen of us; arenas per thread would double the bill
    }
    return {**IMPATIENT, **os.environ, **suite, **extra}


def sink_program(data: Path, *, smtp_port: int, http_port: int) -> Program:
    """Return the mail sink."""
    command = sink_client.command(data / SINK, smtp_port=smtp_port, http_port=http_port)
    return Program(name=SINK, command=[command[0], "-u", *command[1:]], env=dict(os.environ), stop_seconds=5.0)


def migrations(env: Mapping[str, str]) -> list[Program]:
    """Return the deploy step of each service."""
    return [
        Program(name=f"{service}-migrate", command=python(f"services.{service}", "migrate"), env=env)
        for service in SERVICES
    ]


def programs(places: Places, env: Mapping[str, str]) -> list[Program]:
    """Return the processes of the services and the gateway; any may start before any other."""
    found = [_role(service, role, places=places, env=env) for service in SERVICES for role in ROLES[service]]
    return [*found, _gateway(places, env)]


def stop_groups(names: list[str]) -> list[list[str]]:
    """Return the names in the order in which they end; those of one group end together."""
    by_role = {name: name.rpartition("-")[2] for name in names}
    ordered = [[name for name in names if by_role[name] in group.split()] for group in STOP_ORDER]
    known = {name for group in ordered for name in group}
    return [group for group in [[name for name in names if name not in known], *ordered] if group]


def _role(service: str, role: str, *, places: Places, env: Mapping[str, str]) -> Program:
    name = f"{service}-{role}"
    own = {"METRICS_ADDRESS": places.metrics[name]}
    if role == "rpc":
        own["RPC_ADDRESS"] = places.rpc[service]
    if service == "care":
        own |= {"PUBLIC_URL": places.gateway_url, "LINK_KEY_FILE": str(places.keys.links)}
    if role == "dispatch":
        own |= {
            "SMTP_URL": places.smtp_url,
            "SMTP_LOOKUP_URL": places.sink_url,
            "CHANNEL_SINK_URL": os.environ.get("CHANNEL_SINK_URL", places.sink_url),
        }
    return Program(name=name, command=python(f"services.{service}", role), env={**env, **own})


def _gateway(places: Places, env: Mapping[str, str]) -> Program:
    own = {
        "GATEWAY_ADDRESS": places.gateway_address,
        "METRICS_ADDRESS": places.metrics[GATEWAY],
        "INTERNAL_TOKEN_PRIVATE_KEY_FILE": str(places.keys.internal_private),
        **{f"{service.upper()}_ADDRESS": address for service, address in places.rpc.items()},
    }
    if env["ENV"] == "development":  # refused elsewhere
        own |= {"DEV_ISSUER_KEY_FILE": str(places.keys.dev_issuer), "INBOX_URL": places.sink_url}
    return Program(name=GATEWAY, command=python("gateway"), env={**env, **own})


ROOT = Path(__file__).resolve().parents[2]
