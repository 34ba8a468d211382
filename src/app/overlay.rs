//! What lies over a screen: one thing at a time, so that no popup needs a field of its own.

mod export;
mod metadata;
mod outbox;
mod scan;
mod steps;

use std::time::Duration;

pub use self::metadata::{parse_metadata, write_metadata};
pub use self::outbox::Outbox;
pub use self::steps::Steps;
use super::action::{ACTIONS, Action, Scope};
use super::drafts::DraftList;
use super::field::Field;
use super::keymap::Chord;
use super::screen::users::{ColumnList, ExportForm, ScanQuestion};
use super::status::Entry;
use super::{App, Effect};
use crate::domain::draft::saved::DraftId;
use crate::domain::{PoolId, Raw};

/// One thing over the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// Every key, those of the screen below first; what is typed narrows them.
    Help {
        scopes: Vec<Scope>,
        search: Field,
        scroll: usize,
    },
    Prompt(Prompt),
    /// Things to copy; what was sent stays on the screen to select.
    Copy {
        items: Vec<CopyItem>,
        cursor: usize,
        sent: Option<usize>,
        opened: Duration,
    },
    /// A status entry in full.
    Entry {
        entry: Box<Entry>,
        scroll: usize,
    },
    /// The steps on an account, to choose one to review.
    Steps(Steps),
    /// What reading the whole pool costs, before it is begun.
    Scan(ScanQuestion),
    /// Columns of the list of users.
    Columns(ColumnList),
    /// What is written to a file, and to which.
    Export(Box<ExportForm>),
    /// Drafts of earlier runs, to resume one or throw it away.
    Drafts(DraftList),
    /// What people would have got, newest first.
    Outbox(Outbox),
}

impl Overlay {
    pub fn help(scopes: Vec<Scope>) -> Self {
        Self::Help {
            scopes,
            search: Field::default(),
            scroll: 0,
        }
    }

    /// Takes a key of editing, for overlays that are typed into.
    pub fn key(&mut self, chord: Chord) -> bool {
        match self {
            Self::Prompt(prompt) => prompt.key(chord),
            Self::Export(form) => form.key(chord),
            Self::Help { search, scroll, .. } => match movement(chord) {
                Some(action) => {
                    *scroll = moved(*scroll, action, ACTIONS.len().saturating_mul(3));
                    true
                }
                None => {
                    *scroll = 0;
                    search.key(chord)
                }
            },
            Self::Copy { .. }
            | Self::Entry { .. }
            | Self::Steps(_)
            | Self::Scan(_)
            | Self::Columns(_)
            | Self::Drafts(_)
            | Self::Outbox(_) => false,
        }
    }

    /// The field that text goes into.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Prompt(prompt) => Some(&mut prompt.field),
            Self::Help { search, .. } => Some(search),
            Self::Export(_)
            | Self::Copy { .. }
            | Self::Entry { .. }
            | Self::Steps(_)
            | Self::Scan(_)
            | Self::Columns(_)
            | Self::Drafts(_)
            | Self::Outbox(_) => None,
        }
    }
}

/// Something that can be copied.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyItem {
    pub name: &'static str,
    pub text: Raw,
}

/// What a prompt asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// Any action by name.
    Palette,
    /// A pool's id, to open it.
    PoolId,
    /// The open pool's name, to write to it.
    PoolName,
    /// An attribute's name, to go there.
    Jump,
    /// Client metadata as `key=value, key=value`.
    Metadata,
    /// Whether the pending edits of this user are thrown away: their count is typed.
    Discard { count: usize },
    /// Whether a draft of an earlier run is thrown away: its count is typed.
    DropDraft { id: DraftId, count: usize },
}

/// A one-line question.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    pub kind: PromptKind,
    pub field: Field,
    /// The choice of the palette the cursor is on.
    pub cursor: usize,
    /// What was wrong with what was typed.
    pub problem: Option<&'static str>,
    pub opened: Duration,
}

impl Prompt {
    pub fn new(kind: PromptKind, opened: Duration) -> Self {
        Self {
            kind,
            field: Field::default(),
            cursor: 0,
            problem: None,
            opened,
        }
    }

    /// Takes a key of editing.
    pub fn key(&mut self, chord: Chord) -> bool {
        let Some(delta) = up_or_down(chord).filter(|_| self.kind == PromptKind::Palette) else {
            self.problem = None;
            self.cursor = 0;
            return self.field.key(chord);
        };
        self.cursor = self.cursor.saturating_add_signed(delta);
        true
    }

