"""Ctrl-C, as a test presses it."""

import os
import signal
import threading
import time


class CtrlC:
    """Sends SIGINT to this process after a while, and remembers when."""

    def __init__(self, delay=0.4):
        self.timer = threading.Timer(delay, self.strike)

    def strike(self):
        self.time = time.perf_counter()
        os.kill(os.getpid(), signal.SIGINT)

    def __enter__(self):
        self.timer.start()
        return self

    def __exit__(self, *args):
        self.timer.cancel()
        self.timer.join()
