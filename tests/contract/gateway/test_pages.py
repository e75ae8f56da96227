import re
from collections.abc import Callable
from typing import Any

import pytest

from gateway.config import Settings
from gateway.signin import DevIssuer
from tests.fakes.suite import Client, FakeSuite, gateway_of
from tests.fakes.web import serve_json

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MAIL = (
    "From: Care <care@example.com>\r\nTo: wang@example.com\r\n"
    "Subject: =?utf-8?b?55Sf5pel5b+r5LmQ?= <script>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0800\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "亲爱的王芳 <img src=x onerror=alert(1)>\r\n"
).encode()
LISTED = {
    "id": 3,
    "message_id": "m-3",
    "to": "wang@example.com",
    "from": "care@example.com",
    "subject": "<script>alert(1)</script> 生日快乐",
    "time": "2026-11-22T01:00:00.000+00:00",
}


async def test_a_browser_that_opens_graphql_gets_graphiql_from_our_own_files(gateway: Client) -> None:
    page = await gateway.http.get("/graphql", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) == 6
    for source in sources:
        assert source.startswith("/graphiql/")
        assert (await gateway.http.get(source)).status_code == 200


async def test_a_query_in_the_address_is_answered_even_to_a_browser(gateway: Client) -> None:
    page = await gateway.http.get("/graphql", params={"query": "{ __typename }"}, headers=BROWSER)
    assert page.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("path", ["/graphiql/../inbox.css", "/graphiql/%2e%2e/%2e%2e/graphiql.py", "/graphiql/nothing"])
async def test_only_the_pages_own_files_are_served(gateway: Client, path: str) -> None:
    assert (await gateway.http.get(path)).status_code == 404


async def test_health_tells_the_state_of_every_service(
    gateway: Client, settings: Callable[..., Settings], issuer: DevIssuer
) -> None:
    whole = {"contracts": "serving", "care": "serving", "feedback": "serving", "kpi": "serving"}
    answer = await gateway.http.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "serving", "services": whole})
    async with gateway_of(settings(kpi_address="127.0.0.1:1"), issuer) as client:
        answer = await client.http.get("/health")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "degraded", "services": {**whole, "kpi": "unavailable"}},
    )


@pytest.fixture
def with_inbox(settings: Callable[..., Settings], issuer: DevIssuer) -> Callable[[str], Any]:
    return lambda url: gateway_of(settings(inbox_url=url), issuer)


async def test_the_inbox_lists_what_the_sink_kept_and_escapes_it(with_inbox: Callable[[str], Any]) -> None:
    with serve_json({"/messages": [LISTED]}) as sink:
        async with with_inbox(sink.url) as client:
            page = await client.http.get("/inbox")
    assert page.status_code == 200
    assert "<h1>Inbox</h1>" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 生日快乐" in page.text
    assert "<script" not in page.text
    assert sink.asked == ["/messages?order=newest&limit=100"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("headers", "parameters", "title"),
    [
        ({}, {}, "Inbox"),
        ({"accept-language": "zh-CN,zh;q=0.9"}, {}, "收件箱"),
        ({"accept-language": "zh-CN"}, {"lang": "en"}, "Inbox"),
        ({}, {"lang": "zh"}, "收件箱"),
        ({}, {"lang": "xx"}, "Inbox"),
    ],
)
async def test_the_inbox_speaks_english_and_chinese(
    with_inbox: Callable[[str], Any], headers: dict[str, str], parameters: dict[str, str], title: str
) -> None:
    with serve_json({"/messages": []}) as sink:
        async with with_inbox(sink.url) as client:
            page = await client.http.get("/inbox", params=parameters, headers=headers)
    assert f"<h1>{title}</h1>" in page.text


async def test_a_recipient_is_searched_for(with_inbox: Callable[[str], Any]) -> None:
    with serve_json({"/messages": [LISTED]}) as sink:
        async with with_inbox(sink.url) as client:
            page = await client.http.get("/inbox", params={"to": 'a"b@example.com'})
    assert sink.asked == ["/messages?order=newest&limit=100&to=a%22b%40example.com"]
    assert 'value="a&quot;b@example.com"' in page.text


async def test_a_message_is_shown_as_text_whatever_it_holds(with_inbox: Callable[[str], Any]) -> None:
    with serve_json({"/messages/3": MAIL}) as sink:
        async with with_inbox(sink.url) as client:
            page = await client.http.get("/inbox/3")
            missing = await client.http.get("/inbox/4")
    assert "生日快乐" in page.text
    assert "亲爱的王芳 &lt;img src=x onerror=alert(1)&gt;" in page.text
    assert "<img" not in page.text
    assert missing.status_code == 404


async def test_an_inbox_whose_sink_is_away_says_so(with_inbox: Callable[[str], Any]) -> None:
    async with with_inbox("http://127.0.0.1:1") as client:
        page = await client.http.get("/inbox")
    assert page.status_code == 503
    assert "The sink does not answer" in page.text


async def test_a_foreign_name_for_this_machine_reads_no_mail(with_inbox: Callable[[str], Any]) -> None:
    with serve_json({"/messages": [LISTED]}) as sink:
        async with with_inbox(sink.url) as client:
            page = await client.http.get("/inbox", headers={"host": "evil.example"})
    assert page.status_code == 403
    assert sink.asked == []


async def test_there_is_no_inbox_without_a_sink(gateway: Client, suite: FakeSuite) -> None:
    assert (await gateway.http.get("/inbox")).status_code == 404
    assert (await gateway.http.get("/inbox/1")).status_code == 404
