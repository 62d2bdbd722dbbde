//! Levels of stake under a cap: a Poisson mixture on the routing counts, whose top level is the plateau of the cap.

use crate::base::math;
use crate::trace::choice::LikeliestWeights;
use statrs::distribution::ChiSquared;
use statrs::distribution::ContinuousCDF;
use statrs::function::gamma::ln_gamma;

/// Fewest choices of a miner that says something of its level. Source: ours, se below one half.
const CHOICES_MIN: f64 = 5.0;
/// Most levels tried. Source: trace-findings.md section 2.3.
const LEVELS_MAX: usize = 6;
/// Rounds of expectation and maximisation. Source: ours.
const ROUNDS: usize = 2000;
/// The mixture is found when its likelihood grows by less than this. Source: ours.
const TOLERANCE: f64 = 1e-10;

/// Miners by level of weight.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plateau {
    /// Level of each miner from 0, the lowest; none where it has too few choices.
    pub(crate) levels: Vec<Option<usize>>,
    /// Weight of each level, ascending.
    pub(crate) weights: Vec<f64>,
    /// BIC of mixtures of 1, 2, ... levels.
    pub(crate) bic: Vec<f64>,
    /// Miners on the top level.
    pub(crate) members: usize,
    /// Chi-square over degrees of freedom inside it; none of fewer than two members.
    pub(crate) chi2_per_df: Option<f64>,
    /// Chance of a chi-square at least this large when all of them have one weight.
    pub(crate) chi2_p: Option<f64>,
}

impl Plateau {
    /// The mixture of `levels` levels; none: the number of the least BIC.
    pub(crate) fn of(found: &LikeliestWeights, levels: Option<usize>) -> Self {
        let miners: Vec<_> = (0..found.counts.len())
            .filter(|miner| found.counts[*miner] >= CHOICES_MIN)
            .map(|miner| (miner, found.counts[miner], found.exposures[miner]))
            .collect();
        if miners.is_empty() {
            return Self { levels: vec![None; found.counts.len()], ..Self::default() };
        }
        let pairs: Vec<_> = miners.iter().map(|(_, count, exposure)| (*count, *exposure)).collect();
        let range = levels.map_or(1..=LEVELS_MAX.min(pairs.len()), |one| one..=one);
        let tried: Vec<_> = range.map(|count| PoissonMixture::of(&pairs, count)).collect();
        let best = tried.iter().min_by(|a, b| a.bic.total_cmp(&b.bic)).expect("one was tried");
        let mut by_miner = vec![None; found.counts.len()];
        for ((miner, ..), pair) in miners.iter().zip(&pairs) {
            by_miner[*miner] = Some(best.level(*pair));
        }
        let top = best.weights.len() - 1;
        let members: Vec<_> = pairs.iter().filter(|pair| best.level(**pair) == top).collect();
        let rate = members.iter().map(|pair| pair.0).sum::<f64>()
            / members.iter().map(|pair| pair.1).sum::<f64>();
        let part = |(count, exposure): &&(f64, f64)| {
            let expected = rate * exposure;
            (count - expected) * (count - expected) / expected
        };
        let (chi2, freedom) = (members.iter().map(part).sum::<f64>(), members.len().max(1) - 1);
        let freedom = (freedom > 0).then(|| math::float_len(freedom));
        let law = freedom.and_then(|freedom| ChiSquared::new(freedom).ok());
        let mut weights = best.weights.clone();
        if let Some(plateau) = weights.last_mut().filter(|_| rate.is_finite()) {
            *plateau = rate;
        }
        Self {
            levels: by_miner,
            weights,
            bic: tried.iter().map(|mixture| mixture.bic).collect(),
            members: members.len(),
            chi2_per_df: freedom.map(|freedom| chi2 / freedom),
            chi2_p: law.map(|law| law.sf(chi2)),
        }
    }
}

/// A mixture of Poisson laws whose means are a level's weight times the miner's exposure.
struct PoissonMixture {
    weights: Vec<f64>,
    shares: Vec<f64>,
    bic: f64,
}

