//! A stored solution: a polynomial per step, to be evaluated anywhere in its interval.

/// Coefficients of one component in one step.
pub const COEFFICIENTS: usize = 8;

/// One step of a solution, with its interpolant of order 7.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    start: f64,
    end: f64,
    width: f64,
    coefficients: &'a [[f64; COEFFICIENTS]],
}

/// A continuous solution over an interval, kept as its steps in the order of integration, forward
/// or backward in time.
///
/// It begins as a single point and is extended by [`integrate`](super::integrate), each time from
/// where it ends: where the right-hand side changes abruptly at a known time, integrate up to that
/// time with one system and go on with the other.
///
/// Of a large system it can keep some components only; the last step is kept whole.
#[derive(Clone, Debug)]
pub struct Solution {
    dim: usize,
    kept: usize,
    start: f64,
    end: f64,
    y_end: Vec<f64>,
    starts: Vec<f64>,
    widths: Vec<f64>,
    coefficients: Vec<[f64; COEFFICIENTS]>,
    last: Vec<[f64; COEFFICIENTS]>,
}

impl Solution {
    /// The solution that consists of the point `y` at time `t`.
    pub fn new(t: f64, y: &[f64]) -> Self {
        Self::keeping(t, y, y.len())
    }

    /// The same, which will keep the first `kept` components only.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn keeping(t: f64, y: &[f64], kept: usize) -> Self {
        assert!(kept <= y.len(), "no more components are kept than there are");
        Solution {
            dim: y.len(),
            kept,
            start: t,
            end: t,
            y_end: y.to_vec(),
            starts: Vec::new(),
            widths: Vec::new(),
            coefficients: Vec::new(),
            last: Vec::new(),
        }
    }

    /// Number of components.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Time at which the integration started.
    pub fn t_start(&self) -> f64 {
        self.start
    }

    /// Time reached; before `t_start` if the integration went backward.
    pub fn t_end(&self) -> f64 {
        self.end
    }

    /// State at `t_end`.
    pub fn y_end(&self) -> &[f64] {
        &self.y_end
    }

    /// Number of steps stored.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether the solution is a single point still.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The steps, in the order of integration.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Step<'_>> {
        (0..self.len()).map(|index| self.step(index))
    }

    /// The step that covers `t`, the later one where two meet, and the nearest one where none does;
    /// none without steps.
    pub fn step_at(&self, t: f64) -> Option<Step<'_>> {
        let passed = if self.end >= self.start {
            self.starts.partition_point(|&start| start <= t)
        } else {
            self.starts.partition_point(|&start| start >= t)
        };
        (!self.is_empty()).then(|| self.step(passed.saturating_sub(1)))
    }

    /// Writes what is kept of the state at time `t` into `out`; a time outside the interval gives the
    /// state at the nearer end.
    ///
    /// # Panics
    /// If `out` is not as long as the number of components that are kept.
    pub fn eval(&self, t: f64, out: &mut [f64]) {
        match self.step_at(t) {
            // The very end is kept exactly: there the interpolant may be off by a rounding.
            Some(step) if t != self.end => step.eval(t, out),
            _ => out.copy_from_slice(&self.y_end[..self.kept]),
        }
    }

    /// The steps as plain numbers: where each starts, its width, and the coefficients of what is
    /// kept, as [`Step::eval`] nests them. A single point is a constant step.
    pub fn into_pieces(self) -> (Vec<f64>, Vec<f64>, Vec<[f64; COEFFICIENTS]>) {
        if self.is_empty() {
            let constant = |y: &f64| std::array::from_fn(|k| if k == 0 { *y } else { 0.0 });
            let rows = self.y_end[..self.kept].iter().map(constant).collect();
            return (vec![self.start], vec![1.0], rows);
        }
        (self.starts, self.widths, self.coefficients)
    }

    fn step(&self, index: usize) -> Step<'_> {
        Step {
            start: self.starts[index],
            end: self.starts.get(index + 1).copied().unwrap_or(self.end),
            width: self.widths[index],
            coefficients: &self.coefficients[index * self.kept..(index + 1) * self.kept],
        }
    }

    /// The last step, with all components.
    fn whole(&self) -> Step<'_> {
        Step { coefficients: &self.last, ..self.step(self.len() - 1) }
    }

    /// Appends a step from the present end to `end`; returns it, with all components.
    pub(super) fn push(
        &mut self,
        end: f64,
        width: f64,
        coefficients: &[[f64; COEFFICIENTS]],
        y_end: &[f64],
    ) -> Step<'_> {
        self.starts.push(self.end);
        self.widths.push(width);
        self.coefficients.extend_from_slice(&coefficients[..self.kept]);
        self.last.clear();
        self.last.extend_from_slice(coefficients);
        self.end = end;
        self.y_end.copy_from_slice(y_end);
        self.whole()
    }

    /// Ends the solution at `t`, a time in its last step; returns it.
    pub(super) fn cut(&mut self, t: f64) -> f64 {
        if !self.is_empty() {
            let t = if t.is_nan() { self.end } else { self.whole().clamp(t) };
            if t != self.end {
                let mut y_end = std::mem::take(&mut self.y_end);
                self.whole().eval(t, &mut y_end);
                self.y_end = y_end;
                self.end = t;
            }
        }
        self.end
    }
}

