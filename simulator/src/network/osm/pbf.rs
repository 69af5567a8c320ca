//! The `.osm.pbf` file as a row of blobs (OSM wiki, PBF Format): where they are, and what each holds.
//!
//! The whole file is walked from blob to blob before anything is decoded, so that a download that broke off is told as
//! such and at once.

use std::{
    io::SeekFrom,
    path::{Path, PathBuf},
};

use osmpbf::{BlobError, BlobReader, BlobType, ByteOffset, ErrorKind, PrimitiveBlock};

use super::OsmError;

/// What a reader must understand to read a file rightly, as far as this one does.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// A file, known to be whole and of a kind that can be read.
pub(super) struct PbfFile {
    path: PathBuf,
    /// Size in bytes.
    pub(super) bytes: u64,
    /// Which program wrote it.
    pub(super) written_by: Option<String>,
    /// Where the blobs with data begin.
    pub(super) blobs: Vec<ByteOffset>,
}

impl PbfFile {
    /// Walks through a file.
    pub(super) fn open(path: &Path) -> Result<Self, OsmError> {
        let cannot_open = |cause| OsmError::Open { file: path.into(), cause };
        let metadata = std::fs::metadata(path).map_err(cannot_open)?;
        let mut file = Self { path: path.into(), bytes: metadata.len(), written_by: None, blobs: Vec::new() };
        let mut reader = BlobReader::from_path(path).map_err(|error| file.broken(0, &error))?;
        let mut at_byte = 0;
        let mut header_at = None;
        while let Some(header) = reader.next_header_skip_blob() {
            let (header, offset) = header.map_err(|error| file.broken(at_byte, &error))?;
            let offset = offset.unwrap_or(ByteOffset(at_byte));
            if header.get_blob_size() < 0 {
                return Err(file.format(at_byte, "a blob says that it has less than no bytes"));
            }
            match header.blob_type() {
                BlobType::OsmHeader => header_at = header_at.or(Some(offset)),
                BlobType::OsmData if header_at.is_some() => file.blobs.push(offset),
                BlobType::OsmData => return Err(file.format(at_byte, "data comes before the header")),
                BlobType::Unknown(_) => {}
            }
            let end = reader.seek_raw(SeekFrom::Current(0)).map_err(|error| file.broken(at_byte, &error))?;
            if end > file.bytes {
                return Err(file.format(at_byte, &format!("the file ends {} bytes too early", end - file.bytes)));
            }
            at_byte = end;
        }
        if at_byte != file.bytes {
            return Err(file.format(at_byte, "the file ends in the middle of a blob's header"));
        }
        let header_at = header_at.ok_or_else(|| file.format(0, "there is no header"))?;
        file.read_header(&mut reader, header_at)?;
        Ok(file)
    }

    fn read_header<R: std::io::Read + std::io::Seek + Send>(
        &mut self,
        reader: &mut BlobReader<R>,
        at: ByteOffset,
    ) -> Result<(), OsmError> {
        let header = reader
            .blob_from_offset(at)
            .and_then(|blob| blob.to_headerblock())
            .map_err(|error| self.broken(at.0, &error))?;
        let unknown = header.required_features().iter().find(|feature| !FEATURES.contains(&feature.as_str()));
        if let Some(feature) = unknown {
            return Err(OsmError::Feature { file: self.path.clone(), feature: feature.clone() });
        }
        self.written_by = header.writing_program().map(Into::into);
        Ok(())
    }

    /// Decodes blob after blob and shows what it holds.
    pub(super) fn each_block(
        &self,
        blobs: &[ByteOffset],
        mut look: impl FnMut(ByteOffset, &PrimitiveBlock),
    ) -> Result<(), OsmError> {
        let mut reader = BlobReader::from_path(&self.path).map_err(|error| self.broken(0, &error))?;
        for at in blobs {
            let block = reader
                .blob_from_offset(*at)
                .and_then(|blob| blob.to_primitiveblock())
                .map_err(|error| self.broken(at.0, &error))?;
            look(*at, &block);
        }
        Ok(())
    }

    fn broken(&self, at_byte: u64, error: &osmpbf::Error) -> OsmError {
        match error.kind() {
            ErrorKind::Blob(BlobError::Empty) => {
                self.format(at_byte, "a blob is compressed otherwise than by zlib, which this reader does not know")
            }
            _ => self.format(at_byte, &error.to_string()),
        }
    }

    fn format(&self, at_byte: u64, what: &str) -> OsmError {
        OsmError::Format { file: self.path.clone(), at_byte, what: what.into() }
    }
}
