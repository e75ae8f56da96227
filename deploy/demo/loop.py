"""The second part of the demo: one customer's way from a contract to a figure of the person who helped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deploy.demo import documents
from deploy.demo.gateway import Person, request_id
from deploy.demo.stage import COMPANY_ZONE, Stage

CUSTOMER_REF, MEMBER_REF, SELLER_REF, AGENT_REF = "DEMO-CUSTOMER", "DEMO-MEMBER", "E009", "E007"
INDICATOR = "cases_closed_on_time"
SALES, AGENT, HR = Person("li.wen", ("sales",)), Person("miriam.okafor", ("agent",)), Person("xu.jing", ("hr",))
LEGAL = Person("zhou.min", ("legal",))
STEPS = (
    ("DRAFT", SALES, documents.SUBMIT_CONTRACT),
    ("IN_REVIEW", LEGAL, documents.APPROVE_CONTRACT),
    ("APPROVED", SALES, documents.SIGN),
    ("SIGNED", SALES, documents.ACTIVATE),
)
"""From the draft to a contract in force; the lawyer is another person, since four eyes are needed."""


@dataclass(frozen=True, slots=True)
class Story:
    """Whom and what the story is about."""

    member_id: str
    employee_id: str
    month: str


def tell(stage: Stage) -> Story:
    """Play the story, or what is left of it."""
    stage.screen.title(
        "3  A customer's way: contract, return visit, case, figure", "3  一位客户的旅程：合同、回访、工单、指标"
    )
    seller, agent = _employee(stage, SELLER_REF), _employee(stage, AGENT_REF)
    customer = _customer(stage, seller)
    member = _member(stage, customer)
    contract = _contract(stage, customer, seller=seller)
    visit = _visit(stage, contract, customer=customer)
    case = _case(stage, customer, visit=visit, agent=agent)
    month = _month(case)
    _figure(stage, case, agent=agent, month=month)
    return Story(member["id"], agent["id"], month)


def _employee(stage: Stage, ref: str) -> Any:
    return stage.gateway.ask(HR, documents.EMPLOYEE, ref=ref)["employees"]["nodes"][0]


def _customer(stage: Stage, seller: Any) -> Any:
    known = stage.gateway.ask(SALES, documents.CUSTOMER, ref=CUSTOMER_REF)["customers"]["nodes"]
    details = {
        "kind": "ORGANISATION",
        "name": "晨光精密机械有限公司 Morning Light Machinery",
        "externalRef": CUSTOMER_REF,
        "ownerId": seller["id"],
        "tags": ["demo"],
    }
    customer = known[0] if known else _created(stage, documents.CREATE_CUSTOMER, noun="customer", details=details)
    stage.screen.done(
        f"Customer {customer['name']}, owned by {seller['name']}",
        f"客户 {customer['name']}，客户经理 {seller['name']}",
        fresh=not known,
    )
    return customer


def _member(stage: Stage, customer: Any) -> Any:
    known = stage.gateway.ask(SALES, documents.MEMBER, ref=MEMBER_REF)["members"]["nodes"]
    today = stage.today
    details = {
        "name": "沈雨桐",
        "externalRef": MEMBER_REF,
        "customerId": customer["id"],
        "gender": "FEMALE",
        "language": "ZH_HANS",
        "timeZone": COMPANY_ZONE.key,
        "birthday": {"calendar": "SOLAR", "month": today.month, "day": today.day},
        "email": "shen.yutong@example.com",
        "emailConsent": True,
    }
    member = known[0] if known else _created(stage, documents.CREATE_MEMBER, noun="member", details=details, who=AGENT)
    stage.screen.done(
        f"Member {member['name']}, who answers the phone there; her birthday is the day of the first demo",
        f"会员 {member['name']}，该客户的联系人；首次演示当天正是她的生日",
        fresh=not known,
    )
    return member


def _created(stage: Stage, document: str, *, noun: str, details: dict[str, Any], who: Person = SALES) -> Any:
    return stage.take(who, document, input=details, requestId=request_id(noun))[noun]


def _contract(stage: Stage, customer: Any, *, seller: Any) -> Any:
    known = customer.get("contracts") or []
    today = stage.today
    details = {
        "customerId": customer["id"],
        "title": "年度维护服务 Yearly maintenance",
        "startDate": today.isoformat(),
        "endDate": (today + timedelta(days=364)).isoformat(),
        "price": {"currencyCode": "CNY", "minorUnits": "12800000"},
        "ownerId": seller["id"],
    }
    contract = known[0] if known else _created(stage, documents.CREATE_CONTRACT, noun="contract", details=details)
    fresh = contract["state"] in {"DRAFT", "IN_REVIEW", "APPROVED", "SIGNED"}
    for state, who, document in STEPS:
        if contract["state"] == state:
            moved = stage.take(who, document, id=contract["id"], requestId=request_id(contract["id"], state))
            contract = moved["contract"]
    stage.screen.done(
        f"Contract {contract['title']}: drafted, reviewed by the lawyer, signed, active",
        f"合同 {contract['title']}：起草、法务审核、签署、生效",
        fresh=fresh,
    )
    return contract


def _visit(stage: Stage, contract: Any, *, customer: Any) -> Any:
    def look() -> Any:
        found = stage.gateway.ask(AGENT, documents.VISITS, customerId=customer["id"])["visits"]["nodes"]
        return next((each for each in found if each["contractId"] == contract["id"]), None)

    visit = stage.until(
        look,
        english="Waiting for care to hear that the contract is active, and to owe a return visit.",
        chinese="等待关怀服务收到合同生效事件并安排回访。",
        log="care-consumers",
    )
    fresh = visit["state"] == "DUE"
    if fresh:
        words = "设备到货两天后才有人联系安装。Nobody called about the installation for two days."
        request = request_id(visit["id"], "complete")
        stage.take(AGENT, documents.COMPLETE_VISIT, id=visit["id"], words=words, requestId=request)
    stage.screen.done(
        f"Return visit due {visit['dueDate']}: made, the customer is not content",
        f"回访（应于 {visit['dueDate']} 前完成）：已完成，客户不满意",
        fresh=fresh,
    )
    return visit


def _case(stage: Stage, customer: Any, *, visit: Any, agent: Any) -> Any:
    def look() -> Any:
        found = stage.gateway.ask(AGENT, documents.CASES, customerId=customer["id"])["customers"]["cases"] or []
        return next((each for each in found if each["sourceId"] == visit["id"]), None)

    case = stage.until(
        look,
        english="Waiting for feedback to open a case from the visit.",
        chinese="等待反馈服务根据回访建立工单。",
        log="feedback-consumers",
    )
    fresh = case["state"] != "CLOSED"
    if case["state"] == "OPEN":
        assigned = stage.take(
            AGENT, documents.ASSIGN, id=case["id"], assigneeId=agent["id"], requestId=request_id(case["id"], "assign")
        )
        case = {**case, **assigned["case"]}
    if case["state"] == "ASSIGNED":
        resolution = "已道歉并于当日完成安装。Apologised; installed the same day."
        closed = stage.take(
            AGENT, documents.CLOSE, id=case["id"], resolution=resolution, requestId=request_id(case["id"], "close")
        )
        case = {**case, **closed["case"]}
    in_time = ("in time", "按时") if case["closedOnTime"] else ("late", "超时")
    stage.screen.done(
        f"Case {case['number']} ({case['severity'].lower()}): opened by the visit, given to {agent['name']},"
        f" closed {in_time[0]}",
        f"工单 {case['number']}：由回访建立，指派给 {agent['name']}，{in_time[1]}关闭",
        fresh=fresh,
    )
    return case


def _figure(stage: Stage, case: Any, *, agent: Any, month: str) -> None:
    which = {"employeeId": agent["id"], "indicator": INDICATOR, "month": month}

    def look() -> Any:
        found = stage.gateway.ask(HR, documents.FACTS, **which)["facts"]["nodes"]
        return next((each for each in found if each["evidenceId"] == case["id"]), None)

    stage.until(
        look,
        english="Waiting for kpi to count the case.",
        chinese="等待绩效服务记录该工单。",
        log="kpi-consumers",
    )
    told = stage.gateway.ask(HR, documents.FIGURE, **which)
    figure, named = told["employee"]["indicator"], {each["key"]: each for each in told["indicators"]}[INDICATOR]
    enough = (
        ("", "")
        if figure["sufficient"]
        else (
            f", but {figure['denominator']} of the {named['minimumSample']} cases that a judgement needs",
            f"，但样本只有 {figure['denominator']} 件，评价至少需要 {named['minimumSample']} 件",
        )
    )
    interval = f"{figure['intervalLow']:.0%}-{figure['intervalHigh']:.0%}"
    stage.screen.say(
        f"{named['nameEn']}, {agent['name']}, {month}: {figure['numerator']} of {figure['denominator']}"
        f" ({figure['rate']:.0%}, 95 % interval {interval}){enough[0]}.",
        f"{named['nameZh']}，{agent['name']}，{month}：{figure['numerator']}/{figure['denominator']}"
        f"（{figure['rate']:.0%}，95% 区间 {interval}）{enough[1]}。",
    )


def _month(case: Any) -> str:
    closed = datetime.fromisoformat(case["closedTime"])
    return f"{closed.astimezone(COMPANY_ZONE):%Y-%m}"
