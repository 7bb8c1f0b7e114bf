//! The lab: what stands around the runtime, as a library that the tests use too.
