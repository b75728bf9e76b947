//! The tour from its first step to its last: at each step it says where the dispute stands, who is next and how long it
//! takes, and its own buttons lead there or do it. By hand citizens walk at the width of a phone, offices at a desk.

use std::cell::Cell;
use std::rc::Rc;

use crate::browser::{Effort, Kind};
use crate::html::words;
use crate::serving::Serving;
use crate::way::{Way, after};

/// The width of a phone, in points.
const PHONE: i64 = 390;

/// How many steps there are, the last of which is only to be looked at.
const STEPS: usize = 19;

/// The number before some words of the page.
fn number_before(text: &str, words: &str) -> u32 {
    let before = text.split(words).next().unwrap_or_default().trim_end();
    let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
    let digits: String = digits.chars().rev().collect();
    digits.parse().unwrap_or_else(|_| panic!("no number before `{words}` in `{text}`"))
}

struct Tour {
    desk: Way,
    phone: Way,
    /// The page of the tour.
    page: String,
    /// How many steps are done.
    done: usize,
    /// What the steps took so far.
    took: Cell<Effort>,
}

impl Tour {
    fn begin() -> Self {
        Self::at(&Rc::new(Serving::start()))
    }

    fn at(serving: &Rc<Serving>) -> Self {
        let (desk, phone) = (Way::at(serving, Kind::Desk, false), Way::at(serving, Kind::Phone, false));
        desk.browser.open("/demo");
        desk.browser.go("main a[href=\"/tour\"]");
        desk.browser.effort();
        desk.browser.press("/tour/begin");
        let (page, took) = (desk.browser.at(), Cell::new(desk.browser.effort()));
        assert!(page.starts_with("/tour/"), "{page}");
        Self { desk, phone, page, done: 0, took }
    }

    fn section(&self) -> String {
        format!("main section#step-{}", self.done + 1)
    }

    /// The tour shows all earlier steps done and this one next, with a button for everybody who acts in it and one that
    /// does it for the reader.
    fn stands(&self, at: &Way, title: &str, who: &[&str]) {
        at.browser.open(&self.page);
        let done = at.browser.script("return document.querySelectorAll('main .steps li.step-done').length");
        assert_eq!(done.as_u64(), Some(self.done as u64), "steps done before `{title}`");
        assert_eq!(at.browser.text("main .steps li[aria-current=step] a"), title);
        let shown = at.browser.text(&self.section());
        for words in [&*format!("第 {} 步（共 {STEPS} 步）", self.done + 1), "为什么这样办：", "办完以后："]
        {
            assert!(shown.contains(words), "`{title}` does not say `{words}`: {shown}");
        }
        let labels: Vec<String> = (1..=who.len()).map(|n| at.browser.text(&self.button(n))).collect();
        for (label, who) in labels.iter().zip(who) {
            assert!(label.contains(who), "`{title}` is for `{label}`, not for `{who}`");
        }
        assert!(!at.browser.has(&self.button(who.len() + 1)), "`{title}` is for more than {who:?}");
        let play = format!("{} .actions form[action=\"{}/play\"] button", self.section(), self.page);
        assert!(at.browser.text(&play).contains("代我办"), "`{title}` cannot be done for the reader");
    }

    /// The button for the n-th who acts in the step.
    fn button(&self, n: usize) -> String {
        format!("{} .actions form:nth-child({n} of [action=\"/demo/as\"]) button", self.section())
    }

    /// Presses the button of the step for the n-th who acts in it; it leads to `to`. Gives its words.
    fn press(&self, at: &Way, n: usize, to: &str) -> String {
        at.browser.open(&self.page);
        let button = self.button(n);
        let label = at.browser.text(&button);
        at.browser.effort();
        at.browser.go(&button);
        assert_eq!(at.browser.at(), to, "`{label}`");
        label
    }

    /// Goes back to the tour by the bar of every page, and counts what was done since its button was pressed.
    fn back(&self, at: &Way) -> Effort {
        at.browser.go(&format!(".demo-bar a[href^=\"{}\"]", self.page));
        assert_eq!(at.browser.at(), self.page);
        at.browser.effort()
    }

    /// The step is done, and took no longer than the page had said.
    fn over(&mut self, title: &str, said: u32, took: Effort) {
        assert!(took.seconds() <= said * 60, "`{title}` takes {took:?}, and the tour says {said} minutes");
        self.add(took);
        self.done += 1;
    }

    fn add(&self, took: Effort) {
        self.took.set(self.took.get() + took);
    }

