//! Template and facts in, message out: pure.
