//! The tour from its first step to its last: at each step it says where the dispute stands, who is next, and its own
//! button leads there. Citizens walk at the width of a phone, offices at a desk.

use std::rc::Rc;

use crate::browser::Kind;
use crate::html::words;
use crate::office::{Member, members};
use crate::serving::Serving;
use crate::way::{Way, after};

/// The width of a phone, in points.
const PHONE: i64 = 390;

struct Tour {
    desk: Way,
    phone: Way,
    /// The page of the tour.
    page: String,
    /// How many steps are done.
    done: usize,
}

impl Tour {
    fn begin() -> Self {
        let serving = Rc::new(Serving::start());
        let (desk, phone) = (Way::at(&serving, Kind::Desk, false), Way::at(&serving, Kind::Phone, false));
        desk.browser.open("/demo");
        desk.browser.go("main a[href=\"/tour\"]");
        desk.browser.press("/tour/begin");
        let page = desk.browser.at();
        assert!(page.starts_with("/tour/"), "{page}");
        Self { desk, phone, page, done: 0 }
    }

    /// The tour shows all earlier steps done and this one next, with a button for everybody who acts in it.
    fn stands(&self, at: &Way, title: &str, who: &[&str]) {
        at.browser.open(&self.page);
        let done = at.browser.script("return document.querySelectorAll('main .steps li.step-done').length");
        assert_eq!(done.as_u64(), Some(self.done as u64), "steps done before `{title}`");
        assert_eq!(at.browser.text("main .steps li[aria-current=step] a"), title);
        let labels: Vec<String> = (1..=who.len()).map(|n| at.browser.text(&self.button(n))).collect();
        for (label, who) in labels.iter().zip(who) {
            assert!(label.contains(who), "`{title}` is for `{label}`, not for `{who}`");
        }
        assert!(!at.browser.has(&self.button(who.len() + 1)), "`{title}` is for more than {who:?}");
    }

    fn button(&self, n: usize) -> String {
        format!("main section#step-{} .actions form:nth-of-type({n}) button", self.done + 1)
    }

    /// Presses the button of the step for the n-th who acts in it; it leads to `to`. Gives its words.
    fn press(&self, at: &Way, n: usize, to: &str) -> String {
        at.browser.open(&self.page);
        let button = self.button(n);
        let label = at.browser.text(&button);
        at.browser.go(&button);
        assert_eq!(at.browser.at(), to, "`{label}`");
        label
    }

    /// A step with one who acts, at a desk.
    fn office(&mut self, title: &str, role: &str, to: &str, acts: impl Fn(&Way)) {
        self.stands(&self.desk, title, &[role]);
        self.press(&self.desk, 1, to);
        acts(&self.desk);
        self.done += 1;
    }

    /// A step of citizens, each with a phone.
    fn citizens(&mut self, title: &str, who: &[&str], to: &str, acts: impl Fn(&Way, usize)) {
        self.stands(&self.phone, title, who);
        for n in 1..=who.len() {
            // Who has done their part has no button any more.
            self.press(&self.phone, 1, to);
            acts(&self.phone, n);
            fits(&self.phone);
        }
        self.done += 1;
    }
}

/// The page is no wider than the phone.
fn fits(at: &Way) {
    let width = at.browser.script("return document.documentElement.scrollWidth").as_i64();
    assert!(width <= Some(PHONE), "`{}` is {width:?} wide", at.browser.at());
}

