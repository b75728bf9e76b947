//! The scope catalogue as the pack writes it, checked and compiled.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::pattern::{Lexicon, Pattern};
use super::{Kind, Source};

/// The compiled catalogue of mediable matters of one jurisdiction.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub(super) version: String,
    pub(super) lexicon: Lexicon,
    pub(super) masks: Vec<usize>,
    /// After one of these a sentence tells of rights, and not of what was done.
    pub(super) told: Vec<usize>,
    pub(super) names: Names,
    pub(super) penalty: Major,
    pub(super) points: Points,
    pub(super) nothing: Nothing,
    pub(super) anonymous: Rule,
    /// What is said instead where only the caller has no name, or only the other side.
    pub(super) unnamed: Nothing,
    pub(super) unasked: Nothing,
    /// What is said of an inspection that names nobody.
    pub(super) unaffected: Option<Nothing>,
    /// What is said of a counterpart that is an organ, in a dispute that is none of its own acts.
    pub(super) organ_party: Option<Nothing>,
    /// What an organ did to the one who calls, and that it is the organ which is to answer for it.
    pub(super) organ_act: Option<Rule>,
    pub(super) organ_answers: Option<Rule>,
    /// What was put right on the spot: quoted beside a fault that is there no more. It weighs nothing.
    pub(super) remedied: Option<Rule>,
    /// What a matter has not, where nothing is found that speaks against a letter.
    pub(super) lacking: Vec<Lacking>,
    /// A licence that was suspended or revoked, in the words of the decision.
    pub(super) licence: Option<Rule>,
    /// A deed that was done for somebody: who did it, that it was done, and what came of it. Nothing in it is a demand.
    pub(super) deed: Option<Rule>,
    pub(super) stages: Vec<Rule>,
    pub(super) doubts: Vec<Rule>,
    pub(super) signs: Vec<Rule>,
    pub(super) entries: Vec<Entry>,
}

/// How the names of organisations and organs are recognised.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub suffixes: Vec<usize>,
    pub boundaries: Vec<usize>,
    pub organ_endings: Vec<String>,
    pub nobody: Vec<String>,
    /// What the names of places begin with, which a text leaves out.
    pub places: Vec<String>,
    /// A word for the other side: its name is one more.
    pub role: Option<usize>,
}

/// What is said of a text in which nothing was found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {
    pub zh: String,
    pub en: String,
}

/// What is said of a matter in which none of these roles is seen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lacking {
    pub roles: Vec<String>,
    pub said: Nothing,
}

/// When a penalty decision is a major one (pack parameter).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Major {
    pub organisation_fen: i64,
    pub person_fen: i64,
    pub licence: bool,
    pub entry: String,
    pub major_zh: String,
    pub major_en: String,
    pub minor_zh: String,
    pub minor_en: String,
    #[serde(skip)]
    pub words: Vec<usize>,
    #[serde(rename = "words")]
    word_list: String,
}

/// How much counts.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Points {
    /// The sum a letter needs.
    pub needed: i64,
    /// For a named private counterpart.
    pub counterpart: i64,
    /// For an entitled person whom an inspection names.
    pub affected: i64,
    /// A sign of at least this weight is a claim of one's own against the other side.
    pub claim: i64,
    /// Against, if the desk filed it under the kind of a deciding doubt and no claim is made.
    pub filed: i64,
    /// Against, if an inspection names nobody: a fault of the place alone is no dispute.
    pub unaffected: i64,
    /// For an entry of which an object and an act are both found.
    pub entry_full: i64,
    /// For an entry of which only one is found.
    pub entry_part: i64,
    /// Against, if the counterpart is an organ and the dispute is not an administrative one.
    pub organ: i64,
}

/// A rule: a stage that excludes, a doubt that weighs against, or a sign of a role.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub id: String,
    pub role: String,
    pub zh: String,
    pub en: Option<String>,
    pub weight: i64,
    pub sources: Vec<Source>,
    pub kinds: Vec<String>,
    pub kind_weight: i64,
    /// Whether the desk's filing decides where no claim is made.
    pub deciding: bool,
    pub patterns: Vec<Pattern>,
    /// Words shortly before or inside a match that undo it: not yet, wants to, no.
    pub before: Vec<usize>,
    /// Who is not meant to be the one that says it: words right before a match that undo it, and not within.
    pub by: Vec<usize>,
    /// Words shortly after a match that undo it.
    pub after: Vec<usize>,
    /// Patterns anywhere later in the text that undo it: withdrawn.
    pub lifted: Vec<Pattern>,
}

/// One entry: a sort of dispute the organs of the jurisdiction mediate.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub kind: Kind,
    pub sector: Option<String>,
    pub organs: Vec<String>,
    /// Whether its organs have a dispute of this sort where the words name none.
    pub usual: bool,
    /// Without one of these it is not this sort: its limits are others than those of any other dispute.
    pub field: Vec<Pattern>,
    pub objects: Vec<Pattern>,
    pub acts: Vec<Pattern>,
}

