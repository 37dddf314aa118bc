//! What the figures share: a directory, medians, a table, a shop with the journey "abandoned cart" on, a small client.
#![allow(dead_code, reason = "each figure uses its part")]
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

pub mod seeded;
pub mod shop;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// An empty directory on the disk that is measured; it goes when this is dropped.
pub struct Dir(pub PathBuf);

impl Dir {
    /// Below the build's own directory, so that it lies on a real disk and not in memory.
    pub fn new(name: &str) -> Dir {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    /// Bytes of all files below.
    pub fn bytes(&self) -> u64 {
        let files = std::fs::read_dir(&self.0).unwrap();
        files.filter_map(|file| file.ok()?.metadata().ok()).map(|meta| meta.len()).sum()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A number of the whole of the command line after `name`, as `--rounds 3`; else the default.
pub fn arg(name: &str, default: usize) -> usize {
    let mut args = std::env::args();
    args.find(|arg| arg == name);
    args.next().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// The middle value.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A time that a share of all stays below, in milliseconds.
pub fn quantile_ms(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let at = (times.len().saturating_sub(1) as f64 * share) as usize;
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
}

/// Says what is measured, with what, and how busy the machine was when it began.
pub fn head(what: &str, command: &str) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').take(3).collect::<Vec<_>>().join(" ");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{what}\n  {command}    {cores} cores, load before {load}");
    println!("  {:<34}{:>12}{:>12}{:>8}{:>8}  spread of ratios", "", "probe", "ours", "ratio", "rounds");
}

/// A line of the table: medians of both, and the median of the rounds' own ratios with the least and the greatest.
pub fn row(name: &str, probe: &[f64], ours: &[f64]) {
    let ratios: Vec<f64> = probe.iter().zip(ours).map(|(probe, ours)| ours / probe).collect();
    let (least, most) =
        (ratios.iter().copied().fold(f64::NAN, f64::min), ratios.iter().copied().fold(f64::NAN, f64::max));
    println!(
        "  {name:<34}{:>12}{:>12}{:>8.2}{:>8}  {least:.2} to {most:.2}",
        figure(median(probe)),
        figure(median(ours)),
        median(&ratios),
        ratios.len()
    );
}

/// A line without a probe.
pub fn alone(name: &str, value: impl std::fmt::Display) {
    println!("  {name:<46}{value:>12}");
}

fn figure(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Memory of a process that is in use, in MB (`VmRSS` of proc(5)).
pub fn resident_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().map_or(f64::NAN, |kib: f64| kib / 1_024.0)
}

/// An even draw that is the same in every run (SplitMix64, Steele, Lea, Flood 2014).
pub struct Draw(pub u64);

impl Draw {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.bits() % n
    }
}
