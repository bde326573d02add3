//! The Hill function and its derivative, without overflow.

/// u^p / (half^p + u^p), written so that neither power overflows.
pub(super) fn hill(u: f64, half: f64, power: f64) -> f64 {
    if u <= half {
        let x = raise(u / half, power);
        x / (1.0 + x)
    } else {
        1.0 / (1.0 + raise(half / u, power))
    }
}

/// The derivative of [`hill`] in u.
pub(super) fn hill_slope(u: f64, half: f64, power: f64) -> f64 {
    if u <= half {
        let x = raise(u / half, power);
        let climb = raise(u / half, power - 1.0);
        // power / half may be infinite.
        if climb == 0.0 { 0.0 } else { power / half * climb / (1.0 + x).powi(2) }
    } else {
        let x = raise(half / u, power);
        if x == 0.0 { 0.0 } else { power / u * x / (1.0 + x).powi(2) }
    }
}

/// x^power, by multiplications where the power is a small whole number.
#[inline]
fn raise(x: f64, power: f64) -> f64 {
    let whole = power as u32;
    if f64::from(whole) != power || whole >= 64 {
        return x.powf(power);
    }
    let (mut result, mut square, mut left) = (1.0, x, whole);
    loop {
        if left & 1 == 1 {
            result *= square;
        }
        left >>= 1;
        if left == 0 {
            return result;
        }
        square *= square;
    }
}