    /// All that was done took no longer than this.
    fn within(&self, minutes: u32) {
        let took = self.took.get();
        assert!(took.seconds() <= minutes * 60, "{took:?}, and the tour says {minutes} minutes");
    }

    /// The minutes that the page says of the step.
    fn said(&self, at: &Way) -> u32 {
        number_before(&at.browser.text(&self.section()), " 分钟")
    }

    /// A step with one who acts, at a desk.
    fn office(&mut self, title: &str, role: &str, to: &str, acts: impl Fn(&Way)) {
        self.stands(&self.desk, title, &[role]);
        let said = self.said(&self.desk);
        self.press(&self.desk, 1, to);
        acts(&self.desk);
        let took = self.back(&self.desk);
        self.over(title, said, took);
    }

    /// A step of citizens, each with a phone.
    fn citizens(&mut self, title: &str, who: &[&str], to: &str, acts: impl Fn(&Way, usize)) {
        self.stands(&self.phone, title, who);
        let (said, mut took) = (self.said(&self.phone), Effort::default());
        for n in 1..=who.len() {
            // Who has done their part has no button any more.
            self.press(&self.phone, 1, to);
            acts(&self.phone, n);
            fits(&self.phone);
            took = took + self.back(&self.phone);
        }
        self.over(title, said, took);
    }

    /// Lets the step be done by its button.
    fn played(&mut self) {
        let b = &self.desk.browser;
        b.open(&self.page);
        b.effort();
        b.press(&format!("{}/play", self.page));
        self.add(b.effort());
        self.done += 1;
        assert!(b.at().starts_with(&format!("{}?played=", self.page)), "{}", b.at());
    }

    /// The clerk reads why a letter is proposed, and sends it.
    fn letter(&mut self) {
        let matter = self.page.replace("/tour/", "/matter/");
        self.office("发出告知引导书", "经办人", &matter, |at| act(at, "confirm_letter", &[]));
    }

    /// The buyer applies; gives the key of the case.
    fn apply(&mut self) -> String {
        let case = Cell::new(String::new());
        let form = format!("/apply?matter={}", self.page.replace("/tour/", ""));
        self.citizens("申请调解", &["投诉人"], &form, |at, _| {
            fits(at);
            for (name, value) in [("electronic", "yes"), ("proceedings", "none"), ("claims", "退还货款2680元")] {
                at.browser.fill(name, value);
            }
            at.browser.press("/apply/check");
            fits(at);
            at.browser.press_with("/apply/send", "act=send");
            at.browser.says("申请");
            case.set(at.browser.at().replace("/my/", "").replace("/receipt", ""));
        });
        case.take()
    }

    fn answer(&mut self, mine: &str) {
        self.citizens("商家答复", &["商家"], mine, |at, _| {
            at.browser.press_with(&format!("{mine}/answer"), "answer=yes");
        });
    }

    /// All is done: the last step, to look at the ruling, is left.
    fn ruling(&self) {
        let phone = &self.phone;
        phone.browser.open_until(&self.page, "main .steps li.step-done:last-child");
        phone.browser.says("只剩下看一看");
        assert!(!phone.browser.has("main .steps li:not(.step-done):not(:last-child)"), "a step is left");
        phone.browser.effort();
        phone.browser.go(&self.button(1));
        self.add(phone.browser.effort());
        phone.browser.says("申请强制执行");
        let ruling = phone.browser.attribute("main section#confirmation a[href^=\"/paper/\"]", "href");
        let ruling = phone.pdf(&ruling).replace(char::is_whitespace, "");
        assert!(ruling.contains("裁定书") && ruling.contains("绮园家电商行"), "{ruling}");
        fits(phone);
    }
}

/// The page is no wider than the phone.
fn fits(at: &Way) {
    let width = at.browser.script("return document.documentElement.scrollWidth").as_i64();
    assert!(width <= Some(PHONE), "`{}` is {width:?} wide", at.browser.at());
}

/// Opens the form of an act by the page's own link, and sends it.
fn act(at: &Way, act: &str, fields: &[(&str, &str)]) {
    at.browser.go(&format!("main a[href$=\"/{act}\"]"));
    send(at, fields);
}

/// Fills in the form that the page is, and sends it.
fn send(at: &Way, fields: &[(&str, &str)]) {
    let form = at.browser.at();
    for (name, value) in fields {
        let value = match *value {
            "first" => at.browser.attribute(&format!("main input[name=\"{name}\"]"), "value"),
            value => value.to_owned(),
        };
        at.browser.fill(name, &value);
    }
    at.browser.press(&form);
}

