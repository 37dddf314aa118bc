//! The kinds of things the shop sells, and its categories.

use super::drawing::Drawing;
use super::{Category, Text};

/// A kind of thing.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) noun: Text,
    pub(super) category: u32,
    pub(super) drawing: Drawing,
    /// The middle of its prices, in roubles.
    pub(super) price_rub: u32,
    pub(super) axis: Axis,
    pub(super) material: Text,
    pub(super) care: Text,
    pub(super) vendor: Text,
    pub(super) sentence: Text,
}

/// What the variants of a kind differ in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Axis {
    /// There is one.
    None,
    /// Small and large vessels.
    Volumes,
    /// Weights of tea.
    Weights,
    /// Sizes of cloth for a person.
    Sizes,
    /// Measures of a blanket.
    Measures,
    /// The two colours of a collection.
    Shades,
}

impl Axis {
    /// What it is called on the product's page.
    pub(super) fn name(self) -> Option<Text> {
        Some(match self {
            Axis::None => return None,
            Axis::Volumes => t("Объём", "Volume"),
            Axis::Weights => t("Вес", "Weight"),
            Axis::Sizes | Axis::Measures => t("Размер", "Size"),
            Axis::Shades => t("Оттенок", "Shade"),
        })
    }

    /// Each option with its price in percent of the kind's.
    pub(super) fn options(self) -> &'static [(Text, u32)] {
        const VOLUMES: [(Text, u32); 2] = [(t("250 мл", "250 ml"), 100), (t("400 мл", "400 ml"), 125)];
        const WEIGHTS: [(Text, u32); 3] =
            [(t("50 г", "50 g"), 100), (t("100 г", "100 g"), 180), (t("250 г", "250 g"), 390)];
        const SIZES: [(Text, u32); 3] = [(t("S", "S"), 100), (t("M", "M"), 100), (t("L", "L"), 110)];
        const MEASURES: [(Text, u32); 2] =
            [(t("130 × 170 см", "130 × 170 cm"), 100), (t("170 × 200 см", "170 × 200 cm"), 140)];
        const SHADES: [(Text, u32); 2] = [(t("светлый", "light"), 100), (t("тёмный", "dark"), 100)];
        match self {
            Axis::None => &[],
            Axis::Volumes => &VOLUMES,
            Axis::Weights => &WEIGHTS,
            Axis::Sizes => &SIZES,
            Axis::Measures => &MEASURES,
            Axis::Shades => &SHADES,
        }
    }
}

const fn t(ru: &'static str, en: &'static str) -> Text {
    Text { ru, en }
}

const fn category(id: u32, parent: u32, ru: &'static str, en: &'static str) -> Category {
    Category { id, parent, name: t(ru, en) }
}

/// The tree, those above before those below.
pub(super) static CATEGORIES: [Category; 20] = [
    category(1, 0, "Кладовая", "Pantry"),
    category(11, 1, "Чай", "Tea"),
    category(12, 1, "Мёд и варенье", "Honey and jam"),
    category(2, 0, "Керамика", "Ceramics"),
    category(21, 2, "Кружки", "Mugs"),
    category(22, 2, "Чайники", "Teapots"),
    category(23, 2, "Тарелки и миски", "Plates and bowls"),
    category(3, 0, "Кухня", "Kitchen"),
    category(31, 3, "Доски и ложки", "Boards and spoons"),
    category(32, 3, "Фартуки и полотенца", "Aprons and towels"),
    category(4, 0, "Уют", "Comfort"),
    category(41, 4, "Шарфы и носки", "Scarves and socks"),
    category(42, 4, "Пледы и подушки", "Throws and cushions"),
    category(43, 4, "Свет", "Light"),
    category(5, 0, "Сад", "Garden"),
    category(51, 5, "Горшки и лейки", "Pots and watering cans"),
    category(52, 5, "Семена", "Seeds"),
    category(6, 0, "Бумага и сумки", "Paper and bags"),
    category(61, 6, "Блокноты и открытки", "Notebooks and cards"),
    category(62, 6, "Сумки", "Bags"),
];

const CLAY: Text = t("каменная керамика", "stoneware");
const WASH: Text = t("можно мыть в посудомоечной машине", "dishwasher safe");
const BY_HAND: Text = t("мыть руками", "wash by hand");
const COLD_WASH: Text = t("стирка при 30 °C", "wash at 30 °C");
const DRY: Text = t("хранить в сухом месте", "keep dry");
const DUST: Text = t("протирать мягкой тканью", "wipe with a soft cloth");

const SHORE: Text = t("Мастерская «Береговая глина»", "Shore Clay Workshop");
const PINES: Text = t("Столярка «Три сосны»", "Three Pines Joinery");
const LOOM: Text = t("Ткацкая «Тихий двор»", "Quiet Yard Weavers");
const PANTRY: Text = t("Артель «Сухой мостик»", "Dry Footbridge Pantry");
const PAPER: Text = t("Печатня «Сорока»", "Magpie Press");
const KEEPER: Text = t("Мастерская смотрителя", "The Keeper's Workshop");

macro_rules! kinds {
    ($($noun:expr, $category:literal, $drawing:ident, $rub:literal, $axis:ident,
       $material:expr, $care:expr, $vendor:expr, $sentence:expr;)*) => {
        /// All kinds.
        pub(super) static KINDS: [Kind; 25] = [$(Kind {
            noun: $noun, category: $category, drawing: Drawing::$drawing, price_rub: $rub, axis: Axis::$axis,
            material: $material, care: $care, vendor: $vendor, sentence: $sentence,
        }),*];
    };
}

