use super::*;
use std::io::Read;

const TEXT: &[u8] = b"one fish two fish red fish blue fish, one fish two fish red fish blue fish";

#[test]
fn both_forms_unpack_to_what_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let packed = Cache::new(folder.path().join("new")).compress(TEXT).unwrap();
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut packed.brotli.as_slice(), &mut plain).unwrap();
    assert_eq!(plain, TEXT);
    plain.clear();
    flate2::read::GzDecoder::new(packed.gzip.as_slice()).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, TEXT);
    assert!(packed.brotli.len() < TEXT.len() && packed.gzip.len() < TEXT.len());
}

#[test]
fn the_same_content_is_compressed_once_and_the_unused_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let mut cache = Cache::new(folder.path().into());
    cache.kept("old.br".into(), || Ok(vec![1])).unwrap();

    let mut next = Cache::new(folder.path().into());
    let mut made = 0;
    for _ in 0..2 {
        let bytes = next.kept("new.br".into(), || {
            made += 1;
            Ok(vec![2])
        });
        assert_eq!(bytes.unwrap(), [2]);
    }
    assert_eq!(made, 1);
    next.prune().unwrap();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["new.br"]);
}
