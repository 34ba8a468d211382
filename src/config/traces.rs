//! `traces = "none"`: one word that keeps people's data off this machine, whatever else is said.

use super::Config;
use super::origin::{Origin, Setting};
use super::overruled::Overruled;
use super::read::Literal;
use super::words::{OnOff, Traces, Values};

/// Switches off whatever leaves a trace. What the policy fixed stays: it chose what the journal keeps.
pub(super) fn apply(config: &mut Config) {
    if config.general.traces.value != Traces::None {
        return;
    }
    let mut off = Off {
        said: config.general.traces.origin.clone(),
        overruled: &mut config.overruled,
    };
    let protect = &mut config.protect;
    off.switch("drafts in [edit]", &mut config.edit.drafts, OnOff::Off);
    off.switch("clipboard in [protect]", &mut protect.clipboard, OnOff::Off);
    off.switch("editor in [protect]", &mut protect.editor, OnOff::Off);
    off.switch("export in [protect]", &mut protect.export, OnOff::Off);
    off.switch("log", &mut config.general.log, None);
    if config.journal.values.origin.is_policy() {
        return;
    }
    off.switch("values in [journal]", &mut config.journal.values, Values::None);
    // A pool without a choice of its own has the general one.
    for pool in config.pools.iter_mut().filter(|pool| pool.values.value.is_some()) {
        off.switch("values in [[pool]]", &mut pool.values, Some(Values::None));
    }
}

struct Off<'a> {
    said: Origin,
    overruled: &'a mut Vec<Overruled>,
}

impl Off<'_> {
    fn switch<T: PartialEq + Literal>(&mut self, subject: &str, setting: &mut Setting<T>, off: T) {
        if setting.value == off {
            return;
        }
        if self.said.is_policy() && setting.origin != Origin::Default {
            self.overruled.push(Overruled {
                subject: subject.to_owned(),
                asked: setting.value.literal(),
                by: setting.origin.clone(),
                holds: off.literal(),
                policy: self.said.clone(),
            });
        }
        *setting = Setting {
            value: off,
            origin: Origin::Traces(Box::new(self.said.clone())),
        };
    }
}