kinds! {
    t("Чай", "tea"), 11, TeaTin, 420, Weights, t("листовой чай", "leaf tea"), DRY, PANTRY,
        t("Листовой чай в жестяной банке, с травами и сушёной ягодой.", "Leaf tea in a tin, with herbs and \
         dried berries.");
    t("Мёд", "honey"), 12, Jar, 560, None, t("цветочный мёд", "blossom honey"), DRY, PANTRY,
        t("Густой мёд с одной пасеки, в стеклянной банке.", "Thick honey from a single apiary, in a glass \
         jar.");
    t("Варенье", "jam"), 12, JamJar, 390, None, t("ягоды, сахар", "berries, sugar"), DRY, PANTRY,
        t("Варенье, которое варят в медном тазу.", "Jam cooked in a copper pan.");
    t("Кружка", "mug"), 21, Mug, 1290, Volumes, CLAY, WASH, SHORE,
        t("Кружка, которую удобно держать двумя руками.", "A mug to hold with both hands.");
    t("Пиала", "tea bowl"), 21, TeaBowl, 890, None, CLAY, WASH, SHORE,
        t("Пиала на три глотка, с тёплым тонким краем.", "A tea bowl of three sips, with a thin warm rim.");
    t("Чайник", "teapot"), 22, Teapot, 3490, None, CLAY, BY_HAND, SHORE,
        t("Чайник на долгий разговор, с ситечком внутри.", "A teapot for a long talk, with a strainer \
         inside.");
    t("Молочник", "milk jug"), 22, Jug, 1390, None, CLAY, WASH, SHORE,
        t("Молочник, который не капает.", "A milk jug that does not drip.");
    t("Тарелка", "plate"), 23, Plate, 1190, None, CLAY, WASH, SHORE,
        t("Тарелка на каждый день, 24 сантиметра.", "A plate for every day, 24 centimetres.");
    t("Миска", "bowl"), 23, Bowl, 990, None, CLAY, WASH, SHORE,
        t("Глубокая миска для супа, каши и мандаринов.", "A deep bowl for soup, porridge and tangerines.");
    t("Доска", "chopping board"), 31, Board, 1690, None, t("ясень", "ash wood"), BY_HAND, PINES,
        t("Разделочная доска, пропитанная льняным маслом.", "A chopping board soaked in linseed oil.");
    t("Набор ложек", "spoon set"), 31, Spoons, 790, None, t("берёза", "birch"), BY_HAND, PINES,
        t("Три ложки с крашеными ручками.", "Three spoons with painted handles.");
    t("Фартук", "apron"), 32, Apron, 1890, Sizes, t("лён и хлопок", "linen and cotton"), COLD_WASH, LOOM,
        t("Фартук с большим карманом и длинными завязками.", "An apron with a big pocket and long ties.");
    t("Полотенце", "tea towel"), 32, Towel, 690, None, t("лён", "linen"), COLD_WASH, LOOM,
        t("Кухонное полотенце, которое мягчает с каждой стиркой.", "A tea towel that gets softer with each \
         wash.");
    t("Шарф", "scarf"), 41, Scarf, 2690, Shades, t("шерсть мериноса", "merino wool"), BY_HAND, LOOM,
        t("Длинный шарф, который не колется.", "A long scarf that does not itch.");
    t("Носки", "socks"), 41, Socks, 590, Sizes, t("шерсть и хлопок", "wool and cotton"), COLD_WASH, LOOM,
        t("Тёплые носки для холодного пола.", "Warm socks for a cold floor.");
    t("Плед", "throw"), 42, Blanket, 4990, Measures, t("шерсть", "wool"), BY_HAND, LOOM,
        t("Плед с бахромой, под которым помещаются двое.", "A fringed throw with room for two.");
    t("Подушка", "cushion"), 42, Cushion, 1790, Shades, t("хлопок, пух", "cotton, down"), COLD_WASH, LOOM,
        t("Подушка для дивана, чехол снимается.", "A sofa cushion with a cover that comes off.");
    t("Свеча", "candle"), 43, Candle, 890, None, t("соевый воск", "soy wax"), DRY, KEEPER,
        t("Свеча на сорок часов, с хлопковым фитилём.", "A candle for forty hours, with a cotton wick.");
    t("Лампа", "lamp"), 43, Lamp, 5490, None, t("керамика, лён", "ceramic, linen"), DUST, KEEPER,
        t("Настольная лампа с мягким светом.", "A table lamp with a soft light.");
    t("Горшок", "plant pot"), 51, Pot, 990, None, CLAY, DUST, SHORE,
        t("Горшок с поддоном и отверстием для воды.", "A plant pot with a saucer and a hole for water.");
    t("Лейка", "watering can"), 51, Can, 2290, None, t("сталь", "steel"), DUST, KEEPER,
        t("Лейка с длинным носиком, полтора литра.", "A long-spouted watering can, one and a half litres.");
    t("Семена", "seeds"), 52, Seeds, 190, None, t("смесь полевых цветов", "wild flower mix"), DRY, PAPER,
        t("Смесь семян на один квадратный метр лета.", "A mix of seeds for one square metre of summer.");
    t("Блокнот", "notebook"), 61, Notebook, 490, Shades, t("бумага 100 г/м²", "100 gsm paper"), DRY, PAPER,
        t("Блокнот в точку, сто двадцать страниц.", "A dotted notebook of a hundred and twenty pages.");
    t("Открытки", "card set"), 61, Cards, 350, None, t("хлопковая бумага", "cotton paper"), DRY, PAPER,
        t("Пять открыток с конвертами.", "Five cards with envelopes.");
    t("Сумка", "tote bag"), 62, Bag, 1490, Shades, t("плотный хлопок", "heavy cotton"), COLD_WASH, LOOM,
        t("Сумка на плечо, в которую помещается день на пляже.", "A shoulder bag that holds a day at the \
         beach.");
}