impl PoissonMixture {
    fn of(pairs: &[(f64, f64)], levels: usize) -> Self {
        let mut rates: Vec<f64> = pairs.iter().map(|(count, exposure)| count / exposure).collect();
        rates.sort_by(f64::total_cmp);
        let begin = |level: usize| rates[(2 * level + 1) * rates.len() / (2 * levels)];
        let mut mixture = Self {
            weights: (0..levels).map(begin).collect(),
            shares: vec![1.0 / math::float_len(levels); levels],
            bic: f64::INFINITY,
        };
        let mut before = f64::NEG_INFINITY;
        for _ in 0..ROUNDS {
            let likelihood = mixture.improve(pairs);
            let grown = likelihood - before;
            before = likelihood;
            if grown.abs() < TOLERANCE * likelihood.abs() {
                break;
            }
        }
        let free = math::float_len(2 * levels - 1);
        mixture.bic = free * math::ln(math::float_len(pairs.len())) - 2.0 * before;
        mixture
    }

    /// One round; the logarithm of the likelihood before it.
    fn improve(&mut self, pairs: &[(f64, f64)]) -> f64 {
        let levels = self.weights.len();
        let (mut belongs, mut counts, mut exposures) =
            (vec![0.0; levels], vec![0.0; levels], vec![0.0; levels]);
        let mut likelihood = 0.0;
        for pair in pairs {
            let (logs, sum) = self.logs(*pair);
            likelihood += sum;
            for level in 0..levels {
                let part = math::exp(logs[level] - sum);
                belongs[level] += part;
                counts[level] += part * pair.0;
                exposures[level] += part * pair.1;
            }
        }
        for level in 0..levels {
            self.shares[level] = belongs[level] / math::float_len(pairs.len());
            if exposures[level] > 0.0 {
                self.weights[level] = counts[level] / exposures[level];
            }
        }
        let mut order: Vec<usize> = (0..levels).collect();
        order.sort_by(|a, b| self.weights[*a].total_cmp(&self.weights[*b]));
        self.weights = order.iter().map(|level| self.weights[*level]).collect();
        self.shares = order.iter().map(|level| self.shares[*level]).collect();
        likelihood
    }

    /// Logarithms of each level's part in the likelihood of one miner, and of their sum.
    fn logs(&self, (count, exposure): (f64, f64)) -> (Vec<f64>, f64) {
        let one = |(weight, share): (&f64, &f64)| {
            let mean = weight * exposure;
            math::ln(*share) + count * math::ln(mean) - mean - ln_gamma(count + 1.0)
        };
        let logs: Vec<f64> = self.weights.iter().zip(&self.shares).map(one).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum = logs.iter().map(|log| math::exp(log - largest)).sum::<f64>();
        (logs, largest + math::ln(sum))
    }

    fn level(&self, pair: (f64, f64)) -> usize {
        let (logs, _) = self.logs(pair);
        let best = logs.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        best.map_or(0, |(level, _)| level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine miners at 100 and three at 30, exposures of 1: two levels, the top one has nine members.
    #[test]
    fn two_levels_are_told_apart() {
        let counts: Vec<f64> =
            [100, 95, 105, 110, 90, 102, 98, 97, 103, 30, 28, 33].map(f64::from).to_vec();
        let found = LikeliestWeights {
            weights: counts.clone(),
            exposures: vec![1.0; 12],
            counts,
            log_likelihood: 0.0,
        };
        let plateau = Plateau::of(&found, None);
        assert_eq!((plateau.members, plateau.weights.len()), (9, 2));
        assert_eq!(plateau.levels[11], Some(0));
        assert!((plateau.weights[1] - 100.0).abs() < 1e-9);
        // Squares 25 25 100 100 4 4 9 9 over 100, on 8 degrees of freedom.
        assert!((plateau.chi2_per_df.unwrap() - 2.76 / 8.0).abs() < 1e-9);
    }

    #[test]
    fn too_few_choices_have_no_level() {
        let found = LikeliestWeights {
            weights: vec![1.0],
            exposures: vec![1.0],
            counts: vec![2.0],
            log_likelihood: 0.0,
        };
        assert_eq!(Plateau::of(&found, None).levels, [None]);
    }
}
