"""Visits are shared out fairly, to those who are there and know what is needed."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.visits.agents import CallAgent, share_out
from services.care.domain.visits.visit import Visit
from tests.unit.care.said.visits import NOON

DAY = date(2026, 11, 23)


def a_visit(number: int, *, skill: str = "", avoid_id: str = "") -> Visit:
    key = f"vis_{number:04}"
    return Visit(key, "", "", "2026-11-23", NOON, skill=skill, avoid_id=avoid_id)


def test_a_visit_goes_to_who_knows_what_it_needs() -> None:
    agents = [CallAgent(id="emp_1"), CallAgent(id="emp_2", skills=("pumps",))]
    assert share_out([a_visit(1, skill="pumps")], agents, loads={"emp_2": 90}, day=DAY) == {"vis_0001": "emp_2"}
    assert share_out([a_visit(1, skill="lifts")], agents, loads={}, day=DAY) == {}


def test_who_is_away_or_retired_gets_nothing() -> None:
    agents = [
        CallAgent(id="emp_1", away_from="2026-11-23", away_through="2026-11-23"),
        CallAgent(id="emp_2", active=False),
        CallAgent(id="emp_3"),
    ]
    assert set(share_out(map(a_visit, range(5)), agents, loads={}, day=DAY).values()) == {"emp_3"}


def test_nobody_is_asked_to_confirm_their_own_work() -> None:
    agents = [CallAgent(id="emp_1"), CallAgent(id="emp_2")]
    own = a_visit(1, avoid_id="emp_1")
    assert share_out([own], agents, loads={"emp_2": 50}, day=DAY) == {"vis_0001": "emp_2"}


@given(
    shares=st.lists(st.integers(10, 300), min_size=1, max_size=6),
    loads=st.lists(st.integers(0, 20), min_size=6, max_size=6),
    count=st.integers(0, 80),
)
def test_nobody_who_was_given_something_has_more_for_their_share_than_another_would_have_with_one_more(
    shares: list[int], loads: list[int], count: int
) -> None:
    agents = [CallAgent(id=f"emp_{place}", share=share) for place, share in enumerate(shares)]
    before = {agent.id: loads[place] for place, agent in enumerate(agents)}
    given_to = share_out(map(a_visit, range(count)), agents, loads=before, day=DAY)
    assert len(given_to) == count
    after = {agent.id: before[agent.id] + sum(each == agent.id for each in given_to.values()) for agent in agents}
    for agent in agents:
        if after[agent.id] > before[agent.id]:
            full = Fraction(after[agent.id], agent.share)
            assert all(full <= Fraction(after[other.id] + 1, other.share) for other in agents)


@given(
    st.lists(st.sampled_from(["", "pumps", "lifts"]), max_size=40),
    st.lists(st.sets(st.sampled_from(["pumps", "lifts"])), min_size=2, max_size=5),
)
def test_two_who_know_the_same_end_up_with_the_same_or_one_more(wanted: list[str], known: list[set[str]]) -> None:
    agents = [CallAgent(id=f"emp_{place}", skills=tuple(sorted(skills))) for place, skills in enumerate(known)]
    visits = [a_visit(number, skill=skill) for number, skill in enumerate(wanted)]
    given_to = share_out(visits, agents, loads={}, day=DAY)
    counts = {agent.id: sum(each == agent.id for each in given_to.values()) for agent in agents}
    for one in agents:
        for other in agents:
            if one.skills == other.skills:
                assert abs(counts[one.id] - counts[other.id]) <= 1
