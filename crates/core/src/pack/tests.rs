use super::*;
use jiff::civil::date;

const SCOPE_TEXT: &str = include_str!("../../../../packs/haiyan/scope.toml");

fn files(texts: &[(&str, &str)]) -> BTreeMap<String, String> {
    texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

pub(crate) fn haiyan_files() -> BTreeMap<String, String> {
    files(&[
        ("pack.toml", include_str!("../../../../packs/haiyan/pack.toml")),
        ("organs.toml", include_str!("../../../../packs/haiyan/organs.toml")),
        ("rules.toml", include_str!("../../../../packs/haiyan/rules.toml")),
        ("papers.toml", include_str!("../../../../packs/haiyan/papers.toml")),
        ("lists.toml", include_str!("../../../../packs/haiyan/lists.toml")),
        ("scope.toml", SCOPE_TEXT),
    ])
}

pub(crate) fn haiyan() -> Pack {
    static PACK: std::sync::LazyLock<Pack> = std::sync::LazyLock::new(|| match Pack::parse(&haiyan_files()) {
        Ok(pack) => pack,
        Err(faults) => panic!("{}", faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")),
    });
    PACK.clone()
}

/// A county that shares nothing with the first but the form.
fn tiny() -> BTreeMap<String, String> {
    files(&[
        (
            "pack.toml",
            r#"
[jurisdiction]
code = "tiny"
name = "小县"
name_en = "Tiny County"
division = "999999"

[numbering]
organ = "{word}-{paper}-{year}-{n}"
court = "{court}{type}{year}{n}"

[parameters]
major_organisation_yuan = 1
major_person_yuan = 1
penalty_year_percent = 1
penalty_lump_percent = 1
letter_code_length = 6
minimum_denominator = 1
administrative_confirmable = true
administrative_mediators = ["superior"]
"#,
        ),
        (
            "organs.toml",
            r#"
sector = [{ id = "fish", name = "渔业", name_en = "Fishery", public = true }]
organ = [
  { code = "yu", name = "小县渔业局", name_en = "Fishery Bureau", short = "渔业局", word = "小渔", role = "mediating", sectors = ["fish"] },
  { code = "si", name = "小县司法局", name_en = "Justice Bureau", short = "司法局", word = "小司", role = "justice" },
]
[court]
code = "court"
name = "小县人民法院"
name_en = "Tiny County Court"
short = "法院"
word = "小01"
type = "调确"
types = ["调确"]
contact = "某人"
"#,
        ),
        (
            "rules.toml",
            r#"
[[rule]]
id = "a.limit"
name = "期限"
name_en = "Limit"
value = 5
unit = "days"
starts = "某日"
starts_en = "some day"
basis = [{ law = "l" }]
status = "default"

[[rule]]
id = "a.limit"
local = true
name = "期限"
name_en = "Limit"
value = 4
unit = "days"
starts = "某日"
starts_en = "some day"
basis = [{ law = "l", articles = ["3"] }]
status = "read"
in_force = { from = "2020-01-01", to = "2021-12-31" }

[[rule]]
id = "a.limit"
sector = "fish"
name = "期限"
name_en = "Limit"
value = 3
unit = "days"
starts = "某日"
starts_en = "some day"
basis = [{ law = "l" }]
status = "read"
in_force = { from = "2021-01-01" }

[[rule]]
id = "b.limit"
name = "期限"
name_en = "Limit"
value = 2
unit = "working_days"
backwards = true
rolls = false
starts = "某日"
starts_en = "some day"
basis = [{ law = "l" }]
status = "read"
in_force = { to = "2021-12-31" }
"#,
        ),
        (
            "papers.toml",
            r#"paper = [{ kind = "p", name = "文", name_en = "Paper", issuer = "organ", numbered = "organ", code = "文", sealed = true, served = true, basis = [{ law = "l" }] }]"#,
        ),
        (
            "lists.toml",
            r#"law = [{ id = "l", name = "某法", short = "某法", name_en = "Some Law" }]
route = [{ id = "r", name = "路", name_en = "Way" }]
refusal_ground = [{ id = "g", name = "由", name_en = "Ground", routes = ["r"], basis = [{ law = "l" }] }]
ending_ground = []
rejection_ground = []
court_refusal_ground = []
not_confirmable = []
paper_only = []
not_mediable = []
vague_words = []
"#,
        ),
        ("scope.toml", SCOPE_TEXT),
    ])
}

fn tiny_pack() -> Pack {
    Pack::parse(&tiny()).expect("the tiny pack is without fault")
}

/// The faults after one text of a file of the tiny pack was exchanged; the exchange must have happened.
fn faults(file: &str, old: &str, new: &str) -> Vec<Fault> {
    let mut files = tiny();
    let text = files.get_mut(file).expect("the file");
    assert!(text.contains(old), "{old}");
    *text = text.replacen(old, new, 1);
    Pack::parse(&files).expect_err("a fault")
}

#[test]
fn the_county_has_ten_mediating_organs_a_justice_bureau_and_a_court() {
    let pack = haiyan();
    assert_eq!(pack.mediating().count(), 10);
    assert_eq!(pack.justice_bureau().code, "sifa");
    assert_eq!((pack.court.code.as_str(), pack.court.name.as_str()), ("court", "海盐县人民法院"));
    assert_eq!(pack.organ_by_name("海盐县市场监督管理局").map(|o| o.code.as_str()), Some("shichang"));
    assert_eq!(pack.organ_by_name("海盐县不存在局"), None);
    assert_eq!(pack.body_name("court"), "海盐县人民法院");
    assert_eq!(pack.body_name("gongan"), "海盐县公安局");
    assert_eq!(pack.body_name_en("court"), "Haiyan County People's Court");
    assert_eq!(pack.body_name_en("nobody"), "nobody");
}

#[test]
fn numbers_of_papers_and_cases_follow_the_patterns() {
    let pack = haiyan();
    assert_eq!(pack.number("shichang", "guidance_letter", 2022, 12), "盐市监调告〔2022〕12号");
    assert_eq!(pack.court_number(None, 2022, 123), "（2022）浙0424诉前调确123号");
    assert_eq!(pack.court_number(Some("民特"), 2021, 7), "（2021）浙0424民特7号");
    assert_eq!(pack.paper_code("guidance_letter"), Some("调告"));
    assert_eq!(pack.paper_code("application"), pack.paper_code("oral_application"), "one series of case numbers");
    assert_eq!(pack.paper_code("proof_of_service"), None);
    assert_eq!(pack.paper_code("ruling_valid"), None);
    assert_eq!(tiny_pack().number("yu", "p", 2020, 3), "小渔-文-2020-3");
}

#[test]
fn a_name_that_looks_like_a_mark_stays_what_it_is() {
    assert_eq!(fill("{a}{b}", &[("{a}", "{b}"), ("{b}", "x")]), "{b}x");
}

#[test]
fn papers_cite_the_law_of_their_date_in_chinese_numerals() {
    let pack = haiyan();
    let rule = pack.rule("confirmation.apply", None, Variant::Basic, date(2022, 7, 1)).expect("a rule");
    let citation = pack.citation(rule, date(2024, 3, 1));
    assert_eq!(citation.formal, "《中华人民共和国民事诉讼法》第二百零五条");
    assert_eq!(citation.short, "民事诉讼法（2023年修正）第205条");
    assert_eq!(citation.en, "Civil Procedure Law (2023 text), art. 205");
    let ruling = pack.paper("ruling_valid").expect("the paper");
    let formal = pack.cite(&ruling.basis, date(2022, 7, 1)).formal;
    assert_eq!(formal, "《中华人民共和国民事诉讼法》第二百零一条、第二百零二条");
    let unclear = pack.rejection_grounds.iter().find(|ground| ground.id == "unclear").expect("the ground");
    assert_eq!(pack.cite(&unclear.basis, date(2022, 7, 1)).short, "法释〔2022〕11号第358条第（五）项");
    let interested = pack.rule("objection.interested", None, Variant::Basic, date(2022, 7, 1)).expect("a rule");
    let both = pack.citation(interested, date(2022, 7, 1)).short;
    assert_eq!(both, "法释〔2022〕11号第372条、第127条；民事诉讼法（2021年修正）第85条");
    let second = pack.rule("session.second", Some("police"), Variant::Basic, date(2022, 7, 1)).expect("a rule");
    assert!(pack.citation(second, date(2022, 7, 1)).formal.ends_with("第一百七十八条至第一百八十六条"));
}

#[test]
fn the_other_articles_follow_the_date_of_the_paper_too() {
    let pack = haiyan();
    let cited = |id: &str, paper: Date| {
        let rule = pack.rule(id, None, Variant::Basic, date(2021, 6, 1)).expect("a rule");
        pack.citation(rule, paper).en
    };
    let (old, middle, new) = (date(2021, 12, 31), date(2023, 12, 31), date(2024, 1, 1));
    assert!(cited("enforcement.apply", old).ends_with("art. 239"));
    assert!(cited("enforcement.apply", middle).ends_with("art. 246"));
    assert!(cited("enforcement.apply", new).ends_with("art. 250"));
    assert!(cited("review.apply", middle).ends_with("art. 9"));
    assert!(cited("review.apply", new).ends_with("art. 20"));
    assert!(cited("confirmation.review", middle).ends_with("art. 187"));
    assert!(cited("objection.party", date(2022, 4, 9)).ends_with("art. 374"));
    assert!(cited("objection.party", date(2022, 4, 10)).ends_with("art. 372"));
}

#[test]
fn the_lists_hold_the_grounds_of_the_law() {
    let pack = haiyan();
    assert_eq!(pack.ending_grounds.len(), 8);
    assert_eq!(pack.rejection_grounds.len(), 6);
    assert_eq!(pack.court_refusal_grounds.len(), 5);
    assert_eq!(pack.parameters.major_organisation_yuan, 50_000);
    assert_eq!(pack.parameters.major_person_yuan, 5_000);
    assert_eq!(pack.letter_code_length(), 8);
    assert!(pack.refusal_grounds.iter().flat_map(|ground| &ground.routes).all(|route| pack.route(route).is_some()));
    assert!(!pack.sector("health").expect("the sector").public);
}

#[test]
fn nobody_is_woken_by_a_message() {
    let goes_out = |made: &str| haiyan().parameters.goes_out(made.parse().expect("an instant")).to_string();
    assert_eq!(goes_out("2022-07-14T16:00:00Z"), "2022-07-15T00:00:00Z", "midnight in the county");
    assert_eq!(goes_out("2022-07-14T23:59:59Z"), "2022-07-15T00:00:00Z");
    assert_eq!(goes_out("2022-07-15T00:00:00Z"), "2022-07-15T00:00:00Z", "eight in the morning");
    assert_eq!(goes_out("2022-07-15T11:59:59Z"), "2022-07-15T11:59:59Z");
    assert_eq!(goes_out("2022-07-15T12:00:00Z"), "2022-07-16T00:00:00Z", "eight in the evening");
}

#[test]
fn a_civil_dispute_that_an_organ_has_settled_may_still_be_sued_over() {
    let pack = haiyan();
    let settled = pack.refusal_ground("settled").expect("the ground");
    let routes = |kind| pack.routes_of(settled, kind).map(|route| route.id.as_str()).collect::<Vec<_>>();
    assert_eq!(routes(Kind::Civil), ["suit_civil"], "two private people have no act of an organ between them");
    assert_eq!(routes(Kind::Administrative), ["review", "suit_administrative", "petition"]);
}

#[test]
fn a_second_county_needs_no_code() {
    let pack = tiny_pack();
    assert_eq!(pack.jurisdiction.name, "小县");
    assert_eq!(pack.mediating().count(), 1);
    assert_ne!(pack.hash, haiyan().hash);
}

#[test]
fn sector_goes_before_local_before_default_by_the_date_of_the_fact() {
    let pack = tiny_pack();
    let value = |sector, fact| pack.rule("a.limit", sector, Variant::Basic, fact).map(|rule| rule.value);
    assert_eq!(value(None, date(2019, 12, 31)), Ok(5));
    assert_eq!(value(None, date(2020, 1, 1)), Ok(4));
    assert_eq!(value(None, date(2022, 1, 1)), Ok(5));
    assert_eq!(value(Some("fish"), date(2020, 1, 1)), Ok(4), "its own rule is not in force yet");
    assert_eq!(value(Some("fish"), date(2021, 1, 1)), Ok(3));
    assert_eq!(
        pack.rule("b.limit", None, Variant::Basic, date(2022, 1, 1)),
        Err(NoRuleError::NotInForce { id: "b.limit".to_owned(), date: date(2022, 1, 1) })
    );
    assert!(pack.has_rule("a.limit", Some("fish")) && !pack.has_rule("b.limit", Some("fish")));
}

#[test]
fn working_days_are_counted_backwards_too() {
    let query = crate::deadline::Query::new("b.limit", date(2021, 10, 11));
    let deadline = crate::deadline::compute(&crate::calendar::tests::calendar(), &tiny_pack(), &query).expect("a day");
    assert_eq!(deadline.last_day, date(2021, 10, 8), "the 9th is a make-up Saturday");
}

#[test]
fn the_hash_covers_every_byte_and_name() {
    let hash = |files: &BTreeMap<String, String>| super::hash(files);
    let plain = hash(&tiny());
    assert_eq!(plain.len(), 64);
    let mut commented = tiny();
    commented.entry("rules.toml".to_owned()).or_default().push('#');
    assert_ne!(hash(&commented), plain);
    let mut more = tiny();
    more.insert("extra.toml".to_owned(), String::new());
    assert_ne!(hash(&more), plain);
}

#[test]
fn faults_carry_file_and_line() {
    let cases = [
        (
            "pack.toml",
            "letter_code_length = 6",
            "letter_code_length = 9",
            12,
            "letter_code_length is not between 1 and 8",
        ),
        (
            "pack.toml",
            "letter_code_length = 6",
            "letter_code_length = 6\nmessage_hours = [20, 8]",
            12,
            "message_hours are not two hours of a day, the earlier first",
        ),
        ("pack.toml", "{n}\"\ncourt", "\"\ncourt", 8, "pattern `{word}-{paper}-{year}-` must hold `{n}` once"),
        ("pack.toml", "minimum_denominator = 1", "minimum = 1", 18, "unknown field `minimum`"),
        ("organs.toml", "role = \"justice\"", "role = \"mediating\"", 0, "there are 0 justice bureaus, not one"),
        ("organs.toml", "word = \"小司\"", "word = \"小渔\"", 5, "word `小渔` stands already on line 4"),
        ("organs.toml", "type = \"调确\"", "type = \"民特\"", 7, "type `民特` is not among types"),
        ("rules.toml", "value = 3", "value = 0", 26, "value 0 is not between 1 and 3660"),
        ("rules.toml", "unit = \"working_days\"", "unit = \"weeks\"", 44, "unknown variant `weeks`"),
        ("rules.toml", "rolls = false\n", "", 39, "a limit counted backwards never moves: set rolls = false"),
        ("rules.toml", "local = true\n", "", 13, "`a.limit@2020-01-01` is ruled already on line 2"),
        ("rules.toml", "law = \"l\", articles", "law = \"m\", articles", 13, "law `m` is not in lists.toml"),
        ("rules.toml", "[\"3\"]", "[\"three\"]", 13, "`three` is neither an article number nor a range"),
        (
            "rules.toml",
            "articles = [\"3\"] }",
            "articles = [\"3\"], to = \"2020-12-31\" }",
            13,
            "nothing is cited on a paper of `9999-12-31`",
        ),
        ("papers.toml", "code = \"文\"", "code = \"\"", 1, "`p`: a code goes with a number of its own"),
        ("papers.toml", "code = \"文\"", "code = \"文\", shares = \"q\"", 1, "`p` shares no code with `q`"),
        ("lists.toml", "routes = [\"r\"]", "routes = [\"s\"]", 3, "there is no route `s`"),
        (
            "lists.toml",
            "name_en = \"Way\" }",
            "name_en = \"Way\", limit = \"c\" }",
            2,
            "route `r` names a limit that has no rule: `c`",
        ),
        ("lists.toml", "paper_only = []\n", "", 0, "missing `paper_only`"),
        ("lists.toml", "vague_words = []", "vague_words = []\nother = 1", 11, "unknown key `other`"),
        ("lists.toml", "vague_words = []", "vague_words = [", 10, "unclosed array"),
    ];
    for (file, old, new, line, reason) in cases {
        let found = faults(file, old, new);
        let hit = found.iter().any(|f| f.file == file && f.line == line && f.reason.contains(reason));
        assert!(hit, "{file}:{line}: {reason} is not among {found:#?}");
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let mut files = tiny();
    for (file, old, new) in [
        ("rules.toml", "value = 3", "value = \"three\""),
        ("rules.toml", "value = 4", "value = 0"),
        ("lists.toml", "routes = [\"r\"]", "routes = [\"s\"]"),
    ] {
        let text = files.get_mut(file).expect("the file");
        *text = text.replacen(old, new, 1);
    }
    assert_eq!(Pack::parse(&files).expect_err("faults").len(), 3);
}

#[test]
fn a_missing_file_is_named() {
    let mut files = tiny();
    files.remove("rules.toml");
    let found = Pack::parse(&files).expect_err("a fault");
    assert_eq!(found[0].to_string(), "rules.toml:0: the file is missing");
}
