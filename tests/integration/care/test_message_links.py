"""A mail carries what unsubscribes from it, and what is said by it holds for the next one."""

from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from deploy.local.sink_client import SinkProcess
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.channels import Purpose
from services.care.domain.members.member import Member
from tests.integration.calling import Calling
from tests.integration.care.greetings import TEMPLATES, Greetings, solar, utc
from tests.integration.care.people import LINKS

LINKED = tuple(
    replace(each, body="Stop: {{ links.unsubscribe }}\nChoose: {{ links.preferences }}") for each in TEMPLATES
)


def mail_to(sink: SinkProcess, member: Member) -> Message:
    (mail,) = sink.messages(to=member.email)
    return message_from_bytes(sink.content(mail["id"]))


async def test_a_greeting_is_unsubscribed_from_by_its_own_header_and_the_next_one_does_not_leave(
    greetings: Greetings, sink: SinkProcess, calling: Calling
) -> None:
    greetings.links = LINKS
    member = greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running(templates=LINKED)
    greetings.plan(campaign)
    assert await greetings.dispatch() == 1
    mail = mail_to(sink, member)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://care.example/unsubscribe/")
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().split()[1::2] == [address, address.replace("/unsubscribe/", "/preferences/")]
    assert member.id not in address
    reader = calling.as_role(MembersServiceStub, "respondent")
    token = address.rpartition("/")[2]
    found = reader.GetPreferences(pb.GetPreferencesRequest(token=token))
    said = pb.Preference(channel=found.channel, purpose=found.purpose, granted=False)
    reader.ChangePreferences(pb.ChangePreferencesRequest(token=token, preferences=[said]))
    greetings.clock.set(utc("2027-11-22 02:00"))
    greetings.plan(campaign)
    await greetings.dispatch()
    year_later = {date: (state, reason) for date, state, reason in greetings.ledger()}["2027-11-22"]
    assert year_later == ("SKIPPED", "NO_EMAIL_CONSENT")
    assert len(sink.messages(to=member.email)) == 1


async def test_a_service_message_says_nothing_of_unsubscribing_but_may_show_the_choices(
    greetings: Greetings, sink: SinkProcess
) -> None:
    greetings.links = LINKS
    member = greetings.member(birthday=solar("1990-11-22"))
    greetings.plan(greetings.running(templates=LINKED, purpose=Purpose.SERVICE))
    await greetings.dispatch()
    mail = mail_to(sink, member)
    assert mail["List-Unsubscribe"] is None
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert LINKS.read(body.decode().rpartition("/")[2].strip()).purpose is Purpose.CARE


async def test_without_a_public_address_a_mail_carries_no_link(greetings: Greetings, sink: SinkProcess) -> None:
    member = greetings.member(birthday=solar("1990-11-22"))
    greetings.plan(greetings.running(templates=LINKED))
    await greetings.dispatch()
    mail = mail_to(sink, member)
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)
