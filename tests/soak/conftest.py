"""What the long tests measure is printed when all have run."""

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
