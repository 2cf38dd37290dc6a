"""What happens on the desk, told to open pages at once: the event stream, and the pages beside it on one port."""
