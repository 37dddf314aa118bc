//! Things of tin, glass, wood and paper.

use super::brush::{Canvas, GROUND, LEAF, LINEN, WOOD, WOOD_DEEP};

/// A small label with a lighthouse, around (x, y).
fn label(c: &mut Canvas, x: i32, y: i32) {
    let deep = c.look.palette.deep;
    let ink = if deep.starts_with("#f") { c.look.palette.base } else { deep };
    c.raw(&format!(
        "<g transform=\"translate({x} {y})\"><rect x=\"-52\" y=\"-40\" width=\"104\" height=\"80\" \
         rx=\"8\" fill=\"{LINEN}\"/>\
         <path d=\"M-9 22L-5 -10H5L9 22Z\" fill=\"{ink}\"/><rect x=\"-7\" y=\"-20\" width=\"14\" \
          height=\"9\" fill=\"#f0bf4c\"/>\
         <path d=\"M-10 -20H10L0 -29Z\" fill=\"{ink}\"/>\
         <path d=\"M-30 23H30M-22 31H22\" stroke=\"{ink}\" stroke-width=\"4\" stroke-linecap=\"round\"/></g>"
    ));
}

pub(super) fn tea_tin(c: &mut Canvas) {
    let deep = c.look.palette.deep;
    c.shadow(200, 100);
    c.body("M116 140H284V308Q284 322 270 322H130Q116 322 116 308Z", 150, 318);
    c.fill("M108 112Q108 98 122 98H278Q292 98 292 112V146H108Z", deep);
    c.raw("<rect x=\"172\" y=\"84\" width=\"56\" height=\"14\" rx=\"7\" fill=\"#00000033\"/>");
    label(c, 200, 232);
    c.gleam("M128 116h40");
}

/// A jar with something in it below a lid of cloth.
fn jar(c: &mut Canvas, filling: &str) {
    let palette = c.look.palette;
    c.shadow(200, 96);
    c.fill("M120 160Q108 176 108 200V300Q108 322 130 322H270Q292 322 292 300V200Q292 176 280 160Z", filling);
    c.raw(
        "<path d=\"M120 160Q108 176 108 200V204H292V200Q292 176 280 160Z\" fill=\"#fff\" opacity=\".55\"/>\
         <path d=\"M262 170Q276 186 276 206V322Q292 320 292 300V200Q292 176 280 160Z\" fill=\"#000\" \
          opacity=\".1\"/>",
    );
    c.body(
        "M122 108Q124 92 140 92H260Q276 92 278 108L300 166Q284 158 268 168Q250 158 234 168Q217 158 200 \
     168Q183 158 166 168Q150 158 132 168Q116 158 100 166Z",
        96,
        166,
    );
    c.line("M118 136Q200 148 282 136", palette.deep, 7);
    label(c, 200, 254);
    c.gleam("M124 214v70");
}

pub(super) fn honey_jar(c: &mut Canvas) {
    jar(c, "#e2a02f");
}

pub(super) fn jam_jar(c: &mut Canvas) {
    jar(c, "#8e2340");
    for (x, y) in [(138, 224), (262, 232), (252, 296), (146, 300), (136, 264)] {
        c.ellipse([x, y, 9, 9], "#b23355");
    }
}

pub(super) fn board(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw(
        "<g transform=\"rotate(-14 200 200)\"><path d=\"M124 128H292V340Q292 356 276 356H140Q124 356 124 \
     340Z\" fill=\"#000\" opacity=\".12\"/>",
    );
    c.fill(
        "M180 44H220Q232 44 232 58L238 108H270Q286 108 286 124V330Q286 346 270 346H130Q114 346 114 \
     330V124Q114 108 130 108H162L168 58Q168 44 180 44Z",
        WOOD,
    );
    c.line("M146 140Q160 220 144 316M188 130Q204 230 190 330M240 132Q254 220 240 322", WOOD_DEEP, 3);
    c.ellipse([200, 74, 12, 12], palette.paper);
    c.painted("M114 270H286V330Q286 346 270 346H130Q114 346 114 330Z", palette.base, 276, 342);
    c.raw("</g>");
}

pub(super) fn spoons(c: &mut Canvas) {
    let palette = c.look.palette;
    for (angle, colour) in [(-24, palette.base), (0, palette.deep), (24, palette.accent)] {
        c.raw(&format!("<g transform=\"rotate({angle} 200 380)\">"));
        c.fill(
            "M200 54Q240 54 240 112Q240 156 212 166L210 352Q200 362 190 352L188 166Q160 156 160 112Q160 \
         54 200 54Z",
            WOOD,
        );
        c.raw("<ellipse cx=\"200\" cy=\"112\" rx=\"27\" ry=\"42\" fill=\"#000\" opacity=\".1\"/>");
        c.fill("M189 236H211L210 352Q200 362 190 352Z", colour);
        c.raw("<path d=\"M203 236H211L210 352Q206 357 203 357Z\" fill=\"#000\" opacity=\".12\"/></g>");
    }
}