/// Signs with the code that stands in its field already; `name` is that of the buttons.
fn sign(at: &Way, name: &str) {
    let form = at.browser.at();
    at.browser.press_with(&form, &format!("{name}=send"));
    let code = at.browser.attribute("main input[name=code]", "value");
    assert!(code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()), "no code is filled in: `{code}`");
    at.browser.press_with(&form, &format!("{name}=sign"));
}

#[test]
fn the_tour_leads_from_its_first_step_to_its_last() {
    let mut tour = Tour::begin();
    tour.letter();
    let case = tour.apply();
    let (mine, desk, filing) = (format!("/my/{case}"), format!("/dossier/{case}"), format!("/confirmation/{case}"));
    let form = |act: &str| format!("{desk}/{act}");

    tour.office("征求对方意见", "经办人", &form("ask_consent"), |at| send(at, &[]));
    tour.answer(&mine);
    tour.office("受理", "经办人", &form("accept_application"), |at| send(at, &[]));
    tour.office("指定调解员", "分管负责人", &form("name_mediator"), |at| send(at, &[("staff", "first")]));
    tour.office("通知调解会", "调解员", &form("declare_conflict"), |at| {
        send(at, &[("conflict", "no")]);
        act(at, "call_session", &[("at", "2022-07-15"), ("clock", "10:00"), ("place", "本机关调解室")]);
    });

    // The tour moves the clock behind the session itself, and stays where it is.
    tour.stands(&tour.desk, "调解，做笔录", &["调解员"]);
    let clock = "main section form[action=\"/demo/clock\"] button";
    tour.desk.browser.effort();
    tour.desk.browser.go(clock);
    tour.add(tour.desk.browser.effort());
    assert_eq!(tour.desk.browser.at(), tour.page);
    assert!(!tour.desk.browser.has(clock), "the clock is offered again");
    tour.office("调解，做笔录", "调解员", &form("record_session"), |at| {
        let form = at.browser.at();
        at.browser.tick_all("present");
        at.browser.fill("rights_told", "yes");
        at.browser.fill("recusal", "no");
        at.browser.fill("statements", "投诉人陈述冰箱损坏的经过，商家说明送货情况，调解员释明规定。");
        at.browser.fill("result", "agreed");
        at.browser.press(&form);
    });
    signatures(&mut tour, "签笔录", "sign_record", &case);

    // Nobody knows the numbers of invented people: the tour says what their documents show.
    tour.stands(&tour.desk, "起草协议", &["调解员"]);
    let shown = tour.desk.browser.text("main section#step-10");
    let mut numbers = shown.split(|c: char| !c.is_ascii_alphanumeric()).filter(|number| number.len() == 18);
    let (id, code) = (numbers.next().expect("a document"), numbers.next().expect("a credit code"));
    tour.office("起草协议", "调解员", &form("record_identity"), |at| {
        send(
            at,
            &[
                ("0/seen", "yes"),
                ("0/document_kind", "resident_id"),
                ("0/document", id),
                ("1/seen", "yes"),
                ("1/credit_code", code),
                ("1/representative", "顾建平"),
                ("1/post", "经营者"),
                ("1/address", "海盐县武原街道勤俭路36号"),
            ],
        );
        at.browser.go("main a[href$=\"/draft_agreement\"]");
        let form = at.browser.at();
        for (name, value) in [
            ("facts", "双方确认冰箱使用十天后损坏，就此事一次处理完毕。"),
            ("obligations/1/what", "退还货款"),
            ("obligations/1/amount", "2680"),
            ("obligations/1/due", "2022-08-05"),
            ("obligations/1/how", "银行转账"),
        ] {
            at.browser.fill(name, value);
        }
        at.browser.press_with(&form, "do=save");
        let issue = at.browser.at();
        at.browser.press(&issue);
    });
    signatures(&mut tour, "签协议", "sign_agreement", &case);
    tour.office("盖章生效", "分管负责人", &form("seal_agreement"), |at| send(at, &[]));

    let asks = format!("{filing}/sign");
    tour.citizens("申请司法确认", &["投诉人", "商家"], &mine, |at, n| {
        if n == 1 {
            at.browser.press(&format!("{mine}/confirm"));
        }
        at.browser.go(&format!("main a[href=\"{asks}\"]"));
        sign(at, "act");
    });
    tour.office("证明主持调解", "调解员", &format!("{filing}/certify_presiding"), |at| send(at, &[]));
    tour.citizens("提交法院", &["投诉人"], &mine, |at, _| at.browser.press(&format!("{mine}/file")));
    // The tour says a number that nobody has taken.
    tour.stands(&tour.desk, "法院立案", &["书记员"]);
    let number = after(&tour.desk.browser.text(&tour.section()), "案号填 ", 20);
    tour.office("法院立案", "书记员", &format!("{filing}/docket_confirmation"), |at| {
        send(at, &[("number", &number), ("judge", "first")]);
    });
    tour.office("法院审查和裁定", "审判员", &format!("{filing}/hear_parties"), |at| {
        send(at, &[("all_heard", "yes"), ("findings", "双方到庭，协议自愿，内容明确。")]);
        act(at, "rule_valid", &[("reasons", "协议符合司法确认的法定条件。")]);
    });
    tour.office("送达裁定", "书记员", &filing, |at| {
        for (n, receiver) in ["沈知夏", "绮园家电商行"].into_iter().enumerate() {
            if n > 0 {
                at.browser.open(&filing);
            }
            at.browser.go(&format!("main a[href^=\"{filing}/serve/\"]"));
            let form = at.browser.at();
            at.browser.fill("manner", "direct");
            at.browser.fill("served", "yes");
            at.browser.fill("receiver", receiver);
            // That the system writes the first service into the case meanwhile makes no page old.
            at.browser.press(&form);
        }
    });
    tour.ruling();
    tour.desk.browser.open("/tour");
    let all = number_before(&tour.desk.browser.text("main"), " 分钟，全部代办");
    tour.within(all);
}

