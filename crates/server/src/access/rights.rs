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
    /// A server key: the JSON API. A route that reads asks for the scope *read*, one that changes for *write*.
    ServerKey,
    /// A server key with the scope *admin*: staff, keys, settings, the log.
    AdminKey,
}

/// What a server key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read what the shop's servers may know.
    Read,
    /// Report events, change journeys, import, suppress.
    Write,
    /// Staff, keys, settings, the log.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Write, Scope::Admin];

    /// The name it is stored under.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Admin => "admin",
        }
    }

    /// Reads a stored name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

impl Need {
    /// The scope that a route asks of a key; `None` for routes of people.
    #[must_use]
    pub fn scope(self, method: &axum::http::Method) -> Option<Scope> {
        match self {
            Need::ServerKey if method.is_safe() => Some(Scope::Read),
            Need::ServerKey => Some(Scope::Write),
            Need::AdminKey => Some(Scope::Admin),
            Need::Nobody | Need::SignedIn | Need::Of(_) => None,
        }
    }
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
