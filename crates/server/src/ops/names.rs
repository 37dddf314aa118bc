//! Names of what is counted where it happens; whoever counts needs nothing else of the metrics.

/// Events that are on disk.
pub const EVENTS_TAKEN: &str = "beckon_events_taken_total";
/// Events that were left out, by reason.
pub const EVENTS_REFUSED: &str = "beckon_events_refused_total";
/// Events that were taken without a part of them, by reason.
pub const EVENTS_FLAGGED: &str = "beckon_events_flagged_total";
/// Requests of the tracking API that were refused whole, by reason.
pub const REQUESTS_REFUSED: &str = "beckon_requests_refused_total";
/// Tasks decided together.
pub const BATCH_TASKS: &str = "beckon_batch_tasks";
/// Customers that a batch needed and that were read.
pub const CUSTOMERS_LOADED: &str = "beckon_customers_loaded_total";
/// Customers that a batch needed and that were in memory.
pub const CUSTOMERS_REMEMBERED: &str = "beckon_customers_remembered_total";
/// How long a commit took.
pub const COMMIT_SECS: &str = "beckon_commit_seconds";
/// Commits that the store did not take.
pub const COMMITS_FAILED: &str = "beckon_commits_failed_total";
/// What became of messages that were handed over.
pub const MESSAGES: &str = "beckon_messages_total";
/// From due to handed over.
pub const HANDED_AFTER_SECS: &str = "beckon_handed_after_due_seconds";
/// How long a request took.
pub const HTTP_SECS: &str = "beckon_http_request_seconds";
/// Rows that were forgotten, by what they were.
pub const FORGOTTEN: &str = "beckon_forgotten_rows_total";
