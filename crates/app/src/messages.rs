//! Messages that go out with papers, in the outbox until a messenger takes them.

mod to_staff;

use jiff::{SignedDuration, ToSpan};
use serde_json::Value;
use yanhe_core::confirmation::Stage;
use yanhe_core::dossier::SessionNotice;
use yanhe_core::party::Party;
use yanhe_core::time::county_date;
use yanhe_core::values::{PersonName, name_form};
use yanhe_core::{PaperRef, PersonId, StreamKind, Timestamp, dossier, paper, paper_data};
use yanhe_journal::sealed;
use yanhe_store::TakenMessage;
use yanhe_store_read::Page;

use crate::App;
use crate::built::{Built, Share};
use crate::command::AnyState;
use crate::error::AppError;
use crate::import::is_organisation;
use crate::ports::{Messenger, Outgoing};

/// So many messages are held at a time, so that none is held for longer than [`HELD`].
const AT_ONCE: u32 = 4;
/// For how long a message is held for one messenger before another may have it.
const HELD: SignedDuration = SignedDuration::from_mins(5);
/// A message that was not taken is given again after a minute, then two, four and so on up to this, in minutes.
const LONGEST_WAIT: i64 = 60;

/// What became of the messages that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// So many were taken.
    pub taken: usize,
    /// Why others were not.
    pub failed: Vec<String>,
}

/// A message that goes out with what just happened to a stream.
pub struct Told {
    /// `sms` or `mail`.
    pub channel: &'static str,
    /// What it goes to: `phone` or `email`.
    pub kind: &'static str,
    /// Its number or address.
    pub to: String,
    /// What it says.
    pub text: String,
}

/// The messages of what just happened to a stream: with a paper that was sent by phone or mail, or to several parties of a
/// case what no paper to one of them tells.
///
/// # Errors
/// When the database fails.
pub async fn told(app: &App, built: &Built, share: &Share) -> Result<Vec<Told>, AppError> {
    if let AnyState::Paper(state) = &share.state {
        let Some((channel, kind, to)) = sent(state, share) else { return Ok(Vec::new()) };
        let text = text(app, built, state).await?;
        return Ok(vec![Told { channel, kind, to: to.to_owned(), text }]);
    }
    let to_staff = [to_staff::given(app, share).await?, to_staff::reminded(app, share).await?];
    let mut told: Vec<Told> = to_staff.into_iter().flatten().collect();
    let Some(News { organ, text, to }) = news(app, share).await? else { return Ok(told) };
    let call = whom_to_call(app, organ).await?;
    let organ = app.pack.body_name(organ);
    for party in to {
        let Some(phone) = party.mobile_text() else { continue };
        let shared = is_shared(app, phone, party.name.text()).await?;
        let text = text.replace(BY, &way_back(app, &party.person, shared).await?);
        let text = format!("【{organ}】{}{text}{call}", called(app, party.name.text(), shared));
        told.push(Told { channel: "sms", kind: "phone", to: phone.to_owned(), text });
    }
    Ok(told)
}

/// Stands in a text for what its reader comes back by.
const BY: &str = "{by}";

/// By what somebody comes back: name and phone; where others use the phone as well, also the code that tells them apart.
async fn way_back(app: &App, person: &PersonId, shared: bool) -> Result<String, AppError> {
    let code = if shared { code_of(app, person).await? } else { None };
    Ok(code.map_or_else(|| "用姓名和手机号".to_owned(), |code| format!("用姓名、手机号和编码 {} ", dashed(&code))))
}

