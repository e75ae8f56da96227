"""The words of the monthly workbook, in English and Chinese."""

SHEET_OWNERS, SHEET_REVENUE, SHEET_ABOUT = "Owners 负责人", "Revenue 经常性收入", "About 说明"
OWNER, TOTAL, NOBODY = "Owner 负责人", "Total 合计", "(nobody 无人)"
CURRENCY, FIRST_DAY, LAST_DAY = "Currency 币种", "First day 首日", "Last day 末日"

COUNTS = {
    "signed": "Contracts signed 签约合同数",
    "renewed": "Renewed 续约数",
    "lost": "Lost 流失数",
    "services": "Chargeable services 收费服务数",
}
AMOUNTS = {
    "signed": "Signed amount 签约金额",
    "renewed": "Renewed amount 续约金额",
    "lost": "Lost amount 流失金额",
    "services": "Service charges 服务收费",
}
RENEWAL_RATE = "Renewal rate 续约率"
WARRANTIES_ENDED, WARRANTIES_ATTACHED = "Warranties ended 保修到期数", "Attached 转签约数"
ATTACH_RATE = "Attach rate 转签约率"

REVENUE = (
    "Opening 期初",
    "New 新增",
    "Expansion 扩展",
    "Contraction 收缩",
    "Churn 流失",
    "Reactivation 恢复",
    "Closing 期末",
)
GROSS_RETENTION, NET_RETENTION = "Gross retention 总留存率", "Net retention 净留存率"

TITLE = "Monthly statistics 月度统计"
MONTH, KNOWN_AT, ONLY_OWNER = "Month 月份", "As known at 数据截至 (UTC)", "Only owner 仅限负责人"
NOTES = (
    "Recurring revenue is the price of a term by its months. 经常性收入 = 合同期价格 ÷ 合同期月数。",
    "A term is renewed when another follows it on the next day. 次日有新合同期接续即为续约。",
    "Attached: covered by a contract within 90 days of the warranty's end. 保修到期后九十天内由合同覆盖即为转签约。",
)
