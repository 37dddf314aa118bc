//! Things of cloth and wool.

use super::brush::{Canvas, LINEN, WOOD, WOOD_DEEP};
use std::fmt::Write;

/// Threads below an edge from `x` to `end` at height `y`.
fn fringe(c: &mut Canvas, x: i32, end: i32, y: i32, colour: &str) {
    let mut d = String::new();
    for at in (x + 5..end).step_by(12) {
        let _ = write!(d, "M{at} {y}v20");
    }
    c.line(&d, colour, 4);
}

pub(super) fn apron(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    c.line("M158 92Q160 40 200 40T242 92", deep, 8);
    c.line("M98 206Q60 214 44 250M302 206Q340 214 356 250", deep, 8);
    c.body("M152 88H248Q250 160 302 196L310 332Q200 352 90 332L98 196Q150 160 152 88Z", 110, 338);
    c.line("M152 92H248", deep, 8);
    c.raw(&format!(
        "<path d=\"M146 226H254V276Q254 292 238 292H162Q146 292 146 276Z\" fill=\"{LINEN}\"/>\
         <path d=\"M146 226H254M200 226V291\" stroke=\"{deep}\" stroke-width=\"4\" stroke-dasharray=\"8 \
          6\" fill=\"none\"/>"
    ));
}

pub(super) fn towel(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    c.line("M58 84H342", WOOD_DEEP, 16);
    c.line("M58 81H342", WOOD, 10);
    c.painted("M118 78H282V318H118Z", LINEN, 200, 312);
    c.body("M104 78H240V270H104Z", 170, 264);
    c.line("M104 80H282", "#00000022", 6);
    fringe(c, 104, 240, 270, deep);
    fringe(c, 244, 282, 318, "#d9cdb4");
}

pub(super) fn scarf(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw("<ellipse cx=\"200\" cy=\"150\" rx=\"104\" ry=\"66\" fill=\"#000\" opacity=\".1\"/>");
    c.body("M196 176L262 160L300 318L228 328Z", 190, 326);
    fringe(c, 228, 300, 322, palette.deep);
    c.body("M150 168H222L206 336H122Z", 190, 334);
    fringe(c, 122, 206, 336, palette.deep);
    c.raw(&format!(
        "<path d=\"M200 66C290 66 322 104 318 142C314 184 262 206 200 206S86 184 82 142C78 104 110 66 200 \
         66Z\" fill=\"{}\"/>\
         <path d=\"M200 96C252 96 276 112 274 132C272 152 240 162 200 162S128 152 126 132C124 112 148 96 \
          200 96Z\" fill=\"{}\"/>",
        palette.base, palette.paper
    ));
    c.line("M96 152Q150 204 250 192M90 128Q120 196 220 204M146 78Q230 62 296 104", palette.deep, 5);
    c.line("M300 150Q262 186 196 188", "#0000001f", 8);
}

pub(super) fn socks(c: &mut Canvas) {
    let palette = c.look.palette;
    let sock = "M0 0H72V120Q74 140 92 152L130 178Q150 196 136 214Q122 230 96 224L34 206Q0 194 0 160Z";
    for (x, y) in [(176, 72), (92, 92)] {
        c.raw(&format!("<g transform=\"translate({x} {y})\">"));
        c.body(sock, 40, 220);
        c.raw(&format!(
            "<rect x=\"-4\" y=\"-10\" width=\"80\" height=\"36\" rx=\"9\" fill=\"{}\"/>\
             <path d=\"M96 224Q122 230 136 214Q150 196 130 178Q100 184 96 224Z\" fill=\"{}\"/></g>",
            palette.deep, palette.deep
        ));
    }
}

pub(super) fn blanket(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(200, 140);
    for (n, y) in [(0, 254), (1, 190)] {
        let x = 70 + n * 4;
        let end = 330 - n * 4;
        c.body(
            &format!(
                "M{x} {}Q{x} {y} {} {y}H{}Q{end} {y} {end} {}V{}H{x}Z",
                y + 26,
                x + 30,
                end - 14,
                y + 20,
                y + 64
            ),
            y + 4,
            y + 60,
        );
        c.line(&format!("M{} {}H{end}", x + 6, y + 63), "#0000001c", 5);
    }
    c.body("M92 194Q92 128 132 128H300Q322 128 322 152V196H200V286H100Z", 140, 280);
    fringe(c, 100, 200, 286, palette.deep);
    c.line("M200 196H322M200 196V284", "#0000001c", 5);
}

pub(super) fn cushion(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(200, 122);
    c.body(
        "M76 96Q60 76 84 82Q200 106 316 82Q340 76 324 96Q300 204 324 304Q338 328 316 320Q200 300 84 320Q62 \
         328 76 304Q100 204 76 96Z",
        100,
        312,
    );
    c.line("M96 100Q200 120 304 100Q286 204 304 302Q200 284 96 302Q114 204 96 100Z", palette.deep, 4);
    for (x, y) in [(74, 82), (326, 82), (74, 320), (326, 320)] {
        c.ellipse([x, y, 11, 11], palette.deep);
    }
}

pub(super) fn bag(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(200, 104);
    c.line("M146 150V110Q146 58 200 58T254 110V150", palette.deep, 13);
    c.body("M100 138H300L312 308Q312 322 298 322H102Q88 322 88 308Z", 170, 316);
    c.line("M101 150H299", palette.deep, 6);
    c.raw(&format!(
        "<g transform=\"translate(200 236)\"><circle r=\"46\" fill=\"{LINEN}\"/>\
         <path d=\"M-12 30L-7 -14H7L12 30Z\" fill=\"{0}\"/><rect x=\"-9\" y=\"-28\" width=\"18\" \
          height=\"12\" rx=\"2\" fill=\"#f0bf4c\"/>\
         <path d=\"M-13 -28H13L0 -40Z\" fill=\"{0}\"/><path d=\"M-30 31H30\" stroke=\"{0}\" \
          stroke-width=\"5\" stroke-linecap=\"round\"/></g>",
        if palette.deep.starts_with("#f") { palette.base } else { palette.deep }
    ));
}
