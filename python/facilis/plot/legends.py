"""One legend for what is drawn, where it covers nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.container import Container
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.legend import Legend as MatplotlibLegend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox, ScaledTranslation

from .. import checks
from .layout import SMALL, fit_text

Legend = bool | Mapping[str, Any]


def add_legend(ax: Axes, *others: Axes, show: Legend = True) -> None:
    """Name what is drawn in the axes, and in others that belong to them, where it covers nothing.

    The legend stands in a corner that is free, or else below the axes, in as many columns as the panel is wide. In
    a figure without a layout, which would make no room there, it stands above them, or at last in the best corner.
    Options of `Axes.legend` in place of True put it elsewhere.
    """
    if not isinstance(show, bool | Mapping):
        raise TypeError(checks.wrong("legend", "True, False, or a dict of options of Axes.legend", show))
    entries = _entries([ax, *others])
    if show is False or not entries:
        return
    narrow = ax.bbox.width / ax.figure.dpi < SMALL
    options: dict[str, Any] = {
        "fontsize": "x-small" if narrow else "small",
        "handlelength": 1.4,
        "columnspacing": 1.2,
    }
    options |= {"borderaxespad": 0.3, "borderpad": 0.0, "frameon": False}
    options |= dict(show) if isinstance(show, Mapping) else {}
    if {"loc", "bbox_to_anchor"} & options.keys():
        _draw(ax, entries, options)
    elif (corner := _free_corner(ax, others, entries, options)) is not None:
        _draw(ax, entries, options | {"loc": corner})
    else:
        _outside(ax, others, entries, options)


def _entries(axes: Sequence[Axes]) -> dict[str, Any]:
    """Return what is to be named, in the order in which it was drawn; the stimulus comes last."""
    found: dict[str, Any] = {}
    for ax in axes:
        drawn = {id(artist): k for k, artist in enumerate(ax.get_children())}
        named = zip(*ax.get_legend_handles_labels(), strict=True)
        for handle, label in sorted(named, key=lambda entry: drawn[id(_first(entry[0]))]):
            found.setdefault(label, handle)
    if "stimulus" in found:
        found["stimulus"] = found.pop("stimulus")
    return found


def _first(handle: Any) -> Any:
    """Return the artist that stands for a handle: of points with bars, or of bars, their first."""
    return handle[0] if isinstance(handle, Container) else handle


def _free_corner(
    ax: Axes, others: Sequence[Axes], entries: Mapping[str, Any], options: dict[str, Any]
) -> str | None:
    """Return a corner in which a legend covers nothing, or None."""
    for one in (ax, *others):
        one.get_xlim(), one.get_ylim()  # brings the limits up to date
    # What stands around the axes may yet make them a quarter smaller, and the legend as much larger.
    box = _draw(ax, entries, options | {"loc": "center"}).get_window_extent()
    width, height = (1.25 * side + 6.0 * ax.figure.dpi / 72.0 for side in (box.width, box.height))
    for corner in ("upper right", "upper left", "lower right", "lower left"):
        x = ax.bbox.x1 - width if corner.endswith("right") else ax.bbox.x0
        y = ax.bbox.y1 - height if corner.startswith("upper") else ax.bbox.y0
        place = Bbox.from_bounds(x, y, width, height)
        inside = width <= ax.bbox.width and height <= ax.bbox.height
        if inside and not any(_covers(place, artist) for one in (ax, *others) for artist in _drawn(one)):
            return corner
    return None


def _drawn(ax: Axes) -> list[Artist]:
    return [*ax.lines, *ax.collections, *ax.patches, *ax.images]


def _covers(place: Bbox, artist: Artist) -> bool:
    """Return whether something drawn is in a place of the figure."""
    if isinstance(artist, Line2D):
        path = artist.get_path().transformed(artist.get_transform())
        if artist.get_linestyle() == "None":
            return bool(place.count_contains(path.vertices))
        return path.intersects_bbox(place, filled=False)
    if isinstance(artist, Patch):
        return artist.get_path().transformed(artist.get_transform()).intersects_bbox(place)
    if isinstance(artist, LineCollection | PolyCollection):
        paths = artist.get_transform().transform_path
        filled = not isinstance(artist, LineCollection)
        return any(
            paths(path).intersects_bbox(place, filled=filled) for path in artist.get_paths() if len(path)
        )
    return True  # contours, images and meshes fill the panel


def _outside(ax: Axes, others: Sequence[Axes], entries: Mapping[str, Any], options: dict[str, Any]) -> None:
    """Put the legend below the axes, or above, in as many columns as the panel is wide."""
    for count in [options["ncols"]] if "ncols" in options else range(len(entries), 0, -1):
        options |= {"ncols": count}
        box = _place(ax, entries, options, "upper center", 0.0, 0.0).get_window_extent()
        if box.width <= ax.bbox.width:
            break
    place = ax.get_subplotspec()
    highest = place is None or place.is_first_row()
    if not isinstance(ax.figure.figure.get_layout_engine(), PlaceHolderLayoutEngine | None):
        below = ax.xaxis.get_tightbbox()
        _place(ax, entries, options, "upper center", 0.0, 0.0 if below is None else below.y0 - ax.bbox.y0)
        for one in (ax, *others):  # which are now less high
            if one.bbox.bounds == ax.bbox.bounds:
                text = one.get_ylabel().replace("\n", " ")
                fit_text(one.yaxis.label, text, max(0.9 * (ax.bbox.height - box.height), 1.0))
    elif highest and box.height <= ax.figure.bbox.y1 - ax.bbox.y1:
        _place(ax, entries, options, "lower center", 1.0, 0.0)
    else:
        inside = {"ncols": 1, "frameon": True, "borderpad": 0.4, "loc": "best"}
        _draw(ax, entries, options | inside)


def _place(
    ax: Axes, entries: Mapping[str, Any], options: dict[str, Any], side: str, height: float, pixels: float
) -> MatplotlibLegend:
    """Draw a legend at a height of the axes, and so far from there."""
    shift = ScaledTranslation(0.0, pixels / ax.figure.dpi, ax.figure.dpi_scale_trans)
    anchor = {"loc": side, "bbox_to_anchor": (0.5, height), "bbox_transform": ax.transAxes + shift}
    return _draw(ax, entries, options | anchor)


def _draw(ax: Axes, entries: Mapping[str, Any], options: dict[str, Any]) -> MatplotlibLegend:
    return ax.legend(list(entries.values()), list(entries), **options)
