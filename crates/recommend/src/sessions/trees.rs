//! Boosted regression trees that learn which candidate of a group is the right one.
//!
//! Gradient boosting (Friedman, 2001) over histograms of binned features, leaves split best first as in
//! LightGBM (Ke et al., NIPS 2017). The loss is the listwise softmax (Cao et al., ICML 2007): in each group
//! one candidate is right, or some are alike.

/// Bins per feature.
const BINS: usize = 64;

/// How the trees grow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) trees: usize,
    pub(crate) leaves: usize,
    pub(crate) rate: f32,
    /// Least sum of second derivatives in a leaf, so that no leaf learns one case by heart.
    pub(crate) leaf_weight: f32,
    /// Pulls leaves towards zero.
    pub(crate) ridge: f32,
}

/// Groups of candidates, each a row of features, one or some of each group right.
#[derive(Debug)]
pub(crate) struct Cases {
    width: usize,
    edges: Vec<Vec<f32>>,
    bins: Vec<u8>,
    /// First row of each group, and the end.
    starts: Vec<usize>,
    /// The right rows of all groups in their order, and the first of each group, and the end.
    right: Vec<usize>,
    right_starts: Vec<usize>,
}

impl Cases {
    /// Learns where to cut each feature from a sample of rows laid end to end.
    pub(crate) fn new(width: usize, sample: &[f32]) -> Self {
        let edges = (0..width)
            .map(|feature| {
                let mut values: Vec<f32> = sample.iter().skip(feature).step_by(width).copied().collect();
                values.sort_unstable_by(f32::total_cmp);
                let mut cuts: Vec<f32> = Vec::new();
                for bin in 1..BINS {
                    let cut = values.get(bin * values.len() / BINS).copied().unwrap_or(0.0);
                    let last = values.last().copied().unwrap_or(0.0);
                    if cuts.last() != Some(&cut) && cut < last {
                        cuts.push(cut);
                    }
                }
                cuts
            })
            .collect();
        Self { width, edges, bins: Vec::new(), starts: vec![0], right: Vec::new(), right_starts: vec![0] }
    }

    /// Adds a group: its rows end to end, and which of them are right, in ascending order.
    pub(crate) fn add(&mut self, rows: &[f32], right: &[usize]) {
        for row in rows.chunks_exact(self.width) {
            for (value, edges) in row.iter().zip(&self.edges) {
                self.bins.push(edges.partition_point(|edge| edge < value) as u8);
            }
        }
        let start = self.starts.last().copied().unwrap_or(0);
        self.right.extend(right.iter().map(|row| start + row));
        self.right_starts.push(self.right.len());
        self.starts.push(self.bins.len() / self.width);
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn rows(&self) -> usize {
        self.bins.len() / self.width
    }

    /// The rows a tree grows from: every other group, another half each time. Trees differ more that way, and
    /// it takes half the time (Friedman, Stochastic gradient boosting, 2002).
    fn sampled(&self, round: usize) -> Vec<u32> {
        let taken = |group: &usize| {
            let mixed = ((group * 1_000_003 + round) as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 63 == 0
        };
        let groups = (0..self.len()).filter(taken);
        groups.flat_map(|group| self.starts[group] as u32..self.starts[group + 1] as u32).collect()
    }

    /// What a tree says of a row.
    fn leaf_value(&self, tree: &[Node], row: usize) -> f32 {
        let bins = &self.bins[row * self.width..(row + 1) * self.width];
        let mut node = &tree[0];
        while node.feature != LEAF {
            let next = if bins[node.feature as usize] <= node.bin { node.left } else { node.right };
            node = &tree[next as usize];
        }
        node.cut
    }

    /// First and second derivative of the loss by each row's score.
    fn slopes(&self, scores: &[f32], slopes: &mut [[f32; 2]]) {
        for group in 0..self.len() {
            let right = &self.right[self.right_starts[group]..self.right_starts[group + 1]];
            let each = 1.0 / right.len().max(1) as f32;
            let range = self.starts[group]..self.starts[group + 1];
            let top = scores[range.clone()].iter().copied().fold(f32::MIN, f32::max);
            let total: f32 = scores[range.clone()].iter().map(|score| (score - top).exp()).sum();
            for row in range {
                let share = (scores[row] - top).exp() / total;
                let target = if right.binary_search(&row).is_ok() { each } else { 0.0 };
                slopes[row] = [share - target, (share * (1.0 - share)).max(1e-6)];
            }
        }
    }
}

/// A node: a cut with two children, or a leaf (`feature` is `LEAF`) with its value in `cut`.
#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u16,
    /// The last bin that goes left; `cut` is its edge.
    bin: u8,
    left: u16,
    right: u16,
    cut: f32,
}

const LEAF: u16 = u16::MAX;

/// A sum of trees.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trees {
    trees: Vec<Vec<Node>>,
}

