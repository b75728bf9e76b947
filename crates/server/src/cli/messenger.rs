//! Messages by a program of the operator's: whatever speaks to their SMS gateway or mail server.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use yanhe_app::ports::{Messenger, Outgoing};

/// How long the program may take for a message.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the program for each message, which gets it as one line of JSON on standard input and took it when it ends
/// with exit code 0.
#[derive(Clone, Debug)]
pub struct Program(pub PathBuf);

impl Messenger for Program {
    async fn take(&self, message: &Outgoing) -> Result<(), String> {
        let line = serde_json::to_string(message).map_err(|error| error.to_string())? + "\n";
        let mut program = Command::new(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("`{}` does not start: {error}", self.0.display()))?;
        let given = async {
            if let Some(mut input) = program.stdin.take() {
                // A program that ends without reading says by its exit code what that means.
                let _ = input.write_all(line.as_bytes()).await;
            }
            program.wait().await
        };
        match tokio::time::timeout(PATIENCE, given).await {
            Ok(Ok(ended)) if ended.success() => Ok(()),
            Ok(Ok(ended)) => Err(format!("`{}` ended with {ended}", self.0.display())),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("`{}` took longer than {} s", self.0.display(), PATIENCE.as_secs())),
        }
    }
}
