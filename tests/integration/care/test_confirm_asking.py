"""Who is asked to confirm a consent, by whose wish, and by how many messages: one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaigns_service_pb2 as campaigns_pb
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.app.members import confirmation_rule, jobs
from services.care.config import Settings
from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.asking import confirmation_campaign
from services.care.domain.members.consents import ConsentSource, ConsentWord
from services.care.domain.members.links import Link
from services.care.store.members.members import MongoMembers
from services.care.usecases.members.record_consent import RecordConsent
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.scheduled import Lead
from tests.integration.calling import Calling, refused
from tests.integration.care.confirming import OFFERS, STAFF, Confirming, set_back, text_of, token_in
from tests.integration.care.people import LINKS, a_word, allowed, read

MARKETING = "EMAIL/MARKETING"
PERSON = member_pb2.CONSENT_SOURCE_PERSON


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"do_not_contact": True}, "DO_NOT_CONTACT"), ({"email": ""}, "NO_ADDRESS")],
)
def test_who_gets_no_message_is_not_asked_and_nothing_is_recorded(
    confirming: Confirming, fields: dict[str, Any], why: str
) -> None:
    member = confirming.member(**fields)
    refusal = refused(confirming.people.RecordConsent, confirming.wish(member.id))
    assert (refusal.reason, refusal.metadata["why"]) == ("MEMBER_NOT_REACHABLE", why)
    assert (confirming.plan(), read(confirming.ops, member.id)) == (0, member)


async def test_who_must_not_be_contacted_any_more_or_is_erased_gets_no_message(
    confirming: Confirming, calling: Calling
) -> None:
    closed, gone = confirming.member(), confirming.member()
    for each in (closed, gone):
        confirming.ask(each.id)
    confirming.plan()
    confirming.greetings.set_on(closed.id, do_not_contact=True)
    erase = pb.EraseMemberRequest(member_id=gone.id, reason="asked by letter")
    calling.as_role(MembersServiceStub, "admin").EraseMember(erase)
    await confirming.leave()
    assert sorted(reason for _, _, reason in confirming.greetings.lines()) == ["DO_NOT_CONTACT", "MEMBER_GONE"]
    assert confirming.mails(closed) + confirming.mails(gone) == []
    (touch,) = confirming.greetings.database["touches"].find({"member_id": gone.id})
    token = LINKS.token(Link(gone.id, touch["_id"], Channel.EMAIL, Purpose.CARE))
    request = pb.ConfirmConsentRequest(token=token)
    assert refused(confirming.reader.ConfirmConsent, request).reason == "CONFIRMATION_ENDED"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"granted": False, "proof": ""}, "confirm"),
        ({"channel": channel_pb2.CHANNEL_CALL}, "channel"),
        ({"channel": channel_pb2.CHANNEL_WECOM}, "channel"),
        ({"source": PERSON, "proof": ""}, "proof"),
    ],
)
def test_a_wrong_wish_is_refused_by_its_field(confirming: Confirming, fields: dict[str, Any], field: str) -> None:
    member = confirming.member()
    wish = confirming.wish(member.id)
    for name, value in fields.items():
        setattr(wish, name, value)
    refusal = refused(confirming.people.RecordConsent, wish)
    assert (refusal.kind, refusal.field, read(confirming.ops, member.id)) == (Kind.INVALID, field, member)


def test_what_is_granted_is_not_asked_for_and_nobody_else_grants_what_is_awaited(confirming: Confirming) -> None:
    granted, awaited = confirming.member(), confirming.member()
    confirming.people.RecordConsent(a_word(granted.id, True, **OFFERS))
    assert refused(confirming.people.RecordConsent, confirming.wish(granted.id)).reason == "CONSENT_GRANTED_ALREADY"
    confirming.ask(awaited.id)
    by_staff = a_word(awaited.id, True, **OFFERS, source=STAFF)
    assert refused(confirming.people.RecordConsent, by_staff).reason == "CONSENT_AWAITS_CONFIRMATION"
    assert allowed(confirming.people.RecordConsent(a_word(awaited.id, True, **OFFERS)).member) == {MARKETING: True}


async def test_a_leader_that_dies_anywhere_leaves_what_the_next_one_finishes_and_nobody_is_asked_twice(
    confirming: Confirming, database: Database[dict[str, Any]]
) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    (job,) = (each for each in jobs(confirming.settings) if each.name == "ask_for_confirmations")
    assert job.run(Lead(1, holds=False)) == 0
    for _ in range(2):  # it died after it had planned, before it noted that
        confirming.plan()
        database["members"].update_one({"_id": member.id}, {"$set": {"unasked": True}})
        await confirming.leave()
    assert (confirming.plan(), len(confirming.mails(member))) == (0, 1)
    assert database["members"].count_documents({"unasked": True}) == 0
    assert read(confirming.ops, member.id).etag == "2"  # noting it makes nobody's version stale


def test_whoever_is_asked_anew_while_the_leader_plans_is_not_forgotten(
    confirming: Confirming, database: Database[dict[str, Any]]
) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    store = MongoMembers(SystemClock())
    (seen,) = store.unasked(most=10)
    confirming.ask(member.id, purpose=channel_pb2.PURPOSE_CARE)
    assert (store.asked(seen), database["members"].count_documents({"unasked": True})) == (False, 1)
    assert confirming.plan() == 2


def test_a_file_asks_for_consent_once_however_often_it_is_imported(confirming: Confirming) -> None:
    content = (
        "external_ref,name,email,email_consent,email_marketing,call_marketing\n"
        "R1,王,wang@example.com,yes,yes,yes\nR2,李,li@example.com,no,no,no\n"
    ).encode()
    wish = care.ImportMembersRequest(content=content, confirm_consents=True)
    assert confirming.ops.ImportMembers(wish).created == 2
    first, second = confirming.ops.ListMembers(care.ListMembersRequest()).members
    pending = {(each.channel, each.purpose) for each in first.consents if each.pending}
    assert pending == {(1, channel_pb2.PURPOSE_CARE), (1, channel_pb2.PURPOSE_MARKETING)}
    assert allowed(first) == {"EMAIL/CARE": False, MARKETING: False, "CALL/MARKETING": True}
    assert allowed(second) == {}
    assert confirming.plan() == 2
    for again in (wish, care.ImportMembersRequest(content=content)):
        report = confirming.ops.ImportMembers(again)
        assert (report.unchanged, report.failed) == (2, 0)
    assert (confirming.plan(), read(confirming.ops, first.id)) == (0, first)


def test_a_file_does_not_ask_whom_who_said_no(confirming: Confirming) -> None:
    content = "external_ref,name,email,email_marketing\nR1,王,wang@example.com,yes\n".encode()
    confirming.ops.ImportMembers(care.ImportMembersRequest(content=content))
    (member,) = confirming.ops.ListMembers(care.ListMembersRequest()).members
    confirming.people.RecordConsent(a_word(member.id, False, **OFFERS))
    report = confirming.ops.ImportMembers(care.ImportMembersRequest(content=content, confirm_consents=True))
    assert (report.unchanged, report.consents_kept, confirming.plan()) == (1, 1, 0)


def test_with_the_setting_every_grant_of_offers_waits_for_the_person(
    confirming: Confirming, care_settings: Settings
) -> None:
    member, clock = confirming.member(), SystemClock()
    strict = confirmation_rule(replace(care_settings, confirm_marketing=True))
    record = RecordConsent(MongoMembers(clock), strict, clock)
    request = a_word(member.id, True, **OFFERS)
    word = ConsentWord(
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        granted=True,
        source=ConsentSource.PERSON,
        proof=request.proof,
    )
    told = record(member.id, word, confirm=False, etag="", request_id="")
    assert (told.consents, confirming.plan()) == ({"email": {"marketing": False}}, 1)
    care_word = replace(word, purpose=Purpose.CARE)
    assert record(member.id, care_word, confirm=False, etag="", request_id="").allows(Channel.EMAIL, Purpose.CARE)


@pytest.mark.parametrize("marketing", [False, True])
def test_without_links_nobody_is_asked_and_the_setting_is_refused(
    care_settings: Settings, *, marketing: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = replace(care_settings, public_url="", confirm_marketing=marketing)
    if not marketing:
        assert not confirmation_rule(bare).can_ask
        return
    with pytest.raises(SystemExit):
        confirmation_rule(bare)
    assert "CONFIRM_MARKETING" in capsys.readouterr().err


async def test_a_paused_campaign_of_confirmations_asks_once_it_goes_on(confirming: Confirming) -> None:
    first, second = confirming.member(), confirming.member()
    confirming.ask(first.id)
    await confirming.token(first)
    key = confirmation_campaign(Channel.EMAIL)
    confirming.ops.PauseCampaign(care.PauseCampaignRequest(campaign_id=key, comment="words are wrong"))
    confirming.ask(second.id)
    confirming.plan()
    assert (await confirming.leave(), confirming.mails(second)) == (0, [])
    confirming.ops.ResumeCampaign(care.ResumeCampaignRequest(campaign_id=key))
    assert (await confirming.leave(), len(confirming.mails(second))) == (1, 1)


async def test_the_planner_makes_nothing_of_the_built_in_campaign_and_nobody_can_tell_its_act(
    confirming: Confirming,
) -> None:
    member = confirming.member()
    confirming.ask(member.id)
    await confirming.token(member)
    greetings = confirming.greetings
    assert greetings.sweep(token=1, leading=lambda: True) == 0
    campaign = greetings.campaigns.get(confirmation_campaign(Channel.EMAIL))
    assert (campaign.state.value, greetings.database["touches"].count_documents({})) == ("CAMPAIGN_STATE_RUNNING", 1)


async def test_own_words_for_asking_are_approved_like_any_and_must_show_the_link(
    confirming: Confirming, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    first, later = confirming.member(), confirming.member()
    confirming.ask(first.id)
    await confirming.token(first)
    key = confirmation_campaign(Channel.EMAIL)
    author, approver = (
        calling.as_subject(CampaignsServiceStub, name, role) for name, role in (("ann", "ops"), ("bob", "approver"))
    )
    plan = confirming.ops.GetCampaign(care.GetCampaignRequest(campaign_id=key)).campaign.plan
    for template in plan.templates:
        template.body = "Acme: say yes by answering."
    refusal = refused(author.ReviseCampaign, campaigns_pb.ReviseCampaignRequest(campaign_id=key, plan=plan))
    assert (refusal.reason, refusal.field) == ("TEMPLATE_INVALID", "plan.templates[0].body")
    for template in plan.templates:
        template.body = "Acme: {{ links.confirm }}"
    author.ReviseCampaign(campaigns_pb.ReviseCampaignRequest(campaign_id=key, plan=plan))
    author.SubmitCampaignRevision(campaigns_pb.SubmitCampaignRevisionRequest(campaign_id=key))
    approver.ApproveCampaignRevision(campaigns_pb.ApproveCampaignRevisionRequest(campaign_id=key))
    confirming.ask(later.id)
    set_back(database, later.id, by=timedelta(days=-3))  # it is asked for once the new version counts
    confirming.plan()
    await confirming.leave(days=3)
    (mail,) = confirming.mails(later)
    assert text_of(mail).startswith("Acme: https://care.example/confirm/")
    assert confirming.confirm(token_in(text_of(mail))).channel == channel_pb2.CHANNEL_EMAIL
