//! Every sentence the feed reader can say, in both languages, in one place.

use super::{Notice, Refused};

fn refused(line: impl Into<Option<u64>>, reason: Notice, hint_en: &str, hint_ru: &str) -> Refused {
    Refused { line: line.into(), hint: Notice::new(reason.code, hint_en, hint_ru), reason }
}

pub(super) fn not_well_formed(line: u64, en: &str, ru: &str) -> Refused {
    refused(
        line,
        Notice::new(
            "not_well_formed",
            format!("not well-formed XML: {en}"),
            format!("неправильный XML: {ru}"),
        ),
        "In texts write & as &amp; and < as &lt;, or wrap them in CDATA, and close every tag",
        "В текстах пишите & как &amp;, а < как &lt;, или заключайте их в CDATA, и закрывайте все теги",
    )
}

pub(super) fn truncated(line: u64, en: &str, ru: &str) -> Refused {
    refused(
        line,
        Notice::new(
            "truncated",
            format!("the file ends inside {en} that starts here"),
            format!("файл обрывается, не закончив {ru}, начатое здесь"),
        ),
        "It was cut off while being written or downloaded: make it again and retry",
        "Его оборвали при записи или скачивании: выгрузите его заново и повторите",
    )
}

pub(super) fn not_yml(line: u64, en: &str, ru: &str) -> Refused {
    refused(
        line,
        Notice::new(
            "not_yml",
            format!("no yml_catalog at the top: this looks like {en}"),
            format!("нет корневого yml_catalog: похоже, это {ru}"),
        ),
        "Give the address of the YML feed, the one made for Yandex Market",
        "Укажите адрес фида YML — того, что выгружается для Яндекс Маркета",
    )
}

pub(super) fn empty_file() -> Refused {
    refused(
        None,
        Notice::new("empty", "the file is empty", "файл пуст"),
        "Check that the export has finished and wrote something",
        "Проверьте, что выгрузка завершилась и что-то записала",
    )
}

pub(super) fn no_offers(broken: u64) -> Refused {
    refused(
        None,
        Notice::new(
            "empty",
            format!("the feed has no offer that can be read ({broken} refused)"),
            format!("в фиде нет ни одного пригодного товара (отклонено: {broken})"),
        ),
        "Check the export's filters; the catalogue stays as it was",
        "Проверьте фильтры выгрузки; каталог остался прежним",
    )
}

pub(super) fn own_entities(line: u64) -> Refused {
    refused(
        line,
        Notice::new(
            "entities",
            "the DOCTYPE declares entities of its own, which are never expanded",
            "в DOCTYPE объявлены собственные сущности, они не раскрываются",
        ),
        "Remove the <!ENTITY …> lines and write the characters themselves",
        "Уберите строки <!ENTITY …> и пишите сами символы",
    )
}

pub(super) fn too_deep(line: u64, max: usize) -> Refused {
    refused(
        line,
        Notice::new(
            "too_deep",
            format!("tags nested deeper than {max}"),
            format!("вложенность тегов больше {max}"),
        ),
        "A tag is not closed, or this is not a product feed",
        "Не закрыт тег, либо это не товарный фид",
    )
}

pub(super) fn too_many_attributes(line: u64, max: usize) -> Refused {
    refused(
        line,
        Notice::new(
            "too_many_attributes",
            format!("a tag has more than {max} attributes"),
            format!("у тега больше {max} атрибутов"),
        ),
        "A quote is not closed, or this is not a product feed",
        "Не закрыта кавычка, либо это не товарный фид",
    )
}

pub(super) fn too_long(line: u64, max_bytes: usize) -> Refused {
    let mb = max_bytes >> 20;
    refused(
        line,
        Notice::new(
            "piece_too_long",
            format!("a tag or a text is longer than {mb} MB"),
            format!("тег или текст длиннее {mb} МБ"),
        ),
        "A quote, comment or CDATA is not closed, or a picture is written inside the text",
        "Не закрыта кавычка, комментарий или CDATA, либо картинка записана внутри текста",
    )
}

pub(super) fn unknown_encoding(label: &str) -> Refused {
    let label = super::super::quoted(label);
    refused(
        1,
        Notice::new(
            "unknown_encoding",
            format!("the XML declaration names an unknown encoding “{label}”"),
            format!("в XML-объявлении неизвестная кодировка «{label}»"),
        ),
        "Write UTF-8 or windows-1251",
        "Укажите UTF-8 или windows-1251",
    )
}

pub(super) fn wrong_encoding(line: u64, byte: u64, encoding: &str) -> Refused {
    refused(
        line,
        Notice::new(
            "wrong_encoding",
            format!("byte {byte} is not {encoding}, the encoding the file declares"),
            format!("байт {byte} не в кодировке {encoding}, которую объявляет файл"),
        ),
        "Usually the file is windows-1251 and its first line says otherwise: make them agree",
        "Обычно файл в windows-1251, а первая строка говорит другое: приведите их в соответствие",
    )
}

