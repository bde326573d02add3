//! Sums over all neurons with the rounding errors added up beside them (Knuth's two-sum, in several lanes).

use super::{Cell, Sums};

/// Sums that are taken side by side, so that none waits for another and the processor's vectors are used.
const LANES: usize = 8;

/// Cells between two questions whether to go on.
const PART: usize = 1 << 18;

impl Sums {
    /// The sums over all cells.
    pub(super) fn of(cells: &[Cell], field: f64) -> Self {
        Self::of_while(cells, field, &mut || true)
    }

    /// The same; they mean nothing once `go_on`, asked between parts, says no.
    pub(super) fn of_while(cells: &[Cell], field: f64, go_on: &mut dyn FnMut() -> bool) -> Self {
        let [private, calcium] = sums(cells, go_on, |cell| [cell.private, cell.calcium]);
        let centre = calcium / cells.len() as f64;
        let [calcium, calcium_square] = sums(cells, go_on, |cell| squared(cell.calcium - centre));
        Self { private, field, centre, calcium, calcium_square }
    }

    /// The same numbers where all `n` cells are alike, without a look at each.
    pub(super) fn of_alike(cell: &Cell, n: usize, field: f64) -> Self {
        let [private, calcium] = [cell.private, cell.calcium].map(|value| repeated(value, n));
        let centre = calcium / n as f64;
        let [calcium, calcium_square] =
            squared(cell.calcium - centre).map(|value| repeated(value, n));
        Self { private, field, centre, calcium, calcium_square }
    }
}

/// A number and its square.
fn squared(value: f64) -> [f64; 2] {
    [value, value * value]
}

/// The sum of one value over `n` cells, to the bits of [`sums`]: there each lane adds it as often.
fn repeated(value: f64, n: usize) -> f64 {
    let mut lane = Sum::default();
    for _ in 0..n / LANES {
        lane.add(value);
    }
    let mut lanes = [lane; LANES];
    for lane in &mut lanes[..n % LANES] {
        lane.add(value);
    }
    together(lanes)
}

/// The sums of two functions over the cells, to nearly all digits however many cells there are.
fn sums(
    cells: &[Cell],
    go_on: &mut dyn FnMut() -> bool,
    of: impl Fn(&Cell) -> [f64; 2],
) -> [f64; 2] {
    let mut lanes = [[Sum::default(); LANES]; 2];
    for (index, part) in cells.chunks(PART).enumerate() {
        if index > 0 && !go_on() {
            break;
        }
        let chunks = part.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            add(&mut lanes, chunk, &of);
        }
        add(&mut lanes, rest, &of);
    }
    lanes.map(together)
}

/// What all lanes have.
fn together(lanes: [Sum; LANES]) -> f64 {
    let mut whole = Sum::default();
    for lane in lanes {
        whole.add(lane.sum);
        whole.add(lane.error);
    }
    whole.sum + whole.error
}

#[inline(always)]
fn add(lanes: &mut [[Sum; LANES]; 2], cells: &[Cell], of: &impl Fn(&Cell) -> [f64; 2]) {
    for (lane, cell) in cells.iter().enumerate() {
        let [first, second] = of(cell);
        lanes[0][lane].add(first);
        lanes[1][lane].add(second);
    }
}

/// A sum and what rounding has taken from it.
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    error: f64,
}

impl Sum {
    #[inline(always)]
    fn add(&mut self, value: f64) {
        let next = self.sum + value;
        let added = next - self.sum;
        self.error += (self.sum - (next - added)) + (value - added);
        self.sum = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_and_small_numbers_keep_their_digits() {
        let cell = |k: u32| Cell { private: if k == 0 { 1e16 } else { 1.0 }, calcium: 0.1 };
        for n in [1, 7, 8, 9, 1000] {
            let cells: Vec<Cell> = (0..n).map(cell).collect();
            let [private, calcium] =
                sums(&cells, &mut || true, |cell| [cell.private, cell.calcium]);
            assert_eq!(private, 1e16 + f64::from(n - 1));
            assert!((calcium / (0.1 * f64::from(n)) - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn one_cell_stands_for_all_where_all_are_alike() {
        let cells = vec![Cell { private: -0.3, calcium: 0.1 }; 300_003];
        for n in [1, 7, 8, 65, 999, 300_003] {
            assert_eq!(Sums::of_alike(&cells[0], n, 0.7), Sums::of(&cells[..n], 0.7));
        }
    }
}
