//! Session neighbours: past sessions that share items with the present one vote for what comes next.
//!
//! The family of VMIS-kNN (Kersbergen et al., SIGMOD 2022) and V-SKNN (Ludewig and Jannach, UMUAI 2018), with
//! votes that fade by the distance from the shared item within the neighbour (as STAN does, Garg et al.,
//! SIGIR 2019). Five variants are computed in one pass over the postings.

use crate::id_map::ItemId;
use crate::sessions::history::{History, Past, SessionId};

/// Number of variants.
pub(crate) const VARIANTS: usize = 5;

/// Newest sessions read per item of the present session.
const MAX_SESSIONS: usize = 5_000;
/// Distances in a neighbour that are told apart.
const MAX_STEPS: usize = 60;

/// One way to weigh neighbours and their votes.
struct Variant {
    /// Weight of the present session's item by how many distinct items came after it.
    place_weight: fn(usize) -> f32,
    idf_power: i32,
    /// Divide by the root of the neighbour's length.
    cosine: bool,
    /// Share of all sessions after which a neighbour weighs one e-th; 0 for none.
    age_share: f32,
    neighbours: usize,
    /// Steps after which a vote weighs one e-th.
    steps: f32,
    /// What a vote weighs for an item before the shared one.
    backward: f32,
}

const ALL: [Variant; VARIANTS] = [
    Variant {
        place_weight: |place| 1.0 / (1.0 + place as f32),
        idf_power: 0,
        cosine: true,
        age_share: 0.0,
        neighbours: 500,
        steps: 4.0,
        backward: 0.8,
    },
    Variant {
        place_weight: |place| 1.0 / (1.0 + place as f32),
        idf_power: 1,
        cosine: true,
        age_share: 0.05,
        neighbours: 500,
        steps: 2.5,
        backward: 0.8,
    },
    Variant {
        place_weight: |place| (1.0 - 0.1 * place as f32).max(0.05),
        idf_power: 1,
        cosine: true,
        age_share: 0.6,
        neighbours: 200,
        steps: 4.0,
        backward: 1.0,
    },
    Variant {
        place_weight: |place| 1.0 / (1.0 + place as f32).powi(2),
        idf_power: 0,
        cosine: false,
        age_share: 0.3,
        neighbours: 1_500,
        steps: 2.0,
        backward: 0.5,
    },
    Variant {
        place_weight: |place| (1.0 - 0.1 * place as f32).max(0.05),
        idf_power: 2,
        cosine: true,
        age_share: 0.0,
        neighbours: 80,
        steps: 14.0,
        backward: 1.0,
    },
];

/// Work space, reused from query to query.
#[derive(Debug)]
pub(crate) struct Neighbourhood {
    similar: Vec<[f32; VARIANTS]>,
    shared_place: Vec<u8>,
    touched: Vec<SessionId>,
    fading: [[f32; MAX_STEPS]; VARIANTS],
}

impl Neighbourhood {
    pub(crate) fn new(history: &History) -> Self {
        let mut fading = [[0.0; MAX_STEPS]; VARIANTS];
        for (row, variant) in fading.iter_mut().zip(&ALL) {
            for (steps, cell) in row.iter_mut().enumerate() {
                *cell = (-(steps as f32) / variant.steps).exp();
            }
        }
        Self {
            similar: vec![[0.0; VARIANTS]; history.len()],
            shared_place: vec![u8::MAX; history.len()],
            touched: Vec::new(),
            fading,
        }
    }

    /// Calls `vote(item, variant, weight)` for each vote of each neighbour. `present` holds the distinct
    /// items of the session, the last one first.
    pub(crate) fn vote(
        &mut self,
        history: Past,
        present: &[ItemId],
        mut vote: impl FnMut(ItemId, usize, f32),
    ) {
        self.similar.resize(self.similar.len().max(history.len()), [0.0; VARIANTS]);
        self.shared_place.resize(self.shared_place.len().max(history.len()), u8::MAX);
        self.meet(history, present);
        let mut ranked: Vec<(f32, SessionId)> = Vec::with_capacity(self.touched.len());
        for (variant, setting) in ALL.iter().enumerate() {
            ranked.clear();
            ranked.extend(self.touched.iter().map(|session| {
                let mut score = self.similar[*session as usize][variant];
                if setting.cosine {
                    score /= (history.session(*session).len() as f32).sqrt();
                }
                if setting.age_share > 0.0 {
                    let age = (history.len() - *session as usize) as f32 / history.len() as f32;
                    score *= (-age / setting.age_share).exp();
                }
                (score, *session)
            }));
            if ranked.len() > setting.neighbours {
                ranked.select_nth_unstable_by(setting.neighbours, |a, b| {
                    b.0.total_cmp(&a.0).then(b.1.cmp(&a.1))
                });
                ranked.truncate(setting.neighbours);
            }
            // The order of the votes decides how their sum rounds.
            ranked.sort_unstable_by_key(|(_, session)| *session);
            for (score, session) in &ranked {
                let clicks = history.session(*session);
                let shared = present[self.shared_place[*session as usize] as usize];
                let place = clicks.iter().rposition(|click| *click == shared).unwrap_or(0);
                for (other, click) in clicks.iter().enumerate() {
                    let side = if other < place { setting.backward } else { 1.0 };
                    vote(*click, variant, score * side * self.fading[variant][other.abs_diff(place)]);
                }
            }
        }
        for session in self.touched.drain(..) {
            self.similar[session as usize] = [0.0; VARIANTS];
            self.shared_place[session as usize] = u8::MAX;
        }
    }

    /// Weighs every session that shares an item, and notes the latest item it shares.
    fn meet(&mut self, history: Past, present: &[ItemId]) {
        for (place, item) in present.iter().enumerate() {
            let (newest, older) = history.sessions_with(*item);
            let idf = ((1.0 + history.len() as f32) / (1.0 + (newest.len() + older.len()) as f32)).ln();
            let weights: [f32; VARIANTS] =
                std::array::from_fn(|v| (ALL[v].place_weight)(place) * idf.powi(ALL[v].idf_power));
            let others = |session: &&SessionId| Some(**session) != history.own();
            for session in newest.iter().rev().chain(older.iter().rev()).filter(others).take(MAX_SESSIONS) {
                let at = *session as usize;
                if self.shared_place[at] == u8::MAX {
                    self.shared_place[at] = place as u8;
                    self.touched.push(*session);
                }
                for (sum, weight) in self.similar[at].iter_mut().zip(weights) {
                    *sum += weight;
                }
            }
        }
    }
}
