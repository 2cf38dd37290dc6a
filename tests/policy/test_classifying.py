"""From criteria and workarounds to a priority."""

import pytest
from typer.testing import CliRunner

from upheld.config.cli import app
from upheld.policy.classifying import UnknownAnswer, propose
from upheld.policy.loading import read_document

TEXT = """\
policy: 1
name: mill
title: The mill
zone: Europe/Berlin
calendars: {mill: {hours: {mon-fri: 09:00-17:00}}}
classification:
  axes:
    - {id: function, label: Function, question: What does not work?}
    - {id: data, label: Data}
  workarounds:
    - {id: none_at_all, label: None}
    - {id: clumsy, label: Clumsy}
    - {id: good, label: Good}
priorities:
  - id: stopped
    label: Stopped
    criteria: {function: It stands still., data: Data is lost.}
    workarounds: [none_at_all]
  - {id: limping, label: Limping, criteria: {function: It is slow., data: Data is late.}, workarounds: [clumsy]}
  - {id: question, label: Question, criteria: {function: It works.}, workarounds: [good]}
default_priority: question
initial_status: open
statuses:
  - {id: open, label: Open, category: open, clocks: all}
  - {id: closed, label: Closed, category: closed, clocks: none, on_reply: open}
targets:
  - {id: answer, metric: first_response, within: 8 working hours}
"""
MILL = read_document(TEXT, "mill.yaml")[1]


@pytest.mark.parametrize(
    ("answers", "workaround", "priority", "axis", "eased"),
    [
        ({"function": "limping"}, None, "limping", "function", None),
        ({"function": "question", "data": "stopped"}, None, "stopped", "data", None),
        ({"function": "stopped", "data": "limping"}, "none_at_all", "stopped", "function", None),
        ({"function": "stopped"}, "clumsy", "limping", "function", "clumsy"),
        ({"function": "stopped"}, "good", "question", "function", "good"),
        ({"function": "question"}, "none_at_all", "question", "function", None),
        ({"function": "limping"}, "none_at_all", "limping", "function", None),
    ],
)
def test_the_most_urgent_axis_counts_and_a_workaround_eases_it(answers, workaround, priority, axis, eased):
    found = propose(MILL, answers, workaround)
    assert (found.priority, found.axis, found.eased_by) == (priority, axis, eased)


@pytest.mark.parametrize(
    ("answers", "workaround", "told"),
    [
        ({}, None, "no axis was answered; there are function, data"),
        ({"colour": "stopped"}, None, "there is no axis 'colour'"),
        ({"data": "question"}, None, "'question' is no level of 'data'; there are stopped, limping"),
        ({"data": "limping"}, "magic", "there is no workaround 'magic'"),
    ],
)
def test_what_the_policy_does_not_have_is_named(answers, workaround, told):
    with pytest.raises(UnknownAnswer, match=told.replace("(", r"\(")):
        propose(MILL, answers, workaround)


def test_the_command_says_which_priority_and_why(tmp_path):
    file = tmp_path / "mill.yaml"
    file.write_text(TEXT)
    said = CliRunner().invoke(
        app, ["policy", "classify", str(file), "function=stopped", "data=limping", "--workaround", "clumsy"]
    )
    assert said.exit_code == 0, said.output
    assert said.output.splitlines() == [
        "Limping (limping)",
        "because of function: It stands still.",
        "eased by the workaround clumsy",
    ]
    shown = CliRunner().invoke(app, ["policy", "classify", str(file)]).output
    assert "function: What does not work?" in shown
    assert "  limping: Data is late." in shown
