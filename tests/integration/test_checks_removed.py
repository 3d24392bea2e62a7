"""Each check of rights taken away in turn, each cell of the table of permissions turned: it is noticed."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

import ccm.commands
import ccm.queries
from ccm.auth import PERMISSIONS, Action, Reach, policy, reading
from ccm.auth.permissions import Rule
from ccm.domain.vocabulary import UserRole
from tests.integration import permission_table as table
from tests.integration.permission_attempts import DONE, EXECUTORS, REFUSED
from tests.integration.permission_world import SUBJECTS, World
from tests.support.proof import PROOF

#: Requirement Z8: every one of them; at each change some, always the same.
SOME_CHECKS, SOME_CELLS = (slice(None),) * 2 if PROOF else (slice(2, None, 13), slice(2, None, 37))

_RAISING = {"require", "require_somewhere"}
_TELLING = {"allowed", "allowed_somewhere", "may_read", "may_see_evidence", "may_see_names"}

_NOT_THERE = "who is reached how stands on a page that this role is refused as a whole"
_ALWAYS_ONESELF = "every operation names whoever asks: for another's account they ask for other rights"
#: Checks and cells without which all goes on as before, each with its reason.
EQUIVALENT_CHECKS = {
    "ccm.commands.followers.follow: "
    "require(actor, Action.MANAGE_USERS)": "a succession, which calls it, asks at its own door first",
    "ccm.commands.successions.RecordSuccession.authorise: "
    "require(actor, Action.MANAGE_ENTITIES)": "whoever it takes along is asked for in another module",
    "ccm.queries.answer_form.AnswerFormQuery.answer_to: "
    "allowed(actor, Action.SUBMIT_ON_BEHALF, row.holder)": "whoever has another's form is the Secretariat",
}
EQUIVALENT_CELLS = {
    **{
        f"read_contacts, open to {role}": _NOT_THERE
        for role in (UserRole.READER, UserRole.DONOR, UserRole.FOCAL_POINT)
    },
    **{
        f"manage_own_account, open to {role}": _ALWAYS_ONESELF
        for role in UserRole
        # The public read as readers do, and have no account.
        if role is not UserRole.READER
    },
}


@dataclass(frozen=True)
class Check:
    """One place where rights are asked for: a call in a function of a module, and what it says."""

    module: str
    function: str
    line: int
    column: int
    said: str

    def __str__(self) -> str:
        return f"{self.module}.{self.function}: {self.said}"


class _Calls(ast.NodeVisitor):
    """The checks of a module, with the functions they stand in."""

    def __init__(self, module: str) -> None:
        self.module, self.path, self.found = module, list[str](), list[Check]()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._within(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._within(node)

    def _within(self, node: ast.ClassDef | ast.FunctionDef) -> None:
        self.path.append(node.name)
        self.generic_visit(node)
        self.path.pop()

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in _RAISING | _TELLING:
            place = node.lineno, node.col_offset
            self.found.append(Check(self.module, ".".join(self.path), *place, ast.unparse(node)))
        self.generic_visit(node)


class _Without(ast.NodeTransformer):
    """The module without one check: what was asked for is allowed."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if (node.lineno, node.col_offset) == (self.check.line, self.check.column):
            return ast.copy_location(ast.Constant(True), node)
        return self.generic_visit(node)


def _modules() -> Iterator[ModuleType]:
    for package in (ccm.commands, ccm.queries):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if not found.ispkg:
                yield importlib.import_module(found.name)
    yield reading


@cache
def _checks() -> list[Check]:
    found = []
    for module in _modules():
        calls = _Calls(module.__name__)
        calls.visit(ast.parse(inspect.getsource(module)))
        found += calls.found
    return found


def _function(namespace: Any, path: str) -> FunctionType:
    """A function by its path in a module; that of a property behind it."""
    found = namespace
    for name in path.split("."):
        found = inspect.getattr_static(found, name)
    return getattr(found, "fget", found)


@contextmanager
def _without(checks: list[Check]) -> Iterator[None]:
    """The program without these checks, all of one module."""
    module = importlib.import_module(checks[0].module)
    tree: ast.AST = ast.parse(inspect.getsource(module))
    for check in checks:
        tree = _Without(check).visit(tree)
    changed = ModuleType(module.__name__)
    changed.__dict__["__file__"] = module.__file__
    code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")  # type: ignore[arg-type]
    exec(code, changed.__dict__)  # noqa: S102 - our own program
    kept: dict[FunctionType, CodeType] = {}
    for check in checks:
        function = _function(module, check.function)
        kept.setdefault(function, function.__code__)
        function.__code__ = _function(changed, check.function).__code__
    try:
        yield
    finally:
        for function, own in kept.items():
            function.__code__ = own


