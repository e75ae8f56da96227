"""The table of all settings as the README must show it: variable, default, who reads it, meaning."""

from dataclasses import MISSING

from gateway.config import Settings as Gateway
from services.care.config import Settings as Care
from services.chassis.config import variables
from services.contracts.config import Settings as Contracts
from services.feedback.config import Settings as Feedback
from services.kpi.config import Settings as Kpi

READERS = {"contracts": Contracts, "care": Care, "feedback": Feedback, "kpi": Kpi, "gateway": Gateway}
SERVICES = "all services"


def rows() -> list[tuple[str, str, str, str]]:
    """Return one row for each setting; what several processes read alike stands once."""
    readers: dict[tuple[str, str, str], list[str]] = {}
    for reader, settings in READERS.items():
        for name, field in variables(settings).items():
            written = "required" if field.default is MISSING else f"`{field.default}`" if field.default else ""
            readers.setdefault((f"`{name}`", written, field.metadata["doc"]), []).append(reader)
    return [(name, default, _who(who), doc) for (name, default, doc), who in readers.items()]


def _who(readers: list[str]) -> str:
    others = [reader for reader in readers if reader == "gateway"]
    services = [reader for reader in readers if reader != "gateway"]
    named = [SERVICES] if len(services) == len(READERS) - 1 else services
    return ", ".join([*named, *others])
