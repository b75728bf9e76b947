//! Matters that clerks enter by the form in the play: those in which two people are entitled to a letter, which the
//! organs' exports do not know, and people who are reached by e-mail or by post.

use yanhe_core::matter::{self, Penalty, Registered};
use yanhe_core::party::Party;
use yanhe_core::scope::Source;
use yanhe_core::time::Date;
use yanhe_core::values::DocNumber;
use yanhe_core::{Ids, Personal};

use super::{DemoError, Play};
use crate::error::AppError;

/// Somebody in a matter, as the form asks: name, phone, e-mail, address.
type Somebody = (&'static str, &'static str, &'static str, &'static str);

/// A matter as a clerk types it.
struct Entered {
    on: Date,
    organ: &'static str,
    source: Source,
    number: &'static str,
    category: &'static str,
    text: &'static str,
    result: &'static str,
    fine_yuan: i64,
    subject: &'static str,
    firm: bool,
    complainant: Option<Somebody>,
    affected: Option<Somebody>,
}

const ENTERED: [Entered; 4] = [
    Entered {
        on: jiff::civil::date(2022, 3, 15),
        organ: "gongan",
        source: Source::Penalty,
        number: "盐公（武）行罚决字〔2022〕90318号",
        category: "殴打他人",
        text: "因邻里琐事发生争执，当事人殴打对方致轻微伤，被打的人要求赔偿医药费和误工费3000元",
        result: "罚款人民币500元",
        fine_yuan: 500,
        subject: "包守田",
        firm: false,
        complainant: None,
        affected: Some(("霍云舟", "19900008101", "", "海盐县武原街道枣园西路18号")),
    },
    Entered {
        on: jiff::civil::date(2022, 4, 20),
        organ: "shichang",
        source: Source::Complaint,
        number: "HY202204209901",
        category: "投诉",
        text: "我母亲在该店办理美容卡，做了一次面部过敏红肿，商家拒绝退还余额，要求退款4800元并赔偿医药费",
        result: "",
        fine_yuan: 0,
        subject: "海盐县武原姿颜美容院",
        firm: true,
        complainant: Some(("骆以宁", "19900008102", "", "")),
        affected: Some(("骆秀英", "", "luo.xiuying@example.com", "")),
    },
    Entered {
        on: jiff::civil::date(2022, 5, 18),
        organ: "shichang",
        source: Source::Inspection,
        number: "盐市监检〔2022〕9017号",
        category: "日常检查",
        text: "检查时有消费者现场投诉，称购买的电动自行车行驶中断电摔倒受伤，要求商家退车并赔偿医药费，商家不同意",
        result: "责令改正",
        fine_yuan: 0,
        subject: "海盐县百步顺风车行",
        firm: true,
        complainant: Some(("钟怀远", "", "", "海盐县百步镇农丰村12号")),
        affected: Some(("钟小满", "19900008103", "", "")),
    },
    Entered {
        on: jiff::civil::date(2022, 6, 14),
        organ: "zongzhi",
        source: Source::Complaint,
        number: "HY202206149902",
        category: "投诉",
        text: "楼下餐饮店油烟直排，我家窗户无法打开，家里老人咳嗽住院，要求该店改造烟道并赔偿医药费2600元",
        result: "",
        fine_yuan: 0,
        subject: "海盐县于城老灶头饭店",
        firm: true,
        complainant: Some(("Maria Lindqvist", "", "maria.lindqvist@example.com", "")),
        affected: None,
    },
];

impl Play<'_> {
    /// The clerks enter what came to their desk today.
    pub(super) async fn entered_today(&mut self, day: Date) -> Result<(), DemoError> {
        for entered in ENTERED.iter().filter(|entered| entered.on == day) {
            let clerk = self.people.bench(entered.organ).clerk()?;
            let matter = self.typed(entered)?;
            let stream = matter::stream(matter.source, &matter.number);
            self.act("enter", &clerk, &stream, matter::Command::Register { matter: Box::new(matter) }).await?;
        }
        Ok(())
    }

    fn typed(&self, entered: &Entered) -> Result<Registered, DemoError> {
        let ids = Ids::new(self.app.entropy_for(&format!("entered/{}", entered.number)));
        let party = |name: &str, firm: bool| {
            let person = ids.person();
            if firm { Party::firm(person, name) } else { Party::human(person, name) }
        };
        let human = |(name, phone, email, address): Somebody| {
            let mut party = party(name, false);
            let known = |text: &str| {
                let of = &party.person;
                Some(text).filter(|text| !text.is_empty()).map(|text| Personal::new(of, text.to_owned()))
            };
            (party.phone, party.email, party.address) = (known(phone), known(email), known(address));
            party
        };
        let subject = party(entered.subject, entered.firm);
        let (complainant, affected) = (entered.complainant.map(human), entered.affected.map(human));
        let holder = match entered.source {
            Source::Penalty => Some(&subject),
            Source::Complaint | Source::Inspection => complainant.as_ref().or(affected.as_ref()),
        };
        let of = holder.map_or_else(|| ids.person(), |party| party.person.clone());
        let number = DocNumber::parse(entered.number).map_err(|_| AppError::NotFound)?.to_string();
        Ok(Registered {
            source: entered.source,
            number,
            organ: entered.organ.to_owned(),
            occurred_on: entered.on,
            subject: Some(subject),
            complainant,
            affected,
            also_affected: Vec::new(),
            caller: None,
            reporter: false,
            category: entered.category.to_owned(),
            result: Personal::new(&of, entered.result.to_owned()),
            text: Personal::new(&of, entered.text.to_owned()),
            remark: None,
            penalty: (entered.source == Source::Penalty).then(|| Penalty {
                fine: entered.fine_yuan * 100,
                confiscation: 0,
                licence: None,
                basis: "《中华人民共和国治安管理处罚法》第四十三条".to_owned(),
            }),
            own_due_on: None,
            status: if entered.source == Source::Complaint { "办理中".to_owned() } else { String::new() },
            batch: None,
            origin: "form".to_owned(),
            row: None,
        })
    }
}
