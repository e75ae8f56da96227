"""A person of whom every room of care has heard: what the room of members must show as a whole, and forget."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import journeys_service_pb2, member_pb2, receipt_pb2, segments_service_pb2, visit_pb2
from membercare.care.v1 import loyalty_service_pb2 as points
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1 import sending_service_pb2 as sending
from membercare.care.v1 import visits_service_pb2 as visits
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from membercare.feedback.v1 import case_pb2
from services.care.consumers import CareConsumers
from services.care.domain.journeys.steps import SendStep, WaitForDuration, WaitStep
from services.care.domain.providers.broadcasts import Broadcast, Quota
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.sending.message import Message
from services.care.domain.span import Span, TimeUnit
from services.care.store.providers.broadcasts import MongoBroadcasts
from services.care.store.providers.message_references import MongoReferenceNotes
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling
from tests.integration.care.calls_due import planned
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.journeying import Journeys
from tests.integration.care.people import a_word, attribute, define, registered
from tests.integration.care.points import begun, earn
from tests.integration.golden import heard, tell

TRACES = ("zephyr", "13800138000", "王西风", "'year': 1990")
"""What tells who it is: names, addresses, birthday and words have one of them."""
BORN = member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=11, day=22, year=1990)
CUSTOMER, PAUSE = heard("contracts.contract_activated")["data"]["customer_id"], WaitForDuration(Span(2, TimeUnit.DAY))


@dataclass
class Life:
    """Whoever is `member` was once also `doublet`; something stands under either id."""

    calling: Calling
    greetings: Greetings
    consumers: CareConsumers
    member: str = ""
    doublet: str = ""
    bystander: str = ""
    """Somebody else, whom the same campaign greeted."""

    @property
    def people(self) -> MembersServiceStub:
        return self.calling.as_role(MembersServiceStub, "admin")

    async def lived(self) -> "Life":
        """Let every room hear of the person under both ids, then merge them."""
        define(self.people, name="nickname", type=pb.ATTRIBUTE_TYPE_TEXT)
        self.doublet = self._registered(external_ref="zephyr-2")
        self.member = self._registered(external_ref="zephyr-1", name="王西风")
        self.bystander = self.greetings.member(birthday=solar("1990-11-22")).id
        for place, each in enumerate((self.doublet, self.member)):
            self.people.RecordConsent(a_word(each, True, proof="zephyr signed"))
            self._acted(each, key=f"o-{place}")
            self._complained(each, case=f"cas_0000000000000000000000000{place}")
        self._loyal()
        await self._written_to()
        self._travelled()
        self._visited()
        self.people.MergeMembers(pb.MergeMembersRequest(member_id=self.doublet, into_id=self.member))
        return self

    def _registered(self, **fields: Any) -> str:
        told: dict[str, Any] = {
            "name": "Zephyr Wang",
            "email": "zephyr@example.com",
            "phone": "+8613800138000",
            "wecom_id": "wm-zephyr",
            "wechat_id": "op-zephyr",
            "tags": ["zephyr"],
            "customer_id": CUSTOMER,
            "time_zone": "Asia/Shanghai",
            "attributes": [attribute("nickname", text="zephyr")],
            "birthday": BORN,
        }
        return registered(self.calling.as_role(CareServiceStub, "ops"), **told | fields).id

    def _acted(self, member_id: str, *, key: str) -> None:
        told = to_timestamp(self.greetings.clock.now() - timedelta(days=2))
        act = segments_service_pb2.ToldAct(member_id=member_id, name="bought", occurred_time=told, key=key)
        ops = self.calling.as_role(SegmentsServiceStub, "ops")
        ops.RecordActs(segments_service_pb2.RecordActsRequest(acts=[act]))
        for kind in ("contract_activated", "asset_delivered", "renewal_won"):
            tell(self.consumers, heard(f"contracts.{kind}"))

    def _complained(self, member_id: str, *, case: str) -> None:
        kind = case_pb2.CaseKind.Name(case_pb2.CASE_KIND_COMPLAINT)
        opened = heard("feedback.case_opened", case_id=case, member_id=member_id, kind=kind)
        tell(self.consumers, opened | {"id": f"evt_{case}"})

    def _loyal(self) -> None:
        ops = self.calling.as_role(LoyaltyServiceStub, "ops")
        begun(ops, self.greetings.database)
        earn(ops, self.doublet, points=5, key="order-1", reference="zephyr-order")
        earn(ops, self.member, points=7, key="order-2", reference="zephyr-order")
        taken = points.RedeemPointsRequest(member_id=self.member, points=3, key="mug-1", reason="a mug for zephyr")
        ops.RedeemPoints(taken)

    async def _written_to(self) -> None:
        """Greet both, with caps in force, and hear of it; one message stands as a task in WeCom."""
        self.greetings.rules(caps=(Cap(3, CapPeriod.DAY),))
        self.greetings.database["members"].update_many({}, {"$set": {"complaints": []}})
        self.greetings.plan(self.greetings.running())
        await self.greetings.dispatch()
        now, ops = self.greetings.clock.now(), self.calling.as_role(SendingServiceStub, "ops")
        touches, delivered = list(self.greetings.database["touches"].find()), receipt_pb2.RECEIPT_KIND_DELIVERED
        messages = {touch["_id"]: f"<{touch['_id']}.1@membercare.example>" for touch in touches}
        words = [
            receipt_pb2.Receipt(kind=delivered, event_id=key, message_id=message, time=to_timestamp(now))
            for key, message in messages.items()
        ]
        ops.RecordReceipts(sending.RecordReceiptsRequest(provider="smtp", receipts=words))
        references = MongoReferenceNotes(self.greetings.client[self.greetings.database.name])
        for touch in touches:
            message = Message(messages[touch["_id"]], "", "", "")
            await references.note("prv_1", message, reference=touch["_id"], now=now)
            if touch["member_id"] != self.bystander:
                self._task(touch, messages[touch["_id"]])
        for each in (self.doublet, self.member):
            asked = sending.GrantWechatCreditsRequest(member_id=each, template_id="t1", count=2, request_id="zephyr")
            ops.GrantWechatCredits(asked)

    def _task(self, touch: dict[str, Any], message: str) -> None:
        now, book = self.greetings.clock.now(), MongoBroadcasts()
        quota = Quota(f"ww01/wm-zephyr/{touch['_id']}", 4, now + timedelta(days=30))
        broadcast = Broadcast(
            id=message.strip("<>"),
            touch_id=touch["_id"],
            campaign_id=touch["campaign_id"],
            member_id=touch["member_id"],
            provider_id="prv_1",
            corp_id="ww01",
            sender="zhangsan",
            customer="wm-zephyr",
            quota_key=quota.key,
            asked_at=now,
            look_at=now,
        )
        assert book.begin(broadcast, quota) == broadcast

    def _travelled(self) -> None:
        journeys = Journeys(self.greetings)
        journeys.enrol(journeys.running(WaitStep("pause", PAUSE), SendStep("hello")))
        ops = self.calling.as_role(JourneysServiceStub, "ops")
        for run in (each for each in journeys.runs() if each.member_id != self.bystander):
            why = journeys_service_pb2.RemoveFromJourneyRequest(run_id=run.id, why="zephyr moved away")
            ops.RemoveFromJourney(why)

    def _visited(self) -> None:
        agent = self.calling.as_role(VisitsServiceStub, "agent")
        for each in (self.doublet, self.member):
            (visit,) = planned(member_id=each)
            noted = visits.LogAttemptRequest(
                visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_NO_ANSWER, note="zephyr was out"
            )
            agent.LogAttempt(noted)
            self.calling.as_role(CareServiceStub, "agent").CompleteVisit(
                care.CompleteVisitRequest(
                    visit_id=visit,
                    outcome=visit_pb2.VISIT_OUTCOME_DISSATISFIED,
                    satisfaction=1,
                    words="zephyr said that it leaks",
                    next_step="ring zephyr",
                )
            )
