//! What is refused whole: the code, the line, and that it ends quickly.

use super::*;

fn refused(input: &[u8]) -> (&'static str, Option<u64>) {
    let refused = all(input).1.expect_err(&String::from_utf8_lossy(&input[..input.len().min(200)]));
    assert!(!refused.hint.ru.is_empty() && !refused.reason.en.is_empty());
    (refused.reason.code, refused.line)
}

#[test]
fn broken_markup_is_refused_with_its_line() {
    for bad in [
        "<name>M & M</name>",
        "<name>5 < 6</name>",
        "<name>5 <6</name>",
        "<name>a</title>",
        "<name x=1>a</name>",
        "<name x='1' x='2'>a</name>",
        "<name x='<'>a</name>",
        "</offer></offer>",
        "<!WRONG>",
        "<description>a<br>b</description>",
    ] {
        let text = feed(&format!("<offer id='1'>\n<vendor>b</vendor>\n{bad}</offer>"));
        assert_eq!(refused(text.as_bytes()), ("not_well_formed", Some(6)), "{bad}");
    }
    let good = feed("<offer id='1'><name>a</name></offer>");
    assert_eq!(refused(format!("{good}{good}").as_bytes()).0, "not_well_formed");
    assert_eq!(refused(format!("{good}\n<yml_catalog/>").as_bytes()), ("not_well_formed", Some(5)));
    assert_eq!(refused(format!("{good}\nмусор").as_bytes()).0, "not_well_formed");
}

#[test]
fn a_cut_file_is_refused_where_its_last_piece_starts() {
    let text = feed("<offer id='1'><name>a</name></offer>\n<offer id='2'><name>b</name>");
    let cut = |mark: &str| refused(&text.as_bytes()[..text.find(mark).unwrap()]);
    assert_eq!(cut("<name>b"), ("truncated", Some(5)));
    assert_eq!(cut("b</name"), ("truncated", Some(5)));
    assert_eq!(cut("\n<offer id='2"), ("truncated", Some(4)));
    let open = |tail: &str| refused(format!("{}{tail}", text.split("</offers>").next().unwrap()).as_bytes());
    for tail in ["\n<!-- ", "\n<![CDATA[ \n\n", "\n<a href='\n", "\n</nam"] {
        assert_eq!(open(tail), ("truncated", Some(6)), "{tail}");
    }
}

#[test]
fn what_is_no_feed_is_named() {
    for (bytes, sign) in [
        (&b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>"[..], "RSS"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"<br />\n<b>Warning</b>: mysql_connect()", "web page"),
        ("<КоммерческаяИнформация/>".as_bytes(), "CommerceML"),
        (b"PK\x03\x04....", "Excel"),
        (b"{\"a\": 1}", "JSON"),
        (b"id;name;price\n1;a;5", "CSV"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<catalog/>", "<catalog>"),
    ] {
        let end = all(bytes).1.unwrap_err();
        assert_eq!(end.reason.code, "not_yml");
        let sign = sign.trim_matches(['<', '>']);
        assert!(end.reason.en.contains(sign), "{sign}: {}", end.reason.en);
    }
    for empty in ["", " \n", "\u{feff}", "<!-- x -->", "<?xml version='1.0'?>"] {
        assert_eq!(refused(empty.as_bytes()).0, "empty", "{empty:?}");
    }
    assert_eq!(refused(feed("").as_bytes()).0, "empty");
    assert_eq!(refused(feed("<offer id='1'/>").as_bytes()).0, "empty");
}

#[test]
fn bombs_and_floods_are_refused() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE yml_catalog [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>\n<yml_catalog/>";
    assert_eq!(refused(bomb.as_bytes()), ("entities", Some(2)));
    let deep = feed(&format!("<offer id='1'><description>{}", "<p>".repeat(100_000)));
    assert_eq!(refused(deep.as_bytes()), ("too_deep", Some(4)));
    let wide: String = (0..100_000).map(|n| format!(" a{n}=''")).collect();
    let wide = feed(&format!("<offer id='1'{wide}/>"));
    assert_eq!(refused(wide.as_bytes()), ("too_many_attributes", Some(4)));
    let long = "x".repeat(source::PIECE_BYTES + (1 << 20));
    for flood in ["<description>", "<description><![CDATA[", "<!--", "<a x='", "<a ", "<", "&", "<!DOCTYPE "]
    {
        let text = feed(&format!("<offer id='1'>{flood}{long}"));
        assert_eq!(refused(text.as_bytes()).0, "piece_too_long", "{flood}");
    }
}

#[test]
fn wrong_encodings_are_refused() {
    let text = feed("<offer id='1'><name>Чай улун чёрный</name><price>1</price></offer>\n");
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(&text);
    let at = text.find("Чай").unwrap();
    let end = all(&bytes).1.unwrap_err();
    assert_eq!((end.reason.code, end.line), ("wrong_encoding", Some(4)));
    assert!(end.reason.en.contains(&format!("byte {at} ")), "{}", end.reason.en);
    assert_eq!(refused(&[&text.as_bytes()[..at], b"\xd0"].concat()).0, "wrong_encoding");
    let lie = text.replace("version=\"1.0\"", "version=\"1.0\" encoding=\"windows-1251\"");
    let lie = lie.replace("улун", "улун улун улун");
    assert_eq!(refused(lie.as_bytes()), ("wrong_encoding", Some(1)));
    // The same lie, found only far into the file.
    let late = lie.replace("<offers>", &format!("<offers><!--{}-->", "x".repeat(200_000)));
    assert_eq!(refused(late.as_bytes()).0, "wrong_encoding");
    for label in ["klingon", "utf-16", "iso-2022-kr"] {
        let text = text.replace("version=\"1.0\"", &format!("version=\"1.0\" encoding=\"{label}\""));
        assert_eq!(refused(text.as_bytes()).0, "unknown_encoding", "{label}");
    }
}

#[test]
fn a_failing_disk_is_named() {
    struct Fails(usize);
    impl Read for Fails {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 {
                return Err(std::io::Error::other("disk on fire"));
            }
            out.fill(b' ');
            out[0] = b'<';
            out[1] = b'a';
            Ok(out.len())
        }
    }
    let end = read(Fails(0), &mut |_| ()).unwrap_err();
    assert!(end.reason.code == "not_yml" || end.reason.en.contains("disk on fire"), "{end}");
    assert_eq!(read(Fails(3), &mut |_| ()).unwrap_err().reason.code, "unreadable");
}
