"""Kills at many random moments."""

import pytest
from tests import lives

KILLS = 50


@pytest.mark.parametrize("kind", lives.KINDS)
def test_every_kill_is_survived(kind, tmp_path, figure):
    killed, ends = lives.survive(kind, tmp_path, kills=KILLS, longest=0.4)
    figure(f"kills of one {kind.__name__} with files survived, to the same bits", f"{killed} of {killed}")
    assert killed >= KILLS
    assert ends >= 1
