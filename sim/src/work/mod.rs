//! What passes between the floors: a request, what is decided about it, the work in it, and the finished records.

pub(crate) mod columns;
mod completion;
pub(crate) mod digest;
mod epoch;
mod job;
mod plan;
mod request;

pub use completion::Accepted;
pub use completion::Completion;
pub use completion::Image;
pub use completion::ImageWork;
pub use completion::Output;
pub use completion::Work;
pub use digest::Digest;
pub use epoch::EpochRecord;
pub use job::Before;
pub use job::FailureReason;
pub use job::Flags;
pub use job::JobRecord;
pub use job::ObservedJob;
pub use job::Status;
pub use job::TrueJob;
pub use plan::AckPlan;
pub use plan::AnswerPlan;
pub use plan::Plan;
pub use plan::Reply;
pub use plan::Source;
pub use plan::WorkPlan;
pub use request::Request;
pub use request::RequestWords;
