//! The disk under a directory: what is free on it, and whether it is a disk of this machine.

use std::path::Path;

/// Bytes that a user who is not root may still write; `None` where the system does not say.
#[must_use]
pub fn free_bytes(dir: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(dir).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The name of the network file system a directory lies on; `None` for a local disk, or where it is not known.
///
/// SQLite's log needs shared memory and honest locks, which network file systems do not have (sqlite.org/wal.html).
#[must_use]
pub fn network(dir: &Path) -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        // The numbers stand in statfs(2).
        let kind = rustix::fs::statfs(dir).ok()?.f_type as u64 & 0xffff_ffff;
        match kind {
            0x6969 => Some("NFS"),
            0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
            0x0102_1997 => Some("9P"),
            0x00c3_6400 => Some("Ceph"),
            0x7375_7245 => Some("Coda"),
            _ => None,
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = dir;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_says_what_is_free_and_nowhere_says_nothing() {
        assert!(free_bytes(&std::env::temp_dir()).is_some_and(|bytes| bytes > 0));
        assert_eq!(free_bytes(Path::new("/nowhere/at/all")), None);
        assert_eq!(network(&std::env::temp_dir()), None);
    }
}
