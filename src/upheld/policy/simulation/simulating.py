"""Runs stories under a policy, and under another one to compare with. It reads no clock and no file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from upheld.clock import zone
from upheld.policy.evaluation import evaluate, evaluate_under
from upheld.policy.path import InForce
from upheld.policy.policy import Policy
from upheld.policy.simulation.difference import Difference, compare
from upheld.policy.simulation.figures import Counting
from upheld.policy.simulation.past import PastStory, Renames, Unread
from upheld.policy.simulation.tally import LISTED, Differing, Tally, first
from upheld.policy.standing import Metric, Standing
from upheld.policy.story import Event
from upheld.policy.story_reading import Stranger, strange_ids, told_stranger, too_far

# One policy for all, or the versions under which stories lived, by their ids; None with nothing to compare with.
Against = Policy | Mapping[int, InForce] | None


def simulate(
    policy: Policy,
    against: Against,
    stories: Iterable[PastStory | Unread],
    at: datetime | None = None,
    *,
    renames: Renames | None = None,
    keep: int = LISTED,
) -> Tally:
    """Return what a policy makes of past stories, and in what it differs from another one.

    Each story is looked at at its last event, or at `at`. `renames` says what the policy calls the ids in the stories;
    the other policy reads them by their own names where it knows them. A story that cannot be simulated is counted and
    kept as unread, whatever is wrong with it.
    """
    run = _Simulation(policy, against, renames or Renames(), at, keep)
    for story in stories:
        if isinstance(story, Unread):
            run.pass_over(story)
        else:
            run.look_at(story)
    return run.tally()


class _Refused(Exception):  # noqa: N818 - it is no error of the program
    """The story cannot be simulated."""

    def __init__(self, reason: str, strange: Sequence[Stranger] = ()) -> None:
        super().__init__(reason)
        self.strange = tuple(dict.fromkeys((each.what, str(each.id)) for each in strange))


class _Simulation:
    """Counts one story after the other."""

    def __init__(
        self, policy: Policy, against: Against, renames: Renames, at: datetime | None, keep: int
    ) -> None:
        self._policy, self._against, self._renames = policy, against, renames
        self._at, self._keep = at, keep
        local = zone(policy.zone)
        self._ours, self._theirs = Counting(local, {}), Counting(local, renames.priorities)
        self._stories = self._not_yet = self._differing = self._unread = 0
        self._changed: Counter[tuple[str, str, str]] = Counter()
        self._strange: Counter[tuple[str, str]] = Counter()
        self._largest: list[Differing] = []
        self._first_unread: list[Unread] = []

    def look_at(self, story: PastStory) -> None:
        """Look at a story under both policies."""
        try:
            at = self._instant(story)
            if at < min(event.at for event in story.events):
                self._not_yet += 1
                return
            ours, theirs = self._standings(story, at)
            difference = None if theirs is None else compare(ours, theirs, self._renames)
        except _Refused as refused:
            self.pass_over(Unread(story.place, story.name, str(refused), refused.strange))
        except Exception as error:  # Whatever is wrong with one story, the others are looked at.
            reason = f"it could not be evaluated: {type(error).__name__}: {error}"
            self.pass_over(Unread(story.place, story.name, reason))
        else:
            self._count(ours, theirs)
            if difference is not None:
                self._keep_difference(story, at, difference)

    def pass_over(self, unread: Unread) -> None:
        """Take note of a story that cannot be simulated."""
        self._unread += 1
        self._strange.update(unread.strange)
        self._first_unread.append(unread)
        if len(self._first_unread) > 2 * self._keep:
            self._first_unread = sorted(self._first_unread)[: self._keep]

    def tally(self) -> Tally:
        """Return everything that was counted."""
        counted = Tally(
            keep=self._keep,
            stories=self._stories,
            not_yet=self._not_yet,
            policy=self._ours.figures(),
            against=self._theirs.figures(),
            changed=self._changed,
            differing=self._differing,
            largest=tuple(self._largest),
            unread=self._unread,
            strange=self._strange,
            first_unread=tuple(self._first_unread),
        )
        # Adding nothing cuts to what is kept.
        return counted + Tally(keep=self._keep)

    def _instant(self, story: PastStory) -> datetime:
        return self._at or max(event.at for event in story.events)

    def _standings(self, story: PastStory, at: datetime) -> tuple[Standing, Standing | None]:
        if (problem := too_far(story.events, at)) is not None:
            raise _Refused(problem)
        against = self._against
        ours = self._renames.retold(story.events)
        self._refuse_strangers(self._policy, ours, at, "the policy")
        if against is None:
            return evaluate(self._policy, ours, at), None
        others, theirs = other_side(against, story.versions, story.events, self._renames)
        if isinstance(against, Policy):
            self._refuse_strangers(against, theirs, at, "the other policy")
        return evaluate(self._policy, ours, at), evaluate_under(others, theirs, at)

    def _refuse_strangers(self, policy: Policy, events: Sequence[Event], at: datetime, name: str) -> None:
        strange = [each for each in strange_ids(policy, events) if events[each.number].at <= at]
        if strange:
            raise _Refused(told_stranger(policy, strange[0], name), strange)

    def _count(self, ours: Standing, theirs: Standing | None) -> None:
        self._stories += 1
        self._ours.count(ours)
        if theirs is not None:
            self._theirs.count(theirs)

    def _keep_difference(self, story: PastStory, at: datetime, difference: Difference) -> None:
        self._differing += 1
        self._changed.update(_changed(difference))
        weight, shift, more = difference.size
        order = (-weight, -shift, -more)
        self._largest.append(Differing(order, story.place, story.name, story.events, at, story.versions))
        if len(self._largest) > 2 * self._keep:
            self._largest = list(first(self._largest, self._keep))


def other_side(
    against: Policy | Mapping[int, InForce],
    versions: Sequence[int],
    events: Sequence[Event],
    renames: Renames,
) -> tuple[Sequence[InForce], Sequence[Event]]:
    """Return what a story is compared with, and the story in the words that are known there."""
    if isinstance(against, Policy):
        return (InForce(against),), renames.needed_by(against).retold(events)
    # The story was told under these very versions, which passed over what they did not know.
    first, *later = [against[version] for version in versions]
    return (InForce(first.policy), *later), events


def _changed(difference: Difference) -> Iterator[tuple[str, str, str]]:
    for clock in difference.clocks:
        ours, theirs = clock.outcomes
        if ours != theirs and clock.metric is not Metric.update:
            yield clock.metric.value, theirs, ours
