//! Where replicates put what they gave: each into a row of its own, so that nothing is copied afterwards.

use std::mem::take;
use std::ops::Range;

use crate::run::Recording;
use crate::simulation::{Simulation, Stop};

/// Columns with an entry for each replicate of a range, and two tables with a row for each.
#[derive(Debug)]
pub struct Rows<'a> {
    /// The numbers of the replicates.
    pub range: Range<u32>,
    /// Why each stopped, see [`Stop::code`]; of one that is not finished it stays as it is.
    pub stop: &'a mut [u8],
    /// Absolute time of its end.
    pub end: &'a mut [f64],
    /// Absolute time of its exit from the region; nan if there was none.
    pub exit: &'a mut [f64],
    /// Its spikes.
    pub spikes: &'a mut [i64],
    /// Its mean potential at the times of the plan; nan after an early stop.
    pub potential: &'a mut [f64],
    /// Its mean calcium.
    pub calcium: &'a mut [f64],
    /// How many times the plan has.
    pub columns: usize,
}

/// What is kept of one replicate.
#[derive(Debug)]
pub struct Row<'a> {
    pub(super) index: u32,
    stop: &'a mut u8,
    end: &'a mut f64,
    exit: &'a mut f64,
    spikes: &'a mut i64,
    potential: &'a mut [f64],
    calcium: &'a mut [f64],
}

impl Rows<'_> {
    /// Whether each column has an entry, and each table a row, for every replicate.
    pub fn fit(&self) -> bool {
        let rows = self.range.len();
        let columns = [self.end.len(), self.exit.len(), self.spikes.len(), self.stop.len()];
        let tables = [self.potential.len(), self.calcium.len()];
        columns.iter().all(|&length| length == rows)
            && tables.iter().all(|&length| length == rows * self.columns)
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        let index = self.range.next()?;
        Some(Row {
            index,
            stop: first(&mut self.stop)?,
            end: first(&mut self.end)?,
            exit: first(&mut self.exit)?,
            spikes: first(&mut self.spikes)?,
            potential: cut(&mut self.potential, self.columns),
            calcium: cut(&mut self.calcium, self.columns),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl ExactSizeIterator for Rows<'_> {}

/// Takes the first of the values away.
fn first<'a, T>(values: &mut &'a mut [T]) -> Option<&'a mut T> {
    cut(values, 1).first_mut()
}

/// Takes the first so many of the values away.
fn cut<'a, T>(values: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (start, rest) = take(values).split_at_mut(count);
    *values = rest;
    start
}

impl Row<'_> {
    /// Notes what a simulation that stopped gave.
    pub(super) fn fill(self, stop: Stop, simulation: &Simulation, recording: &mut Recording) {
        let (means, ..) = recording.take();
        for (row, values) in [(self.potential, means.potential), (self.calcium, means.calcium)] {
            let (reached, beyond) = row.split_at_mut(values.len());
            reached.copy_from_slice(&values);
            beyond.fill(f64::NAN);
        }
        *self.end = simulation.time();
        *self.exit = recording.exit().unwrap_or(f64::NAN);
        *self.spikes = simulation.spikes() as i64;
        *self.stop = stop.code();
    }
}
