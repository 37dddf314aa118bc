//! The bytes of a feed as UTF-8 text, piece by piece: decoding, forbidden characters, line numbers, bounds.
//!
//! The XML reader on top sees clean UTF-8 without declaration or byte order mark; this side knows which line
//! of the file it has come to, and what went wrong when it had to stop.

use super::{Refused, words};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, Read};

/// Bytes read from the file at a time.
const RAW_BYTES: usize = 64 << 10;
/// Room for their text: a byte of an eight-bit encoding becomes at most three in UTF-8.
const TEXT_BYTES: usize = 3 * RAW_BYTES + 64;
/// The longest tag, text, comment or CDATA: more is no product feed, and would have to be held in memory.
pub(super) const PIECE_BYTES: usize = 8 << 20;
/// So many characters that only UTF-8 would explain prove that a declared eight-bit encoding is wrong.
const PROOF_CHARS: usize = 16;

/// A feed being decoded.
pub(super) struct Source<R> {
    input: R,
    decoder: Decoder,
    /// Reads along while an eight-bit encoding is declared and nothing but UTF-8 has been seen.
    suspect: Option<(Decoder, usize)>,
    raw: Box<[u8]>,
    raw_at: usize,
    raw_len: usize,
    raw_done: bool,
    /// Bytes of the file already decoded.
    offset: u64,
    text: Box<[u8]>,
    at: usize,
    len: usize,
    ended: bool,
    line: u64,
    after_cr: bool,
    piece: usize,
    /// Forbidden control characters dropped, and the line of the first.
    pub(super) controls: Option<(u64, u64)>,
    /// Why reading stopped, when it did.
    pub(super) fault: Option<Refused>,
}

impl<R: Read> Source<R> {
    /// Looks at the head of a feed and settles its encoding: byte order mark, else declaration, else UTF-8.
    pub(super) fn open(mut input: R) -> Result<Source<R>, Refused> {
        let mut raw = vec![0; RAW_BYTES].into_boxed_slice();
        let mut raw_len = 0;
        while raw_len < RAW_BYTES {
            match input.read(&mut raw[raw_len..]) {
                Ok(0) => break,
                Ok(n) => raw_len += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => (),
                Err(e) => return Err(words::unreadable(1, &e)),
            }
        }
        let head = &raw[..raw_len];
        not_xml(head)?;
        let encoding = encoding_of(head)?;
        let eight_bit = encoding.is_single_byte() && Encoding::for_bom(head).is_none();
        let mut source = Source {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            suspect: eight_bit.then(|| (UTF_8.new_decoder_without_bom_handling(), 0)),
            raw,
            raw_at: 0,
            raw_len,
            raw_done: raw_len < RAW_BYTES,
            offset: 0,
            text: vec![0; TEXT_BYTES].into_boxed_slice(),
            at: 0,
            len: 0,
            ended: false,
            line: 1,
            after_cr: false,
            piece: 0,
            controls: None,
            fault: None,
        };
        source.suspect_raw();
        let filled = source.refill();
        if let Some(fault) = source.fault.take() {
            return Err(fault);
        }
        filled.map_err(|e| words::unreadable(1, &e))?;
        source.blank_declaration();
        Ok(source)
    }

