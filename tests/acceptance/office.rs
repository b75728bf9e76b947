//! Who works where, as the events of the half year tell it.

use serde_json::Value;

use crate::demo::events;

/// A member of staff.
#[derive(Clone, Debug)]
pub struct Member {
    /// Their stream, `staff/KEY`.
    pub stream: String,
    /// Organ or court.
    pub body: String,
    /// Role, by its stable name.
    pub role: &'static str,
    /// Phone, for one-time codes.
    pub phone: String,
    /// Name.
    pub name: String,
}

/// A role by its post in the roster; empty for posts that have none.
pub fn role(post: &str) -> &'static str {
    match post {
        "经办人" => "clerk",
        "调解员" => "mediator",
        "分管负责人" => "leader",
        "督察员" => "supervisor",
        "考核员" => "assessor",
        "审判员" => "judge",
        "书记员" => "court_clerk",
        post if post.starts_with("工作室") => "studio",
        _ => "",
    }
}

/// A text inside a body.
pub fn text<'a>(body: &'a Value, path: &str) -> &'a str {
    body.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// All members of staff, as they were entered last.
pub fn members() -> Vec<Member> {
    members_in(&events().1)
}

/// The same from other events.
pub fn members_in(events: &[Value]) -> Vec<Member> {
    let mut out: Vec<Member> = Vec::new();
    for event in events {
        let profile = &event["body"]["profile"];
        if text(event, "/stream").starts_with("staff/") && profile.is_object() {
            let member = Member {
                stream: text(event, "/stream").to_owned(),
                body: text(profile, "/body").to_owned(),
                role: role(text(profile, "/post")),
                phone: text(profile, "/phone").to_owned(),
                name: text(profile, "/name").to_owned(),
            };
            out.retain(|m| m.stream != member.stream);
            out.push(member);
        }
    }
    out
}

/// Somebody with a role in an organ or court.
pub fn member(body: &str, role: &str) -> Member {
    let found = members().into_iter().find(|m| m.body == body && m.role == role);
    found.unwrap_or_else(|| panic!("no {role} in `{body}`"))
}
