//! All commands in one type, and the one place that turns a stream's kind into its code.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use yanhe_core::policy::Act;
use yanhe_core::{
    StreamKind, audit, batch, confirmation, dossier, expert, matter, organ, paper, print_run, publicity, register,
    staff,
};

/// Calls a macro with every stream: variant, stream type, module.
macro_rules! streams {
    ($call:ident) => {
        $call! {
            Organ organ Organ; Staff staff Staff; Expert expert Expert; Publicity publicity Publicity;
            Matter matter Matter; Paper paper Paper; Register register Register; Dossier dossier Dossier;
            Confirmation confirmation Confirmation; Batch batch Batch; PrintRun print_run PrintRun; Audit audit Audit;
        }
    };
}
pub(crate) use streams;

macro_rules! commands {
    ($($variant:ident $module:ident $stream:ident;)*) => {
        /// A command for some stream.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub enum Command {
            $(#[doc = concat!("For a stream of kind ", stringify!($module), ".")] $variant($module::Command),)*
        }

        impl Command {
            /// The act that it is.
            pub fn act(&self) -> Act {
                match self { $(Self::$variant(c) => <$module::$stream as yanhe_core::Stream>::act(c),)* }
            }

            /// The kind of stream it is for.
            pub const fn kind(&self) -> StreamKind {
                match self { $(Self::$variant(_) => StreamKind::$variant,)* }
            }

            /// Reads the JSON of a job: the stream's own command, as `react` wrote it.
            ///
            /// # Errors
            /// When the JSON is no command of that kind of stream.
            pub fn from_job(kind: StreamKind, json: Value) -> Result<Self, serde_json::Error> {
                Ok(match kind { $(StreamKind::$variant => Self::$variant(serde_json::from_value(json)?),)* })
            }
        }

        $(impl From<$module::Command> for Command {
            fn from(command: $module::Command) -> Self { Self::$variant(command) }
        })*

        /// The state of some stream.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyState {
            $(#[doc = concat!("Of a stream of kind ", stringify!($module), ".")] $variant(Box<$module::State>),)*
        }
    };
}
streams!(commands);

/// A stream type whose state is one variant of [`AnyState`].
pub trait Known: yanhe_core::Stream {
    /// Its kind.
    const KIND: StreamKind;
    /// The state, if the variant is this stream's.
    fn take(any: AnyState) -> Option<Self::State>;
    /// The variant.
    fn wrap(state: Self::State) -> AnyState;
}

macro_rules! known {
    ($($variant:ident $module:ident $stream:ident;)*) => {
        $(impl Known for $module::$stream {
            const KIND: StreamKind = StreamKind::$variant;
            fn take(any: AnyState) -> Option<Self::State> {
                match any { AnyState::$variant(state) => Some(*state), _ => None }
            }
            fn wrap(state: Self::State) -> AnyState {
                AnyState::$variant(Box::new(state))
            }
        })*
    };
}
streams!(known);
