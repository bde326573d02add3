"""What must hold of the limit of one model: each check tells its name, whether it holds, and of what."""

from math import inf, log, sqrt

import numpy as np

import facilis as fc

from . import oracle


def close(found, expected, rtol, atol=0.0):
    """Whether all numbers agree."""
    return bool(np.all(np.abs(np.asarray(found) - expected) <= atol + rtol * np.abs(expected)))


def check_equilibria(model, current, scale, rng):
    points = fc.equilibria(model, current)
    phi = oracle.rate_of(model.rate)
    more = float(model.transmits == "after")

    def balance(u):
        f = phi(u)
        return model.alpha * f * (f / model.lam + more) + current - model.beta * u

    top = 1.3 * max([p.potential for p in points] + [3.0 * scale])
    grid = np.union1d(np.linspace(0.0, top, 1500), np.geomspace(1e-5 * scale, top, 1500))
    f = np.array([balance(u) for u in grid])
    for k in np.flatnonzero(np.sign(f[:-1]) * np.sign(f[1:]) < 0):
        inside = [p for p in points if grid[k] <= p.potential <= grid[k + 1] and p.kind != "fold"]
        yield "equilibria", len(inside) % 2 == 1, (grid[k], grid[k + 1])
    for p in points:
        size = model.alpha * phi(p.potential) * (p.calcium + more) + current + model.beta * p.potential
        # A rate is known to a rounding of its argument, and a table's to one of its greatest value.
        known = max(model.rate.rate) if isinstance(model.rate, fc.Table) else 0.0
        blur = 1e-15 * (known + p.potential * abs(model.rate.derivative(p.potential)))
        rounding = blur * model.alpha * (2.0 * p.calcium + more)
        yield "equilibria", abs(balance(p.potential)) <= 1e-13 * size + rounding, p
        values = np.linalg.eigvals(p.jacobian)
        if p.kind != "fold" and abs(p.determinant) > 1e-9 * abs(p.jacobian[0, 0] * p.jacobian[1, 1]):
            at_corner = np.isin(p.potential, model.rate._handle.corners)
            yield "stability", at_corner or p.stable == bool((values.real < 0.0).all()), p


def check_folds(model, current, scale, rng):
    found = fc.folds(model, current)
    for fold in found:
        counts = [
            len(fc.equilibria(model.replace(alpha=fold.alpha * (1 + q)), current)) for q in (-1e-7, 1e-7)
        ]
        alone = all(o is fold or abs(o.alpha / fold.alpha - 1) > 1e-6 for o in found)
        flat = fold.kind == "rest"
        yield "folds", not alone or flat or abs(counts[0] - counts[1]) == 2, (fold, counts)
    phi = oracle.rate_of(model.rate)
    more = model.lam * (model.transmits == "after")
    low = current / model.beta
    grid = low + np.union1d(
        np.geomspace(1e-3 * scale, 8.0 * scale, 1500), np.linspace(1e-3 * scale, 8 * scale, 1500)
    )
    g = np.array([phi(u) * (phi(u) + more) for u in grid])
    with np.errstate(all="ignore"):
        kappa = np.where(g > 0.0, (grid - low) / g, inf)
    for k in range(1, len(grid) - 1):
        a, b, c = kappa[k - 1 : k + 2]
        if np.isfinite([a, b, c]).all() and (b - a) * (c - b) < 0 and min(abs(b - a), abs(c - b)) > 1e-12 * b:
            inside = [f for f in found if grid[k - 1] <= f.potential <= grid[k + 1]]
            # Where a table touches 0 the branch goes to infinity and comes back: that is no fold.
            knots = model.rate.potential if isinstance(model.rate, fc.Table) else np.empty(0)
            pole = any(phi(knot) == 0.0 for knot in knots[(knots > grid[k - 1]) & (knots < grid[k + 1])])
            # Those of a polygon that are alike and within neighbouring knots are told as one.
            grouped = model.rate._handle.corners.size and any(abs(f.kappa / b - 1.0) < 1e-2 for f in found)
            yield "folds", bool(inside or pole or grouped), (grid[k - 1], grid[k + 1])


