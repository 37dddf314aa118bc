//! What the catalogue tells the index of an item.

/// What the catalogue says of an item. Only category, price and stock are needed; each of the others makes another
/// strategy or filter possible. Texts are read into terms and not kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct ItemFacts<'a> {
    /// Id of its category; empty for none.
    pub category: &'a str,
    /// Price in the shop's currency, in its minor unit.
    pub price_minor: i64,
    /// It can be bought now.
    pub in_stock: bool,
    /// The shop does not want it recommended.
    pub hidden: bool,
    /// Items of one group are variants of one product (size, colour); empty when it stands alone.
    pub group: &'a str,
    /// When the shop first offered it, milliseconds since 1970; none when not known, and then it is never
    /// "new".
    pub added_ms: Option<i64>,
    /// Title as shown to shoppers, Russian or English: for likeness and search.
    pub title: &'a str,
    /// Brand; empty for none.
    pub brand: &'a str,
    /// The shop's own marks ("gift", "8 march").
    pub tags: &'a [&'a str],
    /// Name and value ("colour", "red").
    pub attributes: &'a [(&'a str, &'a str)],
    /// Price before a discount, in minor units; counts only above the price.
    pub old_price_minor: Option<i64>,
    /// What the shop earns of the price, in thousandths of it; none when not known.
    pub margin_permille: Option<i16>,
    /// Mean of the shoppers' marks in hundredths of a star, 0 to 500, and how many marks there are.
    pub rating: Option<(u16, u32)>,
    /// Announced: not to be bought yet. Shown by the strategy "coming soon" alone.
    pub coming_soon: bool,
    /// A pack: so many pieces for the price of so many ("10 for the price of 8" is `(10, 8)`).
    pub pack: Option<(u16, u16)>,
}
