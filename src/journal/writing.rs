//! The writing side: one running console, its lines on disk before anything else happens.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::disk::{Cause, Dice, Session, Trouble, system_dice};
use crate::domain::entry::{Keeping, Kept, Values};
use crate::domain::{AttributeName, Entry, Fault, Intent, Outcome, PoolId, Raw, User};

use super::error::{Doing, JournalError, Notice};
use super::file::Tail;
use super::line::{self, AnchorLine, Body, IntentLine, Line, OutcomeLine, SeenLine};
use super::name::Month;
use super::places::Places;
use super::seal::{Keep, Key, Seal};
use super::stages::{EntryId, NotSent, Recorded, Sent, Settled, Unsettled, Write};
use super::{Clock, chain, key, retention};

/// What is kept, as the operator decided for each pool.
pub type Rules = Arc<dyn Fn(&PoolId) -> Keeping + Send + Sync>;

/// The journal of one running console. Shared by its threads; every call opens, locks, appends, fsyncs and closes, so it
/// blocks for as long as the disk takes, and up to five seconds while another console appends.
pub struct Journal {
    places: Places,
    clock: Clock,
    program: &'static str,
    dice: Dice,
    rules: Rules,
    /// Read when a value is hashed for the first time.
    key: Mutex<Option<Key>>,
    /// Pools whose old months were looked for.
    retained: Mutex<HashSet<PoolId>>,
    session: Session,
    seq: AtomicU64,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Journal({}, session {})",
            self.places.own().display(),
            self.session.id()
        )
    }
}

impl Journal {
    /// Opens the journal, making folders as needed, takes a session of its own and removes the lock files that dead
    /// sessions left. `places` may be the path of a state folder. `program` is the version written into every line.
    /// Every value is kept, and for ever, unless [`Journal::keeping`] says otherwise.
    pub fn open(places: impl Into<Places>, clock: Clock, program: &'static str) -> Result<Self, JournalError> {
        Self::open_with(places.into(), clock, program, system_dice())
    }

    pub(super) fn open_with(
        places: impl Into<Places>,
        clock: Clock,
        program: &'static str,
        dice: Dice,
    ) -> Result<Self, JournalError> {
        let places = places.into();
        let open = || -> Result<Self, Trouble> {
            let session = Session::begin(places.create()?, &dice)?;
            Ok(Self {
                places,
                clock,
                program,
                dice,
                rules: Arc::new(|_| Keeping::default()),
                key: Mutex::new(None),
                retained: Mutex::new(HashSet::new()),
                session,
                seq: AtomicU64::new(0),
            })
        };
        open().map_err(|trouble| Doing::Open.failed(trouble))
    }

