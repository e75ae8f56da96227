import re
from collections import defaultdict

from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.rpc.access import ACCESS
from services.chassis.bus_entrypoints import subscriptions_of
from services.contracts.consumers import ContractsConsumers
from services.feedback.consumers import FeedbackConsumers
from services.kpi.consumers import KpiConsumers
from tests.unit.readmes import ROOT, access_rows, settings_rows, table


def test_the_readme_names_every_setting_with_its_default_and_meaning() -> None:
    assert table("care", "Settings") == settings_rows(Settings)


def test_the_readme_says_who_may_call_what() -> None:
    assert table("care", "Serves") == access_rows(ACCESS)


def test_the_readme_names_every_event_that_is_said() -> None:
    golden = sorted(path.name.split(".")[1] for path in (ROOT / "tests/contract/golden").glob("care.*.json"))
    assert sorted(row[0] for row in table("care", "Says")) == golden


def test_the_readme_says_who_hears_an_event() -> None:
    hearers = {event: sorted(who) for (source, event), who in heard().items() if source == "care"}
    told = {event: who.split(", ") for event, _, who in table("care", "Says") if who}
    assert told == hearers


def test_the_readme_names_every_event_that_is_heard() -> None:
    told = {
        (row[0].split("`")[0], event)
        for row in table("care", "Hears")
        for event in re.findall(r"[a-z_]+", row[0].split("`", 1)[1])
    }
    assert told == {event for event, who in heard().items() if "care" in who}


def heard() -> dict[tuple[str, str], set[str]]:
    """Return which services handle each event, by the service that says it and its type."""
    found = defaultdict[tuple[str, str], set[str]](set)
    for consumers in (CareConsumers, ContractsConsumers, FeedbackConsumers, KpiConsumers):
        for each in subscriptions_of(consumers):
            found[each.source, each.type].add(each.service)
    return found
