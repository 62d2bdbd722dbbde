//! Validators: each with its own next step; rows that are equal are made once.

mod clock;
mod neurons;

pub(crate) use clock::Clock;
pub(crate) use neurons::Metagraph;

use crate::base::units::SimTime;
use crate::model::rules::ValidatorRules;
use crate::model::strategy::Faithful;
use crate::model::strategy::SentRow;
use crate::model::strategy::Strategy;
use crate::model::strategy::ValidatorSight;
use crate::model::weighting::Board;
use crate::model::weighting::Weighting;
use crate::model::weighting::WeightingSpec;
use crate::subnet::orchestrator::scores::Shown;
use std::sync::Arc;

/// All validators, and what they read.
#[derive(Debug)]
pub(crate) struct Validators {
    each: Vec<Validator>,
    clock: Clock,
    weighting: Box<dyn Weighting>,
    weighting_spec: WeightingSpec,
    strategies: Vec<SharedStrategy>,
    neurons: Metagraph,
    next_step: SimTime,
}

/// One validator: its stake, its strategy and its clock.
#[derive(Clone, Copy, Debug)]
struct Validator {
    /// When it acts next.
    step: SimTime,
    /// Place of its strategy.
    strategy: usize,
}

/// A strategy that some validators share, and the last row it made.
#[derive(Debug)]
struct SharedStrategy {
    strategy: Box<dyn Strategy>,
    made: Option<Made>,
}

/// A row, and what it was made from.
#[derive(Debug)]
struct Made {
    row: Arc<SentRow>,
    burn_rate: f64,
    version: u64,
}

impl Validators {
    /// Faithful validators that look so much later than a window's opening, reading `neurons`.
    pub(crate) fn new(
        rules: &ValidatorRules,
        offsets: impl Iterator<Item = SimTime>,
        neurons: Metagraph,
    ) -> Self {
        let clock = Clock::new(rules.acting);
        let each: Vec<_> = offsets
            .map(|offset| Validator { step: clock.first_step(offset), strategy: 0 })
            .collect();
        let faithful = SharedStrategy { strategy: Box::new(Faithful), made: None };
        let mut validators = Self {
            each,
            clock,
            weighting: rules.weighting.build(),
            weighting_spec: rules.weighting.clone(),
            strategies: vec![faithful],
            neurons,
            next_step: SimTime::NEVER,
        };
        validators.find_next();
        validators
    }

    /// Another stretch of the schedule begins. Steps keep their times; what was made is made again.
    pub(crate) fn change(&mut self, rules: &ValidatorRules) {
        if self.weighting_spec != rules.weighting {
            self.weighting = rules.weighting.build();
            self.weighting_spec = rules.weighting.clone();
        }
        self.clock = Clock::new(rules.acting);
        for group in &mut self.strategies {
            group.made = None;
        }
    }

    /// When the next validator acts.
    #[inline]
    pub(crate) fn next_step(&self) -> SimTime {
        self.next_step
    }

    /// Every validator whose time it is makes its row for `block`. `shown` is what validators are answered in its `version`;
    /// it is asked only where a row has to be made. `send` takes each validator's place and row.
    pub(crate) fn act(
        &mut self,
        (now, block): (SimTime, u64),
        (version, shown): (u64, impl Fn() -> Shown),
        mut send: impl FnMut(usize, &Arc<SentRow>),
    ) {
        let burn_rate = self.weighting.burn_rate(block);
        let next = self.clock.next_step(now);
        for place in 0..self.each.len() {
            let Validator { step, strategy } = self.each[place];
            if step != now {
                continue;
            }
            let is_fresh = |made: &Made| {
                made.version == version && made.burn_rate.total_cmp(&burn_rate).is_eq()
            };
            if !self.strategies[strategy].made.as_ref().is_some_and(is_fresh) {
                self.neurons.show(&shown());
                let seen = ValidatorSight {
                    board: self.neurons.board(block),
                    weighting: self.weighting.as_ref(),
                };
                let row = Arc::new(self.strategies[strategy].strategy.row(&seen));
                self.strategies[strategy].made = Some(Made { row, burn_rate, version });
            }
            let made = self.strategies[strategy].made.as_ref().expect("it was just made");
            send(place, &made.row);
            self.each[place].step = next;
        }
        self.find_next();
    }

    /// The last row made, of the strategy that most validators go by; none before the first.
    pub(crate) fn last_row(&self) -> Option<&SentRow> {
        self.strategies.first()?.made.as_ref().map(|made| made.row.as_ref())
    }

    /// What was seen at the last weighing.
    pub(crate) fn neurons(&self) -> &Metagraph {
        &self.neurons
    }

    /// What a validator would read at a block, with what was seen at the last weighing.
    pub(crate) fn board(&self, block: u64) -> Board<'_> {
        self.neurons.board(block)
    }

    /// The rule by which scores become weights.
    pub(crate) fn weighting(&self) -> &dyn Weighting {
        self.weighting.as_ref()
    }

    fn find_next(&mut self) {
        self.next_step = self.each.iter().map(|v| v.step).min().unwrap_or(SimTime::NEVER);
    }
}
