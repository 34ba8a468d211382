//! What reading much of a pool costs, said before it is begun: calls, minutes, and whom they are taken from.

use std::time::Duration;

use super::sentence::grouped;

/// Users a page of a list holds at most.
pub const PAGE: u64 = 60;

/// ListUsers and ListUsersInGroup a second, for an account in a region, all pools and programs together (developer
/// guide, quotas).
pub const LIST_QUOTA: u32 = 30;

/// Calls at a pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub calls: u64,
    /// Requests a second.
    pub rate: u32,
}

impl Price {
    /// Reading everybody of about so many.
    pub fn of_everybody(users: u64, rate: u32) -> Self {
        Self {
            calls: users.div_ceil(PAGE).max(1),
            rate,
        }
    }

    /// Reading who is in each of these groups, in a pool of about so many users. How many are in a group is not told
    /// beforehand; everybody in one of them is a guess on the high side for most pools.
    pub fn of_groups(groups: usize, users: u64, rate: u32) -> Self {
        Self {
            calls: users.div_ceil(PAGE) + groups as u64,
            rate,
        }
    }

    pub fn time(self) -> Duration {
        Duration::from_secs(self.calls.div_ceil(u64::from(self.rate.max(1))))
    }

    /// "5,000 calls, 8 min 20 s at 10 a second; your sign-in traffic shares the 30"
    pub fn words(self) -> String {
        format!(
            "{}, {} at {} a second; your sign-in traffic shares the {LIST_QUOTA}",
            calls(self.calls),
            minutes(self.time()),
            self.rate
        )
    }

    /// "12 groups, about 680 calls, 68 s". Of one group nobody knows how many of all are in it.
    pub fn words_of_groups(self, groups: usize) -> String {
        let (noun, how_sure) = match groups {
            1 => ("group", "up to"),
            _ => ("groups", "about"),
        };
        format!(
            "{} {noun}, {how_sure} {}, {}",
            grouped(groups as u64),
            calls(self.calls),
            minutes(self.time())
        )
    }
}

fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        count => format!("{} calls", grouped(count)),
    }
}

/// `68 s`, `8 min 20 s`, `2 h 5 min`
pub fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (seconds, rest) {
        (0..120, _) => format!("{seconds} s"),
        (120..3600, 0) => format!("{minutes} min"),
        (120..3600, rest) => format!("{minutes} min {rest} s"),
        _ if minutes == 0 => format!("{hours} h"),
        _ => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_of_a_pool_is_said_in_calls_and_minutes() {
        for (users, rate, words) in [
            (
                300_000,
                10,
                "5,000 calls, 8 min 20 s at 10 a second; your sign-in traffic shares the 30",
            ),
            (
                48_200,
                10,
                "804 calls, 81 s at 10 a second; your sign-in traffic shares the 30",
            ),
            (0, 10, "1 call, 1 s at 10 a second; your sign-in traffic shares the 30"),
            (
                40_000_000,
                30,
                "666,667 calls, 6 h 10 min at 30 a second; your sign-in traffic shares the 30",
            ),
        ] {
            assert_eq!(Price::of_everybody(users, rate).words(), words);
        }
    }

    #[test]
    fn the_price_of_groups_is_a_guess_and_of_one_group_a_bound() {
        let price = Price::of_groups(12, 40_080, 10);
        assert_eq!(price.words_of_groups(12), "12 groups, about 680 calls, 68 s");
        assert_eq!(
            Price::of_groups(1, 30, 10).words_of_groups(1),
            "1 group, up to 2 calls, 1 s"
        );
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        for (seconds, words) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (500, "8 min 20 s"),
            (3600, "1 h"),
            (7_500, "2 h 5 min"),
        ] {
            assert_eq!(minutes(Duration::from_secs(seconds)), words);
        }
    }
}
