"""The rooms of the package: their order, and that users, pickles and files never see them."""

import ast
import io
import json
import pickle
import pickletools
import pkgutil
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import facilis as fc
from facilis.memory.mixture import mixture

PACKAGE = Path(fc.__file__).parent
# A room may import from itself and from rooms of lower levels.
LEVELS = {
    "ground": 0,
    "model": 1,
    "limit": 2,
    "simulation": 3,
    "replicates": 4,
    "memory": 5,
    "sweeps": 5,
    "rare": 6,
    "plot": 7,
    "explorer": 8,
    "top": 9,
}
TOP = {"facilis", "facilis.__main__", "facilis.demo"}
# What is imported only when it is asked for, as it brings other libraries along.
DOORS = {
    "facilis.pictures": {"'.plot' by import_module"},
    "facilis.explorer.explore": {"facilis.explorer.widget"},
    "facilis.export": {"name by import_module"},
}
FOREIGN = {
    "numpy": None,
    "matplotlib": "plot",
    "tqdm": "ground",
    "anywidget": "explorer",
    "traitlets": "explorer",
}

MODULES = {
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): file
    for file in [*PACKAGE.rglob("*.py"), PACKAGE / "_core.pyi"]
}
PACKAGES = {module for module, file in MODULES.items() if file.name == "__init__.py"}


def room_of(module: str) -> str:
    if module in TOP:
        return "top"
    return "ground" if module.count(".") == 1 and module not in PACKAGES else module.split(".")[1]


def may_import(module: str, other: str) -> bool:
    room, its_room = room_of(module), room_of(other)
    return room == its_room or LEVELS[its_room] < LEVELS[room]


