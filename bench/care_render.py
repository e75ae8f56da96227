"""P3: words with one member's values in them, against the template engine's own compiled template."""

from liquid import Environment

from bench.measure import Figure, alternate
from services.care.domain.templates.liquid_engine import filled

_SOURCE = """亲爱的{{ member.name }}{% if member.gender == 'FEMALE' %}女士{% else %}先生{% endif %}：
祝您生日快乐，万事如意！{% if member.tier == 'gold' %}您是我们尊贵的{{ member.tier }}会员。{% endif %}
{% for gift in gifts %}- {{ gift }}
{% endfor %}您的管家 {{ owner.name }}（{{ owner.phone }}）与 {{ company }} 全体同仁敬上。
"""
_VALUES = {
    "member": {"name": "王芳", "gender": "FEMALE", "tier": "gold"},
    "gifts": ["鲜花", "蛋糕", "贺卡"],
    "owner": {"name": "李雷", "phone": "13800000000"},
    "company": "MemberCare",
}


def rendering(*, count: int) -> Figure:
    """Measure P3."""
    compiled = Environment().from_string(_SOURCE)
    assert filled(_SOURCE, _VALUES) == compiled.render(_VALUES)

    def ours() -> int:
        for _ in range(count):
            filled(_SOURCE, _VALUES)
        return count

    def reference() -> int:
        for _ in range(count):
            compiled.render(_VALUES)
        return count

    of_ours, of_reference = alternate(ours, reference)
    return Figure(
        "P3",
        f"render {count:,} messages: strict, bounded, compiled once",
        "the engine's own compiled template, neither strict nor bounded",
        "<= 1.2x",
        of_ours,
        of_reference,
        at_most=1.2,
    )
