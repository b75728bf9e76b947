//! Clients who work while the program may end at any moment. Each keeps what it was told was done, and repeats, with
//! the same token, what it was told nothing about.

use crate::html::{Form, forms, words};
use crate::http::{Answer, Visitor};

/// Something that somebody wanted done, known by what is found in the journal afterwards.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A matter with this number, registered by form.
    Matter(String),
    /// A letter for the matter with this number.
    Letter(String),
    /// No letter for the matter with this number.
    Declined(String),
    /// An application with these words.
    Application(String),
    /// The other side of the application with these words is asked.
    Asked(String),
    /// Rows with these numbers, from one file.
    Import(Vec<String>),
}

/// A form that was sent, and of which nobody knows what became.
struct Pending {
    path: String,
    values: Vec<(String, String)>,
    wanted: Wanted,
}

/// A clerk at work.
pub struct Client {
    visitor: Visitor,
    /// Names this client's documents.
    name: String,
    chance: u64,
    made: u32,
    pending: Option<Pending>,
    undecided: Vec<(String, String)>,
    /// What was acknowledged.
    pub done: Vec<Wanted>,
    /// Pages that said that the program itself failed.
    pub faults: Vec<Answer>,
    /// Counts what was acknowledged at a second asking.
    pub repeated: u32,
}

/// The text of every complaint here.
const TEXT: &str = "在望海楼家具店购买的衣柜送货后发现柜门开裂，商家拒绝退换，要求退款2680元";
const HEAD: &str =
    "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";

impl Client {
    /// Signs somebody in.
    pub fn new(address: &str, member: &str, name: &str, seed: u64) -> Self {
        let mut visitor = Visitor::new(address);
        visitor.sign_in(member);
        Self {
            visitor,
            name: name.to_owned(),
            chance: seed,
            made: 0,
            pending: None,
            undecided: Vec::new(),
            done: Vec::new(),
            faults: Vec::new(),
            repeated: 0,
        }
    }

    /// A number below `n` (SplitMix64).
    fn below(&mut self, n: u64) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn fresh(&mut self) -> String {
        self.made += 1;
        format!("HY2022{}{:05}", self.name, self.made)
    }

    /// Works until the program does not answer, or says that it failed.
    pub fn work(&mut self) {
        while self.step().is_some() {}
    }

    /// Sends again what is not known to be done.
    pub fn settle(&mut self) -> Option<Answer> {
        let waiting = self.pending.is_some();
        let answer = self.ask()?;
        self.repeated += u32::from(waiting);
        Some(answer)
    }

    /// Is there nothing of which nobody knows what became?
    pub fn is_settled(&self) -> bool {
        self.pending.is_none()
    }

    fn ask(&mut self) -> Option<Answer> {
        let Pending { path, values, .. } = self.pending.as_ref()?;
        let answer = self.visitor.try_post(path, values).ok();
        let answer = self.heard(answer)?;
        let pending = self.pending.take()?;
        assert_eq!(answer.status, 303, "`{}` {:?}: {}", pending.path, pending.wanted, words(&answer.text()));
        match &pending.wanted {
            Wanted::Matter(number) => self.undecided.push((number.clone(), answer.location.clone())),
            Wanted::Application(claims) => self.undecided.push((claims.clone(), answer.location.clone())),
            _ => {}
        }
        self.done.push(pending.wanted);
        Some(answer)
    }

    /// An answer, unless it says that the program itself failed: then that page is kept.
    fn heard(&mut self, answer: Option<Answer>) -> Option<Answer> {
        match answer {
            Some(answer) if answer.status >= 500 => {
                self.faults.push(answer);
                None
            }
            answer => answer,
        }
    }

    fn page(&mut self, path: &str) -> Option<Answer> {
        let answer = self.visitor.try_get(path).ok();
        self.heard(answer)
    }

    fn form(&mut self, path: &str, action: &str) -> Option<Form> {
        let page = self.page(path)?;
        Some(page.form(action))
    }

    fn send(&mut self, form: Form, wanted: Wanted) -> Option<Answer> {
        self.pending = Some(Pending { path: form.action, values: form.values, wanted });
        self.ask()
    }

    /// Goes on at another server of the same site.
    pub fn go_to(&mut self, address: &str) {
        self.visitor.go_to(address);
    }

    /// Reads the pages in another language.
    pub fn prefer(&mut self, language: &str) {
        self.visitor.get(&format!("/preferences?lang={language}&back=/"));
    }

