"""What the pages behind links in messages say, in both languages."""

from collections.abc import Mapping

from membercare.care.v1 import channel_pb2 as pb

_CHANNELS = {
    pb.CHANNEL_EMAIL: ("E-mail", "电子邮件"),
    pb.CHANNEL_SMS: ("Text message", "短信"),
    pb.CHANNEL_WECOM: ("WeCom", "企业微信"),
    pb.CHANNEL_WECHAT: ("WeChat", "微信"),
    pb.CHANNEL_CALL: ("Phone call", "电话"),
}
_PURPOSES = {
    pb.PURPOSE_CARE: ("Greetings and care", "问候与关怀"),
    pb.PURPOSE_MARKETING: ("Offers and news", "优惠与资讯"),
    pb.PURPOSE_SERVICE: ("Service", "服务通知"),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unsubscribe_title": "Unsubscribe",
        "preferences_title": "What may we send you?",
        "ask": "Do you want to stop: {purpose}, by {channel}?",
        "this": "Unsubscribe",
        "all": "Unsubscribe from everything",
        "done": "Done. From now on we send you nothing of this kind: {purpose}, by {channel}.",
        "done_all": "Done. From now on we send you nothing but what a contract or your own request asks for.",
        "saved": "Saved. It holds from now on.",
        "lead": "Tick what you would like to get. Whatever a contract or your own request asks for comes in any case.",
        "save": "Save",
        "channel": "By which way",
        "choose": "Choose in detail",
        "confirm_title": "May we write to you?",
        "confirm_ask": "You get by {channel}, once you agree: {purpose}. You can end it at any time.",
        "confirm": "I agree",
        "confirmed": "Thank you. From now on you get by {channel}: {purpose}.",
        "ended_title": "This link is not open any more",
        "ended": "Its seven days are over, a newer message was sent, or you have decided otherwise since. Nothing was "
        "changed. Use the newest message, or ask us for another one.",
        "invalid_title": "This link does not work",
        "invalid": "Open it again from the message, whole. If that does not help, answer the message.",
        "away_title": "Not now",
        "away": "We cannot reach our records at the moment, so nothing was changed. Please try again in a few minutes.",
        "wrong_title": "This could not be read",
        "wrong": "Nothing was changed. Please go back and try again.",
    },
    "zh": {
        "unsubscribe_title": "退订",
        "preferences_title": "您愿意接收哪些消息？",
        "ask": "您要停止接收通过{channel}发送的“{purpose}”吗？",
        "this": "退订",
        "all": "全部退订",
        "done": "已完成。从现在起，我们不再通过{channel}向您发送“{purpose}”。",
        "done_all": "已完成。从现在起，除合同或您本人的请求所需外，我们不再向您发送任何消息。",
        "saved": "已保存，即刻生效。",
        "lead": "请勾选您愿意接收的内容。合同或您本人的请求所需的通知仍会发送。",
        "save": "保存",
        "channel": "方式",
        "choose": "逐项选择",
        "confirm_title": "我们可以给您发送消息吗？",
        "confirm_ask": "您同意后，我们将通过{channel}向您发送“{purpose}”。您可随时取消。",
        "confirm": "我同意",
        "confirmed": "谢谢！从现在起，我们将通过{channel}向您发送“{purpose}”。",
        "ended_title": "链接已失效",
        "ended": "链接已超过七天有效期，或我们已发送新的消息，或您之后另有选择。未作任何更改。"
        "请使用最新的消息，或联系我们重新发送。",
        "invalid_title": "链接无效",
        "invalid": "请从原消息中重新打开完整链接。如仍无效，请直接回复该消息。",
        "away_title": "暂时无法处理",
        "away": "目前无法访问我们的记录，未作任何更改。请几分钟后再试。",
        "wrong_title": "无法读取",
        "wrong": "未作任何更改。请返回后重试。",
    },
}


def channel_name(number: pb.Channel.ValueType, language: str) -> str:
    """Return what people call a channel."""
    return _CHANNELS.get(number, ("?", "?"))[language == "zh"]


def purpose_name(number: pb.Purpose.ValueType, language: str) -> str:
    """Return what people call a purpose."""
    return _PURPOSES.get(number, ("?", "?"))[language == "zh"]
