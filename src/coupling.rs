//! A network and its limit copies on the same Poisson points.
//!
//! Neuron i spikes where a candidate's threshold is below φ(U_i); its limit copy where the same
//! threshold is below φ(Ū_i), Ū_i solving the limit equation. The copies are independent, the
//! network's neurons are not, and what tells them apart tends to 0: propagation of chaos. A
//! candidate costs O(1), for the copies listen to the kernel's candidates, whose bound is asked to
//! cover their potentials too.

use std::time::{Duration, Instant};

use crate::dop853::{COEFFICIENTS, Options, Solution, interpolate};
use crate::error::check;
use crate::exp::exp;
use crate::limit::{InitialLaw, LimitError, MEANS, solve_limit_while};
use crate::model::Model;
use crate::run::{NOTED_PER_CANDIDATE, SLICE, check_times};
use crate::simulation::Listener;
use crate::simulation::{Goal, Simulation, Stop};
use crate::stimulus::Stimulus;
use crate::stream::Stream;

/// What was noted at the grid's times: means over the neurons.
#[derive(Clone, Debug, Default)]
pub struct Coupled {
    /// Mean potential of the network.
    pub potential: Vec<f64>,
    /// Mean calcium of the network.
    pub calcium: Vec<f64>,
    /// Mean potential of the copies.
    pub limit_potential: Vec<f64>,
    /// Mean calcium of the copies.
    pub limit_calcium: Vec<f64>,
    /// Mean of |R_i − R̄_i|.
    pub calcium_error: Vec<f64>,
}

/// A coupled run on its way.
#[derive(Debug)]
pub struct Coupling {
    simulation: Simulation,
    copies: Copies,
    pieces: Vec<Piece>,
    /// The piece of the limit in force.
    piece: usize,
    times: Vec<f64>,
    coupled: Coupled,
}

/// The limit's mean potential over one step of its solution, or over a part [from, to] of the step.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: f64,
    to: f64,
    start: f64,
    width: f64,
    row: [f64; COEFFICIENTS],
}

impl Piece {
    fn at(&self, time: f64) -> f64 {
        interpolate(&self.row, ((time - self.start) / self.width).clamp(0.0, 1.0))
    }

    /// A number that it does not exceed: θ(1 − θ) ≤ ¼ multiplies all but the two first terms.
    fn ceiling(&self) -> f64 {
        let curved: f64 = self.row[2..].iter().map(|c| c.abs()).sum();
        self.row[0] + self.row[1].max(0.0) + 0.25 * curved
    }
}

/// The limit copies: independent neurons, each driven by the limit's potential.
#[derive(Debug)]
struct Copies {
    model: Model,
    piece: Piece,
    /// Initial potential of each copy beyond the mean; empty if all start alike.
    offset: Vec<f64>,
    /// Calcium of each copy, times e^{λ(t − reference)}.
    calcium: Vec<f64>,
    reference: f64,
}

impl Copies {
    fn potential(&self, neuron: usize, time: f64) -> f64 {
        let own = match self.offset.get(neuron) {
            Some(offset) => offset * exp(-self.model.beta() * time),
            None => 0.0,
        };
        self.piece.at(time) + own
    }

    fn decay(&self, time: f64) -> f64 {
        exp(-self.model.lam() * (time - self.reference))
    }

    fn move_reference(&mut self, time: f64) {
        let decay = self.decay(time);
        self.calcium.iter_mut().for_each(|calcium| *calcium *= decay);
        self.reference = time;
    }
}

impl Listener for Copies {
    fn spikes(&mut self, _times: &[f64], _neurons: &[u32]) {}

    fn candidate(&mut self, time: f64, neuron: u32, threshold: f64, bound: f64) {
        let rate = self.model.rate().at(self.potential(neuron as usize, time));
        debug_assert!(rate <= bound, "the bound covers the copies");
        if threshold < rate {
            self.calcium[neuron as usize] += 1.0 / self.decay(time);
        }
    }
}

/// Time constants of the calcium after which the copies' reference time moves on.
const OLD_REFERENCE: f64 = 50.0;

impl Coupling {
    /// A network and its copies, both from these potentials and calcium (one entry for all, or
    /// `n`), noted at `times`, strictly increasing within [0, `until`].
    pub fn start(
        model: &Model,
        n: usize,
        (potential, calcium): (&[f64], &[f64]),
        stimulus: &Stimulus,
        stream: Stream,
        (until, times): (f64, Vec<f64>),
        options: &Options,
    ) -> Result<Self, LimitError> {
        let start = (potential, calcium);
        Self::start_while(model, n, start, stimulus, stream, (until, times), options, || true)
    }

