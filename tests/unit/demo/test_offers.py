import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.offers_people import INVITED, SLEEPER, file, quiet_around, sleepers_zone
from deploy.demo.stage import COMPANY_ZONE
from services.care.domain.members.rows import OPTIONAL, REQUIRED
from services.care.domain.sending.windows import QuietWindow

MINUTES = [datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=30 * count, seconds=59) for count in range(48)]


@pytest.mark.parametrize("now", [*MINUTES, *(each + timedelta(days=182) for each in MINUTES)])
def test_whatever_the_time_it_is_quiet_for_one_member_and_for_no_other(now: datetime) -> None:
    zone = sleepers_zone(now)
    start, end = quiet_around(now, zone)
    quiet = QuietWindow(start, end)
    until = quiet.ends_after(now, ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    assert until is not None
    assert until - now > timedelta(minutes=85)
    assert until.astimezone(ZoneInfo(zone)).date() == today == now.astimezone(COMPANY_ZONE).date()
    for others in ("Asia/Singapore", "Australia/Perth"):
        assert quiet.ends_after(now, ZoneInfo(others)) is None
        assert quiet.ends_after(now + timedelta(minutes=10), ZoneInfo(others)) is None


def test_the_file_has_columns_that_the_import_knows_and_one_row_for_each() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    rows = list(csv.DictReader(io.StringIO(file(now))))
    assert set(rows[0]) <= {*REQUIRED, *OPTIONAL}
    assert len({each["external_ref"] for each in rows}) == len(rows) == 6 + INVITED
    assert [each["time_zone"] for each in rows if each["external_ref"] == SLEEPER] == ["Asia/Dubai"]
