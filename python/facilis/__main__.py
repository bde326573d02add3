"""The command line: ``python -m facilis demo | simulate | limit``."""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from math import isfinite, nan
from pathlib import Path
from typing import NoReturn

from . import (
    Constant,
    Exponential,
    Hill,
    Linear,
    Model,
    Pulse,
    Ramp,
    Sigmoid,
    __version__,
    demo,
    equilibria,
    pictures,
    simulate,
    solve_limit,
)

RATES = {kind.__name__.lower(): kind for kind in (Constant, Exponential, Hill, Linear, Ramp, Sigmoid)}
PARAMETERS = ("alpha", "beta", "lam", "rate", "transmits", "recipients")

Rate = Constant | Exponential | Hill | Linear | Ramp | Sigmoid


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        self.exit(2, f"{self.prog}: error: {' '.join(message.split())}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a user's mistake is one line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not know all letters
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has seen enough. What is left to print must not fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        parser.exit(1)
    except (ValueError, TypeError, RuntimeError, MemoryError, OSError, ImportError) as error:
        parser.error(_in_options(options, str(error)) or type(error).__name__)
    except KeyboardInterrupt:
        parser.exit(130, "interrupted\n")


def _in_options(options: argparse.Namespace, message: str) -> str:
    """Let a message name the option where it named the argument."""
    name, _, rest = message.partition(" ")
    return f"--{name.replace('_', '-')} {rest}" if hasattr(options, name) else message


def _demo(options: argparse.Namespace) -> None:
    demo.main(options.out, options.seed)


def _simulate(options: argparse.Namespace) -> None:
    run = simulate(
        _model(options),
        options.n,
        options.t_end,
        potential=options.potential,
        calcium=options.calcium,
        stimulus=options.pulse,
        grid=options.grid,
        spikes=options.spikes,
        max_spikes=options.max_spikes,
        checkpoint=options.checkpoint,
        every=options.every,
        rng=options.seed,
        progress=sys.stderr.isatty(),
    )
    # What took the time is safe before anything is printed, be it into a pipe that is closed.
    if options.out:
        run.save(options.out)
    if options.figure:
        plot = pictures.plot()
        plot.to_file(options.figure, lambda figure: plot.run(run, figure=figure))
    print(run.summary())


def _limit(options: argparse.Namespace) -> None:
    model = _model(options)
    sol = solve_limit(
        model,
        options.t_end,
        potential=options.potential,
        calcium=options.calcium,
        stimulus=options.pulse,
        grid=options.grid,
    )
    if options.out:
        sol.save(options.out)
    if options.figure:
        plot = pictures.plot()
        plot.to_file(options.figure, lambda figure: plot.limit(sol, figure=figure), size=(10.0, 3.8))
    at_end = f"potential {sol.potential[-1]:.9g}, calcium {sol.calcium[-1]:.9g}"
    print(f"{model}\nat t = {sol.t[-1]:g}: {at_end}")
    for point in equilibria(model):
        print(f"{point.kind}: potential {point.potential:.9g}, calcium {point.calcium:.9g}")


def _model(options: argparse.Namespace) -> Model:
    given = {name: getattr(options, name) for name in PARAMETERS if getattr(options, name) is not None}
    return Model.example(options.example).replace(**given)


def _rate(text: str) -> Rate:
    """Read ``hill:top=1,half=1,power=4``."""
    name, _, parameters = text.partition(":")
    if name not in RATES:
        names = ", ".join(RATES)
        raise argparse.ArgumentTypeError(f"must be one of {names}, then :name=value,..., got {text!r}")
    try:
        pairs = (pair.split("=") for pair in parameters.split(",") if pair)
        return RATES[name](**{key: float(value) for key, value in pairs})
    except (ValueError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def _pulse(text: str) -> Pulse:
    """Read ``start,stop,current``."""
    try:
        start, stop, current = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be start,stop,current, got {text!r}") from None
    try:
        return Pulse(start, stop, current)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seed(text: str) -> int:
    """Read an integer ≥ 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be an integer >= 0, got {text!r}")
    return int(text)


def _time(text: str) -> float:
    """Read a finite number; the grid of means needs an end."""
    try:
        time = float(text)
    except ValueError:
        time = nan
    if not isfinite(time):
        raise argparse.ArgumentTypeError(f"must be a finite number, got {text!r}")
    return time


def _new_file(text: str) -> Path:
    """Refuse, before any work is done, a file that can't be written."""
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"must be a file in a directory that exists, got {text!r}")
    return path


def _parser() -> Parser:
    parser = Parser(prog="facilis", description="Exact simulation of neurons with synaptic facilitation.")
    parser.add_argument("--version", action="version", version=f"facilis {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("demo", help="a memory experiment: a table and a figure")
    command.set_defaults(command=_demo)
    command.add_argument("--out", type=_new_file, default="facilis-demo.png", help="the figure, %(default)s")
    command.add_argument("--seed", type=_seed, default=1, help="another seed, another run; %(default)s")

    command = commands.add_parser("simulate", help="simulate one network, exactly")
    command.set_defaults(command=_simulate)
    command.add_argument("--n", type=int, default=100, help="number of neurons, %(default)s")
    command.add_argument("--seed", type=_seed, help="an integer; else a fresh one, kept with the result")
    command.add_argument("--no-spikes", dest="spikes", action="store_false", help="keep only the means")
    command.add_argument("--max-spikes", type=int, metavar="COUNT", help="stop after so many")
    command.add_argument(
        "--checkpoint", metavar="FILE", help="from which the same command goes on after a crash"
    )
    command.add_argument("--every", type=float, default=60.0, metavar="SECONDS", help="when to write it")
    _add_common(command)

    command = commands.add_parser("limit", help="solve the equation of infinitely many neurons")
    command.set_defaults(command=_limit)
    _add_common(command)
    return parser


def _add_common(command: argparse.ArgumentParser) -> None:
    """Add what simulation and limit share: model, start, stimulus, output."""
    add = command.add_argument
    add("--example", default="memory", help="model to start from: memory, bistable or ghost; %(default)s")
    add("--alpha", type=float, help="synaptic strength")
    add("--beta", type=float, help="rate at which potential decays")
    add("--lam", type=float, help="rate at which calcium decays")
    add("--rate", type=_rate, metavar="RATE", help="hill:top=1,half=1,power=4, linear:slope=2, and so on")
    add("--transmits", choices=("before", "after"), help="calcium before or after the spike's own increment")
    add("--recipients", choices=("others", "all"), help="who receives a spike")
    add("--t-end", type=_time, default=200.0, metavar="TIME", help="end, %(default)s")
    add("--potential", type=float, default=0.0, metavar="VALUE", help="at the start, %(default)s")
    add("--calcium", type=float, default=0.0, metavar="VALUE", help="at the start, %(default)s")
    add("--pulse", type=_pulse, action="append", default=[], metavar="START,STOP,CURRENT", help="repeatable")
    add("--grid", type=int, default=1000, metavar="COUNT", help="number of times with means, %(default)s")
    add("--out", type=_new_file, metavar="FILE.npz", help="where to save the result")
    add("--figure", type=_new_file, metavar="FILE.png", help="where to draw it")


if __name__ == "__main__":
    main()
