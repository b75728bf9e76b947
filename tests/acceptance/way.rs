//! The whole way of one dispute in a real browser, each role signed in as itself: from the matter to the court's
//! ruling, once with scripts in Chinese, once without scripts in English.

use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::browser::{Browser, Kind};
use crate::demo::folder;
use crate::html::words;
use crate::http::Visitor;
use crate::office::{Member, member};
use crate::serving::Serving;

/// The organ with the most disputes between buyers and sellers, and the court.
pub const ORGAN: &str = "shichang";
pub const COURT: &str = "court";

/// The two sides, invented, with phones that nobody has.
pub const BUYER: (&str, &str) = ("陆清和", "19900007701");
pub const SELLER: (&str, &str) = ("望海楼家具店", "19900007702");

/// A dispute on its way.
pub struct Way {
    /// The browser.
    pub browser: Browser,
    /// The program that it looks at.
    pub serving: Rc<Serving>,
    english: bool,
    scripts: bool,
    /// Key of the case, once there is one.
    pub case: String,
}

impl Way {
    /// With a program of its own.
    pub fn start(kind: Kind, english: bool) -> Self {
        Self::at(&Rc::new(Serving::start()), kind, english)
    }

    /// With a browser of its own at a program that others use, too.
    pub fn at(serving: &Rc<Serving>, kind: Kind, english: bool) -> Self {
        let serving = Rc::clone(serving);
        let browser = Browser::start(&serving.address, kind);
        Self { browser, serving, english, scripts: kind != Kind::Scriptless, case: String::new() }
    }

    /// The words of the messages that came to a phone, latest first.
    pub fn phone(&self, number: &str) -> String {
        words(&Visitor::new(&self.serving.address).get(&format!("/demo/phone?number={number}")).text())
    }

    /// The one-time code that came last.
    pub fn code(&self, number: &str) -> String {
        after(&self.phone(number), "验证码 ", 6)
    }

    /// A new visitor at the same browser, in the language of this way.
    pub fn nobody(&self) {
        self.browser.forget();
        if self.english {
            self.browser.open("/preferences?lang=en&back=/");
        }
    }

    /// Signs in by phone and one-time code.
    pub fn staff(&self, who: &Member) {
        self.nobody();
        self.browser.open("/sign-in");
        self.browser.fill("phone", &who.phone);
        self.browser.press("/sign-in");
        self.browser.fill("code", &self.code(&who.phone));
        self.browser.press("/sign-in/code");
        assert!(self.browser.source().contains(&who.name), "`{}` is not signed in", who.name);
    }

    /// Signs in by the code of the last letter that came to their phone, the name, and a one-time code.
    pub fn party(&self, who: (&str, &str)) {
        self.by_letter(who, &after(&self.phone(who.1), "编码 ", 9));
    }

    /// Signs in by the code of a letter, the name, and a one-time code.
    pub fn by_letter(&self, (name, phone): (&str, &str), letter: &str) {
        self.nobody();
        self.browser.open("/l");
        self.browser.fill("code", letter);
        self.browser.press("/l");
        let page = format!("/l/{}", letter.replace('-', ""));
        assert_eq!(self.browser.at(), page);
        assert!(!self.browser.words().contains(name), "a letter's code alone tells whom it is for");
        self.browser.fill("name", name);
        self.browser.press_with(&page, "act=send");
        self.browser.fill("code", &self.code(phone));
        self.browser.press_with(&page, "act=try");
    }

    /// An act of staff: its form, what is filled in, and that it was done.
    pub fn act(&self, of: &str, act: &str, fields: &[(&str, &str)]) {
        let form = format!("{of}/{act}");
        self.browser.open(&form);
        for (name, value) in fields {
            self.browser.fill(name, value);
        }
        self.browser.press(&form);
        assert_eq!(self.browser.at(), format!("{of}?done={act}"), "{}", self.browser.words());
    }

    pub fn dossier(&self, act: &str, fields: &[(&str, &str)]) {
        self.act(&format!("/dossier/{}", self.case), act, fields);
    }

    pub fn confirmation(&self, act: &str, fields: &[(&str, &str)]) {
        self.act(&format!("/confirmation/{}", self.case), act, fields);
    }

    /// Staff sign the paper of `act` with a fresh code.
    pub fn staff_signs(&self, who: &Member, act: &str) {
        let form = format!("/dossier/{}/{act}", self.case);
        self.browser.open(&form);
        self.browser.press_with(&form, "do=send");
        self.browser.fill("code", &self.code(&who.phone));
        self.browser.press_with(&form, "do=sign");
        assert_eq!(self.browser.at(), format!("/dossier/{}?done={act}", self.case));
    }

