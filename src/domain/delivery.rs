//! What the service itself reports about a message it sent: CodeDeliveryDetails, exactly as returned.

use super::attribute::Contact;
use super::raw::Raw;
use super::sentence::Sentence;
use crate::say;

/// One entry of CodeDeliveryDetailsList. Every member may be absent in the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeDelivery {
    /// AttributeName: what the code is for.
    pub attribute: Option<Raw>,
    /// DeliveryMedium: `SMS` or `EMAIL`.
    pub medium: Option<Raw>,
    /// Destination, which the service masks.
    pub destination: Option<Raw>,
}

impl CodeDelivery {
    /// `reported: EMAIL to j***@e*** for email`: the service's own words.
    pub fn sentence(&self) -> Sentence {
        let or = |raw: &Option<Raw>, absent: &str| raw.clone().unwrap_or_else(|| Raw::from(absent));
        let medium = or(&self.medium, "by a way not told");
        let destination = or(&self.destination, "a destination not told");
        let attribute = or(&self.attribute, "an attribute not told");
        say!(
            "reported: ",
            name & medium,
            " to ",
            raw & destination,
            " for ",
            name & attribute
        )
    }

    /// The contact that the code is for, where the answer says so.
    pub fn contact(&self) -> Option<Contact> {
        let attribute = self.attribute.as_ref()?;
        Contact::ALL
            .into_iter()
            .find(|contact| contact.name() == attribute.as_str())
    }
}
