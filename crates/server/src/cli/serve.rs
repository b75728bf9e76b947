//! `yanhe serve`: the pages, and beside them what runs by itself: jobs, the sealer, the folding of counts.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use yanhe_app::{App, AppError, settings};

use super::messenger::Program;
use super::{Failure, Outcome, connections, open};

/// How often jobs are looked for, and a demo's clock is.
const JOBS: Duration = Duration::from_secs(1);
/// How often messages are looked for: somebody waits for a code.
const MESSAGES: Duration = Duration::from_secs(1);
/// How often entries are sealed.
const SEAL: Duration = Duration::from_secs(3);
/// How often counts are folded.
const FOLD: Duration = Duration::from_secs(30);
/// How long open requests may take when the program ends.
const GRACE: Duration = Duration::from_secs(10);

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: open::Data,
    /// Address, port 0 for any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: String,
    /// A program that carries messages: it gets each as a line of JSON (`id`, `channel`, `to`, `text`) on its standard
    /// input and ends with 0 when it took it. Without it they wait
    #[arg(long, value_name = "PROGRAM")]
    messenger: Option<PathBuf>,
}

/// Checks the form of an address; whether it can be listened on is seen later.
pub fn address(text: &str) -> Result<String, String> {
    let (host, port) = text.rsplit_once(':').ok_or("an address is HOST:PORT")?;
    port.parse::<u16>().map_err(|_| format!("`{port}` is no port"))?;
    if host.is_empty() { Err("the host is empty".into()) } else { Ok(text.to_owned()) }
}

/// Opens the directory and serves it.
pub async fn run(args: Args) -> Outcome {
    let app = open::app(&args.data).await?;
    serve(app, bind(&args.listen).await?, args.messenger.map(Program)).await
}

/// Takes the address, so that its port is known.
///
/// # Errors
/// When it cannot be listened on.
pub async fn bind(listen: &str) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(listen).await;
    listener.map_err(|e| Failure::unreadable(format_args!("cannot listen on `{listen}`: {e}")))
}

/// Serves until the program is told to end.
///
/// # Errors
/// When the database fails at the end.
pub async fn serve(mut app: Arc<App>, listener: TcpListener, messenger: Option<Program>) -> Outcome {
    let at = listener.local_addr().map_err(Failure::unreadable)?;
    if app.setting(settings::RECOVERY).await?.is_none() && !app.demo {
        eprintln!(
            "warning: no recovery of the keys was tried yet, and without them no personal value can be read again: print \
             them with `yanhe keys sheet`, and try what was printed with `yanhe keys check`"
        );
    }
    if messenger.is_none() && !app.demo {
        eprintln!("note: messages wait in the outbox, one-time codes among them; `--messenger PROGRAM` carries them");
    }
    print_own_address(&mut app, at).await?;
    let (end, ending) = watch::channel(false);
    let pages = yanhe_web::router(app.clone());
    let serving = tokio::spawn(connections::serve(listener, pages, connections::USUAL, ending.clone()));
    // Before anybody is told that it runs.
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::unreadable)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::unreadable)?;
    // Connections wait in the listener from here on.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "listening http://{at}").and_then(|()| out.flush());
    let beside = async {
        tokio::join!(
            every(JOBS, &app, ending.clone(), "jobs", jobs),
            every(SEAL, &app, ending.clone(), "sealer", async |app: &App| app.seal_once().await.map(drop)),
            every(FOLD, &app, ending.clone(), "counts", tidy_up),
            every(MESSAGES, &app, ending.clone(), "messages", async |app: &App| deliver(app, messenger.as_ref()).await),
            follow(&app, ending.clone()),
        )
    };
    let ordered = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        eprintln!("ending");
        let _ = end.send(true);
        app.close();
        // A request that takes longer than this is cut off; what it had acknowledged is on disk.
        let _ = tokio::time::timeout(GRACE, serving).await;
    };
    tokio::join!(beside, ordered);
    app.seal_once().await?;
    Ok(ExitCode::SUCCESS)
}

/// Where a browser on this machine finds what listens there.
pub fn own_address(at: SocketAddr) -> String {
    let host = if at.ip().is_unspecified() { "127.0.0.1".to_owned() } else { at.ip().to_string() };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("http://{host}:{}", at.port())
}

/// What letters and messages name as the portal: a demo's is where it is served, so that their links work, also those
/// that `yanhe clock` sends beside it. Elsewhere a name stands before it, which only its operator knows: said when it is
/// another than the address.
async fn print_own_address(app: &mut Arc<App>, at: SocketAddr) -> Result<(), AppError> {
    let own = own_address(at);
    if app.portal == own {
        return Ok(());
    }
    match Arc::get_mut(app) {
        Some(app) if app.demo => {
            app.set_setting(settings::PORTAL, &own).await?;
            app.portal = own;
        }
        _ => eprintln!(
            "note: letters and messages name `{}` as the portal, and this server listens on `{own}`; \
             `--portal ADDRESS` sets what they name and is remembered",
            app.portal
        ),
    }
    Ok(())
}

async fn jobs(app: &App) -> Result<(), AppError> {
    app.follow_clock().await?;
    app.run_due().await.map(drop)
}

async fn deliver(app: &App, messenger: Option<&Program>) -> Result<(), AppError> {
    if let Some(messenger) = messenger {
        for why in app.deliver(messenger).await?.failed {
            eprintln!("messages: {why}");
        }
    }
    Ok(())
}

async fn tidy_up(app: &App) -> Result<(), AppError> {
    app.fold_tallies().await?;
    app.sweep().await
}

/// Notices what other processes do, until the program ends.
async fn follow(app: &App, mut ending: watch::Receiver<bool>) {
    let followed = async {
        loop {
            if let Err(error) = app.follow_news().await {
                eprintln!("news: {error}");
            }
            tokio::time::sleep(JOBS).await;
        }
    };
    tokio::select! {
        () = followed => {}
        // An error means that the sender is gone, which is an end too.
        _ = ending.wait_for(|end| *end) => {}
    }
}

/// Does something again and again until the program ends. A failure is said and tried again.
async fn every(
    pause: Duration,
    app: &App,
    mut ending: watch::Receiver<bool>,
    name: &'static str,
    work: impl AsyncFn(&App) -> Result<(), AppError>,
) {
    loop {
        if let Err(error) = work(app).await {
            eprintln!("{name}: {error}");
        }
        let ended = tokio::time::timeout(pause, ending.wait_for(|end| *end)).await;
        if ended.is_ok() {
            return;
        }
    }
}