/// A code of somebody's letter or receipt, as `/return` takes it.
async fn code_of(app: &App, person: &PersonId) -> Result<Option<String>, AppError> {
    for part in app.reader.parts_of(person).await? {
        let code = match part.stream.kind() {
            StreamKind::Paper => {
                let paper = app.state::<paper::Paper>(&part.stream).await?.filter(|paper| paper.void.is_none());
                paper.map(|paper| paper.issued.access)
            }
            StreamKind::Dossier => {
                let case = app.state::<dossier::Dossier>(&part.stream).await?;
                case.filter(|case| case.applicants.first().is_some_and(|p| p.person == *person))
                    .and_then(|case| case.access)
            }
            _ => None,
        };
        if let Some(code) = code.filter(|code| !code.is_empty()) {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// Do people of other names use this phone as well, as far as the files know?
async fn is_shared(app: &App, phone: &str, name: &str) -> Result<bool, AppError> {
    for row in app.reader.parts_of_phone(&app.index("phone", phone), &Page::first(100)).await?.rows {
        let listed = matches!(row.stream.kind(), StreamKind::Dossier | StreamKind::Matter);
        if listed && name_form(&app.name(&row.stream, row.name.as_ref()).await?) != name_form(name) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The phone of the organ, for the end of a message; nothing where the roster has none.
async fn whom_to_call(app: &App, organ: &str) -> Result<String, AppError> {
    let phone = app.reader.organ(organ).await?.map(|organ| organ.phone).filter(|phone| !phone.is_empty());
    Ok(phone.map_or_else(String::new, |phone| format!("电话 {phone}。")))
}

/// How a paper was sent just now, by phone or mail: channel, kind of address, address.
fn sent<'a>(state: &'a paper::State, share: &Share) -> Option<(&'static str, &'static str, &'a str)> {
    let channel = share.events.iter().rev().find_map(|e| e["PaperDispatched"]["channel"].as_str())?;
    let addressee = state.issued.addressee.as_ref()?;
    match channel {
        "sms" => Some(("sms", "phone", addressee.phone.as_ref()?.open()?)),
        "email" => Some(("mail", "email", addressee.email.as_ref()?.open()?)),
        _ => None,
    }
}

/// What a paper is called in a message: of a session also that it was moved or called off, as nobody looks twice at a second
/// notice of the same name.
async fn named(app: &App, built: &Built, state: &paper::State) -> Result<String, AppError> {
    let (issued, name) = (&state.issued, app.pack.paper_name(&state.issued.paper.kind));
    if issued.paper.kind != dossier::SESSION_NOTICE {
        return Ok(name.to_owned());
    }
    // The notice may be sent in the commit that issues it.
    let case = match built.state::<dossier::Dossier>(&issued.about) {
        Some(case) => Some(case),
        None => app.state::<dossier::Dossier>(&issued.about).await?,
    };
    let says = case.and_then(|case| case.session_notice(&issued.paper.kind, &issued.paper.id));
    Ok(match says {
        Some((SessionNotice::Moves, _)) => format!("{name}（改期）"),
        Some((SessionNotice::CallsOff, _)) => format!("{name}（取消）"),
        _ => name.to_owned(),
    })
}

/// The text of a message about a paper: short, for whom, whom to call, and how to come in. Nothing about the dispute itself:
/// several people may share a phone.
async fn text(app: &App, built: &Built, state: &paper::State) -> Result<String, AppError> {
    let issued = &state.issued;
    let online = app.is_online(&issued.paper.issuer).await?;
    let (mut to, mut by) = (String::new(), BY.to_owned());
    if let Some(addressee) = &issued.addressee {
        let phone = addressee.phone.as_ref().and_then(|phone| phone.open());
        let shared = match phone {
            Some(phone) => is_shared(app, phone, addressee.name.text()).await?,
            None => false,
        };
        (to, by) = (called(app, addressee.name.text(), shared), way_back(app, &addressee.person, shared).await?);
    }
    let organ = app.pack.body_name(&issued.paper.issuer);
    let name = named(app, built, state).await?;
    let call = whom_to_call(app, &issued.paper.issuer).await?;
    Ok(match issued.access.is_empty() {
        false => format!(
            "【{organ}】{to}您有一份《{name}》{}。行政调解自愿、免费。打开 {}/l 输入编码 {} {}。{call}",
            issued.paper.number,
            app.portal,
            dashed(&issued.access),
            // Where the organ is not online, the portal is for reading alone.
            if online { "查看和办理，或到窗口办理" } else { "查看；申请请打电话或者到窗口" }
        ),
        true => format!(
            "【{organ}】{to}您有一份《{name}》{}，打开 {}/return，{by}查看。{call}",
            issued.paper.number, app.portal
        ),
    })
}

/// Whom a message addresses, where several people share a phone: a human being by the surname alone. The message holds the
/// letter's code, and the whole name is what one signs in by beside it: whoever finds the phone must not find both. Where
/// others use the phone, the last of three characters tells apart those of one surname.
fn called(app: &App, name: &str, shared: bool) -> String {
    if is_organisation(&app.pack, name) {
        return format!("{name}：");
    }
    PersonName::parse(name).map_or_else(
        |_| String::new(),
        |name| format!("{}：", if shared { name.masked_within() } else { name.masked() }),
    )
}

/// A text to several parties.
struct News<'a> {
    organ: &'a str,
    text: String,
    to: Vec<&'a Party>,
}

async fn news<'a>(app: &App, share: &'a Share) -> Result<Option<News<'a>>, AppError> {
    let Some(written) = written(share) else {
        return Ok(received(app, share)
            .or_else(|| mediated(app, share))
            .or_else(|| asked_for_another(app, share))
            .or_else(|| in_effect(app, share))
            .or_else(|| taken_back(app, share))
            .or_else(|| of_court(app, share)));
    };
    // What goes to the court is signed by the portal also where the organ is not online.
    let online = matches!(share.state, AnyState::Confirmation(_)) || app.is_online(written.organ).await?;
    Ok(Some(to_sign(app, share, written, online)))
}

/// An application came: the code of its receipt leads back to it.
fn received<'a>(app: &App, share: &'a Share) -> Option<News<'a>> {
    let AnyState::Dossier(state) = &share.state else { return None };
    share.events.iter().find(|event| event.get("Applied").is_some())?;
    let text = format!(
        "您的调解申请已收到，编号{}。打开 {}/l 输入编码 {} 查看和办理，或到窗口办理。请留好编码。",
        state.application.number,
        app.portal,
        dashed(state.access.as_ref()?)
    );
    Some(News { organ: &state.organ, text, to: state.applicants.iter().take(1).collect() })
}

