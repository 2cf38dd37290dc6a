"""From a line of a file to a story of the past."""

from upheld.policy.simulation.past import Line, PastStory, Unread
from upheld.policy.story_reading import StoryError, read_story

_MARK = b"\xef\xbb\xbf"


def past_story(line: Line) -> PastStory | Unread:
    """Read a story from a line of JSON; whatever is wrong with it is told in the result."""
    if not line.is_whole:
        reason = f"the line is longer than {len(line.raw):,} bytes; each story stands on a line of its own"
        return Unread(line.place, "", reason)
    try:
        story = read_story(line.raw.removeprefix(_MARK).decode())
    except UnicodeDecodeError:
        return Unread(line.place, "", "this is not UTF-8 text")
    except ValueError as error:
        # A number of thousands of digits is refused by Python itself.
        told = str(error) if isinstance(error, StoryError) else f"this is not JSON: {error}"
        return Unread(line.place, "", told)
    return PastStory(line.place, "" if story.id is None else str(story.id), story.events)