    /// Line of the file the reader has come to, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Bytes of the file read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.offset
    }

    /// The encoding the file is read in.
    pub(super) fn encoding(&self) -> &'static str {
        self.decoder.encoding().name()
    }

    /// Says that a piece (tag, text, comment) is done, so that its length no longer counts.
    pub(super) fn piece_done(&mut self) {
        self.piece = 0;
    }

    fn stop(&mut self, fault: Refused) -> io::Error {
        self.fault = Some(fault);
        io::Error::other("refused")
    }

    /// Reads more of the file once all that was read is decoded.
    fn read_raw(&mut self) -> io::Result<()> {
        self.raw_at = 0;
        self.raw_len = loop {
            match self.input.read(&mut self.raw) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => (),
                Err(e) => return Err(self.stop(words::unreadable(self.line, &e))),
                Ok(n) => break n,
            }
        };
        self.raw_done = self.raw_len == 0;
        self.suspect_raw();
        Ok(())
    }

    /// Follows the raw bytes as UTF-8 until they prove or disprove it.
    fn suspect_raw(&mut self) {
        let raw = &self.raw[..self.raw_len];
        let Some((utf8, seen)) = &mut self.suspect else { return };
        let (mut at, last) = (0, self.raw_done);
        let valid = loop {
            let (result, read, _) = utf8.decode_to_utf8_without_replacement(&raw[at..], &mut self.text, last);
            at += read;
            match result {
                DecoderResult::InputEmpty => break true,
                DecoderResult::OutputFull => (),
                DecoderResult::Malformed(..) => break false,
            }
        };
        *seen += raw.iter().filter(|b| **b >= 0xc2).count();
        if !valid {
            self.suspect = None;
        } else if *seen >= PROOF_CHARS {
            self.fault = Some(words::really_utf8(self.decoder.encoding().name()));
        }
    }

    /// Decodes the next stretch of text; leaves none only at the end of the file.
    fn refill(&mut self) -> io::Result<()> {
        (self.at, self.len) = (0, 0);
        while self.len == 0 && !self.ended {
            if self.raw_at == self.raw_len && !self.raw_done {
                self.read_raw()?;
            }
            if self.fault.is_some() {
                return Err(io::Error::other("refused"));
            }
            let raw = &self.raw[self.raw_at..self.raw_len];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.raw_done);
            self.raw_at += read;
            self.offset += read as u64;
            match result {
                DecoderResult::InputEmpty => self.ended = self.raw_done,
                DecoderResult::OutputFull => (),
                DecoderResult::Malformed(bad, after) => {
                    let byte = self.offset.saturating_sub(u64::from(bad) + u64::from(after));
                    self.len = written;
                    self.consume(written);
                    let encoding = self.decoder.encoding().name();
                    return Err(self.stop(words::wrong_encoding(self.line, byte, encoding)));
                }
            }
            self.len = written;
            self.drop_controls();
        }
        Ok(())
    }

    /// Takes the characters out that XML 1.0 forbids (§2.2), and remembers that there were some.
    fn drop_controls(&mut self) {
        let bad = |b: &u8| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
        let text = &mut self.text[..self.len];
        let Some(first) = text.iter().position(bad) else { return };
        let line = self.line + line_ends(&text[..first], self.after_cr);
        let mut kept = first;
        for at in first..text.len() {
            if !bad(&text[at]) {
                text[kept] = text[at];
                kept += 1;
            }
        }
        let dropped = (self.len - kept) as u64;
        self.len = kept;
        let (_, count) = self.controls.get_or_insert((line, 0));
        *count += dropped;
    }

    /// Overwrites the XML declaration with spaces: it has been obeyed, and real files put blank lines before
    /// it.
    fn blank_declaration(&mut self) {
        let text = &mut self.text[..self.len];
        let start = text.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
        if !is_declaration(&text[start..]) {
            return;
        }
        if let Some(end) = text[start..].windows(2).position(|pair| pair == b"?>") {
            for b in &mut text[start..start + end + 2] {
                if !matches!(b, b'\n' | b'\r') {
                    *b = b' ';
                }
            }
        }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > PIECE_BYTES {
            return Err(self.stop(words::too_long(self.line, PIECE_BYTES)));
        }
        if self.at == self.len {
            self.refill()?;
        }
        Ok(&self.text[self.at..self.len])
    }

    fn consume(&mut self, n: usize) {
        let text = &self.text[self.at..(self.at + n).min(self.len)];
        self.line += line_ends(text, self.after_cr);
        self.after_cr = text.last().map_or(self.after_cr, |b| *b == b'\r');
        self.at += text.len();
        self.piece += text.len();
    }
}

/// Line ends in `text`: LF, CR LF and a lone CR (XML 1.0 §2.11), counted at the CR.
fn line_ends(text: &[u8], after_cr: bool) -> u64 {
    let count = |sign: u8| text.iter().filter(|b| **b == sign).count();
    let (feeds, returns) = (count(b'\n'), count(b'\r'));
    let begun = usize::from(after_cr && text.first() == Some(&b'\n'));
    let pairs = if returns == 0 { 0 } else { text.windows(2).filter(|pair| pair == b"\r\n").count() };
    (feeds + returns - pairs - begun) as u64
}

fn is_declaration(text: &[u8]) -> bool {
    text.starts_with(b"<?xml") && text.get(5).is_some_and(u8::is_ascii_whitespace)
}

/// Tells by the first bytes what is surely no XML.
fn not_xml(head: &[u8]) -> Result<(), Refused> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii();
    if text.is_empty() {
        return Err(words::empty_file());
    }
    let (en, ru) = match text {
        [b'P', b'K', 3, 4, ..] => ("a zip archive or an Excel workbook", "архив zip или книга Excel"),
        [0x1f, 0x8b, ..] => ("a gzip archive", "архив gzip"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("an old Excel workbook", "старая книга Excel"),
        [b'{' | b'[', ..] => ("JSON", "JSON"),
        [b'<', ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'<', ..] => return Ok(()),
        _ => ("plain text or a table (CSV)", "простой текст или таблица (CSV)"),
    };
    Err(words::not_yml(1, en, ru))
}

fn encoding_of(head: &[u8]) -> Result<&'static Encoding, Refused> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    match head {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => (),
    }
    let text = head.trim_ascii_start();
    if !is_declaration(text) {
        return Ok(UTF_8);
    }
    let text = &text[..text.len().min(1024)];
    let end = text.windows(2).position(|pair| pair == b"?>").unwrap_or(text.len());
    let Some(label) = declared(&text[..end]) else { return Ok(UTF_8) };
    // An eight-bit file cannot be UTF-16, whatever it says: for_label maps the rest of such wishes to
    // "replacement".
    Encoding::for_label_no_replacement(label)
        .filter(|e| e.output_encoding() == *e)
        .ok_or_else(|| words::unknown_encoding(&String::from_utf8_lossy(label)))
}

/// The value of `encoding` in an XML declaration.
fn declared(declaration: &[u8]) -> Option<&[u8]> {
    let at = declaration.windows(8).position(|w| w == b"encoding")?;
    let rest = declaration[at + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let end = rest.iter().position(|b| b == quote)?;
    matches!(quote, b'"' | b'\'').then_some(&rest[..end])
}
