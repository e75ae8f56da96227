"""P22: an import of 100,000 members over gRPC, beside plain pymongo writing the same documents."""

import tempfile
from pathlib import Path

from bench.importing import PATIENCE, Import, beside_pymongo, tokens
from bench.measure import Figure
from deploy.local import keys
from deploy.local.mongod import Mongod
from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care import app
from services.care.config import Settings
from services.chassis import mongo
from services.chassis.rpc_client import channel
from services.chassis.rpc_server import RpcServer

_HEADER = "external_ref,name,gender,language,time_zone,birthday,email,phone,tags,email_consent"


def figures(count: int) -> list[Figure]:
    """Measure P22."""
    with tempfile.TemporaryDirectory() as folder:
        mongod = Mongod(Path(folder)).start()
        made = keys.ensure(Path(folder) / "keys")
        settings = Settings(
            mongo_url=mongod.url, care_database="bench_imports", internal_token_public_key_file=made.internal_public
        )
        app.migrate(settings)
        rpc = RpcServer(app.build_service(settings), "127.0.0.1:0")
        rpc.start()
        try:
            with channel(f"127.0.0.1:{rpc.port}", token=tokens(made), at_most=PATIENCE) as line:
                request = pb.ImportMembersRequest(content="\n".join([_HEADER, *map(_row, range(count))]).encode())
                file = Import(
                    key="P22",
                    noun="members",
                    rows=count,
                    collection=mongo.handle(app.ALIAS)["members"],
                    bring=lambda: CareServiceStub(line).ImportMembers(request).created,
                    at_most=4.0,
                )
                return [beside_pymongo(file, pids=[mongod.pid])]
        finally:
            rpc.stop(0)
            mongod.stop()


def _row(at: int) -> str:
    return (
        f"M-{at},王小明 {at},female,zh,Asia/Shanghai,19{at % 90 + 10}-{at % 12 + 1:02}-{at % 28 + 1:02},"
        f"m{at}@example.com,+86138{at:08},gold;east,yes"
    )
