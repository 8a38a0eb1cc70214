//! Values and errors between the domain and SQLite.

use chat::ports::{StoreError, TokenHash};
use sqlx::{
    Decode, Encode, Type,
    encode::IsNull,
    error::BoxDynError,
    sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
};
use uuid::Uuid;

/// An identifier as the database has it: a BLOB of 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(pub(super) Uuid);

impl Type<sqlx::Sqlite> for Key {
    fn type_info() -> SqliteTypeInfo {
        <[u8] as Type<sqlx::Sqlite>>::type_info()
    }
}

impl Encode<'_, sqlx::Sqlite> for Key {
    fn encode_by_ref(&self, arguments: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<sqlx::Sqlite>::encode(self.0.as_bytes().as_slice(), arguments)
    }
}

impl<'r> Decode<'r, sqlx::Sqlite> for Key {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = <&[u8] as Decode<sqlx::Sqlite>>::decode(value)?;
        Ok(Self(Uuid::from_slice(bytes)?))
    }
}

/// A hash as the database has it: a BLOB of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hash(pub(super) TokenHash);

impl Type<sqlx::Sqlite> for Hash {
    fn type_info() -> SqliteTypeInfo {
        <[u8] as Type<sqlx::Sqlite>>::type_info()
    }
}

impl<'r> Decode<'r, sqlx::Sqlite> for Hash {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = <&[u8] as Decode<sqlx::Sqlite>>::decode(value)?;
        Ok(Self(TokenHash(bytes.try_into()?)))
    }
}

/// The value in a row is none that this program wrote.
pub(super) fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Failed(Box::new(error))
}

/// What SQLite's result code means for the caller (<https://www.sqlite.org/rescode.html>).
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match (&error, result_code(&error)) {
        (sqlx::Error::PoolTimedOut, _) | (_, Some(BUSY | LOCKED)) => StoreError::Busy,
        (_, Some(FULL)) => StoreError::Full,
        _ => StoreError::Failed(Box::new(error)),
    }
}

/// SQLite's primary result code, when the error came from there.
pub(super) fn result_code(error: &sqlx::Error) -> Option<u8> {
    let extended: i32 = error.as_database_error()?.code()?.parse().ok()?;
    // The primary code is the lowest byte of the extended one.
    Some(extended.to_le_bytes()[0])
}

pub(super) const PERM: u8 = 3;
pub(super) const BUSY: u8 = 5;
pub(super) const LOCKED: u8 = 6;
pub(super) const READONLY: u8 = 8;
pub(super) const CORRUPT: u8 = 11;
pub(super) const FULL: u8 = 13;
pub(super) const CANTOPEN: u8 = 14;
pub(super) const NOTADB: u8 = 26;