    /// The same, as long as `go_on`, asked now and then, says so.
    #[expect(clippy::too_many_arguments, reason = "the run, and whether to go on")]
    pub fn start_while(
        model: &Model,
        n: usize,
        (potential, calcium): (&[f64], &[f64]),
        stimulus: &Stimulus,
        stream: Stream,
        (until, times): (f64, Vec<f64>),
        options: &Options,
        mut go_on: impl FnMut() -> bool,
    ) -> Result<Self, LimitError> {
        check("t_end", until, until >= 0.0 && until.is_finite(), "a finite time >= 0")?;
        check_times("grid", &times, 0.0, until)?;
        let (network, current) = (model.clone(), stimulus.clone());
        let start = (potential, calcium);
        let simulation = Simulation::new_while(network, n, start, current, stream, &mut go_on)?;
        let each = |values: &[f64], i: usize| if values.len() == 1 { values[0] } else { values[i] };
        let atoms = potential.len().max(calcium.len());
        let spread = |values: &[f64]| (0..atoms).map(|i| each(values, i)).collect::<Vec<f64>>();
        let law = InitialLaw::atoms(&spread(potential), &spread(calcium), &vec![1.0; atoms])?;
        let end = times.last().copied().unwrap_or(0.0);
        let limit = solve_limit_while(model, &law, stimulus, end, options, go_on)?;
        Ok(Self::new(simulation, limit, times))
    }

    fn new(simulation: Simulation, limit: Solution, times: Vec<f64>) -> Self {
        let model = simulation.model().clone();
        let (potential, calcium) = simulation.network().state(&simulation.decay());
        let pieces = pieces(limit, OLD_REFERENCE / model.lam());
        let mean = pieces[0].at(0.0);
        let alike = potential.iter().all(|u| *u == potential[0]);
        let offset = if alike { vec![] } else { potential.iter().map(|u| u - mean).collect() };
        let piece = pieces[0];
        let copies = Copies { model, piece, offset, calcium, reference: 0.0 };
        let coupled = Coupled::default();
        let mut coupling = Self { simulation, copies, pieces, piece: 0, times, coupled };
        coupling.begin_piece();
        coupling
    }

    /// Goes on for about `patience`; says why it stopped, or nothing if there is more.
    pub fn advance_for(&mut self, patience: Duration) -> Option<Stop> {
        let start = Instant::now();
        loop {
            let stop = self.advance(SLICE);
            if stop.is_some() || start.elapsed() >= patience {
                return stop;
            }
        }
    }

    /// Goes on for about the work of so many candidates; says why it stopped, or nothing if there is more.
    pub fn advance(&mut self, candidates: u64) -> Option<Stop> {
        let mut left = candidates;
        loop {
            let Some(&time) = self.times.get(self.coupled.potential.len()) else {
                return Some(Stop::Until);
            };
            let until = time.min(self.pieces[self.piece].to);
            let work = self.simulation.work();
            let goal = Goal { until, candidates: left, spikes: u64::MAX, region: None };
            match self.simulation.advance(&goal, &mut self.copies) {
                Stop::Candidates => return None,
                Stop::Explosion => return Some(Stop::Explosion),
                Stop::Extinct => self.simulation.rest_at(until),
                Stop::Until | Stop::Spikes | Stop::Exit => {}
            }
            if until == time {
                self.look();
            } else {
                self.piece += 1;
                self.begin_piece();
            }
            let visited = self.simulation.network().n() as u64 / NOTED_PER_CANDIDATE;
            left = left.saturating_sub(self.simulation.work() - work + visited);
        }
    }

    /// The present time.
    pub fn time(&self) -> f64 {
        self.simulation.time()
    }

    /// What was noted so far, moved out.
    pub fn take(&mut self) -> Coupled {
        std::mem::take(&mut self.coupled)
    }

    /// From now on the copies follow the next piece, and the bound covers it.
    fn begin_piece(&mut self) {
        let piece = self.pieces[self.piece];
        let copies = &mut self.copies;
        let own = copies.offset.iter().copied().fold(0.0, f64::max);
        let decay = exp(-copies.model.beta() * piece.from);
        self.simulation.bound_up_to(piece.ceiling() + own * decay);
        copies.piece = piece;
        if (piece.from - copies.reference) * copies.model.lam() >= OLD_REFERENCE {
            copies.move_reference(piece.from);
        }
    }

    fn look(&mut self) {
        let (simulation, copies, coupled) = (&self.simulation, &self.copies, &mut self.coupled);
        let (network, decay, time) = (simulation.network(), simulation.decay(), simulation.time());
        let n = network.n() as f64;
        let copied = copies.decay(time);
        let calcium = copies.calcium.iter().map(|r| r * copied);
        let errors =
            calcium.clone().enumerate().map(|(i, r)| (network.calcium(i, &decay) - r).abs());
        coupled.potential.push(network.mean_potential(&decay));
        coupled.calcium.push(network.mean_calcium(&decay));
        // The copies' own parts have mean 0.
        coupled.limit_potential.push(copies.piece.at(time));
        coupled.calcium_error.push(errors.sum::<f64>() / n);
        coupled.limit_calcium.push(calcium.sum::<f64>() / n);
    }
}

/// The steps of the limit's mean potential, cut where they are longer than `longest`.
fn pieces(limit: Solution, longest: f64) -> Vec<Piece> {
    let (starts, widths, rows) = limit.into_pieces();
    let rows = rows.into_iter().step_by(MEANS);
    let ends = starts.iter().skip(1).copied().chain([f64::INFINITY]);
    let mut pieces = Vec::with_capacity(starts.len());
    for (((&start, &width), row), end) in starts.iter().zip(&widths).zip(rows).zip(ends) {
        let (mut from, until) = (start, end.min(start + width));
        while from < until {
            let to = if from + longest < until { from + longest } else { end };
            pieces.push(Piece { from, to, start, width, row });
            from = to;
        }
    }
    pieces
}
