//! Walks the tags of a feed from top to bottom and knows at each where in the catalogue it stands.

use super::diagnose::{foreign, is_name, refusal};
use super::node::{Head, Node};
use super::offer::{self, Draft, Field};
use super::source::Source;
use super::{Category, Currency, Item, Notice, Refused, Shop, Summary, entity, words};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::Read;

/// Tags open at once; HTML inside descriptions is the deepest of what is real.
const DEPTH: usize = 256;
/// Attributes of one tag; each is compared with all before it, so a flood of them would take the square of
/// its size.
const ATTRIBUTES: usize = 100;
/// Currencies a shop may name; the world has fewer than two hundred.
const CURRENCIES: usize = 200;
/// A category's id is a key like an offer's.
const CATEGORY_ID_BYTES: usize = 255;

/// Reads `source` to its end.
pub(super) fn walk<R: Read>(
    source: Source<R>,
    currency: Currency,
    sink: &mut dyn FnMut(Item),
) -> Result<Summary, Refused> {
    let mut reader = Reader::from_reader(source);
    let mut walk = Walk {
        sink,
        currency,
        base: None,
        stack: Vec::new(),
        rooted: false,
        shop: Shop::default(),
        told: None,
        draft: None,
        line: 1,
        field_line: 1,
        text: String::new(),
        cut: false,
        attrs: Default::default(),
        seen: HashSet::new(),
        summary: Summary::default(),
    };
    let mut buf = Vec::new();
    loop {
        buf.clear();
        reader.get_mut().piece_done();
        walk.line = reader.get_ref().line();
        match reader.read_event_into(&mut buf) {
            Ok(Event::Eof) => break,
            Ok(event) => walk.event(&event)?,
            Err(error) => {
                let fault = reader.get_mut().fault.take();
                return Err(fault.unwrap_or_else(|| refusal(walk.line, &error)));
            }
        }
    }
    let source = reader.into_inner();
    if let Some((line, count)) = source.controls {
        walk.warn(line, words::controls(count));
    }
    walk.summary.lines = source.line();
    walk.summary.bytes = source.bytes_read();
    walk.summary.encoding = source.encoding();
    walk.finish()
}

