"""The states of the ledger in the words of two languages."""

STATES = {
    "SENT": ("sent", "已发送"),
    "FAILED": ("failed", "失败"),
    "SKIPPED": ("skipped", "跳过"),
    "UNKNOWN": ("unknown", "结果未知"),
    "PLANNED": ("waits", "等待中"),
    "HELD": ("held back", "暂缓发送"),
    "DELIVERED": ("delivered", "已送达"),
}
