import pytest

from services.care.__main__ import main
from services.care.config import Settings, mistakes
from services.chassis.config import WRONG_SETTINGS, read

NONSENSE = {
    "COMPANY_TIME_ZONE": ("Asia/Peking", "8"),
    "VISIT_AFTER_DAYS": ("-1", "3651", "soon"),
    "CALL_FROM": ("9:00", "24:00", "09.00"),
    "CALL_UNTIL": ("8 pm", "20:00:00"),
    "SWEEP_SECONDS": ("0", "-5", "nan", "inf"),
    "STRANDED_AFTER_SECONDS": ("0", "nan"),
    "SMTP_URL": ("mail.example.com:25", "http://mail.example.com", "smtp://", "smtp://mail.example.com:port"),
    "SMTP_LOOKUP_URL": ("mail.example.com", "http://"),
    "SMTP_CONNECTIONS": ("0", "65", "many"),
    "MAIL_FROM": ("MemberCare", "care@example.com\nBcc: all@example.com"),
    "PUBLIC_URL": ("care.example.com", "https://", "https://care.example.com:99999"),
    "STAFF_MAIL_DOMAINS": ("@example.com", "example.com example.org", "me@example.com", "example"),
    "CHANNEL_SINK_URL": ("127.0.0.1:8025",),
    "CONFIRM_MARKETING": ("maybe",),
    "RECORD_ENGAGEMENT": ("2",),
    "PAUSE_ERROR_SHARE": ("50", "-0.1", "nan"),
    "PAUSE_LEAST_ERRORS": ("0", "-20"),
    "PAUSE_WINDOW_MINUTES": ("0", "1.5", "2881"),
    "CHANNEL_PRICES": ("sms=45", "CNY fax=1", "CNY sms=4.5"),
    "DISPATCH_LEASE_SECONDS": ("0", "-1", "nan", "inf"),
}


@pytest.mark.parametrize(("variable", "value"), [(name, each) for name, values in NONSENSE.items() for each in values])
def test_a_setting_that_means_nothing_is_refused_by_its_name(variable: str, value: str) -> None:
    settings, found = read(Settings, {variable: value})
    assert settings is None
    assert [each.startswith(f"{variable}=") for each in found] == [True]


def test_the_defaults_and_a_common_choice_are_taken() -> None:
    chosen = {
        "COMPANY_TIME_ZONE": "UTC",
        "CALL_FROM": "00:00",
        "CALL_UNTIL": "23:59",
        "VISIT_AFTER_DAYS": "0",
        "SMTP_URL": "smtps://care:secret@mail.example.com",
        "PUBLIC_URL": "https://care.example.com",
        "STAFF_MAIL_DOMAINS": "example.com, mail.example.org,",
        "PAUSE_ERROR_SHARE": "0",
    }
    for environ in ({}, chosen):
        settings, found = read(Settings, environ)
        assert settings is not None, found
        assert mistakes(settings) == []


def test_hours_in_which_nobody_could_ever_be_called_are_refused() -> None:
    settings, _ = read(Settings, {"CALL_FROM": "20:00", "CALL_UNTIL": "09:00"})
    assert settings is not None
    assert mistakes(settings) == ["CALL_UNTIL='09:00' must be later than CALL_FROM='20:00'"]


def test_a_role_ends_with_every_mistake_and_prints_no_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMTP_URL", "http://care:s3cret@mail.example.com:25")
    monkeypatch.setenv("COMPANY_TIME_ZONE", "Asia/Peking")
    with pytest.raises(SystemExit) as ended:
        main(["jobs"])
    assert ended.value.code == WRONG_SETTINGS
    assert capsys.readouterr().err.splitlines() == [
        "The settings are wrong:",
        "  - COMPANY_TIME_ZONE='Asia/Peking': the value must be an IANA time zone such as Asia/Shanghai.",
        "  - SMTP_URL='http://care:***@mail.example.com:25': must be smtp://host:port or smtps://host:port",
    ]
