"""The command line: what it prints and writes, and how it refuses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import facilis as fc
from facilis import demo
from facilis.__main__ import main


@pytest.mark.slow
def test_demo_prints_a_table_and_draws(tmp_path, capsys):
    out = tmp_path / "memory.png"
    main(["demo", "--seed", "2", "--out", str(out)])
    printed = capsys.readouterr().out
    for word in ("seed 2", "stimulus", "memory time", "spikes", "spikes/s", "limit equilibria", "saddle"):
        assert word in printed
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_demo_works_as_a_command_without_display(tmp_path):
    bare = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "MPLBACKEND")}
    command = [sys.executable, "-W", "error", "-m", "facilis", "demo"]
    done = subprocess.run(command, cwd=tmp_path, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (tmp_path / "facilis-demo.png").exists()


def test_demo_repeats_itself():
    first, second = (demo.experiment(3) for _ in range(2))
    np.testing.assert_array_equal(first.others.time, second.others.time)


def test_demo_shows_the_run_whose_memory_time_it_measured():
    result = demo.experiment(3)
    run, forgotten = result.run, demo.PULSE.stop + result.memory_time
    remembers = (run.t > demo.PULSE.stop) & (run.t < forgotten)
    assert remembers.any()
    assert np.all(run.potential[remembers] > demo.THRESHOLD)
    rng = np.random.SeedSequence(run.entropy)
    at_exit = fc.simulate(demo.MODEL, run.n, run.final.t, stimulus=demo.PULSE, grid=[forgotten], rng=rng)
    np.testing.assert_allclose(at_exit.potential, demo.THRESHOLD, rtol=1e-9)


def test_simulate_saves_what_the_library_gives(tmp_path, capsys):
    out, figure = tmp_path / "run.npz", tmp_path / "run.png"
    command = "simulate --alpha 0.3 --rate hill:top=2,half=1,power=3 --transmits after --n 20 --seed 5"
    command += f" --t-end 30 --pulse 1,9,2 --pulse 12,15,1.5 --out {out} --figure {figure}"
    main(command.split())
    assert "20 neurons" in capsys.readouterr().out
    model = fc.Model(0.3, 1.0, 0.1, fc.Hill(2.0, 1.0, 3.0), transmits="after")
    pulses = [fc.Pulse(1.0, 9.0, 2.0), fc.Pulse(12.0, 15.0, 1.5)]
    expected, saved = fc.simulate(model, 20, 30.0, stimulus=pulses, rng=5), fc.load(out)
    assert saved.model == model
    assert saved.stimulus == tuple(pulses)
    np.testing.assert_array_equal(saved.spikes.time, expected.spikes.time)
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_a_run_goes_on_from_its_checkpoint(tmp_path, capsys):
    path, command = tmp_path / "part.npz", "simulate --n 20 --t-end 30 --seed 5 --every 9"
    for _ in range(2):
        main(f"{command} --checkpoint {path}".split())
    assert "20 neurons" in capsys.readouterr().out
    run = fc.simulate(demo.MODEL, 20, 30.0, rng=5, checkpoint=path)
    np.testing.assert_array_equal(run.potential, fc.simulate(demo.MODEL, 20, 30.0, rng=5).potential)
    with pytest.raises(SystemExit):
        main(f"{command} --checkpoint {path} --max-spikes 3".split())
    assert "--checkpoint must be the file of this same call" in capsys.readouterr().err


def test_limit_saves_what_the_library_gives(tmp_path, capsys):
    out, figure = tmp_path / "limit.npz", tmp_path / "limit.png"
    command = "limit --example bistable --lam 0.2 --t-end 20 --potential 2 --calcium 9 --grid 11"
    main([*command.split(), "--out", str(out), "--figure", str(figure)])
    assert "at t = 20" in capsys.readouterr().out
    model = fc.Model.example("bistable").replace(lam=0.2)
    expected, saved = fc.solve_limit(model, 20.0, potential=2.0, calcium=9.0, grid=11), fc.load(out)
    np.testing.assert_array_equal(saved.potential, expected.potential)
    assert figure.exists()


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("constant:value=0.5", fc.Constant(0.5)),
        ("linear:slope=2", fc.Linear(2.0)),
        ("sigmoid:top=1,centre=2,width=0.5", fc.Sigmoid(1.0, 2.0, 0.5)),
        ("ramp:low=0,high=2,top=1", fc.Ramp(0.0, 2.0, 1.0)),
        ("exponential:scale=1,slope=1,cap=3", fc.Exponential(1.0, 1.0, 3.0)),
    ],
)
def test_rates_by_name(rate, expected, tmp_path):
    main(["simulate", "--n", "3", "--t-end", "1", "--rate", rate, "--out", str(tmp_path / "run.npz")])
    assert fc.load(tmp_path / "run.npz").model.rate == expected


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("", "command"),
        ("fly", "fly"),
        ("demo --seed=-1", "--seed"),
        ("demo --seed x", "--seed"),
        ("demo --out /nowhere/x.png", "/nowhere"),
        ("demo --out {tmp}/x.nothing", "nothing"),
        ("simulate --n 0", "--n must"),
        ("simulate --n 1.5", "--n"),
        ("simulate --alpha -1", "--alpha must"),
        ("simulate --alpha nan", "alpha"),
        ("simulate --t-end -1", "--t-end must"),
        ("simulate --t-end inf", "--t-end: must be a finite number"),
        ("simulate --grid -3", "--grid must"),
        ("simulate --max-spikes -1", "--max-spikes must"),
        ("simulate --pulse 1,2", "--pulse"),
        ("simulate --pulse 3,1,1", "stop"),
        ("simulate --pulse 1,2,-1", "current"),
        ("simulate --rate tanh:top=1", "tanh"),
        ("simulate --rate hill:peak=1", "peak"),
        ("simulate --rate hill:top", "hill:top"),
        ("simulate --rate hill:top=-1,half=1,power=4", "top"),
        ("simulate --example other", "other"),
        ("simulate --transmits never", "never"),
        ("simulate --out {tmp}", "file"),
        ("limit --potential -1", "potential"),
        ("limit --rate linear:slope=1 --potential 100 --calcium 100", "t ="),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(command, named, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(command.format(tmp=tmp_path).split())
    assert left.value.code == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "error:" in printed
    assert named in printed


def test_an_interrupt_ends_quietly(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "main", interrupted)
    with pytest.raises(SystemExit) as left:
        main(["demo"])
    assert left.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"


def command(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "facilis", *map(str, arguments)], stderr=subprocess.PIPE, text=True, **options
    )


@pytest.mark.parametrize("what", [("simulate", "--n", 20), ("limit",)], ids=["simulate", "limit"])
def test_results_are_written_even_if_nobody_reads_the_summary(what, tmp_path):
    out, figure = tmp_path / "result.npz", tmp_path / "result.png"
    read, write = os.pipe()
    os.close(read)
    done = command(*what, "--t-end", 20, "--out", out, "--figure", figure, stdout=write)
    os.close(write)
    assert done.communicate() == (None, "")
    assert done.returncode == 1
    assert fc.load(out).t[-1] == 20.0
    assert figure.exists()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
@pytest.mark.parametrize("what", [(), ("demo",), ("simulate",), ("limit",)], ids=str)
def test_help_works_in_any_encoding(what, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = command(*what, "--help", stdout=subprocess.DEVNULL, env=environment)
    assert done.communicate() == (None, "")
    assert done.returncode == 0


@pytest.mark.parametrize("option", ["--t-end", "--potential", "--calcium", "--alpha", "--beta", "--lam"])
@pytest.mark.parametrize("value", ["inf", "nan", "-1", "1e400"])
def test_numbers_that_are_not_finite_name_their_option(option, value, capsys):
    with pytest.raises(SystemExit):
        main(["simulate", f"{option}={value}", "--n", "3"])
    assert f" {option}" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_says_what_it_is_doing_before_it_does_it():
    root = Path(__file__).parents[1]
    steps = subprocess.run(
        ["make", "-nB", "demo"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    said = [
        steps.index(words)
        for words in ("Making a Python environment", "Compiling the Rust core", "Simulating")
    ]
    done = [steps.index(words) for words in ("-m venv", "--editable", "-m facilis demo")]
    assert all(first < then for first, then in zip(said, done, strict=True))
