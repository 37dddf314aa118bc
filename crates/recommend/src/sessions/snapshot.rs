//! Live visits as bytes, for a quick start: the visits and the trees. Index, tables and vectors are built
//! anew from the visits, which takes seconds; the trees, which take minutes, are not.
//!
//! The bytes are for the same version of the program. Anything else is refused, and the visits are read from
//! the events again.

use crate::id_map::fixed_bytes_hash;
use crate::sessions::features::WIDTH;
use crate::sessions::live::LiveVisits;
use crate::sessions::log::{Visit, VisitLog, renumber};
use crate::sessions::ranker::Ranker;
use crate::sessions::trees::Trees;
use crate::visits::VisitModel;

/// Names the format; a change of what is below, or of the features, changes it.
const MAGIC: &[u8; 8] = b"bknvis01";

/// Why bytes are no snapshot of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// They were not written by this version of the program.
    OtherFormat,
    /// They are cut short or changed.
    Damaged,
}

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(match self {
            Self::OtherFormat => "the snapshot of visits is of another version; it is built anew from events",
            Self::Damaged => "the snapshot of visits is damaged; it is built anew from events",
        })
    }
}

impl std::error::Error for SnapshotError {}

impl LiveVisits {
    /// Everything as bytes, without who was forgotten.
    pub fn to_bytes(&self) -> Vec<u8> {
        let state = self.read();
        let mut visits: Vec<Visit> = state.log.kept(&state.forgotten, i64::MIN, usize::MAX).collect();
        visits.extend(Self::unlearned(&state).filter(|visit| !visit.clicks.is_empty()).cloned());
        let names = renumber(&mut visits, |item| Self::item_name(&state, item));
        let model = std::sync::Arc::clone(&state.model);
        drop(state);
        let mut bytes = MAGIC.to_vec();
        put(&mut bytes, WIDTH as u32);
        put(&mut bytes, names.len() as u32);
        for name in &names {
            put(&mut bytes, name.len() as u32);
            bytes.extend(name.as_bytes());
        }
        put(&mut bytes, visits.len() as u32);
        for visit in &visits {
            bytes.extend(visit.visitor.to_le_bytes());
            bytes.extend(visit.end_ms.to_le_bytes());
            put(&mut bytes, visit.clicks.len() as u32);
            visit.clicks.iter().for_each(|item| put(&mut bytes, *item));
        }
        if let Some(trees) = model.ranker().and_then(Ranker::trees) {
            trees.write(&mut bytes);
        }
        let sum = fixed_bytes_hash(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// What [`LiveVisits::to_bytes`] wrote, ready to be asked.
    ///
    /// # Errors
    /// The bytes are damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        if !bytes.starts_with(MAGIC) {
            return Err(SnapshotError::OtherFormat);
        }
        let (body, sum) = bytes.split_last_chunk::<8>().ok_or(SnapshotError::Damaged)?;
        if fixed_bytes_hash(body) != u64::from_le_bytes(*sum) {
            return Err(SnapshotError::Damaged);
        }
        let mut reader = Reader(&body[MAGIC.len()..]);
        if reader.number()? as usize != WIDTH {
            return Err(SnapshotError::OtherFormat);
        }
        let names = reader.list(|reader| {
            let length = reader.number()? as usize;
            String::from_utf8(reader.take(length)?.to_vec()).map_err(|_| SnapshotError::Damaged)
        })?;
        let visits = reader.list(|reader| {
            let visitor = u64::from_le_bytes(reader.chunk()?);
            let end_ms = i64::from_le_bytes(reader.chunk()?);
            Ok(Visit { visitor, end_ms, clicks: reader.list(Reader::number)? })
        })?;
        if visits.iter().flat_map(|visit| &visit.clicks).any(|item| *item as usize >= names.len()) {
            return Err(SnapshotError::Damaged);
        }
        let trees = match reader.0 {
            [] => None,
            rest => Some(Trees::read(rest, WIDTH).ok_or(SnapshotError::Damaged)?),
        };
        let log = VisitLog::new(visits);
        let rows: Vec<_> = (0..log.len()).map(|visit| log.items(visit)).collect();
        let ranker = Ranker::fused(&rows, names.len()).with_trees(trees);
        Ok(Self::known(VisitModel::of(names, Some(ranker)), log))
    }
}

fn put(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend(number.to_le_bytes());
}

/// What is not read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], SnapshotError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(SnapshotError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(SnapshotError::Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, SnapshotError> {
        Ok(u32::from_le_bytes(self.chunk()?))
    }

    fn list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, SnapshotError>,
    ) -> Result<Vec<T>, SnapshotError> {
        let count = self.number()?;
        (0..count).map(|_| one(self)).collect()
    }
}
