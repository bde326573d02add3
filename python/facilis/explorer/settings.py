"""What the sliders say: a model, a network, its start and its stimulus."""

from dataclasses import dataclass, fields, replace
from math import isfinite, log10
from typing import Any

from .. import checks
from ..model.model import Model
from ..model.stimulus import Pulse
from ..model.table import Table

LARGEST_NETWORK = 30_000  # answered well within the time in which a change feels immediate


@dataclass(frozen=True)
class Slider:
    """One slider: the name of its setting, its range, and how it moves."""

    name: str
    label: str
    low: float
    high: float
    value: float
    logarithmic: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Settings:
    """Everything that the explorer's pictures depend on."""

    base: Model
    n: int = 1000
    t_end: float = 200.0
    potential: float = 0.0
    calcium: float = 0.0
    pulse_start: float = 10.0
    pulse_duration: float = 20.0
    pulse_current: float = 3.0
    threshold: float = 0.7
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("n", "seed"):
            object.__setattr__(self, name, checks.count(name, getattr(self, name), least=int(name == "n")))
        for name in (
            "t_end",
            "potential",
            "calcium",
            "pulse_start",
            "pulse_duration",
            "pulse_current",
            "threshold",
        ):
            value = checks.number(name, getattr(self, name))
            if not (isfinite(value) and value >= 0.0):
                raise ValueError(checks.wrong(name, "finite and >= 0", value))
            object.__setattr__(self, name, value)

    def model(self) -> Model:
        """Return the model."""
        return self.base

    def stimulus(self) -> tuple[Pulse, ...]:
        """Return the stimulus: one pulse, or none where it has no strength or no length."""
        if not (self.pulse_current > 0.0 and self.pulse_duration > 0.0):
            return ()
        return (Pulse(self.pulse_start, self.pulse_start + self.pulse_duration, self.pulse_current),)

    def changed(self, values: dict[str, Any]) -> "Settings":
        """Return the settings with some values changed; names like ``rate.half`` are those of the rate."""
        own = {field.name for field in fields(self)} - {"base"}
        rate, model, others = {}, {}, {}
        for name, value in values.items():
            if name.startswith("rate."):
                rate[name.removeprefix("rate.")] = value
            elif name in own:
                others[name] = value
            else:
                model[name] = value
        base = self.base
        if rate:
            base = base.replace(rate=replace(base.rate, **rate))  # type: ignore[type-var]
        return replace(self, base=base.replace(**model) if model else base, **others)

    def sliders(self) -> list[Slider]:
        """Return a slider for each number, with a range around the value that it has now."""
        rate = self.base.rate
        numbers = [] if isinstance(rate, Table) else [field.name for field in fields(rate)]  # type: ignore[arg-type]
        return [
            *(_around(name, name, getattr(self.base, name)) for name in ("alpha", "beta", "lam")),
            *(_around(f"rate.{name}", name, getattr(rate, name)) for name in numbers),
            Slider("n", "neurons N", 10, LARGEST_NETWORK, self.n, logarithmic=True, whole=True),
            Slider("t_end", "end of the run", 10.0, max(1000.0, self.t_end), self.t_end, logarithmic=True),
            Slider(
                "pulse_current",
                "pulse: current",
                0.0,
                max(10.0, 2.0 * self.pulse_current),
                self.pulse_current,
            ),
            Slider("pulse_start", "pulse: start", 0.0, max(100.0, self.pulse_start), self.pulse_start),
            Slider(
                "pulse_duration", "pulse: duration", 0.0, max(60.0, self.pulse_duration), self.pulse_duration
            ),
            Slider("threshold", "forgotten below", 0.01, max(3.0, 2.0 * self.threshold), self.threshold),
        ]

    def code(self) -> str:
        """Return the lines of Python that make the run that is shown."""
        pulses = "".join(f"{pulse!r}, ".replace("Pulse(", "fc.Pulse(") for pulse in self.stimulus())
        return "\n".join(
            [
                "import facilis as fc",
                "",
                f"model = {_as_code(self.base)}",
                f"start = dict(potential={self.potential!r}, calcium={self.calcium!r}, stimulus=({pulses}))",
                f"run = fc.simulate(model, {self.n}, {self.t_end!r}, rng={self.seed}, **start)",
                f"sol = fc.solve_limit(model, {self.t_end!r}, **start)",
                "axes = run.plot()",
                f"region = fc.Region.potential_above({self.threshold!r})",
                f"memory = fc.memory_times(model, {self.n}, 2000.0, region=region, rng={self.seed}, **start)",
            ]
        )


def _as_code(model: Model) -> str:
    """Return the expression that makes a model."""
    rate = model.rate
    if isinstance(rate, Table):
        shown = "your_table"  # thousands of numbers are no code to copy
    else:
        arguments = ", ".join(f"{field.name}={getattr(rate, field.name)!r}" for field in fields(rate))  # type: ignore[arg-type]
        shown = f"fc.{type(rate).__name__}({arguments})"
    return (
        f"fc.Model(alpha={model.alpha!r}, beta={model.beta!r}, lam={model.lam!r}, rate={shown}, "
        f"transmits={model.transmits!r}, recipients={model.recipients!r})"
    )


def _around(name: str, label: str, value: float) -> Slider:
    """Return a slider from an eighth of a positive value to eight times it, or around 0 for another one."""
    if label == "power":
        return Slider(name, label, 1.0, max(10.0, 2.0 * value), value)
    if value > 0.0 and isfinite(value):
        decade = 10.0 ** (round(log10(value)) - 3)  # so that the ends are short numbers
        return Slider(
            name, label, max(round(value / 8.0 / decade) * decade, decade), value * 8.0, value, True
        )
    reach = max(1.0, 2.0 * abs(value)) if isfinite(value) else 1.0
    return Slider(name, label, -reach if value < 0.0 else 0.0, reach, value if isfinite(value) else reach)
