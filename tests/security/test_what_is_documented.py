"""docs/security.md names a proof for each rule. A proof that does not exist is none."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHAPTER = ROOT / "docs" / "security.md"
CODE = re.compile(r"`([^`]+)`")
HEAD = ["rule", "where", "proof", "open"]


def rows() -> list[tuple[int, list[str]]]:
    """The rows of all tables, each with its line."""
    found = []
    for number, line in enumerate(CHAPTER.read_text().splitlines(), 1):
        # A bar within a code span belongs to the cell.
        cells = [each.strip() for each in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells != HEAD and not set("".join(cells)) <= set("- "):
            found.append((number, cells))
    return found


@cache
def files() -> dict[str, list[Path]]:
    """The files of the tests by every ending of their paths by which the chapter may name them."""
    found: dict[str, list[Path]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        parts = path.relative_to(ROOT / "tests").parts
        for start in range(len(parts)):
            found.setdefault("/".join(parts[start:]), []).append(path)
    return found


@cache
def names_in(path: Path) -> frozenset[str]:
    """The tests and the classes of tests in a file."""
    return frozenset(
        each.name
        for each in ast.walk(ast.parse(path.read_text()))
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name.lower().startswith("test")
    )


def proofs(cell: str) -> list[tuple[str, str]]:
    """The file and the test of each proof that a cell names; `::test` belongs to the file before it."""
    found, file = [], ""
    for code in CODE.findall(cell):
        named, _, test = code.partition("::")
        file = named or file
        found.append((file, test))
    return found


def test_every_rule_has_a_place_and_a_proof() -> None:
    assert len(rows()) > 100
    assert [number for number, cells in rows() if len(cells) != len(HEAD)] == []
    unproved = [
        number for number, (rule, where, proof, _) in rows() if not (rule and where and proofs(proof))
    ]
    assert unproved == []


def test_every_proof_that_is_named_exists() -> None:
    missing = []
    for number, cells in rows():
        for file, test in proofs(cells[2]):
            paths = files().get(file, [])
            if len(paths) != 1:
                missing.append(f"line {number}: {file} is {'named twice in tests' if paths else 'not there'}")
            elif test and test not in names_in(paths[0]):
                missing.append(f"line {number}: {file} has no {test}")
    assert missing == []


def test_every_module_that_is_named_exists() -> None:
    """A rule says where it is held; when that is moved, the rule moves along."""
    source = ROOT / "src" / "upheld"
    missing = []
    for number, cells in rows():
        for code in CODE.findall(cells[1]):
            if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", code) or (ROOT / code).exists():
                continue
            place = source.joinpath(*code.split("."))
            module = place.is_dir() or place.with_suffix(".py").is_file()
            inside = place.parent.with_suffix(".py")
            package = place.parent / "__init__.py"
            told = any(
                each.is_file() and re.search(rf"\b{place.name}\b", each.read_text())
                for each in (inside, package)
            )
            if not (module or told):
                missing.append(f"line {number}: {code}")
    assert missing == []


def test_a_weakness_can_be_reported() -> None:
    said = (ROOT / "SECURITY.md").read_text()
    assert "Please report a weakness privately" in said
    assert re.search(r"answer within \w+ working days", said)
    assert "docs/security.md" in said
