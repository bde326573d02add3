"""What the long tests measure is printed when all have run."""

from math import hypot

import pytest

FIGURES = pytest.StashKey[list[tuple[str, str]]]()


def pytest_configure(config):
    config.stash[FIGURES] = []


@pytest.fixture
def figure(request):
    """Tell a figure: ``figure("spikes", 10**10)``; a test of reliability says so what it has tried."""

    def tell(what, value):
        request.config.stash[FIGURES].append((what, f"{value:,}" if isinstance(value, int) else str(value)))

    return tell


def pytest_terminal_summary(terminalreporter, config):
    figures = config.stash[FIGURES]
    if figures:
        terminalreporter.section("figures")
    for what, value in figures:
        terminalreporter.write_line(f"{value:>16}  {what}")


@pytest.fixture
def compare(figure):
    """Hold a value against a known one: 4 joint standard errors are passed by chance once in 16 000 times."""

    def hold(what, found, error, known, other=0.0):
        off = (found - known) / hypot(error, other)
        figure(what, f"{found:.5g} ± {error:.2g}, known {known:.5g} ± {other:.2g}, {off:+.1f} errors")
        assert abs(off) < 4.0

    return hold
