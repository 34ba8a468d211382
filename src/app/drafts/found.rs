//! What earlier consoles left: announced on the first screen, listed, and offered where its user is edited.

use super::Drafts;
use crate::app::action::Action;
use crate::app::core::Core;
use crate::app::overlay::{Overlay, Prompt, PromptKind, moved};
use crate::app::screen::edit::plural;
use crate::app::session::View;
use crate::app::status::{Entry, Word};
use crate::app::{App, Pane};
use crate::domain::draft::saved::{Console, DraftId, Found, Kept, Unreadable};
use crate::domain::place::Caller;
use crate::domain::{Place, Raw, Route, Sentence, Username};
use crate::job::{DiskFault, Job, Ticket, Untaken};

/// The list over the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftList {
    pub cursor: usize,
    /// Only those of the user whose form is below.
    pub of: Option<Username>,
}

/// Who made a draft, seen from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    Yours,
    /// The name of a role or user, or of a profile.
    Other(Raw),
    /// Nobody knows, or not yet.
    NotKnown,
}

impl Maker {
    /// By the ARN, and where none was known then, by the profile. As long as nobody knows who signs here, the maker is
    /// named rather than taken for the same.
    pub fn of(made: &Caller, here: &Caller) -> Self {
        let same = match (&made.arn, &here.arn) {
            (Some(made), here) => Some(made) == here.as_ref(),
            (None, _) => made.profile == here.profile,
        };
        let name = || made.arn.as_ref().map(short_arn).or_else(|| made.profile.clone());
        match (same, name()) {
            (true, _) => Self::Yours,
            (false, Some(name)) => Self::Other(name),
            (false, None) => Self::NotKnown,
        }
    }

    /// `yours`, `made by Support/bob`.
    pub fn words(&self) -> Sentence {
        match self {
            Self::Yours => "yours".into(),
            Self::Other(name) => crate::say!("made by ", name name),
            Self::NotKnown => Sentence::new(),
        }
    }
}

/// `Support/ana` of `arn:aws:sts::123456789012:assumed-role/Support/ana`.
fn short_arn(arn: &Raw) -> Raw {
    let resource = arn.as_str().rsplit(':').next().unwrap_or_default();
    let name = ["assumed-role/", "federated-user/", "user/"]
        .into_iter()
        .find_map(|kind| resource.strip_prefix(kind))
        .unwrap_or(resource);
    Raw::from(name)
}

impl Drafts {
    /// Drafts that nobody has taken up here, newest first.
    pub fn left(&self) -> &[Kept] {
        &self.found
    }

    /// Those of one user, on either route.
    pub fn of<'a>(&'a self, place: &'a Place, username: &'a Username) -> impl Iterator<Item = &'a Kept> {
        self.found
            .iter()
            .filter(move |kept| kept.draft.username == *username && is_at(kept, place))
    }

    /// The one that Enter on the first screen resumes.
    pub fn first(&self) -> Option<&Kept> {
        self.found.iter().find(|kept| kept.console == Console::Ended)
    }

    /// Whoever does something else on the first screen has left the announcement: from then on Enter is the screen's.
    pub(in crate::app) fn pass(&mut self, action: Action) {
        let stays = [
            Action::ResumeDraft,
            Action::Drafts,
            Action::DropDraft,
            Action::DraftsLater,
            Action::Help,
            Action::Palette,
            Action::NextPane,
            Action::PaneHeight,
        ];
        if !stays.contains(&action) {
            self.announced = false;
        }
    }

    pub(super) fn look(&mut self, core: &mut Core) {
        self.finding = Some(core.ask_quietly(Job::FindDrafts));
    }

    fn take_found(&mut self, ticket: Ticket, result: Result<Found, DiskFault>, core: &mut Core) {
        if self.finding != Some(ticket) {
            return;
        }
        self.finding = None;
        match result {
            Ok(found) => {
                self.found = found
                    .drafts
                    .into_iter()
                    // One that was taken up may be on its way to the disk still.
                    .filter(|kept| kept.console != Console::Here && !self.continues.values().any(|id| *id == kept.id))
                    .collect();
                for unreadable in found.unreadable {
                    if !self.told.contains(&unreadable) {
                        core.status.push(left_alone(&unreadable, core));
                        self.told.push(unreadable);
                    }
                }
            }
            Err(fault) => {
                let line = crate::say!("the drafts of earlier runs could not be read: ", name & fault.what);
                let mut entry = Entry::new(core.at, Word::Failed, Raw::from("drafts"), line);
                entry.more.push(crate::say!("next: ", name & fault.next));
                core.status.push(entry);
            }
        }
    }

    pub(super) fn get(&self, id: &DraftId) -> Option<&Kept> {
        self.found.iter().find(|kept| kept.id == *id)
    }

    pub(super) fn drop_from_list(&mut self, id: &DraftId) {
        self.found.retain(|kept| kept.id != *id);
        if self.found.is_empty() {
            self.announced = false;
        }
    }
}