/// The entry of a private dispute that no other entry names.
pub(super) const GENERAL: &str = "general";

const SECTORS: [&str; 4] = ["market", "health", "traffic", "police"];

impl Catalogue {
    /// Reads and checks a catalogue.
    ///
    /// # Errors
    /// Every fault found, each naming the rule or entry it is in.
    pub fn parse(source: &str) -> Result<Catalogue, Vec<String>> {
        let file: File = toml::from_str(source).map_err(|e| vec![e.to_string()])?;
        Reader::new(&file).read(file)
    }

    /// A text as the quotes of a proposal are written: plain forms of full-width characters, no blanks.
    pub fn normalise(&self, raw: &str) -> String {
        self.lexicon.normalise(raw)
    }

    /// The catalogue without the words of one entry or rule: what remains must be carried by the structure.
    #[cfg(test)]
    pub(super) fn without(&self, id: &str) -> Catalogue {
        let mut rest = self.clone();
        rest.entries.retain(|e| e.id != id || e.id == GENERAL);
        for rules in [&mut rest.stages, &mut rest.doubts, &mut rest.signs] {
            rules.retain(|r| r.id != id);
        }
        if rest.anonymous.id == id {
            rest.anonymous.patterns.clear();
        }
        rest
    }

    /// The ids of all that [`Catalogue::without`] can take out.
    #[cfg(test)]
    pub(super) fn rules(&self) -> Vec<String> {
        let rules = [&self.anonymous].into_iter().chain(&self.stages).chain(&self.doubts).chain(&self.signs);
        rules.map(|r| r.id.clone()).chain(self.entries.iter().map(|e| e.id.clone())).collect()
    }

