//! The outputs of many futures, in the order of the futures, as they come.
//!
//! # Layer
//! 3: uses nothing but the standard library.

/// A place for each output.
pub(super) struct Outputs<T> {
    /// `None` once all were handed out. An output is `None` while it is waited for.
    places: Option<Vec<Option<T>>>,
}

impl<T> Outputs<T> {
    /// `count` empty places.
    pub(super) fn with_places(count: usize) -> Outputs<T> {
        let mut places = Vec::new();
        places.resize_with(count, || None);
        Outputs {
            places: Some(places),
        }
    }

    /// Keeps the output of the future number `place`.
    pub(super) fn put(&mut self, place: usize, output: T) {
        if let Some(places) = &mut self.places {
            places[place] = Some(output);
        }
    }

    /// Drops what has come: nobody wants it any more.
    pub(super) fn close(&mut self) {
        self.places = None;
    }

    /// Hands out everything, when nothing is waited for any more.
    ///
    /// # Panics
    /// The second time, and if an output never came; `who` is named in the message.
    pub(super) fn take(&mut self, who: &str) -> Vec<T> {
        let Some(places) = self.places.take() else {
            panic!("`{who}` was polled after it had been ready");
        };
        let outputs: Option<Vec<T>> = places.into_iter().collect();
        match outputs {
            Some(outputs) => outputs,
            None => {
                panic!("`{who}` was polled after one of its futures had panicked")
            }
        }
    }
}