/// A mediator is named, or another one: the notice of acceptance says that this is told.
fn mediated<'a>(app: &App, share: &'a Share) -> Option<News<'a>> {
    let AnyState::Dossier(state) = &share.state else { return None };
    let named = share.events.iter().find_map(|event| event.get("MediatorNamed"))?;
    let what = if named.get("reason").is_some() { "调解员已更换为" } else { "调解员已确定：" };
    let text = format!(
        "案件{}的{what}{}。认为与本案有利害关系的，可以申请回避。打开 {}/return，{BY}查看；也可以到窗口询问。",
        state.application.number,
        state.mediator.as_ref()?.name.text(),
        app.portal
    );
    let to = dossier::taking_part(state).map(|(_, party)| party).collect();
    Some(News { organ: &state.organ, text, to })
}

/// Somebody wants another mediator: the mediation stands still for the others too, and goes on when the mediator stays.
fn asked_for_another<'a>(app: &App, share: &'a Share) -> Option<News<'a>> {
    let AnyState::Dossier(state) = &share.state else { return None };
    let what =
        share.events.iter().find_map(|event| match (event.get("RecusalAsked"), event.get("RecusalDecided")) {
            (Some(_), _) => Some("有一方申请调解员回避，决定之前调解暂停，已经通知的调解会暂不召开"),
            (_, Some(decided)) if decided["granted"] == false => {
                Some("调解员不回避，调解继续，已经通知的调解会照常召开")
            }
            _ => None,
        })?;
    // Who asked gets the decision, and knows what they asked.
    let asked = share.events.iter().find_map(|event| match event.get("RecusalAsked") {
        Some(asked) => asked["recusal"]["by"].as_str(),
        None => event.get("RecusalDecided")?["asked"]["by"].as_str(),
    });
    let text =
        format!("案件{}：{what}。打开 {}/return，{BY}查看；也可以到窗口询问。", state.application.number, app.portal);
    let to = dossier::taking_part(state).map(|(_, party)| party).filter(|party| asked != Some(party.person.0.as_str()));
    Some(News { organ: &state.organ, text, to: to.collect() })
}

