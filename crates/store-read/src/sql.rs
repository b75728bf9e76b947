//! Statement texts put together from parts when the program is compiled.

/// How many streams one statement asks for: a page of a list, or a part of what a search found.
pub(crate) const TOGETHER: usize = 50;
/// Condition: one of so many streams, which begin at the second parameter.
pub(crate) const AMONG: &str = "stream IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
    $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)";

/// Length of all parts.
#[doc(hidden)]
pub const fn total(parts: &[&str]) -> usize {
    let mut sum = 0;
    let mut i = 0;
    while i < parts.len() {
        sum += parts[i].len();
        i += 1;
    }
    sum
}

/// All parts as one array of bytes.
#[doc(hidden)]
pub const fn join<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut out = [0; N];
    let (mut at, mut i) = (0, 0);
    while i < parts.len() {
        let bytes = parts[i].as_bytes();
        let mut j = 0;
        while j < bytes.len() {
            out[at] = bytes[j];
            at += 1;
            j += 1;
        }
        i += 1;
    }
    out
}

/// Concatenates constant texts into one constant text.
macro_rules! text {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&str] = &[$($part),+];
        const BYTES: [u8; $crate::sql::total(PARTS)] = $crate::sql::join(PARTS);
        match ::std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("parts are text"),
        }
    }};
}

/// Declares the statements of a module, and `ALL` with each of them for the tests.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = [$($part:expr),+ $(,)?];)*) => {
        $($(#[$doc])* pub(crate) static $name: $crate::Statement =
            $crate::Statement::new(stringify!($name), $crate::sql::text!($($part),+));)*
        pub(crate) static ALL: &[&$crate::Statement] = &[$(&$name),*];
    };
}

/// The first statement whose condition holds; the last has none. Every statement of a list takes the same values.
macro_rules! one_of {
    ($($condition:expr => $statement:expr,)* else $last:expr) => {
        $(if $condition { &$statement } else)* { &$last }
    };
}

/// Declares a view: a struct whose fields are the columns that its statements select, in this order.
macro_rules! view {
    ($(#[$doc:meta])* pub struct $name:ident {
        $(#[$fdoc:meta])* $first:ident: $ftype:ty,
        $($(#[$rdoc:meta])* $rest:ident: $rtype:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $(#[$fdoc])* pub $first: $ftype,
            $($(#[$rdoc])* pub $rest: $rtype,)*
        }
        impl $name {
            /// The columns, in the order of the fields.
            pub(crate) const COLUMNS: &'static str =
                concat!(stringify!($first) $(, ", ", stringify!($rest))*);
        }
        impl $crate::waist::FromRow for $name {
            fn from_row(row: $crate::Row) -> Result<Self, $crate::StoreError> {
                let mut cells = row.into_cells();
                Ok(Self { $first: cells.take()?, $($rest: cells.take()?,)* })
            }
        }
    };
}

pub(crate) use {one_of, statements, text, view};
