"""Compute what customers are worth: those touched since the last run, and now and then all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.chassis.clock import Clock
from services.contracts.domain.figures.attached import Asked
from services.contracts.domain.figures.customer_value import Judgement
from services.contracts.domain.figures.forecast_shapes import History
from services.contracts.domain.figures.judge_value import Circumstances, Forecast, judge
from services.contracts.domain.figures.monthly import Sources, owners_of, total_of
from services.contracts.domain.figures.value_facts import CustomerFacts, Survival
from services.contracts.domain.figures.value_model import ValueModel
from services.contracts.domain.figures.value_policy import ValuePolicy
from services.contracts.domain.terms.periods import Span, local_day
from services.contracts.ports.customers import ValuedCustomers
from services.contracts.ports.values import (
    CustomerValues,
    Forecaster,
    Holds,
    Progress,
    Unreadable,
    ValueModels,
    ValuePolicies,
    ValueRuns,
    ValueSources,
)

PAGE = 200
REFIT_AFTER = timedelta(days=7)
_OVERLAP = timedelta(minutes=5)
"""What was being written while a run began is looked at by the next one, too."""
_EVER = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitModel:
    """Fits the purchase models over all customers, and counts how many terms were renewed."""

    sources: ValueSources
    models: ValueModels
    forecaster: Forecaster

    def __call__(self, policy: ValuePolicy, *, today: date, now: datetime) -> ValueModel:
        """Return the model, stored as the last."""
        contracts = tuple(self.sources.signed_contracts())
        ended = total_of(
            owners_of(
                Sources(contracts=contracts),
                Asked(span=Span(_EVER, today), known_at=now, today=today),
            )
        )
        survival = Survival(ended=ended.renewed.count + ended.lost.count, renewed=ended.renewed.count)
        histories: list[History] = []
        for _, purchases in self.sources.purchases():
            history = self.forecaster.history_of(purchases, today, policy=policy)
            if history:
                histories.append(history)
        model = self._fit(histories, survival, policy=policy, now=now)
        self.models.store(model)
        return model

    def _fit(
        self, histories: Sequence[History], survival: Survival, *, policy: ValuePolicy, now: datetime
    ) -> ValueModel:
        if not histories:
            note = "Nobody has bought anything."
            return ValueModel(fitted_time=now, policy_version=policy.version, customers=0, note=note, survival=survival)
        return self.forecaster.fit(histories, survival, policy=policy, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeCustomers:
    """Judges some customers; one that cannot be judged is noted, and the others are not kept waiting."""

    sources: ValueSources
    values: CustomerValues
    customers: ValuedCustomers
    runs: ValueRuns
    forecaster: Forecaster

    def __call__(self, customer_ids: Sequence[str], model: ValueModel, given: Circumstances, *, now: datetime) -> int:
        """Return how many were judged."""
        found = self.sources.facts(customer_ids)
        readable = {key: each for key, each in found.items() if isinstance(each, CustomerFacts)}
        failed = {key: each.reason for key, each in found.items() if isinstance(each, Unreadable)}
        forecasts = self._forecasts(readable, model, given=given, failed=failed)
        judged: dict[str, Judgement] = {}
        for customer_id, facts in readable.items():
            try:
                judged[customer_id] = judge(facts, forecasts.get(customer_id), given=given)
            except Exception as error:  # noqa: BLE001  # one customer who cannot be judged must not stop the others
                failed[customer_id] = _words(error)
        judged = {key: each for key, each in judged.items() if key not in failed}
        self.values.judge(judged, now=now)
        self.customers.set_value({key: each.tier for key, each in judged.items()}, now=now)
        for customer_id, why in failed.items():
            self.runs.failed(customer_id, why, now=now)
        self.runs.settled(list(judged))
        return len(judged)

    def _forecasts(
        self, facts: Mapping[str, CustomerFacts], model: ValueModel, *, given: Circumstances, failed: dict[str, str]
    ) -> Mapping[str, Forecast]:
        """Return what is expected of those who bought; who cannot be forecast is added to `failed`."""
        histories: dict[str, History] = {}
        for customer_id, each in facts.items():
            if not each.purchases or not model.buying:
                continue
            try:
                history = self.forecaster.history_of(each.purchases, given.today, policy=given.policy)
            except Exception as error:  # noqa: BLE001  # likewise
                failed[customer_id] = _words(error)
                continue
            if history:
                histories[customer_id] = history
        return self.forecaster.forecasts(histories, model, policy=given.policy) if histories else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeValues:
    """One run: nothing while none is due; a run that was cut off goes on where it was."""

    policies: ValuePolicies
    models: ValueModels
    sources: ValueSources
    runs: ValueRuns
    fit_model: FitModel
    judge_customers: JudgeCustomers
    clock: Clock
    time_zone: str
    run_at: time
    """From this time of the company's day on the run of the day is due."""

    def __call__(self, *, token: int, holds: Holds) -> int:
        """Return how many customers were judged; ends soon after the lead is lost."""
        now = self.clock.now()
        progress = self.runs.progress()
        if not self._due(progress, now):
            return 0
        today, policy, model = local_day(now, self.time_zone), self.policies.current(), self.models.latest()
        if model is None or _outdated(model, policy, now=now):
            # Noted first: if the process dies in between, the model is still outdated and everything begins anew.
            progress = replace(progress, full_began=now, full_after="")
            self.runs.advance(progress, token=token)
            model = self.fit_model(policy, today=today, now=now)
        given = Circumstances(today=today, policy=policy, survival=model.survival)
        run = _Run(self, model, given, token=token, holds=holds, now=now)
        return run.everybody(progress) if progress.full_began else run.touched(progress)

    def _due(self, progress: Progress, now: datetime) -> bool:
        if progress.last_day is None or progress.full_began or progress.requested_time:
            return True
        today = local_day(now, self.time_zone)
        yesterday = progress.last_day < today - timedelta(days=1)
        return yesterday or (progress.last_day < today and local_time(now, self.time_zone) >= self.run_at)


