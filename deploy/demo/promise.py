"""The part of the demo about a promise: a warranty that ends, an offer, a contract, what it covers, its renewal."""

from datetime import date, datetime, time, timedelta
from typing import Any

from deploy.demo import documents
from deploy.demo import promise_documents as asked
from deploy.demo.gateway import Person, request_id
from deploy.demo.loop import CUSTOMER_REF, LEGAL, SALES, STEPS
from deploy.demo.stage import COMPANY_ZONE, Stage

APPROVER, AGENT = Person("chen.hao", ("approver",)), Person("miriam.okafor", ("agent",))
OPS = Person("zhao.lin", ("ops",))
PRODUCT_CODE, SERIAL = "DEMO-COMPRESSOR", "DEMO-AC-0001"
_FREE_MONTHS = 12
_DAYS_LEFT = 25
"""Of the warranty, on the day of the first demo: well inside the window in which a signing offer opens."""


def tell(stage: Stage) -> None:
    """Play the story, or what is left of it."""
    stage.screen.title(
        "4  A promise: warranty, offer, review, signature, cover, renewal",
        "4  一份承诺：质保到期、签约、审核、签署、权益、续约",
    )
    customer = stage.gateway.ask(SALES, documents.CUSTOMER, ref=CUSTOMER_REF)["customers"]["nodes"][0]
    asset = _asset(stage, customer)
    quote = _quote(stage, customer, asset=asset)
    contract = _contract(stage, quote, asset=asset)
    _entitled(stage, customer, asset=asset)
    _renewed(stage, contract)


def _asset(stage: Stage, customer: Any) -> Any:
    found = stage.gateway.ask(SALES, asked.CATALOG, code=PRODUCT_CODE, serial=SERIAL)
    products, assets = found["products"]["nodes"], found["assets"]["nodes"]
    product = {
        "code": PRODUCT_CODE,
        "nameEn": "Screw compressor",
        "nameZh": "螺杆空压机",
        "serviceTypes": ["repair", "inspection"],
    }
    if not products:
        products = [stage.take(OPS, asked.CREATE_PRODUCT, input=product, requestId=request_id("product"))["product"]]
    delivered = {
        "customerId": customer["id"],
        "productId": products[0]["id"],
        "serial": SERIAL,
        "deliveryDate": _delivered(stage.today).isoformat(),
        "freeMaintenanceMonths": _FREE_MONTHS,
    }
    asset = (
        assets[0]
        if assets
        else stage.take(SALES, asked.CREATE_ASSET, input=delivered, requestId=request_id("asset"))["asset"]
    )
    stage.screen.done(
        f"Machine {asset['serial']} was delivered with a year of free maintenance, which ends {asset['warrantyEnd']}",
        f"设备 {asset['serial']} 已交付，免费维护一年，{asset['warrantyEnd']} 到期",
        fresh=not assets,
    )
    return asset


def _delivered(today: date) -> date:
    end = today + timedelta(days=_DAYS_LEFT)
    return end.replace(year=end.year - 1, day=min(end.day, 28))


def _offer(stage: Stage, customer: Any, *, asset: Any) -> Any:
    def look() -> Any:
        found = stage.gateway.ask(SALES, asked.OFFERS, customerId=customer["id"])["opportunities"]["nodes"]
        return next((each for each in found if asset["id"] in each["assetIds"]), None)

    offer = stage.until(
        look,
        english="Waiting for the nightly look at warranties to open a signing offer.",
        chinese="等待系统检查质保并开启签约商机。",
        log="contracts-jobs",
    )
    stage.screen.done(
        f"The warranty ends soon, so a signing offer is open: {offer['title']}",
        f"质保即将到期，已自动开启签约商机：{offer['title']}",
        fresh=offer["stage"] == "QUALIFYING",
    )
    return offer


def _quote(stage: Stage, customer: Any, *, asset: Any) -> Any:
    offer = _offer(stage, customer, asset=asset)
    fresh = not offer["quotes"]
    if offer["stage"] == "QUALIFYING":
        stage.take(SALES, asked.PROPOSE, id=offer["id"], requestId=request_id(offer["id"], "propose"))
    quote = (
        stage.take(
            SALES,
            asked.CREATE_QUOTE,
            opportunityId=offer["id"],
            input=_quoted(stage, asset),
            requestId=request_id(offer["id"], "quote"),
        )["quote"]
        if fresh
        else offer["quotes"][0]
    )
    for state, who, document, more in (
        ("DRAFT", APPROVER, asked.APPROVE_QUOTE, {}),
        ("APPROVED", SALES, asked.SEND_QUOTE, {}),
        ("SENT", SALES, asked.ACCEPT_QUOTE, {"acceptedBy": "沈雨桐 Shen Yutong"}),
    ):
        if quote["state"] == state:
            quote = stage.take(who, document, id=quote["id"], requestId=request_id(quote["id"], state), **more)["quote"]
    stage.screen.done(
        "Quoted, approved by somebody else, sent, accepted", "报价：拟定、他人审批、发送、客户接受", fresh=fresh
    )
    return quote