/// Whether a draft was made at a place. An endpoint that the environment may decide is compared when it is taken over.
pub(super) fn is_at(kept: &Kept, place: &Place) -> bool {
    let asked = place.target.endpoint.as_deref();
    kept.place.pool == place.pool
        && asked.is_none_or(|asked| kept.place.endpoint.as_ref().map(Raw::as_str) == Some(asked))
}

fn left_alone(unreadable: &Unreadable, core: &Core) -> Entry {
    let line = crate::say!(name & unreadable.path, " ", name & unreadable.why);
    let mut entry = Entry::new(core.at, Word::Failed, Raw::from("drafts"), line);
    entry.more.push(crate::say!("next: ", name & unreadable.next));
    entry
}

impl App {
    /// Looks once at the start. Where drafts are switched off those that are there stay, and nobody looks.
    pub(in crate::app) fn look_for_drafts(&mut self) {
        if self.core.settings.drafts {
            self.drafts.announced = true;
            self.drafts.look(&mut self.core);
        }
    }

    pub(in crate::app) fn take_found_drafts(&mut self, ticket: Ticket, result: Result<Found, DiskFault>) {
        self.drafts.take_found(ticket, result, &mut self.core);
        self.ask_maker();
    }

    /// Whether what was left is announced above the screen in front, so that Enter, d and Esc are about it.
    pub fn announces_drafts(&self) -> bool {
        let first = match &self.session {
            None => true,
            Some(session) => match session.view {
                View::Users => session.users.find.is_none(),
                View::User => true,
                _ => false,
            },
        };
        self.drafts.announced
            && !self.drafts.found.is_empty()
            && first
            && self.pane == Pane::Body
            && self.overlay.is_none()
            && !self.shows_journal()
    }

    /// Who made a draft, seen from the pool that is open.
    pub fn maker(&self, kept: &Kept) -> Maker {
        let sessions = self.session.iter().chain(&self.left);
        let told = sessions
            .filter(|session| is_at(kept, &session.place))
            .find_map(|session| session.caller.ready());
        let target = self.place_of(kept).map(|place| place.target).unwrap_or_default();
        let here = told.or(self.drafts.callers.get(&target)).cloned();
        let here = here.unwrap_or_else(|| Caller {
            profile: target.profile.as_deref().map(Raw::from),
            ..Caller::default()
        });
        Maker::of(&kept.caller, &here)
    }

    /// Asks who signs at the place of the draft that is announced, so that it can be said whose it is.
    fn ask_maker(&mut self) {
        let Some(target) = self
            .drafts
            .first()
            .and_then(|kept| self.place_of(kept))
            .map(|place| place.target)
        else {
            return;
        };
        let known = self
            .session
            .as_ref()
            .is_some_and(|session| session.place.target == target)
            || self.drafts.callers.contains_key(&target);
        if known || self.core.settings.demo || target.is_loopback() {
            return;
        }
        let ticket = self.core.ask_quietly(Job::Caller { target: target.clone() });
        self.drafts.asking_caller = Some((ticket, target));
    }

    pub(in crate::app) fn take_maker(&mut self, ticket: Ticket, caller: Option<&Caller>) {
        let asked = self.drafts.asking_caller.take_if(|(asked, _)| *asked == ticket);
        if let (Some((_, target)), Some(caller)) = (asked, caller) {
            self.drafts.callers.insert(target, caller.clone());
        }
    }

    /// The drafts of the list over the screen.
    pub fn listed_drafts<'a>(&'a self, list: &'a DraftList) -> Vec<&'a Kept> {
        match (&list.of, &self.session) {
            (Some(username), Some(session)) => self.drafts.of(&session.place, username).collect(),
            _ => self.drafts.left().iter().collect(),
        }
    }

