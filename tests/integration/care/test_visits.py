from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import visit_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.contracts.v1.events_pb2 import ContractActivated, ContractTerminated
from services.care.app import segments
from services.care.app.loyalty import hear_value
from services.care.app.members import build_hear_complaint, build_relink_customer
from services.care.app.visits import hearers
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.store.members.merged_customers import MongoMergedCustomers
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.patience import Permanent
from services.chassis.timestamps import to_timestamp
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, utc

CONTRACT = "con_00000000000000000000000001"
CUSTOMER = "cus_00000000000000000000000001"
OWNER = "emp_00000000000000000000000001"
EVENING = utc("2026-11-21 17:00")  # the 22nd in Shanghai


@pytest.fixture
def consumers(database: Database[dict[str, Any]]) -> CareConsumers:
    clock = FrozenClock(EVENING)
    merged = MongoMergedCustomers()
    plan, cancel, follow, confirm = hearers(Settings(), clock)
    relink = build_relink_customer(clock, merged)
    act, answer, note, renewal, move, warrant = segments.recorders(merged)
    complaint, value, worth = build_hear_complaint(clock), hear_value(Settings()), segments.note_value()
    return CareConsumers(
        Inbox(),
        act,
        answer,
        plan,
        cancel,
        note,
        renewal,
        relink,
        complaint,
        move,
        warrant,
        worth,
        follow,
        confirm,
        value,
    )


def envelope(message: ContractActivated | ContractTerminated, **fields: str) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    data = MessageToDict(message, preserving_proto_field_name=True)
    defaults: dict[str, Any] = {
        "id": "evt_1",
        "type": "contract_activated",
        "source": "contracts",
        "time": "2026-11-21T17:00:00.000Z",
        "subject": CONTRACT,
        "schema": message.DESCRIPTOR.full_name,
        "trace": "",
        "data": data,
    }
    return Envelope.from_dict(defaults | fields).to_dict()


def activated(version: int = 3) -> dict[str, Any]:
    return envelope(
        ContractActivated(
            contract_id=CONTRACT,
            customer_id=CUSTOMER,
            owner_id=OWNER,
            contract_version=version,
            occurred_time=to_timestamp(EVENING),
        )
    )


def terminated(version: int = 4) -> dict[str, Any]:
    ended = ContractTerminated(contract_id=CONTRACT, customer_id=CUSTOMER, contract_version=version)
    return envelope(ended, id="evt_2", type="contract_terminated")


def test_an_activated_contract_owes_a_visit_seven_days_later_in_the_companys_zone(
    consumers: CareConsumers, greetings: Greetings, calling: Calling
) -> None:
    member = greetings.member(customer_id=CUSTOMER)
    greetings.member(customer_id=CUSTOMER)
    consumers.on_contract_activated(activated())
    agent = calling.as_role(CareServiceStub, "agent")
    (result,) = agent.BatchListVisitsByMember(pb.BatchListVisitsByMemberRequest(member_ids=[member.id])).results
    (visit,) = result.visits
    assert (visit.contract_id, visit.owner_id, visit.due_date) == (CONTRACT, OWNER, "2026-11-29")
    assert visit.state == visit_pb2.VISIT_STATE_DUE


def test_the_same_event_twice_owes_one_visit(consumers: CareConsumers, database: Database[dict[str, Any]]) -> None:
    consumers.on_contract_activated(activated())
    consumers.on_contract_activated(activated())
    assert database["visits"].count_documents({}) == 1


