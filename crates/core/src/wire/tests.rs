//! Any bytes are read or refused, and a release keeps what it does not know.

use super::*;
use proptest::prelude::*;

record! {
    /// What the next release writes.
    pub struct Newer { 1 id: Hash64, 2 name: String, 3 list: Vec<i64>, 4 inner: Vec<MoneyRecord>, 5 maybe: Option<u32> }
}
record! {
    /// What this release knows of it.
    pub struct Older { 1 id: Hash64, 3 list: Vec<i64> }
}

#[test]
fn an_older_release_keeps_what_it_does_not_know() {
    let newer = Newer {
        id: Hash64(7),
        name: "x".into(),
        list: vec![0, -5, 9],
        inner: vec![MoneyRecord::default(), MoneyRecord { minor: 3, ..Default::default() }],
        maybe: Some(0),
        ..Default::default()
    };
    let mut older = Older::from_bytes(&newer.to_bytes()).unwrap();
    assert_eq!(older.list, [0, -5, 9]);
    older.list.push(1);
    let back = Newer::from_bytes(&older.to_bytes()).unwrap();
    assert_eq!(back, Newer { list: vec![0, -5, 9, 1], ..newer });
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(record) = Newer::from_bytes(&bytes) {
            prop_assert_eq!(Newer::from_bytes(&record.to_bytes()).unwrap(), record);
        }
    }

    #[test]
    fn numbers_come_back(n in any::<i64>(), m in any::<u64>()) {
        let record = Newer { id: Hash64(m), list: vec![n], ..Default::default() };
        prop_assert_eq!(Newer::from_bytes(&record.to_bytes()).unwrap(), record);
    }
}
