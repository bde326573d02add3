//! Exact simulation of a large network of spiking neurons with short-term synaptic facilitation, its
//! large-population limit, and the times for which it remembers.
//!
//! The Python package `facilis` is made of this crate, which also stands on its own: nothing but the private module
//! `binding` knows Python, and it is compiled with the feature `python` only.
//!
//! # The model
//!
//! Each of N neurons has a membrane potential Uᵢ ≥ 0 and a residual calcium Rᵢ ≥ 0. Neuron i spikes at the rate
//! φ(Uᵢ). When it does, every other neuron's potential grows by α/N times the calcium of neuron i, and then Rᵢ grows
//! by 1. Between spikes
//!
//! ```text
//! dUᵢ/dt = −β Uᵢ + I(t),    dRᵢ/dt = −λ Rᵢ,
//! ```
//!
//! where the current I(t) is the sum of the pulses of a [`Stimulus`]. Two conventions differ between publications and are
//! parts of a [`Model`]: whether a spike transmits the calcium before or after its own increment ([`Transmits`]), and
//! whether the neuron that spikes receives its own spike ([`Recipients`]).
//!
//! As N grows the means (u, r) of potential and calcium come close to the solution of the *limit equation*, written here
//! for neurons that start alike and transmit the calcium before the increment:
//!
//! ```text
//! du/dt = −β u + α r φ(u) + I(t),    dr/dt = −λ r + φ(u).
//! ```
//!
//! It may have several stable equilibria. A network of finite size near an upper one remembers that it was stimulated,
//! until chance drives its means out of a [`Region`]: that is its *memory time*.
//!
//! # How it is simulated
//!
//! By thinning. While all potentials are at most some height, every rate is at most a bound B. Candidates come at rate
//! N·B; each names a neuron, which spikes with probability φ(Uᵢ)/B. No time is discretised and nothing is approximated, so
//! the law of the network is exact up to the rounding of numbers. A candidate costs O(1), because the decay and the
//! effect of a spike are common to all neurons, and are kept once for all of them.
//!
//! # The rooms
//!
//! | To do | There is |
//! | --- | --- |
//! | describe a network | [`Rate`], [`Model`], [`Pulse`], [`Stimulus`] |
//! | go on until a time, an exit, or a number of spikes | [`Simulation`] with a [`Goal`]; a [`Listener`] hears spikes |
//! | say which region a memory must not leave | [`Region`] of [`Curve`]s and [`HalfPlane`]s |
//! | keep means, states and spikes of one run | [`Recording`] with a [`Plan`] |
//! | repeat it with one random stream for each replicate | [`Experiment`], [`replicate_stream`] |
//! | solve the limit equation | [`solve_limit`], [`covariance`] |
//! | know its shape | [`equilibria`], [`folds`], [`manifold`], [`destinations`] |
//! | compare a network with its limit on the same points | [`Coupling`] |
//! | reach what hardly ever happens | [`rare`] |
//! | integrate any other equation | [`dop853`] |
//!
//! # Example
//!
//! A network of 200 neurons runs until time 5; the time is found at which its mean potential falls below 0.7; and the
//! limit, which never forgets, is asked for its mean potential.
//!
//! ```
//! use facilis::dop853::Options;
//! use facilis::{
//!     Goal, InitialLaw, Model, Rate, Recipients, Region, Simulation, SpikeTrain, Stimulus, Stop,
//!     Transmits, equilibria, replicate_stream, solve_limit,
//! };
//!
//! let rate = Rate::hill(1.0, 1.0, 4.0, 0.0)?;
//! let model = Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others)?;
//!
//! // A run. The stream is that of replicate 0 below the seed 1.
//! let stream = replicate_stream(&[1, 0, 0, 0], 0);
//! let still = Stimulus::default();
//! let mut network = Simulation::new(model.clone(), 200, &[2.0], &[9.0], still.clone(), stream)?;
//! let mut spikes = SpikeTrain::default();
//! let goal = Goal { until: 5.0, candidates: u64::MAX, spikes: u64::MAX, region: None };
//! assert_eq!(network.advance(&goal, &mut spikes), Stop::Until);
//! assert_eq!(spikes.time.len() as u64, network.spikes());
//!
//! // A memory time, watched until time 300 at most.
//! let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
//! let upper = Region::new((0.7, f64::INFINITY), everywhere, vec![], vec![])?;
//! let goal = Goal { until: 300.0, region: Some(&upper), ..goal };
//! match network.advance(&goal, &mut spikes) {
//!     Stop::Exit => println!("it forgot at {}", network.time()),
//!     _ => println!("it still remembers at {}", network.time()),
//! }
//!
//! // The limit from the same start stays near the upper equilibrium.
//! let start = InitialLaw::point(2.0, 9.0)?;
//! let path = solve_limit(&model, &start, &still, 200.0, &Options::default())?;
//! let upper = equilibria(&model, 0.0)?.pop().expect("there is at least one");
//! assert!((path.y_end()[0] - upper.potential).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "python")]
mod binding;
mod bisection;
mod coupling;
pub mod dop853;
mod ensemble;
mod error;
mod exp;
mod huge_pages;
mod lateness;
mod limit;
mod model;
mod network;
pub mod rare;
mod rate;
mod region;
mod run;
mod simulation;
mod stimulus;
mod stream;

pub use coupling::{Coupled, Coupling};
pub use ensemble::{Control, Experiment, Row, Rows};
pub use error::ModelError;
pub use limit::{
    Approach, Equilibrium, Fold, InitialLaw, Kind, LimitError, MEANS, Meeting, Passage, covariance,
    destinations, equilibria, folds, folds_of_beta, folds_of_current, manifold, passage_time,
    solve_limit, solve_limit_while, turning_points,
};
pub use model::{Model, Recipients, Transmits};
pub use network::{Decay, DecayRates, Network};
pub use rate::{Interpolation, Rate};
pub use region::{Curve, HalfPlane, Region, Side};
pub use run::{Keep, Means, Plan, Recording, Saved, Snapshots};
pub use simulation::{
    Checkpoint, ChosenSpikes, Goal, Listener, Nothing, Simulation, SpikeTrain, Stop, Trace,
};
pub use stimulus::{Pulse, Stimulus};
pub use stream::{Stream, from_state as stream_from_state, replicate as replicate_stream};
