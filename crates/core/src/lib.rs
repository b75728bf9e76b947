//! The law of administrative mediation as pure functions: no IO, no clock, no chance.
//!
//! Read in this order: [`stream`] (the shape of every stream), [`policy`] (who may do what), then one
//! folder a stream. Beside them: [`calendar`] and [`deadline`] (counting days), [`pack`] (rules as data),
//! [`scope`] (which matters may be mediated), [`values`] (checked values of forms and files).

pub mod agreement;
pub mod audit;
pub mod batch;
pub mod calendar;
pub mod confirmation;
pub mod correction;
pub mod deadline;
pub mod dossier;
pub mod expert;
pub mod gram;
pub mod ids;
pub mod mark;
pub mod matter;
pub mod organ;
pub mod pack;
pub mod paper;
pub mod paper_data;
pub mod party;
pub mod personal;
pub mod policy;
pub mod print_run;
pub mod publicity;
pub mod refusal;
pub mod register;
pub mod row;
pub mod scope;
pub mod staff;
pub mod stream;
pub mod tables;
pub mod time;
pub mod values;

pub use ids::{Ids, PersonId, StreamId, StreamKind, Version};
pub use personal::Personal;
pub use refusal::{Reason, Refusal};
pub use row::{Cell, Change, Table};
pub use stream::{Facts, Job, Numbers, PaperOrder, PaperRef, Stream};
pub use time::{Date, Timestamp};