def _is_noticed(world: World, operations: list[str], likely: str, subjects: tuple[str, ...]) -> bool:
    """Whether any cell of these operations and subjects comes out otherwise than the table says.

    Those that say `likely` are tried first.
    """
    # What was answered before the change is no answer now.
    world.memory.clear()
    every = [cell for name in operations for cell in table.cells(name) if cell[-1] in subjects]
    every.sort(key=lambda cell: table.said()[cell] != likely)
    try:
        return any(table.wrong(world, [cell]) for cell in every)
    except (DBAPIError, AssertionError):
        # The store itself refused what followed, or an executor found something else.
        return True


def _operations_of(module: str) -> list[str]:
    """Those whose command or question stands in this module, and those of no class; where none does, all."""
    own = [name for name, found in EXECUTORS.items() if getattr(found.of, "__module__", "") == module]
    return own + [name for name, found in EXECUTORS.items() if found.of is None] if own else list(EXECUTORS)


def _second_doors(check: Check) -> list[Check]:
    """This check, and those of its module before or behind which it stands: at the door, or on the record."""
    at_the_door = check.function.endswith(".authorise")
    others = [one for one in _checks() if one.module == check.module]
    return [check, *(one for one in others if one.function.endswith(".authorise") is not at_the_door)]


def test_a_check_that_is_missing_is_noticed(world: World) -> None:
    """Alone; or, where the same right is asked for again further on, together with those other checks.

    That each command and question asks at its door is seen by `test_every_one_of_them_asks_the_table`.
    """
    alone, doubled, missed = 0, 0, []
    some = _checks()[SOME_CHECKS]
    for check in some:
        operations = _operations_of(check.module)
        with _without([check]):
            noticed = _is_noticed(world, operations, REFUSED, SUBJECTS)
        if noticed:
            alone += 1
            continue
        with _without(_second_doors(check)):
            noticed = _is_noticed(world, operations, REFUSED, SUBJECTS)
        if noticed:
            doubled += 1
        else:
            missed.append(str(check))
    print(
        f"\nchecks taken away: {alone} noticed alone, {doubled} with their second door, as before: {missed}"
    )
    assert missed == [str(check) for check in some if str(check) in EQUIVALENT_CHECKS]


@dataclass(frozen=True)
class Turned:
    """A rule of which one role's cell says something else, and what it said before."""

    name: str
    action: Action
    rule: Rule
    role: UserRole
    before: str


def _turned() -> Iterator[Turned]:
    """Every rule without one of its roles, or open to one more without limits."""
    for action, rule in PERMISSIONS.items():
        for role in UserRole:
            others = {name: far for name, far in rule.reach.items() if name is not role}
            if role in rule.reach:
                narrower = replace(rule, reach=MappingProxyType(others))
                yield Turned(f"{action}, without {role}", action, narrower, role, DONE)
            if rule.reach.get(role) is not Reach.EVERYTHING:
                wider = replace(rule, reach=MappingProxyType({**others, role: Reach.EVERYTHING}))
                yield Turned(f"{action}, open to {role}", action, wider, role, REFUSED)


def _subjects(role: UserRole) -> tuple[str, ...]:
    return (role.value, "public") if role is UserRole.READER else (role.value,)


def test_a_cell_that_is_turned_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    operations = {action: dict[str, None]() for action in Action}
    for line in table.lines():
        operations[Action(line["action"])][line["operation"]] = None
    some, missed = list(_turned())[SOME_CELLS], []
    for turned in some:
        with monkeypatch.context() as patch:
            patch.setattr(policy, "PERMISSIONS", {**PERMISSIONS, turned.action: turned.rule})
            concerned = list(operations[turned.action])
            if not _is_noticed(world, concerned, turned.before, _subjects(turned.role)):
                missed.append(turned.name)
    print(f"\ncells turned: {len(some) - len(missed)} noticed, as before: {missed}")
    assert missed == [turned.name for turned in some if turned.name in EQUIVALENT_CELLS]


def test_what_is_said_to_make_no_difference_is_there() -> None:
    assert EQUIVALENT_CELLS.keys() <= {turned.name for turned in _turned()}
    assert EQUIVALENT_CHECKS.keys() <= set(map(str, _checks()))
