"""A person who is asked to confirm a consent: from the wish to the message, its link, and the answer."""

import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

from pymongo.database import Database

from deploy.local.sink_client import SinkProcess
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.app.members import jobs
from services.care.config import Settings
from services.chassis.clock import SystemClock
from services.chassis.ids import new_id
from services.chassis.scheduled import Lead
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings
from tests.integration.care.people import LINKS, a_word, registered

OFFERS = {"channel": channel_pb2.CHANNEL_EMAIL, "purpose": channel_pb2.PURPOSE_MARKETING}
STAFF = member_pb2.CONSENT_SOURCE_STAFF
_TOKEN = re.compile(r"https://care\.example/confirm/(\S{68})")


@dataclass
class Confirming:
    """The service over its socket, the leader's job, a dispatcher, and the mail server."""

    calling: Calling
    greetings: Greetings
    settings: Settings
    sink: SinkProcess

    @property
    def ops(self) -> CareServiceStub:
        return self.calling.as_role(CareServiceStub, "ops")

    @property
    def people(self) -> MembersServiceStub:
        return self.calling.as_role(MembersServiceStub, "ops")

    @property
    def reader(self) -> MembersServiceStub:
        """Whoever holds a link."""
        return self.calling.as_role(MembersServiceStub, "respondent")

    def member(self, **fields: Any) -> member_pb2.Member:
        own = f"{new_id('usr', SystemClock().now())}@example.com"  # the mail server keeps what other tests sent
        told = {"email": own, "phone": "+8613800138000", "time_zone": "Asia/Shanghai"}
        return registered(self.ops, **told | fields)

    def wish(self, member_id: str, **fields: Any) -> pb.RecordConsentRequest:
        return a_word(member_id, True, confirm=True, **OFFERS | {"source": STAFF, "proof": "fair of May"} | fields)

    def ask(self, member_id: str, **fields: Any) -> member_pb2.Member:
        return self.people.RecordConsent(self.wish(member_id, **fields)).member

    def plan(self) -> int:
        """Do one round of the leader's job."""
        (job,) = (each for each in jobs(self.settings) if each.name == "ask_for_confirmations")
        return job.run(Lead(1))

    async def leave(self, *, days: int = 0) -> int:
        """Let the messages leave that are planned, now or some days later."""
        self.greetings.links = LINKS
        self.greetings.clock.set(SystemClock().now() + timedelta(days=days))
        return await self.greetings.dispatch()

    def mails(self, member: member_pb2.Member) -> list[Message]:
        return [message_from_bytes(self.sink.content(each["id"])) for each in self.sink.messages(to=member.email)]

    async def mail(self, member: member_pb2.Member) -> Message:
        """Plan and send, and return the one message that came."""
        self.plan()
        await self.leave()
        (mail,) = self.mails(member)
        return mail

    async def token(self, member: member_pb2.Member) -> str:
        return token_in(text_of(await self.mail(member)))

    def confirm(self, token: str) -> pb.ConfirmConsentResponse:
        return self.reader.ConfirmConsent(pb.ConfirmConsentRequest(token=token))

    def shown(self, token: str) -> pb.GetConfirmationResponse:
        return self.reader.GetConfirmation(pb.GetConfirmationRequest(token=token))


def text_of(mail: Message) -> str:
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


def token_in(text: str) -> str:
    found = _TOKEN.search(text)
    assert found is not None
    return found[1]


def set_back(database: Database[dict[str, Any]], member_id: str, *, by: timedelta) -> None:
    """Let the asking lie in the past."""
    (found,) = database["members"].find({"_id": member_id})
    facts = [fact | {"recorded_time": fact["recorded_time"] - by} for fact in found["consent_facts"]]
    database["members"].update_one({"_id": member_id}, {"$set": {"consent_facts": facts}})
