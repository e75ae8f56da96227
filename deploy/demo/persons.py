"""Invented persons: names of two languages as people write them, and addresses that lead nowhere."""

from dataclasses import dataclass
from random import Random

SURNAMES = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "黄": "huang", "赵": "zhao",
    "吴": "wu", "周": "zhou", "徐": "xu", "孙": "sun", "马": "ma", "朱": "zhu", "胡": "hu", "郭": "guo", "何": "he",
    "林": "lin", "高": "gao", "罗": "luo", "郑": "zheng", "梁": "liang", "谢": "xie", "宋": "song", "唐": "tang",
    "许": "xu", "韩": "han", "冯": "feng", "邓": "deng", "曹": "cao", "彭": "peng", "曾": "zeng", "肖": "xiao",
    "田": "tian", "董": "dong", "袁": "yuan", "潘": "pan", "蒋": "jiang", "蔡": "cai", "余": "yu", "欧阳": "ouyang",
    "司马": "sima", "上官": "shangguan", "诸葛": "zhuge",
}  # fmt: skip
GIVEN = {
    "伟": "wei", "芳": "fang", "娜": "na", "敏": "min", "静": "jing", "丽": "li", "强": "qiang", "磊": "lei",
    "军": "jun", "洋": "yang", "勇": "yong", "艳": "yan", "杰": "jie", "娟": "juan", "涛": "tao", "明": "ming",
    "超": "chao", "秀": "xiu", "霞": "xia", "平": "ping", "刚": "gang", "桂": "gui", "英": "ying", "华": "hua",
    "玉": "yu", "兰": "lan", "文": "wen", "建": "jian", "国": "guo", "春": "chun", "梅": "mei", "晨": "chen",
    "雨": "yu", "欣": "xin", "怡": "yi", "梓": "zi", "涵": "han", "浩": "hao", "然": "ran", "宇": "yu", "轩": "xuan",
    "思": "si", "琪": "qi", "嘉": "jia", "子": "zi", "睿": "rui", "诗": "shi", "晓": "xiao", "宁": "ning", "安": "an",
}  # fmt: skip
LONG_NAMES = ("阿依古丽·买买提", "迪丽娜尔·艾山", "扎西·次仁", "娜仁·托娅")
FIRST_NAMES = (
    "Alice", "Amara", "Ana", "Beth", "Chloe", "Dilys", "Eleanor", "Fatima", "Grace", "Hana", "Ines", "Joan", "Kirsten",
    "Leila", "Maeve", "Nora", "Olga", "Priya", "Rosa", "Siân", "Tessa", "Zoë", "Adam", "Ben", "Carlos", "David",
    "Emeka", "Felix", "George", "Hugo", "Ivan", "Jack", "Kofi", "Liam", "Mateo", "Nils", "Omar", "Peter", "Ravi",
    "Søren", "Tom", "Walter",
)  # fmt: skip
LAST_NAMES = (
    "Adeyemi", "Baker", "Costa", "D'Angelo", "Evans", "Fischer", "García", "Hughes", "Ito", "Jensen", "Kowalska",
    "Lindqvist", "Müller", "Novak", "O'Brien", "Patel", "Quinn", "Rossi", "Smith", "Tanaka", "Underwood", "van Dijk",
    "Walsh", "Yılmaz", "Zhang",
)  # fmt: skip
PLACEHOLDER_PHONES = ("138 0013 8000", "+86 138 0013 8000", "+86-138-0013-8000", "0086 13800138000")
"""One number that belongs to nobody, as people write it; English members get numbers reserved for fiction."""
DOMAINS = ("example.com", "example.com", "example.org", "Example.COM")


@dataclass(frozen=True, slots=True)
class Person:
    """A name, the part of an address that is made of it, and the languages' marks."""

    name: str
    local_part: str
    chinese: bool


def chinese(rng: Random) -> Person:
    """Invent somebody with a Chinese name."""
    if rng.random() < 0.01:  # noqa: PLR2004  # a few, as everywhere
        return Person(rng.choice(LONG_NAMES), "member", chinese=True)
    surname = rng.choice(list(SURNAMES))
    given = rng.sample(list(GIVEN), rng.choice((1, 2, 2)))
    pinyin = "".join(GIVEN[sign] for sign in given)
    return Person(surname + "".join(given), f"{pinyin}.{SURNAMES[surname]}", chinese=True)


def english(rng: Random) -> Person:
    """Invent somebody with a name of Latin letters; some systems write the last name first, with a comma."""
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    name = f"{last}, {first}" if rng.random() < 0.03 else f"{first} {last}"  # noqa: PLR2004
    local_part = "".join(sign for sign in first.lower() if sign.isascii() and sign.isalpha())
    return Person(name, local_part, chinese=False)


def phone(rng: Random, person: Person) -> str:
    """Return a number that no person has."""
    if person.chinese:
        return rng.choice(PLACEHOLDER_PHONES)
    return f"+1 {rng.choice((202, 212, 312, 415))}-555-01{rng.randrange(100):02d}"
