"""Every read of contracts answers as of a day, made of nothing that was recorded after a moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import entitlement_service_pb2 as entitlement
from membercare.contracts.v1 import paperwork_service_pb2 as paperwork
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.timestamps import to_datetime, to_timestamp
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NOBODY, a_customer, a_draft, an_active, terminating
from tests.integration.contracts.entitlement_builders import CASES, a_line, allowing, covering, reserving, today
from tests.integration.contracts.paperwork_builders import Desks
from tests.integration.waiting import wait_until

ACTIVE, TERMINATED = 3, 4
Read = Callable[..., list[contract_pb2.Contract]]


def listed(sales: ContractsServiceStub, customer_id: str, **asked: Any) -> list[contract_pb2.Contract]:
    wanted = pb.ContractFilter(customer_id=customer_id)
    return list(sales.ListContracts(pb.ListContractsRequest(filter=wanted, **asked)).contracts)


def of_customer(sales: ContractsServiceStub, customer_id: str, **asked: Any) -> list[contract_pb2.Contract]:
    request = pb.BatchListContractsByCustomerRequest(customer_ids=[customer_id], **asked)
    return [contract for each in sales.BatchListContractsByCustomer(request).results for contract in each.contracts]


def batched(sales: ContractsServiceStub, customer_id: str, **asked: Any) -> list[contract_pb2.Contract]:
    ids = [each.id for each in listed(sales, customer_id)]
    found = sales.BatchGetContracts(pb.BatchGetContractsRequest(contract_ids=ids, **asked)).contracts
    return sorted(found, key=lambda each: each.id)


def later() -> None:
    """Return in another millisecond: what is recorded is told apart by it."""
    begun = SystemClock().now()
    wait_until(lambda: SystemClock().now() > begun + timedelta(milliseconds=2))


def a_moment() -> Any:
    later()
    moment = to_timestamp(SystemClock().now())
    later()
    return moment


@pytest.mark.parametrize("read", [listed, of_customer, batched])
def test_a_read_of_many_shows_terms_and_states_of_a_day_as_known_at_a_moment(
    read: Read, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    term = {"start_date": today(days=100).isoformat(), "end_date": today(days=-264).isoformat(), "time_zone": "UTC"}
    first = an_active(sales, legal, title="Care", **term)
    customer_id = first.customer_id
    known = a_moment()
    second = an_active(sales, legal, customer_id=customer_id, title="More care", **term)
    amended = pb.AmendContractRequest(
        contract_id=first.id,
        effective_date=today(days=50).isoformat(),
        reason="larger",
        title="Larger care",
        end_date=first.end_date,
        price=first.price,
    )
    sales.AmendContract(amended)
    legal.TerminateContract(terminating(first.id, effective_date=today(days=10).isoformat()))

    def told(**asked: Any) -> list[tuple[str, int]]:
        return [(each.title, each.state) for each in read(sales, customer_id, **asked)]

    assert told() == [("Larger care", TERMINATED), ("More care", ACTIVE)]
    assert told(as_of=today(days=20).isoformat()) == [("Larger care", ACTIVE), ("More care", ACTIVE)]
    assert told(as_of=today(days=60).isoformat()) == [("Care", ACTIVE), ("More care", ACTIVE)]
    assert told(known_at=known) == told(as_of=today().isoformat(), known_at=known) == [("Care", ACTIVE)]
    assert told(known_at=to_timestamp(to_datetime(first.create_time) - timedelta(days=1))) == []
    assert second.id in {each.id for each in read(sales, customer_id)}


@pytest.mark.parametrize("read", [listed, of_customer, batched])
@pytest.mark.parametrize(
    ("asked", "at_fault"),
    [({"as_of": "yesterday"}, "as_of"), ({"known_at": {"seconds": 2**60}}, "known_at")],
)
def test_a_day_or_a_moment_that_no_calendar_has_is_refused(
    read: Read, sales: ContractsServiceStub, asked: dict[str, Any], at_fault: str
) -> None:
    draft = a_draft(sales)
    refusal = refused(read, sales, customer_id=draft.customer_id, **asked)
    assert (refusal.kind, refusal.field) == (Kind.INVALID, at_fault)


def test_what_was_not_yet_known_takes_nobodys_place_among_the_contracts_of_a_customer(
    sales: ContractsServiceStub,
) -> None:
    customer_id = a_customer(sales).id
    rewritten, kept, third = (a_draft(sales, customer_id, title=f"N{number}") for number in range(3))
    known = a_moment()
    sales.UpdateContractDraft(
        pb.UpdateContractDraftRequest(
            contract_id=rewritten.id,
            title="Anew",
            start_date=rewritten.start_date,
            end_date=rewritten.end_date,
            price=rewritten.price,
        )
    )
    found = of_customer(sales, customer_id, known_at=known, limit_per_customer=2)
    assert [each.id for each in found] == sorted([kept.id, third.id])


def test_pages_as_of_a_moment_are_complete(sales: ContractsServiceStub) -> None:
    customer_id = a_customer(sales).id
    ids = sorted(a_draft(sales, customer_id).id for _ in range(3))
    known = a_moment()
    a_draft(sales, customer_id)
    request = pb.ListContractsRequest(filter=pb.ContractFilter(customer_id=customer_id), page_size=2, known_at=known)
    first = sales.ListContracts(request)
    request.page_token = first.next_page_token
    last = sales.ListContracts(request)
    assert [each.id for page in (first, last) for each in page.contracts] == ids
    assert last.next_page_token == ""


@pytest.mark.parametrize(
    "wanted",
    [
        {"state": ACTIVE},
        {"states": [ACTIVE]},
        {"reviewer": "zhou.min"},
        {"asset_id": "ast_00000000000000000000000000"},
        {"ending_from": "2026-01-01"},
        {"ending_to": "2026-01-01"},
    ],
)
@pytest.mark.parametrize("asked", [{"as_of": "2026-06-01"}, {"known_at": {"seconds": 1_800_000_000}}])
def test_a_list_as_of_another_day_is_not_selected_by_what_is_so_today(
    sales: ContractsServiceStub, wanted: dict[str, Any], asked: dict[str, Any]
) -> None:
    refusal = refused(sales.ListContracts, pb.ListContractsRequest(filter=pb.ContractFilter(**wanted), **asked))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, f"filter.{next(iter(wanted))}")
    of_owner = pb.ListContractsRequest(filter=pb.ContractFilter(owner_id=NOBODY), **asked)
    assert list(sales.ListContracts(of_owner).contracts) == []


def test_allowances_are_those_of_the_terms_and_uses_known_at_a_moment(
    calling: Calling, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    agent = calling.as_subject(EntitlementServiceStub, "anna", "agent")
    contract = covering(calling, a_customer(sales).id, a_line(allowances=[allowing(CASES, 3)]))
    agreed = a_moment()
    usage = agent.ReserveAllowance(reserving(contract.customer_id, quantity=2)).usage
    reserved = a_moment()
    agent.ConsumeAllowance(entitlement.ConsumeAllowanceRequest(usage_id=usage.id, actual_quantity=1))
    consumed = a_moment()
    more = a_line(id=contract.lines[0].id, allowances=[allowing(CASES, 5)])
    sales.AmendContract(
        pb.AmendContractRequest(
            contract_id=contract.id,
            effective_date=today(days=20).isoformat(),
            reason="more",
            title=contract.title,
            end_date=contract.end_date,
            lines=[more],
        )
    )

    def balance(**asked: Any) -> list[tuple[int, int, int, int]]:
        request = entitlement.BatchListAllowancesByContractRequest(contract_ids=[contract.id], **asked)
        found = agent.BatchListAllowancesByContract(request).results
        return [(each.total, each.reserved, each.consumed, each.remaining) for one in found for each in one.allowances]

    assert balance() == balance(as_of=today().isoformat()) == [(5, 0, 1, 4)]
    assert balance(as_of=today(days=21).isoformat()) == balance(known_at=consumed) == [(3, 0, 1, 2)]
    assert balance(known_at=reserved) == [(3, 2, 0, 1)]
    assert balance(known_at=agreed) == [(3, 0, 0, 3)]
    assert balance(known_at=to_timestamp(to_datetime(contract.create_time) - timedelta(days=1))) == []
    wrong = entitlement.BatchListAllowancesByContractRequest(contract_ids=[contract.id], as_of="soon")
    assert refused(agent.BatchListAllowancesByContract, wrong).field == "as_of"


def test_the_text_of_a_contract_is_that_which_held_on_the_day(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    desks = Desks(calling)
    drafted = desks.a_draft(title="Lift care", lines=[a_line()])
    desks.choose(drafted.id, desks.a_published().id)
    desks.approve(drafted.id)
    unsigned = a_moment()
    contract = desks.sign(drafted.id)
    signed = a_moment()
    first_day = datetime.fromisoformat(contract.start_date).date() + timedelta(days=30)
    amended = desks.sales.AmendContract(
        pb.AmendContractRequest(
            contract_id=contract.id,
            effective_date=first_day.isoformat(),
            reason="larger",
            title="Larger care",
            end_date=contract.end_date,
            lines=contract.lines,
        )
    ).contract

    def text(**asked: Any) -> tuple[int, str]:
        request = paperwork.GetContractTextRequest(contract_id=contract.id, **asked)
        found = desks.sales_papers.GetContractText(request).contract_text
        return found.terms_number, found.sha256

    first, second = (0, contract.signed_text_sha256), (2, amended.versions[1].text_sha256)
    assert text(as_of=(first_day - timedelta(days=1)).isoformat()) == text() == first
    assert text(as_of=first_day.isoformat()) == second
    assert text(as_of=first_day.isoformat(), known_at=signed) == text(known_at=signed) == first
    early = paperwork.GetContractTextRequest(contract_id=contract.id, known_at=unsigned)
    assert refused(desks.sales_papers.GetContractText, early).reason == "SIGNED_TEXT_NOT_FOUND"
    both = paperwork.GetContractTextRequest(contract_id=contract.id, terms_number=2, as_of=first_day.isoformat())
    assert refused(desks.sales_papers.GetContractText, both).field == "terms_number"
