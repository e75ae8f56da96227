"""What counts as a refusal when somebody answers a text message, and what does not."""

import pytest

from services.care.domain.providers.replies import is_refusal


@pytest.mark.parametrize(
    "text",
    [
        *("R", "r.", "Ｒ", "“R”", "【r】", "R,", " T D ", "回复R", "回R", "R退订", "TD退订", "拒收请回复R", "R\u200b"),
        *("退订", "退订！", "退訂", "取消订阅", "拒绝", "不要再发了", "别再发了。"),
        *("STOP", "Stop all", "unsubscribe.", "opt-out", "Opt Out"),
    ],
)
def test_a_refusal_is_one_however_it_is_dressed(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    ["", "?", "R?", "退订?", "谢谢", "好的", "回复", "RR", "Don't stop", "非停止不可", "Thanks, R.", "取消订单", "👍"],
)
def test_what_says_more_or_something_else_is_none(text: str) -> None:
    assert not is_refusal(text)