def _quoted(stage: Stage, asset: Any) -> dict[str, Any]:
    begins = date.fromisoformat(asset["warrantyEnd"]) + timedelta(days=1)
    return {
        "title": "空压机维护合同 Compressor maintenance",
        "startDate": begins.isoformat(),
        "signBy": max(stage.today, begins - timedelta(days=5)).isoformat(),
        "lines": [
            {
                "description": "维修与巡检 Repair and inspection",
                "assetIds": [asset["id"]],
                "serviceTypes": ["repair", "inspection"],
                "unitPrice": {"currencyCode": "CNY", "minorUnits": "98000"},
                "term": {"unit": "YEAR", "count": 1},
                "period": {"unit": "MONTH", "count": 1},
            }
        ],
    }


def _contract(stage: Stage, quote: Any, *, asset: Any) -> Any:
    made = stage.take(
        SALES, asked.CONTRACT_OF_QUOTE, quoteId=quote["id"], requestId=request_id(quote["id"], "contract")
    )
    contract = made["contract"]
    fresh = contract["state"] == "DRAFT"
    for state, who, document in STEPS:
        if contract["state"] == state:
            moved = stage.take(who, document, id=contract["id"], requestId=request_id(contract["id"], state))
            contract = moved["contract"]
    contract = stage.gateway.ask(SALES, asked.CONTRACT, id=contract["id"])["contract"]
    price = contract["price"]
    stage.screen.done(
        f"The contract for {asset['serial']}: written by the seller, reviewed by {LEGAL.subject}, signed, activated;"
        f" {contract['startDate']} to {contract['endDate']}, {price['currencyCode']} {price['amount']}",
        f"设备 {asset['serial']} 的合同：销售起草、{LEGAL.subject} 审核、签署、生效；"
        f"{contract['startDate']} 至 {contract['endDate']}，{price['currencyCode']} {price['amount']}",
        fresh=fresh,
    )
    return contract


def _entitled(stage: Stage, customer: Any, *, asset: Any) -> None:
    ends = date.fromisoformat(asset["warrantyEnd"])
    later = datetime.combine(ends + timedelta(days=30), time(10), COMPANY_ZONE).isoformat()
    for service, at in (("repair", None), ("repair", later), ("relocation", later)):
        verdict = stage.gateway.ask(
            AGENT, asked.ENTITLEMENT, customerId=customer["id"], assetId=asset["id"], serviceType=service, at=at
        )["entitlement"]
        when = at[:10] if at else stage.today.isoformat()
        stage.screen.say(
            f"  {when} {service}: {verdict['verdict']} ({verdict['reason']}). {verdict['explanationEn']}",
            f"  {when} {service}：{verdict['verdict']}（{verdict['reason']}）。{verdict['explanationZh']}",
        )


def _renewed(stage: Stage, contract: Any) -> None:
    known = stage.gateway.ask(SALES, asked.RENEWALS, contractId=contract["id"])["renewals"]["nodes"]
    fresh = not known
    renewal = stage.take(SALES, asked.OPEN_RENEWAL, contractId=contract["id"])["renewal"] if fresh else known[0]
    if renewal["call"] is None and renewal["outcome"] is None:
        call = {"category": "COMMIT", "note": "客户确认续签 The customer has confirmed"}
        renewal = stage.take(
            SALES, asked.CALL, id=renewal["id"], input=call, requestId=request_id(renewal["id"], "call")
        )["renewal"]
    amount = renewal["amount"]
    stage.screen.done(
        f"The renewal is open: {amount['currencyCode']} {amount['amount']}, likelihood {renewal['likelihood']['score']}"
        " of 100, the seller commits to it",
        f"续约已开启：{amount['currencyCode']} {amount['amount']}，可能性 {renewal['likelihood']['score']}/100，"
        "销售判断：承诺达成",
        fresh=fresh,
    )
    if renewal["outcome"] is None:
        _forecast(stage, contract["endDate"][:7])
        renewal = stage.take(SALES, asked.WIN, id=renewal["id"], requestId=request_id(renewal["id"], "win"))["renewal"]
    after = stage.gateway.ask(SALES, asked.CONTRACT, id=contract["id"])["contract"]
    stage.screen.done(
        f"The renewal is won: the term goes on to {after['endDate']}",
        f"续约成功：合同期延至 {after['endDate']}",
        fresh=fresh,
    )


def _forecast(stage: Stage, month: str) -> None:
    for line in stage.gateway.ask(SALES, asked.FORECAST, month=month)["renewalForecast"]:
        amount = line["amount"]
        stage.screen.say(
            f"  forecast {line['month']}: {line['category']} {line['renewals']} x, {amount['currencyCode']}"
            f" {amount['amount']}, weighted {line['weighted']['amount']}",
            f"  预测 {line['month']}：{line['category']} {line['renewals']} 份，{amount['currencyCode']}"
            f" {amount['amount']}，加权 {line['weighted']['amount']}",
        )