/// A record, an agreement or a joint application now waits for their signature: none of them goes to anybody in
/// particular, and each has a last day. Who put it together knows of it.
fn to_sign<'a>(app: &App, share: &'a Share, written: Written<'a>, online: bool) -> News<'a> {
    let Written { organ, number, paper, waits, mut parties } = written;
    let (name, portal) = (app.pack.paper_name(&paper.kind), &app.portal);
    let how = match online {
        true => format!("请打开 {portal}/return，{BY}登录后阅读并签名；不上网的，可以到窗口签名。"),
        false => format!("请到窗口签名；打开 {portal}/return，{BY}登录，可以先读。"),
    };
    let text = format!("案件{number}的《{name}》已经写好，{how}");
    parties.retain(|party| {
        let signer = format!("party/{}", party.person);
        waits.contains(&signer) && signer != share.actor
    });
    News { organ, text, to: parties }
}

/// An agreement is in effect: what it asks is to be done from now on, and the days in which the court can be asked run.
fn in_effect<'a>(app: &App, share: &'a Share) -> Option<News<'a>> {
    let AnyState::Dossier(state) = &share.state else { return None };
    share.events.iter().find(|event| event.get("AgreementEffective").is_some())?;
    let agreement = state.agreement.as_ref()?;
    let confirm = agreement.confirm_by.as_ref().map_or_else(String::new, |limit| {
        format!("要请法院确认的，请在{}以前共同申请。", paper_data::day(limit.last_day))
    });
    let text = format!(
        "案件{}的《{}》{}已于{}生效，请按约定履行。{confirm}打开 {}/return，{BY}查看；也可以到窗口领取。",
        state.application.number,
        app.pack.paper_name(&agreement.paper.kind),
        agreement.paper.number,
        paper_data::day(agreement.effective_on?),
        app.portal
    );
    let to = dossier::taking_part(state).map(|(_, party)| party).collect();
    Some(News { organ: &state.organ, text, to })
}

/// What they were told to sign was taken back: nobody signs it any more, and what was signed falls.
fn taken_back<'a>(app: &App, share: &'a Share) -> Option<News<'a>> {
    let AnyState::Dossier(state) = &share.state else { return None };
    let withdrawn = |event: &'a Value| event.get("AgreementWithdrawn").or_else(|| event.get("RecordWithdrawn"));
    let paper = &share.events.iter().find_map(withdrawn)?["paper"];
    let text = format!(
        "案件{}的《{}》已经撤回，请不要再签；已经签的不再有效。以后要签的，另行通知。打开 {}/return，{BY}查看。",
        state.application.number,
        app.pack.paper_name(paper["kind"].as_str()?),
        app.portal
    );
    let to = dossier::taking_part(state).map(|(_, party)| party).collect();
    Some(News { organ: &state.organ, text, to })
}

/// What became of a joint application that no paper tells the parties: all have signed it and it is still to be filed, its
/// last day has passed, or the court did not docket it.
fn of_court<'a>(app: &App, share: &'a Share) -> Option<News<'a>> {
    let AnyState::Confirmation(state) = &share.state else { return None };
    let subject = &state.subject;
    let happened = |kind: &str| share.events.iter().any(|event| event.get(kind).is_some());
    let last = paper_data::day(subject.apply_by.last_day);
    let look = format!("请打开 {}/return，{BY}查看；也可以到窗口询问。", app.portal);
    let (organ, what) = match () {
        () if happened("ConfirmationComplete") && state.stage == Stage::Signed => {
            (&subject.organ, format!("各方都已签署，还没有提交法院。请在{last}以前提交，任何一方都可以提交。"))
        }
        () if happened("ConfirmationReminded") => (
            &subject.organ,
            format!(
                "各方都已签署，至今没有提交法院，最后一天是{last}，过期不能再申请。任何一方都可以提交，或者把打印的申请书交给法院。"
            ),
        ),
        () if happened("ConfirmationLapsed") => {
            (&subject.organ, format!("没有在{last}以前提交法院，已经过期。协议仍然有效，还有别的办法。"))
        }
        () if happened("ConfirmationDeclined") => {
            let again = match county_date(share.at) <= subject.apply_by.last_day {
                true => format!("在{last}以前可以重新共同申请，应当由其他法院管辖的，向那个法院申请。"),
                false => String::new(),
            };
            (&subject.court, format!("法院没有立案，理由写在案件页面。{again}"))
        }
        () => return None,
    };
    let text = format!("案件{}的司法确认申请，{what}{look}", subject.dossier_number);
    Some(News { organ, text, to: subject.parties.iter().collect() })
}

