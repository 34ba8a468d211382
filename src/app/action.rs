//! The one table of everything an operator can do: it feeds the key map, the hints, the help, the palette and the
//! README, so that none of them can say something the others do not.

/// Where the operator is, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// On every screen, unless a text field is open.
    Everywhere,
    /// Moving in anything that has rows.
    List,
    Pools,
    Users,
    User,
    Edit,
    Review,
    Journal,
    /// What the checks found, two users side by side, the values of a column.
    Audit,
    /// Drafts of earlier runs are announced or listed.
    Drafts,
    /// A field of the review has the focus: letters are text.
    ReviewField,
    Status,
    /// A value being edited in the form.
    Field,
    /// A one-line question over the screen: find, jump, a pool's id or name.
    Prompt,
    /// A list over the screen: help, palette, copy menu, an entry in full.
    Overlay,
}

impl Scope {
    pub const ALL: [Self; 15] = [
        Self::Everywhere,
        Self::List,
        Self::Pools,
        Self::Users,
        Self::User,
        Self::Edit,
        Self::Review,
        Self::Journal,
        Self::Audit,
        Self::Drafts,
        Self::ReviewField,
        Self::Status,
        Self::Field,
        Self::Prompt,
        Self::Overlay,
    ];

    /// The section of the key file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::List => "list",
            Self::Pools => "pools",
            Self::Users => "users",
            Self::User => "user",
            Self::Edit => "edit",
            Self::Review => "review",
            Self::Journal => "journal",
            Self::Audit => "audit",
            Self::Drafts => "drafts",
            Self::ReviewField => "review-field",
            Self::Status => "status",
            Self::Field => "field",
            Self::Prompt => "prompt",
            Self::Overlay => "overlay",
        }
    }

    /// Where its keys work, in the words of the help and the README.
    pub fn words(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::List => "in every list",
            Self::Pools => "in the list of pools",
            Self::Users => "in the list of users",
            Self::User => "on a user",
            Self::Edit => "in the form",
            Self::Review => "in the review",
            Self::Journal => "in the journal",
            Self::Audit => "in checks, comparisons and counts",
            Self::Drafts => "where drafts of earlier runs are announced or listed",
            Self::ReviewField => "in a field of the review",
            Self::Status => "in the status pane",
            Self::Field => "while a value is edited",
            Self::Prompt => "while something is asked",
            Self::Overlay => "in help, menus and entries",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Text goes into a field here, so letters are never commands.
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Field | Self::Prompt | Self::ReviewField)
    }
}

/// How careful the program is with a key that does this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Changes nothing.
    None,
    /// Changes pending edits on one letter, or decides about a write: acts only when it arrives alone in a read. What
    /// a torn paste brings never does.
    Alone,
    /// Confirms something: never in a read with a paste, never in the moment after a dialog opened.
    Confirms,
}

/// What an action needs to be there at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// A pool that may be written to: in read-only mode the key is not bound.
    Write,
}

/// One row of the table.
#[derive(Debug)]
pub struct Info {
    pub action: Action,
    /// Kebab-case: the name in the key file, the palette and the config.
    pub name: &'static str,
    /// One or two words for the line of hints.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
    pub scopes: &'static [Scope],
    pub danger: Danger,
    pub needs: Needs,
    /// How early it gives way in the line of hints: 0 is never shown there, 1 stays longest.
    pub rank: u8,
}

macro_rules! actions {
    ($($action:ident $name:literal [$($scope:ident)+] $danger:ident $needs:ident $rank:literal $hint:literal $help:literal;)+) => {
        /// Everything an operator can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($action),+ }

        /// The table, in the order help shows it.
        pub const ACTIONS: &[Info] = &[$(Info {
            action: Action::$action,
            name: $name,
            hint: $hint,
            help: $help,
            scopes: &[$(Scope::$scope),+],
            danger: Danger::$danger,
            needs: Needs::$needs,
            rank: $rank,
        }),+];

        impl Action {
            pub fn info(self) -> &'static Info {
                // The table is made from the same list as the enum, so the position is the discriminant.
                match self { $(Self::$action => {
                    const INFO: Info = Info {
                        action: Action::$action, name: $name, hint: $hint, help: $help,
                        scopes: &[$(Scope::$scope),+], danger: Danger::$danger, needs: Needs::$needs, rank: $rank,
                    };
                    &INFO
                })+ }
            }
        }
    };
}

