//! As much of a page as a visitor without a browser must read: forms, links, addresses.

/// A form with what it would send when nothing is changed.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where it posts to.
    pub action: String,
    /// Names and values, in order.
    pub values: Vec<(String, String)>,
}

impl Form {
    /// With another value in place of what was there.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.values.retain(|(key, _)| key != name);
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A value; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// The tags of a page with a name, each as its text between the brackets, and what follows it up to the next one.
fn tags<'a>(page: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    page.split('<').filter_map(move |part| {
        let (tag, after) = part.split_once('>')?;
        let rest = tag.strip_prefix(name)?;
        (rest.is_empty() || rest.starts_with([' ', '\n', '/'])).then_some((tag, after))
    })
}

/// A value of an attribute, with its escapes undone.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag.get(at..)?.split('"').next()?;
    Some(unescape(value))
}

/// Undoes the escapes of a page.
pub fn unescape(text: &str) -> String {
    let named = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let mut out = String::new();
    let mut parts = named.split("&#");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let number = part.split_once(';').and_then(|(n, rest)| Some((char::from_u32(n.parse().ok()?)?, rest)));
        match number {
            Some((letter, rest)) => {
                out.push(letter);
                out.push_str(rest);
            }
            None => {
                out.push_str("&#");
                out.push_str(part);
            }
        }
    }
    out.replace("&amp;", "&")
}

/// All forms of a page.
pub fn forms(page: &str) -> Vec<Form> {
    page.split("<form").skip(1).map(|part| form(part.split("</form").next().unwrap_or_default())).collect()
}

fn form(part: &str) -> Form {
    let (head, inside) = part.split_once('>').unwrap_or_default();
    let mut form = Form { action: attribute(head, "action").unwrap_or_default(), values: Vec::new() };
    for (tag, _) in tags(inside, "input") {
        let kind = attribute(tag, "type").unwrap_or_default();
        let unchosen = matches!(kind.as_str(), "radio" | "checkbox") && !tag.ends_with("checked");
        if let Some(name) = attribute(tag, "name").filter(|_| !unchosen && kind != "file") {
            form.values.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for (tag, text) in tags(inside, "textarea") {
        form.values.extend(attribute(tag, "name").map(|name| (name, unescape(text.trim_start_matches('\n')))));
    }
    for (at, _) in inside.match_indices("<select") {
        let select = inside.get(at + 1..).and_then(|s| s.split("</select").next()).unwrap_or_default();
        let name = select.split('>').next().and_then(|tag| attribute(tag, "name"));
        let chosen = tags(select, "option").find(|(tag, _)| tag.ends_with("selected"));
        let value = chosen.and_then(|(tag, _)| attribute(tag, "value")).unwrap_or_default();
        form.values.extend(name.map(|name| (name, value)));
    }
    form
}

/// Every address that a page names, by any attribute.
pub fn addresses(page: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for part in page.split('<') {
        let Some((tag, _)) = part.split_once('>') else { continue };
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        for attr in ["href", "src", "action", "srcset", "poster", "data", "formaction"] {
            out.extend(attribute(tag, attr).map(|value| (format!("{name} {attr}"), value)));
        }
    }
    out
}

/// The text of a page without its tags.
pub fn words(page: &str) -> String {
    let mut out = String::new();
    for part in page.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        out.push_str(&unescape(text));
        out.push(' ');
    }
    out
}

/// The rows of a page's tables, each as the words of its cells.
pub fn rows(page: &str) -> Vec<Vec<String>> {
    let cells = |row: &str| row.split("<td").skip(1).map(cell).collect::<Vec<_>>();
    page.split("<tr").skip(1).map(cells).filter(|row| !row.is_empty()).collect()
}

fn cell(part: &str) -> String {
    let inner = part.split_once('>').map_or("", |(_, rest)| rest);
    words(inner.split("/td>").next().unwrap_or_default()).trim().to_owned()
}