    /// Enter, d, Esc and x where drafts are announced.
    pub(in crate::app) fn drafts_action(&mut self, action: Action) {
        match action {
            Action::ResumeDraft => {
                self.drafts.announced = false;
                match self.drafts.first().map(|kept| kept.id.clone()) {
                    Some(id) => self.resume(&id),
                    None => self.open_draft_list(None),
                }
            }
            Action::Drafts => {
                self.drafts.announced = false;
                self.open_draft_list(None);
            }
            Action::DraftsLater => {
                self.drafts.announced = false;
                self.core
                    .say(":drafts lists them; each is offered when its user is edited");
            }
            _ => self.core.say("d lists the drafts; x there throws one away"),
        }
    }

    pub(in crate::app) fn open_draft_list(&mut self, of: Option<Username>) {
        if !self.core.settings.drafts {
            return self.core.say("drafts are switched off in the configuration");
        }
        // Other consoles may have left some since, or taken some up.
        self.drafts.look(&mut self.core);
        self.overlay = Some(Overlay::Drafts(DraftList { cursor: 0, of }));
    }

    pub(in crate::app) fn draft_list_action(&mut self, mut list: DraftList, action: Action) {
        let listed = self.listed_drafts(&list);
        let count = listed.len();
        let at = list.cursor.min(count.saturating_sub(1));
        let chosen = listed.get(at).map(|kept| (kept.id.clone(), kept.edits()));
        match (action, chosen) {
            (Action::ResumeDraft | Action::Accept, Some((id, _))) => self.resume(&id),
            (Action::DropDraft, Some((id, count))) => {
                let kind = PromptKind::DropDraft { id, count };
                self.overlay = Some(Overlay::Prompt(Prompt::new(kind, self.core.mono)));
            }
            (Action::DraftsLater, _) | (_, None) => {
                if let (Some(username), Some(session)) = (&list.of, &self.session) {
                    let ids: Vec<DraftId> = self
                        .drafts
                        .of(&session.place, username)
                        .map(|kept| kept.id.clone())
                        .collect();
                    self.drafts.later.extend(ids);
                }
            }
            (action, Some(_)) => {
                list.cursor = moved(at, action, count);
                self.overlay = Some(Overlay::Drafts(list));
            }
        }
    }

    /// After the form of a user opened: what an earlier run left of it is offered before anything is typed.
    pub(in crate::app) fn offer_drafts(&mut self) {
        let Some(session) = &self.session else {
            self.drafts.offered_for = None;
            return;
        };
        let user = session.user.as_ref().filter(|_| session.view == View::User);
        if let Some(user) = user.map(|screen| &screen.user.username) {
            let key = (session.place.clone(), user.clone(), Route::Admin);
            let left = self.drafts.of(&session.place, user).next().map(edits);
            if let (Some(left), true) = (left, self.drafts.told_of.as_ref() != Some(&key)) {
                let line = format!("an earlier run left {left} of this user; the form offers them");
                self.core.say(line);
                self.drafts.told_of = Some(key);
            }
            return;
        }
        if session.view != View::Edit {
            self.drafts.offered_for = None;
            return;
        }
        let Some(edit) = &session.edit else {
            return;
        };
        let key = (session.place.clone(), edit.username.clone(), edit.route);
        if self.overlay.is_some() || self.drafts.offered_for.as_ref() == Some(&key) {
            return;
        }
        self.drafts.offered_for = Some(key);
        let untouched = session.edited_draft().is_none_or(|draft| !draft.is_worth_saving());
        let due = self.drafts.of(&session.place, &edit.username).any(|kept| {
            kept.draft.route == edit.route && !self.drafts.later.contains(&kept.id) && !self.drafts.is_taking(&kept.id)
        });
        if due && untouched {
            let username = edit.username.clone();
            self.overlay = Some(Overlay::Drafts(DraftList {
                cursor: 0,
                of: Some(username),
            }));
        }
    }

    /// Throws a listed draft away: its count was typed.
    pub(in crate::app) fn drop_draft(&mut self, id: DraftId) {
        let ticket = self.core.ask_quietly(Job::DiscardDraft { id: id.clone() });
        self.drafts.dropping = Some((ticket, id));
    }

    pub(in crate::app) fn dropped_draft(&mut self, ticket: Ticket, result: &Result<(), Untaken>) {
        let Some((_, id)) = self.drafts.dropping.take_if(|(asked, _)| *asked == ticket) else {
            return;
        };
        match result {
            Ok(()) => {
                self.drafts.drop_from_list(&id);
                self.core.say("the draft is thrown away");
            }
            Err(why) => self.say_untaken(&id, why),
        }
    }
}

/// `1 edit`, `3 edits`.
pub fn edits(kept: &Kept) -> String {
    let count = kept.edits();
    format!("{count} {}", plural(count, "edit"))
}