    /// Whether an id is a stage, a doubt or the rule on anonymity.
    #[cfg(test)]
    pub(super) fn excludes(&self, id: &str) -> bool {
        self.anonymous.id == id || self.stages.iter().chain(&self.doubts).any(|r| r.id == id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    #[serde(default)]
    variants: String,
    #[serde(default)]
    masks: String,
    #[serde(default)]
    told: String,
    words: HashMap<String, String>,
    names: NamesFile,
    penalty: Major,
    points: Points,
    nothing: Nothing,
    anonymous: Anonymous,
    unaffected: Option<Nothing>,
    organ_party: Option<Nothing>,
    organ_act: Option<RuleFile>,
    organ_answers: Option<RuleFile>,
    remedied: Option<RuleFile>,
    #[serde(default)]
    lacking: Vec<Lacking>,
    licence: Option<RuleFile>,
    deed: Option<RuleFile>,
    stage: Vec<RuleFile>,
    doubt: Vec<RuleFile>,
    sign: Vec<RuleFile>,
    entry: Vec<EntryFile>,
}

#[derive(Deserialize)]
struct Anonymous {
    #[serde(flatten)]
    rule: RuleFile,
    unnamed: Nothing,
    unasked: Nothing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesFile {
    suffixes: String,
    boundaries: String,
    organ_endings: String,
    nobody: String,
    #[serde(default)]
    places: String,
    #[serde(default)]
    role: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: String,
    #[serde(default)]
    role: String,
    zh: String,
    en: Option<String>,
    #[serde(default)]
    weight: i64,
    #[serde(default)]
    sources: Vec<Source>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    kind_weight: i64,
    #[serde(default)]
    deciding: bool,
    patterns: Vec<String>,
    #[serde(default)]
    before: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    lifted: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    id: String,
    zh: String,
    en: String,
    kind: Kind,
    sector: Option<String>,
    #[serde(default)]
    organs: Vec<String>,
    #[serde(default)]
    usual: bool,
    #[serde(default)]
    field: Vec<String>,
    #[serde(default)]
    objects: Vec<String>,
    #[serde(default)]
    acts: Vec<String>,
}

struct Reader {
    lexicon: Lexicon,
    named: HashMap<String, Vec<String>>,
    faults: Vec<String>,
    ids: HashSet<String>,
}

impl Reader {
    fn new(file: &File) -> Reader {
        let mut faults = Vec::new();
        let mut variants = HashMap::new();
        for pair in file.variants.split_whitespace() {
            match pair.chars().collect::<Vec<_>>().as_slice() {
                [from, to] => {
                    variants.insert(*from, *to);
                }
                _ => faults.push(format!("variants: `{pair}` is not two characters")),
            }
        }
        let named = file.words.iter().map(|(name, list)| (name.clone(), split(list))).collect();
        Reader { lexicon: Lexicon::new(variants), named, faults, ids: HashSet::new() }
    }

    fn read(mut self, file: File) -> Result<Catalogue, Vec<String>> {
        let masks = self.word_ids("masks", &file.masks);
        let told = self.word_ids("told", &file.told);
        let names = Names {
            suffixes: self.word_ids("names.suffixes", &file.names.suffixes),
            boundaries: self.word_ids("names.boundaries", &file.names.boundaries),
            organ_endings: split(&file.names.organ_endings),
            nobody: split(&file.names.nobody),
            places: split(&file.names.places),
            role: self.word_ids("names.role", &file.names.role).first().copied(),
        };
        let mut penalty = file.penalty;
        penalty.words = self.word_ids("penalty.words", &penalty.word_list.clone());
        if penalty.organisation_fen <= 0 || penalty.person_fen <= 0 {
            self.faults.push("penalty: a threshold must be above zero".to_owned());
        }
        if file.points.needed <= 0 {
            self.faults.push("points: `needed` must be above zero".to_owned());
        }
        let Anonymous { rule, unnamed, unasked } = file.anonymous;
        let anonymous = self.rule(rule);
        let organ_act = file.organ_act.map(|rule| self.rule(rule));
        let organ_answers = file.organ_answers.map(|rule| self.rule(rule));
        let remedied = file.remedied.map(|rule| self.rule(rule));
        let licence = file.licence.map(|rule| self.rule(rule));
        let deed = file.deed.map(|deed| self.rule(deed));
        let mut rules = |list: Vec<RuleFile>| -> Vec<Rule> { list.into_iter().map(|r| self.rule(r)).collect() };
        let (stages, doubts, signs) = (rules(file.stage), rules(file.doubt), rules(file.sign));
        for sign in &signs {
            if sign.role.is_empty() || sign.weight <= 0 {
                self.faults.push(format!("sign `{}`: needs a role and a weight above zero", sign.id));
            }
        }
        for role in file.lacking.iter().flat_map(|lacking| &lacking.roles) {
            if !signs.iter().any(|sign| sign.role == *role) {
                self.faults.push(format!("lacking: no sign has the role `{role}`"));
            }
        }
        let entries: Vec<Entry> = file.entry.into_iter().map(|e| self.entry(e)).collect();
        for needed in [GENERAL, &penalty.entry] {
            if !entries.iter().any(|e| e.id == needed) {
                self.faults.push(format!("entry `{needed}` is missing"));
            }
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Catalogue {
            version: file.version,
            lexicon: self.lexicon,
            masks,
            told,
            names,
            penalty,
            points: file.points,
            nothing: file.nothing,
            anonymous,
            unnamed,
            unasked,
            unaffected: file.unaffected,
            organ_party: file.organ_party,
            organ_act,
            organ_answers,
            remedied,
            lacking: file.lacking,
            licence,
            deed,
            stages,
            doubts,
            signs,
            entries,
        })
    }

    fn rule(&mut self, file: RuleFile) -> Rule {
        self.once(&file.id);
        let place = format!("rule `{}`", file.id);
        let every = vec![Source::Penalty, Source::Inspection, Source::Complaint];
        Rule {
            patterns: self.patterns(&place, &file.patterns),
            before: self.word_ids(&place, &file.before),
            by: self.word_ids(&place, &file.by),
            after: self.word_ids(&place, &file.after),
            lifted: self.patterns(&place, &file.lifted),
            id: file.id,
            role: file.role,
            zh: file.zh,
            en: file.en,
            weight: file.weight,
            sources: if file.sources.is_empty() { every } else { file.sources },
            kinds: file.kinds,
            kind_weight: file.kind_weight,
            deciding: file.deciding,
        }
    }

    fn entry(&mut self, file: EntryFile) -> Entry {
        self.once(&file.id);
        let place = format!("entry `{}`", file.id);
        if let Some(sector) = file.sector.as_deref().filter(|s| !SECTORS.contains(s)) {
            self.faults.push(format!("{place}: no sector is called `{sector}`"));
        }
        if file.kind == Kind::None {
            self.faults.push(format!("{place}: must be civil or administrative"));
        }
        Entry {
            field: self.patterns(&place, &file.field),
            objects: self.patterns(&place, &file.objects),
            acts: self.patterns(&place, &file.acts),
            id: file.id,
            zh: file.zh,
            en: file.en,
            kind: file.kind,
            sector: file.sector,
            organs: file.organs,
            usual: file.usual,
        }
    }

    fn once(&mut self, id: &str) {
        if !self.ids.insert(id.to_owned()) {
            self.faults.push(format!("the id `{id}` is used twice"));
        }
    }

    fn patterns(&mut self, place: &str, sources: &[String]) -> Vec<Pattern> {
        let mut compiled = Vec::new();
        for source in sources {
            match Pattern::compile(source, &self.named, &mut self.lexicon) {
                Ok(pattern) => compiled.push(pattern),
                Err(why) => self.faults.push(format!("{place}: {why}")),
            }
        }
        compiled
    }

    fn word_ids(&mut self, place: &str, list: &str) -> Vec<usize> {
        if list.trim().is_empty() {
            return Vec::new();
        }
        match Pattern::compile(list, &self.named, &mut self.lexicon) {
            Ok(pattern) => pattern.single_words().to_vec(),
            Err(why) => {
                self.faults.push(format!("{place}: {why}"));
                Vec::new()
            }
        }
    }
}

fn split(list: &str) -> Vec<String> {
    list.split(|c: char| c == '|' || c.is_whitespace()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}
