//! What goods are by their own description: words of the title, brand, attributes and tags, as terms that say
//! which goods are alike and which ones a search means.

pub(crate) mod alike;
pub(crate) mod search;
pub(crate) mod terms;
pub(crate) mod words;
