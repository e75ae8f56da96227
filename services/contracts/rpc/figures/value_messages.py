"""Customers' value and its rules as messages, and back."""

from membercare.contracts.v1 import customer_pb2, customer_value_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.figures.customer_value import CustomerValue, TierChange
from services.contracts.domain.figures.value_model import ValueModel
from services.contracts.domain.figures.value_policy import ValuePolicy, read_rate
from services.contracts.domain.figures.value_reasons import Reason
from services.contracts.ports.values import ValueFilter
from services.contracts.rpc.money import money_to_pb

TIERS = EnumTable(CustomerTier, customer_pb2.CustomerTier)
STAGES = EnumTable(CustomerStage, customer_pb2.CustomerStage)
_MOST_RISK = 100


def value_to_pb(value: CustomerValue) -> customer_value_pb2.CustomerValue:
    judged = value.judged
    return customer_value_pb2.CustomerValue(
        id=value.id,
        tier=TIERS.number(judged.tier),
        stage=STAGES.number(judged.stage),
        risk=judged.risk,
        current_value=money_to_pb(judged.current_value),
        contract_margin=money_to_pb(judged.contract_margin),
        order_margin=money_to_pb(judged.order_margin),
        cost_to_serve=money_to_pb(judged.cost_to_serve),
        potential_value=money_to_pb(judged.potential_value),
        contract_potential=money_to_pb(judged.contract_potential),
        order_potential=money_to_pb(judged.order_potential),
        total_value=money_to_pb(judged.current_value + judged.potential_value),
        alive_permille=judged.alive_permille,
        expected_orders_hundredths=judged.expected_orders_hundredths,
        reasons=map(_reason, judged.reasons),
        changes=map(_change, value.changes),
        computed_time=to_timestamp(value.computed_time),
    )


def policy_to_pb(policy: ValuePolicy) -> customer_value_pb2.ValuePolicy:
    return customer_value_pb2.ValuePolicy(
        currency_code=policy.currency_code,
        contract_margin_bps=policy.contract_margin_bps,
        order_margin_bps=policy.order_margin_bps,
        case_costs=customer_value_pb2.CaseCosts(
            low=policy.case_low, normal=policy.case_normal, high=policy.case_high, major=policy.case_major
        ),
        visit_cost=policy.visit_cost,
        horizon_months=policy.horizon_months,
        discount_bps=policy.discount_bps,
        high_value_from=policy.high_value_from,
        growing_from_bps=policy.growing_from_bps,
        potential_from=policy.potential_from,
        at_risk_from=policy.at_risk_from,
        rates=(
            customer_value_pb2.ExchangeRate(currency_code=each.currency_code, rate=format(each.rate, "f"))
            for each in policy.rates
        ),
        etag=str(policy.version),
        update_time=to_timestamp(policy.update_time),
    )


def to_policy(request: pb.UpdateValuePolicyRequest) -> ValuePolicy:
    if not request.HasField("policy"):
        raise InvalidField("policy", "policy is missing.")
    policy = request.policy
    return ValuePolicy(
        currency_code=policy.currency_code,
        contract_margin_bps=policy.contract_margin_bps,
        order_margin_bps=policy.order_margin_bps,
        case_low=policy.case_costs.low,
        case_normal=policy.case_costs.normal,
        case_high=policy.case_costs.high,
        case_major=policy.case_costs.major,
        visit_cost=policy.visit_cost,
        horizon_months=policy.horizon_months,
        discount_bps=policy.discount_bps,
        high_value_from=policy.high_value_from,
        growing_from_bps=policy.growing_from_bps,
        potential_from=policy.potential_from,
        at_risk_from=policy.at_risk_from,
        rates=tuple(read_rate(each.currency_code, each.rate) for each in policy.rates),
    )


def to_value_filter(asked: pb.CustomerValueFilter) -> ValueFilter:
    if not 0 <= asked.risk_from <= _MOST_RISK:
        raise InvalidField("filter.risk_from", f"filter.risk_from must be 0 to {_MOST_RISK}.")
    return ValueFilter(
        tier=TIERS.member(asked.tier, "filter.tier"),
        stage=STAGES.member(asked.stage, "filter.stage"),
        risk_from=asked.risk_from,
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
    )


def model_to_pb(model: ValueModel) -> customer_value_pb2.ValueModel:
    return customer_value_pb2.ValueModel(
        fitted_time=to_timestamp(model.fitted_time),
        customers=model.customers,
        buying=model.buying,
        buying_log_likelihood=model.buying_log_likelihood,
        spending=model.spending,
        spending_log_likelihood=model.spending_log_likelihood,
        note=model.note,
        ended_terms=model.survival.ended,
        renewed_terms=model.survival.renewed,
    )


def _reason(reason: Reason) -> customer_value_pb2.ValueReason:
    return customer_value_pb2.ValueReason(
        code=reason.code, risk_points=reason.risk_points, text_en=reason.text_en, text_zh=reason.text_zh
    )


def _change(change: TierChange) -> customer_value_pb2.TierChange:
    return customer_value_pb2.TierChange(
        before=TIERS.number(change.before) if change.before else customer_pb2.CUSTOMER_TIER_UNSPECIFIED,
        after=TIERS.number(change.after),
        reasons=map(_reason, change.reasons),
        changed_time=to_timestamp(change.changed_time),
    )