@dataclass(frozen=True, slots=True)
class _Run:
    compute: ComputeValues
    model: ValueModel
    given: Circumstances
    token: int
    holds: Holds
    now: datetime

    def everybody(self, progress: Progress) -> int:
        """Judge every customer, page by page; the last page's end is remembered."""
        done, began = 0, progress.full_began or self.now
        while self.holds():
            page = self.compute.sources.customers_after(progress.full_after, size=PAGE)
            if not page:
                self._end(progress, began)
                break
            done += self.compute.judge_customers(page, self.model, self.given, now=self.now)
            progress = replace(progress, full_after=page[-1])
            self.compute.runs.advance(progress, token=self.token)
        return done

    def touched(self, progress: Progress) -> int:
        """Judge who was touched since the last run, and who could not be judged by it."""
        since = (progress.touched_until or self.now) - _OVERLAP
        wanted = sorted({*self.compute.sources.touched_since(since), *self.compute.runs.failures()})
        done = 0
        for start in range(0, len(wanted), PAGE):
            if not self.holds():
                return done
            page = wanted[start : start + PAGE]
            done += self.compute.judge_customers(page, self.model, self.given, now=self.now)
        self._end(progress, self.now)
        return done

    def _end(self, progress: Progress, began: datetime) -> None:
        self.compute.runs.advance(progress.ended(began=began, day=self.given.today), token=self.token)


@dataclass(frozen=True, slots=True)
class RequestValueRun:
    """Asks for a run out of turn; the jobs role takes it up within seconds."""

    runs: ValueRuns
    clock: Clock

    def __call__(self) -> datetime:
        """Return when it was asked for."""
        now = self.clock.now()
        self.runs.request(now)
        return now


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def local_time(moment: datetime, zone: str) -> time:
    """Return the time of the day in a zone."""
    return moment.astimezone(ZoneInfo(zone)).time()


def _outdated(model: ValueModel, policy: ValuePolicy, *, now: datetime) -> bool:
    return model.policy_version != policy.version or now - model.fitted_time >= REFIT_AFTER
