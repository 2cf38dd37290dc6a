"""What a lab shows of itself: its time, what happens in it, and how fast it runs."""
