//! Kettle: the async runtime that you can read.