def test_a_repeat_does_not_reopen_a_visit_that_was_made(
    consumers: CareConsumers, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    consumers.on_contract_activated(activated())
    (found,) = database["visits"].find()
    done = pb.CompleteVisitRequest(visit_id=found["_id"], outcome=visit_pb2.VISIT_OUTCOME_SATISFIED, satisfaction=5)
    calling.as_role(CareServiceStub, "agent").CompleteVisit(done)
    consumers.on_contract_activated(activated())
    assert [visit["state"] for visit in database["visits"].find()] == ["VISIT_STATE_COMPLETED"]


def test_a_terminated_contract_withdraws_its_visit(
    consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_contract_activated(activated())
    consumers.on_contract_terminated(terminated())
    assert [visit["state"] for visit in database["visits"].find()] == ["VISIT_STATE_CANCELLED"]


def test_an_end_that_names_no_contract_withdraws_nothing(
    consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_contract_activated(activated())
    nameless = ContractTerminated(customer_id=CUSTOMER, contract_version=4)
    consumers.on_contract_terminated(envelope(nameless, id="evt_2", type="contract_terminated"))
    assert [visit["state"] for visit in database["visits"].find()] == ["VISIT_STATE_DUE"]


def test_events_out_of_order_end_the_same(consumers: CareConsumers, database: Database[dict[str, Any]]) -> None:
    consumers.on_contract_terminated(terminated(version=4))
    consumers.on_contract_activated(activated(version=3))
    assert database["visits"].count_documents({}) == 0


def test_an_event_of_an_unknown_schema_is_not_guessed_at(
    consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    strange = activated() | {"schema": "membercare.contracts.v9.ContractActivated"}
    with pytest.raises(Permanent):
        consumers.on_contract_activated(strange)
    assert database["visits"].count_documents({}) == 0


def test_a_visit_that_went_badly_is_recorded_and_said(
    consumers: CareConsumers, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    consumers.on_contract_activated(activated())
    (found,) = database["visits"].find()
    request = pb.CompleteVisitRequest(
        visit_id=found["_id"], outcome=visit_pb2.VISIT_OUTCOME_DISSATISFIED, satisfaction=1, words="还是漏水", etag="1"
    )
    visit = calling.as_role(CareServiceStub, "agent").CompleteVisit(request).visit
    assert (visit.state, visit.words, visit.satisfaction) == (visit_pb2.VISIT_STATE_COMPLETED, "还是漏水", 1)
    (stored,) = database["visits"].find()
    assert [said["type"] for said in stored["outbox"]] == ["visit_due", "visit_completed"]


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"outcome": 0}, "INVALID_FIELD", "outcome"),
        ({"outcome": 77}, "INVALID_FIELD", "outcome"),
        ({"satisfaction": 9}, "INVALID_FIELD", "satisfaction"),
        ({"words": "x" * 2001}, "INVALID_FIELD", "words"),
        ({"visit_id": "vis_00000000000000000000000000"}, "VISIT_NOT_FOUND", ""),
        ({"visit_id": CONTRACT}, "INVALID_ID", "visit_id"),
        ({"etag": "9"}, "STALE_VERSION", "etag"),
    ],
)
def test_an_outcome_that_is_wrong_is_refused_and_nothing_is_written(
    consumers: CareConsumers,
    calling: Calling,
    database: Database[dict[str, Any]],
    *,
    fields: dict[str, Any],
    reason: str,
    field: str,
) -> None:
    consumers.on_contract_activated(activated())
    (before,) = database["visits"].find()
    request: dict[str, Any] = {"visit_id": before["_id"], "outcome": visit_pb2.VISIT_OUTCOME_SATISFIED}
    refusal = refused(
        calling.as_role(CareServiceStub, "agent").CompleteVisit, pb.CompleteVisitRequest(**request | fields)
    )
    assert (refusal.reason, refusal.field) == (reason, field)
    assert list(database["visits"].find()) == [before]


def test_a_call_list_shows_what_is_due_for_one_employee(consumers: CareConsumers, calling: Calling) -> None:
    consumers.on_contract_activated(activated())
    agent = calling.as_role(CareServiceStub, "agent")
    match = pb.VisitFilter(owner_id=OWNER, state=visit_pb2.VISIT_STATE_DUE, due_through="2026-11-29")
    assert len(agent.ListVisits(pb.ListVisitsRequest(filter=match)).visits) == 1
    earlier = pb.VisitFilter(owner_id=OWNER, due_through="2026-11-28")
    assert len(agent.ListVisits(pb.ListVisitsRequest(filter=earlier)).visits) == 0
    wrong = pb.ListVisitsRequest(filter=pb.VisitFilter(due_through="2026-02-30"))
    assert refused(agent.ListVisits, wrong).field == "filter.due_through"
