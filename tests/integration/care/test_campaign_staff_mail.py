"""A test of a campaign whose channel is no mail: the staff read its words in their mailboxes all the same."""

from email import message_from_bytes
from uuid import uuid4

from deploy.local.sink_client import SinkProcess
from membercare.care.v1 import campaign_pb2, channel_pb2, member_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from tests.integration.calling import Calling, refused
from tests.integration.care.test_campaign_looks import a_member
from tests.integration.care.test_campaigns_rpc import a_draft, a_plan

EN, ZH, SMS = member_pb2.LANGUAGE_EN, member_pb2.LANGUAGE_ZH_HANS, channel_pb2.CHANNEL_SMS


def test_the_words_of_a_channel_without_mail_reach_the_staff_by_mail(calling: Calling, sink: SinkProcess) -> None:
    english = campaign_pb2.MessageTemplate(language=EN, body="Dear {{ member.name }}", channel=SMS)
    chinese = campaign_pb2.MessageTemplate(language=ZH, body="{{ member.name }}您好", channel=SMS)
    plan = a_plan(channels=[SMS], templates=[english, chinese])
    draft = a_draft(calling.as_role(CareServiceStub, "ops"), name="Offer", plan=plan)
    room, to = calling.as_role(CampaignsServiceStub, "ops"), f"{uuid4().hex}@membercare.example"
    request = pb.SendCampaignTestRequest(campaign_id=draft.id, member_id=a_member(calling), addresses=[to])
    assert [each.accepted for each in room.SendCampaignTest(request).deliveries] == [True]
    (mail,) = sink.messages(to=to)
    assert mail["subject"] == "[Test] sms: Offer"
    assert message_from_bytes(sink.content(mail["id"])).get_payload(decode=True) == b"Dear Wang Fang"
    request.channel = channel_pb2.CHANNEL_EMAIL
    assert refused(room.SendCampaignTest, request).reason == "NO_WORDS"
    assert len(sink.messages(to=to)) == 1
