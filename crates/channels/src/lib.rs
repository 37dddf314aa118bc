//! Ways out: a file per channel, each ending in sent, retry, never or unknown.
