//! Values on their way to the database.

use bytes::BytesMut;
use std::borrow::Cow;
use std::fmt;
use tokio_postgres::types::{IsNull, ToSql, Type};

/// One parameter of a statement.
pub enum Value<'a> {
    /// `smallint`.
    Short(i16),
    /// `integer`.
    Int(i32),
    /// `bigint`.
    Long(i64),
    /// `smallint` or nothing.
    MaybeShort(Option<i16>),
    /// `bigint` or nothing.
    MaybeLong(Option<i64>),
    /// `boolean`.
    Bool(bool),
    /// `text`.
    Text(Cow<'a, str>),
    /// `text` or nothing.
    MaybeText(Option<Cow<'a, str>>),
    /// `bytea`.
    Bytes(&'a [u8]),
    /// `smallint[]`.
    Shorts(Vec<i16>),
    /// `integer[]`.
    Ints(Vec<i32>),
    /// `bigint[]`.
    Longs(Vec<i64>),
    /// `bigint[]` with gaps.
    MaybeLongs(Vec<Option<i64>>),
    /// `text[]`.
    Texts(Vec<Cow<'a, str>>),
    /// `text[]` with gaps.
    MaybeTexts(Vec<Option<Cow<'a, str>>>),
    /// `bytea[]`.
    Blobs(Vec<&'a [u8]>),
}

/// A text that the database can hold: it knows no NUL, which in a name or an address is a mistake or an
/// attack. It becomes the sign for what cannot be shown, in writing and in looking for it alike.
pub fn text(text: &str) -> Value<'_> {
    Value::Text(clean(text))
}

/// A text, or nothing.
pub fn maybe_text(text: Option<&str>) -> Value<'_> {
    Value::MaybeText(text.map(clean))
}

/// As [`text`], for lists.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// What a value says does not belong into a log.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql_checked(ty, out)
    }

    /// The variant decides, in [`ToSql::to_sql_checked`].
    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Short(v) => v.to_sql_checked(ty, out),
            Value::Int(v) => v.to_sql_checked(ty, out),
            Value::Long(v) => v.to_sql_checked(ty, out),
            Value::MaybeShort(v) => v.to_sql_checked(ty, out),
            Value::MaybeLong(v) => v.to_sql_checked(ty, out),
            Value::Bool(v) => v.to_sql_checked(ty, out),
            Value::Text(v) => v.to_sql_checked(ty, out),
            Value::MaybeText(v) => v.to_sql_checked(ty, out),
            Value::Bytes(v) => v.to_sql_checked(ty, out),
            Value::Shorts(v) => v.to_sql_checked(ty, out),
            Value::Ints(v) => v.to_sql_checked(ty, out),
            Value::Longs(v) => v.to_sql_checked(ty, out),
            Value::MaybeLongs(v) => v.to_sql_checked(ty, out),
            Value::Texts(v) => v.to_sql_checked(ty, out),
            Value::MaybeTexts(v) => v.to_sql_checked(ty, out),
            Value::Blobs(v) => v.to_sql_checked(ty, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_only_where_its_type_fits_and_says_nothing_of_itself() {
        let mut out = BytesMut::new();
        assert!(Value::Long(1).to_sql_checked(&Type::INT8, &mut out).is_ok());
        assert!(Value::Long(1).to_sql_checked(&Type::INT4, &mut out).is_err());
        assert!(Value::Shorts(vec![1]).to_sql_checked(&Type::INT2_ARRAY, &mut out).is_ok());
        assert_eq!(format!("{:?}", text("anna@example.org")), "…");
        assert!(matches!(text("a\0b"), Value::Text(clean) if clean == "a\u{fffd}b"));
    }
}
