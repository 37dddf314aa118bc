//! The collections: a name, a mood, and the colours and pattern that every piece of it shares.

use super::Text;
use super::drawing::{Palette, Pattern};

/// A collection.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) name: Text,
    pub(super) colour: Text,
    pub(super) sentence: Text,
    pub(super) palette: Palette,
    pub(super) pattern: Pattern,
}

const fn collection(
    [name_ru, name_en]: [&'static str; 2],
    [colour_ru, colour_en]: [&'static str; 2],
    [ru, en]: [&'static str; 2],
    [paper, base, deep, accent]: [&'static str; 4],
    pattern: Pattern,
) -> Collection {
    Collection {
        name: Text { ru: name_ru, en: name_en },
        colour: Text { ru: colour_ru, en: colour_en },
        sentence: Text { ru, en },
        palette: Palette { paper, base, deep, accent },
        pattern,
    }
}

/// All collections.
pub(super) static COLLECTIONS: [Collection; 16] = [
    collection(
        ["Туман", "Mist"],
        ["серо-голубой", "grey blue"],
        ["Цвет утра, когда другого берега не видно.", "The colour of a morning without a far shore."],
        ["#e8eef0", "#b9cbd2", "#6f8b97", "#f6f3ea"],
        Pattern::Bands,
    ),
    collection(
        ["Прибой", "Surf"],
        ["морской синий", "sea blue"],
        ["Волна за волной, от края до края.", "Wave after wave, from rim to rim."],
        ["#dfeef2", "#3f7f9c", "#25536b", "#f1f6f2"],
        Pattern::Waves,
    ),
    collection(
        ["Маяк", "Lighthouse"],
        ["красный с белым", "red and white"],
        ["Полосы, которые видно издалека.", "Stripes that can be seen from afar."],
        ["#f6eee2", "#f7f1e6", "#b9463c", "#c9543f"],
        Pattern::Stripes,
    ),
    collection(
        ["Рябина", "Rowan"],
        ["рябиновый", "rowan red"],
        ["Ягоды на тёмной ветке, как в начале октября.", "Berries on a dark branch, as in early October."],
        ["#f7e9e0", "#d8694a", "#8f3b2b", "#f6d9a8"],
        Pattern::Dots,
    ),
    collection(
        ["Мох", "Moss"],
        ["мшистый зелёный", "moss green"],
        ["Мягкая тень северного склона.", "The soft shade of a northern slope."],
        ["#eaf0e2", "#7f9a63", "#4e6640", "#e7e3c4"],
        Pattern::Sprig,
    ),
    collection(
        ["Янтарь", "Amber"],
        ["янтарный", "amber"],
        ["Тёплый свет, который море вынесло на песок.", "A warm light that the sea left on the sand."],
        ["#fbf0dc", "#e3a444", "#a96a1f", "#fff3d6"],
        Pattern::Plain,
    ),
    collection(
        ["Вереск", "Heather"],
        ["лиловый", "heather purple"],
        ["Лиловые холмы в конце августа.", "Purple hills at the end of August."],
        ["#f0e8f2", "#a583b0", "#6c4f7b", "#f3e6d8"],
        Pattern::Sprig,
    ),
    collection(
        ["Полночь", "Midnight"],
        ["тёмно-синий", "midnight blue"],
        ["Тёмное небо и несколько звёзд.", "A dark sky and a handful of stars."],
        ["#e4e8f2", "#35446f", "#1e2847", "#f0d98b"],
        Pattern::Dots,
    ),
    collection(
        ["Шиповник", "Rosehip"],
        ["пыльно-розовый", "dusty pink"],
        ["Розовый, как шиповник у дороги к пляжу.", "Pink as the wild roses on the way to the beach."],
        ["#f9e9e8", "#dd8f92", "#a2545c", "#fdf3e4"],
        Pattern::Bands,
    ),
    collection(
        ["Иней", "Frost"],
        ["ледяной белый", "icy white"],
        ["Белое на белом, с тонкой голубой тенью.", "White on white, with a thin blue shadow."],
        ["#dde8ee", "#f4f7f7", "#93b0bf", "#a9c7d4"],
        Pattern::Sprig,
    ),
    collection(
        ["Дюны", "Dunes"],
        ["песочный", "sand"],
        ["Песок, который ветер уложил волнами.", "Sand that the wind has laid in waves."],
        ["#f5ecdd", "#d9bf93", "#9a7c50", "#f7efdd"],
        Pattern::Waves,
    ),
    collection(
        ["Можжевельник", "Juniper"],
        ["тёмно-зелёный", "juniper green"],
        ["Тёмная зелень и сизые ягоды.", "Dark green and dusty blue berries."],
        ["#e4ede8", "#3f6b5c", "#24463c", "#b7cbd6"],
        Pattern::Dots,
    ),
    collection(
        ["Брусника", "Lingonberry"],
        ["брусничный", "lingonberry"],
        ["Кисло-сладкий красный северного леса.", "The sweet and sour red of a northern forest."],
        ["#f7e6e6", "#a8324a", "#6f1f33", "#f3d3c6"],
        Pattern::Stripes,
    ),
    collection(
        ["Рассвет", "Sunrise"],
        ["персиковый", "peach"],
        ["Персиковая полоса над водой.", "A strip of peach above the water."],
        ["#fdeee2", "#f0a983", "#bd6a4c", "#fbe3a9"],
        Pattern::Bands,
    ),
    collection(
        ["Чайка", "Gull"],
        ["светло-серый", "light grey"],
        ["Серое крыло и жёлтый клюв.", "A grey wing and a yellow beak."],
        ["#eceeee", "#c9cfd1", "#7c878c", "#f0bf4c"],
        Pattern::Stripes,
    ),
    collection(
        ["Лён", "Flax"],
        ["льняной", "flax"],
        ["Некрашеный лён и голубой цветок.", "Undyed flax and a blue flower."],
        ["#f2efe6", "#d8ccb4", "#8f8265", "#7f9fc4"],
        Pattern::Plain,
    ),
];
