//! The weighing: stage first, then what speaks for a private dispute against what speaks for something else.

mod entry;
mod measure;
mod organ;

use super::catalogue::{Catalogue, Entry, Nothing, Rule};
use super::pattern::{Found, Span};
use super::text::Text;
use super::{Because, Kind, MatterText, Proposal, Source, Weighed, Weight};

/// How far before a match a word that undoes it may begin, and how far after it.
const BEFORE: usize = 8;
const AFTER: usize = 6;
/// The longest part of a sentence that is quoted whole, and how much is quoted on both sides in a longer one.
const CLAUSE: usize = 30;
const AROUND: usize = 9;
/// The role of the signs that show another side.
const PARTY: &str = "party";
/// The role of the doubts whose words an organ's own act upon the caller explains.
const ACCUSATION: &str = "accusation";
/// The longest name before its ending: longer ones are cut, which only weakens an entry.
const NAME: usize = 14;

/// A penalty decision: due if it is a major one and is not already under review or in court.
pub(super) fn penalty(catalogue: &Catalogue, matter: &MatterText) -> Proposal {
    let read = Reading::of(catalogue, matter);
    let rules = &catalogue.penalty;
    let facts = matter.penalty.unwrap_or_default();
    let threshold = if matter.subject_is_organisation { rules.organisation_fen } else { rules.person_fen };
    // The column for it is often left blank.
    let licence = catalogue.licence.as_ref().filter(|_| rules.licence).and_then(|rule| read.holds(rule));
    let major = facts.fine_fen >= threshold
        || facts.confiscation_fen >= threshold
        || (rules.licence && facts.licence_suspended_or_revoked)
        || licence.is_some();
    let (zh, en) = if major { (&rules.major_zh, &rules.major_en) } else { (&rules.minor_zh, &rules.minor_en) };
    // Without a sum, the words of the decision, which stand behind those of what happened.
    let words = || rules.words.iter().flat_map(|&w| read.found.places(w)).max_by_key(|s| s.start);
    let quote = match licence {
        Some(span) => Some(read.quote(span)),
        None => measure::quote(&read.text, facts, major, threshold).or_else(|| words().map(|s| read.quote(*s))),
    };
    let mut because = vec![Because {
        text_zh: zh.clone(),
        text_en: Some(en.clone()),
        quote: quote.unwrap_or_else(|| read.text.first_clause()),
        weight: if major { Weight::For } else { Weight::Against },
    }];
    let mut matched = Vec::new();
    if let Some((rule, span)) = read.stage(catalogue) {
        matched.push(rule.id.clone());
        because.insert(0, read.because(rule, span, Weight::Against));
    }
    let send = major && matched.is_empty();
    let entry = catalogue.entries.iter().find(|e| e.id == rules.entry);
    proposal(catalogue, matter, send, entry, because, Sums { points_for: i64::from(major), matched, ..Sums::default() })
}

/// An inspection result or a complaint: due if it shows a dispute that is still open.
pub(super) fn dispute(catalogue: &Catalogue, matter: &MatterText) -> Proposal {
    let read = Reading::of(catalogue, matter);
    let entry = match (read.organ, &read.against) {
        (true, _) => read.with_organ(catalogue),
        (false, None) if read.act(catalogue).is_none() => read.entry(catalogue, |_| true),
        // Whoever is named and is no organ has decided nothing; nor has the one who is to answer beside what an organ did.
        (false, _) => read.entry(catalogue, |entry| entry.kind == Kind::Civil),
    };
    let mut sums = Sums::default();
    let mut because = Vec::new();
    let nobody = read.nobody(catalogue);
    let seen = read.roles(catalogue, &mut sums, &mut because);
    if nobody.is_some() && read.against.is_none() {
        // Who cannot be asked is no other side, whatever word stands there for them.
        because.retain(|reason| !says_party(catalogue, reason));
    }
    if let Some(best) = &entry {
        sums.points_for += best.points(catalogue);
        because.push(Because {
            text_zh: best.entry.zh.clone(),
            text_en: Some(best.entry.en.clone()),
            quote: best.span.map_or_else(String::new, |span| read.quote(span)),
            weight: Weight::For,
        });
    }
    let administrative = entry.as_ref().is_some_and(|e| e.entry.kind == Kind::Administrative && e.full);
    read.acted(catalogue, administrative, &mut sums, &mut because);
    read.doubts(catalogue, administrative, &mut sums, &mut because);
    read.thanks(catalogue, &mut sums, &mut because);
    let stage = read.stage(catalogue);
    let closed = stage.is_some() || nobody.is_some();
    if let Some(reason) = nobody {
        sums.matched.push(catalogue.anonymous.id.clone());
        because.insert(0, reason);
    }
    if let Some((rule, span)) = stage {
        sums.matched.push(rule.id.clone());
        because.insert(0, read.because(rule, span, Weight::Against));
    }
    let send = !closed && sums.points_for >= catalogue.points.needed && sums.points_for > sums.against;
    let chosen = entry.map(|e| e.entry).or_else(|| {
        let disputed = send || closed && sums.points_for >= catalogue.points.needed;
        // With an organ on the other side no dispute is private.
        let remaining = || match read.organ {
            true => catalogue.remaining(Kind::Administrative),
            false => catalogue.unnamed(&matter.organ_name),
        };
        disputed.then(remaining).flatten()
    });
    if because.is_empty() {
        because.push(read.nothing(catalogue));
    }
    if !send && because.iter().all(|b| b.weight == Weight::For) {
        because.extend(read.lacking(catalogue, &seen));
    }
    // The deciding side first, so that a clerk who reads one line reads the right one.
    if !closed {
        let decided = if send { Weight::For } else { Weight::Against };
        because.sort_by_key(|b| b.weight != decided);
    }
    proposal(catalogue, matter, send, chosen, because, sums)
}

