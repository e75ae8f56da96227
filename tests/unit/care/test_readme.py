from services.care.config import Settings
from services.care.rpc.access import ACCESS
from tests.unit.readmes import ROOT, access_rows, settings_rows, table


def test_the_readme_names_every_setting_with_its_default_and_meaning() -> None:
    assert table("care", "Settings") == settings_rows(Settings)


def test_the_readme_says_who_may_call_what() -> None:
    assert table("care", "Serves") == access_rows(ACCESS)


def test_the_readme_names_every_event_that_is_said() -> None:
    golden = sorted(path.name.split(".")[1] for path in (ROOT / "tests/contract/golden").glob("care.*.json"))
    assert sorted(row[0] for row in table("care", "Says")) == golden