/// Opens the form of an act by the page's own link, fills it in and sends it.
fn act(at: &Way, act: &str, fields: &[(&str, &str)]) {
    at.browser.go(&format!("main a[href$=\"/{act}\"]"));
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

/// The officer whom a button names.
fn officer(label: &str) -> Member {
    let found = members().into_iter().find(|m| !m.role.is_empty() && label.contains(&m.name));
    found.unwrap_or_else(|| panic!("nobody of the staff is named in `{label}`"))
}

#[test]
fn the_tour_leads_from_its_first_step_to_its_last() {
    let mut tour = Tour::begin();
    let matter = tour.page.replace("/tour/", "");

    tour.office("发出告知引导书", "经办人", &format!("/matter/{matter}"), |at| {
        act(at, "confirm_letter", &[])
    });

    tour.stands(&tour.phone, "申请调解", &["投诉人"]);
    let buyer = tour.phone.browser.attribute("main a[href^=\"/demo/phone?number=\"]", "href");
    let buyer = buyer.replace("/demo/phone?number=", "");
    tour.citizens("申请调解", &["投诉人"], &format!("/apply?matter={matter}"), |at, _| {
        fits(at);
        for (name, value) in [("electronic", "yes"), ("proceedings", "none"), ("claims", "退还货款2680元")] {
            at.browser.fill(name, value);
        }
        at.browser.press("/apply/check");
        fits(at);
        at.browser.press_with("/apply/send", "act=send");
        at.browser.says("申请");
    });
    let receipt = tour.phone.browser.at();
    let case = receipt.replace("/my/", "").replace("/receipt", "");
    let (mine, desk, filing) = (format!("/my/{case}"), format!("/dossier/{case}"), format!("/confirmation/{case}"));
    tour.desk.case.clone_from(&case);
    tour.phone.case = case;

    tour.office("征求对方意见", "经办人", &desk, |at| act(at, "ask_consent", &[]));
    tour.citizens("商家答复", &["商家"], &mine, |at, _| {
        at.browser.press_with(&format!("{mine}/answer"), "answer=yes");
    });
    tour.office("受理", "经办人", &desk, |at| act(at, "accept_application", &[]));
    tour.office("指定调解员", "分管负责人", &desk, |at| act(at, "name_mediator", &[("staff", "first")]));
    tour.office("通知调解会", "调解员", &desk, |at| {
        act(at, "declare_conflict", &[("conflict", "no")]);
        act(at, "call_session", &[("at", "2022-07-15"), ("clock", "10:00"), ("place", "本机关调解室")]);
    });

    // The tour moves the clock behind the session itself, and stays where it is.
    tour.stands(&tour.desk, "调解，做笔录", &["调解员"]);
    let clock = "main section form[action=\"/demo/clock\"] button";
    tour.desk.browser.go(clock);
    assert_eq!(tour.desk.browser.at(), tour.page);
    assert!(!tour.desk.browser.has(clock), "the clock is offered again");
    tour.office("调解，做笔录", "调解员", &desk, |at| {
        at.browser.go("main a[href$=\"/record_session\"]");
        let form = at.browser.at();
        at.browser.tick_all("present");
        at.browser.fill("statements", "投诉人陈述冰箱损坏的经过，商家说明送货情况，调解员释明规定。");
        at.browser.fill("result", "agreed");
        at.browser.press(&form);
    });

    let seller = {
        // The number after the buyer's, as the tour invents them.
        let number: u64 = buyer.parse().expect("a phone");
        let next = if number % 10_000 == 9_999 { number - 9_999 } else { number + 1 };
        next.to_string()
    };
    let phones = [buyer.as_str(), seller.as_str()];
    signatures(&mut tour, "签笔录", "sign_record", &phones);

    // Nobody knows the numbers of invented people: the tour says what their documents show.
    tour.stands(&tour.desk, "起草协议", &["调解员"]);
    let shown = tour.desk.browser.text("main section#step-10");
    let mut numbers = shown.split(|c: char| !c.is_ascii_alphanumeric()).filter(|number| number.len() == 18);
    let (id, code) = (numbers.next().expect("a document"), numbers.next().expect("a credit code"));
    tour.office("起草协议", "调解员", &desk, |at| {
        act(
            at,
            "record_identity",
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
    signatures(&mut tour, "签名", "sign_agreement", &phones);
    tour.office("盖章生效", "分管负责人", &desk, |at| act(at, "seal_agreement", &[]));

    let asks = format!("{mine}#confirmation").replace("#confirmation", "");
    let form = format!("{filing}/sign");
    tour.citizens("申请司法确认", &["投诉人", "商家"], &asks, |at, n| {
        if n == 1 {
            at.browser.press(&format!("{mine}/confirm"));
        }
        at.browser.go(&format!("main a[href=\"{form}\"]"));
        at.party_signs(("", phones[n - 1]), &form);
    });
    tour.office("证明主持调解", "调解员", &format!("{filing}/certify_presiding"), |at| {
        at.browser.press(&format!("{filing}/certify_presiding"));
    });
    tour.citizens("提交法院", &["投诉人"], &asks, |at, _| at.browser.press(&format!("{mine}/file")));
    tour.office("法院立案", "书记员", &filing, |at| {
        act(at, "docket_confirmation", &[("number", "（2022）浙0424诉前调确802号"), ("judge", "first")]);
    });
    tour.office("法院审查和裁定", "审判员", &filing, |at| {
        act(at, "hear_parties", &[("all_heard", "yes"), ("findings", "双方到庭，协议自愿，内容明确。")]);
        act(at, "rule_valid", &[("reasons", "协议符合司法确认的法定条件。")]);
    });
    tour.office("送达裁定", "书记员", &filing, |at| {
        for receiver in ["沈知夏", "绮园家电商行"] {
            at.browser.go(&format!("main a[href^=\"{filing}/serve/\"]"));
            let form = at.browser.at();
            at.browser.fill("manner", "direct");
            at.browser.fill("served", "yes");
            at.browser.fill("receiver", receiver);
            // That the system writes the first service into the case meanwhile makes no page old.
            at.browser.press(&form);
            at.browser.open(&filing);
        }
    });

    // All is done: the last step, to look at the ruling, is left.
    let phone = &tour.phone;
    phone.browser.open_until(&tour.page, "main .steps li.step-done:last-child");
    phone.browser.says("只剩下看一看");
    assert!(!phone.browser.has("main .steps li:not(.step-done):not(:last-child)"), "a step is left");
    phone.browser.go(&tour.button(1));
    phone.browser.says("申请强制执行");
    let ruling = phone.browser.attribute("main section#confirmation a[href^=\"/paper/\"]", "href");
    let ruling = phone.pdf(&ruling).replace(char::is_whitespace, "");
    assert!(ruling.contains("裁定书") && ruling.contains("绮园家电商行"), "{ruling}");
    fits(phone);
}

/// A step in which the mediator signs at a desk and both sides on a phone.
fn signatures(tour: &mut Tour, title: &str, form: &str, phones: &[&str; 2]) {
    let case = tour.phone.case.clone();
    for (n, who) in (0..).zip(signers(form)) {
        let left = &signers(form)[n..];
        tour.stands(&tour.desk, title, left);
        let signed = tour.desk.browser.text(&format!("main section#step-{}", tour.done + 1));
        assert_eq!(signed.matches("已签名").count(), n, "{signed}");
        let side = ["投诉人", "商家"].iter().position(|side| *side == who);
        match side {
            None => {
                let label = tour.press(&tour.desk, 1, &format!("/dossier/{case}/{form}"));
                tour.desk.staff_signs(&officer(&label), form);
            }
            Some(side) => {
                let page = format!("/my/{case}/{form}");
                tour.press(&tour.phone, 1, &page);
                fits(&tour.phone);
                tour.phone.party_signs(("", phones[side]), &page);
            }
        }
    }
    tour.done += 1;
}

fn signers(form: &str) -> [&'static str; 3] {
    if form == "sign_record" { ["调解员", "投诉人", "商家"] } else { ["投诉人", "商家", "调解员"] }
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
