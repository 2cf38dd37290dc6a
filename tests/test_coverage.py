"""What five real policies ask: every row is there once, and nothing that it names is missing."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from upheld.policy import pack, packs
from upheld.policy.reading import read

ROOT = Path(__file__).parents[1]
COVERAGE = ROOT / "docs" / "coverage.md"
ROWS = {"A": range(1, 23), "B": range(1, 22), "C": range(1, 13), "D": range(20), "E": range(1, 23)}
KINDS = ("policy", "desk", "policy, desk")
LEFT_OUT = {"skip", "skipif", "xfail"}

_ROW = re.compile(r"\| ([A-Z]\d+) \|(.*)\|")
_CODE = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"## `([a-z-]+)`")
_STEP = re.compile(r"([a-z_]+)(?:\[([^\]]+)\])?")


class Row(NamedTuple):
    """One promise: what is promised, what keeps it, and what proves that."""

    id: str
    pack: str
    promise: str
    kind: str
    clauses: tuple[str, ...]
    where: str
    proof: str

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(_CODE.findall(self.proof))


def rows_of(text: str) -> list[Row]:
    """Return the rows of a page."""
    rows, name = [], ""
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            name = heading[1]
        if found := _ROW.fullmatch(line):
            promise, kind, clauses, where, proof = (cell.strip() for cell in found[2].split("|"))
            rows.append(Row(found[1], name, promise, kind, tuple(_CODE.findall(clauses)), where, proof))
    return rows


@cache
def rows() -> list[Row]:
    return rows_of(COVERAGE.read_text(encoding="utf-8"))


@cache
def document(name: str) -> Any:
    return read(pack(name), name).data


def resolve(data: Any, path: str) -> Any:
    """Return what a path such as `targets[high_response].within` leads to; raises LookupError where that is nothing."""
    for step in path.split("."):
        found = _STEP.fullmatch(step)
        if not found:
            raise LookupError(step)
        data = data[found[1]]
        if found[2] is not None:
            data = _item(data, found[2])
    return data


def _item(data: Any, name: str) -> Any:
    """Return an item by its key, its id or role, or its number from 1."""
    if isinstance(data, dict):
        return data[name]
    if name.isdigit():
        return data[int(name) - 1]
    return next(each for each in data if name in (each.get("id"), each.get("role")))


def trouble_with(test: str) -> str:
    """Say what is wrong with a test that a row names; empty when it is there and runs."""
    path, _, name = test.partition("::")
    name, _, parameters = name.partition("[")
    file = ROOT / path
    if not file.is_file() or not (path.startswith("tests/") and file.name.startswith("test_")):
        return f"there is no file of tests {path}"
    body = ast.parse(file.read_text(encoding="utf-8")).body
    for step in name.split("::"):
        found = _found(body, step)
        if found is None:
            return f"there is no {step} in {path}"
        if _marks(found) & LEFT_OUT:
            return f"{step} is left out"
        body = found.body
    if not name.rpartition("::")[2].startswith("test_"):
        return f"{name} is no test"
    if parameters and "parametrize" not in _marks(found):
        return f"{name} has no parameters"
    return "it may skip itself" if _calls_skip(found) else ""


def _found(body: list[ast.stmt], name: str) -> ast.FunctionDef | ast.ClassDef | None:
    return next(
        (each for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name == name),
        None,
    )


def _marks(node: ast.FunctionDef | ast.ClassDef) -> set[str]:
    names = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    return {each.attr for each in names if isinstance(each, ast.Attribute)}


def _calls_skip(node: ast.AST) -> bool:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Attribute) and each.attr in LEFT_OUT for each in calls)


def is_left_out(path: str) -> bool:
    """Whether a whole file of tests is left out."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    marks = [
        each for each in body if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "pytestmark"
    ]
    return any(word in ast.unparse(each.value) for each in marks for word in LEFT_OUT)


def test_every_row_is_there_once_and_stands_under_its_pack():
    assert [row.id for row in rows()] == [
        f"{letter}{number}" for letter, all in ROWS.items() for number in all
    ]
    assert {row.pack for row in rows()} == set(packs())
    assert len({(row.id[0], row.pack) for row in rows()}) == len(ROWS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_row_says_what_is_promised_and_what_keeps_it(row):
    assert row.kind in KINDS
    assert len(row.promise) > 20 and row.where
    assert bool(row.clauses) == row.kind.startswith("policy")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_policy_is_proven_and_a_desk_is_or_says_that_it_is_not(row):
    says_not_yet = "*not yet*" in row.proof
    if row.kind == "policy":
        assert row.tests and not says_not_yet
    elif row.kind == "desk":
        assert bool(row.tests) != says_not_yet
    else:
        assert row.tests
        assert says_not_yet == ("the rest, " in row.proof)


@pytest.mark.parametrize("row", [row for row in rows() if row.clauses], ids=lambda row: row.id)
def test_each_clause_is_in_its_pack(row):
    for path in row.clauses:
        assert resolve(document(row.pack), path) is not None, path


@pytest.mark.parametrize("test", sorted({test for row in rows() for test in row.tests}))
def test_each_proof_is_a_test_that_runs(test):
    assert trouble_with(test) == ""
    assert not is_left_out(test.partition("::")[0])


def test_what_is_missing_is_noticed():
    row = rows_of("## `shop`\n| A1 | Somebody answers. | desk | - | mail | *not yet* |")[0]
    assert (row.pack, row.kind, row.clauses, row.tests) == ("shop", "desk", (), ())
    with pytest.raises(LookupError):
        resolve({"zone": "Europe/London"}, "zones")
    with pytest.raises(StopIteration):
        resolve({"targets": [{"id": "answer"}]}, "targets[answers].within")
    assert "there is no file" in trouble_with("tests/test_nothing.py::test_nothing")
    assert "there is no test_nothing" in trouble_with("tests/test_coverage.py::test_nothing")
    assert "is no test" in trouble_with("tests/test_coverage.py::resolve")
    assert "has no parameters" in trouble_with("tests/test_coverage.py::test_what_is_missing_is_noticed[A1]")
    assert trouble_with("tests/test_coverage.py::test_each_clause_is_in_its_pack[A1]") == ""


def test_a_test_that_is_left_out_proves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("test_coverage.ROOT", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_shop.py").write_text(
        "@pytest.mark.xfail(strict=True)\ndef test_one(): ...\n"
        "def test_two():\n    pytest.skip('no')\n"
        "pytestmark = [pytest.mark.skip]\n"
    )
    assert "is left out" in trouble_with("tests/test_shop.py::test_one")
    assert "may skip" in trouble_with("tests/test_shop.py::test_two")
    assert is_left_out("tests/test_shop.py")
