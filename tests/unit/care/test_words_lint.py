import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.members.links import MessageLinks
from services.care.domain.sending.recipient import Recipient
from services.care.domain.templates.lint import FindingCode, WordsText, errors, findings
from services.care.domain.templates.liquid_engine import WordsFailed, filled
from services.care.domain.templates.sms_length import SmsEncoding, sms_length
from services.care.domain.templates.variables import VARIABLES, values_of

EN, ZH = Language.EN, Language.ZH_HANS
EMAIL, SMS, WECOM = Channel.EMAIL, Channel.SMS, Channel.WECOM
CARE, MARKETING = Purpose.CARE, Purpose.MARKETING
LINKS = MessageLinks("https://care.example.com/u/1", "https://care.example.com/p/1", "https://care.example.com/c/1")


def wrong(
    body: str, *, channel: Channel = EMAIL, purpose: Purpose = CARE, language: Language = EN, subject: str = "Hi"
) -> list[tuple[str, str, str]]:
    text = WordsText(language=language, subject=subject, body=body)
    return [(each.code.value, each.part, each.what) for each in errors(findings([text], channel, purpose=purpose))]


def a_recipient(**known: object) -> Recipient:
    told: dict[str, object] = {"gender": "", "time_zone": "Asia/Shanghai", "email": "", "birthday_key": None}
    return Recipient(**{"id": "mem_1", "name": "Anna Smith", "language": EN, **told, **known})  # type: ignore[arg-type]


def rendered(body: str, **known: object) -> str:
    return filled(body, values_of(a_recipient(**known), date="2026-02-17", links=LINKS))


@pytest.mark.parametrize("subject", ["Hi", "Hi {{ member.first_name }}"])
def test_good_words_have_no_finding_but_the_language_that_is_missing(subject: str) -> None:
    text = WordsText(language=EN, subject=subject, body="Dear {{ member.name }}, on {{ occasion.date }}")
    found = findings([text], EMAIL, purpose=CARE)
    assert [(each.code, each.what) for each in found] == [(FindingCode.LANGUAGE_MISSING, "zh-Hans")]
    assert errors(found) == []
    both = [text, WordsText(language=ZH, subject="您好", body="您好")]
    assert findings(both, EMAIL, purpose=CARE) == ()


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("{{ member.nick }}", ("UNKNOWN_VARIABLE", "body", "member.nick")),
        ("{{ x }} {{ member }}", ("UNKNOWN_VARIABLE", "body", "member, x")),
        ("{{ member.attributes.Car }}", ("UNKNOWN_VARIABLE", "body", "member.attributes.Car")),
        ("{{ member.name", ("LIQUID_BROKEN", "body", "expected '}}', found end of file")),
        ("{{ member.name | replace: 'a', 'b' }}", ("LIQUID_BROKEN", "body", "unknown filter 'replace'")),
        ("{% include 'x' %}", ("LIQUID_BROKEN", "body", "unexpected tag 'include'")),
        ("{% for i in (1..9000000) %}x{% endfor %}", ("LIQUID_BROKEN", "body", "loop iteration limit reached")),
        ("Hi {{ member.gender }}", ("NO_FALLBACK", "body", "member.gender")),
        ("Hi {{ member.attributes.car | upcase }}", ("NO_FALLBACK", "body", "member.attributes.car")),
        ("{% if member.tier %}Gold{% endif %}", ("NOTHING_LEFT", "body", "")),
    ],
)
def test_what_would_fail_or_leave_a_hole_is_found_before_anybody_approves_it(
    body: str, finding: tuple[str, str, str]
) -> None:
    assert wrong(body) == [finding]


@pytest.mark.parametrize(
    "body",
    [
        'Hi {{ member.gender | default: "friend" }}',
        "{% if member.tier %}Dear {{ member.tier }} member{% endif %}, hello",
        "{% unless member.tier %}Hello{% else %}{{ member.tier }}{% endunless %}.",
        "{% case member.gender %}{% when 'MALE' %}Mr{% when 'FEMALE' %}Ms{% else %}Dear{% endcase %} {{ member.name }}",
        "{% if member.attributes.car == 'x5' %}{{ member.attributes.car }}{% endif %} Hi",
    ],
)
def test_a_fallback_or_a_condition_is_enough(body: str) -> None:
    assert wrong(body) == []


def test_a_fallback_stands_in_for_what_the_member_does_not_have() -> None:
    body = '{{ member.tier | default: "guest" }}/{{ member.attributes.car | default: "car" }}'
    assert rendered(body) == "guest/car"
    assert rendered(body, tier="gold", attributes={"car": "x5"}) == "gold/x5"
    assert rendered("{% if member.gender %}known{% else %}unknown{% endif %}") == "unknown"
    assert rendered("{{ member.first_name }} {{ member.gender }}", gender="GENDER_FEMALE") == "Anna FEMALE"


