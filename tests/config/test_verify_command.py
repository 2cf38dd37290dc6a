"""`upheld verify` on a desk that is at work."""

import json

import pytest

from harness.desk import RunningDesk

pytestmark = pytest.mark.processes


def test_a_running_desk_is_proved_in_several_processes_and_the_proof_is_kept(
    running_desk: RunningDesk,
) -> None:
    done = running_desk.run("verify", "--json", "--jobs", "2")
    told = json.loads(done.stdout)
    assert (done.returncode, told["differences"], told["found"]) == (0, 0, []), done.stderr.decode()
    counts = told["counts"]
    assert counts["tickets"] > 60
    assert counts["events"] > 4 * counts["tickets"]
    assert all(counts.values())
    kept = running_desk.run("manage", "shell", "-c", _LATEST)
    of_each_desk = json.loads(kept.stdout.splitlines()[-1])
    assert len(of_each_desk) >= 5
    assert set(of_each_desk) == {0}


def test_one_ticket_is_named_by_its_number(running_desk: RunningDesk) -> None:
    done = running_desk.run("verify", "--ticket", "sds-1001")
    assert done.returncode == 0, done.stderr.decode()
    assert "Everything is as its story makes it." in done.stdout.decode()
    missing = running_desk.run("verify", "--ticket", "SDS-1")
    assert missing.returncode == 1
    assert "There is no ticket SDS-1." in missing.stderr.decode()


def test_a_sample_is_enough_for_a_look_and_says_how_to_take_it_again(running_desk: RunningDesk) -> None:
    done = running_desk.run(
        "verify", "--desk", "school-devices", "--sample", "3", "--seed", "again", "--json"
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["counts"]["tickets"] == 3
    assert "--seed again" in done.stderr.decode()


def test_without_a_database_of_the_bench_it_says_how_to_make_one(running_desk: RunningDesk) -> None:
    done = running_desk.run("verify", "--bench", "--sample", "3")
    assert done.returncode == 1
    assert "upheld bench seed" in done.stderr.decode()


_LATEST = """
import json
from upheld.desks.models import Desk
from upheld.tickets.models import Verification
latest = {each.desk_id: each.differences for each in Verification.objects.exclude(ended_at=None).order_by("pk")}
print(json.dumps([latest.get(each.pk) for each in Desk.objects.order_by("pk")]))
"""
