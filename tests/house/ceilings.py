"""Measures Python modules against the house's ceilings: length, nesting, names, keyword-only arguments."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE_LINES, FUNCTION_LINES, NESTING, POSITIONAL = 300, 40, 3, 2
BANNED_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "base"})
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def complaints(path: Path, source: str) -> Iterator[str]:
    """Yield what is wrong with a module, as `path:line: what`."""
    if path.stem in BANNED_NAMES or BANNED_NAMES & set(path.parts):
        yield f"{path}:1: a module named {path.stem!r} says nothing; name what it is for"
    lines = source.count("\n")
    if lines > FILE_LINES:
        yield f"{path}:1: {lines} lines, the ceiling is {FILE_LINES}"
    for node, is_method in functions(ast.parse(source)):
        yield from _function_complaints(path, node, is_method=is_method)


def functions(tree: ast.AST, *, in_class: bool = False) -> Iterator[tuple[Function, bool]]:
    """Yield every function and whether it is a method."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, _FUNCTIONS):
            yield child, in_class
        yield from functions(child, in_class=isinstance(child, ast.ClassDef))


def nesting(body: list[ast.stmt], depth: int = 0) -> int:
    """Return how many blocks the deepest statement stands in; an `elif` is no deeper than its `if`."""
    deepest = depth
    for statement in body:
        if not isinstance(statement, _BLOCKS):
            continue
        for inner in _bodies(statement):
            is_elif = isinstance(statement, ast.If) and inner is statement.orelse and _is_elif(inner)
            deepest = max(deepest, nesting(inner, depth if is_elif else depth + 1))
    return deepest


def _function_complaints(path: Path, node: Function, *, is_method: bool) -> Iterator[str]:
    where = f"{path}:{node.lineno}: {node.name}"
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > FUNCTION_LINES:
        yield f"{where} has {length} lines, the ceiling is {FUNCTION_LINES}"
    depth = nesting(node.body)
    if depth > NESTING:
        yield f"{where} nests {depth} levels, the ceiling is {NESTING}"
    count = _positional(node, is_method=is_method)
    if count > POSITIONAL and not _is_prescribed(node):
        yield f"{where} takes {count} positional arguments; after {POSITIONAL} they are keyword-only"


def _positional(node: Function, *, is_method: bool) -> int:
    count = len(node.args.posonlyargs) + len(node.args.args)
    decorators = {ast.unparse(one) for one in node.decorator_list}
    return count - 1 if is_method and "staticmethod" not in decorators else count


def _is_prescribed(node: Function) -> bool:
    """Say whether a framework calls this by position: dunders, gRPC servicers, SMTP and ASGI hooks, fixtures, tests."""
    if node.name.startswith(("__", "handle_", "test_", "do_", "pytest_", "intercept_")) or node.name[0].isupper():
        return True
    if any(argument.arg == "info" for argument in node.args.args):
        return True  # a resolver: strawberry makes its arguments those of the field, and passes them by name
    marks = ("fixture", "override", "strawberry.", "given", "event_handler", "prescribed")
    return any(mark in ast.unparse(one) for one in node.decorator_list for mark in marks)


def _bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    parts = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    parts += [handler.body for handler in getattr(statement, "handlers", [])]
    parts += [case.body for case in getattr(statement, "cases", [])]
    return [part for part in parts if part]


def _is_elif(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.If)