    /// What is kept of values, and for how long, by pool.
    #[must_use]
    pub fn keeping(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Where its lines are, for reading them.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The name of this session, as in its lines.
    pub fn session(&self) -> &str {
        self.session.id()
    }

    /// Writes down what is about to be sent, and returns once it is on disk. On an error nothing may be sent, and
    /// without a [`Recorded`] nothing can be.
    pub fn record(&self, intent: Intent) -> Result<Recorded, JournalError> {
        let intent = Arc::new(intent);
        let (id, mut notices) = self
            .seal(&intent.place.pool)
            .and_then(|seal| IntentLine::new(&intent, &seal))
            .and_then(|line| self.append(&intent.place.pool, None, Body::Intent(Box::new(line))))
            .map_err(|trouble| Doing::Record.failed(trouble))?;
        // Whatever becomes of old months, the intent is on disk and may be sent.
        match self.retain(&intent.place.pool) {
            Ok(noticed) => notices.extend(noticed),
            Err(trouble) => notices.push(Notice::NotRemoved(Doing::Retain.failed(trouble))),
        }
        Ok(Recorded {
            write: Write { id, intent, notices },
        })
    }

    /// Writes down what the service answered. On an error the `Sent` comes back, because what was sent stays sent: the
    /// caller goes on to read back, says that the journal lacks the outcome, and may try to settle it again.
    pub fn settle(&self, sent: Sent) -> Result<Settled, Box<Unsettled>> {
        let Sent {
            mut write,
            answer,
            attempts,
            duration,
        } = sent;
        let appended = self
            .seal(&write.intent.place.pool)
            .and_then(|seal| OutcomeLine::answered(&answer, attempts, duration, &seal))
            .and_then(|line| self.append(&write.intent.place.pool, Some(&write.id), Body::Outcome(line)));
        match appended {
            Ok((_, notices)) => {
                write.notices.extend(notices);
                Ok(Settled { write, answer })
            }
            Err(trouble) => Err(Box::new(Unsettled {
                error: Doing::Settle.failed(trouble),
                sent: Sent {
                    write,
                    answer,
                    attempts,
                    duration,
                },
            })),
        }
    }

    /// Writes down that a recorded write did not go out after all, so that no intent is left without an outcome.
    /// `attempts` counts the sends that the service refused for rate before, `duration` runs from the first of them.
    /// Returns everything that was noticed since the intent was recorded.
    pub fn abandon(
        &self,
        recorded: Recorded,
        why: &NotSent,
        attempts: u32,
        duration: Duration,
    ) -> Result<Vec<Notice>, JournalError> {
        let Write {
            id,
            intent,
            mut notices,
        } = recorded.write;
        let (_, noticed) = self
            .seal(&intent.place.pool)
            .and_then(|seal| OutcomeLine::not_sent(why, attempts, duration, &seal))
            .and_then(|line| self.append(&intent.place.pool, Some(&id), Body::Outcome(line)))
            .map_err(|trouble| Doing::Abandon.failed(trouble))?;
        notices.extend(noticed);
        Ok(notices)
    }

    /// Writes down what a read-back found, and what follows from it. May be called again after a later reading.
    pub fn seen(
        &self,
        settled: &Settled,
        outcome: &Outcome,
        now: Result<&User, &Fault>,
    ) -> Result<Vec<Notice>, JournalError> {
        let write = &settled.write;
        let touched = write.intent.operation.touched();
        let (_, notices) = self
            .seal(&write.intent.place.pool)
            .and_then(|seal| SeenLine::new(&touched, outcome, now, &seal)?.about(write.intent.sub.as_deref(), &seal))
            .and_then(|line| self.append(&write.intent.place.pool, Some(&write.id), Body::Seen(line)))
            .map_err(|trouble| Doing::See.failed(trouble))?;
        Ok(notices)
    }

    /// Writes down what a later reading found about the write of an earlier session, which may be a colleague's: how
    /// what ended unknown is settled. `touched` are the attributes to tell of.
    pub fn seen_again(
        &self,
        entry: &Entry,
        touched: &[AttributeName],
        outcome: &Outcome,
        now: Result<&User, &Fault>,
    ) -> Result<Vec<Notice>, JournalError> {
        let pool = &entry.place.pool;
        let sub = entry.sub.as_ref().and_then(Kept::value).map(Raw::as_str);
        let seen = |seal: Seal| SeenLine::new(touched, outcome, now, &seal)?.about(sub, &seal);
        let (_, notices) = self
            .seal(pool)
            .and_then(seen)
            .and_then(|line| self.append(pool, Some(&EntryId(entry.id.clone())), Body::Seen(line)))
            .map_err(|trouble| Doing::SeeAgain.failed(trouble))?;
        Ok(notices)
    }

    /// How values of a pool are sealed.
    fn seal(&self, pool: &PoolId) -> Result<Seal, Trouble> {
        let keep = match (self.rules)(pool).values {
            Values::Full => Keep::Full,
            Values::Hashed => Keep::Hashed(self.key()?),
            Values::None => Keep::None,
        };
        Ok(Seal::new(Arc::clone(&self.dice), keep))
    }

    fn key(&self) -> Result<Key, Trouble> {
        // A thread that panicked here left the key as it was.
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let key = key::load(&self.places, &self.dice)?;
        *known = Some(key.clone());
        Ok(key)
    }

    /// Removes months that are too old, once a session and pool: first the line that accounts for them, then they.
    fn retain(&self, pool: &PoolId) -> Result<Vec<Notice>, Trouble> {
        let Some(days) = (self.rules)(pool).days else {
            return Ok(Vec::new());
        };
        let mut retained = self.retained.lock().unwrap_or_else(PoisonError::into_inner);
        if !retained.insert(pool.clone()) {
            return Ok(Vec::new());
        }
        let folder = self.places.open()?;
        let old = retention::old(&folder, pool, days, (self.clock)())?;
        let mut notices: Vec<Notice> = (old.kept.iter())
            .map(|name| Notice::Kept {
                path: folder.path_of(name),
            })
            .collect();
        if !old.files.is_empty() {
            let anchor = AnchorLine {
                days,
                files: old.files.clone(),
            };
            notices.extend(self.append(pool, None, Body::Anchor(anchor))?.1);
            retention::remove(&folder, &old.files)?;
            notices.push(Notice::Removed {
                names: old.files.into_iter().map(|file| file.name).collect(),
                days,
            });
        }
        Ok(notices)
    }

    /// Everything between having a body and having it on disk. The number of the line is taken under the lock, so that
    /// numbers of a session rise within a file.
    fn append(&self, pool: &PoolId, id: Option<&EntryId>, body: Body) -> Result<(EntryId, Vec<Notice>), Trouble> {
        let now = (self.clock)();
        let folder = self.places.open()?;
        // In a folder that was made anew this console's lock is missing: others would take its write for one that ended
        // unknown while it is under way. What was sent is still written down.
        if matches!(body, Body::Intent(_)) && !self.session.is_in(&folder)? {
            return Err(Trouble::new(folder.path_of(&self.session.lock_name()), Cause::Gone));
        }
        let mut tail = Tail::lock(folder, pool, Month::of(now))?;
        let seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
        let id = match id {
            Some(id) => id.clone(),
            None => EntryId(Raw::from(format!("{}-{seq}", self.session.id()))),
        };
        let line = Line {
            v: line::VERSION,
            session: self.session.id().to_owned(),
            seq,
            prev: tail.prev().clone(),
            id: id.0.as_str().to_owned(),
            time: line::time(now),
            program: self.program.to_owned(),
            repaired: tail.repaired(),
            body,
        };
        tail.append(&chain::seal_line(&line)?)?;
        Ok((id, tail.into_notices()))
    }
}
