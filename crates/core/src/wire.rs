//! How state is written: tagged fields whose numbers are never used again, unknown fields kept.
//!
//! The bytes are those of the Protocol Buffers wire format (proto3 encoding): a release may add a field, a release
//! before it keeps what it does not know, and a field of default value takes no room.

use crate::ids::{DoorId, MessageId, ProfileId};
use crate::money::{Currency, Money};
use crate::time::{ShopTime, Span};

/// Bytes that are not what they should be; says which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrupt(pub &'static str);

impl std::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "stored state cannot be read: {}", self.0)
    }
}
impl std::error::Error for Corrupt {}

/// Fields of a newer release, kept as they were.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown(pub Vec<u8>);

/// A record of tagged fields.
pub trait Record: Default {
    /// Appends the fields.
    fn write(&self, out: &mut Vec<u8>);
    /// Takes one field in; false when its number is not known.
    ///
    /// # Errors
    /// The field's bytes are not of its type.
    fn field(&mut self, number: u32, value: Value<'_>) -> Result<bool, Corrupt>;
    /// Where fields of newer releases are kept.
    fn unknown(&mut self) -> &mut Unknown;

    /// The record as bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        self.write(&mut out);
        out
    }

    /// The record of some bytes.
    ///
    /// # Errors
    /// The bytes end early or hold something that is not of its field's type.
    fn from_bytes(mut bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut record = Self::default();
        while !bytes.is_empty() {
            let start = bytes;
            let tag = take_varint(&mut bytes)?;
            let value = take_value(tag & 7, &mut bytes)?;
            let number = u32::try_from(tag >> 3).map_err(|_| Corrupt("field number"))?;
            if !record.field(number, value)? {
                record.unknown().0.extend_from_slice(&start[..start.len() - bytes.len()]);
            }
        }
        Ok(record)
    }
}

/// The value of a field as it stands in the bytes.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 1.
    Fixed64(u64),
    /// Wire type 5.
    Fixed32(u32),
    /// Wire type 2.
    Bytes(&'a [u8]),
}

/// A type that can be the value of a field.
pub trait Field: Sized {
    /// Appends tag and value; nothing when the value is the default.
    fn put(&self, number: u32, out: &mut Vec<u8>);
    /// Takes a value in; a repeated field adds to what is there.
    ///
    /// # Errors
    /// The value is not of this type.
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt>;
}

/// Declares a [`Record`]: a struct whose fields carry the numbers under which they are written.
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $( $(#[$fmeta:meta])* $number:literal $field:ident : $type:ty ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[$fmeta])* pub $field: $type, )*
            /// Fields of a newer release.
            pub unknown: $crate::wire::Unknown,
        }
        impl $crate::wire::Record for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $( $crate::wire::Field::put(&self.$field, $number, out); )*
                out.extend_from_slice(&self.unknown.0);
            }
            fn field(&mut self, number: u32, value: $crate::wire::Value<'_>) -> Result<bool, $crate::wire::Corrupt> {
                match number {
                    $( $number => $crate::wire::Field::take(&mut self.$field, value)?, )*
                    _ => return Ok(false),
                }
                Ok(true)
            }
            fn unknown(&mut self) -> &mut $crate::wire::Unknown {
                &mut self.unknown
            }
        }
        impl $crate::wire::Nested for $name {}
    };
}

/// A record that is the value of a field of another.
pub trait Nested: Record {}

fn put_varint(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn put_tag(number: u32, wire: u64, out: &mut Vec<u8>) {
    put_varint(u64::from(number) << 3 | wire, out);
}

fn take_varint(bytes: &mut &[u8]) -> Result<u64, Corrupt> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or(Corrupt("number ends early"))?;
        *bytes = rest;
        n |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok(n);
        }
    }
    Err(Corrupt("number is too long"))
}

fn take_value<'a>(wire: u64, bytes: &mut &'a [u8]) -> Result<Value<'a>, Corrupt> {
    let early = Corrupt("field ends early");
    Ok(match wire {
        0 => Value::Varint(take_varint(bytes)?),
        1 => {
            let (head, rest) = bytes.split_first_chunk::<8>().ok_or(early)?;
            *bytes = rest;
            Value::Fixed64(u64::from_le_bytes(*head))
        }
        5 => {
            let (head, rest) = bytes.split_first_chunk::<4>().ok_or(early)?;
            *bytes = rest;
            Value::Fixed32(u32::from_le_bytes(*head))
        }
        2 => {
            let len = usize::try_from(take_varint(bytes)?).map_err(|_| Corrupt("length"))?;
            let (head, rest) = bytes.split_at_checked(len).ok_or(early)?;
            *bytes = rest;
            Value::Bytes(head)
        }
        _ => return Err(Corrupt("wire type")),
    })
}

