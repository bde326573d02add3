"""What careless and malicious callers give: extreme numbers, strange arrays, and objects that are no numbers."""

import array
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st


class Silent:
    """Tells nothing of itself, not even its name."""

    def __repr__(self):
        raise ZeroDivisionError("no repr")


class Broken:
    """Pretends to be an array and a number, and is neither."""

    def __array__(self, *args, **kwargs):
        raise ZeroDivisionError("no array")

    def __float__(self):
        raise ZeroDivisionError("no float")

    def __len__(self):
        raise ZeroDivisionError("no length")

    def __index__(self):
        raise ZeroDivisionError("no index")

    def __fspath__(self):
        raise ZeroDivisionError("no path")


class Subclass(np.ndarray):
    """An array of another class."""


EXTREMES = [
    *(0.0, -0.0, 5e-324, 2.2e-308, 1e-300, 1e-100, 1e-9, 1e9, 1e13, 1e16, 1e99, 1e100, 1e101, 1e300, 1.7e308),
    *(
        math.nan,
        math.inf,
        -math.inf,
        -1.0,
        -1e-300,
        -1e308,
        0,
        1,
        2,
        -1,
        2**31,
        2**53 + 1,
        10**400,
        -(10**400),
    ),
    *(
        np.float16(0.5),
        np.float32(1e-40),
        np.longdouble("1e4000"),
        np.float64("nan"),
        np.int8(-1),
        np.uint64(3),
    ),
    *(Decimal("0.5"), Decimal("nan"), Fraction(1, 3), Fraction(10**400), 1j, True, np.True_, np.array(0.5)),
]
extremes = st.sampled_from(EXTREMES)
ordinary = st.floats(0.0, 10.0) | st.integers(0, 10)

DTYPES = [
    "?",
    "i1",
    "u8",
    "<i4",
    ">i2",
    "f2",
    "f4",
    "<f8",
    ">f8",
    "g",
    "c16",
    "U3",
    "S3",
    "O",
    "M8[s]",
    "m8[s]",
    "i4,f8",
]
SHAPES = [(), (0,), (1,), (2,), (3,), (7,), (2, 2), (0, 3), (3, 1), (1, 1, 1), (1000,)]


def _laid_out(flat, layout):
    match layout:
        case "strided":
            return np.repeat(flat, 2, axis=-1)[..., ::2] if flat.ndim else flat
        case "reversed":
            return flat[::-1] if flat.ndim else flat
        case "transposed":
            return np.asfortranarray(flat).T.T
        case "read-only":
            flat.setflags(write=False)
            return flat
        case "masked":
            mask = np.zeros(flat.shape, bool)
            mask.flat[:1] = True
            return np.ma.array(flat, mask=mask)
        case "unmasked":
            return np.ma.array(flat)
        case "subclass":
            return flat.view(Subclass)
        case "unaligned":
            room = np.zeros(flat.nbytes + 1, np.uint8)[1:]
            if flat.dtype.hasobject or not flat.size:
                return flat
            room[:] = np.frombuffer(flat.tobytes(), np.uint8)
            return room.view(flat.dtype).reshape(flat.shape)
    return flat


LAYOUTS = [
    "plain",
    "strided",
    "reversed",
    "transposed",
    "read-only",
    "masked",
    "unmasked",
    "subclass",
    "unaligned",
]


@st.composite
def arrays(draw):
    """An array of any kind of entries, in any shape and layout; increasing more often than by chance."""
    dtype, shape = np.dtype(draw(st.sampled_from(DTYPES))), draw(st.sampled_from(SHAPES))
    size = math.prod(shape)
    if draw(st.booleans()):
        entries = np.arange(size, dtype=float)
    else:
        entries = np.resize(draw(st.lists(st.floats(width=64) | ordinary, min_size=1, max_size=5)), size)
    with np.errstate(all="ignore"):
        flat = np.zeros(shape, dtype) if dtype.names else entries.reshape(shape).astype(dtype)
    if size and dtype.kind in "fO" and draw(st.integers(0, 3)) == 0:
        flat[(0,) * len(shape)] = draw(st.sampled_from([math.nan, math.inf, -1.0, -0.0, 5e-324]))
    return _laid_out(flat, draw(st.sampled_from(LAYOUTS)))


def tables():
    """What pandas and xarray hold numbers in, where they are installed."""
    found = []
    try:
        import pandas as pd

        found += [pd.Series([0.0, 1.0, 2.0]), pd.Series([1, None], dtype="Int64"), pd.Series([], dtype=float)]
        found += [pd.DataFrame({"a": [0.0, 1.0]}), pd.Index([0, 1]), pd.NA, pd.NaT, pd.Timestamp(0)]
        found += [pd.Series([1.0, math.nan]), pd.Categorical(["a", "b"]), pd.Series(["a"]), pd.Interval(0, 1)]
    except ImportError:
        pass
    try:
        import xarray as xr

        found += [xr.DataArray([0.0, 1.0, 2.0], dims="x"), xr.DataArray(0.5), xr.DataArray([[1.0, 2.0]])]
        found += [xr.Dataset({"a": ("x", [1.0])}), xr.DataArray([math.nan])]
    except ImportError:
        pass
    return found


THINGS = [
    *(None, ..., NotImplemented, object(), int, float, np, len, math.sin, lambda: None, lambda x: x, type),
    *(
        "",
        "1.0",
        "nan",
        "before",
        "alpha",
        "\0",
        "\ud800",
        "🧠" * 300,
        b"1",
        bytearray(b"12"),
        memoryview(b"123"),
    ),
    *(
        [],
        (),
        {},
        set(),
        frozenset({1}),
        [None],
        [[]],
        [[1], [1, 2]],
        [1, "a"],
        ["a"],
        {"a": 1},
        {1: 2},
        [True],
    ),
    *(
        [math.nan],
        [1e308, 1e308],
        [-1.0],
        [0.0, 0.0],
        [1.0, 0.0],
        (0.0, 1.0),
        (1.0, 0.0),
        (0.0, 1.0, 2.0),
        [10**400],
    ),
    *(
        range(3),
        range(0),
        iter([1.0]),
        (x for x in (1, 2)),
        array.array("d", [0.5, 1.5]),
        slice(3),
        [0] * 1000,
    ),
    *(
        Silent(),
        Broken(),
        [Silent()],
        [Broken()],
        Silent,
        np.dtype("f8"),
        np.float64,
        np.random.default_rng(1),
    ),
    *tables(),
]

nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)

anything = st.one_of(extremes, st.sampled_from(THINGS), arrays(), nested)
