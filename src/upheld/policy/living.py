"""Let a clock live from one instant to another: through stretches, changes, and what ends it."""

from collections.abc import Sequence

from upheld.policy.path import Path
from upheld.policy.reclassifying import apply
from upheld.policy.run import Clock, Finish, advance, changes_between, reached
from upheld.policy.standing import Verdict
from upheld.policy.stay import Stretch


def live(
    path: Path, clock: Clock, stretches: Sequence[Stretch], since: int, finish: Finish | None, at: int
) -> None:
    """Let a clock live from `since` to its finish, or to `at` when nothing finishes it."""
    end = at if finish is None else finish.at
    answered = finish is not None and finish.verdict is Verdict.met
    first = since if since > clock.start else clock.start + 1
    changes = changes_between(path.changes, first, end, inclusive=finish is None)
    done = 0
    for stretch in stretches[reached(stretches, since) :]:
        if stretch.start > end:
            break
        begins = stretch.start if stretch.start > since else since
        ends = stretch.end if stretch.end < end else end
        # A stretch of no length still counts where the clock stands at the end of the story.
        if begins > ends or (begins == ends and ends != end):
            continue
        if stretch.rest is not None and not changes:
            clock.rest = stretch.rest
            continue
        while done < len(changes) and (changes[done].at < ends or ends == end):
            change = changes[done]
            done += 1
            advance(clock, stretch, begins, change.at, strict=False, last=False)
            apply(path, clock, change)
            begins = change.at
        last = ends == end
        advance(clock, stretch, begins, ends, strict=answered and last, last=last and finish is None)
        if clock.verdict is not None and clock.silence is not None:
            # A cadence goes on from here in its next interval.
            return
    if finish is not None:
        clock.finish(finish)


def rest_until(path: Path, clock: Clock, since: int, until: int) -> None:
    """Let the work on the ticket be over from `since` to `until`: nothing runs, but targets may change."""
    first = since if since > clock.start else clock.start + 1
    for change in changes_between(path.changes, first, until, inclusive=False):
        apply(path, clock, change)
