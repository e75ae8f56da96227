"""The rpc role as a process of its own: the other tests build the service where a connection is open already."""

from pathlib import Path

from deploy.local.keys import Keys
from services.care.config import Settings
from tests.integration.rpc_process import SERVING, RpcProcess
from tests.integration.waiting import wait_until


def test_the_rpc_role_starts_by_itself(care_settings: Settings, suite_keys: Keys, tmp_path: Path) -> None:
    database = care_settings.care_database
    with RpcProcess(
        "care", mongo_url=care_settings.mongo_url, keys=suite_keys, folder=tmp_path, CARE_DATABASE=database
    ) as process:
        wait_until(lambda: process.health() == SERVING)
    assert process.events().count("ready") == 1
