from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.care.domain.templates.lint import WordsText
from services.care.domain.templates.words import MOST_VERSIONS, Words, WordsState, draft
from services.care.domain.templates.words_errors import (
    PublisherIsAuthor,
    TemplateInvalid,
    WordsHaveNoDraft,
    WordsNotPublished,
    WordsRetired,
)
from services.chassis.errors import InvalidField

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
EN, ZH = Language.EN, Language.ZH_HANS
HELLO = WordsText(language=EN, subject="Hi", body="Hello {{ member.name }}")
NIHAO = WordsText(language=ZH, subject="您好", body="您好 {{ member.name }}")


def some_words(*texts: WordsText, code: str = "birthday", channel: Channel = Channel.EMAIL) -> Words:
    return Words(
        id="wrd_01JD0000000000000000000001",
        code=code,
        name="Birthday",
        channel=channel,
        purpose=Purpose.CARE,
        versions=(draft(1, texts or (HELLO, NIHAO), author="anna", now=NOW),),
        create_time=NOW,
        update_time=NOW,
    ).checked()


def test_a_draft_is_published_by_somebody_else_and_never_changes_after_that() -> None:
    words = some_words()
    with pytest.raises(PublisherIsAuthor):
        words.publish(by="anna", now=NOW)
    published = words.publish(by="bert", now=NOW)
    assert (published.published().number, published.published().publisher) == (1, "bert")
    with pytest.raises(WordsHaveNoDraft):
        published.publish(by="carl", now=NOW)
    revised = published.revise("", (HELLO,), author="bert", now=NOW)
    assert [(each.number, each.state, each.author) for each in revised.versions] == [
        (1, WordsState.PUBLISHED, "anna"),
        (2, WordsState.DRAFT, "bert"),
    ]
    assert revised.published() == published.published()
    assert revised.publish(by="anna", now=NOW).published().number == 2


def test_a_draft_that_was_not_published_is_written_anew() -> None:
    revised = some_words().revise("Greeting", (HELLO,), author="bert", now=NOW)
    assert [(each.number, each.author, len(each.texts)) for each in revised.versions] == [(1, "bert", 1)]
    assert revised.name == "Greeting"


def test_words_with_an_error_are_stored_as_a_draft_and_not_published() -> None:
    words = some_words(replace(HELLO, body="Hello {{ member.nick }} {{ member.gender }}"), NIHAO)
    with pytest.raises(TemplateInvalid) as refused:
        words.publish(by="bert", now=NOW)
    assert refused.value.metadata["findings"] == "UNKNOWN_VARIABLE"
    assert "member.nick" in refused.value.message


def test_a_language_that_is_missing_is_no_obstacle_and_the_other_one_is_used() -> None:
    published = some_words(HELLO).publish(by="bert", now=NOW)
    assert published.published().text_in(ZH) == HELLO
    assert some_words().versions[0].text_in(ZH) == NIHAO


def test_words_that_nobody_published_are_not_taken() -> None:
    with pytest.raises(WordsNotPublished):
        some_words().published()


def test_retired_words_are_neither_taken_nor_changed() -> None:
    retired = some_words().publish(by="bert", now=NOW).retire(NOW)
    with pytest.raises(WordsRetired):
        retired.published()
    with pytest.raises(WordsRetired):
        retired.revise("", (HELLO,), author="anna", now=NOW)
    with pytest.raises(WordsRetired):
        retired.retire(NOW)


@pytest.mark.parametrize("code", ["", "Birthday", "-a", "a b", "a" * 51, "生日"])
def test_a_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(InvalidField) as refused:
        some_words(code=code)
    assert refused.value.field == "code"


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ((HELLO, HELLO), "texts.language"),
        ((replace(HELLO, body=""),), "texts.body"),
        ((replace(HELLO, body="x" * 20_001),), "texts.body"),
        ((replace(HELLO, subject="a\nb"),), "texts.subject"),
        ((replace(HELLO, subject="x" * 201),), "texts.subject"),
    ],
)
def test_texts_that_cannot_be_stored_are_refused_by_their_field(texts: tuple[WordsText, ...], field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        some_words(*texts)
    assert refused.value.field == field


def test_no_text_at_all_is_refused() -> None:
    with pytest.raises(InvalidField) as refused:
        draft(1, (), author="anna", now=NOW)
    assert refused.value.field == "texts"


def test_words_have_a_bounded_number_of_versions() -> None:
    words = some_words()
    for number in range(1, MOST_VERSIONS + 1):
        words = words.publish(by="bert", now=NOW)
        assert words.published().number == number
        if number < MOST_VERSIONS:
            words = words.revise("", (HELLO,), author="anna", now=NOW)
    with pytest.raises(InvalidField):
        words.revise("", (HELLO,), author="anna", now=NOW)


def test_a_version_is_found_by_its_number_and_0_is_the_newest() -> None:
    words = some_words().publish(by="bert", now=NOW).revise("", (HELLO,), author="anna", now=NOW)
    assert [words.numbered(number).number for number in (0, 1, 2)] == [2, 1, 2]
    for number in (-1, 3):
        with pytest.raises(InvalidField):
            words.numbered(number)
