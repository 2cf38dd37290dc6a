"""Running a simulation: where stories come from, the processes that look at them, and what is printed."""
