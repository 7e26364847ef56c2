"""Runs a process to its end and says what it took.

A child's peak memory counts that of the process that started it, so a small one
starts it: this file, run as a program, which imports next to nothing.
"""

import os
import sys
import time

CORES = sorted(os.sched_getaffinity(0))[-2:]  # at most two


class Usage:
    def __init__(self, cpu, faults, wall, peak):
        self.cpu = cpu  # seconds, of user and system
        self.faults = faults  # of pages that were not read from the disk
        self.wall = wall  # seconds
        self.peak = peak  # MB of resident memory; what starts the process has 9, and hides less


def run(argv, cores=CORES[-1:]):
    """The Usage of argv on these cores. What it prints is shown if it fails."""
    import json
    import subprocess

    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)  # a child has its parent's
    try:
        out = subprocess.check_output([sys.executable, "-I", "-S", "-B", __file__, *map(str, argv)], env=environment())
    finally:
        os.sched_setaffinity(0, before)
    status, *used = json.loads(out)
    if status:
        raise SystemExit(f"{argv}: status {status}")
    return Usage(*used)


def environment():
    """One thread for each library: with more, it takes no less CPU, and some spin while they wait."""
    return os.environ | {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def start(argv):
    log = os.memfd_create("log")
    begin = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)])
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    if status:
        os.write(2, os.pread(log, 10_000, 0))
    print([status, used.ru_utime + used.ru_stime, used.ru_minflt, wall, used.ru_maxrss * 1024 / 1e6])


if __name__ == "__main__":
    start(sys.argv[1:])
