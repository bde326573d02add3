"""How objects show themselves: one short line, and in notebooks a title, small tables and a little picture.

The HTML needs no library and no style sheet. All its colour is `currentColor`, that of the text around it, so
that it can be read on a dark page as well. Every text is escaped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from html import escape
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = Iterable[tuple[str, object]]
Grid: TypeAlias = tuple[Sequence[str], Iterable[Sequence[object]]]

_MOST_ROWS, _MOST_CURVES = 20, 60
COLUMNS = 80  # of a picture; each shows the lowest and the highest point of a curve in it
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 320.0, 96.0, 40.0, 16.0  # in pixels, with the margins for numbers
_CELL = "text-align:left;vertical-align:top;padding:1px 14px 1px 0;border:0"


@dataclass(frozen=True)
class Curve:
    """A line of a picture: solid, dashed, or the upper border of an area."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    look: str = "solid"


def stairs(edges: NDArray[np.float64], heights: NDArray[np.float64]) -> Curve:
    """Return an area with one step between each two edges; neighbours are joined where there are too many."""
    keep = np.unique(np.linspace(0, heights.size - 1, min(heights.size, COLUMNS)).astype(int))
    x, y = np.append(edges[keep], edges[-1]), heights[keep]
    return Curve(np.repeat(x, 2)[1:-1], np.repeat(y, 2), "area")


class Shown:
    """What shows itself by a few lines, by a table, or by both: as text in `summary`, as a card in notebooks.

    By default the lines are the fields of a dataclass, without arrays, lists of objects and what has own lines.
    """

    __slots__ = ()

    def _title(self) -> str:
        return type(self).__name__

    def _lines(self) -> Rows:
        """Return names and what they are."""
        return [(name.replace("_", " "), part) for name, part in parts(self) if _is_short(part)]

    def _grid(self) -> Grid | None:
        """Return a heading and rows of cells, where there is a table."""
        return None

    def _picture(self) -> str:
        return ""

    def summary(self) -> str:
        """Return what there is to say of it, in a few lines of text."""
        rows = [(name, _text(value)) for name, value in self._lines()]
        width = max([10, *(len(name) for name, _ in rows)]) + 1
        blocks = ["\n".join(f"{name:<{width}}{text}" for name, text in rows)]
        if (cells := self._grid()) is not None:
            header, body = cells
            blocks.append(columns([*map(str, header)], _some([[*map(str, row)] for row in body])))
        return "\n".join(block for block in blocks if block)

    def _repr_html_(self) -> str:
        lines, cells = [*self._lines()], self._grid()
        own = [table(lines) if lines else "", grid(*cells) if cells is not None else ""]
        return card(self._title(), *own, self._picture())


def _is_short(value: object) -> bool:
    """Tell whether there is a word or a line for it."""
    if isinstance(value, tuple):
        return value != () and all(isinstance(part, int | float) for part in value)
    return value is not None and not isinstance(value, np.ndarray | Shown)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    return f"{value:.6g}" if isinstance(value, float) else f"{value}"


def line(value: object) -> str:
    """Return a dataclass of numbers and words in one line, numbers with six digits."""
    own = (
        f"{name}={part:.6g}" if isinstance(part, float) else f"{name}={part!r}" for name, part in parts(value)
    )
    return f"{type(value).__name__}({', '.join(own)})"


def parts(value: object) -> list[tuple[str, Any]]:
    """Return the fields of a dataclass, with their names."""
    return [(field.name, getattr(value, field.name)) for field in fields(value)]  # type: ignore[arg-type]


def columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in plain text."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(one, widths, strict=True)).rstrip()
        for one in lines
    )


def card(title: str, *blocks: str) -> str:
    """Return a title with tables and pictures below it, side by side where there is room."""
    side = "".join(f"<div>{block}</div>" for block in blocks if block)
    return (
        f'<div><div style="font-weight:bold">{escape(title)}</div>'
        f'<div style="display:flex;flex-wrap:wrap;gap:4px 24px;align-items:flex-start">{side}</div></div>'
    )


def table(rows: Rows) -> str:
    """Return a table of names and what they are, floats with six digits."""
    return _table(_row("td", (name, _text(value)), faint=True) for name, value in rows)


