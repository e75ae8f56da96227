"""Price indices, price runs and stubs as messages, and requests as what the domain understands."""

from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import price_run_pb2
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.billing.cotermination import Stub
from services.contracts.domain.billing.escalation import Bounds
from services.contracts.domain.billing.price_index import IndexValueState, PriceIndex, ToldValue
from services.contracts.domain.billing.price_run import PriceRule, PriceRun, PriceRunKind, PriceRunState
from services.contracts.rpc.money import money_to_pb
from services.contracts.usecases.billing.price_runs import PriceRunOrder

VALUE_STATES = EnumTable(IndexValueState, price_run_pb2.IndexValueState)
KINDS = EnumTable(PriceRunKind, price_run_pb2.PriceRunKind)
STATES = EnumTable(PriceRunState, price_run_pb2.PriceRunState)


def index_to_pb(index: PriceIndex) -> price_run_pb2.PriceIndex:
    return price_run_pb2.PriceIndex(
        id=index.id,
        name=index.name,
        basis=index.basis,
        values=(
            price_run_pb2.IndexValue(
                month=each.month,
                value=str(each.value),
                state=VALUE_STATES.number(each.state),
                published_date=each.published_date.isoformat(),
            )
            for each in index.values
        ),
        etag=str(index.version),
        create_time=to_timestamp(index.create_time),
        update_time=to_timestamp(index.update_time),
    )


def to_values(request: pb.RecordIndexValuesRequest) -> list[ToldValue]:
    return [
        ToldValue(
            month=each.month,
            value=each.value,
            state=VALUE_STATES.member(each.state, f"values[{place}].state"),
            published_date=each.published_date,
        )
        for place, each in enumerate(request.values)
    ]


def to_order(request: pb.CreatePriceRunRequest) -> PriceRunOrder:
    return PriceRunOrder(
        name=request.name,
        rule=_to_rule(request.rule),
        effective_date=request.effective_date,
        contract_ids=tuple(request.contract_ids),
        customer_id=request.customer_id,
    )


def run_to_pb(run: PriceRun) -> price_run_pb2.PriceRun:
    return price_run_pb2.PriceRun(
        id=run.id,
        name=run.name,
        rule=_rule_to_pb(run.rule),
        effective_date=run.effective_date.isoformat(),
        state=STATES.number(run.state),
        items=(
            price_run_pb2.PriceItem(
                contract_id=each.contract_id,
                line_id=each.line_id,
                description=each.description,
                old_price=money_to_pb(each.old_price),
                new_price=money_to_pb(each.new_price),
                formula=each.formula,
            )
            for each in run.items
        ),
        skips=(
            price_run_pb2.PriceSkip(contract_id=each.contract_id, line_id=each.line_id, reason=each.reason)
            for each in run.skips
        ),
        outcomes=(
            price_run_pb2.PriceOutcome(
                contract_id=each.contract_id, terms_number=each.terms_number, problem=each.problem
            )
            for each in run.outcomes
        ),
        author=run.author,
        approver=run.approver,
        etag=str(run.version),
        create_time=to_timestamp(run.create_time),
        update_time=to_timestamp(run.update_time),
        approved_time=to_timestamp(run.approved_time),
        applied_time=to_timestamp(run.applied_time),
        undone_time=to_timestamp(run.undone_time),
    )


def stub_to_pb(stub: Stub) -> price_run_pb2.Stub:
    return price_run_pb2.Stub(
        contract_id=stub.contract_id,
        start_date=stub.days.start.isoformat() if stub.days else "",
        end_date=stub.days.end.isoformat() if stub.days else "",
        lines=(
            price_run_pb2.StubLine(
                line_id=each.line_id,
                description=each.description,
                amount=money_to_pb(each.amount),
                formula=each.formula,
            )
            for each in stub.lines
        ),
        amount=money_to_pb(stub.amount),
    )


def _to_rule(rule: price_run_pb2.PriceRule) -> PriceRule:
    kind = KINDS.member(rule.kind, "rule.kind")
    if kind is None:
        raise InvalidField("rule.kind", "rule.kind is missing.")
    bounds = Bounds(
        floor_bps=rule.floor_bps if rule.HasField("floor_bps") else None,
        cap_bps=rule.cap_bps if rule.HasField("cap_bps") else None,
        round_to=rule.round_to or 1,
    )
    return PriceRule(
        kind=kind, uplift_bps=rule.uplift_bps, index_id=rule.index_id, lag_months=rule.lag_months, bounds=bounds
    )


def _rule_to_pb(rule: PriceRule) -> price_run_pb2.PriceRule:
    return price_run_pb2.PriceRule(
        kind=KINDS.number(rule.kind),
        uplift_bps=rule.uplift_bps,
        index_id=rule.index_id,
        lag_months=rule.lag_months,
        floor_bps=rule.bounds.floor_bps,
        cap_bps=rule.bounds.cap_bps,
        round_to=rule.bounds.round_to,
    )
