from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.import_progress import SILENT_AT_MOST, ImportPhase, Progress, counted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


def progress(phase: ImportPhase) -> Progress:
    return Progress(id="f-1", phase=phase, rows=3_000, done=1_000, update_time=NOON)


@pytest.mark.parametrize("phase", [ImportPhase.CHECKING, ImportPhase.STORING])
def test_an_import_that_runs_is_seen_as_failed_where_it_was_once_it_has_been_silent_for_longer_than_the_limit(
    phase: ImportPhase,
) -> None:
    told = progress(phase)
    assert told.seen_at(NOON) == told
    assert told.seen_at(NOON + SILENT_AT_MOST) == told
    assert told.seen_at(NOON + SILENT_AT_MOST + MOMENT) == progress(ImportPhase.FAILED)


@pytest.mark.parametrize("phase", [ImportPhase.FINISHED, ImportPhase.FAILED])
def test_what_has_ended_stays_as_it_ended_however_long_ago(phase: ImportPhase) -> None:
    assert progress(phase).seen_at(NOON + timedelta(days=7)) == progress(phase)


def test_an_import_that_was_only_slow_is_seen_to_go_on_once_it_tells_again() -> None:
    late = NOON + 2 * SILENT_AT_MOST
    assert progress(ImportPhase.STORING).seen_at(late).phase is ImportPhase.FAILED
    again = replace(progress(ImportPhase.STORING), done=2_000, update_time=late)
    assert again.seen_at(late) == again


def test_a_clock_that_is_behind_the_one_that_told_sees_the_import_run() -> None:
    assert progress(ImportPhase.STORING).seen_at(NOON - timedelta(hours=1)).phase is ImportPhase.STORING


@pytest.mark.parametrize(
    ("rows", "told"), [(0, []), (999, []), (1_000, [1_000]), (2_500, [1_000, 2_000]), (3_000, [1_000, 2_000, 3_000])]
)
def test_each_thousand_rows_are_told_and_all_are_passed_on(rows: int, told: list[int]) -> None:
    heard: list[int] = []
    assert list(counted(range(rows), heard.append)) == list(range(rows))
    assert heard == told
