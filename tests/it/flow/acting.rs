//! Signing in as a user and acting with the token: keys through the real loop, desk and SDK onto the emulator.

mod challenges;
mod drafts;
mod own_form;
mod places;
mod start;
mod ways;

use cognitui::app::session::View;
use cognitui::domain::sign_in::Flow;
use cognitui::domain::{Raw, Route};
use cognitui::emulator::{Client, PoolSeed, Seed, User};

use super::scene::CUSTOMERS;
use super::stage::{Setup, Stage};

const PASSWORD: &str = "Demo-passw0rd";
const OTHER: &str = "Other-passw0rd-9";
const JANE: &str = "jane.doe";

/// A pool in which every way of signing in can be tried.
fn seed(user: User) -> Seed {
    let pool = PoolSeed::new(CUSTOMERS, "customers")
        .auto_verified(&["email"])
        .sms()
        .set(|settings| settings.mfa = "OPTIONAL".into())
        .client(Client::new("web"))
        .client(
            Client::new("backend")
                .secret("1example2secret3of4the5demo6client7backend8not9secret")
                .flows(&["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"]),
        )
        .client(Client::new("server").flows(&["ADMIN_NO_SRP_AUTH"]))
        .client(Client::new("narrow").writes(&["email"]))
        .client(Client::new("srp-only").flows(&["ALLOW_USER_SRP_AUTH"]))
        .user(user)
        .user(User::new("bob").password(PASSWORD).verified_email("bob@example.com"));
    Seed::empty().pool(pool)
}

fn jane() -> User {
    User::new(JANE)
        .password(PASSWORD)
        .verified_email("jane@example.com")
        .verified_phone("+15555550100")
        .with("name", "Jane Doe")
}

fn opened(user: User) -> Setup {
    Setup::new(seed(user), &[CUSTOMERS])
        .change(|settings| settings.user = Some(Raw::from(JANE)))
        .size(100, 40)
}

impl Stage {
    /// Goes to a row of the list that is chosen from, and takes it.
    #[track_caller]
    fn choose(&mut self, row: &str) -> &mut Self {
        for _ in 0..20 {
            if self.row_with(row).starts_with('>') {
                return self.keys("<enter>");
            }
            self.keys("j");
        }
        panic!("{row} is not to be chosen:\n{}", self.screen());
    }

    /// To the password of the user in front.
    fn goes_to_password(&mut self, flow: Flow, client: &str) -> &mut Self {
        self.keys("T");
        self.shows("Sign in as");
        self.shows("Never ask a customer for a password");
        self.choose(&format!("a password, {}", flow.name()));
        self.choose(&format!("{client}  "));
        self.shows("Never ask a customer for a password");
        self.shows("Password");
        self
    }

    fn sign_in(&mut self, client: &str) -> &mut Self {
        self.goes_to_password(Flow::UserPassword, client)
            .keys(&format!("{PASSWORD}<enter>"))
    }

    /// The code of the newest message.
    fn code(&self) -> String {
        self.outbox().pop().and_then(|message| message.code).expect("a code")
    }

    #[track_caller]
    fn acts_in_the_own_form(&self) {
        self.shows("Edit AS THE USER jane.doe");
        let session = self.app().session.as_ref().unwrap();
        let edit = session.edit.as_ref().unwrap();
        assert_eq!((session.view, edit.route), (View::Edit, Route::Own));
        assert!(edit.read.ready().is_some(), "the reading of the sign-in is the base");
        assert_eq!(self.calls("GetUser").len(), 1, "and it is not read twice");
        assert!(
            self.calls("AdminGetUser").is_empty(),
            "nobody is counted as active for it"
        );
    }

    #[track_caller]
    fn signs_in_still(&self) {
        let session = self.app().session.as_ref().unwrap();
        assert_eq!(session.view, View::SignIn, "{}", self.screen());
        assert!(session.acting.is_none());
    }

    /// Neither state nor screen nor journal nor status holds one of these.
    #[track_caller]
    fn keeps_none_of(&self, secrets: &[&str]) {
        let journal: String = self.journal().iter().map(ToString::to_string).collect();
        let told: String = self
            .entries()
            .iter()
            .map(|entry| format!("{entry:?} {} {:?}", entry.line.plain(), entry.more))
            .collect();
        let all = [format!("{:?}", self.app()), self.screen(), journal, told];
        for secret in secrets {
            for (at, place) in all.iter().enumerate() {
                assert!(!place.contains(secret), "{at} holds a secret");
            }
        }
    }

    #[track_caller]
    fn signs_in_again(&self) {
        assert_eq!(
            self.app().session.as_ref().unwrap().view,
            View::SignIn,
            "{}",
            self.screen()
        );
        self.shows("Sign in as jane.doe");
    }
}
