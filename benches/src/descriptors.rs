//! The number of file descriptors that a benchmark with thousands of sockets needs.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises this process's limit as far as the system lets it, and says whether
/// `needed` descriptors fit.
#[must_use]
pub fn raise_to(needed: usize) -> bool {
    let now = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: now.maximum,
        maximum: now.maximum,
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => raised.current,
        Err(_) => now.current,
    };
    current.is_none_or(|limit| limit >= needed as u64)
}
