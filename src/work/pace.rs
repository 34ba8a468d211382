//! How fast requests go out. The quotas are per account and region and shared with the application that signs people
//! in, so the console stays well under them, and gives way as soon as the service says so.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{Account, Operation};

/// A quota of the service that one limiter stands for (Amazon Cognito developer guide, quotas).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// UserList (ListUsers): 30 a second.
    List,
    /// UserRead (AdminGetUser): 120 a second.
    Read,
    /// UserUpdate (AdminUpdateUserAttributes): 25 a second.
    Update,
    /// UserCreation (AdminConfirmSignUp, AdminCreateUser): 50 a second.
    Creation,
    /// UserAccountRecovery (AdminResetUserPassword): 30 a second.
    Recovery,
    /// UserResourceRead, where the service counts the codes that are sent again: 50 a second.
    ResourceRead,
}

impl Category {
    /// Where the service counts a write.
    pub fn of(operation: &Operation) -> Self {
        match operation {
            Operation::AdminUpdate(_)
            | Operation::OwnUpdate(_)
            | Operation::OwnDelete(_)
            | Operation::VerifyCode { .. }
            | Operation::NewPassword { .. }
            | Operation::Account {
                account: Account::Enable | Account::Disable,
                ..
            } => Self::Update,
            Operation::Account {
                account: Account::ConfirmSignUp | Account::ResendInvitation,
                ..
            } => Self::Creation,
            Operation::Account {
                account: Account::ResetPassword,
                ..
            } => Self::Recovery,
            Operation::ResendCode { .. } | Operation::SendCode { .. } => Self::ResourceRead,
        }
    }
}

/// Requests a second, from the config. Writes go at one pace in whatever category they count: every quota of theirs is
/// at least that of UserUpdate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    pub list: u32,
    pub read: u32,
    pub write: u32,
}

/// One limiter a category: a bucket that holds a second's worth of requests.
#[derive(Debug)]
pub struct Pace {
    list: Mutex<Bucket>,
    read: Mutex<Bucket>,
    update: Mutex<Bucket>,
    creation: Mutex<Bucket>,
    recovery: Mutex<Bucket>,
    resource_read: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    /// The configured rate, requests a second.
    ceiling: f64,
    /// The rate now: halved when the service refuses for rate, growing back a twentieth of the ceiling a request.
    rate: f64,
    /// Requests that may go out at once; below zero, requests that are already promised to wait.
    permits: f64,
    at: Timestamp,
}

impl Pace {
    pub fn new(rates: Rates, now: Timestamp) -> Self {
        let bucket = |rate: u32| {
            let rate = f64::from(rate.max(1));
            Mutex::new(Bucket {
                ceiling: rate,
                rate,
                permits: rate,
                at: now,
            })
        };
        Self {
            list: bucket(rates.list),
            read: bucket(rates.read),
            update: bucket(rates.write),
            creation: bucket(rates.write),
            recovery: bucket(rates.write),
            resource_read: bucket(rates.write),
        }
    }

    /// Takes a permit. Returns how long to wait before using it: first come, first served.
    pub fn permit(&self, category: Category, now: Timestamp) -> Duration {
        self.with(category, |bucket| bucket.permit(now))
    }

    /// The service refused for rate: half as fast from here on.
    pub fn slow_down(&self, category: Category) {
        self.with(category, |bucket| bucket.rate = (bucket.rate / 2.0).max(0.5));
    }

    fn with<T>(&self, category: Category, change: impl FnOnce(&mut Bucket) -> T) -> T {
        let bucket = match category {
            Category::List => &self.list,
            Category::Read => &self.read,
            Category::Update => &self.update,
            Category::Creation => &self.creation,
            Category::Recovery => &self.recovery,
            Category::ResourceRead => &self.resource_read,
        };
        change(&mut bucket.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Bucket {
    fn permit(&mut self, now: Timestamp) -> Duration {
        // A clock that was set back gives no permits and takes none.
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.at = self.at.max(now);
        self.permits = (self.permits + passed * self.rate).min(self.ceiling);
        self.permits -= 1.0;
        self.rate = (self.rate + self.ceiling / 20.0).min(self.ceiling);
        if self.permits >= 0.0 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64(-self.permits / self.rate)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates {
        list: 10,
        read: 20,
        write: 5,
    };

    fn at(seconds: f64) -> Timestamp {
        Timestamp::from_millisecond((seconds * 1000.0) as i64).unwrap()
    }

    #[test]
    fn a_second_of_requests_goes_out_at_once_and_the_next_waits() {
        let pace = Pace::new(RATES, at(0.0));
        for _ in 0..5 {
            assert_eq!(pace.permit(Category::Update, at(0.0)), Duration::ZERO);
        }
        assert_eq!(pace.permit(Category::Update, at(0.0)), Duration::from_millis(200));
        assert_eq!(pace.permit(Category::Update, at(0.0)), Duration::from_millis(400));
        assert_eq!(
            pace.permit(Category::List, at(0.0)),
            Duration::ZERO,
            "each category has its own"
        );
    }

    #[test]
    fn over_time_the_rate_is_kept() {
        let pace = Pace::new(RATES, at(0.0));
        let mut now = 0.0;
        for _ in 0..100 {
            now += pace.permit(Category::List, at(now)).as_secs_f64();
        }
        assert!(
            (8.9..=9.2).contains(&now),
            "90 requests beyond the first 10 take 9 s, took {now}"
        );
    }

    #[test]
    fn a_refusal_for_rate_halves_it_and_it_grows_back() {
        let pace = Pace::new(RATES, at(0.0));
        for _ in 0..5 {
            pace.permit(Category::Update, at(0.0));
        }
        pace.slow_down(Category::Update);
        let slow = pace.permit(Category::Update, at(0.0));
        assert!(slow > Duration::from_millis(350), "{slow:?}");
        let mut now = 10.0;
        for _ in 0..40 {
            now += pace.permit(Category::Update, at(now)).as_secs_f64();
        }
        let before = now;
        now += pace.permit(Category::Update, at(now)).as_secs_f64();
        assert!(
            (now - before - 0.2).abs() < 0.01,
            "back at five a second, waited {}",
            now - before
        );
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_stop_anything() {
        let pace = Pace::new(RATES, at(1000.0));
        for _ in 0..6 {
            assert!(pace.permit(Category::Update, at(5.0)) <= Duration::from_millis(200));
        }
    }
}
