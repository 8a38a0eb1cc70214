//! What is in the files that users attach.

use super::Sqlite;
use async_trait::async_trait;
use chat::{
    Attachment, FileContent, FileId, UserId,
    ports::{FileContents, StoreError},
};
use std::collections::HashMap;

#[async_trait]
impl FileContents for Sqlite {
    async fn contents(&self, _: UserId, _: &[Attachment]) -> Result<HashMap<FileId, FileContent>, StoreError> {
        Ok(HashMap::new())
    }
}
