"""Double opt-in: a consent that is asked for counts once the person has confirmed it by the link in one message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members.asking import confirmation_campaign
from services.chassis.errors import Kind
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.confirming import STAFF, Confirming, set_back, text_of, token_in
from tests.integration.care.greetings import Greetings
from tests.integration.care.keeping import Keeping
from tests.integration.care.people import LINKS, a_word, allowed, read

MARKETING = "EMAIL/MARKETING"
PERSON = member_pb2.CONSENT_SOURCE_PERSON
ADVERTISING = tuple(
    MessageTemplate(language, "Offer", "{{ links.unsubscribe }}", channel=Channel.EMAIL) for language in Language
)


def words_of(confirming: Confirming, member_id: str) -> list[tuple[bool, bool, int, str]]:
    found = confirming.people.ListConsents(pb.ListConsentsRequest(member_id=member_id)).consents
    return [(each.granted, each.pending, each.source, each.proof) for each in found]


async def test_from_the_wish_to_the_grant_one_message_one_link_and_a_history_that_proves_it(
    confirming: Confirming,
) -> None:
    member = confirming.member(language=member_pb2.LANGUAGE_EN)
    after = confirming.ask(member.id)
    (word,) = after.consents
    assert (word.granted, word.pending, word.source, word.proof) == (False, True, STAFF, "fair of May")
    assert word.confirm_by_time.seconds - word.recorded_time.seconds == 7 * 24 * 3600
    mail = await confirming.mail(member)
    assert (mail["Subject"], mail["List-Unsubscribe"]) == ("Please confirm that we may write to you", None)
    assert "offers and news" in text_of(mail)
    assert "王" not in text_of(mail)  # whoever typed the address in may have typed a stranger's
    token = token_in(text_of(mail))
    shown = confirming.shown(token)
    assert (shown.channel, shown.purpose, shown.granted) == (
        channel_pb2.CHANNEL_EMAIL,
        channel_pb2.PURPOSE_MARKETING,
        False,
    )
    assert read(confirming.ops, member.id).consents[0].pending  # looking at it confirmed nothing
    assert confirming.confirm(token).purpose == channel_pb2.PURPOSE_MARKETING
    (granted,) = read(confirming.ops, member.id).consents
    assert (granted.granted, granted.pending, granted.source, granted.touch_id, granted.recorded_by) == (
        True,
        False,
        PERSON,
        word.asked_touch_id,
        "",
    )
    assert words_of(confirming, member.id) == [
        (True, False, PERSON, "confirmed by the link in a message"),
        (False, True, STAFF, "fair of May"),
    ]
    touch = confirming.ops.BatchGetTouches(care.BatchGetTouchesRequest(touch_ids=[word.asked_touch_id])).touches[0]
    assert (touch.member_id, touch.campaign_id) == (member.id, confirmation_campaign(Channel.EMAIL))


async def test_confirming_twice_is_confirming_once(confirming: Confirming) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    token = await confirming.token(member)
    first = confirming.confirm(token)
    after = read(confirming.ops, member.id)
    assert (confirming.confirm(token), read(confirming.ops, member.id)) == (first, after)
    assert confirming.shown(token).granted


async def test_while_it_is_pending_no_offer_leaves_and_the_ledger_says_why(
    confirming: Confirming, greetings: Greetings
) -> None:
    member = confirming.member(birthday=_birthday_today())
    confirming.ask(member.id)
    token = await confirming.token(member)
    offers = {"purpose": Purpose.MARKETING, "templates": ADVERTISING, "send_at": "00:00"}
    fates = []
    for confirms in (False, True):
        if confirms:
            confirming.confirm(token)
        campaign = greetings.running(**offers)
        greetings.plan(campaign)
        await confirming.leave()
        (offer,) = greetings.database["touches"].find({"campaign_id": campaign.id})
        fates.append((offer["state"], offer["reason"]))
    assert fates == [("TOUCH_STATE_SKIPPED", "CONSENT_PENDING"), ("TOUCH_STATE_SENT", "")]


def _birthday_today() -> member_pb2.Birthday:
    today = datetime.now(UTC) + timedelta(hours=8)
    return member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=today.month, day=today.day, year=1990)


async def test_asking_again_within_a_day_sends_nothing_more_and_after_a_day_one_message(
    confirming: Confirming, database: Database[dict[str, Any]]
) -> None:
    member = confirming.member()
    first = confirming.ask(member.id)
    token = await confirming.token(member)
    assert confirming.ask(member.id) == first
    assert (confirming.plan(), await confirming.leave(), len(confirming.mails(member))) == (0, 0, 1)
    set_back(database, member.id, by=timedelta(days=1))
    confirming.ask(member.id)
    assert (confirming.plan(), await confirming.leave(), len(confirming.mails(member))) == (1, 1, 2)
    assert refused(confirming.reader.GetConfirmation, pb.GetConfirmationRequest(token=token)).reason == (
        "CONFIRMATION_ENDED"
    )
    assert confirming.confirm(token_in(text_of(confirming.mails(member)[1]))).channel == channel_pb2.CHANNEL_EMAIL


async def test_after_seven_days_the_link_confirms_nothing_any_more(
    confirming: Confirming, database: Database[dict[str, Any]]
) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    token = await confirming.token(member)
    set_back(database, member.id, by=timedelta(days=7))
    refusal = refused(confirming.reader.ConfirmConsent, pb.ConfirmConsentRequest(token=token))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CONFIRMATION_ENDED")
    assert read(confirming.ops, member.id).consents[0].pending


async def test_a_withdrawal_after_the_asking_wins_over_the_link_and_over_a_message_still_to_leave(
    confirming: Confirming,
) -> None:
    member, other = confirming.member(), confirming.member()
    for each in (member, other):
        confirming.ask(each.id)
    token = await confirming.token(member)
    (word,) = read(confirming.ops, member.id).consents
    everything = pb.ChangePreferencesRequest(token=token, unsubscribe_from_all=True)
    confirming.reader.ChangePreferences(everything)  # the same link leads to the choices
    refusal = refused(confirming.reader.ConfirmConsent, pb.ConfirmConsentRequest(token=token))
    assert refusal.reason == "CONFIRMATION_ENDED"
    assert allowed(read(confirming.ops, member.id))[MARKETING] is False
    confirming.ask(other.id, channel=channel_pb2.CHANNEL_EMAIL, purpose=channel_pb2.PURPOSE_CARE)
    confirming.plan()
    confirming.people.RecordConsent(a_word(other.id, False, channel=1, purpose=channel_pb2.PURPOSE_CARE))
    await confirming.leave()
    assert confirming.greetings.lines()[0] == ("email", "SENT", "")
    assert ("email", "SKIPPED", "CONFIRMATION_SETTLED") in confirming.greetings.lines()
    assert word.asked_touch_id != ""


async def test_an_unsubscribe_link_of_another_message_confirms_nothing(confirming: Confirming) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    confirming.plan()
    (stored,) = confirming.greetings.database["touches"].find()
    other = LINKS.read(await confirming.token(member))
    forged = LINKS.token(replace(other, touch_id="tch_01JTDB8D40CQS3K9Q8YV1H2T3F"))
    assert stored["_id"] == other.touch_id
    for token, reason in ((forged, "CONFIRMATION_ENDED"), ("A" * 68, "LINK_INVALID"), ("", "LINK_INVALID")):
        assert refused(confirming.reader.ConfirmConsent, pb.ConfirmConsentRequest(token=token)).reason == reason
        assert refused(confirming.reader.GetConfirmation, pb.GetConfirmationRequest(token=token)).reason == reason
    assert read(confirming.ops, member.id).consents[0].pending


async def test_a_consent_for_text_messages_is_confirmed_by_one(confirming: Confirming, sms: Keeping) -> None:
    member = confirming.member()
    confirming.ask(member.id, channel=channel_pb2.CHANNEL_SMS)
    confirming.plan()
    await confirming.leave()
    (message,) = sms.kept
    assert (message.to, "短信" in message.body) == ("+8613800138000", True)
    assert confirming.confirm(token_in(message.body)).channel == channel_pb2.CHANNEL_SMS
    assert allowed(read(confirming.ops, member.id)) == {"SMS/MARKETING": True}


async def test_another_address_is_asked_anew(confirming: Confirming) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    token = await confirming.token(member)
    patch = care.UpdateMemberRequest(member=member_pb2.Member(id=member.id, email=f"moved-{member.email}"))
    patch.update_mask.paths.append("email")
    confirming.ops.UpdateMember(patch)
    refusal = refused(confirming.reader.ConfirmConsent, pb.ConfirmConsentRequest(token=token))
    assert refusal.reason == "CONFIRMATION_ENDED"
    confirming.confirm(await confirming.token(read(confirming.ops, member.id)))
    assert allowed(read(confirming.ops, member.id)) == {MARKETING: True}


async def test_after_a_merge_the_link_to_the_doublet_confirms_for_the_survivor(confirming: Confirming) -> None:
    doublet = confirming.member()
    survivor = confirming.member(email=doublet.email)
    confirming.ask(doublet.id)
    token = await confirming.token(doublet)
    confirming.people.MergeMembers(pb.MergeMembersRequest(member_id=doublet.id, into_id=survivor.id))
    confirming.confirm(token)
    assert allowed(read(confirming.ops, survivor.id)) == {MARKETING: True}
    assert (confirming.plan(), await confirming.leave()) == (0, 0)


async def test_the_timeline_and_the_export_show_what_was_asked_and_answered(
    confirming: Confirming, calling: Calling
) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    confirming.confirm(await confirming.token(member))
    entries = confirming.people.ListMemberTimeline(pb.ListMemberTimelineRequest(member_id=member.id)).entries
    assert [each.consent.pending for each in entries if each.consent.id] == [False, True]
    assert sum(bool(each.touch_id) for each in entries) == 1
    shown = confirming.people.ExportMember(pb.ExportMemberRequest(member_id=member.id)).json
    assert "fair of May" in shown


def test_a_link_is_for_its_holder_and_not_for_staff(calling: Calling, confirming: Confirming) -> None:
    for role in ("ops", "admin", "auditor"):
        stub = calling.as_role(MembersServiceStub, role)
        assert refused(stub.GetConfirmation, pb.GetConfirmationRequest(token="x")).kind is Kind.FORBIDDEN
        assert refused(stub.ConfirmConsent, pb.ConfirmConsentRequest(token="x")).kind is Kind.FORBIDDEN


RECORD = """mutation { recordConsent(
  id: "%s", input: {channel: EMAIL, purpose: MARKETING, granted: true, confirm: true}
) {
  ... on MemberAfterwards { member { consents { pending granted confirmByTime askedTouchId } } }
  ... on UserError { code } } }"""
CONFIRM = """mutation { confirmConsent(token: "%s") {
  ... on ConfirmedConsentPayload { channel purpose } ... on UserError { code } } }"""


async def test_through_the_gateway_from_the_wish_over_the_page_to_the_grant(
    confirming: Confirming, gateway: Client
) -> None:
    member = confirming.member()
    asked = (await gateway.data(RECORD % member.id, roles=("ops",)))["recordConsent"]["member"]["consents"][0]
    assert (asked["pending"], asked["granted"]) == (True, False)
    token = await confirming.token(member)
    page = await gateway.http.get(f"/confirm/{token}?lang=en")
    assert (page.status_code, "I agree" in page.text) == (200, True)
    assert read(confirming.ops, member.id).consents[0].pending
    done = await gateway.http.post(f"/confirm/{token}?lang=en")
    assert "Thank you." in done.text
    assert allowed(read(confirming.ops, member.id)) == {MARKETING: True}
    again = await gateway.data(CONFIRM % token, roles=("respondent",))
    assert again["confirmConsent"] == {"channel": "EMAIL", "purpose": "MARKETING"}
    refusal = (await gateway.data(RECORD % member.id, roles=("ops",)))["recordConsent"]
    assert refusal == {"code": "CONSENT_GRANTED_ALREADY"}
    over = await gateway.http.get(f"/confirm/{token.swapcase()}?lang=en")
    assert over.status_code == 404