pub(super) fn really_utf8(declared: &str) -> Refused {
    refused(
        1,
        Notice::new(
            "wrong_encoding",
            format!("the file declares {declared} but is written in UTF-8"),
            format!("файл объявляет {declared}, но записан в UTF-8"),
        ),
        "Write encoding=\"UTF-8\" in its first line",
        "Укажите encoding=\"UTF-8\" в первой строке",
    )
}

pub(super) fn unreadable(line: u64, error: &std::io::Error) -> Refused {
    refused(
        line,
        Notice::new("unreadable", format!("reading stopped: {error}"), format!("чтение прервалось: {error}")),
        "Check the disk, the download and the archive, then retry",
        "Проверьте диск, скачивание и архив и повторите",
    )
}

pub(super) fn missing_id() -> Notice {
    Notice::new("missing_id", "the offer has no id", "у товара нет id")
}

pub(super) fn bad_id(max_bytes: usize) -> Notice {
    Notice::new(
        "bad_id",
        format!("the id is longer than {max_bytes} bytes"),
        format!("id длиннее {max_bytes} байт"),
    )
}

pub(super) fn duplicate_id() -> Notice {
    Notice::new(
        "duplicate_id",
        "an offer with this id came before; the first one counts",
        "товар с этим id уже был; учитывается первый",
    )
}

pub(super) fn no_name() -> Notice {
    Notice::new("no_name", "the offer has no name", "у товара нет названия")
}

pub(super) fn no_price() -> Notice {
    Notice::new("no_price", "no price; imported without one", "нет цены; загружен без цены")
}

pub(super) fn bad_price(field: &str, text: &str) -> Notice {
    let text = super::super::quoted(text);
    Notice::new(
        "bad_price",
        format!("{field} “{text}” is not a price; dropped"),
        format!("{field} «{text}» — не цена; пропущено"),
    )
}

pub(super) fn bad_currency(text: &str) -> Notice {
    let text = super::super::quoted(text);
    Notice::new(
        "bad_currency",
        format!("currency “{text}” is no ISO 4217 code; what is priced in it has no price"),
        format!("валюта «{text}» — не код ISO 4217; цены в ней пропущены"),
    )
}

pub(super) fn old_price_not_above() -> Notice {
    Notice::new("old_price", "oldprice is not above price; dropped", "oldprice не больше price; пропущена")
}

pub(super) fn bad_link(field: &str, text: &str) -> Notice {
    let text = super::super::quoted(text);
    Notice::new(
        "bad_link",
        format!("{field} “{text}” is not an http address; dropped"),
        format!("{field} «{text}» — не адрес http; пропущен"),
    )
}

pub(super) fn bad_stock(text: &str) -> Notice {
    let text = super::super::quoted(text);
    Notice::new(
        "bad_stock",
        format!("stock “{text}” is not a number; dropped"),
        format!("остаток «{text}» — не число; пропущен"),
    )
}

pub(super) fn bad_available(text: &str) -> Notice {
    let text = super::super::quoted(text);
    Notice::new(
        "bad_available",
        format!("available “{text}” is neither true nor false; taken as true"),
        format!("available «{text}» — не true и не false; принято за true"),
    )
}

pub(super) fn cut(field: &str, max_bytes: usize) -> Notice {
    let kb = max_bytes >> 10;
    Notice::new(
        "cut",
        format!("{field} is longer than {kb} KB; cut"),
        format!("{field} длиннее {kb} КБ; обрезано"),
    )
}

pub(super) fn too_many(field: &str, max: usize) -> Notice {
    Notice::new(
        "too_many",
        format!("more than {max} of {field}; the rest dropped"),
        format!("{field}: больше {max}; остальные пропущены"),
    )
}

pub(super) fn unknown_entity(name: &str) -> Notice {
    let name = super::super::quoted(name);
    Notice::new(
        "unknown_entity",
        format!("&{name}; means nothing; left out"),
        format!("&{name}; ничего не значит; пропущено"),
    )
}

pub(super) fn controls(count: u64) -> Notice {
    Notice::new(
        "control_characters",
        format!("forbidden control characters, first here; {count} dropped in all"),
        format!("запрещённые управляющие символы, первый здесь; всего пропущено: {count}"),
    )
}

pub(super) fn bad_category() -> Notice {
    Notice::new(
        "bad_category",
        "a category has no id, or one too long; dropped",
        "у категории нет id, либо он слишком длинный; пропущена",
    )
}

pub(super) fn bad_group(max_bytes: usize) -> Notice {
    Notice::new(
        "bad_group",
        format!("group_id is longer than {max_bytes} bytes; dropped"),
        format!("group_id длиннее {max_bytes} байт; пропущен"),
    )
}