impl Field for u64 {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if *self != 0 {
            put_tag(number, 0, out);
            put_varint(*self, out);
        }
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        match value {
            Value::Varint(n) | Value::Fixed64(n) => *self = n,
            _ => return Err(Corrupt("expected a number")),
        }
        Ok(())
    }
}

/// Small numbers travel as [`u64`].
macro_rules! small_number {
    ($($type:ty),*) => { $(
        impl Field for $type {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                u64::from(*self).put(number, out);
            }
            fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
                let mut n = 0u64;
                n.take(value)?;
                *self = <$type>::try_from(n).map_err(|_| Corrupt("number out of range"))?;
                Ok(())
            }
        }
    )* };
}
small_number!(u8, u16, u32);

impl Field for bool {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        u64::from(*self).put(number, out);
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let mut n = 0u64;
        n.take(value)?;
        *self = n != 0;
        Ok(())
    }
}

impl Field for i64 {
    /// Zigzag, so that small negative numbers stay small.
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        ((self << 1 ^ self >> 63) as u64).put(number, out);
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let mut n = 0u64;
        n.take(value)?;
        *self = (n >> 1) as i64 ^ -((n & 1) as i64);
        Ok(())
    }
}

/// A hash as eight fixed bytes: a varint of it would take ten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash64(pub u64);

impl Field for Hash64 {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if self.0 != 0 {
            put_tag(number, 1, out);
            out.extend_from_slice(&self.0.to_le_bytes());
        }
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        self.0.take(value)
    }
}

/// Types that are a number of another type on the wire.
macro_rules! transparent {
    ($($type:ident as $wire:ident),*) => { $(
        impl Field for $type {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                transparent!(@put $wire self.0, number, out);
            }
            fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
                self.0.take(value)
            }
        }
    )* };
    (@put number $value:expr, $number:ident, $out:ident) => { $value.put($number, $out) };
    (@put hash $value:expr, $number:ident, $out:ident) => { Hash64($value).put($number, $out) };
}

impl Field for ShopTime {
    /// [`ShopTime::NEVER`] travels as -1, a moment before everything: its own number would take ten bytes.
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        let n = if *self == ShopTime::NEVER { -1 } else { self.0 };
        n.put(number, out);
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        self.0.take(value)?;
        if self.0 == -1 {
            *self = ShopTime::NEVER;
        }
        Ok(())
    }
}

transparent!(Span as number, DoorId as hash, ProfileId as hash, MessageId as hash);

impl Field for String {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if !self.is_empty() {
            put_bytes(number, self.as_bytes(), out);
        }
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let Value::Bytes(bytes) = value else { return Err(Corrupt("expected a text")) };
        *self = std::str::from_utf8(bytes).map_err(|_| Corrupt("text is not UTF-8"))?.to_owned();
        Ok(())
    }
}

fn put_bytes(number: u32, bytes: &[u8], out: &mut Vec<u8>) {
    put_tag(number, 2, out);
    put_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

record! {
    /// [`Money`] on the wire.
    pub struct MoneyRecord {
        /// Minor units.
        1 minor: i64,
        /// ISO 4217 code.
        2 currency: String,
    }
}

impl Field for Money {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        let currency =
            if self.currency == Currency::NONE { String::new() } else { self.currency.code().to_owned() };
        let record = MoneyRecord { minor: self.minor, currency, unknown: Unknown::default() };
        put_bytes(number, &record.to_bytes(), out);
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let Value::Bytes(bytes) = value else { return Err(Corrupt("expected an amount")) };
        let record = MoneyRecord::from_bytes(bytes)?;
        *self =
            Money { minor: record.minor, currency: Currency::parse(&record.currency).unwrap_or_default() };
        Ok(())
    }
}

/// A nested record is written even when all its fields are default: in a list its place counts.
impl<R: Nested> Field for R {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_bytes(number, &self.to_bytes(), out);
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let Value::Bytes(bytes) = value else { return Err(Corrupt("expected a record")) };
        *self = R::from_bytes(bytes)?;
        Ok(())
    }
}

/// A default item of a list, or one that is there, still takes its place.
fn put_in_place<F: Field>(item: &F, number: u32, out: &mut Vec<u8>) {
    let before = out.len();
    item.put(number, out);
    if out.len() == before {
        put_tag(number, 0, out);
        put_varint(0, out);
    }
}

impl<F: Field + Default> Field for Vec<F> {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        for item in self {
            put_in_place(item, number, out);
        }
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let mut item = F::default();
        match (item.take(value), value) {
            (Ok(()), _) | (Err(_), Value::Varint(0)) => self.push(item),
            (Err(why), _) => return Err(why),
        }
        Ok(())
    }
}

impl<F: Field + Default> Field for Option<F> {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(item) = self {
            put_in_place(item, number, out);
        }
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let mut list = Vec::new();
        Field::take(&mut list, value)?;
        *self = list.pop();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
