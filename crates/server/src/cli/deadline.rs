//! `yanhe deadline`: the last day of a limit, counted by the law and explained.

use std::process::ExitCode;

use serde::Serialize;
use yanhe_app::read_pack;
use yanhe_core::Date;
use yanhe_core::deadline::{self, DeadlineError, Query};

use super::{Failure, Outcome, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// The limit, for example `confirmation.apply`
    #[arg(required_unless_present = "list")]
    id: Option<String>,
    /// Day of the event from which it runs
    #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "list")]
    from: Option<Date>,
    /// Sector of the matter: market, health, traffic, police
    #[arg(long)]
    sector: Option<String>,
    /// Another value of the limit than the basic one
    #[arg(long, value_parser = ["complex", "extended"])]
    variant: Option<String>,
    /// Date of the paper that cites the articles
    #[arg(long, value_name = "YYYY-MM-DD")]
    paper_date: Option<Date>,
    /// Suspended times, both ends inclusive
    #[arg(long, value_name = "FROM..TO", value_parser = period, num_args = 1..)]
    suspended: Vec<(Date, Date)>,
    /// List all limits
    #[arg(long, conflicts_with_all = ["id", "from", "sector", "variant", "paper_date", "suspended"])]
    list: bool,
    /// Directory of another pack than that of Haiyan
    #[arg(long, value_name = "DIR")]
    pack: Option<std::path::PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    last_day: Date,
    provisional: bool,
    basis: &'a str,
    steps: Vec<StepText>,
}

#[derive(Serialize)]
struct StepText {
    date: Date,
    zh: String,
    en: String,
}

fn period(text: &str) -> Result<(Date, Date), String> {
    let (from, to) = text.split_once("..").ok_or("a suspended time is FROM..TO")?;
    let date = |text: &str| text.parse::<Date>().map_err(|e| format!("`{text}`: {e}"));
    let (from, to) = (date(from)?, date(to)?);
    if to < from { Err(format!("it ends on {to}, before it begins")) } else { Ok((from, to)) }
}

/// Computes and prints.
pub fn run(args: &Args) -> Outcome {
    let files = match &args.pack {
        Some(dir) => open::pack_in(dir)?,
        None => packs::haiyan(),
    };
    let (pack, calendar) = read_pack(&files, &packs::calendar())?;
    let (Some(id), Some(from)) = (&args.id, args.from) else {
        let list = deadline::list(&pack);
        if args.json {
            print(&list)?;
        } else {
            for rule in list {
                let (unit, back) = (rule.unit.text_en(rule.value), if rule.backwards { " before" } else { "" });
                println!("{:<40} {} {unit}{back}  {} {}", rule.rule, rule.value, rule.name, rule.name_en);
            }
        }
        return Ok(ExitCode::SUCCESS);
    };
    let mut query =
        Query::new(id, from).sector(args.sector.as_deref()).variant(args.variant.as_deref()).suspended(&args.suspended);
    if let Some(date) = args.paper_date {
        query = query.paper_date(date);
    }
    let found = deadline::compute(&calendar, &pack, &query).map_err(|error| match error {
        DeadlineError::Variant(_) | DeadlineError::SuspensionReversed { .. } => Failure::usage(error),
        _ => Failure::faulty(error),
    })?;
    if args.json {
        let steps = found.steps.iter();
        print(&Answer {
            last_day: found.last_day,
            provisional: found.provisional,
            basis: &found.basis,
            steps: steps.map(|s| StepText { date: s.date(), zh: s.text_zh(), en: s.text_en() }).collect(),
        })?;
    } else {
        let provisional = if found.provisional { " (provisional)" } else { "" };
        println!("{}{provisional}\n{} ({})", found.last_day, found.basis, found.basis_en);
        for step in &found.steps {
            println!("- {}\n  {}", step.text_zh(), step.text_en());
        }
    }
    Ok(ExitCode::SUCCESS)
}
