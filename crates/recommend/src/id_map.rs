//! Hash map and set over interned numbers: a fixed, fast hash, so the same input gives the same order
//! everywhere.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// An interned item.
pub(crate) type ItemId = u32;
/// Map by interned number.
pub(crate) type IdMap<V> = HashMap<ItemId, V, BuildHasherDefault<IdHasher>>;
/// Set of interned numbers.
pub(crate) type IdSet = HashSet<ItemId, BuildHasherDefault<IdHasher>>;

/// Fibonacci hashing (Knuth, TAOCP 3, 6.4). The numbers are our own, so nobody can choose them to collide.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}

/// 64-bit FNV-1a: the same on every machine and in every version, which std's hash does not promise.
pub(crate) fn fixed_hash(text: &str) -> u64 {
    fixed_bytes_hash(text.as_bytes())
}

/// The same of bytes.
pub(crate) fn fixed_bytes_hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