    /// One thing done, or one that is not known to be done asked for again; `None` when the program did not do it.
    pub fn step(&mut self) -> Option<()> {
        if self.pending.is_some() {
            return self.settle().map(drop);
        }
        let choice = self.below(10);
        let at = if choice < 6 { self.undecided.pop() } else { None };
        match at {
            Some((words, place)) if place.starts_with("/dossier/") => self.consent(&words, &place),
            Some((number, place)) => match self.below(3) {
                0 => self.decide(&place, "confirm_letter", Wanted::Letter(number)),
                1 => self.decide(&place, "decline_letter", Wanted::Declined(number)),
                _ => self.application(&number, &place),
            },
            None if choice == 9 => self.import(),
            None => self.matter(),
        }
    }

    /// Registers a matter by form.
    pub fn matter(&mut self) -> Option<()> {
        let number = self.fresh();
        let form = self.form("/matters/new", "/matters/new")?;
        let typed = [
            ("source", "complaint"),
            ("number", number.as_str()),
            ("category", "投诉"),
            ("text", TEXT),
            ("subject_kind", "organisation"),
            ("subject_name", "望海楼家具店"),
            ("complainant_name", "陆清和"),
            ("complainant_phone", "19900007701"),
            ("complainant_address", "海盐县西塘桥街道海湾路8号"),
        ];
        let form = typed.iter().fold(form, |form, (name, value)| form.set(name, value));
        self.send(form, Wanted::Matter(number)).map(drop)
    }

    /// Sends the letter of the last matter.
    pub fn letter(&mut self) -> Option<()> {
        let (number, place) = self.undecided.pop()?;
        self.decide(&place, "confirm_letter", Wanted::Letter(number))
    }

    fn decide(&mut self, place: &str, act: &str, wanted: Wanted) -> Option<()> {
        let path = format!("{place}/{act}");
        let form = self.form(&path, &path)?;
        let form = if act == "decline_letter" { form.set("reason", "双方已自行和解") } else { form };
        self.send(form, wanted).map(drop)
    }

    fn application(&mut self, number: &str, place: &str) -> Option<()> {
        let key = place.trim_start_matches("/matter/");
        let claims = format!("退还货款2680元（{number}）");
        let form = self.form(&format!("/dossiers/new?matter={key}"), "/dossiers/new")?;
        let typed = [
            ("respondent/phone", "19900007702"),
            ("respondent/address", "海盐县武原街道勤俭路36号"),
            ("claims", claims.as_str()),
            ("facts", TEXT),
            ("proceedings", "none"),
        ];
        let form = typed.iter().fold(form, |form, (name, value)| form.set(name, value));
        self.send(form, Wanted::Application(claims)).map(drop)
    }

    fn consent(&mut self, claims: &str, place: &str) -> Option<()> {
        let place = place.split('?').next().unwrap_or(place);
        let path = format!("{place}/ask_consent");
        let form = self.form(&path, &path)?;
        self.send(form, Wanted::Asked(claims.to_owned())).map(drop)
    }

    fn import(&mut self) -> Option<()> {
        let numbers: Vec<String> = (0..3 + self.below(20)).map(|_| self.fresh()).collect();
        let mut file = HEAD.to_owned();
        for number in &numbers {
            file.push_str(&format!(
                "\n{number},2022-07-13 14:27:00,陆清和,19900007701,,投诉,{TEXT},望海楼家具店,海盐县西塘桥街道海湾路8号,\
                 海盐县市场监督管理局,2022-07-20,办理中"
            ));
        }
        let form = self.form("/imports", "/imports")?;
        let mut body = String::new();
        for (name, value) in [("csrf", form.value("csrf")), ("kind", "complaints")] {
            body.push_str(&format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        let name = format!("{}.csv", numbers[0]);
        body.push_str(&format!(
            "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n\
             {file}\r\n--part--\r\n"
        ));
        let answer = self.visitor.try_post_raw("/imports", "multipart/form-data; boundary=part", &body).ok();
        let answer = self.heard(answer)?;
        assert_eq!(answer.status, 303, "{}", words(&answer.text()));
        let page = self.page(&answer.location)?;
        let found = forms(&page.text()).into_iter().find(|form| form.action == answer.location);
        let form = found.unwrap_or_else(|| panic!("no form to confirm the import: {}", words(&page.text())));
        self.send(form, Wanted::Import(numbers)).map(drop)
    }
}
