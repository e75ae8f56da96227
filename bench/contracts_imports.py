"""P21: imports of 50,000 rows over gRPC, beside plain pymongo writing the same documents."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from pymongo.database import Database

from bench.importing import PATIENCE, Import, beside_pymongo, tokens
from bench.measure import Figure
from deploy.local import keys
from deploy.local.mongod import Mongod
from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1 import imports_pb2
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.customers_service_pb2 import ImportCustomersRequest
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis import mongo
from services.chassis.rpc_client import channel
from services.chassis.rpc_server import RpcServer
from services.contracts import app
from services.contracts.config import Settings

ROWS, LINES = 50_000, 2
Bring = Callable[[imports_pb2.Upload], imports_pb2.ImportReport]


@dataclass(frozen=True)
class Table:
    """A file of rows, where they go, and how much more than plain inserts they may cost."""

    key: str
    noun: str
    collection: str
    header: str
    row: Callable[[int], str]
    at_most: float

    @property
    def content(self) -> bytes:
        """As a person would bring it."""
        return "\n".join([self.header, *map(self.row, range(ROWS))]).encode()


TABLES: Sequence[Table] = (
    Table(
        "P21",
        "customers",
        "customers",
        "external_ref,kind,name,tax_id,tags",
        lambda at: f"C-{at},organisation,Company {at},9131{at:014},gold;east",
        at_most=3.0,
    ),
    Table(
        "P21b",
        "assets",
        "assets",
        "product_code,serial,customer_ref,delivery_date,free_maintenance_months",
        lambda at: f"CHILLER,SN-{at},C-{at},2026-{at % 12 + 1:02}-{at % 28 + 1:02},12",
        at_most=4.0,
    ),
    Table(
        "P21c",
        f"contracts, {LINES} lines each",
        "contracts",
        "contract_ref,customer_ref,title,start_date,end_date,currency,price,line_description,line_price,"
        "product_code,asset_serials,service_types,billing_period",
        lambda at: (
            f"K-{at // LINES},C-{at // LINES},Care,2026-01-01,2026-12-31,CNY,,Line {at % LINES},100.00,"
            f"CHILLER,SN-{at // LINES},repair;inspection,month"
        ),
        at_most=3.0,
    ),
)
"""Each names what stood in the one before."""


def figures() -> list[Figure]:
    """Measure P21, P21b and P21c."""
    with tempfile.TemporaryDirectory() as folder:
        mongod = Mongod(Path(folder)).start()
        made = keys.ensure(Path(folder) / "keys")
        settings = Settings(
            mongo_url=mongod.url,
            contracts_database="bench_imports",
            internal_token_public_key_file=made.internal_public,
        )
        app.migrate(settings)
        rpc = RpcServer(app.build_service(settings), "127.0.0.1:0")
        rpc.start()
        try:
            with channel(f"127.0.0.1:{rpc.port}", token=tokens(made), at_most=PATIENCE) as line:
                bring = _brought(line)
                database = mongo.handle(app.ALIAS)
                return [_figure(each, bring[each.collection], database=database, pids=[mongod.pid]) for each in TABLES]
        finally:
            rpc.stop(0)
            mongod.stop()


def _brought(line: grpc.Channel) -> dict[str, Bring]:
    customers, catalog = CustomersServiceStub(line), CatalogServiceStub(line)
    product = imports_pb2.Upload(content=b"code,name_en\nCHILLER,Chiller")
    catalog.ImportProducts(pb.ImportProductsRequest(upload=product))
    return {
        "customers": lambda file: customers.ImportCustomers(ImportCustomersRequest(upload=file)).report,
        "assets": lambda file: catalog.ImportAssets(pb.ImportAssetsRequest(upload=file)).report,
        "contracts": lambda file: catalog.ImportContracts(pb.ImportContractsRequest(upload=file)).report,
    }


def _figure(table: Table, bring: Bring, *, database: Database[dict[str, Any]], pids: Sequence[int]) -> Figure:
    upload = imports_pb2.Upload(content=table.content)

    def stored() -> int:
        report = bring(upload)
        assert (report.failed, report.stored) == (0, True)
        return report.rows

    file = Import(
        key=table.key,
        noun=table.noun,
        rows=ROWS,
        collection=database[table.collection],
        bring=stored,
        at_most=table.at_most,
    )
    return beside_pymongo(file, pids=pids)
