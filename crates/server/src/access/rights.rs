//! Roles and what each may do. A route names the right it needs; a test walks all roles over all routes.

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See numbers, journeys, the catalogue: nothing about a single customer.
    View,
    /// See customers and the messages to them.
    People,
    /// Change what the shop sends: journeys, templates, its card.
    Edit,
    /// Stop everything, and go on.
    Stop,
    /// Connect the shop: keys, arriving events, feeds, parked inputs.
    Connect,
    /// Change how the shop is run: relay, signature, gate.
    Run,
    /// Invite people and take their access away.
    Staff,
}

/// What somebody is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// May do everything.
    Owner,
    /// Runs the messages.
    Marketer,
    /// Reads numbers.
    Analyst,
    /// Connects the shop.
    Developer,
}

/// What a route asks of whoever calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: sign-in, set-up, style sheets.
    Nobody,
    /// Somebody signed in, of any role.
    SignedIn,
    /// Somebody signed in whose role has the right.
    Of(Right),
    /// A server key: the JSON API.
    ServerKey,
}

impl Right {
    /// All of them.
    pub const ALL: [Right; 7] =
        [Right::View, Right::People, Right::Edit, Right::Stop, Right::Connect, Right::Run, Right::Staff];
}

impl Role {
    /// All of them, the mightiest first.
    pub const ALL: [Role; 4] = [Role::Owner, Role::Marketer, Role::Analyst, Role::Developer];

    /// The name it is stored under.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Marketer => "marketer",
            Role::Analyst => "analyst",
            Role::Developer => "developer",
        }
    }

    /// Reads a stored name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether it may.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        match self {
            Role::Owner => true,
            Role::Marketer => matches!(right, Right::View | Right::People | Right::Edit | Right::Stop),
            Role::Analyst => matches!(right, Right::View),
            Role::Developer => matches!(right, Right::View | Right::Connect),
        }
    }
}
