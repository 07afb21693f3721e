//! What is kept, on SQLite and PostgreSQL.

pub(crate) mod kept;
mod people;
#[cfg(feature = "postgres")]
mod postgres;
mod races;
#[cfg(feature = "postgres")]
mod replicas;
