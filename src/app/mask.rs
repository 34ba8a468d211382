//! When people's data are drawn as dots: as long as it was asked for, and after some time without a key.
//!
//! Only drawing knows it. What is typed, copied and sent is the same, masked or not.

use std::time::Duration;

/// Whether people's data are masked, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    asked: bool,
    idle: bool,
    last_key: Duration,
}

impl Mask {
    pub fn is_on(self) -> bool {
        self.asked || self.idle
    }

    /// Masked because nobody pressed a key for a while: the next one only ends that.
    pub fn is_idle(self) -> bool {
        self.idle
    }

    /// Masks on demand, until it is asked for again.
    pub(super) fn toggle(&mut self) -> bool {
        self.asked = !self.asked;
        self.asked
    }

    /// Time has passed. `after`: how long without a key until it is masked.
    pub(super) fn pass(&mut self, now: Duration, after: Option<Duration>) {
        if after.is_some_and(|after| now.saturating_sub(self.last_key) >= after) {
            self.idle = true;
        }
    }

    /// A key came. True: it ended the idle mask, and does nothing else.
    pub(super) fn key(&mut self, now: Duration) -> bool {
        self.last_key = now;
        std::mem::take(&mut self.idle)
    }

    /// How long until it is masked for want of keys. `None`: never, or it is already.
    pub(super) fn falls_in(self, now: Duration, after: Option<Duration>) -> Option<Duration> {
        let after = after.filter(|_| !self.idle)?;
        Some(after.saturating_sub(now.saturating_sub(self.last_key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE: Option<Duration> = Some(Duration::from_secs(300));

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn without_a_setting_it_never_falls() {
        let mut mask = Mask::default();
        mask.pass(at(1_000_000), None);
        assert!(!mask.is_on());
        assert_eq!(mask.falls_in(at(7), None), None);
    }

    #[test]
    fn it_falls_once_after_the_last_key_and_the_next_key_lifts_it() {
        let mut mask = Mask::default();
        assert!(!mask.key(at(10)));
        assert_eq!(mask.falls_in(at(10), FIVE), Some(at(300)));
        mask.pass(at(309), FIVE);
        assert!(!mask.is_on());
        assert_eq!(mask.falls_in(at(309), FIVE), Some(at(1)));
        mask.pass(at(310), FIVE);
        assert!(mask.is_on() && mask.is_idle());
        assert_eq!(mask.falls_in(at(310), FIVE), None, "nothing more to wake for");
        assert!(mask.key(at(400)));
        assert!(!mask.is_on());
        assert!(!mask.key(at(401)));
    }

    #[test]
    fn what_was_asked_for_stays_when_a_key_ends_the_idle_mask() {
        let mut mask = Mask::default();
        assert!(mask.toggle());
        mask.pass(at(300), FIVE);
        assert!(mask.key(at(301)) && mask.is_on());
        assert!(!mask.toggle());
        assert!(!mask.is_on());
    }
}
