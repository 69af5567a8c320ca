//! Conversions and random numbers in one place.

use rand::Rng;

/// The whole part of a number, kept within the range of `i64`.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and dropping the fraction is what is asked for")]
pub fn whole(number: f64) -> i64 {
    number as i64
}

/// The whole part of a number that counts something; 0 for what is negative or not a number.
#[must_use]
pub fn count(number: f64) -> u64 {
    u64::try_from(whole(number)).unwrap_or(0)
}

/// A number rounded to so many decimals, as a device prints it.
#[must_use]
pub fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (number * scale).round() / scale
}

/// A draw from the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).
pub fn normal(rng: &mut impl Rng) -> f64 {
    let radius = (-2.0 * rng.random_range(f64::MIN_POSITIVE..1.0).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn conversions_saturate_instead_of_wrapping() {
        assert_eq!(whole(-2.7), -2);
        assert_eq!(whole(1e300), i64::MAX);
        assert_eq!(count(-1.0), 0);
        assert_eq!(count(f64::NAN), 0);
        assert!((rounded(51.123_456_789, 6) - 51.123_457).abs() < 1e-12);
    }

    #[test]
    fn normal_draws_have_the_right_mean_and_spread() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let draws: Vec<f64> = (0..20_000).map(|_| normal(&mut rng)).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }
}