def imports(module: str) -> tuple[set[str], set[str]]:
    """The modules of the package that one imports at its top, and inside its functions."""
    file, found = MODULES[module], (set(), set())
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]

    def look(node, inside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue  # no code runs for the sake of types
            if isinstance(child, ast.ImportFrom):
                found[inside].update(targets(child, package))
            elif isinstance(child, ast.Import):
                found[inside].update(alias.name for alias in child.names if alias.name in MODULES)
            elif isinstance(child, ast.Call) and ast.unparse(child.func).endswith("import_module"):
                name = child.args[0]
                if not isinstance(name, ast.Constant) or name.value.startswith((".", "facilis")):
                    found[inside].add(f"{ast.unparse(name)} by import_module")
            look(child, inside or isinstance(child, ast.FunctionDef | ast.Lambda))

    look(ast.parse(file.read_text()), False)
    return found


def targets(node: ast.ImportFrom, package: str):
    base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
    source = ".".join(base + ([node.module] if node.module else []))
    for alias in node.names:
        inner = f"{source}.{alias.name}"
        if inner in MODULES or source in MODULES:
            yield inner if inner in MODULES else source


def test_every_file_is_in_a_room_and_few_are_outside():
    assert {room_of(module) for module in MODULES} <= LEVELS.keys()
    assert len(list(PACKAGE.glob("*.py"))) <= 17
    # The stub describes one compiled module and cannot be split.
    code = [file for file in MODULES.values() if file.suffix == ".py"]
    assert max(len(file.read_text().splitlines()) for file in code) <= 300


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_to_rooms_before(module):
    at_top, inside = imports(module)
    assert not {other for other in at_top if not may_import(module, other)}
    assert inside == DOORS.get(module, set())


def test_no_import_goes_round_in_a_circle():
    left = {module: imports(module)[0] - {module, "facilis"} for module in MODULES}
    while free := [module for module, needs in left.items() if not needs & left.keys()]:
        for module in free:
            del left[module]
    assert not left


def test_only_the_export_imports_other_libraries():
    for module, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in (name.partition(".")[0] for name in names):
                if name not in sys.stdlib_module_names and module not in TOP:
                    assert FOREIGN[name] in (None, room_of(module)), f"{module} imports {name}"


def names_of(package) -> set[str]:
    return {name for _, name, _ in pkgutil.iter_modules(package.__path__)}


def test_no_module_has_the_name_of_a_public_object():
    # So that no import can ever put a module in the place of a function.
    assert names_of(fc) & set(fc.__all__) == {"plot"}
    assert not names_of(fc.plot) & set(fc.plot.__all__)


def test_public_objects_are_of_the_package():
    for name in fc.__all__:
        if name not in ("plot", "__version__"):
            assert getattr(fc, name).__module__ == "facilis", name
            assert getattr(fc, name).__qualname__ == name
    for name in fc.plot.__all__:
        assert getattr(fc.plot, name).__module__ == "facilis.plot", name


ORDERS = """
import importlib, sys
kinds = {name: kind for name, kind in json.loads(sys.argv[2]).items()}
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
    import facilis
    for name, kind in kinds.items():
        assert type(getattr(facilis, name)).__name__ == kind, (module, name)
        assert pickle.loads(pickle.dumps(getattr(facilis, name))) is getattr(facilis, name), name
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_functions_stay_functions_whatever_is_imported_when(seed):
    modules = sorted(MODULES)
    if seed == 1:
        modules.reverse()
    elif seed > 1:
        random.Random(seed).shuffle(modules)
    kinds = {n: type(getattr(fc, n)).__name__ for n in fc.__all__ if n not in ("plot", "__version__")}
    code = "import json, pickle" + ORDERS
    subprocess.run([sys.executable, "-c", code, json.dumps(modules), json.dumps(kinds)], check=True)


MIXED = mixture(np.append(np.zeros(50), np.linspace(1.0, 99.0, 50)), np.ones(100, bool))


@pytest.fixture(scope="module")
def objects():
    """One of each kind that users keep."""
    model = fc.Model.example("bistable")
    region = fc.Region.potential_above(0.7)
    start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    run = fc.simulate(model, 5, 2.0, watch=[1], snapshots=[1.0], stimulus=fc.Pulse(0.0, 1.0, 0.5), **start)
    sol = fc.solve_limit(model, 2.0, potential=2.0, calcium=9.0)
    times = fc.memory_times(model, 5, 3.0, region=region, replicates=20, **start)
    rates = [
        fc.Constant(1.0),
        fc.Linear(1.0),
        fc.Sigmoid(1.0, 1.0, 1.0),
        fc.Ramp(0.0, 1.0, 1.0),
        fc.Exponential(1.0, 1.0, 2.0),
        fc.Table([0.0, 1.0], [0.0, 1.0]),
    ]
    point = fc.equilibria(model)[-1]
    results = [
        run,
        sol,
        times,
        times.survival(),
        fc.ensemble(model, 5, 2.0, replicates=3, grid=3, **start),
        fc.couple(model, 5, 1.0, grid=3, **start),
        fc.bifurcation(model, "alpha", 0.2, 0.4),
        fc.memory_scaling(model, [3, 4, 5], 1e4, region=region, replicates=20, **start),
    ]
    others = [
        region & fc.Region.basin(model),
        times.restricted_mean(),
        MIXED,
        times.exponential_test(9),
        point,
        fc.separatrix(model),
        fc.folds(model)[0],
        fc.linear_noise(model, point),
        fc.calcium_law(model, point),
        fc.certificates(model),
        fc.ghost(fc.Model.example("ghost"), start=2.0, end=0.7),
        fc.Simulation(model, 5, rng=1),
        *results[6].branches,
    ]
    return results, rates + others


def test_pickles_know_the_package_alone(objects):
    for one in [*objects[0], *objects[1]]:
        written = pickle.dumps(one, protocol=2)  # in which names are written out in full
        named = {
            argument.split()[0]
            for code, argument, _ in pickletools.genops(written)
            if code.name == "GLOBAL" and argument.startswith("facilis")
        }
        assert named == {"facilis"}, one


def test_files_know_no_room(objects, tmp_path):
    rooms = [name for name in MODULES if name != "facilis"]
    for k, result in enumerate(objects[0]):
        result.save(tmp_path / f"{k}.npz")
        with np.load(tmp_path / f"{k}.npz", allow_pickle=False) as arrays:
            header = arrays["facilis"].item()
        assert not [room for room in rooms if room in header]
        assert type(fc.load(tmp_path / f"{k}.npz")) is type(result)


def test_pickles_open_in_a_process_of_their_own(objects):
    everything = [*objects[0], *objects[1], fc.simulate, fc.sweep, fc.ensemble, fc.Hill]
    code = (
        "import pickle, sys; found = pickle.load(sys.stdin.buffer); "
        "sys.stdout.write(' '.join(type(one).__name__ for one in found))"
    )
    written = io.BytesIO()
    pickle.dump(everything, written)
    done = subprocess.run(
        [sys.executable, "-c", code], input=written.getvalue(), stdout=subprocess.PIPE, check=True
    )
    assert done.stdout.decode() == " ".join(type(one).__name__ for one in everything)