/// A step in which the mediator signs at a desk and both sides on a phone.
fn signatures(tour: &mut Tour, title: &str, form: &str, case: &str) {
    let (mut said, mut took) = (0, Effort::default());
    for (n, who) in (0..).zip(signers(form)) {
        let left = &signers(form)[n..];
        tour.stands(&tour.desk, title, left);
        said = said.max(tour.said(&tour.desk));
        let signed = tour.desk.browser.text(&tour.section());
        assert_eq!(signed.matches("已签名").count(), n, "{signed}");
        let (at, page, name) = match who {
            "调解员" => (&tour.desk, format!("/dossier/{case}/{form}"), "do"),
            _ => (&tour.phone, format!("/my/{case}/{form}"), "act"),
        };
        tour.press(at, 1, &page);
        sign(at, name);
        took = took + tour.back(at);
    }
    tour.over(title, said, took);
}

fn signers(form: &str) -> [&'static str; 3] {
    if form == "sign_record" { ["调解员", "投诉人", "商家"] } else { ["投诉人", "商家", "调解员"] }
}

#[test]
fn the_tour_as_it_is_proposed_takes_no_longer_than_it_says() {
    let mut tour = Tour::begin();
    tour.desk.browser.open("/tour");
    let said = number_before(&tour.desk.browser.text("main"), " 分钟");
    assert!(said <= 10, "{said} minutes");
    tour.letter();
    let case = tour.apply();
    tour.played();
    tour.answer(&format!("/my/{case}"));
    while tour.done < STEPS - 1 {
        tour.played();
    }
    tour.ruling();
    tour.within(said);
    assert_eq!(words(&tour.desk.browser.source()).matches("已代办").count(), STEPS - 4);
}

#[test]
fn the_tour_comes_to_the_ruling_by_its_buttons_alone_without_scripts_and_in_english() {
    let way = Way::start(Kind::Scriptless, true);
    let b = &way.browser;
    way.nobody();
    b.open("/tour");
    b.press("/tour/begin");
    let page = b.at();
    for step in 1..STEPS {
        b.says(&format!("Step {step} of {STEPS}"));
        b.press(&format!("{page}/play"));
        b.says("Done for you: ");
    }
    b.says("All done");
    b.go(&format!("main section#step-{STEPS} .actions form button"));
    let ruling = b.attribute("main section#confirmation a[href^=\"/paper/\"]", "href");
    assert!(way.pdf(&ruling).replace(char::is_whitespace, "").contains("裁定书"));
}

#[test]
fn the_way_back_to_the_tour_is_kept_in_the_browser() {
    let way = Way::start(Kind::Desk, false);
    let b = &way.browser;
    b.open("/tour");
    b.press("/tour/begin");
    let page = b.at();
    // By the bar that every page of a demonstration has: at once, or over the desk.
    b.open("/help");
    b.go(&format!(".demo-bar a[href^=\"{page}\"]"));
    assert_eq!(b.at(), page);
    b.open("/help");
    b.go("a[href=\"/demo\"]");
    b.go("main a[href=\"/tour\"]");
    b.go(&format!("main a[href^=\"{page}\"]"));
    assert_eq!(b.at(), page);
    let code = words(&b.source());
    assert!(after(&code, "导览：投诉 ", 2) == "HY", "{code}");
}
