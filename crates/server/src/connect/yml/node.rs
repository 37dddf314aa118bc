//! The places of a feed: what each tag means, given the tag around it.

use super::offer::Field;

/// What an open tag is to us.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Catalog,
    Shop,
    Head(Head),
    Currencies,
    Currency,
    Categories,
    Category,
    Offers,
    Offer,
    Field(Field),
    Outlets,
    Outlet,
    /// Markup inside a text: real feeds write HTML into descriptions without escaping it.
    Inside,
    /// Neither it nor anything in it is used.
    Other,
}

/// Texts of the shop's head.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    Name,
    Company,
    Url,
}

impl Node {
    /// What a tag means inside this one.
    pub(super) fn child(self, tag: &str) -> Node {
        match (self, tag) {
            (Node::Catalog, "shop") => Node::Shop,
            (Node::Catalog | Node::Shop, "offers") => Node::Offers,
            (Node::Catalog | Node::Shop, "categories") => Node::Categories,
            (Node::Catalog | Node::Shop, "currencies") => Node::Currencies,
            (Node::Shop, "name") => Node::Head(Head::Name),
            (Node::Shop, "company") => Node::Head(Head::Company),
            (Node::Shop, "url") => Node::Head(Head::Url),
            (Node::Currencies, "currency") => Node::Currency,
            (Node::Categories, "category") => Node::Category,
            (Node::Offers, "offer") => Node::Offer,
            (Node::Offer, "outlets") => Node::Outlets,
            (Node::Outlets, "outlet") => Node::Outlet,
            (Node::Offer, tag) => Field::of(tag).map_or(Node::Other, Node::Field),
            (node, _) if node.has_text() => Node::Inside,
            _ => Node::Other,
        }
    }

    /// Whether the text inside is kept.
    pub(super) fn has_text(self) -> bool {
        matches!(self, Node::Head(_) | Node::Category | Node::Field(_) | Node::Inside)
    }
}