/// A reason that rests on a field which is blank, or on no words of the text.
fn blank(said: &Nothing) -> Because {
    Because { text_zh: said.zh.clone(), text_en: Some(said.en.clone()), quote: String::new(), weight: Weight::Against }
}

/// Does the reason say that there is another side?
fn says_party(catalogue: &Catalogue, reason: &Because) -> bool {
    catalogue.signs.iter().any(|sign| sign.role == PARTY && sign.zh == reason.text_zh)
}

#[derive(Default)]
struct Sums {
    points_for: i64,
    against: i64,
    claim: bool,
    matched: Vec<String>,
}

fn proposal(
    catalogue: &Catalogue,
    matter: &MatterText,
    send: bool,
    entry: Option<&Entry>,
    because: Vec<Because>,
    sums: Sums,
) -> Proposal {
    Proposal {
        send,
        kind: if send { entry.map_or(Kind::Civil, |e| e.kind) } else { Kind::None },
        source: matter.source,
        entry: entry.map(|e| e.id.clone()),
        sector: entry.and_then(|e| e.sector.clone()),
        because,
        weighed: Weighed {
            catalogue: catalogue.version.clone(),
            points_for: sums.points_for,
            points_against: sums.against,
            needed: catalogue.points.needed,
            rules: sums.matched,
        },
    }
}

/// A matter with all words found in it.
struct Reading<'a> {
    matter: &'a MatterText,
    text: Text,
    /// All words, those in names too.
    found: Found,
    /// The words outside names.
    rest: Found,
    names: Vec<Span>,
    /// Where the people and firms of the matter are called by their names.
    called: Vec<Span>,
    /// Where it is told that somebody helped and it was done.
    deeds: Vec<Span>,
    /// Where a sentence begins to tell of rights.
    told: Vec<Span>,
    against: Option<String>,
    /// Whether the other side is an organ, for what it did itself.
    organ: bool,
}