def check_basin(model, current, scale, rng):
    points = fc.equilibria(model, current)
    u = rng.uniform(0.0, 2.0 * max([p.potential for p in points] + [scale]), 3)
    r = rng.uniform(0.0, 2.0 * max([p.calcium for p in points] + [model.rate(scale) / model.lam]), 3)
    found = fc.basin(model, u, r, current=current)
    beside = [fc.basin(model, u * (1 + q), r * (1 + q), current=current) for q in (-1e-5, 1e-5)]
    for k in range(3):
        expected = oracle.destination(model, points, [u[k], r[k]], current)
        if expected is not None and beside[0][k] == beside[1][k] == found[k]:
            yield "basin", found[k] == expected, (u[k], r[k], found[k], expected)
    own = fc._core.destinations(model._handle, current, u, r)
    sharp = (beside[0] == beside[1]) & (found == beside[0])
    yield "basin by curves and by integration", bool((own == found)[sharp].all()), (u, r, own, found)


def check_separatrix(model, current, scale, rng):
    points = fc.equilibria(model, current)
    if not model.rate.is_nondecreasing or [p.kind for p in points].count("saddle") != 1:
        return
    curve = fc.separatrix(model, current=current)
    if curve.potential.size < 10 or curve.saddle.potential == 0.0:
        return
    k = int(rng.integers(1, curve.potential.size - 1))
    u, r = curve.potential[k], curve.calcium[k]
    size = max(r, curve.saddle.calcium)
    # Across the falling curve, be it flat or steep.
    starts = [[u * (1.0 + q), max(r + q * size, 0.0)] for q in (-1e-6, 1e-6)]
    # So near to it LSODA's errors at corners of the rate would show.
    ends = [oracle.destination(model, points, start, current, 1e-13) for start in starts]
    if None not in ends and r > 1e-6 * size:
        yield "separatrix", ends[0] != ends[1], (u, r, ends)


def check_threshold(model, current, scale, rng):
    points = fc.equilibria(model)
    stable = [p for p in points if p.stable]
    if not model.rate.is_nondecreasing or len(stable) < 2:
        return
    duration = rng.uniform(0.5, 20.0) / max(model.beta, model.lam)
    threshold = fc.pulse_threshold(model, duration)
    if not 0.0 < threshold < 1e6 * model.beta * points[-1].potential:
        return
    ends = []
    for q in (-1e-4, 1e-4):
        equation, rest = oracle.field(model, threshold * (1.0 + q)), [stable[0].potential, stable[0].calcium]
        tiny = [1e-11 * threshold * min(duration, 1.0 / model.beta), 1e-13 * points[-1].calcium]
        after = oracle.integrate(equation, rest, duration, rtol=1e-12, atol=tiny)
        fate = after and oracle.destination(model, points, list(after.y[:, -1]), 0.0)
        ends.append(None if fate is None else fate == len(points) - 1)
    if None not in ends:
        yield "pulse_threshold", ends == [False, True], (duration, threshold, ends)


def check_noise(model, current, scale, rng):
    for p in fc.equilibria(model, current):
        if not p.stable:
            continue
        try:
            noise = fc.linear_noise(model, p)
        except ValueError as error:
            yield "linear_noise", "rounding" in str(error), (p, error)
            continue
        expected = oracle.stationary(noise.drift, noise.diffusion)
        yield "linear_noise", close(noise.covariance[[0, 0, 1], [0, 1, 1]], expected, 1e-15), (p, expected)
        omega = model.beta * 10.0 ** rng.uniform(-2.0, 2.0)
        response = np.linalg.solve(noise.drift - 1j * omega * np.eye(2), np.eye(2))
        spectrum = response @ noise.diffusion @ response.conj().T
        yield (
            "spectrum",
            np.allclose(noise.spectrum(omega), spectrum, rtol=1e-9, atol=1e-12 * abs(spectrum).max()),
            p,
        )


