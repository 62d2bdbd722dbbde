//! How a backend says that it cannot go on: a lost device, a full disk, a recording that lacks an answer.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Why a backend cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// What the caller gave cannot be used.
    #[error("{0}")]
    Input(String),
    /// Device, network or disk failed.
    #[error("{0}")]
    Machine(String),
}

/// Stops a run, by the user's wish or by a backend's fault; clones are one alarm.
#[derive(Clone, Debug, Default)]
pub struct Alarm {
    stop: Arc<AtomicBool>,
    fault: Arc<Mutex<Option<Fault>>>,
}

impl Alarm {
    /// An alarm that `stop` sets off too.
    #[must_use]
    pub fn new(stop: Arc<AtomicBool>) -> Self {
        Self { stop, fault: Arc::default() }
    }

    /// Tells a fault and stops the run; the first one told is kept.
    pub fn raise(&self, fault: Fault) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The first fault told, if there was one.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the run is to stop.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The flag that stops a run.
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fault_is_kept_and_stops_the_run() {
        let alarm = Alarm::default();
        assert_eq!((alarm.fault(), alarm.is_set()), (None, false));
        for text in ["first", "second"] {
            alarm.clone().raise(Fault::Machine(text.to_string()));
        }
        assert_eq!(alarm.fault(), Some(Fault::Machine("first".to_string())));
        assert!(alarm.is_set());
    }
}
