//! Things of clay.

use super::brush::{Canvas, LEAF};

const TEA: &str = "#a8703c";

pub(super) fn mug(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    let base = c.look.palette.base;
    c.shadow(190, 105);
    c.line("M258 186h16q42 0 42 44t-42 44h-16", deep, 24);
    c.line("M258 186h16q42 0 42 44t-42 44h-16", base, 14);
    c.body("M112 148H268V270Q268 322 216 322H164Q112 322 112 270Z", 160, 318);
    c.ellipse([190, 148, 78, 17], deep);
    c.ellipse([190, 151, 68, 12], TEA);
    c.gleam("M132 184v70");
    c.steam(186, 126);
}

pub(super) fn tea_bowl(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    c.shadow(200, 96);
    c.fill("M160 300h80l8 22h-96z", deep);
    c.body("M96 190H304Q300 270 246 304H154Q100 270 96 190Z", 198, 304);
    c.ellipse([200, 190, 104, 22], deep);
    c.ellipse([200, 194, 90, 16], TEA);
    c.gleam("M118 214q6 34 26 56");
    c.steam(196, 160);
}

pub(super) fn teapot(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    let base = c.look.palette.base;
    c.shadow(200, 120);
    c.line("M288 200q64 -14 62 34q-2 44 -66 46", deep, 22);
    c.line("M288 200q64 -14 62 34q-2 44 -66 46", base, 12);
    c.fill("M128 272Q66 256 54 176L36 164L70 152Q88 204 142 220Z", deep);
    c.body("M200 158Q300 158 300 240Q300 322 236 322H164Q100 322 100 240Q100 158 200 158Z", 176, 318);
    c.fill("M142 164Q150 136 200 136T258 164Q200 180 142 164Z", deep);
    c.ellipse([200, 126, 15, 14], deep);
    c.gleam("M122 236q0 -34 28 -52");
}

pub(super) fn jug(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    let base = c.look.palette.base;
    c.shadow(198, 86);
    c.line("M262 168q56 -4 52 46q-4 42 -52 48", deep, 20);
    c.line("M262 168q56 -4 52 46q-4 42 -52 48", base, 11);
    c.body(
        "M112 126L150 140H262Q250 176 266 216Q284 322 232 322H168Q116 322 134 216Q148 176 138 156Z",
        160,
        318,
    );
    c.fill("M112 126L150 134H262Q256 152 206 152Q150 152 112 126Z", deep);
    c.fill("M140 136H250Q240 147 204 147Q164 147 140 136Z", "#fffaf0");
    c.gleam("M150 222q-8 34 0 62");
}

pub(super) fn plate(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw("<ellipse cx=\"208\" cy=\"222\" rx=\"140\" ry=\"136\" fill=\"#000\" opacity=\".12\"/>");
    c.body("M340 200A140 140 0 1 1 60 200A140 140 0 1 1 340 200Z", 64, 338);
    c.raw(&format!(
        "<circle cx=\"200\" cy=\"200\" r=\"92\" fill=\"{}\"/><circle cx=\"200\" cy=\"200\" r=\"92\" \
         fill=\"none\" stroke=\"{}\" stroke-width=\"5\" opacity=\".6\"/>",
        palette.base, palette.deep
    ));
    c.raw(
        "<path d=\"M128 172A78 78 0 0 1 186 124\" fill=\"none\" stroke=\"#fff\" stroke-width=\"9\" \
     stroke-linecap=\"round\" opacity=\".5\"/>",
    );
}

pub(super) fn bowl(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(200, 110);
    c.fill("M146 304h108l10 18H136z", palette.deep);
    for (x, y, colour) in [(150, 186, "#e58f3a"), (206, 170, "#ee9f45"), (254, 188, "#dd8232")] {
        c.ellipse([x, y, 42, 38], colour);
    }
    c.fill("M206 134q18 -16 34 -6q-12 18 -34 6", LEAF);
    c.body("M70 192H330Q326 282 258 308H142Q74 282 70 192Z", 204, 306);
    c.line("M72 194H328", palette.deep, 9);
    c.gleam("M96 220q8 36 34 56");
}

pub(super) fn pot(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(200, 98);
    for (lean, height) in [(-70, 80), (-34, 122), (0, 138), (38, 116), (74, 76)] {
        let (x, y) = (200 + lean, 206 - height);
        let bend = lean / 3;
        c.fill(
            &format!("M200 210Q{} {} {x} {y}Q{} {} 200 210Z", 176 + bend, 140, 226 + lean, 170),
            if lean % 4 == 0 { LEAF } else { "#83a572" },
        );
    }
    c.body("M122 220H278L262 300Q260 310 250 310H150Q140 310 138 300Z", 232, 308);
    c.fill("M112 196H288V222Q288 226 284 226H116Q112 226 112 222Z", palette.deep);
    c.fill("M126 308H274L266 322H134Z", palette.deep);
    c.gleam("M146 244l8 42");
}
