"""Refusals of the room of words."""

from services.chassis.errors import AlreadyExists, DomainError, Forbidden, Kind


class TemplateInvalid(DomainError):
    kind, reason = Kind.INVALID, "TEMPLATE_INVALID"


class WordsCodeTaken(AlreadyExists):
    reason = "WORDS_CODE_TAKEN"

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(f"Other words have the code {code}.", field="code", words_code=code)


class WordsNotPublished(DomainError):
    kind, reason = Kind.PRECONDITION, "WORDS_NOT_PUBLISHED"

    def __init__(self, words_id: str) -> None:
        """Name the words."""
        super().__init__(f"Words {words_id} have no published version.", words_id=words_id)


class WordsHaveNoDraft(DomainError):
    kind, reason = Kind.PRECONDITION, "WORDS_HAVE_NO_DRAFT"

    def __init__(self, words_id: str) -> None:
        """Name the words."""
        super().__init__(f"Words {words_id} have no draft to publish.", words_id=words_id)


class WordsRetired(DomainError):
    kind, reason = Kind.PRECONDITION, "WORDS_RETIRED"

    def __init__(self, words_id: str) -> None:
        """Name the words."""
        super().__init__(f"Words {words_id} are out of use.", words_id=words_id)


class PublisherIsAuthor(Forbidden):
    reason = "PUBLISHER_IS_AUTHOR"

    def __init__(self, words_id: str) -> None:
        """Name the words."""
        super().__init__("The author cannot publish the words: four eyes are needed.", words_id=words_id)
