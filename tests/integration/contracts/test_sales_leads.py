from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import customer_pb2, lead_pb2, opportunity_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, NOBODY
from tests.integration.contracts.sales_builders import NO_LEAD, a_lead, as_sales, customer_of, day, new_lead, yuan


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


def follow_up(stub: SalesServiceStub, lead_id: str, **fields: Any) -> lead_pb2.Lead:
    return stub.FollowUpLead(pb.FollowUpLeadRequest(lead_id=lead_id, **{"note": "Called.", **fields})).lead


def qualify(lead_id: str, **fields: Any) -> pb.QualifyLeadRequest:
    return pb.QualifyLeadRequest(lead_id=lead_id, **{"title": "Ten pumps", **fields})


NORTH = pb.NewCustomer(kind=customer_pb2.CUSTOMER_KIND_ORGANISATION, name="North Trading", external_ref="K-1")


def test_a_lead_is_written_down_and_read_back_as_told(sales: SalesServiceStub) -> None:
    lead = a_lead(sales, contact=" 王芳 138 0013 8000 ", need="十台水泵", owner_id=NOBODY)
    assert (lead.contact, lead.need, lead.owner_id, lead.author) == ("王芳 138 0013 8000", "十台水泵", NOBODY, "sophie")
    assert (lead.state, lead.etag) == (lead_pb2.LEAD_STATE_NEW, "1")
    assert sales.GetLead(pb.GetLeadRequest(lead_id=lead.id)).lead == lead


def test_a_follow_up_makes_a_new_lead_a_working_one_and_sets_what_comes_next(sales: SalesServiceStub) -> None:
    lead = a_lead(sales)
    follow_up(sales, lead.id, note="Nobody there.", next_action="Call again", next_action_date="2027-01-05")
    worked = follow_up(sales, lead.id, note="Sent a price list.", next_action="Ask", next_action_date="2027-01-12")
    assert worked.state == lead_pb2.LEAD_STATE_WORKING
    assert [(each.note, each.next_action, each.author) for each in worked.follow_ups] == [
        ("Nobody there.", "Call again", "sophie"),
        ("Sent a price list.", "Ask", "sophie"),
    ]
    assert (worked.next_action, worked.next_action_date) == ("Ask", "2027-01-12")
    done = follow_up(sales, lead.id, note="They will call us.")
    assert (done.next_action, done.next_action_date) == ("", "")


