//! The attribute macros of Kettle.
