//! Events and catalogue in, ranked products out: pure.