impl<'a> Reading<'a> {
    fn of(catalogue: &Catalogue, matter: &'a MatterText) -> Reading<'a> {
        let mut all = catalogue.normalise(&matter.text);
        // The kind of a complaint is a form of the desk; of the others it says what was found.
        if matter.source != Source::Complaint {
            all = format!("{}。{all}", catalogue.normalise(&matter.kind));
        }
        let text = Text::cut(&all);
        let found = catalogue.lexicon.find(&text, &catalogue.masks);
        let against = matter
            .against
            .as_deref()
            .map(|a| catalogue.normalise(a))
            .filter(|a| !a.is_empty() && !catalogue.names.nobody.contains(a));
        let rest = found.clone();
        let told = catalogue.told.iter().flat_map(|&w| found.places(w)).copied().collect();
        let (names, called, deeds) = (Vec::new(), Vec::new(), Vec::new());
        let organ = against.as_deref().is_some_and(|name| organ::is_organ(catalogue, name));
        let mut reading = Reading { matter, text, found, rest, names, called, deeds, told, against, organ };
        reading.names = reading.names(catalogue);
        reading.called = reading.called(catalogue);
        let role = catalogue.names.role.filter(|_| !reading.organ);
        let kinds: Vec<Span> =
            catalogue.names.suffixes.iter().flat_map(|&w| reading.found.places(w)).copied().collect();
        let called = reading.called.clone();
        reading.rest.take_out(&kinds, None);
        reading.rest.take_out(&called, role);
        reading.deeds = catalogue.deed.iter().flat_map(|deed| reading.deeds(deed)).collect();
        reading.organ |= reading.against.is_none() && reading.organ_answers(catalogue);
        reading
    }

    /// The words of the text that a reason rests on, as far as somebody who reads them alone understands them: the
    /// whole part of the sentence where it is short, and else some words on both sides. A name is never cut.
    fn quote(&self, span: Span) -> String {
        let same = |a: usize, b: usize| self.text.same_clause(a, b) && !self.text.is_stop(b);
        let first = (0..span.start).rev().take_while(|&i| same(span.start, i)).last().unwrap_or(span.start);
        let last = (span.end..self.text.chars.len()).take_while(|&i| same(span.end - 1, i)).last();
        let end = last.map_or(span.end, |i| i + 1);
        if end - first <= CLAUSE {
            return self.text.quote(first, end);
        }
        let (mut start, mut stop) = (span.start.saturating_sub(AROUND).max(first), (span.end + AROUND).min(end));
        for name in &self.called {
            if name.start < start && start < name.end {
                start = name.start;
            }
            if name.start < stop && stop < name.end {
                stop = name.end;
            }
        }
        self.text.quote(start, stop)
    }

    fn because(&self, rule: &Rule, span: Span, weight: Weight) -> Because {
        Because { text_zh: rule.zh.clone(), text_en: rule.en.clone(), quote: self.quote(span), weight }
    }

    fn nothing(&self, catalogue: &Catalogue) -> Because {
        Because {
            text_zh: catalogue.nothing.zh.clone(),
            text_en: Some(catalogue.nothing.en.clone()),
            quote: self.text.first_clause(),
            weight: Weight::Against,
        }
    }

    /// Where the names of organisations stand: their words say what a firm is called, not what the quarrel is about.
    fn names(&self, catalogue: &Catalogue) -> Vec<Span> {
        let mut names = Vec::new();
        if let Some(against) = &self.against {
            let name: Vec<char> = against.chars().collect();
            for start in 0..self.text.chars.len() {
                if self.text.chars[start..].starts_with(&name) {
                    names.push(Span { start, end: start + name.len() });
                }
            }
        }
        let stops: Vec<usize> =
            catalogue.names.boundaries.iter().flat_map(|&w| self.found.places(w)).map(|s| s.end).collect();
        for &suffix in &catalogue.names.suffixes {
            for place in self.found.places(suffix) {
                let earliest = place.start.saturating_sub(NAME);
                let clause = (earliest..place.start).rev().take_while(|&i| self.text.same_clause(i, place.start));
                let first = clause.last().unwrap_or(place.start);
                let stop = stops.iter().copied().filter(|&e| e <= place.start && e >= first).max();
                names.push(Span { start: stop.unwrap_or(first), end: place.end });
            }
        }
        names
    }

    /// Where the matter's own people and firms stand in the text, also without the place that their names begin with.
    fn called(&self, catalogue: &Catalogue) -> Vec<Span> {
        let affected = self.matter.affected.as_deref().map(|a| catalogue.normalise(a));
        let mut names: Vec<Vec<char>> = Vec::new();
        for name in self.against.iter().chain(affected.iter()) {
            let short = catalogue.names.places.iter().find_map(|place| name.strip_prefix(place.as_str()));
            let all = [Some(name.as_str()), short].into_iter().flatten();
            names.extend(all.map(|n| n.chars().collect::<Vec<char>>()).filter(|n| n.len() >= 2));
        }
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let mut out: Vec<Span> = Vec::new();
        for name in &names {
            for start in 0..self.text.chars.len() {
                let span = Span { start, end: start + name.len() };
                if self.text.chars[start..].starts_with(name) && !out.iter().any(|o| span.inside(*o)) {
                    out.push(span);
                }
            }
        }
        out
    }

    /// Deeds that were done, and not asked for or left undone.
    fn deeds(&self, deed: &Rule) -> Vec<Span> {
        let there = deed.sources.contains(&self.matter.source);
        let places = deed.patterns.iter().filter(|_| there).flat_map(|p| p.places(&self.text, &self.rest));
        places.filter(|&s| !self.undone(deed, s)).collect()
    }

    fn named(&self, span: Span) -> bool {
        self.names.iter().any(|n| span.inside(*n))
    }

    /// The first place where a rule holds and is not undone by a negator, a plan or a later turn.
    fn holds(&self, rule: &Rule) -> Option<Span> {
        if !rule.sources.contains(&self.matter.source) {
            return None;
        }
        let lifted =
            |from: usize| rule.lifted.iter().flat_map(|p| p.places(&self.text, &self.rest)).any(|s| s.start >= from);
        let mut places: Vec<Span> = rule.patterns.iter().flat_map(|p| p.places(&self.text, &self.rest)).collect();
        places.sort_by_key(|s| (s.start, s.end));
        places.into_iter().find(|&s| !self.undone(rule, s) && !lifted(s.start))
    }

    fn undone(&self, rule: &Rule, span: Span) -> bool {
        // A word the match itself begins with is part of what is said, not a denial of it.
        let near = |words: &[usize], from: usize, to: usize| {
            words.iter().flat_map(|&w| self.rest.places(w)).any(|s| {
                s.start >= from && s.end <= to && s.start != span.start && self.text.same_clause(s.start, span.start)
            })
        };
        let near_after = |words: &[usize]| {
            words.iter().flat_map(|&w| self.rest.places(w)).any(|s| {
                s.start >= span.end && s.end <= span.end + AFTER && self.text.same_clause(s.start, span.end - 1)
            })
        };
        // A decision says where one may turn: nobody has turned there yet.
        if self.told.iter().any(|t| t.end <= span.start && self.text.same_sentence(t.start, span.start)) {
            return true;
        }
        // What was done for somebody is told, not demanded: who is asked and who helped are different people.
        let done = |deed: &Span| span.inside(*deed) || span.crosses(*deed);
        if rule.role == "demand" && self.deeds.iter().any(done) {
            return true;
        }
        near(&rule.before, span.start.saturating_sub(BEFORE), span.end)
            || near(&rule.by, span.start.saturating_sub(BEFORE), span.start)
            || near_after(&rule.after)
    }

    /// The stage of the matter, if it is one that leaves nothing to mediate.
    fn stage<'c>(&self, catalogue: &'c Catalogue) -> Option<(&'c Rule, Span)> {
        catalogue.stages.iter().find_map(|rule| self.holds(rule).map(|span| (rule, span)))
    }

