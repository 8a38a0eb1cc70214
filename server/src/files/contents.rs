//! What is in attached files, for requests to models.

use super::keeper::{FileKeeper, blocking};
use async_trait::async_trait;
use chat::{
    Attachment, FileContent, FileId, Image, UserId,
    ports::{FileContents, KeptFile, StoreError},
};
use std::{
    collections::HashMap,
    io::{self, Read},
};

#[async_trait]
impl FileContents for FileKeeper {
    async fn contents(&self, owner: UserId, files: &[Attachment]) -> Result<HashMap<FileId, FileContent>, StoreError> {
        let mut contents = HashMap::new();
        for id in files.iter().map(|file| file.id) {
            if contents.contains_key(&id) {
                continue;
            }
            let Some(file) = self.files.find(owner, id).await? else { continue };
            match self.read(file).await {
                Ok(content) => {
                    contents.insert(id, content);
                }
                // The model is told that it can't be shown.
                Err(error) => tracing::error!(file = %id, %error, "a file could not be read"),
            }
        }
        Ok(contents)
    }
}

impl FileKeeper {
    async fn read(&self, file: KeptFile) -> io::Result<FileContent> {
        let (blobs, hash) = (self.blobs.clone(), file.text.unwrap_or(file.hash));
        let bytes = blocking(move || {
            let mut bytes = Vec::new();
            blobs.open(hash)?.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .await?;
        match file.text {
            Some(_) => Ok(FileContent::Text(
                String::from_utf8(bytes).map_err(|error| io::Error::other(error.utf8_error()))?.into(),
            )),
            None => Ok(FileContent::Image(Image { media_type: file.attachment.media_type, bytes: bytes.into() })),
        }
    }
}
