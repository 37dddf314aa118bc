//! Which passwords are taken, and how they are kept.
//!
//! Length instead of rules about signs, and none that everybody tries first (NIST SP 800-63B §5.1.1.2).

use super::trouble::Trouble;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

/// Letters a password has at least.
pub const MIN: usize = 10;
/// Letters a password has at most: what is hashed must be bounded.
pub const MAX: usize = 200;
/// Different letters a password has at least: `aaaaaaaaaa` is long and nothing else.
const DIFFERENT_MIN: usize = 5;

/// Memory of one hash, passes and lanes: OWASP Password Storage Cheat Sheet, "Argon2id, m=19456 (19 MiB), t=2, p=1".
/// More memory would let a few tries at once push a small machine into its swap.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Words that lists of stolen passwords begin with; digits and signs around them make none of them better.
const WELL_KNOWN: [&str; 30] = [
    "password",
    "passwordpassword",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "qwertyqwerty",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "letmein",
    "letmeinplease",
    "welcome",
    "welcomeback",
    "administrator",
    "adminadmin",
    "admin",
    "changeme",
    "changemenow",
    "superman",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "trustno1",
    "qazwsxedc",
    "1q2w3e4r5t",
    "йцукенгшщз",
    "пароль",
    "парольпароль",
    "qwertyuiopasdfghjkl",
];

/// Whether somebody may have this password.
///
/// # Errors
/// It is too short, too long, or among the first that are guessed.
pub fn check(password: &str, email: &str) -> Result<(), Trouble> {
    if !(MIN..=MAX).contains(&password.chars().count()) {
        return Err(Trouble::Password);
    }
    let lower = password.to_lowercase();
    let bare = lower.trim_matches(|letter: char| !letter.is_alphabetic());
    let different: std::collections::BTreeSet<char> = lower.chars().collect();
    let local = email.split('@').next().unwrap_or_default();
    let own = lower == email || (!local.is_empty() && bare == local.to_lowercase());
    let known = WELL_KNOWN.iter().any(|word| *word == bare || *word == lower);
    if own || known || different.len() < DIFFERENT_MIN || is_row(&lower) {
        return Err(Trouble::WellKnown);
    }
    Ok(())
}

/// `1234567890`, `abcdefghij` and the same backwards.
fn is_row(text: &str) -> bool {
    let letters: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |by: i64| {
        letters.windows(2).filter(|pair| i64::from(pair[1]) - i64::from(pair[0]) == by).count() + 2
            >= letters.len()
    };
    steps(1) || steps(-1)
}

/// The hash that is kept, as a PHC string.
///
/// # Errors
/// The password is not one that may be taken, or the system gives no salt.
pub fn hash(password: &str, email: &str) -> Result<String, Trouble> {
    check(password, email)?;
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|why| Trouble::Store(why.to_string()))?;
    let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes());
    hashed.map(|hashed| hashed.to_string()).map_err(|why| Trouble::Store(why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        let too_short = ["", "short", "ninelette"];
        let known = [
            "password123",
            "Password!!!1",
            "qwertyuiop",
            "1234567890",
            "9876543210",
            "aaaaaaaaaaaa",
            "abababababab",
            "administrator1",
            "letmeinplease",
            "abcdefghijkl",
            "changeme2024!",
            "owner.person",
            "Йцукенгшщз",
        ];
        for bad in too_short {
            assert_eq!(check(bad, "a@example.com"), Err(Trouble::Password), "{bad}");
        }
        for bad in known {
            assert_eq!(check(bad, "owner.person@example.com"), Err(Trouble::WellKnown), "{bad}");
        }
        for good in ["correct horse", "lighthouse", "a new password", "синий чайник"] {
            assert_eq!(check(good, "a@example.com"), Ok(()), "{good}");
        }
    }

    #[test]
    fn hashes_have_the_parameters_written_down() {
        let hash = hash("correct horse", "a@example.com").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
}