actions! {
    Open "open" [Pools Users Journal Audit] None Nothing 1 "open" "Open what the cursor is on";
    Edit "edit" [Users User] None Write 2 "edit" "Edit this user's attributes, the e-mail first";
    Find "find" [Users Journal] None Nothing 3 "find" "Find a user: a name, an e-mail, a phone number or a sub; Enter asks the service. In the journal: narrow it by user, by, attr, outcome, reason, day, pool";
    Scan "scan" [Users Audit] None Nothing 3 "read all" "Read the whole pool, after saying what it costs; goes on where it was stopped";
    ReadOn "read-on" [Users] None Nothing 2 "read on" "Read on with a find where more match than were read: the next pages of what the service was asked";
    ReadGroups "groups" [Users] None Nothing 10 "groups" "Read who is in which group, after saying what it costs: the groups that the line asks for, else all";
    Mark "mark" [Users Overlay] None Nothing 4 "mark" "Mark this user, or take the mark away; among columns: choose one or not; in a form: the next choice";
    MarkAll "mark-all" [Users] None Nothing 0 "mark all" "Mark everybody who is listed, and say how much of the pool was not read; again takes the marks away";
    Sort "sort" [Users] None Nothing 10 "order" "Order the list by a column; by the same again, the other end first";
    Columns "columns" [Users Audit] None Nothing 10 "columns" "Choose the columns of the list; in the checks: the attributes that everybody should have";
    Export "export" [Users] None Nothing 10 "export" "Write users to a file of your own: who is listed, the marked ones or everybody loaded, as CSV, JSON Lines or a pool's import";
    View1 "view-1" [Users] None Nothing 0 "view 1" "Open the saved view with the key 1: its query, its columns and its order";
    View2 "view-2" [Users] None Nothing 0 "view 2" "Open the saved view with the key 2: its query, its columns and its order";
    View3 "view-3" [Users] None Nothing 0 "view 3" "Open the saved view with the key 3: its query, its columns and its order";
    View4 "view-4" [Users] None Nothing 0 "view 4" "Open the saved view with the key 4: its query, its columns and its order";
    View5 "view-5" [Users] None Nothing 0 "view 5" "Open the saved view with the key 5: its query, its columns and its order";
    View6 "view-6" [Users] None Nothing 0 "view 6" "Open the saved view with the key 6: its query, its columns and its order";
    View7 "view-7" [Users] None Nothing 0 "view 7" "Open the saved view with the key 7: its query, its columns and its order";
    View8 "view-8" [Users] None Nothing 0 "view 8" "Open the saved view with the key 8: its query, its columns and its order";
    View9 "view-9" [Users] None Nothing 0 "view 9" "Open the saved view with the key 9: its query, its columns and its order";
    Details "details" [User] None Nothing 3 "details (2 calls)" "Read what the list does not know: MFA and groups; AdminGetUser counts the user as monthly active";
    Lint "lint" [Users] None Nothing 8 "checks" "Check everybody who is loaded: twins, hidden characters, missing and odd values";
    Compare "compare" [Users Audit] None Nothing 3 "compare" "Compare two users attribute by attribute: on the first, then on the other; in the checks, with a twin";
    Breakdown "breakdown" [Users] None Nothing 10 "counts" "Count the values of a column among those that are listed: which there are, how often, and how many users have none";
    Account "account" [Users User] None Write 5 "steps" "Steps on the account: confirm, send a code or an invitation again, reset the password, enable, disable";
    ActAs "act-as-user" [Users User Edit] None Nothing 8 "act as" "Act as this user, with the user's own access token";
    StopActing "stop-acting" [Users User Edit] None Nothing 0 "stop acting" "Forget the access token of the user who is acted as";
    EnterCode "enter-code" [User Edit] None Write 7 "enter code" "Acting as the user: enter the code that an address or number waits for";
    SendCode "send-code" [User Edit] None Write 0 "send code" "Acting as the user: send that code again";
    ConfirmSignUp "confirm-sign-up" [Users User] None Write 0 "confirm sign-up" "Confirm the sign-up; it verifies nothing";
    ResendCode "resend-code" [Users User] None Write 0 "resend code" "Send the sign-up's confirmation code again";
    ResendInvitation "resend-invitation" [Users User] None Write 0 "resend invitation" "Send the invitation again, with a new temporary password";
    ResetPassword "reset-password" [Users User] None Write 0 "reset password" "Reset the password: nobody signs in until a new one is set";
    Enable "enable" [Users User] None Write 0 "enable" "Enable the account";
    Disable "disable" [Users User] None Write 0 "disable" "Disable the account, and revoke its tokens";
    Journal "journal" [Pools Users User] None Nothing 6 "journal" "What was changed, by whom and how it ended; undo from there";
    Undo "undo" [Journal] Alone Nothing 2 "undo" "Take the change back: its inverse as an ordinary draft; nothing is sent before the review";
    ReadBack "read-back" [Pools Users User Journal] Alone Nothing 4 "read back" "Read back the users of changes that ended unknown in an earlier run (AdminGetUser); nothing is sent";
    AllPools "all-pools" [Journal] None Nothing 5 "all pools" "From the entries of this pool to those of every pool, and back";
    ResumeDraft "resume-draft" [Drafts] Confirms Nothing 1 "resume" "Resume the draft: its user is read, and what moved since is decided in the review";
    Drafts "drafts" [Drafts Pools Users] None Nothing 2 "list" "List the drafts that earlier runs left";
    DropDraft "drop-draft" [Drafts] Alone Nothing 3 "throw away" "Throw the listed draft away; its count is typed";
    DraftsLater "later" [Drafts] None Nothing 4 "later" "Leave the drafts for later; nothing of them is lost";
    PastePool "paste-pool-id" [Pools] None Nothing 4 "paste a pool id" "Open a pool by its id";
    ToPools "pools" [Users User Edit Review] None Nothing 8 "pools" "Go to the list of pools";
    WriteMode "write-mode" [Users User] None Nothing 5 "write mode" "Switch between reading and writing; to write, the pool's name is typed";

    Change "change" [Edit] None Write 1 "change" "Change the value in place";
    Verified "verified" [Edit] Alone Write 2 "verified" "Choose who vouches for the contact: you, Cognito, or nobody";
    Delete "delete" [Edit] Alone Write 3 "delete" "Mark the attribute for deletion";
    PutBack "put-back" [Edit] Alone Write 4 "put back" "Put the attribute back to what it is now";
    Jump "jump" [Edit User] None Nothing 5 "jump" "Go to an attribute by its name";
    Unfold "unset" [Edit User] None Nothing 0 "unset" "Show or fold the attributes that are not set";
    Metadata "client-metadata" [Edit] Alone Write 7 "metadata" "Attach client metadata; it reaches Lambda triggers only and is not stored";
    Review "review" [Edit Field] None Write 6 "review" "Review the change before it is sent";
    Discard "discard" [Edit] None Write 0 "discard" "Throw this user's pending edits away";

    Take "take" [Field] Confirms Write 1 "take" "Take the value";
    TakeNext "take-next" [Field] Confirms Write 2 "take, next" "Take the value and go to the next row";
    GiveBack "give-back" [Field] None Write 3 "give back" "Leave the field; the value stays as it was";
    ExternalEditor "external-editor" [Field] None Write 4 "$EDITOR" "Edit the value in $VISUAL or $EDITOR";

    NextControl "next-control" [Review ReviewField] None Write 1 "next" "Go to the next field or button";
    PreviousControl "previous-control" [Review ReviewField] None Write 0 "previous" "Go to the previous field or button";
    Press "press" [Review ReviewField] Alone Write 2 "press" "Press the focused button, or take what was typed";
    KeepMine "keep-mine" [Review] Alone Write 3 "keep mine" "Someone changed it meanwhile: keep the pending value";
    TakeTheirs "take-theirs" [Review] Alone Write 4 "take theirs" "Someone changed it meanwhile: take the value that is there now";

    NextStep "next-step" [Status] None Nothing 1 "next step" "Do the next step the entry names; never a write";
    EntryInFull "entry" [Status] None Nothing 2 "in full" "Show the entry in full";

    Up "up" [List] None Nothing 0 "up" "One row up";
    Down "down" [List] None Nothing 0 "down" "One row down";
    PageUp "page-up" [List] None Nothing 0 "page up" "One page up";
    PageDown "page-down" [List] None Nothing 0 "page down" "One page down";
    HalfUp "half-page-up" [List] None Nothing 0 "half up" "Half a page up";
    HalfDown "half-page-down" [List] None Nothing 0 "half down" "Half a page down";
    Top "top" [List] None Nothing 0 "top" "The first row";
    Bottom "bottom" [List] None Nothing 0 "bottom" "The last row; at the end of what is loaded the next page is read";
    Left "left" [List] None Nothing 0 "left" "Scroll a long value to the left";
    Right "right" [List] None Nothing 0 "right" "Scroll a long value to the right";

    Faster "faster" [Overlay Users] None Nothing 2 "faster" "Before and while the whole pool or its groups are read: one request a second more";
    Slower "slower" [Overlay Users] None Nothing 2 "slower" "Before and while the whole pool or its groups are read: one request a second less";
    Accept "accept" [Prompt Overlay] Confirms Nothing 1 "take" "Take what was typed or chosen";
    NextField "next-field" [Overlay] None Nothing 3 "next" "In a form of several lines: go to the next one";
    Complete "complete" [Prompt] None Nothing 0 "complete" "Complete what was typed, where there is something to complete";
    Dismiss "dismiss" [Prompt Overlay] None Nothing 2 "close" "Close this and change nothing";
    FieldUndo "field-undo" [Field Prompt ReviewField] None Nothing 0 "undo" "Take back the last change of the field, a paste as a whole";

    Copy "copy" [Pools Users User Edit Review Journal Audit] None Nothing 6 "copy" "Copy a value, the username, the sub, the row, JSON, or the change as an aws command";
    Outbox "outbox" [Everywhere Prompt ReviewField] None Nothing 3 "outbox" "The demo's outbox: which messages people would have got";
    Retry "retry" [Everywhere Overlay] None Nothing 7 "refresh" "Read again, or try again what failed; pending edits stay";
    NextPane "next-pane" [Everywhere] None Nothing 0 "next pane" "Go to the status pane and back";
    PaneHeight "pane" [Everywhere] None Nothing 0 "pane height" "Make the status pane taller, up to half the screen, and small again";
    Palette "palette" [Everywhere] None Nothing 8 "actions" "Every action by name; :w is review, :q is back";
    Help "help" [Everywhere] None Nothing 7 "help" "Every key and what it does";
    Back "back" [Everywhere ReviewField] None Nothing 5 "back" "Undo the topmost thing: field, overlay, filter, screen; confirms nothing and loses nothing";
    Quit "quit" [Everywhere] Alone Nothing 9 "quit" "Back inside, quit at the top";
    Cancel "cancel" [Everywhere Field Prompt ReviewField Overlay] None Nothing 0 "cancel" "Cancel a field or dialog; at the top, a second one quits";
    Mask "mask" [Everywhere Field Prompt ReviewField Overlay] None Nothing 0 "mask" "Draw people's data as dots while somebody looks on, and show them again";
    Suspend "suspend" [Everywhere Field Prompt ReviewField Overlay] None Nothing 0 "suspend" "Stop the program until fg";
    Redraw "redraw" [Everywhere Field Prompt ReviewField Overlay] None Nothing 0 "redraw" "Draw the whole screen again";
}

impl Action {
    /// Whether it opens one of the views that the configuration holds.
    pub fn is_saved_view(self) -> bool {
        (Self::View1..=Self::View9).contains(&self)
    }

    pub fn parse(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|info| info.name == name).map(|info| info.action)
    }
}
