"""Customers from tables: contacts, organizations and contracts, as CSV files of a stated form.

A file is read (`sheet`), every row is made a part of a plan (`contacts`, `organizations`, `contracts`), and the plan is
either shown or written, as a whole or not at all.
"""

from upheld.people.importing.columns import KINDS, Column, Kind, kind_of, template_of
from upheld.people.importing.importing import Plan, plan_import
from upheld.people.importing.rows import Detail, Problem, Row, Verdict
from upheld.people.importing.sheet import Sheet, SheetRefused, decoded, read_sheet

__all__ = [
    "KINDS",
    "Column",
    "Detail",
    "Kind",
    "Plan",
    "Problem",
    "Row",
    "Sheet",
    "SheetRefused",
    "Verdict",
    "decoded",
    "kind_of",
    "plan_import",
    "read_sheet",
    "template_of",
]