    /// Nobody to write to, or nobody to ask: a letter would have no address and the dispute no other side.
    fn nobody(&self, catalogue: &Catalogue) -> Option<Because> {
        if self.matter.source != Source::Complaint {
            return None;
        }
        let words = self.holds(&catalogue.anonymous);
        // Who is missing: the caller, the other side, or both.
        let both = &catalogue.anonymous;
        let (zh, en) = match (self.matter.complainant_named, self.against.is_some()) {
            (true, true) => return None,
            (false, true) if words.is_some() => (&catalogue.unnamed.zh, Some(&catalogue.unnamed.en)),
            (true, false) if words.is_some() => (&catalogue.unasked.zh, Some(&catalogue.unasked.en)),
            (false, false) => (&both.zh, both.en.as_ref()),
            _ => return None,
        };
        let quote = words.map_or_else(String::new, |s| self.quote(s));
        Some(Because { text_zh: zh.clone(), text_en: en.cloned(), quote, weight: Weight::Against })
    }

    /// What is missing in a matter that has something of a dispute, and not enough.
    fn lacking(&self, catalogue: &Catalogue, seen: &[String]) -> Vec<Because> {
        let named = |role: &String| role == PARTY && (self.against.is_some() || self.somebody_affected());
        let missing = catalogue.lacking.iter().filter(|l| !l.roles.iter().any(|r| seen.contains(r) || named(r)));
        let missing: Vec<Because> = missing.map(|lacking| blank(&lacking.said)).collect();
        if missing.is_empty() { vec![blank(&catalogue.nothing)] } else { missing }
    }

