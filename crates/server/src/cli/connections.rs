//! Connections of the pages: a bounded number at a time, and none stays open that never says what it wants.
//!
//! How long a whole request with its body may take is a matter of the pages; here it is the connection.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many are open at a time; more wait in the listener.
    pub most: usize,
    /// How long the head of a request may take, and how long an idle connection stays.
    pub head: Duration,
}

/// What a county's server allows: twice what all its offices have open at once.
pub const USUAL: Limits = Limits { most: 1024, head: Duration::from_secs(15) };

/// How long to wait when the system gives no further connection.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until the program ends, then until the open requests are answered.
pub async fn serve(listener: TcpListener, pages: Router, limits: Limits, mut ending: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(limits.most));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            // An error means that the sender is gone, which is an end too.
            _ = ending.wait_for(|end| *end) => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                eprintln!("connections: {error}");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(pages.clone()));
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is the other side's affair; what it had asked for is stored or not.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    async fn server(limits: Limits) -> (std::net::SocketAddr, watch::Sender<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (end, ending) = watch::channel(false);
        let pages = Router::new().route("/", axum::routing::get(|| async { "page" }));
        tokio::spawn(serve(listener, pages, limits, ending));
        (at, end)
    }

    #[tokio::test]
    async fn a_head_that_never_ends_and_an_idle_connection_are_closed() {
        let (at, _end) = server(Limits { most: 1, head: Duration::from_millis(50) }).await;
        let mut slow = TcpStream::connect(at).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nHost: a").await.unwrap();
        // One place only: the next is answered as soon as the slow one has lost it.
        let mut next = TcpStream::connect(at).await.unwrap();
        next.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        next.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("page"), "{answer}");
        let mut rest = Vec::new();
        slow.read_to_end(&mut rest).await.unwrap();
        assert!(!String::from_utf8_lossy(&rest).contains("page"));
    }
}
