from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.local import mongod as mongod_module
from deploy.local.mongod import Mongod, MongodFailed
from deploy.local.ports import free_port


def test_data_survives_a_stop_a_kill_and_a_move_to_another_port(tmp_path: Path) -> None:
    server = Mongod(tmp_path).start()
    with MongoClient[dict[str, int]](server.url) as client:
        client.test.figures.insert_one({"_id": 1})
        server.stop()
        server.start()
        client.test.figures.insert_one({"_id": 2})
        server.kill9()
        server.start()
        assert client.test.figures.count_documents({}) == 2
    server.stop()
    moved = Mongod(tmp_path, port=free_port()).start()
    with MongoClient[dict[str, int]](moved.url) as client:
        assert client.test.figures.count_documents({}) == 2
    moved.stop()


def test_a_transaction_works_so_it_is_a_replica_set(
    mongo_client: MongoClient[dict[str, int]], database_name: str
) -> None:
    figures = mongo_client[database_name].figures
    with mongo_client.start_session() as session, session.start_transaction():
        figures.insert_one({"_id": 1}, session=session)
    assert figures.count_documents({}) == 1


def test_a_second_server_on_the_same_data_says_why_it_cannot_start(tmp_path: Path) -> None:
    first = Mongod(tmp_path).start()
    with pytest.raises(MongodFailed, match="already runs on this data"):
        Mongod(tmp_path, port=free_port()).start()
    first.kill9()


def test_a_wrong_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGOD_BIN", str(tmp_path / "absent"))
    with pytest.raises(MongodFailed, match=r"MONGOD_BIN=.*absent is not a program"):
        mongod_module.program()


def test_a_missing_library_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "mongod"
    broken.write_text("#!/bin/sh\necho 'error while loading shared libraries: libcurl.so.4' >&2\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("MONGOD_BIN", str(broken))
    with pytest.raises(MongodFailed, match="apt-get install libcurl4"):
        Mongod(tmp_path / "data").start()
