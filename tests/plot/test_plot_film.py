"""Films: they show what has happened until then."""

import numpy as np
import pytest
from tests.plot.drawn import MODEL

import facilis as fc


def test_a_film_shows_what_has_happened(run, tmp_path):
    film = fc.plot.animate(run, frames=3)
    film.save(tmp_path / "run.gif", dpi=30)
    assert (tmp_path / "run.gif").read_bytes().startswith(b"GIF")
    raster, plane = film._fig.axes
    assert plane.get_title() == "$t = 40$, $I = 0$"
    film._func(10.0)  # between the first pulse's start and end
    assert plane.get_title() == "$t = 10$, $I = 3$"
    assert len(raster.lines[0].get_xdata()) == np.count_nonzero(run.spikes.time <= 10.0)
    (border,) = [line for line in plane.lines if line.get_label() == "separatrix"]
    assert not border.get_visible()
    film._func(16.0)
    assert border.get_visible()
    film.save(tmp_path / "run.html")
    assert "<script" in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_a_film_needs_means_and_a_speed(run):
    bare = fc.simulate(MODEL, 10, 1.0, potential=2.0, grid=None, rng=1)
    with pytest.raises(ValueError, match="no time of its grid"):
        fc.plot.animate(bare)
    with pytest.raises(ValueError, match="fps must be a finite number > 0"):
        fc.plot.animate(run, fps=0.0)