/// A paper that was written just now for several to sign.
struct Written<'a> {
    organ: &'a str,
    /// The number of the case.
    number: &'a str,
    paper: &'a PaperRef,
    /// Signers who have not signed.
    waits: Vec<String>,
    parties: Vec<&'a Party>,
}

fn written(share: &Share) -> Option<Written<'_>> {
    let began = |kind: &str| share.events.iter().any(|event| event.get(kind).is_some());
    match &share.state {
        AnyState::Dossier(state) => {
            let agreed = || Some((&state.agreement.as_ref()?.paper, state.unsigned()));
            let held = || Some((state.sessions.last()?.record.as_ref()?, state.record_unsigned()));
            let (paper, waits) = match () {
                () if began("AgreementIssued") => agreed()?,
                () if began("SessionHeld") => held()?,
                () => return None,
            };
            let parties = dossier::taking_part(state).map(|(_, party)| party).collect();
            Some(Written { organ: &state.organ, number: &state.application.number, paper, waits, parties })
        }
        AnyState::Confirmation(state) if began("ConfirmationDrafted") => {
            let subject = &state.subject;
            Some(Written {
                organ: &subject.organ,
                number: &subject.dossier_number,
                paper: &state.application,
                waits: state.unsigned(),
                parties: subject.parties.iter().collect(),
            })
        }
        _ => None,
    }
}

/// A code as people read it: four characters, a dash, the rest.
pub fn dashed(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}-{rest}"),
        _ => code.to_owned(),
    }
}

impl App {
    /// A message's address and text, sealed under the outbox key.
    pub(crate) fn seal_message(&self, id: &str, body: &Value, nonce: [u8; 24]) -> Vec<u8> {
        sealed::seal(&self.keys.outbox(), body.to_string().as_bytes(), id.as_bytes(), nonce)
    }

    /// Gives what waits to a messenger, oldest first: at least once, and once where nothing breaks in between.
    ///
    /// # Errors
    /// When the database fails; what was taken until then may be given again.
    pub async fn deliver(&self, messenger: &impl Messenger) -> Result<Delivered, AppError> {
        let mut done = Delivered::default();
        loop {
            let now = self.clock.now();
            let held = now.checked_add(HELD).unwrap_or(Timestamp::MAX);
            let waiting = self.writer.take_messages(now, held, AT_ONCE).await?;
            for message in &waiting {
                let told = match self.outgoing(message) {
                    Some(outgoing) => messenger.take(&outgoing).await,
                    None => Err("it cannot be opened with these keys".to_owned()),
                };
                let now = self.clock.now();
                match told {
                    Ok(()) => {
                        self.writer.message_sent(message, now).await?;
                        done.taken += 1;
                    }
                    Err(why) => {
                        let doubled = 1_i64.checked_shl(u32::try_from(message.attempts - 1).unwrap_or(u32::MAX));
                        let wait = doubled.map_or(LONGEST_WAIT, |minutes| minutes.clamp(1, LONGEST_WAIT));
                        let again = now.checked_add(wait.minutes()).unwrap_or(Timestamp::MAX);
                        self.writer.message_failed(message, again).await?;
                        done.failed.push(format!("message {}: {why}; again in {wait} min", message.id));
                    }
                }
            }
            if waiting.len() < AT_ONCE as usize {
                return Ok(done);
            }
        }
    }

    fn outgoing(&self, message: &TakenMessage) -> Option<Outgoing> {
        let body = self.open_message(&message.id, &message.body)?;
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Some(Outgoing {
            id: message.id.clone(),
            channel: message.channel.clone(),
            to: text("to")?,
            text: text("text")?,
        })
    }

    /// Opens what [`Self::seal_message`] made.
    pub fn open_message(&self, id: &str, sealed: &[u8]) -> Option<Value> {
        serde_json::from_slice(&sealed::open(&self.keys.outbox(), sealed, id.as_bytes())?).ok()
    }
}
