"""Pages behind the links in messages: opening changes nothing, posting holds at once, in both languages."""

import re
from collections.abc import Callable

import pytest

from gateway.config import Settings
from gateway.signin import DevIssuer
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from services.chassis.errors import DomainError, Kind
from tests.fakes.suite import Client, FakeSuite, gateway_of

TOKEN = "A" * 67 + "B"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class LinkInvalid(DomainError):
    kind, reason = Kind.NOT_FOUND, "LINK_INVALID"


@pytest.fixture
def member(suite: FakeSuite) -> FakeSuite:
    """Somebody who allows greetings by e-mail, and opened the link of such a message."""
    preferences = [
        pb.Preference(channel=channel, purpose=purpose, granted=(channel, purpose) == (1, 1))
        for channel in channel_pb2.Channel.values()[1:]
        if channel != channel_pb2.CHANNEL_WEBHOOK
        for purpose in (channel_pb2.PURPOSE_CARE, channel_pb2.PURPOSE_MARKETING)
    ]
    suite.care.answers |= {
        "GetPreferences": lambda _: pb.GetPreferencesResponse(
            preferences=preferences,
            channel=channel_pb2.CHANNEL_EMAIL,
            purpose=channel_pb2.PURPOSE_CARE,
            language=member_pb2.LANGUAGE_ZH_HANS,
        ),
        "ChangePreferences": lambda _: pb.ChangePreferencesResponse(preferences=preferences),
    }
    return suite


def changes(suite: FakeSuite) -> list[tuple[str, list[tuple[int, int, bool]], bool]]:
    return [
        (
            asked.token,
            [(each.channel, each.purpose, each.granted) for each in asked.preferences],
            asked.unsubscribe_from_all,
        )
        for asked in suite.care.asked.get("ChangePreferences", [])
    ]


@pytest.mark.parametrize("page", ["unsubscribe", "preferences"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_a_page_changes_nothing(gateway: Client, member: FakeSuite, page: str, method: str) -> None:
    answer = await gateway.http.request(method, f"/{page}/{TOKEN}")
    assert (answer.status_code, changes(member)) == (200, [])
    assert answer.headers["cache-control"] == "no-store"


async def test_one_click_unsubscribes_at_once_without_a_redirect(gateway: Client, member: FakeSuite) -> None:
    answer = await gateway.http.post(f"/unsubscribe/{TOKEN}", data=ONE_CLICK)
    again = await gateway.http.post(f"/unsubscribe/{TOKEN}", files={"List-Unsubscribe": (None, "One-Click")})
    assert (answer.status_code, again.status_code) == (200, 200)
    assert changes(member) == [(TOKEN, [(1, 1, False)], False)] * 2


async def test_a_reader_unsubscribes_from_everything(gateway: Client, member: FakeSuite) -> None:
    page = await gateway.http.post(f"/unsubscribe/{TOKEN}", data={"scope": "all"}, headers={"accept-language": "en"})
    assert changes(member) == [(TOKEN, [], True)]
    assert '<p role="status">Done. From now on we send you nothing but' in page.text


async def test_a_reader_saves_what_differs_and_nothing_else(gateway: Client, member: FakeSuite) -> None:
    page = await gateway.http.post(f"/preferences/{TOKEN}?lang=en", data={"allow": ["2-1", "4-2"]})
    assert changes(member) == [(TOKEN, [(1, 1, False), (2, 1, True), (4, 2, True)], False)]
    assert "Saved. It holds from now on." in page.text
    await gateway.http.post(f"/preferences/{TOKEN}", data={"allow": ["1-1"]})
    assert len(changes(member)) == 1


@pytest.mark.parametrize(
    ("accepted", "asked", "tag", "heading"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-Hans", "退订"),
        ("en-GB,en;q=0.9", "", "en", "Unsubscribe"),
        ("fr, zh;q=0.4, en;q=0.8", "", "en", "Unsubscribe"),
        ("en;q=0, zh;q=0.1", "", "zh-Hans", "退订"),
        ("", "", "zh-Hans", "退订"),
        ("fr", "", "zh-Hans", "退订"),
        ("zh", "en", "en", "Unsubscribe"),
        ("en", "zh", "zh-Hans", "退订"),
        ("en;q=x", "xx", "zh-Hans", "退订"),
    ],
)
async def test_a_page_speaks_what_the_reader_asks_for_else_the_members_language(
    gateway: Client, member: FakeSuite, accepted: str, asked: str, tag: str, heading: str
) -> None:
    address = f"/unsubscribe/{TOKEN}" + (f"?lang={asked}" if asked else "")
    page = await gateway.http.get(address, headers={"accept-language": accepted})
    assert f'<html lang="{tag}">' in page.text
    assert f"<h1>{heading}</h1>" in page.text


async def test_a_page_is_read_by_everybody_and_asks_nobody_outside(gateway: Client, member: FakeSuite) -> None:
    for name in ("unsubscribe", "preferences"):
        page = await gateway.http.get(f"/{name}/{TOKEN}?lang=zh")
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert page.headers["referrer-policy"] == "no-referrer"
        sources = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)
        assert sources
        assert all(source.startswith("/") and not source.startswith("//") for source in sources)
        assert f'href="/{name}/{TOKEN}?lang=en" lang="en"' in page.text
        assert "<script" not in page.text
    boxes = re.findall(
        r'<input type="checkbox" name="allow" value="[0-9]-[0-9]" aria-label="[^"]+"( checked)?>', page.text
    )
    assert (len(boxes), boxes.count(" checked")) == (10, 1)
    assert (await gateway.http.get("/preferences/style.css")).status_code == 200


@pytest.mark.parametrize(("accepted", "words"), [("en", "This link does not work"), ("zh", "链接无效")])
async def test_a_link_that_is_none_of_ours_says_so_and_changes_nothing(
    gateway: Client, suite: FakeSuite, accepted: str, words: str
) -> None:
    def refuse(_: object) -> pb.GetPreferencesResponse:
        raise LinkInvalid("no")

    suite.care.answers["GetPreferences"] = refuse
    for method in ("GET", "POST"):
        page = await gateway.http.request(method, "/unsubscribe/x%22%3E%3Cb", headers={"accept-language": accepted})
        assert (page.status_code, changes(suite)) == (404, [])
        assert words in page.text
        assert "<b" not in page.text.replace("<body", "")


async def test_what_is_posted_in_mass_or_by_another_method_is_refused(gateway: Client, member: FakeSuite) -> None:
    big = await gateway.http.post(f"/unsubscribe/{TOKEN}", content=b"x" * 20_000)
    put = await gateway.http.put(f"/unsubscribe/{TOKEN}")
    assert (big.status_code, put.status_code, changes(member)) == (413, 405, [])


async def test_a_page_says_that_records_are_away(settings: Callable[..., Settings], issuer: DevIssuer) -> None:
    async with gateway_of(settings(care_address="127.0.0.1:1"), issuer) as client:
        page = await client.http.post(f"/unsubscribe/{TOKEN}", data=ONE_CLICK, headers={"accept-language": "en"})
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "nothing was changed" in page.text
