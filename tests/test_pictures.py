"""Pictures in 3 inches and at their own size, in light and in dark: nothing is clipped, covered or unseen."""

import io
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.testing.compare import compare_images
from matplotlib.transforms import Bbox

import facilis as fc

mpl.use("agg")
import matplotlib.pyplot as plt
from tests import pictures

QUICK = {"raster", "traces", "potentials", "phase", "isi_histogram"}
SIZES = ["3 inches", "default"]
STYLES = ["default", "dark_background"]
TOLERANCE = 3.0  # of the root of the mean square difference of colours, of 256


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            (name, size, style), id=f"{name}, {size}, {style}", marks=() if quick else pytest.mark.slow
        )
        for name in pictures.PICTURES
        for size in SIZES
        for style in STYLES
        for quick in [name in QUICK and size == "3 inches" and style == "default"]
    ],
)
def drawn(request):
    """A picture that has been drawn, with its layout as it then is."""
    name, size, style = request.param
    height, draw = pictures.PICTURES[name]
    with plt.style.context(style):
        figure = plt.figure(figsize=(3.0, height) if size == "3 inches" else None, layout="constrained")
        draw(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        yield figure
    plt.close("all")


def pixels(figure, margin=0.0):
    """The colours of a figure, and of so many inches around it, shape (height, width, 3)."""
    width, height = figure.get_size_inches()
    file = io.BytesIO()
    box = Bbox.from_extents(-margin, -margin, width + margin, height + margin)
    figure.savefig(file, dpi=figure.dpi, bbox_inches=box, facecolor=figure.get_facecolor())
    file.seek(0)
    return plt.imread(file)[..., :3]


def legends(figure):
    return [one for one in figure.findobj(Legend) if one.get_visible()]


def test_nothing_is_outside_the_figure(drawn):
    seen = pixels(drawn, margin=0.5)
    edge = round(0.5 * drawn.dpi) - 2
    around = np.ones(seen.shape[:2], bool)
    around[edge:-edge, edge:-edge] = False
    assert np.ptp(seen[around], axis=0).max() == 0.0


def test_a_legend_covers_nothing(drawn):
    found = legends(drawn)
    boxes = [one.get_window_extent() for one in found]
    for one in found:
        one.set_visible(False)
    seen = pixels(drawn)
    for one in found:
        one.set_visible(True)
    for box in boxes:
        rows = slice(round(len(seen) - box.y1) + 1, round(len(seen) - box.y0) - 1)
        below = seen[rows, round(box.x0) + 1 : round(box.x1) - 1]
        assert below.size
        assert np.ptp(below.reshape(-1, 3), axis=0).max() < 0.02


def numbers(axis):
    low, high = sorted(axis.get_view_interval())
    for tick in axis.get_major_ticks():
        if low <= tick.get_loc() <= high:
            yield from (text for text in (tick.label1, tick.label2) if text.get_visible())


def test_names_numbers_and_legends_do_not_overlap(drawn):
    renderer = drawn.canvas.get_renderer()
    boxes = []
    for k, ax in enumerate(drawn.axes):
        for axis in (ax.xaxis, ax.yaxis):
            boxes.append((f"name {k} {axis.axis_name}", axis.label.get_window_extent(renderer)))
            boxes += [(f"numbers {k}", text.get_window_extent(renderer)) for text in numbers(axis)]
        boxes += [(f"legend {k}", ax.get_legend().get_window_extent())] if ax.get_legend() else []
        boxes.append((f"title {k}", ax.title.get_window_extent(renderer)))
    boxes = [(name, box) for name, box in boxes if box.width > 1.0 and box.height > 1.0]
    for (one, a), (other, b) in combinations(boxes, 2):
        if one != other or one.startswith("numbers"):
            common = Bbox.intersection(a, b)
            assert common is None or min(common.width, common.height) <= 1.5, (one, other)


def test_panels_have_room(drawn):
    for ax in drawn.axes:
        if ax.get_label() != "<colorbar>":
            width, height = ax.get_window_extent().size / drawn.dpi
            assert width > 1.0
            assert height > 0.45


def luminance(color):
    parts = np.asarray(to_rgb(color))
    return np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [
        0.2126,
        0.7152,
        0.0722,
    ]


def test_lines_and_letters_can_be_seen(drawn):
    paper = luminance(drawn.get_facecolor())
    colors = [text.get_color() for text in drawn.findobj(mpl.text.Text) if text.get_text()]
    for line in drawn.findobj(Line2D):
        colors.append(line.get_color())
        if line.get_marker() not in ("None", "", None):
            colors.append(line.get_markeredgecolor())
    assert colors
    for color in colors:
        if to_rgba(color)[3] > 0.0:
            light, dark = sorted([paper, luminance(color)], reverse=True)
            assert (light + 0.05) / (dark + 0.05) > 1.8, color


def test_every_picture_is_looked_at():
    others = {"animate", "share_time", "to_file"}
    source = Path(pictures.__file__).read_text()
    assert [name for name in fc.plot.__all__ if name not in others and f"fc.plot.{name}(" not in source] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", pictures.KEPT)
def test_pictures_stay_as_they_are(name, tmp_path):
    with plt.style.context("default"):
        stays_as_it_is(name, tmp_path)


def stays_as_it_is(name, tmp_path):
    figure = pictures.bare(name)
    figure.savefig(tmp_path / "now.png")
    differences = compare_images(pictures.BASELINES / f"{name}.png", tmp_path / "now.png", TOLERANCE)
    assert differences is None
    # A change that a reader would see is seen.
    for ax in figure.axes:
        for artist in (*ax.lines, *ax.collections)[:1]:
            artist.set_visible(False)
    figure.savefig(tmp_path / "other.png")
    assert compare_images(pictures.BASELINES / f"{name}.png", tmp_path / "other.png", TOLERANCE) is not None


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        (test_nothing_is_outside_the_figure, lambda ax: ax.text(1.1, 0.5, "clipped", transform=ax.transAxes)),
        (test_a_legend_covers_nothing, lambda ax: ax.legend(loc="center left")),
        (test_names_numbers_and_legends_do_not_overlap, lambda ax: ax.xaxis.set_label_coords(0.5, -0.05)),
        (test_panels_have_room, lambda ax: ax.set_position((0.2, 0.2, 0.3, 0.7))),
        (test_lines_and_letters_can_be_seen, lambda ax: ax.lines[0].set_color("#222222")),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_is_spoilt_is_noticed(check, spoil):
    with plt.style.context("dark_background"):
        ax = plt.subplots(figsize=(3.0, 2.4), layout="constrained")[1]
        fc.plot.traces(pictures.weak(), ax, means="potential")
        ax.figure.draw_without_rendering()
        ax.figure.set_layout_engine("none")
        check(ax.figure)
        spoil(ax)
        with pytest.raises(AssertionError):
            check(ax.figure)
    plt.close("all")