struct Walk<'a> {
    sink: &'a mut dyn FnMut(Item),
    /// For prices that name none, when the feed has no currencies either.
    currency: Currency,
    /// The feed's own: the one with rate 1, else the first.
    base: Option<Currency>,
    stack: Vec<Node>,
    rooted: bool,
    shop: Shop,
    told: Option<Shop>,
    draft: Option<Draft>,
    /// Where the piece at hand starts.
    line: u64,
    /// Where the text at hand starts.
    field_line: u64,
    text: String,
    cut: bool,
    /// Of the text at hand: a param's name and unit, a category's id and parent.
    attrs: [String; 2],
    /// Hashes of the ids met. Sixty-four bits mistake two of a million offers once in thirty million feeds.
    seen: HashSet<u64>,
    summary: Summary,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event) -> Result<(), Refused> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) => {
                self.start(tag)?;
                self.end(tag.name().as_ref());
                Ok(())
            }
            Event::End(tag) => {
                self.end(tag.name().as_ref());
                Ok(())
            }
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::GeneralRef(name) => self.reference(name),
            Event::DocType(doctype) if doctype.contains("<!ENTITY") => Err(words::own_entities(self.line)),
            Event::DocType(_) | Event::Decl(_) if self.rooted => Err(words::not_well_formed(
                self.line,
                "a second document starts here",
                "здесь начинается второй документ",
            )),
            _ => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart) -> Result<(), Refused> {
        let name = tag.name();
        let name = name.as_ref();
        if !is_name(name) {
            return Err(words::not_well_formed(
                self.line,
                "“<” is not followed by a tag's name",
                "после «<» нет имени тега",
            ));
        }
        if self.stack.len() == DEPTH {
            return Err(words::too_deep(self.line, DEPTH));
        }
        let node = match self.stack.last() {
            Some(parent) => parent.child(name),
            None if self.rooted => {
                return Err(words::not_well_formed(self.line, "a second root tag", "второй корневой тег"));
            }
            None if name == "yml_catalog" => Node::Catalog,
            None => return Err(foreign(self.line, name)),
        };
        self.rooted = true;
        self.open(node, tag)?;
        if node == Node::Inside {
            self.markup("", name);
        } else if node.has_text() {
            self.text.clear();
            self.cut = false;
            self.field_line = self.line;
        }
        self.stack.push(node);
        Ok(())
    }

    /// Reads the attributes of a tag, all of them for their form and the useful ones for what they say.
    fn open(&mut self, node: Node, tag: &BytesStart) -> Result<(), Refused> {
        match node {
            Node::Catalog => {
                let [date] = self.attributes(tag, ["date"])?;
                self.summary.date = date.unwrap_or_default();
            }
            Node::Currency => {
                let [id, rate] = self.attributes(tag, ["id", "rate"])?.map(Option::unwrap_or_default);
                self.currency(&id, &rate);
            }
            Node::Category => {
                let ids = self.attributes(tag, ["id", "parentId"])?;
                self.attrs = ids.map(Option::unwrap_or_default);
            }
            Node::Field(Field::Param) => {
                let named = self.attributes(tag, ["name", "unit"])?;
                self.attrs = named.map(Option::unwrap_or_default);
            }
            Node::Offers => {
                self.attributes(tag, [])?;
                self.tell_shop();
            }
            Node::Offer => {
                let [id, available, kind, group] = self
                    .attributes(tag, ["id", "available", "type", "group_id"])?
                    .map(Option::unwrap_or_default);
                let mut draft = Draft::new(self.line, &id, &kind, &group);
                draft.set_available(self.line, &available);
                self.draft = Some(draft);
            }
            Node::Outlet => {
                let [stock] = self.attributes(tag, ["instock"])?;
                if let (Some(draft), Some(stock)) = (&mut self.draft, stock) {
                    draft.outlet(self.line, &stock);
                }
            }
            _ => {
                self.attributes(tag, [])?;
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match self.stack.pop() {
            Some(Node::Inside) => self.markup("/", name),
            Some(Node::Head(head)) => {
                let text = offer::one_line(&self.text);
                match head {
                    Head::Name => self.shop.name = text,
                    Head::Company => self.shop.company = text,
                    Head::Url => self.shop.url = text,
                }
            }
            Some(Node::Category) => self.category(),
            Some(Node::Field(field)) => self.field(field),
            Some(Node::Offer) => {
                let Some(draft) = self.draft.take() else { return };
                let currency = self.base.unwrap_or(self.currency);
                let seen = &mut self.seen;
                let fresh = |id: &str| seen.insert(xxhash_rust::xxh3::xxh3_64(id.as_bytes()));
                for item in draft.finish(currency, fresh) {
                    self.tell(item);
                }
            }
            Some(Node::Catalog) => self.tell_shop(),
            _ => (),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Refused> {
        match self.stack.last() {
            None if !text.trim().is_empty() => Err(words::not_well_formed(
                self.line,
                "text outside the root tag",
                "текст вне корневого тега",
            )),
            Some(node) if node.has_text() => {
                self.push(text);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn reference(&mut self, name: &str) -> Result<(), Refused> {
        match self.stack.last() {
            None => self.text("&"),
            Some(node) if node.has_text() => {
                match entity::resolve(name) {
                    Some(c) => self.push(c.encode_utf8(&mut [0; 4])),
                    None => self.warn(self.line, words::unknown_entity(name)),
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Adds to the text at hand as far as it may grow.
    fn push(&mut self, text: &str) {
        let room = self.room().saturating_sub(self.text.len());
        let part = &text[..text.floor_char_boundary(room)];
        self.cut |= part.len() < text.len();
        self.text.push_str(part);
    }

    fn in_description(&self) -> bool {
        self.stack.iter().rev().find(|n| **n != Node::Inside) == Some(&Node::Field(Field::Description))
    }

    fn room(&self) -> usize {
        if self.in_description() { offer::HTML_BYTES } else { offer::FIELD_BYTES }
    }

    /// Keeps a description's own markup for the step that makes text of it; elsewhere only the words count.
    fn markup(&mut self, slash: &str, name: &str) {
        if self.in_description() {
            for part in ["<", slash, name, ">"] {
                self.push(part);
            }
        }
    }

    fn field(&mut self, field: Field) {
        let text = std::mem::take(&mut self.text);
        if let Some(draft) = &mut self.draft {
            let mut attrs = std::mem::take(&mut self.attrs);
            let mut long = self.cut;
            for attr in &mut attrs {
                long |= offer::cut(attr, offer::FIELD_BYTES);
            }
            if long {
                let (name, max_bytes) = match field {
                    Field::Description => ("description", offer::HTML_BYTES),
                    Field::Param => ("param", offer::FIELD_BYTES),
                    _ => ("a field", offer::FIELD_BYTES),
                };
                draft.warn(self.field_line, words::cut(name, max_bytes));
            }
            draft.take(self.field_line, field, &text, (&attrs[0], &attrs[1]));
        }
        self.text = text;
    }

    fn category(&mut self) {
        let [id, parent] = std::mem::take(&mut self.attrs).map(|id| id.trim().to_owned());
        if id.is_empty() || id.len() > CATEGORY_ID_BYTES || parent.len() > CATEGORY_ID_BYTES {
            self.warn(self.field_line, words::bad_category());
            return;
        }
        let name = offer::one_line(&self.text);
        self.tell(Item::Category(Category { id, parent, name }));
    }

    fn currency(&mut self, id: &str, rate: &str) {
        let Some(currency) = Currency::parse(id) else {
            self.warn(self.line, words::bad_currency(id));
            return;
        };
        if self.shop.currencies.len() < CURRENCIES && !self.shop.currencies.contains(&currency) {
            self.shop.currencies.push(currency);
        }
        if self.base.is_none() || (rate.trim() == "1" && self.told.is_none()) {
            self.base = Some(currency);
        }
    }

    /// The values of some attributes of a tag, references resolved; every attribute is checked for its form.
    fn attributes<const N: usize>(
        &mut self,
        tag: &BytesStart,
        keys: [&str; N],
    ) -> Result<[Option<String>; N], Refused> {
        let mut found = [const { None }; N];
        for (count, attribute) in tag.attributes().enumerate() {
            if count == ATTRIBUTES {
                return Err(words::too_many_attributes(self.line, ATTRIBUTES));
            }
            let attribute = attribute.map_err(|e| {
                words::not_well_formed(
                    self.line,
                    &format!("in a tag's attributes: {e}"),
                    "ошибка в атрибутах тега (нет кавычек, нет значения или атрибут повторён)",
                )
            })?;
            if attribute.value.contains('<') {
                return Err(words::not_well_formed(
                    self.line,
                    "“<” inside an attribute (a quote is not closed?)",
                    "«<» внутри атрибута (не закрыта кавычка?)",
                ));
            }
            if let Some(at) = keys.iter().position(|key| *key == attribute.key.as_ref()) {
                let (line, mut unknown) = (self.line, None);
                found[at] = Some(entity::unescape(&attribute.value, |name| unknown = Some(name.to_owned())));
                if let Some(name) = unknown {
                    self.warn(line, words::unknown_entity(&name));
                }
            }
        }
        Ok(found)
    }

    /// A doubt about the offer at hand, or about the feed when there is none.
    fn warn(&mut self, line: u64, what: Notice) {
        match &mut self.draft {
            Some(draft) => draft.warn(line, what),
            None => self.tell(Item::Warning { line, id: String::new(), what }),
        }
    }

    fn tell_shop(&mut self) {
        if self.told.as_ref() != Some(&self.shop) {
            self.told = Some(self.shop.clone());
            self.tell(Item::Shop(self.shop.clone()));
        }
    }

    fn tell(&mut self, item: Item) {
        let count = match &item {
            Item::Shop(_) => None,
            Item::Category(_) => Some(&mut self.summary.categories),
            Item::Offer(..) => Some(&mut self.summary.offers),
            Item::StockOnly(_) => Some(&mut self.summary.stock_only),
            Item::Broken { .. } => Some(&mut self.summary.broken),
            Item::Warning { .. } => Some(&mut self.summary.warnings),
        };
        if let Some(count) = count {
            *count += 1;
        }
        (self.sink)(item);
    }

    /// The verdict at the end of the file.
    fn finish(self) -> Result<Summary, Refused> {
        if let Some(draft) = &self.draft {
            let id = super::super::quoted(&draft.id);
            return Err(words::truncated(
                draft.line,
                &format!("the offer “{id}”"),
                &format!("описание товара «{id}»"),
            ));
        }
        if !self.stack.is_empty() {
            return Err(words::truncated(self.summary.lines, "the catalogue", "описание каталога"));
        }
        if !self.rooted {
            return Err(words::empty_file());
        }
        if self.summary.offers + self.summary.stock_only == 0 {
            return Err(words::no_offers(self.summary.broken));
        }
        Ok(self.summary)
    }
}
