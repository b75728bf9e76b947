//! Messages that go out with papers, in the outbox until a messenger takes them.

use serde_json::Value;
use yanhe_core::paper;

use crate::App;
use yanhe_journal::sealed;

/// The text of a message about a paper: short, whom to call, and how to come in. Nothing about the dispute itself:
/// several people may share a phone.
pub fn text(app: &App, state: &paper::State) -> String {
    let issued = &state.issued;
    let organ = app.pack.body_name(&issued.paper.issuer);
    let name = app.pack.paper_name(&issued.paper.kind);
    match issued.access.is_empty() {
        false => format!(
            "【{organ}】您有一份《{name}》{}。行政调解自愿、免费。打开 {}/l 输入编码 {} 查看和办理，或到窗口办理。",
            issued.paper.number,
            app.portal,
            dashed(&issued.access)
        ),
        true => format!("【{organ}】您有一份《{name}》{}，请登录 {} 查看。", issued.paper.number, app.portal),
    }
}

/// A code as people read it: four characters, a dash, the rest.
pub fn dashed(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}-{rest}"),
        _ => code.to_owned(),
    }
}

impl App {
    /// A message's address and text, sealed under the outbox key.
    pub(crate) fn seal_message(&self, id: &str, body: &Value, nonce: [u8; 24]) -> Vec<u8> {
        sealed::seal(&self.keys.outbox(), body.to_string().as_bytes(), id.as_bytes(), nonce)
    }

    /// Opens what [`Self::seal_message`] made.
    pub fn open_message(&self, id: &str, sealed: &[u8]) -> Option<Value> {
        serde_json::from_slice(&sealed::open(&self.keys.outbox(), sealed, id.as_bytes())?).ok()
    }
}
