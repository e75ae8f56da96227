from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.contracts.v1 import customer_pb2, opportunity_pb2
from membercare.contracts.v1 import customers_service_pb2 as customers_pb
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind, NotFound
from services.contracts.app import sales as room
from services.contracts.domain.sales.opportunity import OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import OpportunityKind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, NOBODY
from tests.integration.contracts.sales_builders import (
    NO_LEAD,
    NO_OPPORTUNITY,
    a_lead,
    an_opportunity,
    as_sales,
    customer_of,
    day,
    new_lead,
    new_opportunity,
    yuan,
)

ASSET = "ast_00000000000000000000000000"
QUALIFYING, PROPOSING, NEGOTIATING, WON, LOST = 1, 2, 3, 4, 5


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


@pytest.fixture
def customer_id(calling: Calling) -> str:
    return customer_of(calling)


def read(stub: SalesServiceStub, opportunity_id: str) -> opportunity_pb2.Opportunity:
    return stub.GetOpportunity(pb.GetOpportunityRequest(opportunity_id=opportunity_id)).opportunity


def test_an_opportunity_is_opened_and_read_back_as_told(sales: SalesServiceStub, customer_id: str) -> None:
    told = {"title": "十台水泵", "owner_id": NOBODY, "close_date": "2027-03-31", "contract_id": NO_CONTRACT}
    deal = an_opportunity(sales, customer_id, amount=yuan(5_000), asset_ids=[ASSET, ASSET], **told)
    assert {field: getattr(deal, field) for field in told} == told
    assert (deal.amount, list(deal.asset_ids), deal.author) == (yuan(5_000), [ASSET], "sophie")
    assert [(move.stage, move.author) for move in deal.moves] == [(QUALIFYING, "sophie")]
    assert read(sales, deal.id) == deal


def test_an_opportunity_moves_through_its_stages_and_back_to_a_new_proposal(
    sales: SalesServiceStub, customer_id: str
) -> None:
    deal = an_opportunity(sales, customer_id)
    for verb, stage in (("Propose", PROPOSING), ("Negotiate", NEGOTIATING), ("Propose", PROPOSING)):
        request = getattr(pb, f"{verb}OpportunityRequest")(opportunity_id=deal.id)
        assert getattr(sales, f"{verb}Opportunity")(request).opportunity.stage == stage
    moves = [move.stage for move in read(sales, deal.id).moves]
    assert moves == [QUALIFYING, PROPOSING, NEGOTIATING, PROPOSING]


