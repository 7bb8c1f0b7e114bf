//! A buffer to read into, of which a part may not have been written to yet.
//!
//! Zeroing a buffer before the kernel overwrites it is work for nothing, and handing out
//! memory that nobody has written to is undefined behaviour. The buffer therefore knows
//! three parts, and gives each out as what it is:
//!
//! ```text
//!   0            filled           initialized          capacity
//!   +--------------+------------------+---------------------+
//!   | what was read| old bytes        | unknown, not bytes  |
//!   +--------------+------------------+---------------------+
//!                   <------------ unfilled ---------------->
//! ```
//!
//! # Invariants
//! 1. `filled <= initialized <= memory.len()`.
//! 2. The first `initialized` bytes of `memory` have been written to.
//!
//! # Layer
//! 4: uses nothing of Kettle.
#![expect(
    unsafe_code,
    reason = "std has no stable view of a partly written buffer"
)]

use std::fmt;
use std::mem::MaybeUninit;
use std::slice;

/// A buffer that is filled from the front; tokio's and std's `ReadBuf` are its models.
///
/// ```
/// use kettle::io::ReadBuf;
///
/// let mut memory = [0; 8];
/// let mut buf = ReadBuf::new(&mut memory);
/// buf.put_slice(b"tea");
/// assert_eq!(buf.filled(), b"tea");
/// assert_eq!(buf.remaining(), 5);
/// ```
pub struct ReadBuf<'a> {
    memory: &'a mut [MaybeUninit<u8>],
    filled: usize,
    initialized: usize,
}