def test_links_and_the_day_stand_in_the_words() -> None:
    assert rendered("{{ links.unsubscribe }} {{ occasion.date }}") == "https://care.example.com/u/1 2026-02-17"


def test_a_variable_that_no_recipient_has_fails_instead_of_leaving_a_hole() -> None:
    with pytest.raises(WordsFailed):
        rendered("{{ member.nick }}")


def test_marketing_by_email_needs_its_unsubscribe_link() -> None:
    assert wrong("Buy now", purpose=MARKETING) == [("NO_UNSUBSCRIBE_LINK", "body", "")]
    assert wrong("Buy now. {{ links.unsubscribe }}", purpose=MARKETING) == []
    assert wrong("Happy birthday", purpose=CARE) == []


@pytest.mark.parametrize(
    ("body", "language", "missing"),
    [
        ("新品上市", ZH, True),
        ("新品上市 拒收请回复R", ZH, False),
        ("新品上市 回T退订", ZH, False),
        ("New in our shop", EN, True),
        ("New in our shop. Reply STOP to opt out", EN, False),
        ("We never stopped", EN, True),
    ],
)
def test_marketing_by_text_message_says_how_to_refuse_it(body: str, language: Language, *, missing: bool) -> None:
    codes = [code for code, _, _ in wrong(body, channel=SMS, purpose=MARKETING, language=language)]
    assert codes == (["NO_OPT_OUT_TEXT"] if missing else [])
    assert wrong(body, channel=SMS, purpose=CARE, language=language) == []


def test_an_email_without_a_subject_is_found() -> None:
    assert wrong("Hi", subject="") == [("SUBJECT_MISSING", "subject", "")]
    assert wrong("Hi", subject="", channel=WECOM) == []


def test_words_longer_than_the_channel_are_found() -> None:
    assert wrong("满" * 1334, channel=WECOM) == [("TOO_LONG", "body", "4002 bytes, at most 4000")]
    assert wrong("满" * 1333, channel=WECOM) == []
    assert wrong("满" * 671, channel=SMS) == [("TOO_LONG", "body", "11 segments, at most 10")]
    text = WordsText(language=ZH, subject="", body="满" * 202)
    (many, _) = findings([text], SMS, purpose=CARE)
    assert (many.code, many.what, errors([many])) == (FindingCode.MANY_SEGMENTS, "4", [])


def test_every_finding_is_told_in_two_languages() -> None:
    text = WordsText(language=EN, subject="", body="{{ member.gender }}")
    for found in findings([text], EMAIL, purpose=MARKETING):
        assert found.english.isascii()
        assert not found.chinese.isascii()
        assert "{" not in found.english.replace("{{ links.unsubscribe }}", "")
    assert {each.meaning_zh.isascii() for each in VARIABLES} == {False}


@pytest.mark.parametrize(
    "body",
    [
        "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 40 + "{{ a }}",
        "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
        "{% if true %}" * 500 + "x" + "{% endif %}" * 500,
    ],
)
def test_words_that_would_fill_the_memory_or_never_end_are_refused(body: str) -> None:
    assert [code for code, _, _ in wrong(body)] == ["LIQUID_BROKEN"]


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", SmsEncoding.GSM7, 0, 0),
        ("a" * 160, SmsEncoding.GSM7, 160, 1),
        ("a" * 161, SmsEncoding.GSM7, 161, 2),
        ("a" * 306, SmsEncoding.GSM7, 306, 2),
        ("a" * 307, SmsEncoding.GSM7, 307, 3),
        ("€" * 80, SmsEncoding.GSM7, 160, 1),
        ("a" * 152 + "€" + "a" * 152, SmsEncoding.GSM7, 306, 3),  # the euro sign is not cut in two
        ("满" * 70, SmsEncoding.UCS2, 70, 1),
        ("满" * 71, SmsEncoding.UCS2, 71, 2),
        ("满" * 134, SmsEncoding.UCS2, 134, 2),
        ("满" * 135, SmsEncoding.UCS2, 135, 3),
        ("a" * 69 + "“", SmsEncoding.UCS2, 70, 1),
        ("🎂" * 35, SmsEncoding.UCS2, 70, 1),
        ("🎂" * 67, SmsEncoding.UCS2, 134, 3),  # 33 in a segment of 67 units
    ],
)
def test_a_text_message_is_counted_as_providers_bill_it(
    text: str, encoding: SmsEncoding, units: int, segments: int
) -> None:
    found = sms_length(text)
    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


@given(text=st.text(alphabet="ab€满🎂", max_size=400))
def test_a_text_message_never_gets_shorter_by_a_character_more(text: str) -> None:
    shorter, longer = sms_length(text[:-1]), sms_length(text)
    assert longer.segments >= shorter.segments or shorter.encoding is not longer.encoding
    room = 153 if longer.encoding is SmsEncoding.GSM7 else 67
    assert longer.segments >= longer.units // (room + 7)
    assert longer.segments <= longer.units // (room - 1) + 1
