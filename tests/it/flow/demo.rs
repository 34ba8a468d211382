//! The demo's pools by name, and questions about what was asked of the service.

use cognitui::app::session::{Session, View};
use serde_json::Value;

use super::stage::Stage;

/// Kind B, e-mail as an alias, the cast, and everything hostile.
pub const CUSTOMERS: &str = "us-east-1_aB3dE5fGh";
pub const SHOP: &str = "us-east-1_Sh0pPr0d1";
pub const STAFF: &str = "us-east-1_StaffAbc1";
/// Most people of it come from an identity provider.
pub const PARTNERS: &str = "us-east-1_pArTnErS1";
/// A name with blanks of every kind.
pub const ODD: &str = "us-east-1_lEgAcY019";
/// A pool without users.
pub const BARE: &str = "us-east-1_nEwP00l00";

impl Stage {
    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> usize {
        self.calls(operation).len()
    }

    /// The filters of every search, in order.
    pub fn filters(&self) -> Vec<String> {
        self.calls("ListUsers")
            .iter()
            .filter_map(|body| body.get("Filter").and_then(Value::as_str))
            .map(str::to_owned)
            .collect()
    }

    pub fn session(&self) -> &Session {
        self.app().session.as_ref().expect("an open pool")
    }

    pub fn view(&self) -> View {
        self.session().view
    }

    /// The usernames that are listed now.
    pub fn listed(&self) -> Vec<String> {
        let users = &self.session().users;
        let rows = users.listed().iter();
        rows.map(|row| users.roster.rows().get(row).expect("a row").username().into_owned())
            .collect()
    }

    /// Everybody that was loaded, as read last.
    pub fn loaded(&self) -> Vec<std::sync::Arc<cognitui::domain::User>> {
        let rows = self.session().users.roster.rows();
        rows.iter().map(|(_, row)| row.to_user()).collect()
    }

    /// The user whose screen is in front.
    #[track_caller]
    pub fn open_user(&self) -> &str {
        assert_eq!(self.view(), View::User, "{}", self.screen());
        self.session()
            .user
            .as_ref()
            .expect("an open user")
            .user
            .username
            .as_str()
    }

    /// The line of hints.
    pub fn hints(&self) -> String {
        self.screen().lines().last().expect("a last line").to_owned()
    }

    /// The first line.
    pub fn header(&self) -> String {
        self.screen().lines().next().expect("a first line").to_owned()
    }
}
