"""What came of care, who is in a group and how far an import is, through the real gateway and the real service."""

import base64
import hashlib
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import segment_pb2 as rules
from membercare.care.v1 import segments_service_pb2 as segments
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from services.care.domain.campaigns.plan import Goal, Holdout
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings, solar
from tests.integration.care.keeping import Keeping
from tests.integration.care.people import registered

Documents = Database[dict[str, Any]]
NO_CAMPAIGN, NO_SEGMENT = (f"{prefix}_00000000000000000000000000" for prefix in ("cmp", "seg"))
FUNNEL = """due standIns heldOut skipped waiting failed unknown sent delivered unconfirmed bounced
  opened clicked replied complained unsubscribed goalReached"""
RESULTS = f"""{{ campaignResults(campaignId: "%s", firstDate: "2026-11-22", lastDate: %s) {{
  campaignId firstDate lastDate campaign {{ name }} total {{ {FUNNEL} }}
  byChannel {{ key funnel {{ sent skipped }} }} byDay {{ key funnel {{ due }} }} byVariant {{ key }} byVersion {{ key }}
  skips {{ reason count }} costs {{ channel messages minorUnits currencyCode }}
  lift {{ goalAct windowDays treated {{ members converted rate }} control {{ members }} verdict value }}
}} }}"""
SKIPS = '{ campaignSkips(campaignId: "%s") { reason count reasonEn reasonZh } }'
FILE = '{ campaignResultsFile(campaignId: "%s") { fileName mediaType contentBase64 sha256 } }'
AGENDA = """{ careAgenda(month: "%s") { date visitsDue visitsCompleted
  campaigns { campaignId planned sent skipped failed unknown campaign { name } } } }"""
MEMBERS = (
    '{ segmentMembers(segmentId: "%s", first: 1, after: %s) { nodes { id name } pageInfo { hasNextPage endCursor } } }'
)
PROGRESS = '{ memberImportProgress(fileKey: "%s") { phase rows done } }'


async def a_day_of_care(greetings: Greetings) -> str:
    """Let a campaign greet two members of four; the others have no address or gave no consent."""
    born = solar("1990-11-22")
    for details in ({}, {}, {"email": ""}, {"email_consent": False}):
        greetings.member(birthday=born, **details)
    campaign = greetings.running(goal=Goal("order_placed", 7), holdout=Holdout(0))
    greetings.plan(campaign)
    await greetings.dispatch()
    return campaign.id


async def test_what_a_campaign_came_to_is_read_through_the_gateway(
    gateway: Client, greetings: Greetings, mail: Keeping
) -> None:
    campaign = await a_day_of_care(greetings)
    told = (await gateway.data(RESULTS % (campaign, "null"), roles=("auditor",)))["campaignResults"]
    nothing = dict.fromkeys(FUNNEL.split(), "0")
    assert told == {
        "campaignId": campaign,
        "firstDate": "2026-11-22",
        "lastDate": None,
        "campaign": {"name": "Birthdays"},
        "total": {**nothing, "due": "4", "skipped": "2", "sent": "2", "unconfirmed": "2"},
        "byChannel": [{"key": "email", "funnel": {"sent": "2", "skipped": "2"}}],
        "byDay": [{"key": "2026-11-22", "funnel": {"due": "4"}}],
        "byVariant": [{"key": ""}],
        "byVersion": [{"key": "1"}],
        "skips": [{"reason": "NO_EMAIL_ADDRESS", "count": "1"}, {"reason": "NO_EMAIL_CONSENT", "count": "1"}],
        "costs": [{"channel": "email", "messages": "2", "minorUnits": "1", "currencyCode": "CNY"}],
        "lift": {
            "goalAct": "order_placed",
            "windowDays": 7,
            "treated": {"members": "4", "converted": "0", "rate": 0.0},
            "control": {"members": "0"},
            "verdict": "NO_CONTROL",
            "value": None,
        },
    }
    assert len(mail.kept) == 2
    assert await gateway.codes(RESULTS % (NO_CAMPAIGN, "null")) == ["CAMPAIGN_NOT_FOUND"]
    assert await gateway.codes(RESULTS % (campaign, '"2026-11-21"')) == ["INVALID_FIELD"]
    assert await gateway.codes(RESULTS % (campaign, "null"), roles=("respondent",)) == ["FORBIDDEN"]