def grid(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with a heading for each column; of very many rows the first ones."""
    cells = _some([[f"{cell}" for cell in row] for row in rows])
    return _table([_row("th", header), *(_row("td", row) for row in cells)])


def _some(cells: list[list[str]]) -> list[list[str]]:
    """Return rows, of very many the first ones."""
    if (more := len(cells) - _MOST_ROWS) > 0:
        return [*cells[:_MOST_ROWS], [f"… and {more} more", *[""] * (len(cells[0]) - 1)]]
    return cells


def _table(rows: Iterable[str]) -> str:
    return f'<table style="color:inherit;border-collapse:collapse;margin:2px 0">{"".join(rows)}</table>'


def _row(tag: str, cells: Sequence[str], faint: bool = False) -> str:
    looks = [f"{_CELL};opacity:.7;white-space:nowrap" if faint else _CELL, *[_CELL] * (len(cells) - 1)]
    inside = (
        f'<{tag} style="{look}">{escape(cell)}</{tag}>' for look, cell in zip(looks, cells, strict=True)
    )
    return f"<tr>{''.join(inside)}</tr>"


def picture(curves: Sequence[Curve], caption: str, bands: Sequence[tuple[float, float]] = ()) -> str:
    """Return a small SVG of curves above 0, or nothing where there is nothing to draw, or too much.

    Parameters
    ----------
    curves : sequence of Curve
        Points that are not finite are left out.
    caption : str
        What is drawn against what.
    bands : sequence of (float, float)
        Where the background is shaded, as the stimulus is.
    """
    columns = max(COLUMNS // max(len(curves), 1), 2)
    seen = [one for one in (_thin(curve, columns) for curve in curves) if one.x.size > 1]
    if not 0 < len(seen) <= _MOST_CURVES:
        return ""
    left, right = min(one.x.min() for one in seen), max(one.x.max() for one in seen)
    top = max(one.y.max() for one in seen)
    if not left < right:
        return ""
    scale = _Scale(left, right, top if top > 0.0 else 1.0)
    drawn = [scale.shade(bands) if bands else "", *map(scale.path, seen)]
    return (
        f'<svg width="{_WIDTH:g}" height="{_HEIGHT:g}" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
        f'fill="currentColor" stroke="none" font-size="10" font-family="sans-serif">'
        f"<title>{escape(caption)}</title>{''.join(drawn)}{scale.numbers()}</svg>"
        f'<div style="font-size:smaller;opacity:.7">{escape(caption)}</div>'
    )


def _thin(curve: Curve, columns: int) -> Curve:
    """Return a curve with no more points than can be seen: in each column its lowest and its highest."""
    finite = np.isfinite(curve.x) & np.isfinite(curve.y)
    x, y = curve.x[finite], curve.y[finite]
    if x.size > 4 * columns:
        pieces = np.array_split(np.arange(x.size), columns)
        ends = [(piece[y[piece].argmin()], piece[y[piece].argmax()]) for piece in pieces]
        chosen = np.unique([0, *np.ravel(ends), x.size - 1])
        x, y = x[chosen], y[chosen]
    return Curve(x, y, curve.look)


@dataclass(frozen=True)
class _Scale:
    """The place of numbers in a picture."""

    left: float
    right: float
    top: float

    def across(self, x: Any) -> Any:
        return _LEFT + (_WIDTH - _LEFT - 4.0) * (x - self.left) / (self.right - self.left)

    def down(self, y: Any) -> Any:
        return 4.0 + (_HEIGHT - _BOTTOM - 4.0) * (1.0 - y / self.top)

    def path(self, curve: Curve) -> str:
        pairs = zip(self.across(curve.x), self.down(curve.y), strict=True)
        points = "L".join(f"{x:.1f} {y:.1f}" for x, y in pairs)
        dash = ' stroke-dasharray="4 3"' if curve.look == "dashed" else ""
        area = ""
        if curve.look == "area":
            first, last = (f"{self.across(x):.1f} {self.down(0.0):.1f}" for x in curve.x[[0, -1]])
            area = f'<path d="M{first}L{points}L{last}Z" fill-opacity=".25"/>'
        return f'{area}<path d="M{points}" fill="none" stroke="currentColor"{dash}/>'

    def shade(self, bands: Sequence[tuple[float, float]]) -> str:
        """Return the shaded bands; those that touch in the picture are one."""
        drawn: list[list[float]] = []
        for start, stop in self.across(np.clip(sorted(bands), self.left, self.right)).tolist():
            if drawn and start < drawn[-1][1] + 1.0:
                drawn[-1][1] = max(drawn[-1][1], stop)
            elif start < stop:
                drawn.append([start, stop])
        floor = self.down(0.0)
        pieces = "".join(f"M{start:.1f} 4.0H{stop:.1f}V{floor:.1f}H{start:.1f}Z" for start, stop in drawn)
        return f'<path d="{pieces}" fill-opacity=".15"/>' if drawn else ""

    def numbers(self) -> str:
        """Return the two axes and the numbers at their ends."""
        floor, low = self.down(0.0), _HEIGHT - 3.0
        axes = f"M{_LEFT:g} 4V{floor:.1f}H{_WIDTH - 4.0:g}"
        at = [
            (_LEFT - 4.0, 12.0, "end", self.top),
            (_LEFT - 4.0, floor, "end", 0.0),
            (_LEFT, low, "start", self.left),
            (_WIDTH - 4.0, low, "end", self.right),
        ]
        texts = (
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{value:.4g}</text>'
            for x, y, anchor, value in at
        )
        return f'<path d="{axes}" fill="none" stroke="currentColor" stroke-opacity=".5"/>{"".join(texts)}'