    /// Each role counts once, by its strongest sign. Gives the roles that are seen.
    fn roles(&self, catalogue: &Catalogue, sums: &mut Sums, because: &mut Vec<Because>) -> Vec<String> {
        let mut best: Vec<(&Rule, Span)> = Vec::new();
        for rule in &catalogue.signs {
            let Some(span) = self.holds(rule) else { continue };
            match best.iter_mut().find(|(b, _)| b.role == rule.role) {
                Some(held) if held.0.weight >= rule.weight => {}
                Some(held) => *held = (rule, span),
                None => best.push((rule, span)),
            }
        }
        for (rule, span) in &best {
            sums.points_for += rule.weight;
            sums.claim |= rule.weight >= catalogue.points.claim;
            sums.matched.push(rule.id.clone());
            because.push(self.because(rule, *span, Weight::For));
        }
        match self.matter.source {
            Source::Complaint if self.against.is_some() && !self.organ => {
                sums.points_for += catalogue.points.counterpart;
            }
            Source::Inspection if self.somebody_affected() => sums.points_for += catalogue.points.affected,
            _ => {}
        }
        best.into_iter().map(|(rule, _)| rule.role.clone()).collect()
    }

    fn somebody_affected(&self) -> bool {
        self.matter.affected.as_deref().is_some_and(|a| !a.trim().is_empty())
    }

    /// What speaks for something other than a dispute. The strongest counts whole, the others one point each.
    fn doubts(&self, catalogue: &Catalogue, administrative: bool, sums: &mut Sums, because: &mut Vec<Because>) {
        let kind = catalogue.normalise(&self.matter.kind);
        let acted = self.act(catalogue).is_some();
        let mut points: Vec<i64> = Vec::new();
        for rule in &catalogue.doubts {
            if administrative && rule.role == "organ" {
                continue;
            }
            // What an organ holds against the one who calls is no report of theirs.
            let accused = administrative && (acted || self.organ) && rule.role == ACCUSATION;
            let words = self.holds(rule).filter(|_| !accused);
            let filed = self.matter.source == Source::Complaint && rule.kinds.iter().any(|k| kind.contains(k));
            // Words and the desk's own filing say the same thing twice: together they are only a little surer.
            let weight = match (words, filed) {
                (Some(_), true) => rule.weight.max(rule.kind_weight) + 2,
                (Some(_), false) => rule.weight,
                (None, true) => rule.kind_weight,
                (None, false) => 0,
            };
            let weight = weight + if filed && rule.deciding && !sums.claim { catalogue.points.filed } else { 0 };
            if weight == 0 {
                continue;
            }
            points.push(weight);
            sums.matched.push(rule.id.clone());
            let quote = words.map_or_else(|| kind.clone(), |s| self.quote(s));
            because.push(Because {
                text_zh: rule.zh.clone(),
                text_en: rule.en.clone(),
                quote,
                weight: Weight::Against,
            });
        }
        if self.organ && !administrative {
            points.push(catalogue.points.organ);
            sums.matched.push("organ-is-party".to_owned());
            because.extend(catalogue.organ_party.as_ref().map(blank));
        }
        if self.matter.source == Source::Inspection && !self.somebody_affected() {
            points.push(catalogue.points.unaffected);
            sums.matched.push("nobody-affected".to_owned());
            // Where nothing at all is found, that is said already.
            if !because.is_empty() {
                let remedied = catalogue.remedied.as_ref().and_then(|rule| Some((rule, self.holds(rule)?)));
                because.extend(catalogue.unaffected.as_ref().map(blank));
                because.extend(remedied.map(|(rule, span)| self.because(rule, span, Weight::Against)));
            }
        }
        points.sort_unstable();
        let strongest = points.pop().unwrap_or(0);
        sums.against = strongest + i64::try_from(points.len()).unwrap_or(0).min(2);
    }

    /// A deed is told and nothing is demanded: that is thanks, in whatever words.
    fn thanks(&self, catalogue: &Catalogue, sums: &mut Sums, because: &mut Vec<Because>) {
        let Some((deed, span)) = catalogue.deed.as_ref().zip(self.deeds.first()) else { return };
        let demanded = catalogue.signs.iter().any(|sign| sign.role == "demand" && sums.matched.contains(&sign.id));
        if sums.claim || demanded {
            return;
        }
        sums.against += deed.weight;
        sums.matched.push(deed.id.clone());
        because.push(self.because(deed, *span, Weight::Against));
    }
}
