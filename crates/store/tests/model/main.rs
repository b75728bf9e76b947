//! Models of what several processes, lost answers and crashes can do to commits, to the sealer and to jobs, looked through
//! state by state. A model holds the database as the guards of `plan`, `seal` and `timers` make it, and everything
//! around it as hostile as it can be. Each guard is also taken out once: then the model must find what goes wrong, or
//! it would be blind to it.

mod commits;
mod explore;
mod jobs;
mod sealer;
