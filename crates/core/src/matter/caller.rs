//! How somebody can be reached who called and gave no name: kept until the person is entered.

use serde::{Deserialize, Serialize};

use super::Registered;
use crate::Personal;

/// A caller without a name. Their words and what is known of them belong to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal<String>>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Personal<String>>,
}

impl Caller {
    /// One of whom something is known.
    pub fn reached_at(phone: Option<Personal<String>>, address: Option<Personal<String>>) -> Option<Box<Self>> {
        (phone.is_some() || address.is_some()).then(|| Box::new(Self { phone, address }))
    }
}

impl Registered {
    /// Phone and address of who calls, with or without a name.
    pub fn caller_at(&self) -> [Option<&Personal<String>>; 2] {
        match (&self.complainant, &self.caller) {
            (Some(named), _) => [named.phone.as_ref(), named.address.as_ref()],
            (None, Some(caller)) => [caller.phone.as_ref(), caller.address.as_ref()],
            (None, None) => [None, None],
        }
    }

    /// A later export says how who calls can be reached.
    pub(super) fn reach_caller(&mut self, phone: Option<Personal<String>>, address: Option<Personal<String>>) {
        match &mut self.complainant {
            Some(named) => (named.phone, named.address) = (phone, address),
            None => self.caller = Caller::reached_at(phone, address),
        }
    }
}
