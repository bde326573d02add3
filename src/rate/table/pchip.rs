//! The derivatives at the knots that make a piecewise cubic monotone wherever the values are.
//!
//! Between knots the derivative is the weighted harmonic mean of the slopes on either side, and 0 where these have
//! different signs: F. N. Fritsch, J. Butland, *SIAM J. Sci. Stat. Comput.* 5 (1984) 300–304. At the two ends it is the
//! three-point formula, limited so that it keeps the sign and three times the size of the slope beside it (C. Moler,
//! *Numerical Computing with MATLAB*, SIAM 2004, section 3.4). SciPy's `PchipInterpolator` does the same.

/// The derivative at each knot.
pub(super) fn derivatives(potential: &[f64], rate: &[f64]) -> Vec<f64> {
    let widths: Vec<f64> = potential.windows(2).map(|p| p[1] - p[0]).collect();
    let slopes: Vec<f64> = rate.windows(2).zip(&widths).map(|(r, h)| (r[1] - r[0]) / h).collect();
    let last = slopes.len() - 1;
    if last == 0 {
        return vec![slopes[0]; 2];
    }
    let mut found = vec![end((widths[0], slopes[0]), (widths[1], slopes[1]))];
    for k in 0..last {
        found.push(middle((widths[k], slopes[k]), (widths[k + 1], slopes[k + 1])));
    }
    found.push(end((widths[last], slopes[last]), (widths[last - 1], slopes[last - 1])));
    found
}

/// The derivative between two intervals, given by width and slope.
fn middle((width, slope): (f64, f64), (next_width, next_slope): (f64, f64)) -> f64 {
    if slope == 0.0 || next_slope == 0.0 || (slope > 0.0) != (next_slope > 0.0) {
        return 0.0;
    }
    let (own, other) = (2.0 * next_width + width, next_width + 2.0 * width);
    (own + other) / (own / slope + other / next_slope)
}

/// The derivative at the outer end of the first interval, beside a second.
fn end((width, slope): (f64, f64), (next_width, next_slope): (f64, f64)) -> f64 {
    let sum = width + next_width;
    let estimate = ((width + sum) * slope - width * next_slope) / sum;
    if slope == 0.0 || estimate * slope.signum() <= 0.0 {
        0.0
    } else if next_slope * slope.signum() <= 0.0 && estimate.abs() > 3.0 * slope.abs() {
        3.0 * slope
    } else {
        estimate
    }
}