    /// The action of the palette that the cursor is on.
    pub fn chosen(&self, app: &App) -> Option<Action> {
        if self.kind != PromptKind::Palette {
            return None;
        }
        self.palette(app).get(self.cursor).copied()
    }

    /// Actions whose name begins with or holds what was typed, best first. `w` and `q` are what they are elsewhere.
    pub fn palette(&self, app: &App) -> Vec<Action> {
        let typed = self.field.text().trim();
        let known = match typed {
            "w" => Some(Action::Review),
            "q" => Some(Action::Back),
            "q!" => Some(Action::Discard),
            _ => None,
        };
        let scopes = app.scopes_of_screen();
        let here =
            |action: Action| app.offers(action) && action.info().scopes.iter().any(|scope| scopes.contains(scope));
        let mut found: Vec<(u8, Action)> = ACTIONS
            .iter()
            .filter(|info| here(info.action))
            .filter_map(|info| {
                let rank = if known == Some(info.action) {
                    0
                } else if typed == "w" {
                    // Who types `:w` means to review, not the first action that begins so.
                    return None;
                } else if info.name.starts_with(typed) {
                    1
                } else if info.name.contains(typed) {
                    2
                } else if info.help.to_lowercase().contains(&typed.to_lowercase()) {
                    3
                } else {
                    return None;
                };
                Some((rank, info.action))
            })
            .collect();
        found.sort();
        found.into_iter().map(|(_, action)| action).collect()
    }
}

/// Rows and pages, where letters are text.
fn movement(chord: Chord) -> Option<Action> {
    use super::keymap::Key;
    match chord.key {
        Key::Up => Some(Action::Up),
        Key::Down => Some(Action::Down),
        Key::PageUp => Some(Action::PageUp),
        Key::PageDown => Some(Action::PageDown),
        _ => None,
    }
}

fn up_or_down(chord: Chord) -> Option<isize> {
    match chord.key {
        super::keymap::Key::Up => Some(-1),
        super::keymap::Key::Down => Some(1),
        _ => None,
    }
}

impl App {
    pub(super) fn overlay_action(&mut self, action: Action) {
        let Some(overlay) = self.overlay.take() else {
            return;
        };
        match (overlay, action) {
            (Overlay::Export(form), action) => self.export_form_action(*form, action),
            (_, Action::Dismiss | Action::Cancel | Action::Back | Action::Quit) => {}
            // One thing lies over a screen, and what is typed into it stays.
            (overlay, Action::Outbox) => self.overlay = Some(overlay),
            (Overlay::Prompt(prompt), Action::Accept) => self.accept(prompt),
            (Overlay::Prompt(mut prompt), Action::FieldUndo) => {
                prompt.field.undo();
                self.overlay = Some(Overlay::Prompt(prompt));
            }
            (Overlay::Prompt(mut prompt), Action::Complete) => {
                self.complete(&mut prompt);
                self.overlay = Some(Overlay::Prompt(prompt));
            }
            (
                Overlay::Copy {
                    items, cursor, opened, ..
                },
                Action::Accept,
            ) => {
                if self.core.settings.clipboard_off.is_none()
                    && !self.core.too_soon(opened)
                    && let Some(item) = items.get(cursor)
                {
                    self.core.effect(Effect::Copy(item.text.clone()));
                    self.overlay = Some(Overlay::Copy {
                        items,
                        cursor,
                        sent: Some(cursor),
                        opened,
                    });
                } else {
                    self.overlay = Some(Overlay::Copy {
                        items,
                        cursor,
                        sent: None,
                        opened,
                    });
                }
            }
            (
                Overlay::Copy {
                    items,
                    cursor,
                    sent,
                    opened,
                },
                action,
            ) => {
                let cursor = moved(cursor, action, items.len());
                self.overlay = Some(Overlay::Copy {
                    items,
                    cursor,
                    sent,
                    opened,
                });
            }
            (
                Overlay::Help {
                    scopes,
                    mut search,
                    scroll,
                },
                Action::FieldUndo,
            ) => {
                search.undo();
                self.overlay = Some(Overlay::Help { scopes, search, scroll });
            }
            (Overlay::Entry { entry, scroll }, action) if action != Action::Accept => {
                let scroll = moved(scroll, action, 200);
                self.overlay = Some(Overlay::Entry { entry, scroll });
            }
            (Overlay::Drafts(list), action) => self.draft_list_action(list, action),
            (Overlay::Columns(list), action) => {
                if let Some(session) = &mut self.session {
                    let list = session.columns_action(list, action, &mut self.core);
                    self.overlay = list.map(Overlay::Columns);
                }
            }
            (Overlay::Scan(question), action) => self.scan_action(question, action),
            (Overlay::Steps(steps), action) => self.steps_action(steps, action),
            (Overlay::Outbox(outbox), action) => self.outbox_action(outbox, action),
            (Overlay::Help { .. } | Overlay::Entry { .. }, _) => {}
            (prompt @ Overlay::Prompt(_), _) => self.overlay = Some(prompt),
        }
    }

