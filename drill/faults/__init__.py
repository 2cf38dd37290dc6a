"""The faults, a module each, in the order in which they are tried."""

from drill.faults import clock, database, disk, kills, peers, workers
from drill.faults.form import Fault

FAULTS: tuple[Fault, ...] = (
    kills.FAULT,
    workers.FAULT,
    disk.FAULT,
    database.FAULT,
    clock.FAULT,
    peers.FAULT,
)
