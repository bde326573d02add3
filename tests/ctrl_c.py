"""Ctrl-C, as a test presses it."""

import os
import signal
import threading
import time


class CtrlC:
    """Sends SIGINT to this process after a while, and remembers when."""

    def __init__(self, delay=0.4):
        self.timer = threading.Timer(delay, self.strike)
        self.time = self.processor_time = None

    def strike(self):
        self.time, self.processor_time = time.perf_counter(), time.process_time()
        os.kill(os.getpid(), signal.SIGINT)

    def __enter__(self):
        self.timer.start()
        return self

    def __exit__(self, *args):
        self.timer.cancel()
        self.timer.join()
        # Else the two would hold each other until garbage is collected; Python ignores what a signal raises in the
        # callbacks that are called then.
        del self.timer


def answer(call, delay):
    """Press Ctrl-C `delay` seconds after a call began, and return in which time it ended; None if it had before.

    The seconds that passed, and those that the processor worked: where much else is to be done the latter count.
    """
    ctrl_c = CtrlC(delay)
    try:
        with ctrl_c:
            call()
    except KeyboardInterrupt:
        return time.perf_counter() - ctrl_c.time, time.process_time() - ctrl_c.processor_time
    assert ctrl_c.time is None, "Ctrl-C was lost"
    return None