async def test_why_messages_were_not_sent_is_read_through_the_gateway_in_both_languages(
    gateway: Client, greetings: Greetings, mail: Keeping
) -> None:
    campaign = await a_day_of_care(greetings)
    skips = (await gateway.data(SKIPS % campaign))["campaignSkips"]
    assert skips == [
        {
            "reason": "NO_EMAIL_ADDRESS",
            "count": "1",
            "reasonEn": "No e-mail address is on record.",
            "reasonZh": "没有登记电子邮箱。",
        },
        {
            "reason": "NO_EMAIL_CONSENT",
            "count": "1",
            "reasonEn": "The member has not agreed to such messages by e-mail.",
            "reasonZh": "该会员未同意接收此类邮件。",
        },
    ]
    assert await gateway.codes(SKIPS % NO_CAMPAIGN) == ["CAMPAIGN_NOT_FOUND"]
    assert await gateway.codes(SKIPS % campaign, roles=("respondent",)) == ["FORBIDDEN"]


async def test_the_workbook_of_a_campaign_arrives_whole_through_the_gateway(
    gateway: Client, greetings: Greetings, mail: Keeping
) -> None:
    campaign = await a_day_of_care(greetings)
    file = (await gateway.data(FILE % campaign, roles=("manager",)))["campaignResultsFile"]
    content = base64.b64decode(file["contentBase64"])
    assert file["fileName"] == f"results-{campaign}.xlsx"
    assert file["mediaType"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    head, total = list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))[:2]
    numbers = dict(zip(head, total, strict=True))
    assert (numbers["Due 应触达"], numbers["Sent 已发送"], numbers["Skipped 跳过"]) == (4, 2, 2)
    assert await gateway.codes(FILE % NO_CAMPAIGN) == ["CAMPAIGN_NOT_FOUND"]
    assert await gateway.codes(FILE % campaign, roles=("respondent",)) == ["FORBIDDEN"]


async def test_the_care_of_a_month_is_read_through_the_gateway(
    gateway: Client, greetings: Greetings, mail: Keeping, database: Documents
) -> None:
    campaign = await a_day_of_care(greetings)
    visit = {"_id": "vis_1", "state": "VISIT_STATE_DUE", "due_date": "2026-11-30"}
    database["visits"].insert_one(visit)
    counts = {"planned": "0", "sent": "2", "skipped": "2", "failed": "0", "unknown": "0"}
    of_campaign = {"campaignId": campaign, **counts, "campaign": {"name": "Birthdays"}}
    no_visits = {"visitsDue": "0", "visitsCompleted": "0"}
    assert (await gateway.data(AGENDA % "2026-11", roles=("sales",)))["careAgenda"] == [
        {"date": "2026-11-22", "campaigns": [of_campaign], **no_visits},
        {"date": "2026-11-30", "campaigns": [], "visitsDue": "1", "visitsCompleted": "0"},
    ]
    assert await gateway.data(AGENDA % "2026-02") == {"careAgenda": []}
    assert await gateway.codes(AGENDA % "2026-11", roles=("respondent",)) == ["FORBIDDEN"]


async def test_the_members_of_a_segment_are_read_page_by_page_through_the_gateway(
    gateway: Client, calling: Calling
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    ids = [registered(ops, name=name, tags=["vip"]).id for name in ("王小明", "Anna Smith")]
    registered(ops)
    vip = rules.Segment(name="VIP", rule=rules.SegmentRule(tag=rules.WordList(any_of=["vip"])))
    stub = calling.as_role(SegmentsServiceStub, "ops")
    segment = stub.CreateSegment(segments.CreateSegmentRequest(segment=vip)).segment.id
    first = (await gateway.data(MEMBERS % (segment, "null"), roles=("agent",)))["segmentMembers"]
    assert first == {
        "nodes": [{"id": ids[0], "name": "王小明"}],
        "pageInfo": {"hasNextPage": True, "endCursor": ids[0]},
    }
    rest = (await gateway.data(MEMBERS % (segment, f'"{ids[0]}"'), roles=("auditor",)))["segmentMembers"]
    assert rest == {
        "nodes": [{"id": ids[1], "name": "A***"}],
        "pageInfo": {"hasNextPage": False, "endCursor": ids[1]},
    }
    assert await gateway.codes(MEMBERS % (NO_SEGMENT, "null")) == ["SEGMENT_NOT_FOUND"]
    assert await gateway.codes(MEMBERS % (segment, "null"), roles=("respondent",)) == ["FORBIDDEN"]


async def test_how_far_an_import_is_is_read_through_the_gateway(gateway: Client, calling: Calling) -> None:
    content = b"external_ref,name\nM1,Anna\nM2,\n"
    calling.as_role(CareServiceStub, "ops").ImportMembers(care.ImportMembersRequest(content=content, file_key="f-1"))
    progress = (await gateway.data(PROGRESS % "f-1", roles=("ops",)))["memberImportProgress"]
    assert progress == {"phase": "finished", "rows": 2, "done": 2}
    assert await gateway.codes(PROGRESS % "f-2") == ["IMPORT_NOT_FOUND"]
    assert await gateway.codes(PROGRESS % "f-1", roles=("agent",)) == ["FORBIDDEN"]
