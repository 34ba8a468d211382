//! Whether an open pool may be written to, and whether a protected one is armed: decided here, checked again where the
//! write is made.

use jiff::Timestamp;

use super::Session;
use super::View;
use crate::app::core::{Confirm, Core};
use crate::domain::guard::{Because, Guard, Guards, Unlisted};
use crate::domain::{Raw, Route, Sentence};
use crate::job::Job;

/// Whether a pool may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Read(ReadReason),
    Write,
}

/// Why a pool is open for reading only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadReason {
    /// `--read-only`, the pool's setting or the machine's policy: cannot be lifted.
    Fixed(Because),
    /// The pool is not in the config, and such pools stay for reading only: cannot be lifted.
    UnlistedFixed(Because),
    /// The pool is not in the config: its name has to be typed first.
    Unlisted,
    /// The operator switched; typing the name switches back.
    Switched,
}

impl Mode {
    /// How a pool opens.
    pub fn of(guard: &Guard) -> Self {
        match (guard.read_only, guard.unlisted) {
            (Some(because), Some(Unlisted::ReadOnly | Unlisted::Refuse)) => {
                Self::Read(ReadReason::UnlistedFixed(because))
            }
            (Some(because), _) => Self::Read(ReadReason::Fixed(because)),
            (None, None) => Self::Write,
            (None, Some(_)) => Self::Read(ReadReason::Unlisted),
        }
    }
}

/// The name of a protected pool was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Armed {
    pub at: Timestamp,
    pub until: Timestamp,
}

impl Session {
    pub fn may_write(&self) -> bool {
        self.mode == Mode::Write
    }

    pub fn is_protected(&self) -> bool {
        self.guard.protected
    }

    pub fn why_read_only(&self) -> &'static str {
        match self.mode {
            Mode::Write => "nothing can be edited here",
            Mode::Read(ReadReason::Fixed(Because::Flag)) => {
                "the program was started with --read-only, or its config says so"
            }
            Mode::Read(ReadReason::Fixed(Because::Export)) => "this is an export, which can be read and not changed",
            Mode::Read(ReadReason::Fixed(Because::Setting)) => "the config opens this pool for reading only",
            Mode::Read(ReadReason::Fixed(Because::Policy)) => {
                "the policy of this machine allows reading only; the config cannot lift it"
            }
            Mode::Read(ReadReason::UnlistedFixed(Because::Policy)) => {
                "this pool is not a listed one, and the policy of this machine opens such a pool for reading only"
            }
            Mode::Read(ReadReason::UnlistedFixed(_)) => {
                "this pool is not in the config, which opens such a pool for reading only (unlisted-pools)"
            }
            Mode::Read(ReadReason::Unlisted) => "this pool is not in the config; W and its name allow writing",
            Mode::Read(ReadReason::Switched) => "reading only, as switched; W and the pool's name allow writing",
        }
    }

    /// Whether the mode can be switched at all: `--read-only`, the pool's setting and the policy cannot be lifted.
    pub fn can_switch_mode(&self) -> bool {
        !matches!(
            self.mode,
            Mode::Read(ReadReason::Fixed(_) | ReadReason::UnlistedFixed(_))
        )
    }

    /// The pool's own name is known now: what it protects holds from here on.
    pub(in crate::app) fn take_name(&mut self, guards: &Guards) {
        if let Some(pool) = self.pool.ready() {
            self.guard = guards.of(&self.place.pool, Some(&pool.name));
        }
    }

    /// Why nothing can be sent before the pool's own name is known, where a name decides whether it is protected.
    pub fn waits_for_name(&self, core: &Core) -> Option<Sentence> {
        if core.settings.guards.protected_names.is_empty() || self.pool.ready().is_some() {
            return None;
        }
        Some(match self.pool.is_loading() {
            true => "the pool's name is still being read, and a name may protect it; a moment".into(),
            false => {
                "the pool's name is not known, and a name may protect it: nothing is sent; r reads it again".into()
            }
        })
    }

    pub fn stop_writing(&mut self, core: &mut Core) {
        self.mode = Mode::Read(ReadReason::Switched);
        self.armed = None;
        self.typed = None;
        self.review = None;
        self.deed = None;
        if matches!(self.view, View::Edit | View::Review | View::Deed) {
            self.view = View::Users;
            self.edit = None;
        }
        core.ask_quietly(Job::CloseWriter {
            place: self.place.clone(),
        });
        core.say("reading only now; pending edits are kept");
    }

    /// The pool's name was typed to allow writing.
    pub fn name_typed(&mut self, typed: &str, core: &mut Core) -> Result<(), &'static str> {
        let name = self
            .display_name()
            .ok_or("the pool's name is not known yet; r reads it again")?;
        // A name may begin or end with blanks; a paste may bring some that do not belong to it.
        if !name.is_typed_as(typed) && !name.is_typed_as(typed.trim()) {
            return Err("that is not the pool's name; it stands in the header");
        }
        self.typed = Some(Raw::from(typed));
        self.mode = Mode::Write;
        self.open_writer(core);
        if self.is_protected() {
            self.arm(core);
        }
        core.say("this pool can be written to now; W goes back to reading");
        Ok(())
    }

    pub fn arm(&mut self, core: &Core) {
        let until = core.at.checked_add(core.settings.arm_for).unwrap_or(core.at);
        self.armed = Some(Armed { at: core.at, until });
    }

    /// Whether a protected pool's name still has to be typed before Send.
    pub fn needs_arming(&self, core: &Core) -> bool {
        self.is_protected() && self.armed.is_none_or(|armed| armed.until <= core.at)
    }

    /// A write went out: where the name is asked for each time, it has been used.
    pub fn disarm_after_send(&mut self, core: &Core) {
        if core.settings.confirm == Confirm::Always {
            self.armed = None;
        }
    }

    pub(in crate::app) fn open_writer(&self, core: &mut Core) {
        if !self.may_write() {
            return;
        }
        let own = self.acting.as_ref().map(|_| Route::Own);
        for route in [Some(Route::Admin), own].into_iter().flatten() {
            core.ask_quietly(Job::OpenWriter {
                place: self.place.clone(),
                route,
                typed: self.typed.clone(),
            });
        }
    }
}
