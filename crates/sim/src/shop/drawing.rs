//! The pictures of the shop: flat drawings composed from the colours and the pattern of a collection.
//!
//! All stand on the same table in a square of 400 by 400, light from the left.

mod brush;
mod cloth;
mod home;
mod pottery;

use brush::Canvas;

/// The colours of a collection, as CSS writes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// What stands behind the thing.
    pub(super) paper: &'static str,
    /// The thing itself.
    pub(super) base: &'static str,
    /// Edges and strong marks.
    pub(super) deep: &'static str,
    /// Small marks.
    pub(super) accent: &'static str,
}

impl Palette {
    /// The dark sister: base and deep change places.
    pub(super) fn turned(self) -> Palette {
        Palette { base: self.deep, deep: self.base, ..self }
    }
}

/// What is painted on things.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pattern {
    /// Nothing.
    Plain,
    /// Broad rings.
    Stripes,
    /// Two thin rings.
    Bands,
    /// Berries or stars.
    Dots,
    /// Waves of the sea.
    Waves,
    /// Leaves on a stalk.
    Sprig,
}

/// What a drawing is made with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// The colours.
    pub(super) palette: Palette,
    /// What is painted on it.
    pub(super) pattern: Pattern,
    /// Number of the product: moves small things about.
    pub(super) number: u32,
}

/// What can be drawn.
#[derive(Clone, Copy, Debug)]
pub(super) enum Drawing {
    TeaTin,
    Jar,
    JamJar,
    Mug,
    TeaBowl,
    Teapot,
    Jug,
    Plate,
    Bowl,
    Board,
    Spoons,
    Apron,
    Towel,
    Scarf,
    Socks,
    Blanket,
    Cushion,
    Candle,
    Lamp,
    Pot,
    Can,
    Seeds,
    Notebook,
    Cards,
    Bag,
}

/// The picture as an SVG document.
pub(super) fn draw(drawing: Drawing, look: &Look) -> String {
    let mut canvas = Canvas::new(*look);
    let paint: fn(&mut Canvas) = match drawing {
        Drawing::TeaTin => home::tea_tin,
        Drawing::Jar => home::honey_jar,
        Drawing::JamJar => home::jam_jar,
        Drawing::Mug => pottery::mug,
        Drawing::TeaBowl => pottery::tea_bowl,
        Drawing::Teapot => pottery::teapot,
        Drawing::Jug => pottery::jug,
        Drawing::Plate => pottery::plate,
        Drawing::Bowl => pottery::bowl,
        Drawing::Board => home::board,
        Drawing::Spoons => home::spoons,
        Drawing::Apron => cloth::apron,
        Drawing::Towel => cloth::towel,
        Drawing::Scarf => cloth::scarf,
        Drawing::Socks => cloth::socks,
        Drawing::Blanket => cloth::blanket,
        Drawing::Cushion => cloth::cushion,
        Drawing::Candle => home::candle,
        Drawing::Lamp => home::lamp,
        Drawing::Pot => pottery::pot,
        Drawing::Can => home::watering_can,
        Drawing::Seeds => home::seeds,
        Drawing::Notebook => home::notebook,
        Drawing::Cards => home::cards,
        Drawing::Bag => cloth::bag,
    };
    paint(&mut canvas);
    canvas.finish()
}

#[cfg(test)]
mod tests {
    use crate::shop::Shop;
    use quick_xml::Reader;
    use quick_xml::events::Event;
    use std::collections::BTreeSet;

    #[test]
    fn every_offer_has_a_well_formed_picture_and_no_two_products_the_same() {
        let shop = Shop::new(1);
        let mut pictures = BTreeSet::new();
        for product in shop.products() {
            let picture = shop.picture(&product.variants[0].id).unwrap();
            let mut reader = Reader::from_str(&picture);
            let mut depth = 0;
            loop {
                match reader.read_event().unwrap() {
                    Event::Start(_) => depth += 1,
                    Event::End(_) => depth -= 1,
                    Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(depth, 0);
            assert!(picture.len() < 12_000 && !picture.contains("<script"));
            assert!(pictures.insert(picture), "drawn twice: {}", product.title.en);
        }
        assert_eq!(shop.picture("nothing"), None);
    }

    #[test]
    fn the_shades_of_a_thing_look_different() {
        let shop = Shop::new(1);
        let shaded = shop.products().iter().find(|p| p.title.en.ends_with("scarf")).unwrap();
        let [light, dark] = [0, 1].map(|n| shop.picture(&shaded.variants[n].id).unwrap());
        assert_ne!(light, dark);
    }
}