pub(super) fn candle(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw("<circle cx=\"200\" cy=\"112\" r=\"84\" fill=\"#ffd978\" opacity=\".35\"/>");
    c.shadow(200, 88);
    c.body("M122 178H278V296Q278 322 252 322H148Q122 322 122 296Z", 186, 318);
    c.ellipse([200, 178, 78, 17], palette.deep);
    c.ellipse([200, 181, 68, 12], "#fff3d9");
    c.line("M200 180V150", "#4a3a2c", 5);
    c.fill("M200 78Q228 118 214 142Q207 154 200 154T186 142Q172 118 200 78Z", "#f5a83c");
    c.fill("M200 108Q214 128 207 142Q203 148 200 148T193 142Q186 128 200 108Z", "#ffe7a0");
    c.gleam("M140 208v66");
}

pub(super) fn lamp(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw("<path d=\"M116 186L60 322H340L284 186Z\" fill=\"#ffe9a8\" opacity=\".5\"/>");
    c.shadow(200, 84);
    c.line("M200 190V226", WOOD_DEEP, 10);
    c.body("M200 214Q252 214 252 268Q252 322 222 322H178Q148 322 148 268Q148 214 200 214Z", 224, 318);
    c.painted("M152 62H248L292 190H108Z", LINEN, 120, 186);
    c.line("M152 63H248M109 189H291", palette.deep, 6);
    c.gleam("M164 256q0 -14 12 -24");
}

pub(super) fn watering_can(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(196, 108);
    c.line("M250 178Q330 150 334 222Q336 280 272 286", palette.deep, 13);
    c.line("M140 176Q150 106 204 106T262 176", palette.deep, 11);
    c.fill("M136 296L64 176L44 184L30 158L78 136L92 160L80 168L142 244Z", palette.deep);
    c.body("M124 176H276L286 308Q286 322 272 322H132Q118 322 118 308Z", 190, 318);
    c.ellipse([200, 176, 76, 13], palette.deep);
    c.gleam("M144 206l-4 72");
    for (x, y) in [(34, 200), (56, 214), (36, 232)] {
        c.ellipse([x, y, 4, 8], "#7fb4cf");
    }
}

pub(super) fn seeds(c: &mut Canvas) {
    let palette = c.look.palette;
    c.shadow(200, 92);
    c.body("M112 74H288V322H112Z", 200, 318);
    c.raw(&format!(
        "<path d=\"M112 74H288V108H112Z\" fill=\"{}\"/><path d=\"M130 124H270V250H130Z\" fill=\"{LINEN}\"/>",
        palette.deep
    ));
    for (x, height, petal) in [(164, 62, "#e0795c"), (200, 88, "#f0bf4c"), (238, 54, "#7f9fc4")] {
        c.line(&format!("M{x} 248V{}", 248 - height), LEAF, 4);
        let y = 242 - height;
        for (dx, dy) in [(-9, 0), (9, 0), (0, -9), (0, 9)] {
            c.ellipse([x + dx, y + dy, 9, 9], petal);
        }
        c.ellipse([x, y, 6, 6], "#fff8e4");
        c.fill(&format!("M{x} 236q14 -16 22 -4q-10 10 -22 4"), LEAF);
    }
    c.raw(
        "<path d=\"M112 82H288\" stroke=\"#fff\" stroke-width=\"3\" stroke-dasharray=\"6 6\" \
     opacity=\".6\"/>",
    );
}

pub(super) fn notebook(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw("<g transform=\"rotate(6 200 200)\">");
    c.raw("<rect x=\"108\" y=\"72\" width=\"200\" height=\"272\" rx=\"10\" fill=\"#000\" opacity=\".13\"/>");
    c.raw(&format!("<rect x=\"110\" y=\"66\" width=\"190\" height=\"266\" rx=\"8\" fill=\"{LINEN}\"/>"));
    c.body("M108 60H280Q292 60 292 72V314Q292 326 280 326H108Z", 90, 318);
    c.raw(&format!(
        "<rect x=\"96\" y=\"60\" width=\"26\" height=\"266\" rx=\"5\" fill=\"{}\"/>\
         <rect x=\"256\" y=\"60\" width=\"10\" height=\"266\" fill=\"{}\"/>",
        palette.deep, palette.accent
    ));
    label(c, 192, 150);
    c.raw("</g>");
}

pub(super) fn cards(c: &mut Canvas) {
    let palette = c.look.palette;
    c.raw("<g transform=\"rotate(-9 180 180)\">");
    c.body("M96 60H262V286H96Z", 76, 280);
    c.raw("</g><g transform=\"rotate(7 220 200)\">");
    c.raw(&format!("<rect x=\"138\" y=\"84\" width=\"166\" height=\"226\" rx=\"3\" fill=\"{LINEN}\"/>"));
    c.sprig(221, 250, 120, palette.deep, LEAF);
    c.raw(&format!(
        "</g><path d=\"M70 226H330V{GROUND}Q330 344 312 344H88Q70 344 70 {GROUND}Z\" fill=\"{}\"/>",
        palette.deep
    ));
    c.raw(
        "<path d=\"M72 230L200 300L328 230\" fill=\"none\" stroke=\"#fff\" stroke-width=\"4\" \
     opacity=\".5\"/>\
           <circle cx=\"200\" cy=\"298\" r=\"17\" fill=\"#b9463c\"/><circle cx=\"200\" cy=\"298\" r=\"9\" \
            fill=\"none\" stroke=\"#fff\" stroke-width=\"2\" opacity=\".6\"/>",
    );
}
