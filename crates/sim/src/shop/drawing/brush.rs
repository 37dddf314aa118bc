//! What all drawings share: table, bodies with a pattern and a shadow side, lines, leaves.

use super::{Look, Pattern};
use std::fmt::Write;

/// Where the table is.
pub(super) const GROUND: i32 = 322;
/// Wood, the same on all pictures.
pub(super) const WOOD: &str = "#c99b6a";
/// The dark side of wood.
pub(super) const WOOD_DEEP: &str = "#9a6d42";
/// Green of leaves.
pub(super) const LEAF: &str = "#6f9160";
/// Linen and paper.
pub(super) const LINEN: &str = "#f4ecdc";

/// A picture in the making.
pub(super) struct Canvas {
    pub(super) look: Look,
    out: String,
    clips: u32,
}

impl Canvas {
    pub(super) fn new(look: Look) -> Canvas {
        let paper = look.palette.paper;
        let glow = 120 + look.number % 5 * 40;
        let out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\">\
             <rect width=\"400\" height=\"400\" fill=\"{paper}\"/>\
             <circle cx=\"{glow}\" cy=\"150\" r=\"118\" fill=\"#fff\" opacity=\".42\"/>\
             <path d=\"M0 {GROUND}H400V400H0Z\" fill=\"#000\" opacity=\".05\"/>"
        );
        Canvas { look, out, clips: 0 }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }

    /// Puts a piece of SVG on the picture.
    pub(super) fn raw(&mut self, svg: &str) {
        self.out.push_str(svg);
    }

    /// A filled path.
    pub(super) fn fill(&mut self, d: &str, colour: &str) {
        let _ = write!(self.out, "<path d=\"{d}\" fill=\"{colour}\"/>");
    }

    /// A line with round ends.
    pub(super) fn line(&mut self, d: &str, colour: &str, width: u32) {
        let _ = write!(
            self.out,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
        );
    }

    /// An ellipse around (x, y).
    pub(super) fn ellipse(&mut self, [x, y, rx, ry]: [i32; 4], colour: &str) {
        let _ =
            write!(self.out, "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\" fill=\"{colour}\"/>");
    }

    /// The soft shadow below a thing that stands on the table.
    pub(super) fn shadow(&mut self, x: i32, half_width: i32) {
        let _ = write!(
            self.out,
            "<ellipse cx=\"{x}\" cy=\"{GROUND}\" rx=\"{half_width}\" ry=\"13\" fill=\"#000\" \
             opacity=\".13\"/>"
        );
    }

    /// A body in the collection's base colour with its pattern, between the heights `top` and `bottom`.
    pub(super) fn body(&mut self, d: &str, top: i32, bottom: i32) {
        let base = self.look.palette.base;
        self.painted(d, base, top, bottom);
    }

    /// A body of another colour, with the pattern.
    pub(super) fn painted(&mut self, d: &str, colour: &str, top: i32, bottom: i32) {
        self.clips += 1;
        let id = self.clips;
        self.fill(d, colour);
        let _ = write!(
            self.out,
            "<clipPath id=\"c{id}\"><path d=\"{d}\"/></clipPath><g clip-path=\"url(#c{id})\">"
        );
        self.pattern(top, bottom);
        // The shadow side: the same outline, moved to the left and cut out.
        let _ = write!(
            self.out,
            "<path d=\"M0 0H400V400H0Z {d}\" fill-rule=\"evenodd\" transform=\"translate(-22 -6)\" \
             fill=\"#000\" opacity=\".1\"/></g>"
        );
    }

    fn pattern(&mut self, top: i32, bottom: i32) {
        let palette = self.look.palette;
        let height = (bottom - top).max(1);
        match self.look.pattern {
            Pattern::Plain => {
                let y = top + height * 6 / 10;
                let h = bottom - y + 20;
                let _ = write!(
                    self.out,
                    "<rect x=\"0\" y=\"{y}\" width=\"400\" height=\"{h}\" fill=\"{}\" opacity=\".28\"/>",
                    palette.deep
                );
            }
            Pattern::Stripes => {
                let step = (height / 3).max(24);
                for y in (top + step / 2..bottom).step_by(step as usize) {
                    let h = step / 2;
                    let _ = write!(
                        self.out,
                        "<rect x=\"0\" y=\"{y}\" width=\"400\" height=\"{h}\" fill=\"{}\" opacity=\".9\"/>",
                        palette.deep
                    );
                }
            }
            Pattern::Bands => self.bands(top + height / 4, palette.deep, palette.accent),
            Pattern::Dots => self.dots(top, bottom, palette.accent),
            Pattern::Waves => {
                for (n, y) in (top + 14..bottom).step_by(26).enumerate() {
                    let x = if n % 2 == 0 { -20 } else { -40 };
                    let wave = "q10 -13 20 0 t20 0 ".repeat(12);
                    self.line(&format!("M{x} {y}{wave}"), palette.accent, 4);
                }
            }
            Pattern::Sprig => {
                for (n, x) in (20..400).step_by(64).enumerate() {
                    let y = top + height / 2 + if n % 2 == 0 { 6 } else { -10 };
                    self.sprig(x, y + 26, 52, palette.deep, palette.accent);
                }
            }
        }
    }

    fn bands(&mut self, y: i32, strong: &str, thin: &str) {
        let _ = write!(
            self.out,
            "<rect x=\"0\" y=\"{y}\" width=\"400\" height=\"16\" fill=\"{strong}\" opacity=\".75\"/>\
             <rect x=\"0\" y=\"{}\" width=\"400\" height=\"6\" fill=\"{thin}\"/>",
            y + 24
        );
    }

    fn dots(&mut self, top: i32, bottom: i32, colour: &str) {
        let shift = (self.look.number % 9) as i32;
        for (row, y) in (top + 16..bottom).step_by(34).enumerate() {
            let start = 12 + shift + if row % 2 == 0 { 0 } else { 20 };
            for (n, x) in (start..400).step_by(40).enumerate() {
                let r = if (n + row) % 3 == 0 { 7 } else { 5 };
                let _ = write!(self.out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{colour}\"/>");
            }
        }
    }

    /// A stalk with leaves that stands at (x, y) and is `height` high.
    pub(super) fn sprig(&mut self, x: i32, y: i32, height: i32, stalk: &str, leaf: &str) {
        self.line(&format!("M{x} {y}v-{height}"), stalk, 3);
        for n in 1..=3 {
            let at = y - height * n / 4;
            let _ = write!(
                self.out,
                "<path d=\"M{x} {at}q-16 -2 -18 -15q15 0 18 15q3 -15 18 -15q-2 13 -18 15\" fill=\"{leaf}\"/>"
            );
        }
    }

    /// A gleam of the window on glazed or glass things.
    pub(super) fn gleam(&mut self, d: &str) {
        let _ = write!(
            self.out,
            "<path d=\"{d}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"9\" stroke-linecap=\"round\" \
             opacity=\".45\"/>"
        );
    }

    /// Steam above hot things.
    pub(super) fn steam(&mut self, x: i32, y: i32) {
        for dx in [-22, 6, 32] {
            let _ = write!(
                self.out,
                "<path d=\"M{} {y}q-12 -16 0 -32 t0 -32\" fill=\"none\" stroke=\"#fff\" stroke-width=\"7\" \
                 stroke-linecap=\"round\" opacity=\".75\"/>",
                x + dx
            );
        }
    }
}
