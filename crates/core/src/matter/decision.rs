//! A new penalty decision: issued here, with a number from a register of its own, after the punished person was told
//! and could answer (行政处罚法 44, 45, 62). It is a paper like every other: voided and corrected by a notice only.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Event, Penalty, Recipient, Registered, State, decide};
use crate::paper_data as data;
use crate::refusal::{Reason, Refusal};
use crate::scope::Source;
use crate::stream::{Facts, PaperOrder, PaperRef, register};
use crate::time::Date;
use crate::values::fines;
use crate::{Personal, StreamId, organ};

/// Template and register of a decision.
pub const KIND: &str = "penalty_decision";

/// How a fine is paid (行政处罚法 67).
const PAYMENT: &str = "当事人应当自收到本决定书之日起十五日内，到指定的银行或者通过电子支付系统缴纳罚款。";

/// What was done before the decision: the person was told of facts, reasons, basis, the intended penalty and their
/// rights, and could state their case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// When they were told; none: they were not, and then nothing may be decided.
    pub told_on: Option<Date>,
    /// What came of it: `nothing` (they said nothing in time), `waived`, or `stated`.
    pub said: String,
    /// What they stated.
    pub statement: Personal<String>,
    /// What the organ made of it: taken over or not, and why.
    pub answer: Personal<String>,
    /// The day on which they stated or waived it; where they said nothing, the last one on which they could. None in
    /// decisions of before it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_on: Option<Date>,
}

impl Hearing {
    /// What can come of telling somebody.
    pub const SAID: [&str; 3] = ["nothing", "waived", "stated"];

    /// As the decision prints it, a line a paragraph.
    fn printed(&self) -> Personal<String> {
        let told = self.told_on.map_or_else(String::new, data::day);
        let mut text = format!(
            "{told}，本机关告知当事人拟作出的行政处罚内容及事实、理由、依据，以及依法享有的陈述、申辩、要求听证等权利。"
        );
        let on = self.answered_on.map_or_else(String::new, data::day);
        match self.said.as_str() {
            "waived" => text.push_str(&format!("{on}，当事人明确放弃陈述、申辩。")),
            "stated" => {
                let bare = |words: &Personal<String>| words.text().trim().trim_end_matches(['。', '.']).to_owned();
                text.push_str(&format!("{on}，当事人陈述、申辩：{}。\n", bare(&self.statement)));
                text.push_str(&format!("本机关复核认为：{}。", bare(&self.answer)));
            }
            _ => text.push_str(&format!("当事人在规定的期限内（至{on}）没有提出陈述、申辩。")),
        }
        Personal::new(&self.statement.of, text)
    }
}

/// A decision as it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The paper, with its number.
    pub paper: PaperRef,
    /// Its date.
    pub on: Date,
    /// The measure: sums in fen, licence, and the ground in the law.
    pub measure: Penalty,
    /// The measure in words.
    pub content: Personal<String>,
    /// The facts that it rests on.
    pub facts: Personal<String>,
    /// What was done before.
    pub hearing: Hearing,
}

/// The number that the next decision of an organ will bear: the matter is found by it, so it must be known before.
/// `last` is the last number that the register gave.
pub fn next_number(pack: &crate::pack::Pack, organ: &str, year: i16, last: i64) -> String {
    pack.number(organ, KIND, year, last + 1)
}

/// What stands before and after the serial in the numbers of an organ's decisions of a year.
pub fn around(pack: &crate::pack::Pack, organ: &str, year: i16) -> (String, String) {
    let number = pack.number_with(organ, KIND, year, SERIAL);
    number.split_once(SERIAL).map(|(before, after)| (before.into(), after.into())).unwrap_or_default()
}

/// Stands in a number for its serial.
const SERIAL: &str = "\u{0}";

/// The register of an organ's decisions in a year.
pub fn register_of(pack: &crate::pack::Pack, organ: &str, year: i16) -> StreamId {
    register(organ, pack.paper_code(KIND).unwrap_or_default(), year)
}

fn field(field: &str, problem: &str) -> Refusal {
    Reason::Field { field: field.into(), problem: problem.into() }.into()
}

/// Is this the fine that the content of a penalty names? The sum stands there in words for people, and beside it as a figure
/// by which the penalty is weighed. A content that names none, or several, says nothing against a figure.
pub fn fine_as_written(content: &str, fine: i64) -> bool {
    let written = fines(content);
    written.first().is_none_or(|first| *first == fine || written.iter().any(|other| other != first))
}

