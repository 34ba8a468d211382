//! What the pieces of the screen mean, in one table, so that a theme can be complete and no meaning hangs on colour alone.

use std::str::FromStr;

/// One table makes every role: its name in theme files, the role it falls back to, and what says the same without colour.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal < $parent:ident, $mark:literal;)+) => {
        /// What a piece of the screen means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[$doc])* $role,)+ }

        impl Role {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$role),+];

            /// Its key in a theme file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$role => $name,)+ }
            }

            /// What says the same without colour: a word, a mark or a place on the screen.
            pub fn mark(self) -> &'static str {
                match self { $(Self::$role => $mark,)+ }
            }

            /// The role it looks like when a theme does not say.
            pub(super) fn parent(self) -> Self {
                match self { $(Self::$role => Self::$parent,)+ }
            }
        }
    };
}

roles! {
    /// Everything that means nothing else; the root of all roles.
    Text = "text" < Text, "it has no meaning of its own";
    /// Less important than what stands beside it: request ids, durations, what is folded.
    Muted = "muted" < Text, "place: the end of its line";
    /// The line with pool, account and mode.
    Header = "header" < Text, "place: the first line";
    /// The band of the demo.
    Band = "band" < Header, "the word DEMO";
    /// A protected pool.
    Protected = "protected" < Header, "the word PROTECTED";
    /// Nothing can be changed.
    ReadOnly = "read-only" < Header, "the words read only";
    /// The line that says what a pane holds.
    Title = "title" < Text, "place, and -- around it";
    /// Title of the pane that has the keys. Reversed.
    TitleFocused = "title-focused" < Title, "it says so, and the cursor is below it";
    /// The line between two parts.
    Rule = "rule" < Title, "the dashes themselves";
    /// Names of columns.
    Columns = "columns" < Muted, "capitals, above the first row";
    Row = "row" < Text, "it has no meaning of its own";
    /// The row with the cursor.
    Selected = "selected" < Row, "> and the cursor";
    /// A row with pending edits kept.
    Drafted = "drafted" < Changed, "d";
    /// An edit that will be sent.
    Changed = "changed" < Row, "~";
    /// Sent although its value stays the same.
    Same = "same" < Changed, "=";
    /// An attribute that will be deleted.
    Delete = "delete" < Changed, "- and the word (delete)";
    /// A value that will be refused.
    Problem = "problem" < Row, "! and a sentence";
    /// A value that cannot be edited.
    Locked = "locked" < Muted, "the word locked, with the reason";
    /// The value before, in a review.
    Before = "before" < Delete, "-";
    /// The value after, in a review.
    After = "after" < Changed, "+";
    /// Stands for a character that cannot be shown.
    Token = "token" < Text, "\\u{..}";
    /// Something was left out.
    Cut = "cut" < Muted, "..";
    /// What a search matched.
    Matched = "matched" < Text, "only such rows are listed";
    /// The part of a value that is not as in the other.
    Differs = "differs" < Matched, "^^^^ below it";
    /// A key in the hints.
    HintKey = "hint-key" < Text, "place: before its word";
    Hint = "hint" < Muted, "place: the last line";
    /// It is done and read back.
    Good = "good" < Text, "the word applied";
    /// Accepted; a code must be entered first.
    Waiting = "waiting" < Text, "the word WAITING";
    /// The service said no, or nothing was sent.
    Refused = "refused" < Text, "the words REFUSED, NOT SENT, FAILED";
    /// It may have been applied, or another value is there.
    Unknown = "unknown" < Text, "the words UNKNOWN, DIFFERS";
    /// A field that can be typed in.
    Input = "input" < Text, "brackets or underline, and its label";
    /// The field that is being typed in.
    InputFocused = "input-focused" < Input, "the word EDITING, and the cursor";
    Button = "button" < Text, "[ ]";
    /// The button that Enter presses.
    ButtonFocused = "button-focused" < Button, "the cursor on it";
    /// A window over the screen.
    Overlay = "overlay" < Text, "its frame";
}

impl FromStr for Role {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or(())
    }
}