def test_a_qualified_lead_is_an_opportunity_of_a_new_customer(
    sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    lead = a_lead(sales, owner_id=NOBODY)
    request = qualify(lead.id, new_customer=NORTH, amount=yuan(5_000_000), close_date="2027-03-31", request_id="q-1")
    reply = sales.QualifyLead(request)
    assert reply.lead.state == lead_pb2.LEAD_STATE_QUALIFIED
    opportunity = reply.opportunity
    assert (reply.lead.opportunity_id, opportunity.lead_id) == (opportunity.id, lead.id)
    assert (opportunity.kind, opportunity.stage) == (
        opportunity_pb2.OPPORTUNITY_KIND_NEW,
        opportunity_pb2.OPPORTUNITY_STAGE_QUALIFYING,
    )
    assert (opportunity.owner_id, opportunity.amount, opportunity.close_date) == (
        NOBODY,
        yuan(5_000_000),
        "2027-03-31",
    )
    (customer,) = database["customers"].find()
    assert (customer["_id"], customer["name"]) == (opportunity.customer_id, "North Trading")
    assert [event["type"] for event in customer["outbox"]] == ["customer_registered"]
    assert sales.QualifyLead(request) == reply
    assert database["opportunities"].count_documents({}) == 1


def test_a_lead_of_a_customer_qualifies_without_naming_it_again(calling: Calling, sales: SalesServiceStub) -> None:
    customer_id = customer_of(calling)
    lead = a_lead(sales, customer_id=customer_id)
    assert sales.QualifyLead(qualify(lead.id)).opportunity.customer_id == customer_id


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({}, "INVALID_FIELD", "customer_id"),
        ({"customer_id": NO_CUSTOMER}, "CUSTOMER_NOT_FOUND", ""),
        ({"customer_id": NO_CONTRACT}, "INVALID_ID", "customer_id"),
        ({"new_customer": pb.NewCustomer(name="X")}, "INVALID_FIELD", "kind"),
        ({"new_customer": NORTH, "title": ""}, "INVALID_FIELD", "title"),
        ({"new_customer": NORTH, "title": "x" * 201}, "INVALID_FIELD", "title"),
        ({"new_customer": NORTH, "close_date": "soon"}, "INVALID_FIELD", "close_date"),
        ({"new_customer": NORTH, "amount": yuan(-1)}, "INVALID_FIELD", "amount.minor_units"),
        ({"new_customer": NORTH, "kind": 99}, "INVALID_FIELD", "kind"),
        ({"new_customer": NORTH, "etag": "9"}, "STALE_VERSION", "etag"),
    ],
)
def test_a_refused_qualification_leaves_the_lead_and_makes_no_customer_and_no_opportunity(
    sales: SalesServiceStub,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    lead = a_lead(sales)
    refusal = refused(sales.QualifyLead, qualify(lead.id, **fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert sales.GetLead(pb.GetLeadRequest(lead_id=lead.id)).lead == lead
    assert database["customers"].count_documents({}) == database["opportunities"].count_documents({}) == 0


def test_a_new_customer_whose_reference_is_taken_is_refused_and_the_lead_stays_as_it_was(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    customer_of(calling, external_ref="K-1")
    lead = a_lead(sales)
    refusal = refused(sales.QualifyLead, qualify(lead.id, new_customer=NORTH))
    assert (refusal.kind, refusal.reason) == (Kind.ALREADY_EXISTS, "CUSTOMER_EXTERNAL_REF_TAKEN")
    assert sales.GetLead(pb.GetLeadRequest(lead_id=lead.id)).lead == lead
    assert database["opportunities"].count_documents({}) == 0


def test_a_second_customer_for_a_lead_that_has_one_is_refused(calling: Calling, sales: SalesServiceStub) -> None:
    lead = a_lead(sales, customer_id=customer_of(calling))
    assert refused(sales.QualifyLead, qualify(lead.id, new_customer=NORTH)).field == "new_customer"


def test_a_lead_is_given_up_with_a_reason_and_taken_up_again(sales: SalesServiceStub) -> None:
    lead = a_lead(sales)
    given_up = sales.DisqualifyLead(
        pb.DisqualifyLeadRequest(lead_id=lead.id, reason=lead_pb2.DISQUALIFY_REASON_OTHER, note="Moved abroad.")
    ).lead
    assert (given_up.state, given_up.disqualify_reason, given_up.disqualify_note) == (
        lead_pb2.LEAD_STATE_DISQUALIFIED,
        lead_pb2.DISQUALIFY_REASON_OTHER,
        "Moved abroad.",
    )
    again = sales.ReopenLead(pb.ReopenLeadRequest(lead_id=lead.id)).lead
    assert (again.state, again.disqualify_reason, again.disqualify_note) == (lead_pb2.LEAD_STATE_WORKING, 0, "")


@pytest.mark.parametrize(
    ("call", "request_type", "fields", "at_fault"),
    [
        ("DisqualifyLead", pb.DisqualifyLeadRequest, {}, "reason"),
        ("DisqualifyLead", pb.DisqualifyLeadRequest, {"reason": 99}, "reason"),
        ("DisqualifyLead", pb.DisqualifyLeadRequest, {"reason": 6}, "note"),
        ("DisqualifyLead", pb.DisqualifyLeadRequest, {"reason": 1, "note": "x" * 501}, "note"),
        ("FollowUpLead", pb.FollowUpLeadRequest, {}, "note"),
        ("FollowUpLead", pb.FollowUpLeadRequest, {"note": "x" * 2001}, "note"),
        ("FollowUpLead", pb.FollowUpLeadRequest, {"note": "x", "next_action": "Call"}, "next_action_date"),
        ("FollowUpLead", pb.FollowUpLeadRequest, {"note": "x", "next_action_date": "2027-01-01"}, "next_action"),
        (
            "FollowUpLead",
            pb.FollowUpLeadRequest,
            {"note": "x", "next_action": "Call", "next_action_date": "2027-02-30"},
            "next_action_date",
        ),
        ("AssignLead", pb.AssignLeadRequest, {}, "owner_id"),
        ("AssignLead", pb.AssignLeadRequest, {"owner_id": NO_CUSTOMER}, "owner_id"),
        ("ReopenLead", pb.ReopenLeadRequest, {"request_id": "x" * 101}, "request_id"),
    ],
)
def test_a_wrong_change_of_a_lead_is_refused_and_changes_nothing(
    sales: SalesServiceStub, call: str, request_type: Any, fields: dict[str, Any], at_fault: str
) -> None:
    lead = a_lead(sales)
    refusal = refused(getattr(sales, call), request_type(lead_id=lead.id, **fields))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, at_fault)
    assert sales.GetLead(pb.GetLeadRequest(lead_id=lead.id)).lead == lead


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"source": 0}, "INVALID_FIELD", "source"),
        ({"contact": " "}, "INVALID_FIELD", "contact"),
        ({"contact": "x" * 501}, "INVALID_FIELD", "contact"),
        ({"need": "x" * 2001}, "INVALID_FIELD", "need"),
        ({"owner_id": NO_CUSTOMER}, "INVALID_ID", "owner_id"),
        ({"customer_id": NOBODY}, "INVALID_ID", "customer_id"),
        ({"customer_id": NO_CUSTOMER}, "CUSTOMER_NOT_FOUND", ""),
    ],
)
def test_a_wrong_lead_is_refused_and_not_stored(
    sales: SalesServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(sales.CreateLead, new_lead(**fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["leads"].count_documents({}) == 0


def test_every_filter_of_leads_selects_what_it_says(calling: Calling, sales: SalesServiceStub) -> None:
    customer_id = customer_of(calling)
    late = follow_up(sales, a_lead(sales, owner_id=NOBODY).id, next_action="Call", next_action_date=day(-2)).id
    soon = follow_up(sales, a_lead(sales).id, next_action="Call", next_action_date=day(2)).id
    fair = a_lead(sales, source=lead_pb2.LEAD_SOURCE_EVENT, customer_id=customer_id).id

    def found(**wanted: Any) -> list[str]:
        leads = sales.ListLeads(pb.ListLeadsRequest(filter=pb.LeadFilter(**wanted))).leads
        return sorted(lead.id for lead in leads)

    assert found() == sorted([late, soon, fair])
    assert found(overdue=True) == [late]
    assert found(state=lead_pb2.LEAD_STATE_WORKING) == sorted([late, soon])
    assert found(source=lead_pb2.LEAD_SOURCE_EVENT) == [fair]
    assert found(owner_id=NOBODY) == [late]
    assert found(customer_id=customer_id) == [fair]
    assert found(customer_id=customer_id, overdue=True) == []


def test_a_lead_that_is_done_is_overdue_no_more(sales: SalesServiceStub) -> None:
    lead = follow_up(sales, a_lead(sales).id, next_action="Call", next_action_date=day(-2))
    sales.DisqualifyLead(pb.DisqualifyLeadRequest(lead_id=lead.id, reason=lead_pb2.DISQUALIFY_REASON_NO_NEED))
    assert not sales.ListLeads(pb.ListLeadsRequest(filter=pb.LeadFilter(overdue=True))).leads


def test_pages_of_leads_are_complete_and_a_batch_leaves_unknown_ids_out(sales: SalesServiceStub) -> None:
    made = sorted(a_lead(sales).id for _ in range(5))
    first = sales.ListLeads(pb.ListLeadsRequest(page_size=3))
    second = sales.ListLeads(pb.ListLeadsRequest(page_size=3, page_token=first.next_page_token))
    assert [lead.id for lead in (*first.leads, *second.leads)] == made
    assert second.next_page_token == ""
    found = sales.BatchGetLeads(pb.BatchGetLeadsRequest(lead_ids=[*made[:2], NO_LEAD]))
    assert sorted(lead.id for lead in found.leads) == made[:2]
    assert refused(sales.BatchGetLeads, pb.BatchGetLeadsRequest(lead_ids=[NO_CUSTOMER])).reason == "INVALID_ID"
    assert refused(sales.GetLead, pb.GetLeadRequest(lead_id=NO_LEAD)).reason == "LEAD_NOT_FOUND"


def test_a_repeated_request_writes_down_one_lead(sales: SalesServiceStub, database: Database[dict[str, Any]]) -> None:
    assert a_lead(sales, request_id="r-1") == a_lead(sales, request_id="r-1")
    assert database["leads"].count_documents({}) == 1