/// Registers the matter, issues the decision and the letters that go with it: all of it, or nothing.
pub(super) fn issue(
    mut matter: Registered,
    hearing: Hearing,
    reason: String,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    // What is decided now bears today's date and the register's number.
    matter.occurred_on = facts.today();
    if matter.source != Source::Penalty {
        return Err(field("source", "unknown"));
    }
    if matter.subject.as_ref().is_none_or(|party| party.name.text().trim().is_empty()) {
        return Err(field("subject_name", "required"));
    }
    let measure = matter.penalty.clone().unwrap_or_default();
    for (name, text) in
        [("text", matter.text.text()), ("result", matter.result.text()), ("basis", measure.basis.as_str())]
    {
        if text.trim().is_empty() {
            return Err(field(name, "required"));
        }
    }
    if !fine_as_written(matter.result.text(), measure.fine) {
        return Err(field("fine", "not_as_written"));
    }
    heard(&hearing, facts)?;
    let paper = facts.paper(KIND, &matter.organ);
    // Somebody else was quicker and took the number: the form's matter would bear another than its decision.
    if paper.number != matter.number && facts.numbers.missing().is_empty() {
        return Err(Reason::Stale.into());
    }
    let decided = Decided {
        paper,
        on: facts.today(),
        measure,
        content: matter.result.clone(),
        facts: matter.text.clone(),
        hearing,
    };
    let mut events = decide::register(matter, facts)?;
    let state = events.iter().fold(None, |state, event| Some(super::project::apply(state, event, facts.now)));
    let state = state.ok_or(Reason::NotFound)?;
    events.extend(decide::issue(&state, &recipients(&state), None, reason, facts)?);
    // Last, so that it names the letter that goes with it.
    events.push(Event::DecisionIssued { decided: Box::new(decided) });
    Ok(events)
}

/// Who gets a letter when nobody is chosen: everybody for whom one is proposed; else everybody who has none.
pub fn recipients(state: &State) -> Vec<Recipient> {
    let mut chosen: Vec<_> = state.without_letter().collect();
    if chosen.iter().any(|(_, party)| state.proposal_of(&party.person).send) {
        chosen.retain(|(_, party)| state.proposal_of(&party.person).send);
    }
    chosen.into_iter().map(|(role, _)| Recipient { role, ..Recipient::default() }).collect()
}

/// Without having told the person, or having heard what they want to say, nobody may be punished.
fn heard(hearing: &Hearing, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Some(told) = hearing.told_on else {
        let basis =
            facts.pack.paper(KIND).map_or_else(String::new, |p| facts.pack.cite(&p.basis, facts.today()).formal);
        return Err(Refusal::because(Reason::Waiting { what: "told".into() }, basis));
    };
    if told > facts.today() {
        return Err(field("told_on", "future"));
    }
    if !Hearing::SAID.contains(&hearing.said.as_str()) {
        return Err(field("said", "choose"));
    }
    let answered = hearing.answered_on.ok_or_else(|| field("answered_on", "required"))?;
    if answered < told {
        return Err(field("answered_on", "before_told"));
    }
    // Who said nothing can still say something as long as the time for it runs (行政处罚法 44, 45).
    match hearing.said.as_str() {
        "nothing" if answered >= facts.today() => return Err(field("answered_on", "still_open")),
        _ if answered > facts.today() => return Err(field("answered_on", "future")),
        _ => {}
    }
    for (name, words) in [("statement", &hearing.statement), ("answer", &hearing.answer)] {
        if hearing.said == "stated" && words.text().trim().is_empty() {
            return Err(field(name, "required"));
        }
    }
    Ok(())
}

/// The decision as a paper for the punished person.
pub(super) fn order(
    id: &StreamId,
    state: &State,
    decided: &Decided,
    facts: &Facts<'_>,
    profile: Option<&organ::Profile>,
) -> PaperOrder {
    let m = &state.matter;
    let lines = |text: &Personal<String>| -> Vec<Value> {
        let lines = text.text().lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| json!(Personal::new(&text.of, line.to_owned()))).collect()
    };
    let party = m.subject.iter().map(|subject| {
        let mut party = data::party(subject, "当事人");
        // A decision is no place for a phone.
        if let Some(party) = party.as_object_mut() {
            party.remove("phone");
        }
        party
    });
    PaperOrder {
        paper: decided.paper.clone(),
        matter: Some(id.clone()),
        date: decided.on,
        addressee: m.subject.as_ref().map(crate::party::Party::addressee),
        access: String::new(),
        channel: "print".into(),
        send_by: facts.limit("penalty.serve", decided.on, None).ok().map(|d| (d.last_day, d.limit)),
        electronic: false,
        data: json!({
            "organ": data::body(facts, &m.organ, profile),
            "parties": party.collect::<Vec<_>>(),
            "facts": decided.facts,
            "hearing": decided.hearing.printed(),
            "basis": [decided.measure.basis],
            "decision": lines(&decided.content),
            "payment": (decided.measure.fine > 0).then_some(PAYMENT),
            "review_organ": format!("{}人民政府", facts.pack.jurisdiction.name),
            "court_name": facts.pack.court.name,
            "letter_number": state.with_decision().next().map(|letter| letter.paper.number.as_str()),
        }),
    }
}