def check_solution(model, current, scale, rng):
    atoms = int(rng.choice([1, 1, 2, 3]))
    u = scale * rng.uniform(0.0, 3.0, atoms)
    r = model.rate(2.0 * scale) / model.lam * rng.uniform(0.0, 2.0, atoms)
    weights = rng.uniform(0.2, 1.0, atoms)
    weights /= weights.sum()
    t_end = rng.uniform(0.5, 5.0) / min(model.beta, model.lam)
    pulse = fc.Pulse(0.0, 2.0 * t_end, current) if current else ()
    mean = float(u @ weights)
    equation = oracle.groups(model, current, weights)(u - mean)
    expected = oracle.integrate(equation, [mean, *r], t_end, atol=1e-13 * min(1.0, scale), dense_output=True)
    if expected is None or np.abs(expected.y).max() > 1e8 * scale:
        return
    start = {"potential": u, "calcium": r, "weights": weights}
    sol = fc.solve_limit(model, t_end, **start, stimulus=pulse, grid=3, atol=1e-12 * min(1.0, scale))
    for t in (0.37 * t_end, t_end):
        y = expected.sol(t)
        yield (
            "solve_limit",
            close(sol(t)[:2], [y[0], y[1:] @ weights], 2e-6, 1e-9 * scale),
            (start, t, sol(t), y),
        )
    if atoms == 1:
        # The moments may be as small as the rate.
        tiny = 1e-13 * np.array([min(1.0, scale)] * 2 + [1e-20] * 4)
        first = [*u, *r, 0.0, 0.0, 0.0, 0.0]
        check = oracle.integrate(oracle.with_moments(model, current), first, t_end, atol=tiny)
        if check is not None:
            y, c = check.y[:, -1], sol.covariance[-1]
            unit = np.array([model.alpha**2, model.alpha, 1.0])
            y = y * [1.0, 1.0, 1.0, *unit]
            size = np.abs(check.y[3:]).max(axis=1) * unit
            yield "calcium_var", close(sol.calcium_var[-1], y[2], 1e-5, 1e-9), (start, t_end)
            entries = np.array([c[0, 0], c[0, 1], c[1, 1]])
            yield (
                "covariance",
                # What is allowed beside relative errors is `atol` in units in which synapses have strength 1.
                bool((np.abs(entries - y[3:]) <= 1e-4 * size + sol.atol * unit).all()),
                (start, t_end, entries, y[3:]),
            )


def check_ghost(model, current, scale, rng):
    folds = [f for f in fc.folds(model, current) if f.kind != "rest" and f.alpha > 0.0]
    if not folds:
        return
    fold = folds[int(rng.integers(len(folds)))]
    side = rng.choice([-1.0, 1.0])
    calcium = None if rng.random() < 0.5 else fold.calcium * rng.uniform(0.3, 2.0)
    times, last = [], None
    for q in (1e-3, 1e-7, 1e-10) if fold.kind == "corner" else (1e-3, 1e-6, 1e-8):
        for sign in (-1.0, 1.0):
            at = model.replace(alpha=fold.alpha * (1.0 + sign * q))
            start, end = fold.potential * (1.0 + 0.3 * side), fold.potential * (1.0 - 0.3 * side)
            try:
                passage = fc.ghost(at, start=start, end=end, calcium=calcium, current=current)
            except (ValueError, RuntimeError):
                continue
            if q == 1e-3:
                expected = _passage(at, current, passage)
                if expected is not None:
                    yield "ghost", close(passage.time, expected, 1e-6), (passage, expected)
            if passage.fold == fold:
                times.append((q, passage.time))
                last = passage
    if len(times) == 3 and last.approach != "unknown":
        (_, _), (_, early), (_, late) = times
        if last.approach == "passes":
            # A spiral that hardly turns passes so near that the time still grows.
            grows = late > 1.01 * early
            good = late < 1.01 * last.asymptotic if grows else close(late, last.asymptotic, 1e-2)
            yield "ghost that stays finite", good, (last, times)
        elif last.fold.kind == "corner":
            found = (late - early) / log(1e3)
            yield "ghost at a corner", close(found, last.constant, 0.03), (last, times, found)
        else:
            rise = (late - early) * sqrt(last.delta) / 0.9
            yield "ghost at a smooth fold", close(rise, last.constant, 0.02), (last, times, rise)


def _passage(model, current, passage):
    """The time of a passage by SciPy."""

    def ends(_t, y):
        return y[0] - passage.end

    ends.terminal = True
    start = [passage.start, passage.calcium]
    tiny = 1e-13 * min(1.0, passage.end, passage.fold.calcium)
    sol = oracle.integrate(oracle.field(model, current), start, 10.0 * passage.time + 1.0, 1e-11, tiny, ends)
    return float(sol.t[-1]) if sol is not None and sol.status == 1 else None


CHECKS = [
    check_equilibria,
    check_folds,
    check_basin,
    check_separatrix,
    check_threshold,
    check_noise,
    check_solution,
    check_ghost,
]
