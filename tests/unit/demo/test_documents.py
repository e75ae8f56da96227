from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from deploy.demo import documents, offers_documents, promise_documents, samples

ROOT = Path(__file__).parents[3]
SCHEMA = build_schema((ROOT / "gateway/schema.graphql").read_text())
SENT = {
    name: text
    for module in (documents, offers_documents, promise_documents)
    for name, text in vars(module).items()
    if name.isupper() and not name.startswith("_")
}
PRINTED = {
    "member": samples.member("mem_1"),
    "not_reached": samples.not_reached("cmp_1"),
    "explanation": samples.explanation("cmp_1", "mem_1"),
    "membership": samples.membership("seg_1", "mem_1"),
    "offers": samples.offers(["cmp_1", "cmp_2"]),
    "consents": samples.consents("mem_1"),
    "figure": samples.figure("emp_1", "2026-11"),
}
PASTED = {
    f"{path.name} {place}": block.split("```")[0]
    for path in (ROOT / "README.md", ROOT / "README.zh-CN.md")
    for place, block in enumerate(path.read_text().split("```graphql\n")[1:], start=1)
}
SAMPLES = {
    str(path.relative_to(ROOT)): path.read_text() for path in sorted((ROOT / "examples/queries").rglob("*.graphql"))
}


@pytest.mark.parametrize("name", SENT)
def test_what_the_demo_sends_is_right_by_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(SENT[name])) == []


@pytest.mark.parametrize("name", PRINTED)
def test_what_the_demo_prints_to_be_pasted_is_right_by_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(PRINTED[name])) == []


@pytest.mark.parametrize("name", PASTED)
def test_what_the_readme_shows_is_right_by_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(PASTED[name])) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_query_is_right_by_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(SAMPLES[name])) == []


def test_each_document_names_its_operation_so_that_logs_can_tell_them_apart() -> None:
    assert all(parse(text).definitions[0].name for text in SENT.values())  # type: ignore[attr-defined]
