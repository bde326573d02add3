//! What happens between stretches of candidates: edges of the stimulus, upkeep, a new bound.

use super::Simulation;
use crate::simulation::exit_watch::ExitWatch;

/// What comes after a stretch of candidates.
pub(super) enum Next {
    Candidates,
    LimitAfterGoal,
    Extinct,
    Explosion,
}

/// In units of the faster time constant: frames older than this are moved at the next stretch …
const OLD_FRAME: f64 = 64.0;
/// … and no spike happens further from its frame than this, so that no factor leaves its range.
const HORIZON: f64 = 200.0;

/// When the frame moves, so many neurons are visited in the time of a candidate.
const CELLS_PER_CANDIDATE: u64 = 8;

impl Simulation {
    /// Lays out the next candidates, or passes the limit that comes before them.
    pub(super) fn renew(&mut self, until: f64, watch: &mut ExitWatch) -> Next {
        if !self.candidates.before_limit {
            self.refresh();
            return self.lay_out();
        }
        let limit = self.candidates.bound.limit;
        if limit == f64::INFINITY {
            // Only a wait without end is later than a limit that never comes.
            return Next::Extinct;
        }
        if limit > until {
            return Next::LimitAfterGoal;
        }
        let decay = self.network.rates().after(limit - self.frame);
        if !watch.leaves_before(&self.network, self.frame, &decay, limit) {
            self.candidates.pass(limit - self.frame - self.start);
            self.candidates.drop_bound();
            match self.edge() {
                Some((time, current)) if time == limit => self.pass_edge(time, current),
                _ => self.start = limit - self.frame,
            }
        }
        Next::Candidates
    }

    /// The next edge of the stimulus, with the current from then on.
    fn edge(&self) -> Option<(f64, f64)> {
        self.stimulus.edges().get(self.edges).copied()
    }

    fn pass_edge(&mut self, time: f64, current: f64) {
        self.start = time - self.frame;
        let decay = self.network.rates().after(self.start);
        // After a long silence the factors are out of range: then everything has decayed anyway.
        if self.start * self.network.rates().fastest() > HORIZON {
            self.move_frame(self.start);
            self.network.set_current(current, &self.network.rates().after(self.start));
        } else {
            self.network.set_current(current, &decay);
        }
        self.edges += 1;
        self.last_event = time;
    }

    /// Keeps the frame young and the largest potential known.
    ///
    /// Only the time of an event may become the reference time: until the next event the network is
    /// as of the last one, and an exit by decay, or the state of a network that has died, is found
    /// from there, however long ago that is.
    pub(super) fn refresh(&mut self) {
        let at_event = self.frame + self.start == self.last_event;
        let is_old = self.start * self.network.rates().fastest() > OLD_FRAME;
        if self.fresh_spikes > 0 && at_event && is_old {
            self.move_frame(self.start);
        }
        self.network.renew_lead(std::mem::take(&mut self.fresh_spikes));
    }

    /// Makes `offset` the reference time, without losing the digits that the sum rounds off.
    pub(super) fn move_frame(&mut self, offset: f64) {
        let rates = self.network.rates();
        let frame = self.frame + offset;
        let rest = (self.frame - frame) + offset;
        // Where doubles are further apart than the time constants nothing is lost with it.
        let rest = if rest.abs() * rates.fastest() < 1.0 { rest } else { 0.0 };
        self.network.move_frame(&rates.after(offset - rest));
        (self.frame, self.start) = (frame, rest);
        self.upkeep += self.network.n() as u64 / CELLS_PER_CANDIDATE;
    }

    /// Lays out the next candidates, under a new bound if the one in force serves no more.
    fn lay_out(&mut self) -> Next {
        let (rates, horizon) = (self.network.rates(), self.horizon());
        let decay = rates.after(self.start);
        let now = self.network.highest_potential(&decay).max(0.0);
        if self.candidates.broken || !self.bound_serves(now) {
            let edge = self.edge().map_or(f64::INFINITY, |(time, _)| time);
            let bound = self.new_bound(now, edge, &decay);
            if bound.rate == 0.0 {
                self.candidates.wait_for(bound.limit);
                let for_ever = bound.limit == f64::INFINITY;
                return if for_ever { Next::Extinct } else { Next::Candidates };
            }
            if self.explodes(&bound, &decay) {
                return Next::Explosion;
            }
            self.candidates.hold(bound);
        }
        self.candidates.lay_out(rates, self.frame, self.start, horizon);
        if self.candidates.before_limit && self.candidates.bound.limit == f64::INFINITY {
            return Next::Extinct;
        }
        Next::Candidates
    }

    pub(super) fn horizon(&self) -> f64 {
        HORIZON / self.network.rates().fastest()
    }
}
