"""The page by which a person confirms a consent: opening it confirms nothing, what is posted holds at once."""

import pytest

from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from services.chassis.errors import DomainError, Kind
from tests.fakes.suite import Client, FakeSuite

TOKEN = "A" * 67 + "B"


class LinkInvalid(DomainError):
    kind, reason = Kind.NOT_FOUND, "LINK_INVALID"


class ConfirmationEnded(DomainError):
    kind, reason = Kind.PRECONDITION, "CONFIRMATION_ENDED"


def asking(suite: FakeSuite, *, granted: bool = False) -> FakeSuite:
    """Let a link ask for offers by e-mail."""
    channel, purpose = channel_pb2.CHANNEL_EMAIL, channel_pb2.PURPOSE_MARKETING
    suite.care.answers |= {
        "GetConfirmation": lambda _: pb.GetConfirmationResponse(
            channel=channel, purpose=purpose, granted=granted, language=member_pb2.LANGUAGE_ZH_HANS
        ),
        "ConfirmConsent": lambda _: pb.ConfirmConsentResponse(channel=channel, purpose=purpose),
    }
    return suite


def confirmed(suite: FakeSuite) -> list[str]:
    return [each.token for each in suite.care.asked.get("ConfirmConsent", [])]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_the_page_confirms_nothing_however_often_a_scanner_does(
    gateway: Client, suite: FakeSuite, method: str
) -> None:
    asking(suite)
    for _ in range(3):
        answer = await gateway.http.request(method, f"/confirm/{TOKEN}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert confirmed(suite) == []


@pytest.mark.parametrize(
    ("language", "question", "button", "thanks"),
    [
        ("en", "E-mail, once you agree: Offers and news", "I agree", "Thank you. From now on you get by E-mail"),
        ("zh", "您同意后，我们将通过电子邮件向您发送“优惠与资讯”", "我同意", "谢谢！从现在起"),
    ],
)
async def test_the_button_confirms_in_both_languages(
    gateway: Client, suite: FakeSuite, language: str, question: str, button: str, thanks: str
) -> None:
    asking(suite)
    page = await gateway.http.get(f"/confirm/{TOKEN}?lang={language}")
    assert question in page.text
    assert f"<button>{button}</button>" in page.text
    assert f'action="/confirm/{TOKEN}?lang={language}"' in page.text
    done = await gateway.http.post(f"/confirm/{TOKEN}?lang={language}")
    assert (done.status_code, thanks in done.text, confirmed(suite)) == (200, True, [TOKEN])
    assert f'href="/preferences/{TOKEN}?lang={language}"' in done.text


async def test_what_is_confirmed_shows_no_button_any_more(gateway: Client, suite: FakeSuite) -> None:
    asking(suite, granted=True)
    page = await gateway.http.get(f"/confirm/{TOKEN}", headers={"accept-language": "en"})
    assert ("<button" in page.text, "Thank you." in page.text, confirmed(suite)) == (False, True, [])


@pytest.mark.parametrize(
    ("refusal", "status", "english", "chinese"),
    [
        (ConfirmationEnded("over"), 410, "This link is not open any more", "链接已失效"),
        (LinkInvalid("no"), 404, "This link does not work", "链接无效"),
    ],
)
async def test_a_link_that_is_over_or_none_of_ours_says_so(
    gateway: Client, suite: FakeSuite, refusal: DomainError, status: int, english: str, chinese: str
) -> None:
    def refuse(_: object) -> pb.GetConfirmationResponse:
        raise refusal

    asking(suite).care.answers["GetConfirmation"] = refuse
    for accepted, words in (("en", english), ("zh", chinese)):
        for method in ("GET", "POST"):
            page = await gateway.http.request(method, f"/confirm/{TOKEN}", headers={"accept-language": accepted})
            assert (page.status_code, words in page.text) == (status, True)
    assert confirmed(suite) == []


async def test_a_confirmation_that_ends_between_opening_and_posting_says_so(gateway: Client, suite: FakeSuite) -> None:
    def refuse(_: object) -> pb.ConfirmConsentResponse:
        raise ConfirmationEnded("over")

    asking(suite).care.answers["ConfirmConsent"] = refuse
    page = await gateway.http.post(f"/confirm/{TOKEN}", headers={"accept-language": "en"})
    assert (page.status_code, "Nothing was changed." in page.text) == (410, True)
    big = await gateway.http.post(f"/confirm/{TOKEN}", content=b"x" * 20_000)
    assert (big.status_code, len(confirmed(suite))) == (413, 1)