impl Trees {
    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.trees.iter().map(|tree| tree.capacity() * size_of::<Node>()).sum()
    }

    /// Appends all nodes to the bytes: what a snapshot keeps.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        for tree in &self.trees {
            bytes.extend((tree.len() as u16).to_le_bytes());
            for node in tree {
                for number in [node.feature, u16::from(node.bin), node.left, node.right] {
                    bytes.extend(number.to_le_bytes());
                }
                bytes.extend(node.cut.to_le_bytes());
            }
        }
    }

    /// What [`Trees::write`] wrote, if every way through it ends and asks for no feature beyond `width`.
    pub(crate) fn read(mut bytes: &[u8], width: usize) -> Option<Self> {
        let mut trees = Vec::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk::<2>()?;
            let length = u16::from_le_bytes(*length);
            let (nodes, rest) = rest.split_at_checked(12 * usize::from(length))?;
            bytes = rest;
            let half = |node: &[u8], at: usize| u16::from_le_bytes([node[2 * at], node[2 * at + 1]]);
            let tree: Vec<Node> = nodes
                .chunks_exact(12)
                .map(|node| Node {
                    feature: half(node, 0),
                    bin: half(node, 1) as u8,
                    left: half(node, 2),
                    right: half(node, 3),
                    cut: f32::from_le_bytes([node[8], node[9], node[10], node[11]]),
                })
                .collect();
            let ends = |(place, node): (u16, &Node)| {
                let onward = place < node.left.min(node.right) && node.left.max(node.right) < length;
                node.feature == LEAF || (usize::from(node.feature) < width && onward)
            };
            if tree.is_empty() || !(0..length).zip(&tree).all(ends) || !tree.iter().all(|n| n.cut.is_finite())
            {
                return None;
            }
            trees.push(tree);
        }
        Some(Self { trees })
    }

    /// Learns from cases.
    pub(crate) fn fit(cases: &Cases, growth: &Growth) -> Self {
        let mut scores = vec![0.0_f32; cases.rows()];
        let mut slopes = vec![[0.0_f32; 2]; cases.rows()];
        let mut trees = Vec::with_capacity(growth.trees);
        for round in 0..growth.trees {
            cases.slopes(&scores, &mut slopes);
            let tree = Grower { cases, growth, slopes: &slopes }.grow(cases.sampled(round));
            for (row, score) in scores.iter_mut().enumerate() {
                *score += cases.leaf_value(&tree, row);
            }
            if tree.len() == 1 {
                break;
            }
            trees.push(tree);
        }
        Self { trees }
    }

    /// The score of a row; higher is likelier right.
    pub(crate) fn score(&self, row: &[f32]) -> f32 {
        let mut score = 0.0;
        for tree in &self.trees {
            let mut node = &tree[0];
            while node.feature != LEAF {
                let next = if row[node.feature as usize] <= node.cut { node.left } else { node.right };
                node = &tree[next as usize];
            }
            score += node.cut;
        }
        score
    }
}

/// Sums of slopes and curvatures by feature and bin.
type Histogram = Vec<[f32; 2]>;

/// A leaf that may still be split.
struct Open {
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    total: [f32; 2],
    best: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f32,
    feature: usize,
    bin: usize,
}

struct Grower<'a> {
    cases: &'a Cases,
    growth: &'a Growth,
    slopes: &'a [[f32; 2]],
}

