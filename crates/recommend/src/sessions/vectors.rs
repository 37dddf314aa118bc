//! A short vector for each item, near for items that are seen in like company, even if never together.
//!
//! Factors of the positive pointwise mutual information of pairs (Levy and Goldberg, NIPS 2014), found by
//! subspace iteration from fixed starting vectors (Halko et al., SIAM Review 2011).

use crate::id_map::ItemId;
use crate::sessions::tables::Table;

/// Numbers per vector.
const WIDTH: usize = 64;
/// Rounds of subspace iteration.
const ROUNDS: usize = 5;
/// Power of the item's frequency in the chance of a pair; below 1 it holds rare items down.
const FREQUENCY_POWER: f32 = 0.75;

type Row = [f32; WIDTH];
type Square = [[f64; WIDTH]; WIDTH];

/// Vectors of length one, or of zeros for an item never seen in company, in steps of 1 / 32,767.
#[derive(Clone, Debug)]
pub(crate) struct Vectors(Vec<[i16; WIDTH]>);

const STEPS: f32 = i16::MAX as f32;

impl Vectors {
    /// Learns from how often each item stands near others.
    pub(crate) fn learn(near: &Table, items: usize) -> Self {
        let cells = mutual_information(near, items);
        let mut basis: Vec<Row> = (0..items).map(start).collect();
        for _ in 0..ROUNDS {
            basis = orthogonal(multiply(&cells, &basis));
        }
        let image = multiply(&cells, &basis);
        let (values, turn) = eigen(gram(&basis, &image));
        let rows = basis.iter().map(|row| turned(row, &turn, &values)).map(|row| {
            let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
            let scale = if length > 1e-12 { STEPS / length } else { 0.0 };
            row.map(|x| (x * scale).round() as i16)
        });
        Self(rows.collect())
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.0.capacity() * size_of::<[i16; WIDTH]>()
    }

    /// Where a session stands: its items, each weighing `decay` of the next later one.
    pub(crate) fn of_session(&self, present: &[ItemId], decay: f32) -> Point {
        let mut sum = [0.0; WIDTH];
        for (age, item) in present.iter().enumerate() {
            let weight = decay.powi(age as i32);
            let Some(row) = self.0.get(*item as usize) else { continue };
            sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * f32::from(*x));
        }
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-12);
        Point(sum.map(|x| x / length))
    }

    /// Cosine of a session and an item; 0 for an item that came later than the vectors.
    pub(crate) fn nearness(&self, point: &Point, item: ItemId) -> f32 {
        let Some(row) = self.0.get(item as usize) else { return 0.0 };
        point.0.iter().zip(row).map(|(a, b)| a * f32::from(*b)).sum::<f32>() / STEPS
    }
}

/// A place among the items.
pub(crate) struct Point(Row);

/// Pairs with their positive mutual information.
fn mutual_information(near: &Table, items: usize) -> Vec<(ItemId, ItemId, f32)> {
    let mut sums = vec![0.0_f32; items];
    for item in 0..items as ItemId {
        for (other, count) in near.row(item) {
            sums[item as usize] += count;
            sums[other as usize] += count;
        }
    }
    let total: f32 = sums.iter().map(|sum| sum.powf(FREQUENCY_POWER)).sum();
    let mut cells = Vec::new();
    for item in 0..items as ItemId {
        for (other, count) in near.row(item) {
            let chance = sums[item as usize] * sums[other as usize].powf(FREQUENCY_POWER) / total;
            let information = (count / chance).ln();
            if information > 0.0 {
                cells.push((item, other, information));
            }
        }
    }
    cells
}

