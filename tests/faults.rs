//! Faults to survive: programs that are killed or freeze, a database that dies, goes or lies behind a bad line, a disk
//! that is full. Nothing that was acknowledged is lost, nothing is done twice, and what is wrong is said in words.
//!
//! Each test is small; this makes them large:
//! `BECKON_NODE_KILLS=200 BECKON_FREEZES=50 BECKON_FROZEN_SECS=30 BECKON_PROMOTIONS=20 BECKON_GONE_SECS=60
//! cargo test -p beckon --test faults -- --nocapture --test-threads 1`. Each prints one line of figures.

#![allow(clippy::unwrap_used)]

#[path = "support/audit.rs"]
mod audit;
#[path = "support/bare.rs"]
mod bare;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/gone.rs"]
mod gone;
#[path = "support/http.rs"]
mod http;
#[path = "faults/line.rs"]
mod line;
#[path = "support/load.rs"]
mod load;
#[path = "faults/node.rs"]
mod node;
#[path = "faults/nodes.rs"]
mod nodes;
#[path = "support/program.rs"]
mod program;
#[path = "faults/promotion.rs"]
mod promotion;
#[path = "support/run.rs"]
mod run;
#[path = "support/shop.rs"]
mod shop;

/// Prints the line of figures of a fault.
fn figures(fault: &str, audit: &audit::Audit, fenced: usize, more: &str) {
    println!(
        "{fault}: acknowledged {}, lost {}, twice {}, unknown {}, fenced {fenced}{more}",
        audit.acknowledged,
        audit.lost,
        audit.twice,
        audit.unknown()
    );
}