impl Grower<'_> {
    /// Grows one tree from these rows.
    fn grow(&self, rows: Vec<u32>) -> Vec<Node> {
        let leaf = |cut| Node { feature: LEAF, bin: 0, left: 0, right: 0, cut };
        let histogram = self.histogram(&rows);
        let mut nodes = vec![leaf(0.0)];
        let mut open = vec![self.open(0, rows, histogram)];
        while open.len() < self.growth.leaves {
            let gain = |one: &Open| one.best.map_or(0.0, |best| best.gain);
            let widest = (0..open.len()).max_by(|a, b| gain(&open[*a]).total_cmp(&gain(&open[*b])));
            let Some(place) = widest.filter(|place| open[*place].best.is_some()) else { break };
            let parent = open.swap_remove(place);
            let Some(split) = parent.best else { break };
            let (left, right) = self.part(&parent.rows, split);
            let children = (nodes.len(), nodes.len() + 1);
            nodes.extend([leaf(0.0), leaf(0.0)]);
            nodes[parent.node] = Node {
                feature: split.feature as u16,
                bin: split.bin as u8,
                left: children.0 as u16,
                right: children.1 as u16,
                cut: self.cases.edges[split.feature][split.bin],
            };
            // Only the smaller child is summed; the other is what remains of the parent.
            let small_is_left = left.len() < right.len();
            let small = self.histogram(if small_is_left { &left } else { &right });
            let rest: Histogram = parent
                .histogram
                .iter()
                .zip(&small)
                .map(|(all, part)| [all[0] - part[0], all[1] - part[1]])
                .collect();
            let (of_left, of_right) = if small_is_left { (small, rest) } else { (rest, small) };
            open.push(self.open(children.0, left, of_left));
            open.push(self.open(children.1, right, of_right));
        }
        for one in open {
            nodes[one.node].cut = -self.growth.rate * one.total[0] / (one.total[1] + self.growth.ridge);
        }
        nodes
    }

    fn open(&self, node: usize, rows: Vec<u32>, histogram: Histogram) -> Open {
        let total = histogram[..BINS].iter().fold([0.0, 0.0], |sum, bin| [sum[0] + bin[0], sum[1] + bin[1]]);
        let best = self.best_split(&histogram, total);
        Open { node, rows, histogram, total, best }
    }

    fn histogram(&self, rows: &[u32]) -> Histogram {
        let width = self.cases.width;
        let mut sums = vec![[0.0_f32; 2]; width * BINS];
        for row in rows {
            let [slope, curve] = self.slopes[*row as usize];
            let start = *row as usize * width;
            for (bins, bin) in sums.chunks_exact_mut(BINS).zip(&self.cases.bins[start..start + width]) {
                let sum = &mut bins[*bin as usize % BINS];
                sum[0] += slope;
                sum[1] += curve;
            }
        }
        sums
    }

    fn best_split(&self, histogram: &Histogram, total: [f32; 2]) -> Option<Split> {
        let worth = |slope: f32, curve: f32| slope * slope / (curve + self.growth.ridge);
        let whole = worth(total[0], total[1]);
        let mut best: Option<Split> = None;
        for (feature, bins) in histogram.chunks_exact(BINS).enumerate() {
            let mut left = [0.0_f32; 2];
            for (bin, sum) in bins.iter().enumerate().take(self.cases.edges[feature].len()) {
                left = [left[0] + sum[0], left[1] + sum[1]];
                let right = [total[0] - left[0], total[1] - left[1]];
                if left[1] < self.growth.leaf_weight || right[1] < self.growth.leaf_weight {
                    continue;
                }
                let gain = worth(left[0], left[1]) + worth(right[0], right[1]) - whole;
                if gain > best.map_or(1e-3, |best| best.gain) {
                    best = Some(Split { gain, feature, bin });
                }
            }
        }
        best
    }

    fn part(&self, rows: &[u32], split: Split) -> (Vec<u32>, Vec<u32>) {
        rows.iter().partition(|row| {
            usize::from(self.cases.bins[**row as usize * self.cases.width + split.feature]) <= split.bin
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_a_rule_no_single_feature_tells() {
        // Right is the one of four rows whose two features have the same sign.
        let mut dice = 7_u64;
        let mut next = || {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            0.05 + (dice >> 40) as f32 / (1_u64 << 24) as f32
        };
        let groups: Vec<(Vec<f32>, usize)> = (0..600)
            .map(|number| {
                let right = number % 4;
                let row = |place: usize| {
                    let sign = if number % 8 < 4 { 1.0 } else { -1.0 };
                    let same = if place == right { sign } else { -sign };
                    [sign, same]
                };
                let rows = (0..4).flat_map(|place| row(place).map(|sign| sign * next())).collect();
                (rows, right)
            })
            .collect();
        let sample: Vec<f32> = groups.iter().flat_map(|group| group.0.clone()).collect();
        let mut cases = Cases::new(2, &sample);
        groups[..400].iter().for_each(|(rows, right)| cases.add(rows, &[*right]));
        let growth = Growth { trees: 40, leaves: 8, rate: 0.3, leaf_weight: 1.0, ridge: 1.0 };
        let trees = Trees::fit(&cases, &growth);
        let best = |rows: &[f32]| {
            let scores: Vec<f32> = rows.chunks_exact(2).map(|row| trees.score(row)).collect();
            (0..4).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
        };
        let hits = groups[400..].iter().filter(|(rows, right)| best(rows) == Some(*right)).count();
        assert!(hits > 190, "{hits} of 200");
    }
}
