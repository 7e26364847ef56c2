"""Runs a process to its end and says what it took."""

import os
import time
from typing import NamedTuple

CORES = sorted(os.sched_getaffinity(0))


class Usage(NamedTuple):
    cpu: float  # seconds, of user and system
    wall: float  # seconds
    peak: float  # MB of resident memory; what started the process has about 15 and hides less


def run(argv, cores=1):
    """The Usage of argv on so many cores. What it prints is kept for its error."""
    os.sched_setaffinity(0, CORES[-cores:])  # a child has its parent's
    log = os.open(".local/bench/log", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    try:
        start = time.perf_counter()
        pid = os.posix_spawn(argv[0], argv, environment(), file_actions=[
            (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)])
        _, status, used = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit(f"{' '.join(argv)}: status {status}\n{os.pread(log, 10_000, 0).decode()}")
    finally:
        os.close(log)
        os.sched_setaffinity(0, CORES)
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024 / 1e6)


def environment():
    """One thread for each library: with more, it takes no less CPU, and some spin while they wait."""
    return os.environ | {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