def test_an_opportunity_is_won_or_lost_with_a_reason_and_what_is_lost_is_reopened(
    sales: SalesServiceStub, customer_id: str
) -> None:
    won = sales.WinOpportunity(
        pb.WinOpportunityRequest(
            opportunity_id=an_opportunity(sales, customer_id).id, reason=opportunity_pb2.WIN_REASON_SERVICE
        )
    ).opportunity
    assert (won.stage, won.win_reason, won.HasField("closed_time")) == (WON, opportunity_pb2.WIN_REASON_SERVICE, True)
    deal = an_opportunity(sales, customer_id)
    lost = sales.LoseOpportunity(
        pb.LoseOpportunityRequest(
            opportunity_id=deal.id, reason=opportunity_pb2.LOSS_REASON_OTHER, note="They build their own."
        )
    ).opportunity
    assert (lost.stage, lost.loss_reason, lost.outcome_note) == (
        LOST,
        opportunity_pb2.LOSS_REASON_OTHER,
        "They build their own.",
    )
    again = sales.ReopenOpportunity(pb.ReopenOpportunityRequest(opportunity_id=deal.id)).opportunity
    assert (again.stage, again.loss_reason, again.HasField("closed_time")) == (QUALIFYING, 0, False)
    refusal = refused(sales.ReopenOpportunity, pb.ReopenOpportunityRequest(opportunity_id=won.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "OPPORTUNITY_TRANSITION_REFUSED")
    assert read(sales, won.id) == won


def test_a_correction_sets_the_fields_of_its_mask_and_no_others(sales: SalesServiceStub, customer_id: str) -> None:
    deal = an_opportunity(sales, customer_id, amount=yuan(5_000), close_date="2027-03-31", owner_id=NOBODY)
    request = pb.UpdateOpportunityRequest(
        opportunity_id=deal.id, title="More", amount=yuan(7_000), update_mask=FieldMask(paths=["amount", "close_date"])
    )
    changed = sales.UpdateOpportunity(request).opportunity
    assert (changed.title, changed.amount, changed.close_date, changed.owner_id) == (
        "Ten pumps",
        yuan(7_000),
        "",
        NOBODY,
    )


WRONG_CHANGES: list[tuple[str, dict[str, Any], str, str]] = [
    ("WinOpportunity", {}, "INVALID_FIELD", "reason"),
    ("WinOpportunity", {"reason": 6}, "INVALID_FIELD", "note"),
    ("WinOpportunity", {"reason": 2, "note": "x" * 501}, "INVALID_FIELD", "note"),
    ("LoseOpportunity", {}, "INVALID_FIELD", "reason"),
    ("LoseOpportunity", {"reason": 7}, "INVALID_FIELD", "note"),
    ("LoseOpportunity", {"reason": 99}, "INVALID_FIELD", "reason"),
    ("LoseOpportunity", {"reason": 1, "etag": "9"}, "STALE_VERSION", "etag"),
    ("NegotiateOpportunity", {}, "OPPORTUNITY_TRANSITION_REFUSED", ""),
    ("FollowUpOpportunity", {"note": ""}, "INVALID_FIELD", "note"),
    ("FollowUpOpportunity", {"note": "x", "next_action": "x" * 201}, "INVALID_FIELD", "next_action"),
    ("UpdateOpportunity", {}, "INVALID_FIELD", "update_mask"),
    ("UpdateOpportunity", {"update_mask": {"paths": ["stage"]}}, "INVALID_FIELD", "update_mask"),
    ("UpdateOpportunity", {"update_mask": {"paths": ["title"]}}, "INVALID_FIELD", "title"),
    ("UpdateOpportunity", {"update_mask": {"paths": ["owner_id"]}, "owner_id": NO_LEAD}, "INVALID_ID", "owner_id"),
]


@pytest.mark.parametrize(("call", "fields", "reason", "at_fault"), WRONG_CHANGES)
def test_a_wrong_change_is_refused_and_changes_nothing(
    sales: SalesServiceStub, customer_id: str, call: str, fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    deal = an_opportunity(sales, customer_id)
    request = getattr(pb, f"{call}Request")(opportunity_id=deal.id, **fields)
    refusal = refused(getattr(sales, call), request)
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert read(sales, deal.id) == deal


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"kind": 0}, "INVALID_FIELD", "kind"),
        ({"kind": 99}, "INVALID_FIELD", "kind"),
        ({"title": "x" * 201}, "INVALID_FIELD", "title"),
        ({"customer_id": NO_CUSTOMER}, "CUSTOMER_NOT_FOUND", ""),
        ({"customer_id": NO_LEAD}, "INVALID_ID", "customer_id"),
        ({"owner_id": NO_CUSTOMER}, "INVALID_ID", "owner_id"),
        ({"contract_id": NO_CUSTOMER}, "INVALID_ID", "contract_id"),
        ({"asset_ids": [NO_CUSTOMER]}, "INVALID_ID", "asset_ids"),
        ({"asset_ids": [ASSET] * 501}, "INVALID_FIELD", "asset_ids"),
        ({"amount": {"currency_code": "cny", "minor_units": 1}}, "INVALID_FIELD", "amount.currency_code"),
        ({"close_date": "2027-02-29"}, "INVALID_FIELD", "close_date"),
    ],
)
def test_a_wrong_opportunity_is_refused_and_not_stored(
    sales: SalesServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    refusal = refused(sales.CreateOpportunity, new_opportunity(**{"customer_id": customer_id, **fields}))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["opportunities"].count_documents({}) == 0


def test_every_filter_of_opportunities_selects_what_it_says(
    calling: Calling, sales: SalesServiceStub, customer_id: str
) -> None:
    late = an_opportunity(sales, customer_id, close_date="2027-03-31").id
    other = an_opportunity(
        sales, customer_of(calling), kind=opportunity_pb2.OPPORTUNITY_KIND_EXPANSION, owner_id=NOBODY
    ).id
    lost = an_opportunity(sales, customer_id).id
    for deal, due in ((late, day(-2)), (lost, day(-2)), (other, day(2))):
        request = pb.FollowUpOpportunityRequest(opportunity_id=deal, note="x", next_action="Call", next_action_date=due)
        sales.FollowUpOpportunity(request)
    sales.LoseOpportunity(pb.LoseOpportunityRequest(opportunity_id=lost, reason=opportunity_pb2.LOSS_REASON_PRICE))

    def found(**wanted: Any) -> list[str]:
        deals = sales.ListOpportunities(pb.ListOpportunitiesRequest(filter=pb.OpportunityFilter(**wanted)))
        return sorted(deal.id for deal in deals.opportunities)

    assert found() == sorted([late, other, lost])
    assert found(overdue=True) == [late]
    assert found(open=True) == sorted([late, other])
    assert found(open=True, stage=LOST) == []
    assert found(stage=LOST) == [lost]
    assert found(customer_id=customer_id) == sorted([late, lost])
    assert found(owner_id=NOBODY) == [other]
    assert found(kind=opportunity_pb2.OPPORTUNITY_KIND_EXPANSION) == [other]
    assert found(closes_from="2027-03-31", closes_through="2027-03-31") == [late]
    assert found(closes_through="2027-03-30") == []


def test_the_opportunities_of_many_customers_come_at_once_newest_first(
    sales: SalesServiceStub, customer_id: str
) -> None:
    made = sorted((an_opportunity(sales, customer_id).id for _ in range(3)), reverse=True)
    request = pb.BatchListOpportunitiesByCustomerRequest(customer_ids=[customer_id, NO_CUSTOMER], limit_per_customer=2)
    (result,) = sales.BatchListOpportunitiesByCustomer(request).results
    assert (result.customer_id, [deal.id for deal in result.opportunities]) == (customer_id, made[:2])
    batch = pb.BatchGetOpportunitiesRequest(opportunity_ids=[made[0], NO_OPPORTUNITY])
    assert [deal.id for deal in sales.BatchGetOpportunities(batch).opportunities] == [made[0]]
    missing = refused(sales.GetOpportunity, pb.GetOpportunityRequest(opportunity_id=NO_OPPORTUNITY))
    assert missing.reason == "OPPORTUNITY_NOT_FOUND"


def test_another_room_opens_an_opportunity_once_for_one_reason_whatever_became_of_it(
    sales: SalesServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    open_opportunity = room.open_opportunity()
    offer = OpportunityDetails(
        kind=OpportunityKind.SIGNING_OFFER, title="Warranty ends", customer_id=customer_id, asset_ids=(ASSET,)
    )
    first = open_opportunity(offer, once="warranty:group-7")
    assert (read(sales, first.id).kind, first.author) == (opportunity_pb2.OPPORTUNITY_KIND_SIGNING_OFFER, "")
    sales.LoseOpportunity(pb.LoseOpportunityRequest(opportunity_id=first.id, reason=opportunity_pb2.LOSS_REASON_PRICE))
    assert open_opportunity(offer, once="warranty:group-7").id == first.id
    assert open_opportunity(offer, once="warranty:group-8").id != first.id
    assert database["opportunities"].count_documents({}) == 2
    nobody = OpportunityDetails(kind=OpportunityKind.SIGNING_OFFER, title="X", customer_id=NO_CUSTOMER)
    with pytest.raises(NotFound):
        open_opportunity(nobody, once="warranty:group-9")


def test_who_reads_may_not_write_and_a_manager_hands_deals_over(calling: Calling, sales: SalesServiceStub) -> None:
    deal = an_opportunity(sales, customer_of(calling, kind=customer_pb2.CUSTOMER_KIND_PERSON))
    manager, auditor = (calling.as_role(SalesServiceStub, role) for role in ("manager", "auditor"))
    handed = pb.UpdateOpportunityRequest(
        opportunity_id=deal.id, owner_id=NOBODY, update_mask=FieldMask(paths=["owner_id"])
    )
    assert refused(auditor.UpdateOpportunity, handed).kind is Kind.FORBIDDEN
    won = pb.WinOpportunityRequest(opportunity_id=deal.id, reason=opportunity_pb2.WIN_REASON_PRICE)
    assert refused(manager.WinOpportunity, won).kind is Kind.FORBIDDEN
    assert read(auditor, deal.id) == deal
    assert manager.UpdateOpportunity(handed).opportunity.owner_id == NOBODY


def test_a_doublet_gets_no_new_business_and_its_deals_are_found_through_its_survivor(
    calling: Calling, sales: SalesServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    survivor = customer_of(calling)
    deal = an_opportunity(sales, customer_id)
    merge = customers_pb.MergeCustomersRequest(customer_id=customer_id, into_id=survivor)
    calling.as_role(CustomersServiceStub, "admin").MergeCustomers(merge)
    for call, request in (
        (sales.CreateOpportunity, new_opportunity(customer_id)),
        (sales.CreateLead, new_lead(customer_id=customer_id)),
        (sales.QualifyLead, pb.QualifyLeadRequest(lead_id=a_lead(sales).id, title="X", customer_id=customer_id)),
    ):
        assert refused(call, request).reason == "CUSTOMER_MERGED"
    assert database["opportunities"].count_documents({}) == 1
    listed = pb.ListOpportunitiesRequest(filter=pb.OpportunityFilter(customer_id=survivor))
    assert list(sales.ListOpportunities(listed).opportunities) == [deal]
    batch = pb.BatchListOpportunitiesByCustomerRequest(customer_ids=[survivor])
    (result,) = sales.BatchListOpportunitiesByCustomer(batch).results
    assert (result.customer_id, list(result.opportunities)) == (survivor, [deal])
