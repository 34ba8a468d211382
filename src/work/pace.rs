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
    /// UserPoolResourceRead (ListGroups): 20 a second, and 5 of one operation in one pool.
    PoolResourceRead,
}

/// ListGroups a second: below the five that one pool has, which no configuration needs to know.
const POOL_RESOURCES: u32 = 4;

/// What a scan leaves in the bucket: the next question of the person at the keyboard finds it there, and requests that
/// travel for different times do not meet the quota's very edge.
const RESERVE: f64 = 2.0;

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
    pool_resource_read: Mutex<Bucket>,
}

/// What may go out in one category.
#[derive(Debug)]
pub(super) struct Bucket {
    /// The configured rate, requests a second.
    ceiling: f64,
    /// The rate now: halved when the service refuses for rate, growing back a twentieth of the ceiling with a request
    /// that somebody waits for, and a four hundredth with one of a scan.
    rate: f64,
    /// Requests that may go out at once; below zero, requests that are already promised to wait.
    permits: f64,
    at: Timestamp,
    /// When it was halved last.
    slowed: Option<Timestamp>,
}

impl Pace {
    pub fn new(rates: Rates, now: Timestamp) -> Self {
        let bucket = |rate: u32| Mutex::new(Bucket::new(f64::from(rate.max(1)), now));
        Self {
            list: bucket(rates.list),
            read: bucket(rates.read),
            update: bucket(rates.write),
            creation: bucket(rates.write),
            recovery: bucket(rates.write),
            resource_read: bucket(rates.write),
            pool_resource_read: bucket(POOL_RESOURCES),
        }
    }

    /// Takes a permit. Returns how long to wait before using it: first come, first served.
    pub fn permit(&self, category: Category, now: Timestamp) -> Duration {
        self.with(category, |bucket| bucket.permit(now))
    }

    /// Takes a permit for a request that nobody waits for, if one is to spare: not while somebody waits, and not the
    /// last ones. Otherwise returns when to ask again.
    pub fn spare(&self, category: Category, now: Timestamp) -> Result<(), Duration> {
        self.with(category, |bucket| {
            let reserve = (bucket.ceiling - 1.0).clamp(0.0, RESERVE);
            bucket.spare(reserve, now)
        })
    }

    /// The service refused a request for rate that was sent then: half as fast from here on. Those that were under way
    /// together are refused together, which is one reason to give way and not several.
    pub fn slow_down(&self, category: Category, sent: Timestamp, now: Timestamp) {
        self.with(category, |bucket| {
            if bucket.slowed.is_none_or(|slowed| sent >= slowed) {
                bucket.slowed = Some(now);
                bucket.rate = (bucket.rate / 2.0).max(0.5);
            }
        });
    }

    /// Requests a second that are let through now.
    pub fn rate(&self, category: Category) -> f64 {
        self.with(category, |bucket| bucket.rate)
    }

