//! # Assay: who gets paid, for what, and is it fair?
//!
//! A deterministic discrete-event simulator of a decentralized AI-inference subnet (Bittensor subnet 11).
//!
//! ```text
//! client ──job──► orchestrator ──routes (stake, score)──► miner ──callback──► orchestrator ──scores──► validators
//!                                                                                                        │ weights
//! miner stake ◄── emission, every 360 blocks of 12 s ◄── Yuma Consensus (chain, fixed point) ◄───────────┘
//! ```
//!
//! A run is a function of (scenario, seed, version), to the bit.
//!
//! ## A tour of five minutes
//!
//! Everything begins with a scenario: a TOML file that names clients, miners, validators and the rules in force; what it
//! leaves out has a default with a source. [`simulation`] has one type a verb.
//!
//! 1. [`Simulation`](simulation::Simulation) reads a scenario, refuses it with all its problems at once, and changes keys of it.
//! 2. [`Outcome`](simulation::Outcome) is what its replications gave: tables of miners and epochs, the metrics of
//!    [`metrics`], a digest; `save` writes a results folder.
//! 3. [`Check`](simulation::Check) judges the scenario's properties, claims about a metric, on replications that `run` does not
//!    show; its [`Verdicts`](simulation::Verdicts) say PASS, FAIL or UNDECIDED, and how often that may be wrong.
//! 4. [`Comparison`](simulation::Comparison) and [`Sweep`](simulation::Sweep) set variants side by side on the same seeds.
//! 5. [`Trace`](simulation::Trace) is a recording of the real subnet: [`Replay`](simulation::Replay) puts it through the rules,
//!    [`Fit`](simulation::Fit) makes a scenario of it, [`Validation`](simulation::Validation) holds a scenario against it.
//! 6. [`Claim`](simulation::Claim) reads a results folder, runs again what it claims, and finds whatever differs.
//!
//! ```
//! use assay_sim::simulation::Check;
//! use assay_sim::simulation::Conduct;
//! use assay_sim::simulation::QUESTIONS;
//! use assay_sim::simulation::Simulation;
//!
//! // The first scenario that `assay init --question fairness` writes.
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("fairness.toml");
//! std::fs::write(&file, QUESTIONS[0].scenario())?;
//!
//! // Four short replications: how unequal is pay?
//! let world = Simulation::load(&file)?.set("router.v001.cap_alpha", 1000.0)?.epochs(2).replications(4);
//! let outcome = world.run()?;
//! println!("{}: Gini of pay {:.2}", outcome.question(), outcome.metric("gini_pay_by_miner")?.mean);
//!
//! // What the scenario claims, judged on further replications.
//! let verdicts = Check::of(&world)?.run(&Conduct::default())?;
//! for judged in verdicts.all() {
//!     println!("{} {}: {}", judged.status.name(), judged.id, judged.reason);
//! }
//! assert!(verdicts.all().iter().any(|judged| judged.id == "pay-follows-work"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a run is made of stands in the words: a [`Request`](work::Request) of a client goes to a miner, whose
//! [`Operator`](model::operator::Operator) decides by a [`Plan`](work::Plan) and whose [`Backend`](miner::Backend) works and
//! gives a [`Completion`](work::Completion); a [`JobRecord`](work::JobRecord) keeps what became of it, an
//! [`EpochRecord`](work::EpochRecord) what the [`chain`] paid. An [`Observer`](simulation::Observer) sees both as they happen.
//!
//! ## Floors
//!
//! From the lowest to the highest; a module imports only from floors below its own. The list stands here alone:
//! `tests/all/tidy.rs` reads it.
//!
//! | floor | what it is |
//! |---|---|
//! | `base` | units, ids, random words, the door to libm, samplers, registration of families |
//! | `work` | what passes between the floors: a request, a plan, a completion, a job's record, an epoch's; their digest |
//! | `model` | rules without a clock, a folder a family; what a version of the subnet's code means |
//! | `statistics` | estimates, intervals, tests |
//! | `metrics` | what is read off a finished run |
//! | `miner` | the seam: a backend works, drawn or recorded |
//! | `property` | claims, their verdicts, invariants |
//! | `scenario` | the scenario as it is simulated: every miner, validator and client, every rule in force |
//! | `subnet` | services that hold state and are told the time |
//! | `observe` | eyes on a run: digest, windows, course, invariants |
//! | `engine` | time only: events in their order, and the world they change |
//! | `config` | from a scenario file to a resolved scenario, all problems at once |
//! | `study` | many replications; the only place with threads |
//! | `trace` | recorded jobs: import, replay, fit, validation |
//! | `report` | tables, plots, pages, results folders |
//! | `simulation` | the public face, one type a verb: all below answers through it |
//! | `cli` | the commands, one file a verb |
//!
//! Below them all stands the package `assay-chain`: integers only, useful alone.
//!
//! ## Glossary
//!
//! One word a thing, in code, tables and book; a type's last word stands here. A test holds the list complete.
//!
//! | word | means |
//! |---|---|
//! | accepted | a backend's answer to work offered: refused, or taken with an acknowledgement |
//! | account | how one miner came to its pay, step by step, beside the median of its class |
//! | accumulator | sums up a replication while it runs, in a fixed amount of memory |
//! | acknowledgement | a miner's HTTP answer to a request, before the work is done; short: ack |
//! | action | what an operator does after an epoch: change a behaviour, move stake, leave |
//! | alarm | raised where a backend cannot go on, so that the run ends with a fault |
//! | alpha | the subnet's token; 1e9 rao |
//! | answer | what a rule or a miner gives back |
//! | backend | what does a miner's work: drawn from a distribution, recorded, or real |
//! | before | the status of a job before a later callback overwrites it |
//! | bound | one end of an interval, with the chance that it is ever wrong |
//! | buffer | memory of a device, named by an id in the list of its commands |
//! | cell | one variant of a sweep; in a table, what stands in a row and a column |
//! | change | a key of the scenario that has another value than its file says |
//! | check | the properties of a scenario, to be judged; or something compared and found the same or not |
//! | claim | a sentence that can be true or false of a system: of a property, or of a results folder |
//! | cohort | miners that share settings |
//! | column | what stands under one heading of a table, with unit and meaning |
//! | command | a call of the command line, which makes a results folder again; of a device, one dispatch of a kernel |
//! | comparison | two scenarios on the same seeds: who gains and who loses |
//! | completion | what came of a piece of work, and how long it took |
//! | conduct | how work is done and watched: threads, stopping, progress; no result depends on it |
//! | declaration | what a metric says of its numbers: label, unit, range |
//! | detector | finds the instant at which a law changed |
//! | diagnostic | what is wrong with a scenario: file, line, key, value, range allowed |
//! | difference | one quantity less another: second less first; or the first place where two texts part |
//! | digest | the fingerprint of a run: equal digests mean the same jobs and the same pay |
//! | distribution | a law of durations: the same instant and word give the same duration |
//! | draw | a number made from random words |
//! | emission | what the chain mints for a subnet |
//! | entry | one of a list, with its name and what it is |
//! | epoch | one run of Yuma Consensus, every tempo blocks |
//! | error | why there is no result: the input, the machine, or a verdict that is not as expected |
//! | event | something that happens at an instant; the queue has them in their order |
//! | experiment | a run of real work, simulated beside it |
//! | fact | what is known of a miner or a run when it has ended |
//! | fair | where the values of a metric lie when pay is fair: low, high, or at 0 |
//! | family | interchangeable rules of one kind: a file and a line a member |
//! | fault | why a backend cannot go on |
//! | fit | from a recorded trace to the scenario that makes it likeliest |
//! | flag | what the orchestrator knows of a miner beside its score: valid, audits failed |
//! | formula | how a figure is worked out from others |
//! | generation | one image as it was made: pixels, hashes of the steps, time |
//! | group | miners that a metric is taken over together: all, a class, an operator |
//! | grouping | by what miners are grouped: not at all, by class, by operator |
//! | image | what a miner delivers, by content id and size |
//! | interval | two ends between which a mean lies with a stated chance |
//! | job | a request and what became of it: observed by the mechanism, and true |
//! | judgement | a claim with the verdict on it and all that a reader needs beside it |
//! | key | a name in a scenario file, with the tables above it |
//! | kind | of job: what is asked for; of claim, device or failure: which sort |
//! | latency | time from creation or dispatch to callback |
//! | law | how numbers are distributed; of a power, how one grows with another |
//! | ledger | of the subnet: the chain and what is on its way to it; of evidence: betting capital carried over nights |
//! | line | one line of a table or text, with what it says |
//! | link | one step of an account |
//! | margin | how far from the threshold a verdict need not tell true from false |
//! | measurement | the value of a metric, or the reason why it has none |
//! | method | which confidence sequence bounds a mean |
//! | metric | one number from the summary of a finished replication, over chosen miners |
//! | miner | answers requests for pay: an operator that decides and a backend that works |
//! | moment | mean and variance of numbers taken in one at a time |
//! | name | what a miner, class or operator is called |
//! | observer | sees a run as it happens |
//! | operator | decides for a miner, job by job |
//! | outcome | what a run gave: tables, metrics, digest |
//! | output | how a piece of work ended; of a command, a file that it writes |
//! | pair | the same replication of two scenarios |
//! | paragraph | some sentences of a scenario in words, under one heading |
//! | parameter | a number of a fitted law, with its error |
//! | part | a piece of a whole, as a mixture's or a trace's |
//! | pattern | which signs of paired differences are flipped |
//! | payload | what a request asks of a router's miner: kind and size |
//! | place | where something was written: file and line |
//! | plan | all that an operator decides about one job; elsewhere what is to be done, in order |
//! | property | a claim of a scenario that `check` judges |
//! | published | score and counts of a miner as the orchestrator shows them |
//! | question | what a scenario asks, in its first line |
//! | rao | 1e-9 of a token, the unit of all money |
//! | reason | why a job failed, or a metric has no value |
//! | record | what is kept of a job, an epoch, or a miner between score runs |
//! | recording | the answers of real backends, from which a run can be made again: a writer, a reader, a backend that replays |
//! | replay | a recorded trace through scoring, validators and chain, without an engine or a draw |
//! | replication | one run of a scenario from one seed |
//! | reply | what a miner sends: an image, nothing, or an error text |
//! | report | plots and one page of a results folder |
//! | request | what a client asks for; of a backend, who is to be served by it |
//! | resample | values drawn again from those that were seen |
//! | roster | who sits on which uid, since when, with how much stake |
//! | router | chooses the miner of a request |
//! | row | a line of a table; of a validator, the weights it sends |
//! | run | replications of a scenario, made at once or before an observer |
//! | scenario | what is simulated, every miner and rule by itself; a scenario file is how it is written |
//! | scope | the jobs that a statistic is over: of the whole trace, or of its last part |
//! | score | what the orchestrator publishes of a miner, made from its finished jobs |
//! | seal | the hashes in a manifest that tell whether a folder was changed |
//! | seat | a place on the subnet that a miner holds and can lose |
//! | sequence | bounds on a mean that hold at every number of replications at once |
//! | server | a miner's worker slots and its queue |
//! | setting | a value that a rule is run with |
//! | sight | what an operator can know when it decides about a job |
//! | simulation | a scenario, read and ready to be run |
//! | source | where what a miner sends comes from: computed, or not |
//! | span | a length of simulated time \[ns\] |
//! | statement | what an operator can know when an epoch has been paid |
//! | statistic | a number read off a trace, real or simulated alike |
//! | status | where a job stands: pending, success, failed; of a verdict: PASS, FAIL, UNDECIDED |
//! | strategy | a validator's way from what it sees to the row it sends |
//! | stretch | the time between two changes of a scenario's schedule |
//! | summary | of a run: all that metrics read; of values: mean, quantiles, interval |
//! | survival | the chance that a request is still open after a time |
//! | sweep | the cells of a grid of keys, each run and judged |
//! | table | rows under headings that carry their units |
//! | target | where results go; of fairness, what pay share is held against |
//! | tempo | blocks between epochs, 360 |
//! | time | an instant of the simulation \[ns\]; a series over time is a row a number of epochs |
//! | topic | a list of things of one kind, as `assay list` shows it |
//! | total | a sum over the window of a metric |
//! | trace | recorded jobs of the real subnet, or of a run |
//! | uid | index of a neuron on the subnet, `0..256` |
//! | uncertain | run with parameters drawn from the errors of their estimates |
//! | uncertainty | what of a metric's variance is chance, and what the errors of estimates |
//! | unfinished | requests that are still open, with their ages |
//! | validation | a scenario held against a recorded trace: rejected, or not |
//! | validator | reads scores and sends weights to the chain |
//! | value | the number of a metric; it has one, or a reason why not |
//! | verdict | what was decided of a claim, and how often that may be wrong |
//! | verification | a results folder held against a new run of what it claims |
//! | version | a commit of the orchestrator or the validator, and the rules that it brought |
//! | view | what a router may look at |
//! | wanted | what evidence is to show: a mean above a line, at a level |
//! | weight | a validator's vote for a uid, stored as u16 |
//! | word | 64 random bits, from which a law makes its variate |
//! | work | what a backend is given to do: an image, with its steps |
//! | worker | the image backend that all miners of a run share |
//! | young | with Westfall: the step-down adjustment of p values that are judged together |

#![forbid(unsafe_code)]

pub use assay_chain as chain;

pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
mod config;
mod engine;
pub mod metrics;
pub mod miner;
pub mod model;
mod observe;
mod property;
mod report;
mod scenario;
pub mod simulation;
pub mod statistics;
mod study;
mod subnet;
mod trace;
pub mod work;
