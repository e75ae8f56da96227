"""Due lines go to a real HTTP server of the accounting system, signed, and again until it takes them."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import billing_line_pb2 as lines
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.scheduled import Lead
from services.contracts.app import billing as room
from services.contracts.config import Settings
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import billed_monthly, lines_of, plan
from tests.integration.contracts.builders import terminating

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = b"a secret of the accounting system"


class Accounting:
    """Takes what is posted, or refuses it with the status of the moment; keeps whatever came."""

    def __init__(self) -> None:
        self.status = 200
        self.calls: list[tuple[str, str, bytes]] = []
        accounting = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature, key = self.headers["MemberCare-Signature"], self.headers["Idempotency-Key"]
                accounting.calls.append((key, signature, body))
                self.send_response(accounting.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/billing?company=1"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def lines(self) -> list[dict[str, Any]]:
        return [line for _, _, body in self.calls for line in json.loads(body)["billing_lines"]]


@pytest.fixture
def accounting() -> Iterator[Accounting]:
    made = Accounting()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def told(contracts_settings: Settings, accounting: Accounting, tmp_path: Path) -> Settings:
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET + b"\n")
    return replace(contracts_settings, billing_webhook_url=accounting.url, billing_webhook_secret_file=secret)


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_role(BillingServiceStub, "ops")


def hand_over(settings: Settings) -> int:
    (job,) = [each for each in room.jobs(settings) if each.name == "billing_webhook"]
    return job.run(Lead(1))


def deliveries(ops: BillingServiceStub, *, undelivered: bool = False) -> list[lines.BillingDelivery]:
    request = pb.ListBillingDeliveriesRequest(undelivered=undelivered)
    return list(ops.ListBillingDeliveries(request).billing_deliveries)


def test_due_lines_arrive_signed_and_once(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    told: Settings,
    accounting: Accounting,
) -> None:
    contract = billed_monthly(sales, legal, end_date="2027-06-30")
    plan(ops, contract.id)
    due = lines_of(ops, contract.id, state=lines.BILLING_LINE_STATE_DUE)
    assert hand_over(told) == 1
    ((key, signature, body),) = accounting.calls
    seconds, told_signature = (part.partition("=")[2] for part in signature.split(","))
    assert told_signature == hmac.new(SECRET, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert sorted(line["id"] for line in accounting.lines()) == sorted(line.id for line in due)
    assert {line["state"] for line in accounting.lines()} == {"due"}
    (delivery,) = deliveries(ops)
    assert (delivery.id, delivery.attempts, delivery.HasField("delivered_time")) == (key, 1, True)
    assert hand_over(told) == 0
    assert len(accounting.calls) == 1


@pytest.mark.parametrize("status", [500, 302, 404])
def test_what_is_refused_is_sent_again_under_the_same_key(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    told: Settings,
    accounting: Accounting,
    database: Any,
    status: int,
) -> None:
    plan(ops, billed_monthly(sales, legal).id)
    accounting.status = status
    assert hand_over(told) == 0
    (waiting,) = deliveries(ops, undelivered=True)
    assert waiting.last_error.startswith(f"HTTP {status}")
    assert hand_over(told) == 0
    assert len(accounting.calls) == 1  # not before its pause is over
    accounting.status = 204
    database.billing_deliveries.update_one({}, {"$set": {"next_time": LONG_AGO}})
    assert hand_over(told) == 1
    (first, _, sent), (second, _, again) = accounting.calls
    assert (first, sent) == (second, again)
    assert deliveries(ops, undelivered=True) == []


def test_what_a_crash_left_half_bundled_is_sent_once(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    told: Settings,
    accounting: Accounting,
    database: Any,
) -> None:
    plan(ops, billed_monthly(sales, legal).id)
    assert hand_over(told) == 1
    delivered = len(accounting.lines())
    never = {"assigned": False, "attempts": 0, "delivered_time": None}
    database.billing_deliveries.update_one({}, {"$set": never | {"next_time": LONG_AGO}})
    database.billing_lines.update_many({}, {"$set": {"delivery_id": "", "undelivered": True}})
    assert hand_over(told) == 1
    assert len(deliveries(ops)) == 1
    assert len(accounting.lines()) == 2 * delivered
    assert len({key for key, _, _ in accounting.calls}) == 1


def test_a_line_that_is_withdrawn_after_it_was_handed_over_goes_out_with_nothing_left(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    told: Settings,
    accounting: Accounting,
) -> None:
    contract = billed_monthly(sales, legal)
    plan(ops, contract.id)
    hand_over(told)
    accounting.calls.clear()
    sales.TerminateContract(terminating(contract.id, effective_date="2026-03-01"))
    plan(ops, contract.id)
    hand_over(told)
    gone = accounting.lines()
    assert {(line["state"], line["minor_units"]) for line in gone} == {("credited", 0)}
    assert min(line["due_date"] for line in gone) == "2026-03-01"


def test_a_server_that_is_away_is_an_error_that_waits(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    told: Settings,
    accounting: Accounting,
) -> None:
    plan(ops, billed_monthly(sales, legal).id)
    away = replace(told, billing_webhook_url="http://127.0.0.1:9/")
    assert hand_over(away) == 0
    (waiting,) = deliveries(ops, undelivered=True)
    assert waiting.last_error.startswith("ConnectionRefusedError")
    assert accounting.calls == []


def test_a_webhook_without_a_secret_ends_the_process_with_status_two(told: Settings) -> None:
    with pytest.raises(SystemExit) as ended:
        room.jobs(replace(told, billing_webhook_secret_file=None))
    assert ended.value.code == 2


def test_one_unreadable_delivery_or_line_does_not_hold_up_the_others(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: BillingServiceStub,
    told: Settings,
    accounting: Accounting,
    database: Database[dict[str, Any]],
    unreadable: Callable[[], set[tuple[str, str]]],
) -> None:
    accounting.status = 500
    with_bad_line = billed_monthly(sales, legal, end_date="2026-01-31")
    plan(ops, with_bad_line.id)
    assert hand_over(told) == 0
    unread = database["billing_deliveries"].find_one({})
    assert unread is not None
    database["billing_deliveries"].update_many({}, {"$set": {"next_time": LONG_AGO}})
    copy = {**unread, "_id": unread["_id"][:-1] + "~", "billing_line_ids": 7, "assigned": False, "next_time": LONG_AGO}
    database["billing_deliveries"].insert_one(copy)
    database["billing_lines"].update_one({"contract_id": with_bad_line.id}, {"$set": {"due_date": "soon"}})
    accounting.status, accounting.calls = 200, []
    plan(ops, billed_monthly(sales, legal, end_date="2026-01-31").id)
    assert hand_over(told) == 1
    assert len(accounting.lines()) == 1
    kept = database["billing_deliveries"].find_one({"_id": unread["_id"]})
    assert kept is not None
    assert (kept["attempts"], kept["last_error"].partition(":")[0]) == (2, "a line cannot be read")
    assert unreadable() == {("billing_deliveries", copy["_id"])}
    database["billing_deliveries"].delete_one({"_id": copy["_id"]})