impl<'a> ReadBuf<'a> {
    /// A buffer of bytes that have all been written to, none of it filled.
    pub fn new(memory: &'a mut [u8]) -> ReadBuf<'a> {
        let initialized = memory.len();
        let pointer = memory.as_mut_ptr().cast::<MaybeUninit<u8>>();
        // SAFETY: it is the same memory, borrowed for the same 'a, and `MaybeUninit<u8>`
        // has the layout of `u8`. The danger is that somebody un-initialises a byte
        // through the new view, which the owner of the old one would then read. Nothing
        // here writes a `MaybeUninit` that is not initialised; the public way to the
        // memory, `unfilled_mut` and `inner_mut`, is unsafe and forbids it.
        let memory = unsafe { slice::from_raw_parts_mut(pointer, initialized) };
        ReadBuf {
            memory,
            filled: 0,
            initialized,
        }
    }

    /// A buffer of memory that nobody need have written to.
    pub fn uninit(memory: &'a mut [MaybeUninit<u8>]) -> ReadBuf<'a> {
        ReadBuf {
            memory,
            filled: 0,
            initialized: 0,
        }
    }

    /// How much fits in all.
    pub fn capacity(&self) -> usize {
        self.memory.len()
    }

    /// How much still fits.
    pub fn remaining(&self) -> usize {
        self.capacity() - self.filled
    }

    /// What has been filled in.
    pub fn filled(&self) -> &[u8] {
        let pointer = self.memory.as_ptr().cast::<u8>();
        // SAFETY: the first `filled` bytes have been written to (invariants 1 and 2).
        unsafe { slice::from_raw_parts(pointer, self.filled) }
    }

    /// What has been filled in, to change.
    pub fn filled_mut(&mut self) -> &mut [u8] {
        let filled = self.filled;
        &mut self.initialized_mut()[..filled]
    }

    /// All that has been written to, filled or not.
    pub fn initialized(&self) -> &[u8] {
        let pointer = self.memory.as_ptr().cast::<u8>();
        // SAFETY: the first `initialized` bytes have been written to (invariant 2).
        unsafe { slice::from_raw_parts(pointer, self.initialized) }
    }

    /// All that has been written to, filled or not, to change.
    pub fn initialized_mut(&mut self) -> &mut [u8] {
        let pointer = self.memory.as_mut_ptr().cast::<u8>();
        // SAFETY: the first `initialized` bytes have been written to (invariant 2), and
        // a `&mut [u8]` cannot un-initialise them. `&mut self` makes the view the only one.
        unsafe { slice::from_raw_parts_mut(pointer, self.initialized) }
    }

    /// The unfilled part, written to with zeros where nobody has before.
    pub fn initialize_unfilled(&mut self) -> &mut [u8] {
        self.initialize_unfilled_to(self.remaining())
    }

    /// The first `count` bytes of the unfilled part, written to.
    ///
    /// # Panics
    /// If fewer remain.
    #[track_caller]
    pub fn initialize_unfilled_to(&mut self, count: usize) -> &mut [u8] {
        assert!(
            count <= self.remaining(),
            "initialize_unfilled_to({count}): only {} bytes remain",
            self.remaining()
        );
        let (start, end) = (self.filled, self.filled + count);
        if self.initialized < end {
            self.memory[self.initialized..end].fill(MaybeUninit::new(0));
            self.initialized = end;
        }
        &mut self.initialized_mut()[start..end]
    }

    /// The unfilled part as what it is.
    ///
    /// # Safety
    /// The caller must not un-initialise a byte that has been written to.
    pub unsafe fn unfilled_mut(&mut self) -> &mut [MaybeUninit<u8>] {
        &mut self.memory[self.filled..]
    }

    /// The whole memory as what it is.
    ///
    /// # Safety
    /// The caller must not un-initialise a byte that has been written to.
    pub unsafe fn inner_mut(&mut self) -> &mut [MaybeUninit<u8>] {
        self.memory
    }

    /// Says that `count` more bytes than before have been written to, counted from the
    /// start of the unfilled part.
    ///
    /// # Safety
    /// They must have been.
    pub unsafe fn assume_init(&mut self, count: usize) {
        self.initialized = self.initialized.max(self.filled + count);
        assert!(
            self.initialized <= self.capacity(),
            "more than there is memory"
        );
    }

    /// A buffer over the first `count` bytes of the unfilled part, or over all of it.
    pub fn take(&mut self, count: usize) -> ReadBuf<'_> {
        let end = self.filled + count.min(self.remaining());
        let initialized = self.initialized.min(end) - self.filled;
        ReadBuf {
            memory: &mut self.memory[self.filled..end],
            filled: 0,
            initialized,
        }
    }

    /// Empties it; what was written to stays so.
    pub fn clear(&mut self) {
        self.filled = 0;
    }

    /// Says that `count` more bytes are filled in.
    ///
    /// # Panics
    /// If they have not been written to.
    #[track_caller]
    pub fn advance(&mut self, count: usize) {
        let filled = self.filled.checked_add(count);
        self.set_filled(
            filled.expect("advance: the sum is past the end of all memory"),
        );
    }

    /// Says how many bytes are filled in.
    ///
    /// # Panics
    /// If they have not been written to.
    #[track_caller]
    pub fn set_filled(&mut self, filled: usize) {
        assert!(
            filled <= self.initialized,
            "{filled} bytes cannot be filled: only {} have been written to",
            self.initialized
        );
        self.filled = filled;
    }

    /// Appends `bytes`.
    ///
    /// # Panics
    /// If they do not fit.
    #[track_caller]
    pub fn put_slice(&mut self, bytes: &[u8]) {
        assert!(
            bytes.len() <= self.remaining(),
            "put_slice: {} bytes do not fit into the {} that remain",
            bytes.len(),
            self.remaining()
        );
        let end = self.filled + bytes.len();
        for (place, byte) in self.memory[self.filled..end].iter_mut().zip(bytes) {
            place.write(*byte);
        }
        self.initialized = self.initialized.max(end);
        self.filled = end;
    }
}

impl fmt::Debug for ReadBuf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadBuf")
            .field("filled", &self.filled)
            .field("initialized", &self.initialized)
            .field("capacity", &self.capacity())
            .finish()
    }
}