/// A fixed start: signs from a hash of item and column.
fn start(item: usize) -> Row {
    std::array::from_fn(|column| {
        let mixed = ((item * WIDTH + column) as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        if mixed >> 63 == 0 { 1.0 } else { -1.0 }
    })
}

/// The symmetric matrix of the cells times a thin one.
fn multiply(cells: &[(ItemId, ItemId, f32)], thin: &[Row]) -> Vec<Row> {
    let mut product = vec![[0.0; WIDTH]; thin.len()];
    for (one, other, value) in cells {
        for (to, from) in [(*one, *other), (*other, *one)] {
            let source = &thin[from as usize];
            product[to as usize].iter_mut().zip(source).for_each(|(sum, x)| *sum += value * x);
        }
    }
    product
}

/// Inner products of the columns of two thin matrices.
fn gram(left: &[Row], right: &[Row]) -> Square {
    let mut sums = [[0.0; WIDTH]; WIDTH];
    for (a, b) in left.iter().zip(right) {
        for (row, x) in sums.iter_mut().zip(a) {
            row.iter_mut().zip(b).for_each(|(sum, y)| *sum += f64::from(x * y));
        }
    }
    sums
}

/// Columns made orthonormal, by Cholesky's factor of their inner products.
fn orthogonal(thin: Vec<Row>) -> Vec<Row> {
    let mut factor = gram(&thin, &thin);
    let jitter = 1e-9 * (0..WIDTH).map(|i| factor[i][i]).sum::<f64>() + 1e-30;
    for i in 0..WIDTH {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            if i == j {
                factor[i][i] = (factor[i][i] + jitter - dot).max(jitter).sqrt();
            } else {
                factor[i][j] = (factor[i][j] - dot) / factor[j][j];
            }
        }
    }
    let solved = thin.into_iter().map(|row| {
        let mut out = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            let dot: f64 = (0..i).map(|k| factor[i][k] * out[k]).sum();
            out[i] = (f64::from(row[i]) - dot) / factor[i][i];
        }
        out.map(|x| x as f32)
    });
    solved.collect()
}

/// Eigenvalues and eigenvectors (in columns) of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut matrix: Square) -> ([f64; WIDTH], Square) {
    let mut vectors: Square = std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    for _ in 0..12 {
        for p in 0..WIDTH {
            for q in p + 1..WIDTH {
                let off = (matrix[p][q] + matrix[q][p]) / 2.0;
                if off.abs() < 1e-12 {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for row in matrix.iter_mut().chain(vectors.iter_mut()) {
                    (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
                let (upper, lower) = (matrix[p], matrix[q]);
                matrix[p] = std::array::from_fn(|k| cosine * upper[k] - sine * lower[k]);
                matrix[q] = std::array::from_fn(|k| sine * upper[k] + cosine * lower[k]);
            }
        }
    }
    (std::array::from_fn(|i| matrix[i][i]), vectors)
}

/// A row in the eigenvectors' directions, each weighed by the root of its value.
fn turned(row: &Row, turn: &Square, values: &[f64; WIDTH]) -> Row {
    std::array::from_fn(|column| {
        let dot: f64 = row.iter().zip(turn).map(|(x, line)| f64::from(*x) * line[column]).sum();
        (dot * values[column].abs().sqrt()) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_like_company_are_near_though_never_together() {
        // Two circles of ten; within a circle each item stands with its two next ones.
        let near = Table::build(20, |item, sums| {
            let circle = item / 10 * 10;
            for step in [1, 2, 8, 9] {
                sums.add(circle + (item + step) % 10, 1.0);
            }
        });
        let vectors = Vectors::learn(&near, 20);
        let point = vectors.of_session(&[0], 0.5);
        let within = (1..10).map(|item| vectors.nearness(&point, item)).fold(f32::MIN, f32::max);
        let across = (10..20).map(|item| vectors.nearness(&point, item).abs()).fold(0.0, f32::max);
        assert!((vectors.nearness(&point, 0) - 1.0).abs() < 1e-3);
        assert!(across < 0.05, "{across}");
        assert!(within > 0.3, "{within}");
    }

    #[test]
    fn rotations_find_the_eigenvalues_of_a_known_matrix() {
        let mut matrix: Square = [[0.0; WIDTH]; WIDTH];
        (0..WIDTH).for_each(|i| matrix[i][i] = i as f64);
        (matrix[0][1], matrix[1][0]) = (2.0, 2.0);
        let (mut values, _) = eigen(matrix);
        values.sort_by(f64::total_cmp);
        let root = (0.25_f64 + 4.0).sqrt();
        assert!((values[0] - (0.5 - root)).abs() < 1e-9);
        assert!(values.iter().any(|value| (value - (0.5 + root)).abs() < 1e-9));
    }
}
