"""Text whose paragraphs were broken for the way (RFC 3676, `format=flowed`): the lines of one are joined again."""

_SIGNATURE = "-- "


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Return the text with a line a paragraph. A quoted line joins only lines quoted as deeply."""
    done: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        here = len(line) - len(content)
        content = content.removeprefix(" ")
        if pieces and (here != depth or content == _SIGNATURE):
            done.append(_line(depth, pieces))
            pieces = []
        depth = here
        if content.endswith(" ") and content != _SIGNATURE:
            pieces.append(content[:-1] if delete_space else content)
        else:
            done.append(_line(depth, [*pieces, content]))
            pieces = []
    if pieces:
        done.append(_line(depth, pieces))
    return "\n".join(done)


def _line(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    if text != _SIGNATURE:
        text = text.rstrip(" ")
    return f"{'>' * depth} {text}" if depth and text else ">" * depth + text