impl Step<'_> {
    /// Number of components.
    pub fn dim(&self) -> usize {
        self.coefficients.len()
    }

    /// Time at which the step starts.
    pub fn t_start(&self) -> f64 {
        self.start
    }

    /// Time at which the step ends; before `t_start` in a backward integration.
    pub fn t_end(&self) -> f64 {
        self.end
    }

    /// Writes the state at time `t` into `out`; a time outside the step gives the state at its
    /// nearer end.
    ///
    /// # Panics
    /// If `out` is not as long as the number of components.
    pub fn eval(&self, t: f64, out: &mut [f64]) {
        assert_eq!(out.len(), self.dim(), "one place for each component");
        let at = self.fraction(t);
        for (out, row) in out.iter_mut().zip(self.coefficients) {
            *out = interpolate(row, at);
        }
    }

    /// Component `index` at time `t`.
    ///
    /// # Panics
    /// If there is no such component.
    pub fn component(&self, index: usize, t: f64) -> f64 {
        interpolate(&self.coefficients[index], self.fraction(t))
    }

    /// Component `index` at time `t`, and its derivative with respect to time.
    ///
    /// # Panics
    /// If there is no such component.
    pub fn component_and_slope(&self, index: usize, t: f64) -> (f64, f64) {
        let (value, slope) = value_and_slope(&self.coefficients[index], self.fraction(t));
        (value, slope / self.width)
    }

    fn clamp(&self, t: f64) -> f64 {
        t.clamp(self.start.min(self.end), self.start.max(self.end))
    }

    fn fraction(&self, t: f64) -> f64 {
        (self.clamp(t) - self.start) / self.width
    }
}

/// The values at `times`, component after component, of what [`Solution::into_pieces`] gave for a solution forward in
/// time. Where rounding makes one negative it is 0.
///
/// # Panics
/// If there are no steps, or not as many components in each.
pub fn values_of_pieces(
    (starts, widths, rows): (&[f64], &[f64], &[[f64; COEFFICIENTS]]),
    times: &[f64],
) -> Vec<f64> {
    assert!(!starts.is_empty() && starts.len() == widths.len(), "a width for each step");
    let components = rows.len() / starts.len();
    assert_eq!(components * starts.len(), rows.len(), "as many components in each step");
    let mut values = vec![0.0; components * times.len()];
    for (place, &t) in times.iter().enumerate() {
        let step = starts.partition_point(|&start| start <= t).saturating_sub(1);
        let at = (t - starts[step]) / widths[step];
        for (component, row) in rows[step * components..][..components].iter().enumerate() {
            let value = interpolate(row, at);
            values[component * times.len() + place] = if value <= 0.0 { 0.0 } else { value };
        }
    }
    values
}

/// Interpolant of one component at a fraction of the step, nested as in `contd8` of Hairer's
/// `dop853.f`: `c₀ + θ(c₁ + (1−θ)(c₂ + θ(c₃ + (1−θ)(c₄ + …))))`.
#[inline]
pub(crate) fn interpolate(row: &[f64; COEFFICIENTS], at: f64) -> f64 {
    let rest = 1.0 - at;
    let inner = row[5] + rest * (row[6] + at * row[7]);
    row[0] + at * (row[1] + rest * (row[2] + at * (row[3] + rest * (row[4] + at * inner))))
}

/// Interpolant of one component and its derivative with respect to the fraction of the step.
#[inline]
pub(super) fn value_and_slope(row: &[f64; COEFFICIENTS], at: f64) -> (f64, f64) {
    let rest = 1.0 - at;
    let (mut value, mut slope) = (row[COEFFICIENTS - 1], 0.0);
    for (index, coefficient) in row.iter().enumerate().rev().skip(1) {
        // What is added to an even coefficient carries a factor θ, what is added to an odd one 1 −
        // θ.
        if index % 2 == 0 {
            slope = slope * at + value;
            value *= at;
        } else {
            slope = slope * rest - value;
            value *= rest;
        }
        value += coefficient;
    }
    (value, slope)
}
