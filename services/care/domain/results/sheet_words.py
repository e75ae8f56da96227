"""What stands in the workbook of a campaign's results beside its numbers, in English and Simplified Chinese."""

from collections.abc import Mapping

TITLE = "Campaign results 活动效果"
SHEET_FUNNEL, SHEET_SKIPS, SHEET_LIFT = "Funnel 漏斗", "Not sent 未发送", "Lift 提升"
BREAKDOWN, KEY, ALL = "By 维度", "Value 取值", "All 合计"
BREAKDOWNS: Mapping[str, str] = {
    "by_channel": "Channel 渠道",
    "by_variant": "Variant 文案方案",
    "by_version": "Version 版本",
    "by_day": "Day 日期",
}
STEPS: Mapping[str, str] = {
    "due": "Due 应触达",
    "stand_ins": "By a later channel 改走后备渠道",
    "held_out": "Held out 对照组",
    "skipped": "Skipped 跳过",
    "waiting": "Waiting 等待中",
    "failed": "Failed 失败",
    "unknown": "Unknown 结果未知",
    "sent": "Sent 已发送",
    "delivered": "Delivered 已送达",
    "unconfirmed": "Unconfirmed 未确认",
    "bounced": "Bounced 退回",
    "opened": "Opened 打开",
    "clicked": "Clicked 点击",
    "replied": "Replied 回复",
    "complained": "Complained 投诉为垃圾信息",
    "unsubscribed": "Unsubscribed 退订",
    "goal_reached": "Goal reached 达成目标",
}
SHEET_COSTS = "Cost 成本"
CHANNEL, CURRENCY, COST = "Channel 渠道", "Currency 币种", "Cost in smallest units 成本（最小货币单位）"
REASON, COUNT, IN_ENGLISH, IN_CHINESE = "Reason 原因", "Messages 消息数", "In English 英文", "In Chinese 中文"
GROUP, MEMBERS, CONVERTED, RATE = "Group 组别", "Members 会员数", "Reached the goal 达成目标", "Rate 达成率"
OPEN_WINDOWS = "Window still open 窗口未结束"
TREATED, CONTROL = "Due 应触达", "Control group 对照组"
DIFFERENCE, LOW, HIGH, P_VALUE = "Difference 差异", "Low 下限", "High 上限", "p"
CAMPAIGN, AS_OF, FIRST_DATE, LAST_DATE = "Campaign 活动", "As of 截至", "First day 首日", "Last day 末日"
