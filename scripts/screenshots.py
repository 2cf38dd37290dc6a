"""Takes the pictures of the documentation: five lives of a ticket and an agent's day (docs/tour), and the README's.

    python scripts/screenshots.py                    all of them
    python scripts/screenshots.py always-on readme   some of them

Each of them is played in a process and on a database of its own, at fixed instants, by the same actions as the
pages; so that a second run changes little. What `upheld verify` says of a life is printed, and a difference ends it.
"""

import importlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENES = (
    *("school-devices", "campaign-severity", "success-plans", "always-on", "maintenance-contract"),
    *("agents-day", "readme"),
)


def main(names: list[str]) -> int:
    """Play the scenes, one process each."""
    if len(names) == 1:
        _play(names[0])
        return 0
    for name in names or SCENES:
        done = subprocess.run([sys.executable, __file__, name], check=False)
        if done.returncode:
            return done.returncode
    return 0


def _play(name: str) -> None:
    if name not in SCENES:
        raise SystemExit(f"There is no scene “{name}”. There are: {', '.join(SCENES)}.")
    from tour.camera import camera
    from tour.house import open_house

    scene = importlib.import_module(f"tour.{name.replace('-', '_')}")
    folder = ROOT / "docs" / ("images" if name == "readme" else "tour/images")
    with open_house(scene.BEGINS) as house, camera(house, folder) as taking:
        scene.play(house, taking)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
