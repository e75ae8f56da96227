"""Kills real processes at random moments while touches are sent and events flow; nothing is lost, nothing doubled."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from deploy.local.rabbitmq import RabbitMQ
from deploy.local.suite import Suite
from membercare.care.v1 import campaign_pb2, campaign_plan_pb2, member_pb2, segment_pb2, visit_pb2
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import segments_service_pb2 as segments
from membercare.contracts.v1 import contract_pb2, customer_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.feedback.v1 import feedback_service_pb2 as feedback
from membercare.kpi.v1 import kpi_service_pb2 as kpi
from tests.e2e.evidence import Evidence
from tests.e2e.patient import Patient, until

TOUCHES = {"embedded": 5_000, "amqp": 500}
"""Touches do not travel on the bus: one bus with all of them is enough, and the suite stays quick."""
CONTRACTS = 1_000
BAD_VISITS = 500
"""1,000 activations, 500 visits that went badly and 500 closed cases are 2,000 events that somebody hears."""
ZONE = "Asia/Shanghai"
VICTIMS = (
    "care-jobs",
    "care-dispatch",
    "care-consumers",
    "care-rpc",
    "contracts-rpc",
    "contracts-jobs",
    "feedback-consumers",
    "feedback-jobs",
    "feedback-rpc",
    "kpi-consumers",
    "care-dispatch",
    "care-jobs",
)


@dataclass
class Killer:
    """Kills in the background until told to stop, then says whom."""

    suite: Suite
    broker: RabbitMQ | None
    chance: random.Random
    done: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        victims = [*VICTIMS, "mongod", *(["broker"] if self.broker else [])]
        self.chance.shuffle(victims)
        for victim in victims:
            if self._stop.wait(self.chance.uniform(0.5, 3.0)):
                return
            self._kill(victim)
            self.done.append(victim)

    def stop(self) -> None:
        self._stop.set()

    def _kill(self, victim: str) -> None:
        if victim == "broker" and self.broker:
            self.broker.kill9()
            self.broker.start()
        else:
            self.suite.kill9(victim)


@pytest.mark.timeout(600)
def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    suite: Suite, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    on_amqp = bool(suite.places.amqp_url)
    touches = TOUCHES["amqp" if on_amqp else "embedded"]
    broker: RabbitMQ | None = request.getfixturevalue("rabbitmq_broker") if on_amqp else None
    seed = random.randrange(10_000)
    run, began = uuid4().hex[:8], time.monotonic()
    killer = Killer(suite, broker, random.Random(seed))
    killing = threading.Thread(target=killer.run)
    with Patient(suite) as patient, Evidence(suite, run) as evidence:
        _import_members(patient, run, count=touches)
        employee, campaign = _employee(patient, run), _start_campaign(suite, patient, tag=run)
        killing.start()
        contracts_made, visits = _live(patient, evidence, suite=suite, employee=employee)
        killing.join()
        until(lambda: evidence.sent(campaign) == touches, seconds=90, what="every touch is sent")
        until(lambda: len(evidence.facts(employee)) >= BAD_VISITS, seconds=60, what="every closed case is a fact")
        figures = evidence.figures(campaign, contracts=contracts_made, visits=visits, employee=employee)
    told = f"{'amqp' if on_amqp else 'embedded'}, seed {seed}, {time.monotonic() - began:.0f} s"
    record_property("figures", f"[{told}] killed {dict(Counter(killer.done))}: {figures}")
    assert figures == {
        "touches sent": touches,
        "touches unknown": 0,
        "mails": touches,
        "mails doubled": 0,
        "visits": CONTRACTS,
        "visits doubled": 0,
        "cases": BAD_VISITS,
        "cases doubled": 0,
        "facts": BAD_VISITS,
        "facts doubled": 0,
        "events parked": 0,
    }


def _live(patient: Patient, evidence: Evidence, *, suite: Suite, employee: str) -> tuple[list[str], list[str]]:
    """Contracts come into force, visits go badly, cases are closed; each arrow on the way is an event."""
    kind = customer_pb2.CUSTOMER_KIND_PERSON
    request = contracts.CreateCustomerRequest(kind=kind, name="Customer")
    customer = patient.call(patient.contracts.CreateCustomer, request).customer.id
    with ThreadPoolExecutor(6) as pool:
        with Patient(suite, subject="lawyer") as lawyer:
            made = list(pool.map(lambda _: _activate(patient, lawyer, customer=customer), range(CONTRACTS)))
        until(lambda: len(evidence.visits(made)) >= CONTRACTS, seconds=90, what="every contract owes a visit")
        bad = evidence.visits(made)[:BAD_VISITS]
        list(pool.map(lambda visit: _complete_badly(patient, visit), bad))
        until(lambda: len(evidence.cases(bad)) >= BAD_VISITS, seconds=90, what="every bad visit opens a case")
        list(pool.map(lambda case: _close(patient, case, employee=employee), evidence.cases(bad)))
    return made, bad


def _import_members(patient: Patient, run: str, *, count: int) -> None:
    today = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()
    rows = [
        f"{run}-{number},Member {number},{ZONE},1990-{today:%m-%d},{run}-{number}@example.com,true,{run}"
        for number in range(count)
    ]
    header = "external_ref,name,time_zone,birthday,email,email_consent,tags"
    if (today.month, today.day) == (2, 29):
        rows = [row.replace("1990-", "1988-") for row in rows]
    content = "\n".join([header, *rows]).encode()
    report = patient.care.ImportMembers(care.ImportMembersRequest(content=content), timeout=60)
    assert (report.created, report.failed) == (count, 0)


def _employee(patient: Patient, run: str) -> str:
    content = f"external_ref,name\n{run},Clerk\n".encode()
    patient.kpi.ImportEmployees(kpi.ImportEmployeesRequest(content=content), timeout=30)
    match = kpi.EmployeeFilter(external_ref=run)
    (employee,) = patient.call(patient.kpi.ListEmployees, kpi.ListEmployeesRequest(filter=match)).employees
    employee_id: str = employee.id
    return employee_id


def _start_campaign(suite: Suite, patient: Patient, *, tag: str) -> str:
    """Return the id of a running campaign for those with the tag: others share the suite."""
    rule = segment_pb2.SegmentRule(tag=segment_pb2.WordList(any_of=[tag]))
    segment = patient.call(
        patient.segments.CreateSegment,
        segments.CreateSegmentRequest(segment=segment_pb2.Segment(name=tag, rule=rule)),
    ).segment
    templates = [
        campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_EN, subject="Hello", body="{{ member.name }}"),
        campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_ZH_HANS, subject="您好", body="{{ member.name }}"),
    ]
    audience = campaign_plan_pb2.CampaignAudience(segment_id=segment.id)
    plan = campaign_pb2.CampaignPlan(send_at="00:00", catch_up_days=2, templates=templates, audience=audience)
    draft = patient.call(patient.care.CreateCampaign, care.CreateCampaignRequest(name="Birthdays", plan=plan)).campaign
    patient.call(patient.care.SubmitCampaign, care.SubmitCampaignRequest(campaign_id=draft.id))
    with Patient(suite, subject="approver") as approver:
        approver.call(approver.care.ApproveCampaign, care.ApproveCampaignRequest(campaign_id=draft.id))
    patient.call(patient.care.StartCampaign, care.StartCampaignRequest(campaign_id=draft.id))
    campaign_id: str = draft.id
    return campaign_id


def _activate(patient: Patient, lawyer: Patient, *, customer: str) -> str:
    draft = patient.call(
        patient.contracts.CreateContract,
        contracts.CreateContractRequest(
            customer_id=customer,
            title="Care",
            start_date="2026-01-01",
            end_date="2099-12-31",
            price=contract_pb2.Money(currency_code="CNY", minor_units=100),
        ),
    ).contract
    patient.call(patient.contracts.SubmitContract, contracts.SubmitContractRequest(contract_id=draft.id))
    lawyer.call(lawyer.contracts.ApproveContract, contracts.ApproveContractRequest(contract_id=draft.id))
    patient.call(patient.contracts.SignContract, contracts.SignContractRequest(contract_id=draft.id))
    patient.call(patient.contracts.ActivateContract, contracts.ActivateContractRequest(contract_id=draft.id))
    contract_id: str = draft.id
    return contract_id


def _complete_badly(patient: Patient, visit: str) -> None:
    request = care.CompleteVisitRequest(
        visit_id=visit, outcome=visit_pb2.VISIT_OUTCOME_DISSATISFIED, satisfaction=2, words="Still leaking"
    )
    patient.call(patient.care.CompleteVisit, request)


def _close(patient: Patient, case: str, *, employee: str) -> None:
    patient.call(patient.feedback.AssignCase, feedback.AssignCaseRequest(case_id=case, assignee_id=employee))
    patient.call(patient.feedback.CloseCase, feedback.CloseCaseRequest(case_id=case, resolution="Mended"))
