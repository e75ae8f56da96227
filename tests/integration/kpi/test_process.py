import asyncio
import signal
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from deploy.local.keys import Keys
from services.chassis.buses import open_bus
from services.chassis.envelope import Envelope
from tests.integration.kpi.builders import case_closed
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until


def say(envelopes: list[dict[str, Any]], *, mongo_url: str, amqp_url: str) -> None:
    """Publish as feedback's relay does."""

    async def publish() -> None:
        bus = open_bus(mongo_url=mongo_url, amqp_url=amqp_url)
        for envelope in envelopes:
            assert await bus.publish(Envelope.from_dict(envelope)), "nobody listens"
        await bus.close()

    asyncio.run(publish())


def test_closed_cases_on_the_bus_become_facts_and_a_closed_case_that_makes_no_sense_is_parked(
    bus_url: str,
    mongo_url: str,
    mongo_client: MongoClient[dict[str, Any]],
    suite_keys: Keys,
    tmp_path: Path,
    database_name: str,
) -> None:
    kpi = RpcProcess(
        "kpi", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, KPI_DATABASE=database_name, AMQP_URL=bus_url
    )
    database = mongo_client[database_name]
    kpi.migrate()
    running = [kpi.start("consumers"), kpi.start("jobs")]
    try:
        senseless = case_closed(99) | {"schema": "membercare.feedback.v9.CaseClosed"}
        said = [senseless, *(case_closed(number) for number in (1, 2, 3, 2, 1))]
        say(said, mongo_url=mongo_url, amqp_url=bus_url)
        wait_until(lambda: database["facts"].count_documents({}) == 3, 40)
        wait_until(lambda: database["facts"].count_documents({"outbox": {"$ne": []}}) == 0, 40)
        wait_until(lambda: database["parked"].count_documents({}) == 1, 40)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(20) for process in running]
    assert codes == [0, 0], kpi.log_file.read_text()
    (parked,) = database["parked"].find()
    assert (parked["reason"], parked["envelope"]["id"]) == ("UNKNOWN_SCHEMA", f"evt_{99:026d}")
