"""Executes one request of GraphQL: understand, limit, run, and say what went wrong in codes."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from types import CoroutineType
from typing import Any, TypeGuard

import orjson
from graphql import ExecutionResult, Executor, GraphQLError, GraphQLSchema, OperationType

from gateway.graphql.context import Context
from gateway.graphql.cost import check_cost
from gateway.graphql.documents import Document, Documents
from gateway.graphql.errors import answer, field_error, own_mistake
from gateway.graphql.executor import QuickExecutor
from gateway.graphql.limits import Limits
from gateway.negotiation import JSON

_MOST_COERCION_ERRORS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client wants executed."""

    query: str
    operation: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The body of a response, and what the log and the status line say of it."""

    body: bytes
    codes: list[str]
    executed: bool = True
    """False where nothing was run: the response has no `data`."""
    forbidden_method: bool = False
    operation: str | None = None
    kind: str | None = None
    cost: int = 0

    @classmethod
    def refused(cls, *errors: dict[str, Any], forbidden_method: bool = False) -> "Answer":
        """Return the answer to a request that was not run."""
        codes = [each["extensions"]["code"] for each in errors]
        body = orjson.dumps({"errors": errors})
        return cls(body=body, codes=codes, executed=False, forbidden_method=forbidden_method)

    def status(self, media: str) -> int:
        """Return the status for a media type: the older one says 200 to whatever was understood as a request."""
        if self.forbidden_method:
            return 405
        return 200 if self.executed or media == JSON else 400


class NotRun(Exception):
    """The request has mistakes of the caller's own; nothing was run."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Owns the schema and the documents seen so far."""

    schema: GraphQLSchema
    documents: Documents
    limits: Limits
    open_schema: bool
    """Whether everybody may learn what the schema holds, also from hints in errors."""

    async def execute(self, request: Request, context: Context) -> Answer:
        """Return the answer; nothing that is raised below a field escapes."""
        document = self.documents.understand(request.query)
        if document.introspects and context.caller is None and not self.open_schema:
            return Answer.refused(answer("UNAUTHENTICATED", "Sign in to ask about the schema."))
        try:
            executor = self._executor(document, request, context=context)
            cost = check_cost(executor, self.limits.cost)
        except NotRun as refusal:
            return Answer.refused(*refusal.errors)
        except GraphQLError as error:
            return Answer.refused(own_mistake(error, "BAD_USER_INPUT"))
        operation = executor.operation
        if request.read_only and operation.operation is not OperationType.QUERY:
            return Answer.refused(answer("METHOD_NOT_ALLOWED", "Send mutations by POST."), forbidden_method=True)
        result: Any = executor.execute_operation()
        if not isinstance(result, ExecutionResult):
            result = await result
        name = operation.name.value if operation.name else None
        return _answer(result, name=name, kind=operation.operation.value, cost=cost)

    def _executor(self, document: Document, request: Request, *, context: Context) -> Executor[Any]:
        if document.node is None:
            raise NotRun(document.errors)
        executor = QuickExecutor.build(
            self.schema,
            document.node,
            context_value=context,
            raw_variable_values=request.variables,
            operation_name=request.operation,
            max_coercion_errors=_MOST_COERCION_ERRORS,
            is_awaitable=_is_coroutine,
            hide_suggestions=not self.open_schema,
        )
        if isinstance(executor, Executor):
            return executor
        raise NotRun([own_mistake(error, "BAD_USER_INPUT") for error in executor])


def _is_coroutine(value: Any) -> TypeGuard[Awaitable[Any]]:
    """Say whether a resolver's value must be awaited: ours are coroutines, and asking only that is quick."""
    return type(value) is CoroutineType


def _answer(result: ExecutionResult, *, name: str | None, kind: str, cost: int) -> Answer:
    body: dict[str, Any] = {"data": result.data}
    codes: list[str] = []
    if result.errors:
        errors = [field_error(error) for error in result.errors]
        body = {"errors": errors, "data": result.data}
        codes = sorted({each["extensions"]["code"] for each in errors})
    return Answer(body=orjson.dumps(body), codes=codes, operation=name, kind=kind, cost=cost)
