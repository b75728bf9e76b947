//! Work that computes, or waits for the disk, beside the threads that answer.

use crate::error::AppError;

/// Does the work on a thread of its own and gives what it gave.
///
/// # Errors
/// [`AppError::Broken`] when it panicked: a fault of the program says nothing about what was asked for.
pub(crate) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|fault| AppError::Broken(fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_fault_of_the_program_and_not_an_answer() {
        assert_eq!(beside(|| 7).await.unwrap(), 7);
        assert!(matches!(beside(|| -> i32 { panic!("a bug") }).await, Err(AppError::Broken(_))));
    }
}
