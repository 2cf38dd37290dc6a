"""What is done when the time of a press has come: one module for each kind.

Each has `do(press, moment)`, which acts as the press's agent at the moment of the press and raises Refused or
NotAllowed where that cannot be, and `check(press, moment)`, which raises the same before anything waits. One that holds
what somebody wrote has `give_back(press, now)` as well: taken back or refused, it becomes a draft again.
"""
