//! Where the parts of the demo stand, and who signs in there.

use std::net::{Ipv4Addr, SocketAddr};

/// Who signs in to the demo.
pub const STAFF: (&str, &str) = ("demo@lighthouse.example", "lighthouse");

/// Where the parts of the demo stand.
#[derive(Clone, Debug)]
pub struct Places {
    /// The page with the doors.
    pub doors: SocketAddr,
    /// The invented shop.
    pub shop: SocketAddr,
    /// The staff's screens.
    pub admin: SocketAddr,
    /// The mailbox.
    pub mailbox: SocketAddr,
    /// The tracking API and the links of mails.
    pub public: SocketAddr,
}

impl Places {
    /// Five ports in a row from `port`, on this machine only.
    ///
    /// # Errors
    /// The row would end above the highest port there is.
    pub fn from(port: u16) -> Result<Places, String> {
        let at = |n: u16| {
            let port = port.checked_add(n).ok_or("--port: five ports in a row are wanted, below 65531")?;
            Ok::<_, String>(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        };
        Ok(Places { doors: at(0)?, shop: at(1)?, admin: at(2)?, mailbox: at(3)?, public: at(4)? })
    }
}
