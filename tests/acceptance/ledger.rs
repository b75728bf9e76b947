//! What the journal must hold after everything that happened to the program: each thing that somebody wanted once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::county::County;
use crate::load::Wanted;
use crate::office::text;

/// The journal of a county, sorted by what is asked of it.
pub struct Ledger {
    events: Vec<Value>,
    /// The stream of each matter by its document number.
    matters: BTreeMap<String, Vec<String>>,
}

/// Faults that were found; empty when all is well.
pub type Faults = Vec<String>;

impl Ledger {
    /// Reads it.
    pub fn of(county: &County) -> Self {
        let events = county.events();
        let mut matters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for event in events.iter().filter(|e| text(e, "/type") == "MatterRegistered") {
            let number = text(event, "/body/matter/number").to_owned();
            matters.entry(number).or_default().push(text(event, "/stream").to_owned());
        }
        Self { events, matters }
    }

    fn count(&self, stream: &str, kind: &str) -> usize {
        self.events.iter().filter(|e| text(e, "/stream") == stream && text(e, "/type") == kind).count()
    }

    fn applied(&self, claims: &str) -> Vec<&Value> {
        let said = |e: &&Value| text(e, "/type") == "Applied" && e["body"].to_string().contains(claims);
        self.events.iter().filter(said).collect()
    }

    /// What is missing, or there twice, of what was acknowledged.
    pub fn faults(&self, wanted: &[Wanted]) -> Faults {
        let mut faults = Vec::new();
        for what in wanted {
            let count = self.times(what);
            if count != 1 {
                faults.push(format!("{what:?} is there {count} times"));
            }
            if let Wanted::Import(numbers) = what {
                let alone = |number: &String| Wanted::Matter(number.clone());
                faults.extend(self.faults(&numbers.iter().map(alone).collect::<Vec<_>>()));
                let created = self.account(numbers).first().map_or(0, |created| created.len());
                if created != numbers.len() {
                    faults.push(format!("the import of {} accounts for {created} of {}", numbers[0], numbers.len()));
                }
            }
        }
        faults
    }

    fn times(&self, what: &Wanted) -> usize {
        let of = |number: &String, kind: &str| {
            let matter = self.matters.get(number).and_then(|streams| streams.first());
            matter.map_or(0, |stream| self.count(stream, kind))
        };
        match what {
            Wanted::Matter(number) => self.matters.get(number).map_or(0, Vec::len),
            Wanted::Letter(number) => of(number, "LettersIssued"),
            Wanted::Declined(number) => of(number, "LetterDeclined"),
            Wanted::Application(claims) => self.applied(claims).len(),
            Wanted::Asked(claims) => {
                let case = self.applied(claims).first().map_or("", |e| text(e, "/stream"));
                self.count(case, "ConsentAsked")
            }
            Wanted::Import(numbers) => self.account(numbers).len(),
        }
    }

    /// What each import of a file says that it brought.
    fn account(&self, numbers: &[String]) -> Vec<&Vec<Value>> {
        let name = format!("{}.csv", numbers[0]);
        let accounts = self.events.iter().filter(|e| text(e, "/body/file/name") == name);
        accounts.filter_map(|e| e["body"]["created"].as_array()).collect()
    }

    /// Numbers of papers that are there twice, or were left out.
    pub fn gaps(&self) -> Faults {
        let mut faults = Vec::new();
        let mut registers: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for event in self.events.iter().filter(|e| text(e, "/type") == "PaperIssued") {
            let number = text(event, "/body/issued/paper/number");
            let Some((register, rest)) = number.split_once('〕') else { continue };
            let n = rest.trim_end_matches('号').parse().expect("a number of a register");
            if !registers.entry(register.to_owned()).or_default().insert(n) {
                faults.push(format!("`{number}` is there twice"));
            }
        }
        for (register, numbers) in registers {
            if numbers.last().copied().unwrap_or_default() != numbers.len() as u64 {
                faults.push(format!("`{register}` has gaps: {numbers:?}"));
            }
        }
        faults
    }

    /// Follow-ups, timers and messages that are missing or were doubled. Waits until those that are due are done.
    pub fn jobs(county: &County) -> Faults {
        let began = Instant::now();
        // What is due at once has the time 0; a timer waits for its day.
        while county.sql("SELECT COUNT(*) FROM job WHERE due = 0") != "0" {
            if began.elapsed() > Duration::from_secs(90) {
                return vec![format!("jobs are not done: {}", county.sql("SELECT * FROM job WHERE due = 0"))];
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let ledger = Self::of(county);
        let mut faults = Vec::new();
        let mut same = |what: String, found: usize, wanted: usize| {
            if found != wanted {
                faults.push(format!("{what}: {found} instead of {wanted}"));
            }
        };
        for event in &ledger.events {
            let stream = text(event, "/stream");
            match text(event, "/type") {
                "Applied" => {
                    let matter = text(event, "/body/matter");
                    let noted = ledger.events.iter().filter(|e| {
                        text(e, "/stream") == matter
                            && text(e, "/type") == "DisputeApplied"
                            && text(e, "/body/dossier") == stream
                    });
                    same(format!("`{stream}` in its matter"), noted.count(), 1);
                }
                // Silence counts from a letter that went out: one that was not sent has no timer.
                "ConsentAsked" => {
                    let sent =
                        ledger.events.iter().any(|e| text(e, "/stream") == stream && text(e, "/type") == "ConsentSent");
                    let timers = county.sql(&format!("SELECT COUNT(*) FROM job WHERE owner = '{stream}'"));
                    same(format!("timers of `{stream}`"), timers.parse().expect("a number"), usize::from(sent));
                }
                "PaperDispatched" if ["sms", "email"].contains(&text(event, "/body/channel")) => {
                    let messages = county.sql(&format!("SELECT COUNT(*) FROM message WHERE about = '{stream}'"));
                    same(format!("messages of `{stream}`"), messages.parse().expect("a number"), 1);
                }
                _ => {}
            }
        }
        faults
    }
}
