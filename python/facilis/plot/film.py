"""A run in motion: its spikes as they come, and its way through the phase plane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import checks
from ..simulation.run import Run
from .layout import panels
from .plane import phase_portrait
from .style import look
from .timeline import NO_MEANS, raster


class Film(FuncAnimation):
    """An animation that notebooks show by itself, and that is saved by the ending of the file."""

    def _repr_html_(self) -> str:
        return str(self.to_jshtml())

    def save(self, filename: str | Path, *given: Any, **options: Any) -> None:
        """Write a file as `FuncAnimation.save` does; a GIF by Pillow, and a page of HTML with all in it."""
        ending = Path(filename).suffix.lower()
        if not given and "writer" not in options:
            if ending in (".html", ".htm"):
                Path(filename).write_text(self.to_jshtml(**options), encoding="utf-8")
                return
            options |= {"writer": "pillow"} if ending in (".gif", ".apng") else {}
        super().save(filename, *given, **options)


def animate(
    run: Run,
    *,
    frames: int = 100,
    fps: float = 20.0,
    figure: Figure | None = None,
    **options: Any,
) -> FuncAnimation:
    """Show a run in motion: a raster that fills with spikes, and the way through the phase plane.

    During a stimulus the plane is that of its current, with the nullclines that networks then follow.

    Parameters
    ----------
    run : Run
        A run with a grid; without spikes there is no raster.
    frames : int
        How many pictures, at equal distances in time.
    fps : float
        Pictures in a second.
    figure : Figure, optional
        Where to draw; by default in a new figure, which only notebooks and files show. For a window, give one of
        pyplot's.
    **options
        Of the way through the plane, as of `Axes.plot`.

    Returns
    -------
    FuncAnimation
        A notebook shows it. ``save("run.gif")`` and ``save("run.html")`` need matplotlib alone, films such as
        ``"run.mp4"`` ffmpeg.

    Raises
    ------
    ValueError
        If the run has no means over neurons.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> page = fc.plot.animate(run, frames=3).to_jshtml()
    """
    checks.instance("run", run, Run)
    checks.count("frames", frames)
    if not checks.finite("fps", fps, "a finite number > 0") > 0.0:
        raise ValueError(checks.wrong("fps", "a finite number > 0", fps))
    if not len(run.t):
        raise ValueError(NO_MEANS)
    names = ["phase"] if run.spikes is None else ["raster", "phase"]
    given = figure
    figure = Figure(figsize=(4.5 * len(names), 4.2), layout="constrained") if given is None else given
    scene = _Scene(run, panels(figure, (0.0, 0.0), [names], [[name] for name in names]), options)
    if given is None:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # so that nothing moves but what should
    times = np.linspace(run.t[0], run.t[-1], frames)
    return Film(figure, scene.show, frames=times, interval=1000.0 / fps, repeat=False, cache_frame_data=False)


class _Scene:
    """What is in each picture of a film."""

    def __init__(self, run: Run, axes: dict[str, Axes], options: dict[str, Any]) -> None:
        self.run, self.plane = run, axes["phase"]
        phase_portrait(run.model, run, self.plane, **options | {"gid": "way"})
        self.plane.set_title(" ", fontsize="medium")
        (self.way,) = [line for line in self.plane.lines if line.get_gid() == "way"]
        self.planes = {0.0: self._drawn() - {self.way}}
        (self.point,) = self.plane.plot([], [], "o", color=self.way.get_color(), ms=5.0, zorder=6.0)
        if run.spikes is not None:
            (self.dots,) = raster(run, axes["raster"]).lines
            self.spikes = np.array(self.dots.get_data())
            self.now = axes["raster"].axvline(run.t[0], color=look(self.plane).ink, lw=0.8)

    def show(self, time: float) -> list[Artist]:
        """Show what has happened by a time."""
        run = self.run
        current = float(sum(one.current for one in run.stimulus if one.start <= time < one.stop))
        self._show_plane(current)
        passed = np.searchsorted(run.t, time, side="right")
        self.way.set_data(run.potential[:passed], run.calcium[:passed])
        self.point.set_data(run.potential[passed - 1 : passed], run.calcium[passed - 1 : passed])
        self.plane.set_title(f"$t = {time:.3g}$, $I = {current:g}$", fontsize="medium")
        if run.spikes is not None:
            self.dots.set_data(*self.spikes[:, : np.searchsorted(self.spikes[0], time, side="right")])
            self.now.set_xdata([time, time])
        return [self.way, self.point]

    def _show_plane(self, current: float) -> None:
        """Show the plane of a current, and draw it at its first time."""
        if current not in self.planes:
            before, u, r = self._drawn(), self.plane.get_xlim(), self.plane.get_ylim()
            options: dict[str, Any] = {"current": current, "potential": u, "calcium": r, "legend": False}
            phase_portrait(self.run.model, (), self.plane, **options)
            self.planes[current] = self._drawn() - before
        for other, artists in self.planes.items():
            for artist in artists:
                artist.set_visible(other == current)

    def _drawn(self) -> set[Artist]:
        return {*self.plane.lines, *self.plane.collections, *self.plane.patches}
