//! Guards that cancel a token when they are dropped, however that comes about.
//!
//! # Layer
//! 4: uses the token.

use super::CancellationToken;

/// Cancels its token when it is dropped, unless it is disarmed before.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once cancels at once"]
pub struct DropGuard {
    /// None once it is disarmed.
    token: Option<CancellationToken>,
}

/// As [`DropGuard`], with a borrow of its token.
#[derive(Debug)]
#[must_use = "a guard that is dropped at once cancels at once"]
pub struct DropGuardRef<'a> {
    /// None once it is disarmed.
    token: Option<&'a CancellationToken>,
}

const ARMED: &str = "only `disarm` takes the token out, and it takes the guard too";

impl DropGuard {
    /// A guard over `token`.
    pub(super) fn new(token: CancellationToken) -> DropGuard {
        let token = Some(token);
        DropGuard { token }
    }

    /// The token.
    pub fn token(&self) -> &CancellationToken {
        self.token.as_ref().expect(ARMED)
    }

    /// Gives the token back, not cancelled.
    pub fn disarm(mut self) -> CancellationToken {
        self.token.take().expect(ARMED)
    }
}

impl Drop for DropGuard {
    fn drop(&mut self) {
        if let Some(token) = &self.token {
            token.cancel();
        }
    }
}

impl<'a> DropGuardRef<'a> {
    /// A guard over `token`.
    pub(super) fn new(token: &'a CancellationToken) -> DropGuardRef<'a> {
        let token = Some(token);
        DropGuardRef { token }
    }

    /// The token.
    pub fn token(&self) -> &CancellationToken {
        self.token.expect(ARMED)
    }

    /// Gives the token back, not cancelled.
    pub fn disarm(mut self) -> &'a CancellationToken {
        self.token.take().expect(ARMED)
    }
}

impl Drop for DropGuardRef<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token {
            token.cancel();
        }
    }
}
