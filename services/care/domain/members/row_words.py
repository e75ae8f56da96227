"""What is wrong with a row of a member file, in Chinese: the English stands in the refusal itself."""

from services.chassis.csv_rows import RowError

_CODES = {
    "CSV_ROW_BROKEN": "该行的单元格数量与表头不符，或引号位置有误。",
    "DUPLICATE_REFERENCE": "该编号在本文件前面的行中已出现，请只保留一行。",
    "CONCURRENT_CHANGE": "该会员正被他人反复修改，请重新导入文件。",
    "MEMBER_MERGED": "该会员已并入另一会员，请改用另一会员的编号。",
    "MEMBER_ERASED": "该会员的个人数据已被删除，不再接收任何记录。",
    "INVALID_ID": "{column} 不是有效的编号。",
}
_COLUMNS = {
    "external_ref": "缺少会员编号，或超过 100 个字符：没有编号，重复导入会产生重复会员。",
    "name": "姓名不能为空，须为单行且不超过 100 个字符。",
    "gender": "性别请填写：男、女，或留空。",
    "language": "语言请填写：zh 或 en，或留空。",
    "time_zone": "时区须为 IANA 名称，例如 Asia/Shanghai。",
    "birthday": "生日请写成 YYYY-MM-DD；无年份写成 --MM-DD；农历闰月写成 YYYY-L04-15；日期须存在且不晚于今天。",
    "birthday_calendar": "生日历法请填写：公历 或 农历，或留空。",
    "email": "电子邮箱地址无效。",
    "phone": "电话号码无效，请写成 +86 138 0013 8000。",
    "do_not_contact": "请填写：是 或 否，或留空。",
    "tags": "标签最多 50 个，每个不超过 50 个字符，以分号分隔。",
    "preferred_channel": "首选渠道请填写：email、sms、wecom、wechat、call，或留空。",
    "cheerless_until": "日期请写成 YYYY-MM-DD。",
    "consent_time": "同意时间请写成 YYYY-MM-DD 或带时区的时间，且不能晚于现在；本人同意必须注明时间。",
    "consent_source": "同意来源请填写：本人，或留空。",
    "consent_proof": "本人同意必须注明凭证，且不超过 500 个字符。",
}


def in_chinese(error: RowError) -> str:
    """Return what is wrong and what to do, by code and column."""
    if error.code in _CODES:
        return _CODES[error.code].format(column=error.column or "该行")
    if error.column.startswith("attributes."):
        return f"自定义字段 {error.column.partition('.')[2]} 的值与其类型不符。"
    if error.column.endswith(("_consent", "_marketing")):
        return "请填写：是 或 否，或留空。"
    return _COLUMNS.get(error.column, f"{error.column or '该行'} 的值无效。")