    fn with<T>(&self, category: Category, change: impl FnOnce(&mut Bucket) -> T) -> T {
        let bucket = match category {
            Category::List => &self.list,
            Category::Read => &self.read,
            Category::Update => &self.update,
            Category::Creation => &self.creation,
            Category::Recovery => &self.recovery,
            Category::ResourceRead => &self.resource_read,
            Category::PoolResourceRead => &self.pool_resource_read,
        };
        change(&mut bucket.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Bucket {
    pub(super) fn new(rate: f64, now: Timestamp) -> Self {
        Self {
            ceiling: rate,
            rate,
            permits: rate,
            at: now,
            slowed: None,
        }
    }

    /// From here on at another rate.
    pub(super) fn set(&mut self, rate: f64, now: Timestamp) {
        self.fill(now);
        self.ceiling = rate;
        self.rate = rate;
        self.permits = self.permits.min(rate.max(1.0));
    }

    fn fill(&mut self, now: Timestamp) {
        // A clock that was set back gives no permits and takes none, and is not waited for either. Threads that looked at
        // the clock in another order are no such thing.
        let passed = now.duration_since(self.at).as_secs_f64();
        if !(-1.0..0.0).contains(&passed) {
            self.at = now;
        }
        let passed = passed.max(0.0);
        self.permits = (self.permits + passed * self.rate).min(self.ceiling.max(1.0));
    }

    /// How long until a permit can be taken that leaves `reserve`.
    pub(super) fn until_spare(&mut self, reserve: f64, now: Timestamp) -> Duration {
        self.fill(now);
        let missing = 1.0 + reserve - self.permits;
        // Sums of fractions come out a hair below the whole.
        if missing <= 1e-6 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64(missing / self.rate)
        }
    }

    /// Takes a permit that leaves `reserve`, or tells when to ask again.
    pub(super) fn spare(&mut self, reserve: f64, now: Timestamp) -> Result<(), Duration> {
        let wait = self.until_spare(reserve, now);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.permits -= 1.0;
        self.rate = (self.rate + self.ceiling / 400.0).min(self.ceiling);
        Ok(())
    }

    fn permit(&mut self, now: Timestamp) -> Duration {
        self.fill(now);
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
        pace.slow_down(Category::Update, at(0.0), at(0.0));
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
        while pace.spare(Category::List, at(1000.0)).is_ok() {}
        assert!(pace.spare(Category::List, at(5.0)).is_err());
        assert!(
            pace.spare(Category::List, at(5.1)).is_ok(),
            "a tenth of a second later by the new time"
        );
    }

    #[test]
    fn a_scan_leaves_the_last_permits_and_takes_none_while_somebody_waits() {
        let pace = Pace::new(RATES, at(0.0));
        let mut taken = 0;
        while pace.spare(Category::List, at(0.0)).is_ok() {
            taken += 1;
        }
        assert_eq!(taken, 8, "of ten, two are left");
        for _ in 0..2 {
            assert_eq!(pace.permit(Category::List, at(0.0)), Duration::ZERO);
        }
        assert_eq!(pace.permit(Category::List, at(0.0)), Duration::from_millis(100));
        let wait = pace.spare(Category::List, at(0.0)).unwrap_err();
        assert_eq!(
            wait,
            Duration::from_millis(400),
            "the one who waits, two to leave, and its own"
        );
        assert_eq!(
            pace.permit(Category::List, at(0.0)),
            Duration::from_millis(200),
            "asking took nothing"
        );
        assert!(pace.spare(Category::List, at(0.5)).is_ok());
    }

    #[test]
    fn a_scan_goes_on_at_one_request_a_second_too() {
        let pace = Pace::new(Rates { list: 1, ..RATES }, at(0.0));
        pace.spare(Category::List, at(0.0)).unwrap();
        assert_eq!(pace.spare(Category::List, at(0.0)), Err(Duration::from_secs(1)));
        pace.spare(Category::List, at(1.0)).unwrap();
    }

    #[test]
    fn what_was_under_way_together_slows_down_once() {
        let pace = Pace::new(RATES, at(0.0));
        for _ in 0..5 {
            pace.slow_down(Category::List, at(1.0), at(2.0));
        }
        assert_eq!(pace.rate(Category::List), 5.0);
        pace.slow_down(Category::List, at(2.0), at(3.0));
        assert_eq!(pace.rate(Category::List), 2.5);
        let mut now = 10.0;
        for _ in 0..150 {
            now += pace.permit_of_a_scan(now);
        }
        assert!(pace.rate(Category::List) < 10.0, "it comes back slowly");
        for _ in 0..150 {
            now += pace.permit_of_a_scan(now);
        }
        assert_eq!(pace.rate(Category::List), 10.0);
    }

    impl Pace {
        /// How long a scan waits for its next permit.
        fn permit_of_a_scan(&self, now: f64) -> f64 {
            let mut later = now;
            while let Err(wait) = self.spare(Category::List, at(later)) {
                later += wait.as_secs_f64().max(0.001);
            }
            later - now
        }
    }
}