    fn complete(&mut self, prompt: &mut Prompt) {
        match prompt.kind {
            PromptKind::Palette => {
                if let Some(action) = prompt.chosen(self) {
                    prompt.field = Field::new(action.info().name);
                    prompt.cursor = 0;
                }
            }
            PromptKind::Jump => {
                if let Some(session) = &self.session
                    && let Some(name) = session.jump_target(prompt.field.text())
                {
                    prompt.field = Field::new(name.as_str());
                }
            }
            _ => {}
        }
    }

    fn accept(&mut self, mut prompt: Prompt) {
        // What only finds or opens something may be as quick as the fingers.
        let confirms = matches!(
            prompt.kind,
            PromptKind::PoolName | PromptKind::Discard { .. } | PromptKind::DropDraft { .. }
        );
        if confirms && self.core.too_soon(prompt.opened) {
            self.core.say("that key came too soon after this opened; press again");
            self.overlay = Some(Overlay::Prompt(prompt));
            return;
        }
        let typed = prompt.field.text().trim().to_owned();
        let problem = match &prompt.kind {
            PromptKind::Palette => match prompt.chosen(self) {
                Some(action) => {
                    self.act(action);
                    None
                }
                None => Some("no action of that name here"),
            },
            PromptKind::PoolId => {
                let id = PoolId::new(typed);
                if id.is_plain() && id.as_str().contains('_') {
                    self.open_pool_id(id);
                    None
                } else {
                    Some("that is no pool id; it looks like us-east-1_aB3dE5fGh")
                }
            }
            PromptKind::PoolName => match &mut self.session {
                Some(session) => session.name_typed(prompt.field.text(), &mut self.core).err(),
                None => None,
            },
            PromptKind::Jump => match &mut self.session {
                Some(session) => session.jump(&typed).err(),
                None => None,
            },
            PromptKind::Metadata => match (parse_metadata(&typed), &mut self.session) {
                (Ok(metadata), Some(session)) => {
                    session.set_metadata(metadata);
                    None
                }
                (Ok(_), None) => None,
                (Err(problem), _) => Some(problem),
            },
            PromptKind::DropDraft { id, count } => {
                if typed == count.to_string() {
                    self.drop_draft(id.clone());
                    None
                } else {
                    Some("type the count to throw the draft away, or Esc to keep it")
                }
            }
            PromptKind::Discard { count } => {
                if typed == count.to_string() {
                    if let Some(session) = &mut self.session {
                        session.discard(&mut self.core);
                    }
                    None
                } else {
                    Some("type the count to throw the edits away, or Esc to keep them")
                }
            }
        };
        if let Some(problem) = problem {
            prompt.problem = Some(problem);
            self.overlay = Some(Overlay::Prompt(prompt));
        }
    }
}

/// A cursor after a movement in `count` rows.
pub fn moved(cursor: usize, action: Action, count: usize) -> usize {
    const PAGE: usize = 10;
    let last = count.saturating_sub(1);
    match action {
        Action::Up => cursor.saturating_sub(1),
        Action::Down => cursor.saturating_add(1).min(last),
        Action::PageUp => cursor.saturating_sub(PAGE),
        Action::HalfUp => cursor.saturating_sub(PAGE / 2),
        Action::PageDown => cursor.saturating_add(PAGE).min(last),
        Action::HalfDown => cursor.saturating_add(PAGE / 2).min(last),
        Action::Top => 0,
        Action::Bottom => last,
        _ => cursor,
    }
}
