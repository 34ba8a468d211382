//! How many requests a second many pages are read with: chosen before a reading begins, and again while it runs.

use super::Users;
use super::scan::{ScanQuestion, State};
use crate::app::core::Core;
use crate::app::session::Session;
use crate::job::Job;

/// The next pace, as far as the configuration allows; where it does not, that is said.
fn next(rate: u32, faster: bool, core: &mut Core) -> u32 {
    let ceiling = core.settings.list_rate;
    match faster {
        true if rate >= ceiling => {
            core.say(format!(
                "{ceiling} a second is what the configuration allows (list-per-second)"
            ));
            rate
        }
        true => rate.saturating_add(1),
        false if rate <= 1 => {
            core.say("slower than 1 a second is not possible");
            rate
        }
        false => rate.saturating_sub(1),
    }
}

impl ScanQuestion {
    pub(in crate::app) fn change_pace(&mut self, faster: bool, core: &mut Core) {
        self.rate = next(self.rate, faster, core);
    }
}

impl Users {
    /// Many pages are being read, and the pace of that can be changed.
    pub fn has_a_pace(&self) -> bool {
        let runs = |state: &State| matches!(state, State::Running(_));
        let groups = self.groups.reading().is_some_and(|reading| runs(&reading.state));
        groups || self.scan.as_ref().is_some_and(|scan| runs(&scan.state))
    }
}

impl Session {
    /// `+` and `-` while something is read: the pace of all of it, however many chains it has.
    pub(in crate::app) fn change_pace(&mut self, faster: bool, core: &mut Core) {
        let users = &mut self.users;
        let scan = users.scan.as_mut().map(|scan| (&scan.state, &mut scan.rate));
        let groups = users.groups.pace();
        for (state, rate) in scan.into_iter().chain(groups) {
            let State::Running(of) = *state else { continue };
            let chosen = next(*rate, faster, core);
            if chosen != *rate {
                *rate = chosen;
                core.ask_quietly(Job::ScanRate { of, rate: chosen });
                core.say(format!("{chosen} a second from the next request on"));
            }
        }
    }
}