    /// A party signs at `form` with a fresh code.
    pub fn party_signs(&self, (_, phone): (&str, &str), form: &str) {
        self.browser.open(form);
        self.browser.press_with(form, "act=send");
        self.browser.fill("code", &self.code(phone));
        self.browser.press_with(form, "act=sign");
        self.browser.open(form);
        assert!(!self.browser.has("main button[value=sign]"), "still to be signed at `{form}`");
    }

    /// The words of a PDF, as whoever is signed in gets it.
    pub fn pdf(&self, page: &str) -> String {
        let mut visitor = Visitor::new(&self.serving.address).with_cookie("session", &self.browser.cookie("session"));
        let answer = visitor.get(page);
        assert_eq!((answer.status, answer.media.as_str()), (200, "application/pdf"), "`{page}`");
        // Copies of one demo give their papers the same keys: each reading has a file of its own.
        static READ: AtomicU32 = AtomicU32::new(0);
        let n = READ.fetch_add(1, Ordering::Relaxed);
        let file = folder().join(format!("{n}{}.pdf", page.replace('/', "-")));
        std::fs::write(&file, &answer.body).expect("a file for the paper");
        let output = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().expect("pdftotext starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The papers that the page links to, in order.
    pub fn papers(&self) -> Vec<String> {
        // A page that is only on its way has none yet.
        self.browser.find("main a[href^=\"/paper/\"]");
        let links = crate::html::addresses(&self.browser.source()).into_iter();
        let mut papers: Vec<String> = links.map(|(_, to)| to).filter(|to| to.starts_with("/paper/")).collect();
        papers.dedup();
        papers
    }

    /// Moves the clock of the demo.
    pub fn advance(&self, to: &str) {
        self.browser.open("/demo");
        self.browser.fill("to", to);
        self.browser.press("/demo/clock");
        // What ran on the way is told where it was asked for.
        let told = self.browser.text(".notice-success");
        assert!(told.contains("时钟已推进到") || told.contains("The clock is now at"), "{told}");
    }
}

/// So many characters after some words.
pub fn after(text: &str, words: &str, characters: usize) -> String {
    let rest = text.split(words).nth(1).unwrap_or_else(|| panic!("no `{words}` in {text}"));
    rest.chars().take(characters).collect()
}

#[test]
fn a_dispute_goes_the_whole_way_with_scripts() {
    go(&mut Way::start(Kind::Desk, false));
}

#[test]
fn a_dispute_goes_the_whole_way_without_scripts_and_in_english() {
    go(&mut Way::start(Kind::Scriptless, true));
}

fn go(way: &mut Way) {
    mistyped(way);
    import(way);
    letter(way);
    apply(way);
    accept(way);
    mediate(way);
    sign(way);
    confirm(way);
    rule(way);
}

/// What is wrong is said at its field, and what was typed is kept. Only a script moves the focus there, so this also
/// shows whether scripts run as the way wants them.
fn mistyped(way: &Way) {
    let b = &way.browser;
    way.nobody();
    b.open("/sign-in");
    b.fill("phone", "12345x");
    b.send("/sign-in", "");
    assert!(!b.errors().is_empty(), "a phone with a letter in it is taken");
    assert_eq!(b.attribute("main [name=phone]", "value"), "12345x");
    assert_eq!(b.attribute("main [name=phone]", "aria-invalid"), "true");
    assert_eq!(b.focuses("error-summary"), way.scripts);
}

/// The clerk uploads a spreadsheet with a good row and a faulty one, sees both before anything is stored, confirms, gets
/// the faulty row back to be corrected, and finds the good one among the matters.
fn import(way: &Way) {
    const ROWS: &str = "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态
HY202207149911,2022-07-13 14:27:00,陆清和,19900007701,,投诉,购买的沙发开裂，商家拒绝退换，要求退款1200元,望海楼家具店,海盐县西塘桥街道海湾路8号,海盐县市场监督管理局,2022-07-20,办理中
HY202207149912,2022-02-30 14:27:00,陆清和,19900007701,,投诉,购买的茶几开裂，要求退款300元,望海楼家具店,海盐县西塘桥街道海湾路8号,海盐县市场监督管理局,2022-07-20,办理中
";
    let b = &way.browser;
    let file = folder().join(format!("{}.csv", way.serving.address.replace([':', '/'], "-")));
    std::fs::write(&file, ROWS).expect("a file to upload");
    way.staff(&member(ORGAN, "clerk"));
    b.open("/imports");
    b.fill("kind", "complaints");
    b.fill("file", crate::demo::path(&file));
    b.press("/imports");
    let preview = b.at();
    b.says("2022-02-30");
    b.open("/matters?number=HY202207149911");
    assert!(!b.words().contains("HY202207149911"), "a preview stores something");
    b.open(&preview);
    b.press(&preview);
    let refused = format!("{preview}/refused.csv");
    assert_eq!(b.attribute(&format!("main a[href=\"{refused}\"]"), "href"), refused);
    let mut visitor = Visitor::new(&way.serving.address).with_cookie("session", &b.cookie("session"));
    let rows = visitor.get(&refused).text();
    assert!(rows.contains("HY202207149912") && !rows.contains("HY202207149911"), "{rows}");
    b.open("/matters?number=HY202207149911");
    b.says("HY202207149911");
}

/// The clerk registers a complaint and sends the letter that the catalogue proposes.
pub fn letter(way: &Way) {
    let b = &way.browser;
    way.staff(&member(ORGAN, "clerk"));
    b.open("/matters/new");
    for (name, value) in [
        ("source", "complaint"),
        ("number", "HY202207149901"),
        ("category", "投诉"),
        ("text", "在望海楼家具店购买的衣柜送货后发现柜门开裂，商家拒绝退换，要求退款2680元"),
        ("subject_kind", "organisation"),
        ("subject_name", SELLER.0),
        ("complainant_name", BUYER.0),
        ("complainant_phone", BUYER.1),
        ("complainant_address", "海盐县西塘桥街道海湾路8号"),
    ] {
        b.fill(name, value);
    }
    b.press("/matters/new");
    let matter = b.at();
    assert!(matter.starts_with("/matter/"), "{matter}");
    b.says("要求退款");
    b.open(&format!("{matter}/confirm_letter"));
    b.press(&format!("{matter}/confirm_letter"));
    assert_eq!(b.at(), matter);
    let letter = way.pdf(&way.papers()[0]);
    let words = letter.replace(char::is_whitespace, "");
    assert!(words.contains("陆清和：行政调解自愿参加，不收任何费用"), "{letter}");
    assert!(letter.contains(&after(&way.phone(BUYER.1), "编码 ", 9)), "the code of the message is that of the letter");
    // All on the first page.
    assert_eq!(letter.trim_end_matches(['\n', '\u{c}']).matches('\u{c}').count(), 0, "{letter}");
}

/// The party comes in by the letter, completes what is known, and gets a number.
pub fn apply(way: &mut Way) {
    let b = &way.browser;
    way.party(BUYER);
    assert!(b.at().starts_with("/apply?matter="), "{}", b.at());
    b.says(SELLER.0);
    for (name, value) in [
        ("electronic", "yes"),
        ("proceedings", "none"),
        ("other_phone", SELLER.1),
        ("other_address", "海盐县武原街道勤俭路36号"),
        ("claims", "退还货款2680元"),
    ] {
        b.fill(name, value);
    }
    b.press("/apply/check");
    b.says("退还货款2680元");
    b.press_with("/apply/send", "act=send");
    let receipt = b.at();
    way.case = receipt.strip_prefix("/my/").and_then(|r| r.strip_suffix("/receipt")).unwrap_or_default().to_owned();
    assert!(!way.case.is_empty(), "no receipt but `{receipt}`");
    b.says("盐市监调申〔2022〕");
}

/// The organ asks, the other side answers, the organ accepts.
pub fn accept(way: &Way) {
    let clerk = member(ORGAN, "clerk");
    way.staff(&clerk);
    way.dossier("ask_consent", &[]);
    way.party(SELLER);
    assert_eq!(way.browser.at(), format!("/my/{}", way.case));
    way.browser.press_with(&format!("/my/{}/answer", way.case), "answer=yes");
    way.staff(&clerk);
    way.dossier("accept_application", &[]);
}

/// The leader names a mediator, who declares, calls a session, keeps its record and drafts the agreement.
pub fn mediate(way: &Way) {
    let mediator = member(ORGAN, "mediator");
    way.staff(&member(ORGAN, "leader"));
    way.dossier("name_mediator", &[("staff", &mediator.stream)]);
    way.staff(&mediator);
    way.dossier("declare_conflict", &[("conflict", "no")]);
    way.dossier("call_session", &[("at", "2022-07-15"), ("clock", "10:00"), ("place", "本机关调解室")]);
    way.advance("2022-07-15 11:30");
    way.staff(&mediator);
    let form = format!("/dossier/{}/record_session", way.case);
    way.browser.open(&form);
    way.browser.tick_all("present");
    for (name, value) in [
        ("rights_told", "yes"),
        ("recusal", "no"),
        ("statements", "申请人陈述柜门开裂的经过，对方说明送货情况，调解员释明规定。"),
        ("undisputed", "双方对购买时间和价款没有争议。"),
        ("result", "agreed"),
    ] {
        way.browser.fill(name, value);
    }
    way.browser.press(&form);
    way.staff_signs(&mediator, "sign_record");
    let record = format!("/my/{}/sign_record", way.case);
    for side in [BUYER, SELLER] {
        way.party(side);
        way.party_signs(side, &record);
    }
    way.staff(&mediator);
    let draft = format!("/dossier/{}/draft_agreement", way.case);
    way.browser.open(&draft);
    for (name, value) in [
        ("facts", "双方确认衣柜柜门开裂，就此事一次处理完毕。"),
        ("obligations/1/what", "退还货款"),
        ("obligations/1/amount", "2680"),
        ("obligations/1/due", "2022-08-05"),
        ("obligations/1/how", "银行转账"),
    ] {
        way.browser.fill(name, value);
    }
    way.browser.press_with(&draft, "do=save");
    let issue = format!("/dossier/{}/issue_agreement", way.case);
    assert_eq!(way.browser.at(), issue);
    way.browser.says(if way.english { "identities are checked" } else { "核对各方身份" });
    let identity = format!("/dossier/{}/record_identity", way.case);
    way.browser.open(&identity);
    for (name, value) in [
        ("0/seen", "yes"),
        ("0/document_kind", "hong_kong_macao_permit"),
        ("0/document", "H12345678"),
        ("1/seen", "yes"),
        ("1/credit_code", "91330499XLE6CL26N2"),
        ("1/representative", "顾建平"),
        ("1/post", "经营者"),
        ("1/address", "海盐县武原街道勤俭路36号"),
    ] {
        way.browser.fill(name, value);
    }
    way.browser.press(&identity);
    way.browser.open(&issue);
    way.browser.press(&issue);
}

/// Everybody signs the same bytes, the organ seals, and the agreement takes effect.
pub fn sign(way: &Way) {
    let form = format!("/my/{}/sign_agreement", way.case);
    for side in [BUYER, SELLER] {
        way.party(side);
        way.browser.open(&form);
        let agreement = way.pdf(&way.papers()[0]).replace(char::is_whitespace, "");
        // In figures and in words; the words may run over a line of their column.
        assert!(agreement.contains("人民币2680元") && agreement.contains("贰仟陆佰捌拾"), "{agreement}");
        assert!(agreement.contains("港澳居民来往内地通行证：H12345678"), "{agreement}");
        way.party_signs(side, &form);
    }
    let mediator = member(ORGAN, "mediator");
    way.staff(&mediator);
    way.staff_signs(&mediator, "sign_agreement");
    way.staff(&member(ORGAN, "leader"));
    way.dossier("seal_agreement", &[]);
}

/// The parties apply for confirmation together, while the thirty days run, and file it with the court.
pub fn confirm(way: &Way) {
    let form = format!("/confirmation/{}/sign", way.case);
    way.party(BUYER);
    way.browser.open(&format!("/my/{}", way.case));
    way.browser.press(&format!("/my/{}/confirm", way.case));
    way.party_signs(BUYER, &form);
    way.party(SELLER);
    way.party_signs(SELLER, &form);
    way.staff(&member(ORGAN, "mediator"));
    way.confirmation("certify_presiding", &[]);
    way.confirmation("file_confirmation", &[]);
}

/// The court dockets, hears and rules; party and organ see the ruling.
fn rule(way: &Way) {
    let judge = member(COURT, "judge");
    let case = format!("/confirmation/{}", way.case);
    let clerk = member(COURT, "court_clerk");
    way.staff(&clerk);
    way.confirmation("docket_confirmation", &[("number", "（2022）浙0424诉前调确801号"), ("judge", &judge.stream)]);
    way.staff(&judge);
    way.confirmation("hear_parties", &[("all_heard", "yes"), ("findings", "双方到庭，协议自愿，内容明确。")]);
    way.confirmation("rule_valid", &[("reasons", "协议符合司法确认的法定条件。")]);
    way.browser.says("诉前调确");
    // The court's clerk records how the ruling reached the buyer.
    way.staff(&clerk);
    way.browser.open(&case);
    let serve = format!("a[href^=\"{case}/serve/\"]");
    let serve = way.browser.attribute(&serve, "href");
    way.browser.open(&serve);
    way.browser.fill("manner", "direct");
    way.browser.fill("served", "yes");
    way.browser.fill("receiver", BUYER.0);
    way.browser.press(&serve);
    // The party reads it, and so does the organ.
    way.party(BUYER);
    way.browser.open(&format!("/my/{}", way.case));
    let papers = way.papers();
    let ruling =
        papers.iter().map(|paper| way.pdf(paper).replace(char::is_whitespace, "")).find(|text| text.contains("裁定书"));
    let ruling = ruling.unwrap_or_else(|| panic!("no ruling among {papers:?}"));
    assert!(ruling.contains("诉前调确") && ruling.contains(SELLER.0), "{ruling}");
    way.staff(&member(ORGAN, "clerk"));
    way.browser.open(&case);
    way.browser.says("诉前调确");
}
