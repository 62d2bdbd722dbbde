//! Names of things as small numbers: a place in the resolved scenario.

use serde::Deserialize;
use serde::Serialize;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub struct $name(pub $inner);

        impl $name {
            /// The place as an index into a vector.
            pub fn index(self) -> usize {
                usize::try_from(self.0).expect("an id counts things held in memory")
            }

            /// The id of the thing at `index`.
            ///
            /// # Panics
            /// When there are more things than the id can count; a scenario's limits forbid that.
            pub fn of(index: usize) -> Self {
                Self(<$inner>::try_from(index).expect("a scenario's limits keep counts small"))
            }
        }
    };
}

id! {
    /// A miner: its place among the scenario's miners.
    MinerId(u16)
}
id! {
    /// A client: its place among the scenario's clients.
    ClientId(u16)
}
id! {
    /// A class of miners: its place in the sorted list of class names.
    ClassId(u16)
}
id! {
    /// An operator, who runs one or more miners: its place in the sorted list of operator names.
    OperatorId(u16)
}
id! {
    /// A kind of job: its place in the scenario's workload.
    KindId(u8)
}
id! {
    /// A neuron of the subnet, `0..256`.
    Uid(u16)
}
