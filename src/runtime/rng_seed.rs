//! Where random choices start from.
//!
//! # Layer
//! 8: uses `rng`.

use crate::rng;

/// Makes random choices repeatable; for
/// [`Builder::rng_seed`](super::Builder::rng_seed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RngSeed(u64);

impl RngSeed {
    /// The seed that these bytes make; the same ones make the same.
    pub fn from_bytes(bytes: &[u8]) -> RngSeed {
        // FNV-1a: each byte changes all of the seed.
        RngSeed(bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
        }))
    }

    /// Seeds this thread's generator.
    pub(super) fn plant(&self) {
        rng::seed(self.0);
    }
}
