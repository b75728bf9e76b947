//! E-mail addresses.

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width, text_value};

/// An e-mail address as people have one: a name, `@`, and a domain of letters, digits, hyphens and dots.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);
text_value!(Email);

/// The longest address (RFC 5321).
const LONGEST: usize = 254;

impl Email {
    /// Reads an address; full-width forms become plain ones, the domain small.
    ///
    /// # Errors
    /// Not an address to which a message can be sent.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = half_width(text).trim().to_owned();
        if text.is_empty() {
            return Err(ValueError::Empty);
        }
        let Some((name, domain)) = text.rsplit_once('@') else { return Err(ValueError::NotAnEmail) };
        let good_name = !name.is_empty()
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..")
            && name.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        let part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let good_domain = domain.contains('.') && domain.split('.').all(part);
        if !good_name || !good_domain || text.len() > LONGEST {
            return Err(ValueError::NotAnEmail);
        }
        Ok(Self(format!("{name}@{}", domain.to_lowercase())))
    }

    /// With most of the name hidden: `z***@example.com`.
    pub fn masked(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((name, domain)) => format!("{}***@{domain}", name.chars().take(1).collect::<String>()),
            None => "***".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_however_it_is_typed_and_shown_without_its_name() {
        let email = Email::parse(" Zhao.Yi＠Example.COM ").unwrap();
        assert_eq!(email.as_str(), "Zhao.Yi@example.com");
        assert_eq!(email.masked(), "Z***@example.com");
    }

    #[test]
    fn what_no_message_can_be_sent_to_is_refused() {
        for text in ["zhao", "zhao@", "@example.com", "zhao@example", "zhao yi@example.com", "z@-a.com", "a..b@c.cn"] {
            assert_eq!(Email::parse(text), Err(ValueError::NotAnEmail), "{text}");
        }
        assert_eq!(Email::parse(" "), Err(ValueError::Empty));
    }
}
